/** The switcher of organizations. */

import type { Catalogue } from '../catalogue.ts';

export const switcher = {
  active: 'Active',
  create: 'Create organization',
  created: '{organization} was created.',
  empty: 'You belong to no organization yet.',
  invitations: { one: '{count} open invitation', other: '{count} open invitations' },
  label: 'Organization',
  name: 'Organization name',
  switched: '{organization} is active now.',
} as const satisfies Catalogue;
