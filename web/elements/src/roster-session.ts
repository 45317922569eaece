/** `roster-session`: gives the elements inside of it the API, who is signed in, and a language. */

import { createClient } from '@roster/client';
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { define } from './base/define.ts';
import { emit, type RosterEventMap } from './base/events.ts';
import type { GetToken, Me } from './session/api.ts';
import { provideStore } from './session/context.ts';
import { Store } from './session/store.ts';
import { load, pick, speechOf } from './words/language.ts';

/** After a page was hidden for so many milliseconds, what it shows may be old. */
const OLD = 30_000;

/** What a page gives its session. */
export interface Configuration {
  readonly baseUrl?: string;
  readonly getToken?: GetToken;
}

const sessions = new Set<RosterSession>();
let configured: Configuration = {};

/** Gives all sessions of the page what they were not given themselves, where a page can set no properties. */
export function configure(configuration: Configuration): void {
  configured = { ...configured, ...configuration };
  for (const session of sessions) {
    session.requestUpdate();
  }
}

/**
 * Gives the elements inside of it the API, who is signed in, and a language. It shows nothing itself.
 *
 * @element roster-session
 * @attr {string} base-url - Where the API is, without a path.
 * @attr {string} locale - The language, as a BCP 47 tag. Without it: the person's own, the page's, the browser's.
 * @attr {'light' | 'dark' | 'auto'} theme - Without it, the page's own `color-scheme` holds.
 * @attr {boolean} host-signs-in - The page calls PUT /me itself, and sets `me` to its answer.
 * @fires {CustomEvent} roster-problem - Something was refused, or got no answer.
 * @fires {CustomEvent} roster-change - Something was changed here.
 * @fires {CustomEvent} roster-gone - The person was removed from an organization, or it was deleted, elsewhere.
 */
export class RosterSession extends LitElement {
  static override properties = {
    baseUrl: { attribute: 'base-url' },
    locale: {},
    theme: { reflect: true },
    hostSignsIn: { type: Boolean, attribute: 'host-signs-in' },
    getToken: { attribute: false },
    messages: { attribute: false },
    me: { attribute: false },
  };

  static override styles = css`
    :host {
      display: contents;
    }
    :host([theme='auto']) {
      color-scheme: light dark;
    }
    :host([theme='light']) {
      color-scheme: light;
    }
    :host([theme='dark']) {
      color-scheme: dark;
    }
  `;

  baseUrl: string | undefined;
  locale: string | undefined;
  theme: 'light' | 'dark' | 'auto' | undefined;
  hostSignsIn = false;
  /** Gives the token of who is signed in, or null. It is asked before each call; nothing of it is kept. */
  getToken: GetToken | undefined;
  /** Words in place of ours, by `<area>.<key>`, `role.<id>`, `permission.<id>` and `plan.<id>`. */
  messages: Readonly<Record<string, string>> = {};
  /** Who is signed in, with `host-signs-in`: what PUT /me answered. */
  me: Me | undefined;

  readonly #store = new Store({
    problem: (problem, organization_id) => emit(this, 'problem', { problem, organization_id }),
    gone: (organization_id) => emit(this, 'gone', { organization_id }),
  });
  #given = '';
  #spoken = '';
  #hiddenSince: number | undefined;

  constructor() {
    super();
    provideStore(this, this.#store);
  }

  /**
   * Forgets everything: somebody else is signed in, or nobody.
   * @public
   */
  reset(): void {
    this.me = undefined;
    this.#store.reset();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    sessions.add(this);
    this.#store.add(this);
    document.addEventListener('visibilitychange', this.#seen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    sessions.delete(this);
    this.#store.remove(this);
    document.removeEventListener('visibilitychange', this.#seen);
  }

  get #getToken(): GetToken | undefined {
    return this.getToken ?? configured.getToken;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const baseUrl = this.baseUrl ?? configured.baseUrl;
    const given = `${baseUrl} ${this.hostSignsIn}`;
    const begins = baseUrl !== undefined && this.#getToken && given !== this.#given;
    if (begins) {
      this.#given = given;
      // Frameworks give another function at each rendering: the one that there is now is asked, and nothing begins anew.
      const getToken: GetToken = async (options) => (await this.#getToken?.(options)) ?? null;
      this.#store.use(createClient({ baseUrl, getToken }), this.hostSignsIn ? getToken : undefined);
    }
    if ((begins || changed.has('me')) && this.me) {
      this.#store.signIn(this.me);
    }
    void this.#speak(changed.has('messages'));
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  /** Speaks the reader's language, when it is known which that is and its words are there. */
  async #speak(reworded: boolean): Promise<void> {
    const { data, problem } = this.#store.me;
    if (!(this.locale || data || problem)) {
      return; // whose language it is will be known soon
    }
    const picked = pick([this.locale, data?.locale, document.documentElement.lang, ...navigator.languages]);
    if (picked.locale !== this.#spoken || reworded) {
      this.#spoken = picked.locale;
      const translation = await load(picked.language);
      if (picked.locale === this.#spoken) {
        this.#store.speech = speechOf(picked, translation, this.messages);
        this.#store.changed();
      }
    }
  }

  readonly #seen = (): void => {
    if (document.hidden) {
      this.#hiddenSince = Date.now();
    } else if (this.#hiddenSince !== undefined && Date.now() - this.#hiddenSince >= OLD) {
      this.#store.refresh();
    }
  };
}

define('roster-session', RosterSession);

declare global {
  interface HTMLElementTagNameMap {
    'roster-session': RosterSession;
  }
  // They bubble: whatever is around an element hears them, up to the window.
  interface GlobalEventHandlersEventMap extends RosterEventMap {}
}
