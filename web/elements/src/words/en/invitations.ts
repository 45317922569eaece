/** The table of invitations that were sent. */

import type { Catalogue } from '../catalogue.ts';

export const invitations = {
  address: 'Address',
  cancel: 'Cancel invitation',
  cancel_lost: 'The link in the mail stops working. You can invite {email} again.',
  cancel_title: 'Cancel the invitation of {email}?',
  canceled: 'The invitation of {email} was canceled.',
  copied: 'Link copied. Hand it to {email} yourself.',
  copy: 'Copy link',
  'delivery.bounced': 'Bounced. The address takes no mail. Check it and invite again.',
  'delivery.complained': 'Reported as unwanted. Ask before you invite again.',
  'delivery.delivered': 'Delivered',
  'delivery.queued': 'On its way',
  'delivery.sent': 'Sent',
  'delivery.suppressed': 'Not mailed. Copy the link instead.',
  empty: 'No open invitations.',
  resend: 'Resend',
  resend_title: 'Resend the invitation of {email}',
  resent: 'The invitation of {email} was sent again.',
  status: 'Status',
  'status.accepted': 'Accepted',
  'status.canceled': 'Canceled',
  'status.declined': 'Declined',
  'status.expired': 'Expired',
  'status.pending': 'Pending',
  'status.void': 'No longer valid',
  title: 'Invitations',
  until: 'Until',
} as const satisfies Catalogue;
