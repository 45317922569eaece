/** `roster-switcher`: the active organization, and the way to the others. */

import './roster-session.ts';
import { html, nothing } from 'lit';
import { Change } from './base/change.ts';
import { define } from './base/define.ts';
import { type Content, RosterElement } from './base/element.ts';
import { emit } from './base/events.ts';
import { face } from './base/face.ts';
import { problemIn } from './base/form.ts';
import { move, place } from './base/popover.ts';
import { accept, idsOf, type Offer, withLast } from './session/answering.ts';
import type { Client, Joined } from './session/api.ts';
import { base } from './styles/base.ts';
import { fields } from './styles/fields.ts';
import { menus } from './styles/menus.ts';
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
 */
export class RosterSwitcher extends RosterElement {
  static override properties = { organization: {}, create: {} };
  static override styles = [base, fields, menus, look];

  organization: string | undefined;
  create: 'none' | undefined;
  readonly #words = sayer('switcher', switcher, () => this.speech);
  readonly #change = new Change(this);
  /** The invitation that was answered last. */
  #last: Offer | undefined;
  #open = false;
  /** Whether a name is asked for, of an organization to create. It stays, when the list is closed, with what was typed. */
  #creating = false;

  override get about(): string | undefined {
    return this.organization || this.store?.active;
  }

  protected override skeleton(): Content {
    return html`<div class="button trigger"><i class="bone grow"></i></div>`;
  }

  protected override signIn(): Content {
    return this.signInButton();
  }

  protected override content(): Content {
    const { about, store } = this;
    const here = about ? store?.team(about).organization.ask() : undefined;
    const name = here?.data?.name;
    const label = this.#words.say('label');
    return html`<div @keydown=${this.#keys}>
      <button part="button" class="trigger" popovertarget="list" aria-label=${name ? nothing : label}>
        ${name ? face(name, 'square') : ''}
        <span class="grow" part="name" dir="auto">${name ?? (here && !here.problem ? html`<i class="bone"></i>` : label)}</span>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2l4 4H4zM8 14l4-4H4z" /></svg>
      </button>
      <div id="list" class="menu" popover role="group" aria-label=${label} @beforetoggle=${this.#toggled}>
        ${this.#creating ? this.#form() : this.#lists()}
      </div>
    </div>`;
  }

