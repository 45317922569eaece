/** `roster-invite`: the dialog that invites several addresses at once. */

import './roster-session.ts';
import { css, html } from 'lit';
import { closed } from './base/closed.ts';
import { define } from './base/define.ts';
import { Dialog } from './base/dialog.ts';
import type { Content } from './base/element.ts';
import { allowed, emit } from './base/events.ts';
import { problemIn } from './base/form.ts';
import { meterStyle } from './base/meter.ts';
import { OrganizationElement } from './base/organization.ts';
import { type Offer, rolesField } from './base/roles-field.ts';
import { type Draft, draftOf } from './invite/draft.ts';
import { chips, entries } from './invite/entries.ts';
import { cleaned, messageField, wrongIn } from './invite/message.ts';
import { offersOf } from './invite/offers.ts';
import { hasSeat, room } from './invite/room.ts';
import type { Organization } from './session/api.ts';
import { base } from './styles/base.ts';
import { forms } from './styles/forms.ts';
import { layers } from './styles/layers.ts';
import { invite } from './words/en/invite.ts';
import { sayer } from './words/say.ts';

/**
 * A dialog that invites several addresses at once, pasted in any form. It shows nothing until `open()` is called.
 *
 * @element roster-invite
 * @attr {string} organization - The organization's id. Without it, the session's active one.
 * @fires {CustomEvent} roster-sent - Invitations were sent.
 * @fires {CustomEvent} roster-upgrade - "Upgrade" was pressed. Unless it is cancelled, the same tab goes to `url`.
 */
export class RosterInvite extends OrganizationElement {
  static override styles = [
    base,
    forms,
    layers,
    meterStyle,
    css`
      :host {
        display: contents;
      }
      dialog > [role='status']:not(:empty) {
        position: static;
        width: auto;
        height: auto;
        clip-path: none;
        white-space: normal;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .wrong {
        display: grid;
      }
      .chip {
        padding: 2px 8px;
        border-radius: 6px;
        background: var(--_tint);
        font-size: 0.8125rem;
      }
      .no {
        background: none;
        box-shadow: inset 0 0 0 1px;
        color: var(--_danger);
      }
      .sent::before {
        content: '✓ ' / '';
        color: var(--_success);
      }
    `,
  ];

  readonly words = sayer('invite', invite, () => this.speech);
  readonly #dialog = new Dialog(this);
  /** The field that has to be filled in first. */
  #missing: 'addresses' | 'role' | undefined;
  #typing = false;
  /** What the dialog was opened for. */
  #opened: string | undefined;

  /** Who was removed meanwhile is told so in the dialog, whatever the session's active organization is by then. */
  override get about(): string | undefined {
    const opened = this.#dialog.open ? this.#opened : undefined;
    return opened && this.store?.isLost(opened) ? opened : super.about;
  }

