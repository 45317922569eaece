/** `roster-switcher`: the active organization, and the way to the others. */

import './roster-session.ts';
import { html } from 'lit';
import { Change } from './base/change.ts';
import { define } from './base/define.ts';
import { Dialog } from './base/dialog.ts';
import { type Content, RosterElement } from './base/element.ts';
import { emit } from './base/events.ts';
import { face } from './base/face.ts';
import { problemIn } from './base/form.ts';
import { move, place } from './base/popover.ts';
import { Answers } from './invitation/answers.ts';
import { cards, offers } from './invitation/cards.ts';
import type { Client, Joined } from './session/api.ts';
import { base } from './styles/base.ts';
import { forms } from './styles/forms.ts';
import { layers } from './styles/layers.ts';
import { offered } from './styles/offered.ts';
import { look } from './switcher/look.ts';
import { switcher } from './words/en/switcher.ts';
import { shownList } from './words/format.ts';
import { sayer } from './words/say.ts';

/**
 * The active organization as a button. It opens a list: the person's other organizations, their open invitations, and
 * "Create organization". The lists are read when it is opened.
 *
 * @element roster-switcher
 * @attr {string} organization - The id of the organization that is shown. Without it, the session's active one.
 * @attr {'none'} create - Leaves out "Create organization".
 * @fires {CustomEvent} roster-switched - Another organization is the active one now.
 * @fires {CustomEvent} roster-created - An organization was created. It is the active one now.
 * @fires {CustomEvent} roster-accepted - An invitation was accepted. Its organization is the active one now.
 * @fires {CustomEvent} roster-declined - An invitation was declined.
 * @csspart button - A button.
 * @csspart row - One of the organizations, or of the invitations.
 * @csspart name - The name of an organization.
 * @csspart role - The person's roles there.
 * @csspart dialog - The dialog that creates an organization.
 */
export class RosterSwitcher extends RosterElement {
  static override properties = { organization: {}, create: {} };
  static override styles = [base, forms, layers, offered, look];

  organization: string | undefined;
  create: 'none' | undefined;
  readonly #words = sayer('switcher', switcher, () => this.speech);
  readonly #change = new Change(this);
  readonly #dialog = new Dialog(this);
  readonly #answers = new Answers(this, (act) => act === 'accept' && this.#list?.hidePopover());
  #open = false;

  override get about(): string | undefined {
    return this.organization || this.store?.active;
  }

