/** Invitations, as who is invited sees them. */

import type { Catalogue } from '../catalogue.ts';

export const mine = {
  decline: 'Decline',
  declined: 'You have declined the invitation to {organization}.',
  empty: 'No open invitations.',
  expires: 'Expires {when}.',
  invited: '{name} invited you as {roles}.',
  invited_by_nobody: 'You are invited as {roles}.',
  title: 'Pending invitation',
} as const satisfies Catalogue;
