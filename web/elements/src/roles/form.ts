/** The dialog that creates a custom role, or edits one. It offers what its reader can give, and nothing else. */

import { html, nothing } from 'lit';
import { Change } from '../base/change.ts';
import { Dialog } from '../base/dialog.ts';
import type { Content } from '../base/element.ts';
import { problemIn } from '../base/form.ts';
import { upgrade } from '../base/upgrade.ts';
import type { RosterRoles } from '../roster-roles.ts';
import type { Problem, Role, Roles, Self } from '../session/api.ts';
import { title } from '../words/say.ts';
import { type Chosen, Draft } from './draft.ts';
import { byNoun, givable, nounTitle, RIGHT_NAMES, type Right, reached } from './permissions.ts';
import { save } from './save.ts';

/** What is said beside a field. */
interface Wrong {
  readonly field: string;
  readonly message: string;
}

type Choice = readonly [id: string, label: string];

export class RoleForm {
  readonly #host: RosterRoles;
  readonly #change: Change;
  readonly #dialog: Dialog;
  #draft: Draft | undefined;
  #missing: Wrong | undefined;
  #saved: string | undefined;

  constructor(host: RosterRoles) {
    this.#host = host;
    this.#change = new Change(host);
    this.#dialog = new Dialog(host);
  }

  render(): Content {
    return this.#dialog.render();
  }

