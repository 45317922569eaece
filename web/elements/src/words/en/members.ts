/** The table of members. */

import type { Catalogue } from '../catalogue.ts';

export const members = {
  change_roles: 'Change role',
  changed: '{name} now has the role {roles}.',
  count: { one: '{count} member', other: '{count} members' },
  empty: 'Nobody is here yet. Invite the people you work with.',
  invite: 'Invite',
  joined: 'Joined',
  last_sign_in: 'Last sign-in',
  leave: 'Leave organization',
  member: 'Member',
  never: 'Never',
  no_match: 'Nobody matches “{query}”.',
  remove: 'Remove',
  remove_lost: '{name} loses access to {organization} at once, and is told by mail. You can invite them again.',
  remove_title: 'Remove {name}?',
  removed: '{name} was removed.',
  role: 'Role',
  search: 'Search members',
  title: 'Members',
} as const satisfies Catalogue;
