/** `roster-invite`: the dialog that invites several addresses at once. */

import './roster-session.ts';
import { css, html, nothing } from 'lit';
import { closed } from './base/closed.ts';
import { define } from './base/define.ts';
import { Dialog } from './base/dialog.ts';
import type { Content } from './base/element.ts';
import { allowed, emit } from './base/events.ts';
import { OrganizationElement } from './base/organization.ts';
import { type Offer, offersOf, rolesField } from './base/roles-field.ts';
import { upgrade } from './base/upgrade.ts';
import { type Draft, draftOf } from './invite/draft.ts';
import { chips, entries } from './invite/entries.ts';
import { cleaned, messageField, wrongIn } from './invite/message.ts';
import { hasRoom, seats } from './invite/seats.ts';
import { type Organization, Problem } from './session/api.ts';
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
 * @fires {CustomEvent} roster-upgrade - Somebody wants a larger plan. Unless it is cancelled, the page goes to `url`.
 */
export class RosterInvite extends OrganizationElement {
  static override styles = [
    base,
    forms,
    layers,
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
      .label > :not(label) {
        font-weight: 400;
      }
      .chip {
        padding: 2px 8px;
        border-radius: 6px;
        background: var(--_tint);
        font-size: 0.8125rem;
        font-weight: 400;
      }
      .no {
        background: none;
        outline: 1px solid var(--_danger);
        outline-offset: -1px;
        color: var(--_danger);
      }
      .sent::before {
        content: '✓ ' / '';
        color: var(--_success);
      }
      .hint {
        display: block;
      }
      .seats {
        display: grid;
        gap: 6px;
        color: var(--_accent);
      }
      .seats.fail {
        color: var(--_danger);
      }
      .meter {
        width: 100%;
        height: 6px;
        border-radius: 9px;
        background: var(--_border);
      }
      .typed {
        opacity: 0.4;
      }
    `,
  ];

  readonly words = sayer('invite', invite, () => this.speech);
  readonly #dialog = new Dialog(this);
  #missing: 'no_address' | 'no_role' | undefined;
  #typing = false;

  /** Opens the dialog. What was typed and not sent stands in it. */
  async open(): Promise<void> {
    if (this.#dialog.open) {
      return;
    }
    const title = (): string => {
      const organization = this.about && this.store?.me.data && this.team.organization.data?.name;
      return organization ? this.words.say('title', { organization }) : this.words.say('invite');
    };
    if (this.store?.ready && this.about) {
      this.#draft.sent = [];
      void this.team.organization.read();
    }
    this.#missing = undefined;
    await this.#dialog.show({
      get title() {
        return title();
      },
      body: () => super.gate() ?? this.#body(),
      // The browser brings the focus back to what had it.
      back: () => undefined,
    });
  }

  protected override gate(): undefined {
    // Where there is no dialog, nothing stands in its place.
  }

  protected override content(): Content {
    return this.#dialog.render();
  }

  get #draft(): Draft {
    if (!this.store) {
      throw new Error('There is no session.');
    }
    return draftOf(this.store, this.organizationId);
  }

  get #offers(): readonly Offer[] {
    const { organization, roles, self } = this.team;
    const ids = self.data?.invitable_roles ?? [];
    const known = this.may('members:read') ? roles.ask().data?.items : [];
    return organization.data && self.data && known ? offersOf(ids, known, organization.data, self.data) : [];
  }

  /** The roles to invite to: at first the last one of the product's own, which can do least. */
  get #chosen(): string[] {
    const possible = this.#offers.filter(({ full }) => !full).map(({ role }) => role);
    const ids = possible.map(({ id }) => id);
    const least = possible.findLast(({ custom }) => !custom)?.id ?? ids.at(-1);
    return (this.#draft.roles ?? [least ?? '']).filter((id) => ids.includes(id));
  }

  #body(): Content {
    const { organization, roles, self } = this.team;
    if (!(this.may('invitations:manage') && organization.data)) {
      return closed(this);
    }
    if (!this.store?.me.data?.email_verified) {
      return html`<p>${this.unverified()}</p>
        <div class="actions">
          ${this.#close()}
          <button part="button primary" class="primary" @click=${this.askToSignIn}>${this.common.say('verify')}</button>
        </div>`;
    }
    if (!self.data?.invitable_roles?.length) {
      return closed(this);
    }
    if (this.#offers.length === 0) {
      return roles.problem ? this.trouble(roles.problem) : this.skeleton();
    }
    return this.#form(organization.data);
  }

  #form(organization: Organization): Content {
    const draft = this.#draft;
    const { busy, problem, unknown } = draft;
    const locked = busy || unknown;
    const count = draft.addresses.length;
    const room = hasRoom(organization);
    return html`<form novalidate @submit=${this.#submit}>
      ${chips(this, draft.sent, 'sent', 'sent')}
      <span id="sent" hidden>${this.words.say('sent_list')}</span>
      ${this.#box(draft, locked)}
      ${this.#roles(organization, draft, locked)}
      ${messageField(this.words, draft.message, locked, (message) => {
        draft.message = message;
        this.requestUpdate();
      })}
      ${room ? nothing : html`<p part="error" class="error">${this.problemText(noSeat(organization))}</p>`}
      ${seats(this, organization, count)}
      ${
        problem
          ? html`<p part="error" class="error" role="alert">${unknown ? this.words.say('unknown_outcome') : this.problemText(problem)}</p>`
          : nothing
      }
      <div class="actions">
        ${this.#close()}
        <button part="button primary" class="primary" id="send" ?disabled=${busy || !(room || unknown)}>
          ${unknown ? this.common.say('again') : this.words.say('send')}
        </button>
      </div>
    </form>`;
  }

  #box(draft: Draft, locked: boolean): Content {
    const count = draft.addresses.length;
    const listed = entries(this, draft, this.#typing);
    const missing = this.#missing === 'no_address';
    return html`<div class="label">
      <label for="addresses">${this.words.say('addresses')}</label>
      <textarea part="field" id="addresses" rows="3" autofocus autocomplete="off" autocapitalize="off" spellcheck="false"
        .value=${draft.text} ?readonly=${locked} aria-invalid=${missing ? 'true' : nothing} aria-describedby="count wrong"
        @input=${this.#typed} @change=${this.#finished}></textarea>
      <p id="count" class=${missing ? 'error' : 'muted small'} role=${missing ? 'alert' : nothing}>
        ${missing ? this.words.say('no_address') : count > 0 ? this.words.say('count', { count }) : this.words.say('addresses_hint')}
      </p>
      ${listed}
    </div>`;
  }

  #roles(organization: Organization, draft: Draft, locked: boolean): Content {
    const offers = this.#offers;
    const [full] = offers.filter((offer) => offer.full);
    return html`${rolesField(this, {
      label: this.words.say('role'),
      offers,
      several: organization.several_roles,
      chosen: this.#chosen,
      locked,
      wrong: this.#missing === 'no_role' ? this.words.say('no_role') : undefined,
      choose: (roles) => {
        draft.roles = roles;
        this.#missing = undefined;
        this.requestUpdate();
      },
    })}
    ${
      full
        ? html`<div class="line wrap"><p class="muted small grow">${this.problemText(noRole(organization, full))}</p>
            ${upgrade(this, organization.id, organization.upgrade_url)}</div>`
        : nothing
    }`;
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
    this.#typing = false;
    const draft = this.#draft;
    const roles = this.#chosen;
    const emails = draft.addresses;
    const { organizationId: organization_id, store } = this;
    if (draft.busy || !store) {
      return;
    }
    if (!draft.unknown) {
      this.#missing = emails.length === 0 ? 'no_address' : roles.length === 0 ? 'no_role' : undefined;
      const wrong = this.#missing
        ? this.#missing === 'no_role'
          ? 'role'
          : 'addresses'
        : wrongIn(draft.message) && 'message';
      if (wrong) {
        this.#focus(wrong);
        return;
      }
      if (!allowed(this, 'invite', { organization_id, emails, roles })) {
        return;
      }
    }
    const sending = draft.send(this, store, roles, cleaned(draft.message));
    const invitation_ids = await sending;
    this.#say(draft, invitation_ids.length);
    if (invitation_ids.length > 0) {
      emit(this, 'change', { type: 'invite', organization_id, invitation_ids });
      emit(this, 'sent', { organization_id, invitation_ids });
    }
    store.refresh();
    this.#focus(draft.problem ? 'send' : draft.text ? 'addresses' : 'close');
  };

  /** All answers are one sentence. */
  #say(draft: Draft, sent: number): void {
    const failed = draft.entries.length;
    if (draft.problem && sent === 0) {
      return; // which is an alert
    }
    this.#dialog.announce(
      failed > 0 ? this.words.say('results', { sent, failed }) : this.words.say('sent', { count: sent }),
    );
  }

  #focus(id: string): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${id}, fieldset input`)?.focus());
  }
}

const noSeat = ({ limits, plan }: Organization): Problem =>
  new Problem({ code: 'plan_limit', status: 409, detail: '', limit: 'members', maximum: limits.members, plan });

const noRole = ({ limits, plan }: Organization, { role }: Offer): Problem =>
  new Problem({
    code: 'plan_limit',
    status: 409,
    detail: '',
    plan,
    ...(role.custom ? { limit: 'custom_roles', maximum: 0 } : { limit: 'owners', maximum: limits.owners }),
  });

define('roster-invite', RosterInvite);

declare global {
  interface HTMLElementTagNameMap {
    'roster-invite': RosterInvite;
  }
}
