/** The table of members. */

import type { Catalogue } from '../catalogue.ts';

export const members = {
  change_roles: 'Change role',
  change_roles_of: 'Change the role of {name}',
  changed: '{name} now has the role {roles}.',
  count: { one: '{count} member', other: '{count} members' },
  empty: 'Nobody else is here yet. Invite the people you work with.',
  found: { one: '{count} member found', other: '{count} members found' },
  joined: 'Joined',
  last_power: 'You can then no longer change roles. To get this one back, you have to ask someone else.',
  last_sign_in: 'Last sign-in',
  member: 'Member',
  never: 'never',
  no_match: 'Nobody matches “{query}”.',
  no_role: 'Choose at least one role.',
  remove: 'Remove',
  remove_lost: '{name} loses access to {organization} at once, and is told by mail. You can invite them again.',
  remove_title: 'Remove {name}?',
  removed: '{name} was removed.',
  role: 'Role',
  search: 'Search members',
  shown: { one: '{count} member shown', other: '{count} members shown' },
  title: 'Members',
  you: 'you',
} as const satisfies Catalogue;