  /** Opens it. `back` says where the focus goes: to the role's row, if there is one by then. */
  open(roles: Roles, self: Self, role: Role | undefined, back: (id: string | undefined) => HTMLElement | null): void {
    this.#draft = new Draft(roles, self, role);
    this.#missing = undefined;
    this.#saved = role?.id;
    this.#change.clear();
    const draft = this.#draft;
    void this.#dialog.show({
      title: this.#host.words.say(role ? 'edit' : 'create'),
      back: () => back(this.#saved),
      body: () => html`<form novalidate @submit=${this.#submit}>
        ${this.#texts(draft)} ${this.#permissions(draft, roles, self)}
        ${RIGHT_NAMES.map((right) => this.#right(draft, right, reached(roles, self, right)))}
        ${this.#wrong ? nothing : problemIn(this.#host, this.#change)} ${this.#actions()}
      </form>`,
    });
  }

  get #locked(): boolean {
    return this.#change.busy || this.#change.unknown;
  }

  /** What stands beside a field: what is missing, or what the API found. */
  get #wrong(): Wrong | undefined {
    const { problem } = this.#change;
    return problem ? wrongOf(problem, this.#host.words.say('title_taken')) : this.#missing;
  }

  #texts(draft: Draft): Content {
    const { words } = this.#host;
    return html`${this.#text(
      'title',
      words.say('name'),
      html`<input part="field" id="title" autofocus autocomplete="off"
        dir="auto" maxlength="100" .value=${draft.title} ?readonly=${this.#locked}
        aria-invalid=${this.#isWrong('title')} aria-describedby="title-wrong"
        @input=${(event: Event) => {
          draft.title = (event.target as HTMLInputElement).value;
        }} />`,
    )}
      ${this.#text(
        'description',
        words.say('description'),
        html`<textarea part="field" id="description" rows="2"
        dir="auto" maxlength="500" .value=${draft.description} ?readonly=${this.#locked}
        aria-invalid=${this.#isWrong('description')} aria-describedby="description-wrong"
        @input=${(event: Event) => {
          draft.description = (event.target as HTMLTextAreaElement).value;
        }}></textarea>`,
      )}`;
  }

  #text(field: string, label: string, input: Content): Content {
    return html`<div class="label"><label for=${field}>${label}</label>${input}${this.#beside(field)}</div>`;
  }

  #isWrong(field: string): 'true' | 'false' {
    return this.#wrong?.field === field ? 'true' : 'false';
  }

  #beside(field: string): Content {
    const wrong = this.#wrong;
    return html`<p part="error" class="error" id=${`${field}-wrong`} role="alert">${wrong?.field === field ? wrong.message : nothing}</p>`;
  }

  #permissions(draft: Draft, roles: Roles, self: Self): Content {
    const { speech, words } = this.#host;
    return html`<fieldset class="choice" aria-describedby="permissions-wrong" aria-disabled=${this.#locked}>
      <legend>${words.say('permissions')}</legend>
      ${this.#beside('permissions')}
      <div class="groups">${byNoun(givable(roles, self)).map(([noun, ids]) => {
        const choices = ids.map(
          (id): Choice => [id, title('permission', id, roles.permission_titles[id] ?? id, speech)],
        );
        return html`<fieldset><legend class="muted">${nounTitle(noun, speech)}</legend>
          ${this.#choices(draft, 'permissions', choices)}</fieldset>`;
      })}</div>
    </fieldset>`;
  }

  #right(draft: Draft, right: Right, roles: readonly Role[]): Content {
    const { speech, words } = this.#host;
    return draft.asksFor(right) && roles.length > 0
      ? html`<fieldset class="choice" aria-disabled=${this.#locked}><legend>${words.say(right)}</legend>
          ${this.#choices(
            draft,
            right,
            roles.map(({ id, title: given }) => [id, title('role', id, given, speech)]),
          )}
        </fieldset>`
      : nothing;
  }

  #choices(draft: Draft, kind: Chosen, choices: readonly Choice[]): Content {
    const chosen = draft.chosen[kind];
    const toggle = (id: string): void => {
      if (!chosen.delete(id)) {
        chosen.add(id);
      }
      this.#host.requestUpdate();
    };
    return html`${choices.map(
      ([id, label]) => html`<label class="check">
        <input type="checkbox" part="field" .checked=${chosen.has(id)} @click=${this.#keep} @change=${() => toggle(id)} />
        <bdi>${label}</bdi>
      </label>`,
    )}`;
  }

  /** What was sent stays as it is, until it is known what became of it. */
  readonly #keep = (event: Event): void => {
    if (this.#locked) {
      event.preventDefault();
    }
  };

  #actions(): Content {
    const { common, organizationId, team } = this.#host;
    const { busy, problem, unknown } = this.#change;
    const full = problem?.code === 'plan_limit';
    return html`<div class="actions sticky">
      ${full ? upgrade(this.#host, organizationId, team.organization.data?.upgrade_url) : nothing}
      <button type="button" part="button" @click=${this.#dialog.close}>${common.say('cancel')}</button>
      <button part="button primary" class="primary" aria-disabled=${busy}>${common.say(unknown ? 'again' : 'save')}</button>
    </div>`;
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const draft = this.#draft;
    if (!draft || this.#change.busy) {
      return;
    }
    this.#missing = this.#missingIn(draft);
    if (!(this.#missing || this.#change.unknown)) {
      this.#change.clear();
    }
    const made =
      !this.#missing &&
      (this.#change.unknown
        ? await this.#change.again()
        : await save(this.#host, this.#change, draft, (id) => {
            this.#saved = id;
          }));
    if (made) {
      this.#dialog.close();
    } else {
      await this.#show();
    }
  };

  /** Brings the reader to what is wrong. */
  async #show(): Promise<void> {
    const { renderRoot } = this.#host;
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    const field = this.#wrong?.field;
    const first = field === 'permissions' ? '[type=checkbox]' : `#${field}`;
    renderRoot.querySelector<HTMLElement>(`dialog[open] ${first}`)?.focus();
  }

  #missingIn({ definition }: Draft): Wrong | undefined {
    const { words } = this.#host;
    if (!definition.title) {
      return { field: 'title', message: words.say('name_missing') };
    }
    return definition.permissions.length > 0 ? undefined : { field: 'permissions', message: words.say('none_chosen') };
  }
}

/** What a problem is about, if that is a field: another role has the title, or the API says what is wrong with it. */
function wrongOf(problem: Problem, taken: string): Wrong | undefined {
  if (problem.code === 'conflict') {
    return { field: 'title', message: taken };
  }
  return problem.code === 'invalid_request'
    ? problem.errors.find(({ field }) => ['title', 'description', 'permissions'].includes(field))
    : undefined;
}
