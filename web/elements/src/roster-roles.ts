/** `roster-roles`: the roles of an organization, what they permit, and those that it makes itself. */

import './roster-session.ts';
import { html, nothing } from 'lit';
import { Change } from './base/change.ts';
import { Confirm } from './base/confirm.ts';
import { define } from './base/define.ts';
import type { Content } from './base/element.ts';
import { emit } from './base/events.ts';
import { type MenuItem, moreOf } from './base/menu.ts';
import { OrganizationElement } from './base/organization.ts';
import { upgrade } from './base/upgrade.ts';
import { RoleForm } from './roles/form.ts';
import { row } from './roles/row.ts';
import { styles } from './roles/styles.ts';
import type { Role, Roles } from './session/api.ts';
import { base } from './styles/base.ts';
import { forms } from './styles/forms.ts';
import { layers } from './styles/layers.ts';
import { tables } from './styles/tables.ts';
import { roles as english } from './words/en/roles.ts';
import { sayer } from './words/say.ts';

/**
 * The roles of an organization. Each opens to what it permits; custom ones are created, edited and deleted here.
 *
 * @element roster-roles
 * @attr {string} organization - The organization's id. Without it, the session's active one.
 * @fires {CustomEvent} roster-role-changed - A custom role was created,
 *   edited or deleted.
 * @fires {CustomEvent} roster-upgrade - "Upgrade" was pressed. Cancel it to lead
 *   elsewhere than to `url`.
 * @csspart toolbar - What stands above the list.
 * @csspart table - The list.
 * @csspart row - A role.
 * @csspart name - A role's name.
 * @csspart badge - What tells a custom role.
 */
export class RosterRoles extends OrganizationElement {
  static override styles = [base, forms, layers, tables, styles];

  readonly words = sayer('roles', english, () => this.speech);
  readonly #form = new RoleForm(this);
  readonly #confirm = new Confirm(this, new Change(this));

  protected override readonly permission = 'members:read';

  protected override ask(): void {
    this.team.roles.ask();
  }

  protected override content(): Content {
    const { data, problem } = this.team.roles;
    if (!data) {
      return problem ? this.trouble(problem) : this.skeleton();
    }
    return html`${this.#toolbar(data)}
      <ul role="list" part="table">
        ${data.items.map((role) => row(this, role, data, this.#actions(role, data)))}
      </ul>
      ${problem ? this.trouble(problem) : nothing} ${this.#form.render()} ${this.#confirm.render()}`;
  }

  /** Shows the roles as a change has left them, before they are read anew. */
  show(edit: (items: readonly Role[]) => readonly Role[]): void {
    const { roles } = this.team;
    if (roles.data) {
      roles.set({ ...roles.data, items: [...edit(roles.data.items)] });
    }
  }

  /** Who may make no custom roles needs nothing above the list; where the plan has no room, that is said. */
  #toolbar(roles: Roles): Content {
    if (!this.may('roles:customize')) {
      return nothing;
    }
    const url = this.team.organization.data?.upgrade_url;
    return html`<div class="toolbar" part="toolbar">
      ${
        roles.can_create
          ? html`<span class="grow"></span><button part="button primary" class="primary" id="create"
              @click=${() => this.#edit(roles)}>${this.words.say('create')}</button>`
          : html`<p class="small muted grow" id="create" tabindex="-1">${this.words.say('no_more')}</p>
              ${upgrade(this, this.organizationId, url)}`
      }
    </div>`;
  }

  #actions(role: Role, roles: Roles): readonly MenuItem[] {
    const { words } = this;
    const edit = { label: words.say('edit'), press: () => this.#edit(roles, role) };
    const remove = { label: words.say('delete'), danger: true, press: () => this.#delete(role, roles) };
    return [...(role.can.edit ? [edit] : []), ...(role.can.delete ? [remove] : [])];
  }

  #edit(roles: Roles, role?: Role): void {
    const { data } = this.team.self;
    if (data) {
      this.#form.open(roles, data, role, (id) => this.#focusable(id));
    }
  }

  /** The button of a role's row, else what opens it, else what stands above the list. */
  #focusable(id: string | undefined): HTMLElement | null {
    const find = (one: string): HTMLElement | null => this.renderRoot.querySelector(`#${CSS.escape(one)}`);
    return (id ? (moreOf(this, id) ?? find(`role-${id}`)) : null) ?? find('create');
  }

  #delete({ id, title: role }: Role, { items }: Roles): void {
    const { organizationId: organization_id, words } = this;
    const { change } = this.#confirm;
    const at = items.findIndex((one) => one.id === id);
    const next = (items[at + 1] ?? items[at - 1])?.id;
    const detail = { organization_id, role_id: id };
    void this.#confirm.ask({
      title: () => words.say('delete_title', { role }),
      lost: () => words.say('delete_lost'),
      act: () => words.say('delete'),
      back: () => moreOf(this, id) ?? this.#focusable(next),
      confirm: () =>
        change.run({
          act: 'delete-role',
          detail,
          make: (client, idempotencyKey) =>
            client.DELETE('/organizations/{organization_id}/roles/{role_id}', {
              params: { path: detail },
              idempotencyKey,
            }),
          done: () => {
            this.show((all) => all.filter((one) => one.id !== id));
            this.announce(words.say('deleted', { role }));
            emit(this, 'role-changed', detail);
          },
        }),
    });
  }
}

define('roster-roles', RosterRoles);

declare global {
  interface HTMLElementTagNameMap {
    'roster-roles': RosterRoles;
  }
}
