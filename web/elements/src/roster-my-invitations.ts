/** `roster-my-invitations`: the card of the invitations that wait for who is signed in. */

import './roster-session.ts';
import { html, nothing } from 'lit';
import { Change } from './base/change.ts';
import { define } from './base/define.ts';
import { type Content, RosterElement } from './base/element.ts';
import { emit } from './base/events.ts';
import { face } from './base/face.ts';
import { problemIn } from './base/form.ts';
import { accept, decline } from './session/answering.ts';
import type { Client, Received } from './session/api.ts';
import { base } from './styles/base.ts';
import { mine } from './words/en/mine.ts';
import { shownList, until } from './words/format.ts';
import { sayer } from './words/say.ts';

/**
 * The invitations that wait for who is signed in, each with "Accept" and "Decline".
 *
 * @element roster-my-invitations
 * @attr {boolean} hide-empty - Shows nothing while there is no invitation.
 * @fires {CustomEvent} roster-accepted - An invitation was accepted.
 * @fires {CustomEvent} roster-declined - An invitation was declined.
 * @fires {CustomEvent} roster-count - How many there are has changed.
 */
export class RosterMyInvitations extends RosterElement {
  static override properties = { hideEmpty: { type: Boolean, attribute: 'hide-empty' } };
  static override styles = [base];

  hideEmpty = false;
  readonly #words = sayer('mine', mine, () => this.speech);
  readonly #change = new Change(this);
  #about: string | undefined;
  #act: 'accept' | 'decline' | undefined;
  #count: number | undefined;

  get #items(): readonly Received[] | undefined {
    // Nobody can be invited by an address that is not verified: nothing is asked then.
    return this.store?.me.data?.email_verified ? this.store.received.ask().items : [];
  }

  protected override content(): Content {
    const items = this.#items;
    const problem = this.store?.received.problem;
    if (!items) {
      return problem ? this.trouble(problem) : this.skeleton();
    }
    return items.length > 0 ? html`${items.map((one) => this.#card(one))}` : this.#empty();
  }

  #empty(): Content {
    if (this.hideEmpty) {
      return nothing;
    }
    const verified = this.store?.me.data?.email_verified;
    return html`<div class="pad" part="empty"><p class="muted">
      ${verified ? this.#words.say('empty') : this.unverified()}
    </p></div>`;
  }

  #card(invitation: Received): Content {
    const { organization, invited_by, role_titles } = invitation;
    const { busy } = this.#change;
    return html`<section class="pad" part="row" aria-labelledby=${`title-${invitation.id}`}>
      <p class="small muted">${this.#words.say('title')}</p>
      <div class="line">
        ${face(organization.name, 'square')}
        <div class="grow">
          <h2 part="name" id=${`title-${invitation.id}`}><bdi>${organization.name}</bdi></h2>
          <p class="muted small">${this.#invited(invited_by?.name ?? invited_by?.email, role_titles)}
            ${until(invitation.expires_at, new Date(), this.speech)}</p>
        </div>
      </div>
      ${invitation.message ? html`<p><bdi>${invitation.message}</bdi></p>` : nothing}
      ${this.#about === invitation.id ? problemIn(this, this.#change) : nothing}
      <div class="line wrap">
        <button part="button primary" class="primary" ?disabled=${busy} @click=${() => this.#accept(invitation)}>
          ${this.#words.say('accept')}
        </button>
        <button part="button" ?disabled=${busy} @click=${() => this.#decline(invitation)}>${this.#words.say('decline')}</button>
      </div>
    </section>`;
  }

  #invited(by: string | null | undefined, titles: readonly string[]): unknown {
    const roles = shownList(titles, this.speech);
    return by ? this.#words.show('invited', { name: by, roles }) : this.#words.show('invited_by_nobody', { roles });
  }

  #accept(invitation: Received): Promise<boolean> {
    return this.#answer('accept', accept, invitation, () => {
      this.announce(this.#words.say('accepted', { organization: invitation.organization.name }));
      emit(this, 'accepted', idsOf(invitation));
    });
  }

  #decline(invitation: Received): Promise<boolean> {
    return this.#answer('decline', decline, invitation, () => {
      this.announce(this.#words.say('declined', { organization: invitation.organization.name }));
      emit(this, 'declined', idsOf(invitation));
    });
  }

  #answer(act: 'accept' | 'decline', answer: typeof accept, invitation: Received, done: () => void): Promise<boolean> {
    const { store } = this;
    if (this.#change.unknown && this.#about === invitation.id && this.#act === act) {
      return this.#change.again();
    }
    this.#about = invitation.id;
    this.#act = act;
    const detail = idsOf(invitation);
    const make = async (client: Client, key: string): Promise<void> => {
      if (store) {
        await answer(store, client, { ...invitation, ...detail }, key);
      }
    };
    return this.#change.run({ act, detail, make, done });
  }

  protected override updated(): void {
    const count = this.store?.me.data && this.#items?.length;
    if (count !== undefined && count !== this.#count) {
      this.#count = count;
      emit(this, 'count', { count });
    }
  }
}

const idsOf = ({ id, organization_id }: Received) => ({ organization_id, invitation_id: id });

define('roster-my-invitations', RosterMyInvitations);

declare global {
  interface HTMLElementTagNameMap {
    'roster-my-invitations': RosterMyInvitations;
  }
}
