/** What room the plan has: a meter of seats, and where there is none, why, and the button to get some. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import { meter } from '../base/meter.ts';
import type { Offer } from '../base/roles-field.ts';
import { upgrade } from '../base/upgrade.ts';
import type { RosterInvite } from '../roster-invite.ts';
import { type Organization, Problem } from '../session/api.ts';

/** Whether a plan has a seat left. */
export const hasSeat = ({ limits, member_count }: Organization): boolean =>
  limits.members === null || member_count < limits.members;

/** Nothing, where there is room for all that may be chosen, in any number. */
export function room(host: RosterInvite, organization: Organization, offers: readonly Offer[], typed: number): Content {
  const { id, limits, member_count, plan, upgrade_url } = organization;
  const total = limits.members;
  const used = member_count + typed;
  const offer = offers.find(({ full }) => full);
  const limit = hasSeat(organization) ? offer && (offer.role.custom ? 'custom_roles' : 'owners') : 'members';
  const maximum = limits[limit as 'members' | 'owners'] ?? 0;
  const refusal = limit && new Problem({ code: 'plan_limit', status: 409, detail: '', plan, limit, maximum });
  return refusal || total !== null
    ? html`<div class="label">
        <div class="line small muted">
          <span class="grow">
            ${refusal ? html`<p class=${limit === 'members' ? 'error' : ''}>${host.problemText(refusal)}</p>` : nothing}
            ${total === null ? nothing : host.words.show(typed > 0 ? 'seats_with' : 'seats', { used, total })}
          </span>
          ${refusal || (total !== null && used >= total) ? upgrade(host, id, upgrade_url) : nothing}
        </div>
        ${total === null ? nothing : meter(member_count, total, typed)}
      </div>`
    : nothing;
}