  #lists(): Content {
    const { about, store } = this;
    const { can, email_verified } = store?.me.data ?? {};
    const creates = this.create !== 'none' && can?.create_organization;
    const organizations = store?.organizations;
    const received = email_verified ? store?.received : undefined;
    // Closed, it stays as it was: what has the focus must not vanish before the button has it again.
    if (this.#open) {
      organizations?.ask();
      received?.ask();
    }
    const { items, problem } = organizations ?? {};
    const offers = withLast(received?.items, { change: this.#change, last: this.#last }) ?? [];
    const here = (one: Joined) => one.organization.id === about;
    return html`${items?.filter(here).map((one) => html`<div class="line" part="row">${this.#row(one)} ${CHECK}</div>`)}
      ${
        items?.filter((one) => !here(one)).map((one) => this.#other(one)) ??
        (problem ? this.trouble(problem) : super.skeleton())
      }
      ${offers.length > 0 ? html`<p class="pad small muted">${this.#words.say('invitations', { count: offers.length })}</p>` : ''}
      ${offers.map((offer) => this.#offer(offer))} ${problemIn(this, this.#change)}
      ${
        creates
          ? html`<button part="button" class="quiet line" @click=${this.#ask}>${face('+', 'square')} ${this.#words.say('create')}</button>`
          : ''
      }`;
  }

  #other(one: Joined): Content {
    return html`<button part="button row" class="quiet line" @click=${() => this.#switch(one)}>${this.#row(one)}</button>`;
  }

  #offer(offer: Offer): Content {
    const { organization_id: id, organization_name: name, role_titles } = offer;
    return html`<div class="line" part="row" role="group" aria-labelledby=${`name-${id}`}>
      ${this.#row({ organization: { id, name }, role_titles })}
      <button part="button" @click=${() => this.#accept(offer)}>${this.common.say('accept')}</button>
    </div>`;
  }

  #row({ organization: { id, name }, role_titles }: Joined): Content {
    return html`${face(name, 'square')}<span class="grow"><span part="name" dir="auto" id=${`name-${id}`}>${name}</span>
      <span part="role" class="small muted">${shownList(role_titles, this.speech)}</span></span>`;
  }

  #form(): Content {
    const { unknown } = this.#change;
    return html`<form class="pad" @submit=${this.#create}>
      <label>${this.#words.say('name')}
        <input part="field" name="name" required maxlength="100" autocomplete="organization" autofocus ?readonly=${unknown} />
      </label>
      ${problemIn(this, this.#change)}
      <div class="actions">
        <button type="button" part="button" @click=${this.#ask}>${this.common.say('cancel')}</button>
        <button part="button primary" class="primary">${unknown ? this.common.say('again') : this.#words.say('create')}</button>
      </div>
    </form>`;
  }

  get #list(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('#list');
  }

  readonly #toggled = (event: Event): void => {
    const { store } = this;
    this.#open = (event as ToggleEvent).newState === 'open';
    place(event, 'start');
    if (this.#open) {
      if (!this.#creating) {
        this.#change.clear();
      }
      void store?.organizations.read();
      if (store?.me.data?.email_verified) {
        void store.received.read();
      }
      this.requestUpdate();
    }
  };

  readonly #keys = async (event: KeyboardEvent): Promise<void> => {
    const list = this.#list;
    if (!list || this.#creating) {
      return;
    }
    if (!this.#open && event.key.startsWith('Arrow')) {
      event.preventDefault();
      list.showPopover();
      await this.updateComplete;
    }
    if (this.#open) {
      move(event, list);
    }
  };

  /** Asks for a name, or no longer. */
  readonly #ask = async (): Promise<void> => {
    this.#creating = !this.#creating;
    this.#change.clear();
    await this.updateComplete;
    // The field, or the button that asks.
    [...(this.#list?.querySelectorAll<HTMLElement>(this.#creating ? 'input' : 'button') ?? [])].at(-1)?.focus();
  };

  #switch({ organization: { id: organization_id, name } }: Joined): void {
    const { store } = this;
    const detail = { organization_id };
    void this.#change.run({
      act: 'switch',
      detail,
      make: async (_client, key) => store?.activate(organization_id, key),
      done: () => {
        this.#done(this.#words.say('switched', { organization: name }));
        emit(this, 'switched', detail);
      },
    });
  }

  #accept(offer: Offer): void {
    const { store } = this;
    const detail = idsOf(offer);
    this.#last = offer;
    void this.#change.run({
      act: 'accept',
      detail,
      make: async (client, key) => store && accept(store, client, offer, key),
      done: () => {
        this.#done(this.common.say('accepted', { organization: offer.organization_name }));
        emit(this, 'accepted', detail, true);
      },
    });
  }

  readonly #create = (event: SubmitEvent): void => {
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
      this.#creating = false;
      this.#done(this.#words.say('created', { organization: name.trim() }));
      emit(this, 'created', { organization_id });
    };
    void this.#change.run({ act: 'create', detail: { name }, make, done });
  };

  /** The list closes, and its button has the focus again, even if what had it is gone. */
  #done(said: string): void {
    this.#list?.hidePopover();
    this.renderRoot.querySelector('button')?.focus();
    this.announce(said);
  }
}

const CHECK = html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6.5 12.5l-4-4 1.1-1.1 2.9 2.9 5.9-5.9 1.1 1.1z" /></svg>`;

define('roster-switcher', RosterSwitcher);

declare global {
  interface HTMLElementTagNameMap {
    'roster-switcher': RosterSwitcher;
  }
}
