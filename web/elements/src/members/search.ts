/** The field that searches members, by what was typed last. */

import { html, type ReactiveController } from 'lit';
import type { Content } from '../base/element.ts';
import type { RosterMembers } from '../roster-members.ts';
import type { Member } from '../session/api.ts';
import type { List } from '../session/list.ts';

/** For how many milliseconds nothing more must be typed. */
const PAUSE = 250;

/** The most that the API takes. */
const LONGEST = 100;

export class Search implements ReactiveController {
  /** What is looked for; nothing is everybody. */
  asked = '';
  /** What that is shown for. */
  answered = '';
  readonly #host: RosterMembers;
  readonly #list: List<Member>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typed = '';

  constructor(host: RosterMembers, list: List<Member>) {
    this.#host = host;
    this.#list = list;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  render(): Content {
    const label = this.#host.words.say('search');
    return html`<input type="search" part="field" aria-label=${label} placeholder=${label} maxlength=${LONGEST} autocomplete="off" .value=${this.#typed} @input=${this.#type} @search=${this.#now} />`;
  }

  /** How many members there are, or were found. */
  counted(): unknown {
    const { words, team } = this.#host;
    const { items, more } = this.#list;
    if (!this.answered) {
      return words.show('count', { count: team.organization.data?.member_count ?? 0 });
    }
    return words.show(more ? 'shown' : 'found', { count: items?.length ?? 0 });
  }

  readonly #type = (event: Event): void => {
    this.#typed = (event.currentTarget as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#now, PAUSE);
  };

  readonly #now = async (): Promise<void> => {
    clearTimeout(this.#timer);
    const asked = this.#typed.trim();
    if (asked === this.asked) {
      return;
    }
    this.asked = asked;
    await this.#list.restart();
    const { items, more, problem } = this.#list;
    if (asked === this.asked && items && !problem) {
      const { words } = this.#host;
      const count = items.length;
      this.#host.announce(
        count > 0 ? words.say(asked && !more ? 'found' : 'shown', { count }) : words.say('no_match', { query: asked }),
      );
    }
  };
}
