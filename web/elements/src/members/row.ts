/** A row of the table: who somebody is, and what may be done to them. */

import { html, nothing, type TemplateResult } from 'lit';
import { face } from '../base/face.ts';
import { type MenuItem, menu } from '../base/menu.ts';
import type { RosterMembers } from '../roster-members.ts';
import type { Member } from '../session/api.ts';
import { ago, date, shownList } from '../words/format.ts';

/** How somebody is called: by their name, else by their address. */
export const nameOf = (host: RosterMembers, { name, email }: Member): string =>
  name ?? email ?? host.common.say('someone');

export function row(host: RosterMembers, member: Member, items: readonly MenuItem[]): TemplateResult {
  const { speech, words, own } = host;
  const { email, joined_at, last_signed_in_at, name, user_id } = member;
  const shown = nameOf(host, member);
  const titles = host.titlesOf(member.roles);
  return html`<tr role="row" part="row">
    <td role="cell" part="cell">
      <div class="who">
        ${face(shown)}
        <div class="grow">
          <span part="name" class="name"><bdi>${shown}</bdi></span>
          ${user_id === own ? html`<span part="badge" class="muted small">${words.say('you')}</span>` : nothing}
          ${name && email ? html`<div part="email" class="muted small"><bdi>${email}</bdi></div>` : nothing}
        </div>
      </div>
    </td>
    <td role="cell" part="cell role">${titles ? shownList(titles, speech) : BONE}</td>
    <td role="cell" part="cell" class="muted date" data-label=${words.say('joined')}>${date(joined_at, speech)}</td>
    ${
      host.signIns
        ? html`<td role="cell" part="cell" class="muted date" data-label=${words.say('last_sign_in')}>
            ${last_signed_in_at ? ago(last_signed_in_at, new Date(), speech) : words.say('never')}
          </td>`
        : nothing
    }
    <td role="cell" part="cell"><div class="row-actions">${menu(host, user_id, shown, items)}</div></td>
  </tr>`;
}

const BONE = html`<i class="bone"></i>`;

const bones = html`<tr>
  <td>
    <div class="who"><span class="face"></span><div class="grow">${BONE}${BONE}</div></div>
  </td>
  <td>${BONE}</td>
  <td>${BONE}</td>
  <td></td>
</tr>`;

/** What stands where the table will. */
export const skeleton: TemplateResult = html`<table aria-hidden="true">
  <thead><tr><th colspan="4">&nbsp;</th></tr></thead>
  <tbody>${[bones, bones, bones]}</tbody>
</table>`;
