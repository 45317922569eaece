/** Roles and what they permit. */

import type { Catalogue } from '../catalogue.ts';

export const roles = {
  assigns: 'May give and take away',
  count: { one: '{count} permission', other: '{count} permissions' },
  create: 'Create role',
  created: 'The role {role} was created.',
  custom: 'Custom',
  delete: 'Delete role',
  delete_lost: 'Invitations to this role stop working until they are resent with another one.',
  delete_title: 'Delete the role {role}?',
  deleted: 'The role {role} was deleted.',
  description: 'Description',
  edit: 'Edit role',
  holders: { one: '{count} member', other: '{count} members' },
  invites: 'May invite',
  name: 'Name',
  no_more: 'The plan has no room for another role.',
  none_chosen: 'Choose at least one permission.',
  permissions: 'Permissions',
  removes: 'May remove',
  saved: 'The role {role} was saved.',
  title_taken: 'There is a role of this name already. Choose another one.',
} as const satisfies Catalogue;
