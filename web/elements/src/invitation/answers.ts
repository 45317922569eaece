/** Accepting and declining an invitation, by its link or by the signed-in address. */

import { html } from 'lit';
import { Change } from '../base/change.ts';
import type { Content, RosterElement } from '../base/element.ts';
import { emit } from '../base/events.ts';
import { problemIn } from '../base/form.ts';
import type { Client } from '../session/api.ts';
import { mine } from '../words/en/mine.ts';
import { sayer } from '../words/say.ts';
import type { Offer } from './offer.ts';

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
  button(act: Act, offer: Offer, kind: 'primary' | '', label: string = this.words.say(act)): Content {
    const again = this.unknown(offer);
    const same = this.#act === act;
    // It is not disabled: that would take the focus away.
    return html`<button part="button ${kind}" class=${kind}
      aria-disabled=${this.change.busy || (again && !same)}
      @click=${() => (again ? same && this.change.again() : this.#answer(act, offer))}
    >${again && same ? this.#host.common.say('again') : label}</button>`;
  }

  #isLast({ invitation_id }: Offer): boolean {
    return this.last?.invitation_id === invitation_id;
  }

  #answer(act: Act, offer: Offer): void {
    const { change } = this;
    if (change.busy) {
      return;
    }
    const { organization_id, invitation_id, organization_name: organization, roles, role_titles, token } = offer;
    const detail = { organization_id, invitation_id };
    const host = this.#host;
    this.last = offer;
    this.#act = act;
    void change.run({
      act,
      detail,
      make: async (client: Client, idempotencyKey: string) => {
        const init = { params: { path: detail }, idempotencyKey };
        const known = token ? { token } : {};
        if (act === 'decline') {
          await client.POST('/organizations/{organization_id}/invitations/{invitation_id}/decline', {
            ...init,
            body: known,
          });
          host.store?.received.lay((items) => items.filter(({ id }) => id !== invitation_id));
          return;
        }
        await client.POST('/organizations/{organization_id}/invitations/{invitation_id}/accept', {
          ...init,
          body: { ...known, roles },
        });
        host.store?.joined({ organization: { id: organization_id, name: organization }, role_titles });
        await host.store?.activate(organization_id);
      },
      done: () => {
        const event = act === 'accept' ? 'accepted' : 'declined';
        host.announce(this.words.say(event, { organization }));
        this.#answered(act, offer, emit(host, event, detail, true));
      },
    });
  }
}
