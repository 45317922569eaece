/** The page of an invitation's link. */

import type { Catalogue } from '../catalogue.ts';

export const invitation = {
  accept_as: 'Accept as {email}',
  accepted: 'This invitation has been accepted.',
  again: 'Open the link in the mail again, or use another account.',
  ask: 'Ask {name} for a new one',
  ask_inviter: 'Ask the person who invited you for a new one.',
  ask_subject: 'A new invitation to {organization}',
  canceled: 'This invitation has been canceled.',
  declined: 'This invitation has been declined.',
  expired: 'This invitation has expired.',
  framed: 'To answer, open the link in a window of its own.',
  member: 'You are a member of {organization}.',
  none: 'There is no such invitation. Use the link in the latest mail.',
  only: 'Only this address can accept it.',
  open: 'Open {organization}',
  other_account: 'Use another account',
  other_address: 'It was sent to {email}. You are signed in as {account}.',
  replaced: 'A newer link has replaced this one.',
  sign_in_first: 'Sign in to answer, or sign up if you have no account yet.',
  title: 'Join {organization}',
  void: 'This invitation is no longer valid.',
} as const satisfies Catalogue;
