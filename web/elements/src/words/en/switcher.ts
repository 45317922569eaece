/** The switcher of organizations. */

import type { Catalogue } from '../catalogue.ts';

export const switcher = {
  create: 'Create organization',
  created: '{organization} was created.',
  invitations: { one: '{count} open invitation', other: '{count} open invitations' },
  label: 'Your organizations',
  name: 'Organization name',
  switched: '{organization} is active now.',
} as const satisfies Catalogue;
