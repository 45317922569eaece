/** The meter of seats: taken ones, and in a paler part those that would be taken. */

import { html, nothing, svg } from 'lit';
import type { Content } from '../base/element.ts';
import { upgrade } from '../base/upgrade.ts';
import type { RosterInvite } from '../roster-invite.ts';
import type { Organization } from '../session/api.ts';

/** Whether a plan has a seat left. */
export const hasRoom = ({ limits, member_count }: Organization): boolean =>
  limits.members === null || member_count < limits.members;

/** Nothing, on a plan with any number of seats. */
export function seats(host: RosterInvite, organization: Organization, typed: number): Content {
  const total = organization.limits.members;
  if (total === null) {
    return nothing;
  }
  const { words } = host;
  const { id, member_count, upgrade_url } = organization;
  const used = member_count + typed;
  const part = (count: number) => Math.min(100, (count / total) * 100);
  return html`<div class=${used > total || member_count >= total ? 'seats fail' : 'seats'}>
    <div class="line wrap small">
      <span class="grow muted">${words.show(typed > 0 ? 'seats_with' : 'seats', { used, total })}</span>
      ${used >= total ? upgrade(host, id, upgrade_url) : nothing}
    </div>
    <svg part="meter" class="meter" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<rect class="typed" width=${part(used)} height="1" /><rect width=${part(member_count)} height="1" />`}
    </svg>
  </div>`;
}