  /**
   * Opens the dialog. What was typed and not sent stands in it.
   * @public
   */
  async open(): Promise<void> {
    if (this.#dialog.open) {
      return;
    }
    const title = (): string => {
      const organization = this.about && this.store?.team(this.about).organization.data?.name;
      return organization ? this.words.say('title', { organization }) : this.words.say('invite');
    };
    if (this.about && this.store?.ready) {
      this.#draft.begin();
      void this.team.organization.read();
    }
    this.#missing = undefined;
    this.#opened = this.about;
    await this.#dialog.show({
      title,
      body: () => super.gate() ?? this.#body(),
    });
  }

  protected override gate(): undefined {
    // What would stand in place of the dialog, stands in it.
  }

  protected override content(): Content {
    return this.#dialog.render();
  }

  protected override ask(): void {
    if (this.may('members:read')) {
      this.team.roles.ask();
    }
  }

  get #draft(): Draft {
    if (!this.store) {
      throw new Error('There is no session.');
    }
    return draftOf(this.store, this.organizationId);
  }

  /** The roles that are chosen: at first the last one of the product's own, which can do least. */
  #chosen(offers: readonly Offer[]): string[] {
    const possible = offers.filter(({ full }) => !full).map(({ role }) => role);
    const least = possible.findLast(({ custom }) => !custom) ?? possible.at(-1);
    const { roles = [least?.id] } = this.#draft;
    return possible.map(({ id }) => id).filter((id) => roles.includes(id));
  }

  #body(): Content {
    const { organization, roles, self } = this.team;
    if (!(this.store?.me.data?.email_verified || !this.may('invitations:manage'))) {
      return html`<p>${this.unverified()}</p>
        <div class="actions">
          ${this.#close()}
          <button part="button primary" class="primary" @click=${this.askToSignIn}>${this.common.say('verify')}</button>
        </div>`;
    }
    if (!(self.data?.invitable_roles?.length && organization.data)) {
      return closed(this);
    }
    const offers = offersOf(this);
    if (offers.length === 0) {
      return roles.problem ? this.trouble(roles.problem) : this.skeleton();
    }
    return this.#form(organization.data, offers);
  }

  #form(organization: Organization, offers: readonly Offer[]): Content {
    const draft = this.#draft;
    const { busy, unknown } = draft;
    const locked = busy || unknown;
    const count = draft.addresses.length;
    const missing = this.#missing;
    return html`<form novalidate @submit=${this.#submit}>
      ${chips(this, draft.sent, 'sent', this.words.say('sent_list'))}
      <div class="label">
        <label for="addresses">${this.words.say('addresses')}</label>
        <textarea part="field" id="addresses" rows="3" dir="ltr" autofocus autocapitalize="off" spellcheck="false"
          .value=${draft.text} ?readonly=${locked} aria-invalid=${missing === 'addresses'} aria-describedby="count wrong"
          @input=${this.#typed} @change=${this.#finished}></textarea>
        <p id="count" class=${missing === 'addresses' ? 'error' : 'muted small'}>
          ${count > 0 ? this.words.say('count', { count }) : this.words.say(missing === 'addresses' ? 'no_address' : 'addresses_hint')}
        </p>
        ${entries(this, draft, this.#typing)}
      </div>
      ${rolesField(this, {
        label: this.words.say('role'),
        offers,
        several: organization.several_roles,
        chosen: this.#chosen(offers),
        locked,
        wrong: missing === 'role' ? this.words.say('no_role') : undefined,
        choose: (roles) => {
          draft.roles = roles;
          this.#missing = undefined;
          this.requestUpdate();
        },
      })}
      ${messageField(this, draft.message, locked, (message) => {
        draft.message = message;
      })}
      ${room(this, organization, offers, count)} ${problemIn(this, draft)}
      <div class="actions">
        ${this.#close()}
        <button part="button primary" class="primary" id="send" aria-disabled=${busy} ?disabled=${!(unknown || hasSeat(organization))}>
          ${unknown ? this.common.say('again') : this.words.say('send')}
        </button>
      </div>
    </form>`;
  }

  #close(): Content {
    return html`<button type="button" part="button" id="close" @click=${this.#dialog.close}>${this.common.say('close')}</button>`;
  }

  readonly #typed = (event: InputEvent): void => {
    const draft = this.#draft;
    draft.text = (event.target as HTMLTextAreaElement).value;
    // What is pasted is finished; what is typed is not, until something comes after it.
    this.#typing = event.inputType !== 'insertFromPaste' && /[^\s,;]$/u.test(draft.text);
    this.#missing = undefined;
    this.requestUpdate();
  };

  readonly #finished = (): void => {
    this.#typing = false;
    this.requestUpdate();
  };

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.#finished();
    const { organizationId: organization_id, store } = this;
    const draft = this.#draft;
    if (draft.busy || !store) {
      return;
    }
    const roles = this.#chosen(offersOf(this));
    if (!(draft.unknown || this.#ready(draft, roles))) {
      return;
    }
    const invitation_ids = await draft.send({
      host: this,
      store,
      roles,
      message: cleaned(draft.message),
      told: (done, total) => this.#dialog.announce(this.words.say('progress', { done, total })),
    });
    const sent = invitation_ids.length;
    if (sent > 0) {
      emit(this, 'change', { type: 'invite', organization_id, invitation_ids });
      emit(this, 'sent', { organization_id, invitation_ids });
    }
    const failed = draft.entries.length;
    // All answers are one sentence; that there is none, is a problem.
    if (sent > 0 || !draft.problem) {
      const place = this.#dialog.open ? this.#dialog : this;
      place.announce(this.words.say(failed > 0 ? 'results' : 'sent', { sent, failed, count: sent }));
    }
    store.refresh();
    this.#focus(draft.problem ? 'send' : failed > 0 ? 'addresses' : 'close');
  };

  /** Whether everything is there, and the page allows it. */
  #ready({ addresses: emails, message }: Draft, roles: readonly string[]): boolean {
    this.#missing = emails.length === 0 ? 'addresses' : roles.length === 0 ? 'role' : undefined;
    const first = this.#missing ?? (wrongIn(message) ? 'message' : undefined);
    if (first) {
      this.#focus(first);
      return false;
    }
    return allowed(this, 'invite', { organization_id: this.organizationId, emails, roles });
  }

  /** The first checkbox stands for the field of roles. */
  #focus(id: string): void {
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`#${id}${id === 'role' ? ', fieldset input' : ''}`)?.focus(),
    );
  }
}

define('roster-invite', RosterInvite);

declare global {
  interface HTMLElementTagNameMap {
    'roster-invite': RosterInvite;
  }
}
