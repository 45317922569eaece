/** A role: whom it is for and how much it permits at a glance; opened, all that it permits. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import { type MenuItem, menu } from '../base/menu.ts';
import { roleTitle } from '../base/role-title.ts';
import type { RosterRoles } from '../roster-roles.ts';
import type { Role, Roles } from '../session/api.ts';
import { byNoun, inOrder, nounTitle, permissionTitle, RIGHT_NAMES } from './permissions.ts';

export function row(host: RosterRoles, role: Role, roles: Roles, items: readonly MenuItem[]): Content {
  const { speech, words } = host;
  const { custom, description, holders, id, permissions } = role;
  const name = roleTitle(id, roles, speech);
  return html`<li part="row">
    <details>
      <summary id=${`role-${id}`}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m6 3.5 4.5 4.5L6 12.5" /></svg>
        <span>
          <bdi part="name" class="name">${name}</bdi>
          ${custom ? html`<span part="badge" class="badge">${words.say('custom')}</span>` : nothing}
          ${description ? html`<bdi class="small muted about">${description}</bdi>` : nothing}
        </span>
        <span class="small muted meta">
          <span>${holders === null ? nothing : words.show('holders', { count: holders })}</span>
          <span>${words.show('count', { count: permissions.length })}</span>
        </span>
      </summary>
      <dl class="groups">
        ${byNoun(inOrder(roles, permissions)).map(([noun, ids]) =>
          group(
            nounTitle(noun, speech),
            ids.map((one) => permissionTitle(one, roles, speech)),
          ),
        )}
        ${RIGHT_NAMES.map((right) =>
          group(
            words.say(right),
            role[right].map((one) => roleTitle(one, roles, speech)),
          ),
        )}
      </dl>
    </details>
    ${menu(host, id, name, items)}
  </li>`;
}

const group = (name: string, titles: readonly string[]): Content =>
  titles.length > 0
    ? html`<div><dt class="small muted">${name}</dt>${titles.map((one) => html`<dd><bdi>${one}</bdi></dd>`)}</div>`
    : nothing;