  get #list(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('[popover]');
  }

  protected override skeleton(): Content {
    return html`<span class="button trigger"><i class="bone grow"></i></span>`;
  }

  protected override signIn(): Content {
    return html`<button part="button" @click=${this.askToSignIn}>${this.common.say('sign_in')}</button>`;
  }

  protected override content(): Content {
    const { about, store } = this;
    const here = about && store?.team(about).organization.ask();
    const name = here ? here.data?.name : this.#words.say('label');
    return html`<div @keydown=${this.#keys}>
        <button part="button" class="trigger" popovertarget="list">
          ${name && here ? face(name, 'square') : ''}
          <bdi class="grow" part="name">${name ?? (here && here.problem ? this.#words.say('label') : html`<i class="bone"></i>`)}</bdi>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2l4 4H4zM8 14l4-4H4z" /></svg>
        </button>
        <div id="list" class="menu" popover role="group" aria-label=${this.#words.say('label')} @beforetoggle=${this.#toggled}>
          ${this.#open ? this.#lists() : ''}
        </div>
      </div>
      ${this.#dialog.render()}`;
  }

  #lists(): Content {
    const { about, store } = this;
    const organizations = store?.organizations.ask();
    const items = organizations?.items;
    const waiting = offers(this, this.#answers) ?? [];
    const create = this.create !== 'none' && store?.me.data?.can.create_organization;
    return html`
      ${items?.filter(({ organization }) => organization.id === about).map((one) => html`<div class="line" part="row">${this.#row(one)}<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6.5 12.5l-4-4 1.1-1.1 2.9 2.9 5.9-5.9 1.1 1.1z" /></svg></div>`)}
      ${waiting.length > 0 ? html`<h3 class="pad small muted">${this.#words.say('invitations', { count: waiting.length })}</h3>` : ''}
      ${cards(this, this.#answers, waiting)}
      ${problemIn(this, this.#change)}
      ${
        items
          ?.filter(({ organization }) => organization.id !== about)
          .map(
            (one) =>
              html`<button part="row" class="quiet line" aria-labelledby=${`name-${one.organization.id}`} aria-describedby=${`role-${one.organization.id}`} @click=${() => this.#switch(one)}>${this.#row(one)}</button>`,
          ) ?? (organizations?.problem ? this.trouble(organizations.problem) : super.skeleton())
      }
      ${create ? html`<button part="button" class="quiet line create" @click=${this.#ask}>${this.#words.say('create')}</button>` : ''}`;
  }

  #row({ organization: { id, name }, role_titles }: Joined): Content {
    return html`${face(name, 'square')}<span class="grow">
      <bdi part="name" id=${`name-${id}`}>${name}</bdi>
      <span part="role" class="small muted" id=${`role-${id}`}>${shownList(role_titles, this.speech)}</span></span>`;
  }

  readonly #toggled = (event: Event): void => {
    const { store } = this;
    this.#open = (event as ToggleEvent).newState === 'open';
    if (this.#open) {
      place(event, 'start');
      this.#change.clear();
      void store?.organizations.read();
      if (store?.me.data?.email_verified) {
        void store.received.read();
      }
    }
    this.requestUpdate();
  };

  readonly #keys = async (event: KeyboardEvent): Promise<void> => {
    const list = this.#list;
    if (!list) {
      return;
    }
    if (!this.#open) {
      if (!/^Arrow(?:Down|Up)$/u.test(event.key)) {
        return;
      }
      event.preventDefault();
      list.showPopover();
      await this.updateComplete;
    }
    move(event, list);
  };

  #switch({ organization: { id, name } }: Joined): void {
    const { store } = this;
    const detail = { organization_id: id };
    void this.#change.run({
      act: 'switch',
      detail,
      make: async (_client, key) => store?.activate(id, key),
      done: () => {
        this.#list?.hidePopover();
        this.announce(this.#words.say('switched', { organization: name }));
        emit(this, 'switched', detail);
      },
    });
  }

  readonly #ask = (): void => {
    this.#list?.hidePopover();
    this.#change.clear();
    void this.#dialog.show({
      title: this.#words.say('create'),
      back: () => this.renderRoot.querySelector<HTMLElement>('.trigger'),
      body: () => html`<form @submit=${this.#create}>
        <label>${this.#words.say('name')}
          <input part="field" name="name" required maxlength="100" autocomplete="organization" autofocus ?readonly=${this.#change.unknown} />
        </label>
        ${problemIn(this, this.#change)}
        <div class="actions">
          <button type="button" part="button" @click=${this.#dialog.close}>${this.common.say('cancel')}</button>
          <button part="button primary" class="primary">
            ${this.#change.unknown ? this.common.say('again') : this.#words.say('create')}
          </button>
        </div>
      </form>`,
    });
  };

  readonly #create = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { store } = this;
    const name = String(new FormData(event.target as HTMLFormElement).get('name'));
    const make = async (client: Client, idempotencyKey: string): Promise<string> => {
      const { id, name: organization } = await client.POST('/organizations', { body: { name }, idempotencyKey });
      store?.joined({ organization: { id, name: organization }, role_titles: [] });
      await store?.activate(id);
      return id;
    };
    const done = (organization_id: string): void => {
      this.announce(this.#words.say('created', { organization: name.trim() }));
      emit(this, 'created', { organization_id });
    };
    const made = this.#change.unknown
      ? await this.#change.again()
      : await this.#change.run({ act: 'create', detail: { name }, make, done });
    if (made) {
      this.#dialog.close();
    }
  };
}

define('roster-switcher', RosterSwitcher);

declare global {
  interface HTMLElementTagNameMap {
    'roster-switcher': RosterSwitcher;
  }
}
