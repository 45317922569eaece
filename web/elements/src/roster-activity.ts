/** `roster-activity`: what happened in an organization, in the reader's language. */

import './roster-session.ts';
import { html, nothing } from 'lit';
import { days } from './activity/days.ts';
import { keep, readAll } from './activity/file.ts';
import { Filters } from './activity/filters.ts';
import { styles } from './activity/styles.ts';
import { define } from './base/define.ts';
import type { Content } from './base/element.ts';
import { emit } from './base/events.ts';
import { OrganizationElement } from './base/organization.ts';
import type { Activity, Problem } from './session/api.ts';
import { List } from './session/list.ts';
import type { Team } from './session/store.ts';
import { base } from './styles/base.ts';
import { forms } from './styles/forms.ts';
import { tables } from './styles/tables.ts';
import { activity as english } from './words/en/activity.ts';
import { eventContent } from './words/event.ts';
import { sayer, title } from './words/say.ts';

/** How many events are shown at first, and how many more with each "Show more". */
const SIZE = 50;

/**
 * What happened in an organization, newest first, in the reader's language; with filters, and as a file.
 *
 * @element roster-activity
 * @attr {string} organization - The organization's id. Without it, the session's active one.
 * @fires {CustomEvent} roster-exported - The log was exported.
 * @csspart toolbar - The filters, and "Export CSV".
 * @csspart field - A filter.
 * @csspart table - The log.
 * @csspart row - An event.
 * @csspart cell - A part of an event.
 */
export class RosterActivity extends OrganizationElement {
  static override styles = [base, forms, tables, styles];

  readonly words = sayer('activity', english, () => this.speech);
  #filters = new Filters(this);
  readonly #list = new List<Activity>(this, {
    store: () => this.store,
    size: () => SIZE,
    page: (client, query, signal) =>
      client.GET('/organizations/{organization_id}/activity', {
        params: { path: { organization_id: this.organizationId }, query: { ...query, ...this.#filters.query } },
        signal,
      }),
  });
  #shown: Team | undefined;
  #export: AbortController | undefined;
  #rows = 0;
  #problem: Problem | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#export?.abort();
  }

  /** Shows the log from the start, as the filters are now. */
  async restart(): Promise<void> {
    await this.#list.restart();
    this.announce(this.#list.items?.length === 0 ? this.words.say('no_match') : '');
  }

  /** What happened, by the words of its type; where titles of roles cannot be read, by the API's own sentence. */
  what(event: Activity): unknown {
    const { data } = this.team.roles;
    const titleOf = (id: string): string | undefined => {
      const role = data?.items.find((one) => one.id === id);
      return role && title('role', id, role.title, this.speech);
    };
    return data ? eventContent(event, titleOf, this.speech) : event.sentence;
  }

  protected override readonly permission = 'activity:read';

  protected override ask(): void {
    if (this.#shown !== this.team) {
      // Another organization, or another person: nothing of what was shown is theirs.
      this.#shown = this.team;
      this.#filters = new Filters(this);
      this.#export?.abort();
    }
    this.#list.ask();
    if (this.might('members:read')) {
      this.team.roles.ask();
    }
  }

  protected override content(): Content {
    const { items, problem } = this.#list;
    const roles = this.may('members:read') ? this.team.roles : undefined;
    if (!items || (roles && !(roles.data || roles.problem))) {
      return problem ? this.trouble(problem) : this.skeleton();
    }
    this.#filters.see(items);
    return html`<div class="toolbar" part="toolbar">${this.#filters.render()}${this.#exporting()}</div>
      ${items.length > 0 ? days(this, items) : this.#empty()} ${this.#foot()}`;
  }

  #empty(): Content {
    const { any, clear } = this.#filters;
    return html`<div class="pad start" part="empty">
      <p class="muted">${this.words.say(any ? 'no_match' : 'empty')}</p>
      ${any ? html`<button part="button" @click=${clear}>${this.words.say('clear')}</button>` : nothing}
    </div>`;
  }

  #foot(): Content {
    const { busy, more, problem } = this.#list;
    if (problem) {
      return this.trouble(problem);
    }
    return more
      ? html`<div class="foot">
          <button part="button" aria-disabled=${busy} @click=${this.#more}>${this.common.say('more')}</button>
        </div>`
      : nothing;
  }

  readonly #more = async (): Promise<void> => {
    if (this.#list.busy) {
      return;
    }
    await this.#list.next();
    const { more, problem } = this.#list;
    await this.updateComplete;
    if (problem) {
      this.announce(this.problemText(problem));
    } else if (!more) {
      // The button has gone: who reads on does so from the table.
      this.renderRoot.querySelector('table')?.focus({ preventScroll: true });
    }
  };

  #exporting(): Content {
    return html`<div class="export">
      ${
        this.#export
          ? html`<span class="small muted">${this.words.show('exporting', { count: this.#rows })}</span>
            <button part="button" @click=${this.#cancel}>${this.common.say('cancel')}</button>`
          : nothing
      }
      ${this.#problem ? html`<p part="error" class="error" role="alert">${this.problemText(this.#problem)}</p>` : nothing}
      <button part="button" id="export" aria-disabled=${this.#export !== undefined} @click=${this.#start}>
        ${this.words.say('export')}
      </button>
    </div>`;
  }

  readonly #start = async (): Promise<void> => {
    const { organizationId: organization_id, store, words } = this;
    const name = this.team.organization.data?.name;
    if (this.#export || !store) {
      return;
    }
    const flight = new AbortController();
    this.#export = flight;
    this.#problem = undefined;
    this.#progress(0);
    try {
      const file = await readAll(store.connected, {
        organization_id,
        query: this.#filters.query,
        signal: flight.signal,
        progress: this.#progress,
      });
      keep(file, `${name} ${words.say('title')} ${new Date().toISOString().slice(0, 10)}.csv`);
      this.announce(words.say('exported', { count: this.#rows }));
      emit(this, 'exported', { organization_id, rows: this.#rows });
    } catch (error) {
      if (!flight.signal.aborted) {
        this.#problem = this.refused(error);
      }
    }
    if (flight === this.#export) {
      this.#cancel();
    }
  };

  readonly #progress = (rows: number): void => {
    this.#rows = rows;
    if (rows) {
      this.announce(this.words.say('exporting', { count: rows }));
    }
    this.requestUpdate();
  };

  /** Ends it, if it goes on. Where "Cancel" was, nothing is: the focus goes back to where it began. */
  readonly #cancel = (): void => {
    this.#export?.abort();
    this.#export = undefined;
    this.requestUpdate();
    if (this.renderRoot.querySelector('.export :focus')) {
      this.renderRoot.querySelector<HTMLElement>('#export')?.focus();
    }
  };
}

define('roster-activity', RosterActivity);

declare global {
  interface HTMLElementTagNameMap {
    'roster-activity': RosterActivity;
  }
}
