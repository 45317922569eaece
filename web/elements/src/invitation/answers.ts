/** Accepting and declining an invitation, by its link or by the signed-in address. */

import { html } from 'lit';
import { Change } from '../base/change.ts';
import type { Content, RosterElement } from '../base/element.ts';
import { emit } from '../base/events.ts';
import { problemIn } from '../base/form.ts';
import { accept, idsOf, type Offer } from '../session/answering.ts';
import type { Client } from '../session/api.ts';
import type { Store } from '../session/store.ts';
import { mine } from '../words/en/mine.ts';
import { sayer } from '../words/say.ts';

type Act = 'accept' | 'decline';

/** What becomes of an answer. With `goOn`, the page has not said that it does the rest itself. */
type Answered = (act: Act, offer: Offer, goOn: boolean) => void;

export class Answers {
  readonly change: Change;
  readonly words = sayer('mine', mine, () => this.#host.speech);
  /** What was answered last. */
  last: Offer | undefined;
  #act: Act | undefined;
  readonly #host: RosterElement;
  readonly #answered: Answered;

  constructor(host: RosterElement, answered: Answered) {
    this.#host = host;
    this.#answered = answered;
    this.change = new Change(host);
  }

  /** Whether it is unknown what became of the answer to an invitation. */
  unknown(offer: Offer): boolean {
    return this.change.unknown && this.#isLast(offer);
  }

  /** Why an answer was refused, beside its buttons. */
  problem(offer: Offer): unknown {
    return this.#isLast(offer) ? problemIn(this.#host, this.change) : '';
  }

  /** A button to answer with. While the outcome is unknown, only the same answer may be repeated. */
  button(act: Act, offer: Offer, kind: 'primary' | '', label = this.#name(act)): Content {
    const again = this.unknown(offer);
    const same = this.#act === act;
    // It is not disabled: that would take the focus away.
    return html`<button part="button ${kind}" class=${kind}
      aria-disabled=${this.change.busy || (again && !same)}
      @click=${() => (same || !again) && this.#answer(act, offer)}
    >${again && same ? this.#host.common.say('again') : label}</button>`;
  }

  /** What is said when it is done. */
  said(act: Act, organization: string): string {
    const { common } = this.#host;
    return act === 'accept' ? common.say('accepted', { organization }) : this.words.say('declined', { organization });
  }

  #name(act: Act): string {
    return act === 'accept' ? this.#host.common.say(act) : this.words.say(act);
  }

  #isLast({ invitation_id }: Offer): boolean {
    return this.last?.invitation_id === invitation_id;
  }

  #answer(act: Act, offer: Offer): void {
    const { change } = this;
    if (change.busy) {
      return;
    }
    const host = this.#host;
    const { store } = host;
    if (!store) {
      return;
    }
    const { organization_name: organization } = offer;
    const detail = idsOf(offer);
    this.last = offer;
    this.#act = act;
    void change.run({
      act,
      detail,
      make: (client, key) => (act === 'accept' ? accept : decline)(store, client, offer, key),
      done: () => {
        const event = act === 'accept' ? 'accepted' : 'declined';
        host.announce(this.said(act, organization));
        this.#answered(act, offer, emit(host, event, detail, true));
      },
    });
  }
}

/** Declines: the inviter is told. */
async function decline(store: Store, client: Client, offer: Offer, idempotencyKey: string): Promise<void> {
  const { invitation_id, token } = offer;
  await client.POST('/organizations/{organization_id}/invitations/{invitation_id}/decline', {
    params: { path: idsOf(offer) },
    body: token ? { token } : {},
    idempotencyKey,
  });
  store.received.lay((items) => items.filter(({ id }) => id !== invitation_id));
}
