/** `roster-invitations`: the invitations that were sent, how each stands, and what to do. */

import './roster-session.ts';
import { css, html, nothing } from 'lit';
import { Change } from './base/change.ts';
import { Confirm } from './base/confirm.ts';
import { define } from './base/define.ts';
import type { Content } from './base/element.ts';
import { emit } from './base/events.ts';
import { moreOf } from './base/menu.ts';
import { OrganizationElement } from './base/organization.ts';
import { CopyLink } from './invitations/link.ts';
import { Resend } from './invitations/resend.ts';
import { row } from './invitations/row.ts';
import { type Listed, STATUSES } from './invitations/status.ts';
import { inviteButton } from './invite/button.ts';
import type { Invitation } from './session/api.ts';
import { List } from './session/list.ts';
import { base } from './styles/base.ts';
import { forms } from './styles/forms.ts';
import { layers } from './styles/layers.ts';
import { tables } from './styles/tables.ts';
import { invitations } from './words/en/invitations.ts';
import { invite } from './words/en/invite.ts';
import { sayer } from './words/say.ts';

/**
 * The invitations of an organization, each with its status, its delivery and what to do.
 *
 * @element roster-invitations
 * @attr {string} organization - The organization's id. Without it, the session's active one.
 * @fires {CustomEvent} roster-resent - An invitation was sent again.
 * @fires {CustomEvent} roster-canceled - An invitation was canceled.
 * @fires {CustomEvent} roster-sent - Invitations were sent.
 */
export class RosterInvitations extends OrganizationElement {
  static override styles = [
    base,
    forms,
    layers,
    tables,
    css`
      :host {
        --_indent: 0;
      }
      .toolbar > h2 {
        flex: 1 0 auto;
      }
      .toolbar > select {
        flex: 1 1 96px;
        max-width: 160px;
      }
      /* An address may break anywhere, and would where the sentences beside it are long. */
      th:first-child {
        width: 36%;
      }
      .badge + .small {
        margin-top: 2px;
      }
      .nowrap {
        white-space: nowrap;
      }
      @container (max-width: 640px) {
        td:nth-child(2) {
          grid-column: 1;
        }
        td.nowrap {
          grid-area: 2 / 2;
        }
      }
    `,
  ];

  readonly words = sayer('invitations', invitations, () => this.speech);
  readonly #invite = sayer('invite', invite, () => this.speech);
  readonly resend = new Resend(this);
  readonly link = new CopyLink(this);
  readonly #canceling = new Confirm(this, new Change(this));
  readonly #list = new List<Invitation>(this, {
    store: () => this.store,
    size: () => 50,
    page: (client, query, signal) =>
      client.GET('/organizations/{organization_id}/invitations', {
        params: { path: { organization_id: this.organizationId }, query: { ...query, status: this.#status } },
        signal,
      }),
  });
  #status: Listed | undefined;
  /** What was done to a row last. */
  #note: readonly [id: string, sentence: string] | undefined;

  /** An invitation as it was read last. */
  find(id: string): Invitation | undefined {
    return this.#list.items?.find((one) => one.id === id);
  }

  /** Reads them anew. */
  read(): Promise<void> {
    return this.#list.read();
  }

  /** Says what was done to an invitation, and beside it. */
  note(id: string, sentence: string): void {
    this.#note = [id, sentence];
    this.announce(sentence);
  }

  /** Asks whether an invitation shall be canceled. */
  cancel({ email, etag, id: invitation_id }: Invitation): void {
    const { words } = this;
    const detail = { organization_id: this.organizationId, invitation_id };
    const ids = this.#sorted.map((one) => one.id);
    const next = ids[ids.indexOf(invitation_id) + 1];
    void this.#canceling.ask({
      title: () => words.say('cancel_title', { email }),
      lost: () => words.show('cancel_lost', { email }),
      act: () => words.say('cancel'),
      back: () => moreOf(this, invitation_id) ?? moreOf(this, next ?? ''),
      confirm: () =>
        this.#canceling.change.run({
          act: 'cancel',
          detail,
          make: (client, idempotencyKey) =>
            client.DELETE('/organizations/{organization_id}/invitations/{invitation_id}', {
              params: { path: detail },
              idempotencyKey,
              ifMatch: this.find(invitation_id)?.etag ?? etag,
            }),
          done: async () => {
            emit(this, 'canceled', detail);
            await this.read();
            this.announce(words.say('canceled', { email })); // what is told behind the dialog nobody hears
          },
        }),
    });
  }

  protected override readonly permission = 'invitations:manage';

  protected override ask(): void {
    this.#list.ask();
    if (this.might('members:read')) {
      this.team.roles.ask();
    }
  }

  protected override content(): Content {
    const { items, problem } = this.#list;
    return html`${this.#toolbar()} ${items ? this.#shown(items) : problem ? this.trouble(problem) : super.skeleton()}
      ${this.resend.render()} ${this.link.render()} ${this.#canceling.render()}`;
  }

  #toolbar(): Content {
    const filter = (event: Event): void => {
      this.#status = ((event.target as HTMLSelectElement).value || undefined) as Listed | undefined;
      void this.#list.restart();
    };
    return html`<div class="toolbar" part="toolbar">
      <h2 tabindex="-1">${this.words.say('title')}</h2>
      <select part="field" aria-label=${this.words.say('status')} @change=${filter}>
        <option value="">${this.words.say('all')}</option>
        ${STATUSES.map((one) => html`<option value=${one} .selected=${one === this.#status}>${this.words.say(`status.${one}`)}</option>`)}
      </select>
      ${inviteButton(this)}
    </div>`;
  }

  /** Open ones first, and then those that were sent last: the API promises no order. */
  get #sorted(): readonly Invitation[] {
    const rank = ({ sent_at, status }: Invitation): string => `${status === 'pending' ? 1 : 0}${sent_at}`;
    return (this.#list.items ?? []).toSorted((one, other) => (rank(one) < rank(other) ? 1 : -1));
  }

  #shown(items: readonly Invitation[]): Content {
    const { busy, more, problem } = this.#list;
    if (items.length === 0 && !more) {
      return html`<div class="pad" part="empty"><p class="muted">${this.words.say(this.#status ? 'no_match' : 'empty')}</p></div>`;
    }
    return html`<table role="table" part="table" aria-label=${this.words.say('title')}>
        <thead role="rowgroup">
          <tr role="row">
            ${[
              this.words.say('address'),
              this.#invite.say('role'),
              this.words.say('status'),
              this.words.say('until'),
            ].map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}
            <th role="columnheader" scope="col"><span class="clipped">${this.words.say('actions')}</span></th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${this.#sorted.map((one) => row(this, one, this.#note?.[0] === one.id ? this.#note[1] : undefined))}
        </tbody>
      </table>
      ${problem ? this.trouble(problem) : nothing}
      ${
        more
          ? html`<div class="foot"><button part="button" aria-disabled=${busy} @click=${() => this.#list.next()}>${this.common.say('more')}</button></div>`
          : nothing
      }`;
  }
}

define('roster-invitations', RosterInvitations);

declare global {
  interface HTMLElementTagNameMap {
    'roster-invitations': RosterInvitations;
  }
}
