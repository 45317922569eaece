/** How an invitation stands: as a dot and words, and with what to do. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import type { RosterInvitations } from '../roster-invitations.ts';
import type { Invitation } from '../session/api.ts';

const TONES: Readonly<Record<string, string>> = { delivered: 'wait', sent: 'wait', queued: 'wait', suppressed: 'wait' };

/** Statuses that an invitation in the list can have; what was accepted is a member. */
export const STATUSES = ['pending', 'expired', 'void', 'declined', 'canceled'] as const;
export type Listed = (typeof STATUSES)[number];

export function status(host: RosterInvitations, invitation: Invitation, note: string | undefined): Content {
  const { delivery, status: state } = invitation;
  const { words } = host;
  const pending = state === 'pending';
  const returned = delivery === 'bounced' || delivery === 'complained';
  const mailed = pending || (state === 'expired' && returned);
  const tone = returned && mailed ? 'fail' : pending ? (TONES[delivery] ?? '') : '';
  const label = words.say(mailed && delivery !== 'suppressed' ? `state.${delivery}` : `status.${state as Listed}`);
  const hint = note ?? (mailed ? told(host, invitation) : ended(host, invitation));
  return html`<span part="badge" class=${`badge ${tone}`}>${label}</span>
    ${hint ? html`<div class="muted small">${hint}</div>` : nothing}`;
}

/** What became of the mail, and what to do. */
function told({ words }: RosterInvitations, { can, delivery }: Invitation): string {
  return words.say(delivery === 'suppressed' && !can.copy_link ? 'delivery.suppressed_told' : `delivery.${delivery}`);
}

/** What to do with what is over: nothing is said that cannot be done. */
function ended({ words }: RosterInvitations, { can, status: state }: Invitation): string | undefined {
  return can.resend && state === 'void' ? words.say('hint_void') : undefined;
}
