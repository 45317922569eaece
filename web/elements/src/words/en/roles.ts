/** Roles and what they permit. */

import type { Catalogue } from '../catalogue.ts';

export const roles = {
  assigns: 'May give and take away',
  built_in: 'Comes with the product',
  can_create_none: 'Your plan has no roles of your own.',
  create: 'Create role',
  custom: 'Custom',
  delete: 'Delete role',
  delete_lost: 'Invitations to this role are no longer valid.',
  delete_title: 'Delete the role {role}?',
  deleted: 'The role {role} was deleted.',
  description: 'Description',
  edit: 'Edit role',
  holders: { one: '{count} member', other: '{count} members' },
  invites: 'May invite',
  name: 'Name',
  permissions: 'Permissions',
  removes: 'May remove',
  saved: 'The role {role} was saved.',
  title: 'Roles',
  title_taken: 'There is a role of this name already. Choose another one.',
} as const satisfies Catalogue;
