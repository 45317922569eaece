/** The log. */

import type { Catalogue } from '../catalogue.ts';

export const activity = {
  all: 'Everything',
  by: 'By',
  empty: 'Nothing has happened yet.',
  export: 'Export CSV',
  exported: 'The export is ready.',
  exporting: { one: '{count} row so far', other: '{count} rows so far' },
  invitations: 'Invitations',
  members: 'Members',
  no_match: 'Nothing matches these filters.',
  organization: 'Organization',
  roles: 'Roles',
  since: 'From',
  title: 'Activity',
  until: 'To',
  users: 'Sign-ins',
  via: 'by way of {machine}',
  what: 'What',
} as const satisfies Catalogue;
