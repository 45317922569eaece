/** The dialog that creates a custom role, or edits one. It offers what its reader can give, and nothing else. */

import { html, nothing } from 'lit';
import { Change } from '../base/change.ts';
import { Dialog } from '../base/dialog.ts';
import type { Content } from '../base/element.ts';
import { emit } from '../base/events.ts';
import { problemIn } from '../base/form.ts';
import { roleTitle } from '../base/role-title.ts';
import { upgrade } from '../base/upgrade.ts';
import type { RosterRoles } from '../roster-roles.ts';
import { type Client, Problem, type Role, type Roles, type Self } from '../session/api.ts';
import {
  byNoun,
  type Chosen,
  definitionOf,
  givable,
  nounTitle,
  permissionTitle,
  RIGHT_NAMES,
  RIGHTS,
  reached,
  usual,
} from './permissions.ts';

export class RoleForm {
  readonly #host: RosterRoles;
  readonly #change: Change;
  readonly #dialog: Dialog;
  /** The role that is edited, as it was read last; without one, a role is created. */
  #role: Role | undefined;
  #permissions: readonly string[] = [];
  #noneChosen = false;

  constructor(host: RosterRoles) {
    this.#host = host;
    this.#change = new Change(host);
    this.#dialog = new Dialog(host);
  }

  render(): Content {
    return this.#dialog.render();
  }

  /** Opens it. `back` says where the focus goes afterwards, given the id of the role if there is one by then. */
  open(roles: Roles, self: Self, role: Role | undefined, back: (id: string | undefined) => HTMLElement | null): void {
    this.#role = role;
    this.#permissions = role?.permissions ?? usual(roles);
    this.#noneChosen = false;
    this.#change.clear();
    void this.#dialog.show({
      title: () => this.#host.words.say(role ? 'edit' : 'create'),
      back: () => back(this.#role?.id),
      body: () => html`<form @submit=${this.#submit} @change=${this.#changed}>
        <div class="fields" ?inert=${this.#change.busy || this.#change.unknown}>
          ${this.#texts(role)} ${this.#choices(roles, self, role)}
        </div>
        ${this.#change.problem?.code === 'conflict' ? nothing : problemIn(this.#host, this.#change)} ${this.#actions()}
      </form>`,
    });
  }

  #texts(role: Role | undefined): Content {
    const { words } = this.#host;
    const taken = this.#change.problem?.code === 'conflict';
    return html`<label>${words.say('name')}
        <input part="field" name="title" required autofocus autocomplete="off" dir="auto" maxlength="100"
          .value=${role?.title ?? ''} aria-invalid=${taken} aria-describedby="taken" />
      </label>
      ${wrong('taken', taken && words.say('title_taken'))}
      <label>${words.say('description')}
        <textarea part="field" name="description" rows="2" dir="auto" maxlength="500"
          .value=${role?.description ?? ''}></textarea>
      </label>`;
  }

  #choices(roles: Roles, self: Self, role: Role | undefined): Content {
    const { speech, words } = this.#host;
    const box = (name: Chosen, id: string): Content => {
      const given = role?.[name] ?? (name === 'permissions' ? usual(roles) : []);
      const text = name === 'permissions' ? permissionTitle(id, roles, speech) : roleTitle(id, roles, speech);
      return html`<label class="check">
        <input part="field" type="checkbox" name=${name} value=${id} ?checked=${given.includes(id)} /><bdi>${text}</bdi>
      </label>`;
    };
    const groups = byNoun(givable(roles, self)).map(([noun, ids]) =>
      choice(
        nounTitle(noun, speech),
        ids.map((id) => box('permissions', id)),
      ),
    );
    // Without its permission a right does nothing. It is asked for all the same if the role has it already.
    const rights = RIGHT_NAMES.filter((right) => this.#permissions.includes(RIGHTS[right]) || role?.[right].length);
    return html`<fieldset aria-describedby="none"><legend>${words.say('permissions')}</legend>
        ${wrong('none', this.#noneChosen && words.say('none_chosen'))}
        <div class="groups">${groups}</div>
      </fieldset>
      ${rights.map((right) =>
        choice(
          words.say(right),
          reached(roles, self, right).map((id) => box(right, id)),
        ),
      )}`;
  }

  #actions(): Content {
    const { common, organizationId, team, words } = this.#host;
    const { busy, problem, unknown } = this.#change;
    const full = problem?.code === 'plan_limit';
    return html`<div class="actions sticky">
      ${full ? upgrade(this.#host, organizationId, team.organization.data?.upgrade_url) : nothing}
      <button type="button" part="button" @click=${this.#dialog.close}>${common.say('cancel')}</button>
      <button part="button primary" class="primary" aria-disabled=${busy}>${unknown ? common.say('again') : words.say(this.#role ? 'edit' : 'create')}</button>
    </div>`;
  }

  readonly #changed = (event: Event): void => {
    this.#permissions = definitionOf(event.currentTarget as HTMLFormElement).permissions;
    this.#host.requestUpdate();
  };

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const definition = definitionOf(form);
    this.#noneChosen = definition.permissions.length === 0;
    event.submitter?.focus(); // the fields are inert until it is known what became of them
    if (!this.#noneChosen && (await this.#save(definition))) {
      this.#dialog.close();
      return;
    }
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    form.querySelector<HTMLElement>(this.#noneChosen ? '.groups input' : '[aria-invalid=true]')?.focus();
  };

  #save(body: ReturnType<typeof definitionOf>): Promise<boolean> {
    const host = this.#host;
    const { organizationId: organization_id } = host;
    const role_id = this.#role?.id;
    let looked = false;
    const make = async (client: Client, idempotencyKey: string): Promise<Role> => {
      if (!role_id) {
        const params = { path: { organization_id } };
        return client.POST('/organizations/{organization_id}/roles', { params, body, idempotencyKey });
      }
      if (!looked) {
        await this.#look(role_id);
        looked = true;
      }
      const params = { path: { organization_id, role_id } };
      return client.PUT('/organizations/{organization_id}/roles/{role_id}', { params, body, idempotencyKey });
    };
    return this.#change.run({
      act: role_id ? 'edit-role' : 'create-role',
      detail: { organization_id, ...(role_id && { role_id }) },
      make,
      done: (role) => {
        this.#role = role;
        // It may stand there already, where the first answer was lost.
        host.show((items) =>
          items.some((one) => one.id === role.id)
            ? items.map((one) => (one.id === role.id ? role : one))
            : [...items, role],
        );
        host.announce(host.words.say(role_id ? 'saved' : 'created', { role: role.title }));
        emit(host, 'role-changed', { organization_id, role_id: role.id });
      },
    });
  }

  /** Roles have no ETag: whether somebody else has changed this one is looked up. The next press is about that one. */
  async #look(id: string): Promise<void> {
    const { roles } = this.#host.team;
    await roles.read();
    const now = (await roles.value()).items.find((one) => one.id === id);
    const was = this.#role;
    this.#role = now ?? was;
    if (now && versionOf(now) !== versionOf(was)) {
      throw new Problem({ code: 'precondition_failed', status: 412, detail: '' });
    }
  }
}

/** What people change in a role. */
const versionOf = (role: Role | undefined): string => JSON.stringify({ ...role, can: 0, holders: 0 });

const wrong = (id: string, said: string | false): Content =>
  html`<p part="error" class="error" id=${id} role="alert">${said || nothing}</p>`;

/** Some boxes to check under one name; nothing where there are none. */
const choice = (legend: string, boxes: readonly Content[]): Content =>
  boxes.length > 0 ? html`<fieldset><legend>${legend}</legend>${boxes}</fieldset>` : nothing;
