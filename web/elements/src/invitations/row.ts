/** A row of the table of invitations. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import { problemIn } from '../base/form.ts';
import { type MenuItem, menu } from '../base/menu.ts';
import { roleTitle } from '../base/role-title.ts';
import type { RosterInvitations } from '../roster-invitations.ts';
import type { Invitation } from '../session/api.ts';
import { dateTime, shownList, until } from '../words/format.ts';
import { status } from './status.ts';

export function row(host: RosterInvitations, invitation: Invitation, note: string | undefined): Content {
  const { email, expires_at, id, invited_by } = invitation;
  const { link, speech, words } = host;
  const by = invited_by?.name ?? invited_by?.email;
  const ends = invitation.status === 'pending' || invitation.status === 'expired';
  return html`<tr role="row" part="row">
    <td role="cell" part="cell">
      <span part="email"><bdi>${email}</bdi></span>
      ${by ? html`<div class="muted small">${words.show('by', { name: by })}</div>` : nothing}
    </td>
    <td role="cell" part="cell role">${shownList(
      invitation.roles.map((role) => roleTitle(role, host.team.roles.data, speech)),
      speech,
    )}</td>
    <td role="cell" part="cell status">
      ${status(host, invitation, note)} ${link.about === id ? problemIn(host, link.change) : nothing}
    </td>
    <td role="cell" part="cell" class="muted nowrap">
      ${ends ? html`<time datetime=${expires_at} title=${dateTime(expires_at, speech)}>${until(expires_at, new Date(), speech)}</time>` : nothing}
    </td>
    <td role="cell" part="cell"><div class="row-actions">${menu(host, id, email, items(host, invitation))}</div></td>
  </tr>`;
}

function items(host: RosterInvitations, invitation: Invitation): MenuItem[] {
  const { can } = invitation;
  const { words } = host;
  return [
    ...(can.resend ? [{ label: words.say('resend'), press: () => host.resend.ask(invitation) }] : []),
    ...(can.copy_link ? [{ label: words.say('copy'), press: () => host.link.copy(invitation) }] : []),
    ...(can.cancel ? [{ label: words.say('cancel'), danger: true, press: () => host.cancel(invitation) }] : []),
  ];
}
