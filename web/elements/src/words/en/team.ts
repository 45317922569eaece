/** The frame of the Team page. */

import type { Catalogue } from '../catalogue.ts';

export const team = {
  activity: 'Activity',
  count: { one: '{count} member', other: '{count} members' },
  invitations: 'Invitations',
  members: 'Members',
  plan: '{plan} plan',
  roles: 'Roles',
  seats: { one: '{used} of {count} member', other: '{used} of {count} members' },
  settings: 'Settings',
  title: 'Team',
} as const satisfies Catalogue;
