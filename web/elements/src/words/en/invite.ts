/** The dialog that invites. */

import type { Catalogue } from '../catalogue.ts';

export const invite = {
  addresses: 'Email addresses',
  addresses_hint: 'Paste as many as you like, in any form.',
  count: { one: '{count} address', other: '{count} addresses' },
  invalid: 'This is not an address.',
  invite: 'Invite',
  message: 'Message',
  message_count: '{length} of {longest} characters',
  message_hint: 'Shown in the mail. Optional.',
  message_link: 'A message cannot contain web addresses.',
  no_address: 'Enter at least one address.',
  no_domain: 'Something is missing after the @.',
  no_role: 'Choose a role.',
  progress: '{done} of {total} sent',
  results: '{sent} sent, {failed} not sent.',
  role: 'Role',
  seats: '{used} of {total} seats taken',
  seats_with: '{used} of {total} seats taken, including these invitations',
  send: 'Send invitations',
  sent: { one: '{count} invitation sent.', other: '{count} invitations sent.' },
  sent_list: 'Sent',
  title: 'Invite to {organization}',
} as const satisfies Catalogue;
