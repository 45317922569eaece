/** How an invitation stands: as a dot and words, and with what to do. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import type { RosterInvitations } from '../roster-invitations.ts';
import type { Invitation } from '../session/api.ts';

/** Statuses that an invitation in the list can have; what was accepted is a member. */
export const STATUSES = ['pending', 'expired', 'void', 'declined', 'canceled'] as const;
export type Listed = (typeof STATUSES)[number];

/** `note` is what was done to it just now. */
export function status({ words }: RosterInvitations, invitation: Invitation, note: string | undefined): Content {
  const { can, delivery, status: state } = invitation;
  const pending = state === 'pending';
  const returned = delivery === 'bounced' || delivery === 'complained';
  // What became of the mail of one that has ended says nothing any more, but why nobody answered.
  const mailed = pending || (state === 'expired' && returned);
  const tone = pending ? 'wait' : '';
  const label = words.say(mailed && delivery !== 'suppressed' ? `state.${delivery}` : `status.${state as Listed}`);
  return html`<span part="badge" class="badge ${mailed && returned ? 'fail' : tone}">${label}</span>
    <div class="muted small">${note ?? hint()}</div>`;

  function hint(): unknown {
    if (mailed) {
      return words.say(
        delivery === 'suppressed' && !can.copy_link ? 'delivery.suppressed_told' : `delivery.${delivery}`,
      );
    }
    return state === 'void' && can.resend ? words.say('hint_void') : nothing;
  }
}
