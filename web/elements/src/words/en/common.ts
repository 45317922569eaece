/** What several elements say. */

import type { Catalogue } from '../catalogue.ts';

export const common = {
  accept: 'Accept',
  accepted: 'You have joined {organization}.',
  again: 'Try again',
  cancel: 'Cancel',
  changed: 'This was changed elsewhere. Here is how it is now.',
  close: 'Close',
  former_user: 'A former user',
  gone: 'You no longer belong to this organization, or it no longer exists.',
  loading: 'Loading…',
  more: 'Show more',
  more_for: 'More for {name}',
  no_organization: 'You belong to no organization yet.',
  save: 'Save',
  saved: 'Saved',
  sign_in: 'Sign in',
  signed_out: 'Sign in to go on.',
  someone: 'Someone',
  to_confirm: 'To confirm, type the name of the organization: {name}',
  unverified: 'Your address {email} is not verified. Verify it, then sign in again.',
  unverified_none: 'Your account has no verified address. Verify one, then sign in again.',
  upgrade: 'Upgrade',
  verify: 'Verify your address',
} as const satisfies Catalogue;
