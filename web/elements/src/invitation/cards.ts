/** The open invitations of who is signed in, as cards. */

import { html } from 'lit';
import type { Content, RosterElement } from '../base/element.ts';
import { type Offer, withLast } from '../session/answering.ts';
import type { Answers } from './answers.ts';
import { shown } from './offer.ts';

/** What waits for who is signed in; nothing while it is not known. */
export function offers({ store }: RosterElement, answers: Answers): readonly Offer[] | undefined {
  // Nobody is invited by an address that is not verified: nothing is asked then.
  return store?.me.data?.email_verified ? withLast(store.received.ask().items, answers) : [];
}

/** Shows each with its buttons. Why one was refused that is no longer there stands above. */
export function cards(host: RosterElement, answers: Answers, items: readonly Offer[]): Content {
  const { last, words } = answers;
  const gone = last && !items.some(({ invitation_id }) => invitation_id === last.invitation_id);
  return html`${gone ? answers.problem(last) : ''}${items.map(
    (offer) => html`<section class="pad" part="row" aria-labelledby=${`of-${offer.invitation_id}`}>
      <p class="small muted">${words.say('title')}</p>
      ${shown(host, words, offer, html`<bdi>${offer.organization_name}</bdi>`)} ${answers.problem(offer)}
      <div class="line wrap">${answers.button('accept', offer, 'primary')} ${answers.button('decline', offer, '')}</div>
    </section>`,
  )}`;
}
