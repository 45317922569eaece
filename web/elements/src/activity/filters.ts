/** Which part of the log is shown: what, by whom, from which day, to which. */

import { html } from 'lit';
import type { Content } from '../base/element.ts';
import type { RosterActivity } from '../roster-activity.ts';
import type { Activity } from '../session/api.ts';
import { actorOf } from '../words/event.ts';

/** The filters, as the API takes them. */
export interface Query {
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

type Field = keyof Query;
type Option = readonly [value: string, text: string];

/** The nouns of Roster's own events, each with its word. Products add theirs. */
const NOUNS = {
  member: 'members',
  invitation: 'invitations',
  role: 'roles',
  organization: 'organization',
  user: 'users',
} as const;

/** The most people that are offered by name. */
const MOST = 1000;

export class Filters {
  readonly #host: RosterActivity;
  /** What the fields hold; days are as date fields have them. */
  #values: Readonly<Partial<Record<Field, string>>> = {};
  /** The products' own nouns, and who did something, as far as they were seen. */
  readonly #nouns = new Set<string>();
  readonly #actors = new Map<string, string>();
  #asked = false;

  constructor(host: RosterActivity) {
    this.#host = host;
  }

  get any(): boolean {
    return Object.values(this.#values).some(Boolean);
  }

  get query(): Query {
    const { type, actor, since, until } = this.#values;
    return {
      type: type || undefined,
      actor: actor || undefined,
      since: since ? startOf(since) : undefined,
      until: until ? startOf(until, 1) : undefined,
    };
  }

  readonly clear = (): void => {
    this.#values = {};
    // The button that was pressed has gone.
    this.#host.renderRoot.querySelector('select')?.focus();
    void this.#host.restart();
  };

  /** Remembers what can be picked. */
  see(events: readonly Activity[]): void {
    for (const event of events) {
      const [noun = ''] = event.type.split('.');
      if (!(noun in NOUNS)) {
        this.#nouns.add(noun);
      }
      if (event.actor.id) {
        this.#actors.set(event.actor.id, actorOf(event, this.#host.speech));
      }
    }
  }

  render(): Content {
    const { speech, words } = this.#host;
    const nouns = Object.entries(NOUNS).map(([noun, key]): Option => [noun, words.say(key)]);
    const own = [...this.#nouns].map((noun): Option => [noun, noun.charAt(0).toUpperCase() + noun.slice(1)]);
    const actors = [...this.#actors].sort(([, one], [, other]) => one.localeCompare(other, speech.locale));
    return html`<div class="filters" @focusin=${this.#askWho} @pointerenter=${this.#askWho}>
      ${this.#select('type', words.say('what'), [['', words.say('all')], ...nouns, ...own])}
      ${this.#select('actor', words.say('by'), [['', words.say('everybody')], ...actors])}
      ${this.#day('since', words.say('since'))} ${this.#day('until', words.say('until'))}
    </div>`;
  }

  #select(field: Field, label: string, options: readonly Option[]): Content {
    const picked = this.#values[field] ?? '';
    return html`<label>${label}
      <select part="field" @change=${(event: Event) => this.#pick(field, event)}>
        ${options.map(([value, text]) => html`<option value=${value} .selected=${value === picked}>${text}</option>`)}
      </select>
    </label>`;
  }

  #day(field: 'since' | 'until', label: string): Content {
    return html`<label>${label}
      <input part="field" type="date" .value=${this.#values[field] ?? ''}
        min="2000-01-01" max="2999-12-31"
        @change=${(event: Event) => this.#pick(field, event)} />
    </label>`;
  }

  #pick(field: Field, event: Event): void {
    const { validity, value } = event.target as HTMLInputElement;
    // A year is typed digit by digit: until it is there, nothing is asked.
    if (validity.valid) {
      this.#values = { ...this.#values, [field]: value };
      void this.#host.restart();
    }
  }

  /** Asks who the members are when somebody turns to the filters, and not before. */
  readonly #askWho = async (): Promise<void> => {
    const { common, organizationId: organization_id, store } = this.#host;
    if (this.#asked || !store || !this.#host.may('members:read')) {
      return;
    }
    this.#asked = true;
    try {
      const params = { path: { organization_id }, query: { limit: 100 } };
      for await (const one of store.connected.pages('/organizations/{organization_id}/members', { params })) {
        this.#actors.set(one.user_id, one.name ?? one.email ?? common.say('someone'));
        if (this.#actors.size >= MOST) {
          break;
        }
      }
    } catch {
      this.#asked = false; // who was seen in the log can be picked all the same
    }
    this.#host.requestUpdate();
  };
}

/** The first moment of a day where the reader is, or of one that comes after it. */
function startOf(day: string, after = 0): string {
  const start = new Date(`${day}T00:00`);
  start.setDate(start.getDate() + after);
  return start.toISOString();
}
