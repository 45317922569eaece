/** `roster-settings`: what can be set for an organization and for oneself, and what ends one's part in it. */

import './roster-session.ts';
import { css, html, nothing } from 'lit';
import { Change } from './base/change.ts';
import { Confirm } from './base/confirm.ts';
import { define } from './base/define.ts';
import type { Back } from './base/dialog.ts';
import type { Content } from './base/element.ts';
import { emit } from './base/events.ts';
import { leave, leaveLabel, leaveLost } from './base/leaving.ts';
import { OrganizationElement } from './base/organization.ts';
import type { Organization } from './session/api.ts';
import { OrganizationForms } from './settings/organization.ts';
import { OwnForm } from './settings/own.ts';
import { Transfer } from './settings/transfer.ts';
import { sameName, typedName } from './settings/typed-name.ts';
import { base } from './styles/base.ts';
import { forms } from './styles/forms.ts';
import { layers } from './styles/layers.ts';
import { settings } from './words/en/settings.ts';
import { sayer } from './words/say.ts';

/** The fragment that a mail's link to one's own settings has. */
const YOU = '#you';

/**
 * The settings of an organization, as far as they may be changed, and one's own.
 *
 * @element roster-settings
 * @attr {string} organization - The organization's id. Without it, the session's active one.
 * @fires {CustomEvent} roster-renamed - The organization has another name.
 * @fires {CustomEvent} roster-transferred - The ownership has gone to somebody else.
 * @fires {CustomEvent} roster-left - The person has left.
 * @fires {CustomEvent} roster-deleted - The organization was deleted.
 */
export class RosterSettings extends OrganizationElement {
  static override styles = [
    base,
    forms,
    layers,
    css`
      section {
        display: grid;
        gap: calc(var(--_space) * 4);
        padding: calc(var(--_space) * 6) var(--_edge);
        border-bottom: 1px solid var(--_border);
      }
      section:last-of-type {
        border-bottom: 0;
      }
      section > form {
        justify-items: start;
        max-width: 440px;
      }
      form > label {
        width: 100%;
      }
      .hint {
        padding-inline-start: calc(16px + var(--_space) * 2.5);
      }
      .ending {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: calc(var(--_space) * 3);
      }
      .ending > p {
        flex: 1 1 240px;
      }
    `,
  ];

  readonly words = sayer('settings', settings, () => this.speech);
  readonly #forms = new OrganizationForms(this);
  readonly #own = new OwnForm(this);
  readonly #ending = new Confirm(this, new Change(this));
  readonly #transfer = new Transfer(this);
  #typed = '';
  #shown = false;
  #of: unknown;

  protected override content(): Content {
    const { organization, self } = this.team;
    const me = this.store?.me.data;
    return organization.data && me
      ? html`${this.may('organization:update') ? this.#forms.render(organization.data) : nothing}
          ${this.#own.render(me)}
          ${this.may('ownership:transfer') ? this.#transferring() : nothing}
          ${self.data?.can.leave ? this.#leaving() : nothing}
          ${this.may('organization:delete') ? this.#deleting(organization.data) : nothing}
          ${this.#ending.render()} ${this.#transfer.render()}`
      : nothing;
  }

  #transferring(): Content {
    const act = this.words.say('transfer');
    return this.#end(act, this.words.say('transfer_hint'), (back) => this.#transfer.ask(back));
  }

  #leaving(): Content {
    return this.#end(leaveLabel(this), leaveLost(this), (back) => leave(this, this.#ending, back));
  }

  #deleting(organization: Organization): Content {
    const act = this.words.say('delete');
    return this.#end(act, this.words.say('delete_lost'), (back) => this.#askToDelete(organization, back), 'bad');
  }

  /** Something that ends one's part in the organization, or the organization itself. */
  #end(act: string, hint: string, press: (back: Back) => void, tone = ''): Content {
    const pressed = (event: Event): void => {
      const button = event.currentTarget as HTMLElement;
      press(() => button);
    };
    return html`<section class="ending">
      <p class="muted">${hint}</p>
      <button part="button" class=${tone} @click=${pressed}>${act}</button>
    </section>`;
  }

  #askToDelete({ name }: Organization, back: Back): void {
    const { organizationId: organization_id } = this;
    const { change } = this.#ending;
    this.#typed = '';
    void this.#ending.ask({
      title: () => this.words.say('delete_title', { organization: name }),
      lost: () => this.words.say('delete_lost'),
      act: () => this.words.say('delete'),
      back,
      fields: () =>
        typedName(this.common.show('to_confirm', { name }), (typed) => {
          this.#typed = typed;
          this.requestUpdate();
        }),
      ready: () => sameName(this.#typed, name),
      confirm: () =>
        change.run({
          act: 'delete',
          detail: { organization_id },
          make: (client, idempotencyKey) =>
            client.DELETE('/organizations/{organization_id}', {
              params: { path: { organization_id } },
              idempotencyKey,
            }),
          done: () => {
            emit(this, 'deleted', { organization_id });
            return this.farewell(this.words.say('deleted', { organization: name }));
          },
        }),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#toYou);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#toYou);
  }

  protected override updated(): void {
    if (this.#of !== this.of) {
      this.#of = this.of;
      for (const form of this.renderRoot.querySelectorAll('form')) {
        form.reset();
      }
    }
    if (!this.#shown && this.renderRoot.querySelector(YOU)) {
      this.#shown = true;
      this.#toYou();
    }
  }

  /** A mail's link leads to one's own settings. */
  readonly #toYou = (): void => {
    if (location.hash === YOU) {
      this.renderRoot.querySelector(YOU)?.scrollIntoView();
      void this.focusNext();
    }
  };
}

define('roster-settings', RosterSettings);

declare global {
  interface HTMLElementTagNameMap {
    'roster-settings': RosterSettings;
  }
}
