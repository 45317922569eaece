/** The frame of the Team page. */

import type { Catalogue } from '../catalogue.ts';

export const team = {
  activity: 'Activity',
  invitations: 'Invitations',
  members: 'Members',
  members_of: '{plan} plan',
  no_tab: 'You may see nothing here. Ask someone whose role allows more.',
  roles: 'Roles',
  settings: 'Settings',
  title: 'Team',
} as const satisfies Catalogue;
