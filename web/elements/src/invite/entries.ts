/** What was understood of the addresses that were pasted, and what is wrong with some of them. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import type { RosterInvite } from '../roster-invite.ts';
import { number } from '../words/format.ts';
import type { Entry } from './addresses.ts';
import type { Draft } from './draft.ts';

/** So many are shown one by one; a number stands for the others. */
const SHOWN = 30;

/** Those with something wrong, each with that beside it; then the others. `typing` is of what is not finished yet. */
export function entries(host: RosterInvite, draft: Draft, typing: boolean): Content {
  const all = draft.entries;
  const judged = all.map((entry, index) => ({ address: entry.address, why: reason(entry, index) }));
  const wrong = judged.filter(({ why }) => why);
  const right = judged.filter(({ why }) => !why).map(({ address }) => address);
  return html`${
    wrong.length > 0
      ? html`<ul class="wrong" id="wrong">
          ${wrong.map(
            ({ address, why }) =>
              html`<li><span part="badge" class="chip no"><bdi>${address}</bdi></span> <span part="error" class="error">${why}</span></li>`,
          )}
        </ul>`
      : nothing
  }
  ${chips(host, right, '', host.words.say('addresses'))}`;

  function reason({ address, wrong: what }: Entry, index: number): string | undefined {
    if (what) {
      return typing && index === all.length - 1 ? undefined : host.words.say(what);
    }
    const refusal = draft.refusal(address);
    const malformed = refusal?.code === 'invalid_request' && refusal.errors.some(({ field }) => field === 'email');
    return malformed ? host.words.say('invalid') : refusal && host.problemText(refusal);
  }
}

/** Addresses, close together. */
export function chips(host: RosterInvite, addresses: readonly string[], tone: string, label: string): Content {
  const more = addresses.length - SHOWN;
  return addresses.length > 0
    ? html`<ul class="chips" aria-label=${label}>
        ${addresses.slice(0, SHOWN).map((address) => html`<li part="badge" class=${`chip ${tone}`}><bdi>${address}</bdi></li>`)}
        ${more > 0 ? html`<li class="chip">+${number(more, host.speech)}</li>` : nothing}
      </ul>`
    : nothing;
}
