/** The dialog that transfers the ownership. */

import { html, nothing } from 'lit';
import { Change } from '../base/change.ts';
import { Confirm } from '../base/confirm.ts';
import type { Back } from '../base/dialog.ts';
import { emit } from '../base/events.ts';
import type { RosterSettings } from '../roster-settings.ts';
import type { Member } from '../session/api.ts';
import { List } from '../session/list.ts';
import { sameName, typedName } from './typed-name.ts';

/** How many members to choose from are read at once. */
const MANY = 100;

export class Transfer {
  readonly #host: RosterSettings;
  readonly #confirm: Confirm;
  readonly #members: List<Member>;
  #to = '';
  #typed = '';

  constructor(host: RosterSettings) {
    this.#host = host;
    this.#confirm = new Confirm(host, new Change(host));
    this.#members = new List(host, {
      store: () => host.store,
      size: () => MANY,
      page: (client, query, signal) =>
        client.GET('/organizations/{organization_id}/members', {
          params: { path: { organization_id: host.organizationId }, query },
          signal,
        }),
    });
  }

  /** Asks to whom, and for the name of the organization. */
  ask(back: Back): void {
    const { words, team } = this.#host;
    const organization = team.organization.data?.name ?? '';
    this.#to = '';
    this.#typed = '';
    void this.#members.restart();
    void this.#confirm.ask({
      title: () => words.say('transfer_title', { organization }),
      lost: () => `${words.say('transfer_hint')} ${words.say('transfer_lost')}`,
      act: () => words.say('transfer'),
      back,
      fields: () => [
        this.#choice(),
        typedName(this.#host.common.show('to_confirm', { name: organization }), (typed) => {
          this.#typed = typed;
          this.#host.requestUpdate();
        }),
      ],
      ready: () => this.#possible?.some(({ user_id }) => user_id === this.#to) && sameName(this.#typed, organization),
      confirm: () => this.#transfer(),
    });
  }

  render(): unknown {
    return this.#confirm.render();
  }

  get #possible(): readonly Member[] | undefined {
    return this.#members.items?.filter(({ can }) => can.receive_ownership);
  }

  #choice(): unknown {
    const { words, common } = this.#host;
    const possible = this.#possible;
    const { problem, busy, more } = this.#members;
    const why = problem ? html`<p part="error" class="error">${this.#host.problemText(problem)}</p>` : nothing;
    if (problem && !possible) {
      return why;
    }
    if (possible?.length === 0 && !more) {
      return html`<p part="empty">${words.say('nobody')}</p>`;
    }
    const chosen = (event: Event): void => {
      this.#to = (event.currentTarget as HTMLSelectElement).value;
      this.#host.requestUpdate();
    };
    return html`<label>${words.say('transfer_to')}
        <select part="field" name="user_id" required ?disabled=${!possible} @change=${chosen}>
          <option value="">${possible ? '' : common.say('loading')}</option>
          ${possible?.map(({ user_id, name, email }) => html`<option value=${user_id}>${[name, email].filter(Boolean).join(' · ')}</option>`)}
        </select>
      </label>
      ${why} ${
        more
          ? html`<button type="button" part="button" class="quiet" aria-disabled=${busy} @click=${() => this.#members.next()}>
              ${common.say('more')}
            </button>`
          : nothing
      }`;
  }

  async #transfer(): Promise<boolean> {
    const { organizationId: organization_id } = this.#host;
    const user_id = this.#to;
    const name = this.#possible?.find((one) => one.user_id === user_id)?.name;
    const { change } = this.#confirm;
    const made = await change.run({
      act: 'transfer',
      detail: { organization_id, user_id },
      make: (client, idempotencyKey) =>
        client.POST('/organizations/{organization_id}/transfer', {
          params: { path: { organization_id } },
          body: { user_id },
          idempotencyKey,
        }),
      done: async () => {
        // Until it is known what may be done now, what may not be done any more stands there, and would get the focus.
        await this.#host.team.self.read();
        this.#host.announce(this.#host.words.say('transferred', { name: name ?? user_id }));
        emit(this.#host, 'transferred', { organization_id, user_id });
      },
    });
    if (change.problem && !change.unknown) {
      void this.#members.read(); // who may receive it is another by now
    }
    return made;
  }
}
