/** The settings of an organization, and one’s own. */

import type { Catalogue } from '../catalogue.ts';

export const settings = {
  as_signed_in: 'As your account says',
  default: 'Not set',
  delete: 'Delete organization',
  delete_lost: 'All members lose access at once. This cannot be undone.',
  delete_title: 'Delete {organization}?',
  deleted: '{organization} was deleted.',
  language: 'Language',
  mail: 'Mail of the organization',
  mail_hint: 'If it is off, invitations are not mailed either. Their links can be copied.',
  mail_language: 'Language of its mail',
  mail_others: "Mail about others' doings",
  mail_others_hint: 'Such as an answered invitation. Mail about your own membership always comes.',
  name: 'Organization name',
  nobody: 'Nobody here can take it over. Invite someone first.',
  transfer: 'Transfer ownership',
  transfer_hint: 'Someone else becomes the owner, and you stay as a member.',
  transfer_lost: 'You can then no longer do what only an owner may do.',
  transfer_title: 'Transfer the ownership of {organization}?',
  transfer_to: 'New owner',
  transferred: '{name} is the owner now.',
  you: 'You',
} as const satisfies Catalogue;
