/** The page of an invitation. */

import type { Catalogue } from '../catalogue.ts';

export const invitation = {
  accept: 'Accept',
  accept_as: 'Accept as {email}',
  accepted: 'You have joined {organization}.',
  ask: 'Ask {name} for a new one',
  ask_subject: 'A new invitation to {organization}',
  canceled: 'This invitation was canceled.',
  decline: 'Decline',
  declined: 'You have declined the invitation to {organization}.',
  expired: 'This invitation has expired.',
  framed: 'Open this page in a tab of its own to answer.',
  invited: '{name} invited you as {roles}.',
  invited_by_nobody: 'You are invited as {roles}.',
  member: 'You are a member of {organization}.',
  none: 'There is no such invitation. Use the link in the latest mail.',
  open: 'Open {organization}',
  open_until: 'Open until {date}',
  other_account: 'Use another account',
  other_address: 'It was sent to {email}. You are signed in as {account}.',
  replaced: 'A newer link has replaced this one. Use the one in the latest mail.',
  sign_in_first: 'Sign in to accept, or sign up if you have no account yet.',
  title: 'Join {organization}',
  used: 'This invitation has been accepted.',
  void: 'This invitation is no longer valid.',
} as const satisfies Catalogue;
