/** The settings of an organization, and one’s own. */

import type { Catalogue } from '../catalogue.ts';

export const settings = {
  delete: 'Delete organization',
  delete_lost: 'All members lose access at once. This cannot be undone.',
  delete_title: 'Delete {organization}?',
  deleted: '{organization} was deleted.',
  language: 'Language',
  leave: 'Leave organization',
  leave_lost: 'You lose access at once. To come back, you need a new invitation.',
  leave_title: 'Leave {organization}?',
  left: 'You have left {organization}.',
  mail: 'Mail of the organization',
  mail_hint: 'If it is off, invitations are not mailed either. You can copy their links.',
  mail_others: 'Mail about others’ doings',
  mail_others_hint: 'Mail about your own membership always comes.',
  name: 'Organization name',
  title: 'Settings',
  transfer: 'Transfer ownership',
  transfer_lost: 'You will no longer be the owner.',
  transfer_title: 'Transfer the ownership of {organization}?',
  transfer_to: 'New owner',
  transferred: '{name} is the owner now.',
  you: 'You',
  your_language: 'Your language',
} as const satisfies Catalogue;
