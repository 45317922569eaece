/** The log. */

import type { Catalogue } from '../catalogue.ts';

export const activity = {
  all: 'Everything',
  by: 'By',
  clear: 'Clear filters',
  empty: 'Nothing has happened yet.',
  everybody: 'Everybody',
  export: 'Export CSV',
  exported: { one: 'The export is ready: {count} row.', other: 'The export is ready: {count} rows.' },
  exporting: { one: '{count} row so far', other: '{count} rows so far' },
  happened: 'happened {when}',
  invitations: 'Invitations',
  members: 'Members',
  no_match: 'Nothing matches these filters.',
  organization: 'Organization',
  roles: 'Roles',
  since: 'From',
  title: 'Activity',
  until: 'To',
  users: 'Sign-ins',
  via: 'through {machine}',
  what: 'What',
  when: 'When',
} as const satisfies Catalogue;
