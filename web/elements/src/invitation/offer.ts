/** What an invitation offers: where, by whom, as what, until when. */

import { html, nothing } from 'lit';
import type { Content, RosterElement } from '../base/element.ts';
import { face } from '../base/face.ts';
import type { Offer } from '../session/answering.ts';
import type { mine } from '../words/en/mine.ts';
import { dateTime, shownList, until } from '../words/format.ts';
import { type Sayer, title } from '../words/say.ts';

/** Shows an offer under a heading. */
export function shown({ speech }: RosterElement, words: Sayer<typeof mine>, offer: Offer, heading: unknown): Content {
  const { invitation_id, organization_name, invited_by, message, expires_at } = offer;
  const titles = offer.role_titles.map((given, index) => title('role', offer.roles[index] ?? '', given, speech));
  const roles = shownList(titles, speech);
  const { name, email } = invited_by ?? {};
  const inviter = name && email ? `${name} (${email})` : (name ?? email);
  return html`<div class="line">
      ${face(organization_name, 'square')}
      <h2 class="grow" part="name" id=${`of-${invitation_id}`} tabindex="-1">${heading}</h2>
    </div>
    <p>${inviter ? words.show('invited', { name: inviter, roles }) : words.show('invited_by_nobody', { roles })}</p>
    ${message ? html`<p class="message" dir="auto">${message}</p>` : nothing}
    <p class="muted small"><time datetime=${expires_at} title=${dateTime(expires_at, speech)}>${words.say('expires', {
      when: until(expires_at, new Date(), speech),
    })}</time></p>`;
}
