/** What all elements have in common: their session, their language, and what stands where nothing can be shown yet. */

import { type CSSResultGroup, html, LitElement, type nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Problem } from '../session/api.ts';
import { requestStore } from '../session/context.ts';
import { asProblem, type Store } from '../session/store.ts';
import { base } from '../styles/base.ts';
import { common } from '../words/en/common.ts';
import { problemText } from '../words/problem.ts';
import { ENGLISH, type Speech, sayer } from '../words/say.ts';
import { emit } from './events.ts';

export type Content = TemplateResult | typeof nothing;

/**
 * An element inside of a session.
 *
 * @fires {CustomEvent} roster-problem - Something was refused, or got no answer.
 * @fires {CustomEvent} roster-change - Something was changed here.
 * @fires {CustomEvent} roster-sign-in - "Sign in" was pressed.
 * @csspart table - A table of the list.
 * @csspart row - One of its rows, or one card.
 * @csspart cell - A cell of a row.
 * @csspart name - The name of a person or an organization.
 * @csspart email - An address.
 * @csspart role - The title of a role.
 * @csspart status - A state: a dot and words.
 * @csspart button - Every button.
 * @csspart primary - The buttons that lead on.
 * @csspart danger - The buttons that take something away.
 * @csspart dialog - A dialog.
 * @csspart field - A field that is typed into or chosen from.
 * @csspart error - Why something was refused.
 * @csspart badge - A short mark beside a name, such as "You".
 * @csspart empty - What stands there while a list is empty.
 * @csspart toolbar - What stands above a list.
 * @csspart tab - A tab.
 * @csspart meter - How much of the plan is used.
 * @cssproperty --roster-text - Text.
 * @cssproperty --roster-muted - Text that matters less.
 * @cssproperty --roster-surface - The background.
 * @cssproperty --roster-raised - The background of dialogs and menus.
 * @cssproperty --roster-border - Lines.
 * @cssproperty --roster-accent - Links, the buttons that lead on, and what is chosen.
 * @cssproperty --roster-on-accent - Text on the accent.
 * @cssproperty --roster-danger - What takes something away, and what is wrong.
 * @cssproperty --roster-success - What went well.
 * @cssproperty --roster-warning - What needs somebody.
 * @cssproperty --roster-focus - The ring around what has the focus.
 * @cssproperty --roster-font - The typefaces.
 * @cssproperty --roster-radius - The radius of corners.
 * @cssproperty --roster-space - The unit of all distances.
 * @cssproperty --roster-row-height - The least height of a row.
 * @cssproperty --roster-shadow - The shadow of dialogs and menus.
 */
export abstract class RosterElement extends LitElement {
  static override styles: CSSResultGroup = [base];

  /** What the elements of the session know together. */
  store: Store | undefined;
  /** The words that several elements have. */
  readonly common = sayer('common', common, () => this.speech);
  #said = '';

  /** How the element speaks: English, until it is known better. */
  get speech(): Speech {
    return this.store?.speech ?? ENGLISH;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    requestStore(this, (store) => {
      this.store = store;
    });
    this.store?.add(this);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store?.remove(this);
  }

  /** Tells screen readers what has happened, in one sentence. */
  announce(sentence: string): void {
    // The same sentence again is told again, if it is another text.
    this.#said = sentence === this.#said ? `${sentence}\u00a0` : sentence;
    this.requestUpdate();
  }

  /** What had the focus is gone: it goes on to the first heading that is there, or to what stands in its place. */
  async focusNext(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[tabindex="-1"]')?.focus();
  }

  /** The problem that a refused change is. The page is told, too. */
  refused(error: unknown): Problem {
    const problem = asProblem(error);
    emit(this, 'problem', { problem, organization_id: this.about });
    return problem;
  }

  /** The organization that the element is about, if any. */
  get about(): string | undefined {
    return undefined;
  }

  /** Whom and which organization the element is about: where that is another, nothing of the one before is left. */
  get of(): unknown {
    const { about, store } = this;
    return about === undefined ? store?.me : store?.team(about);
  }

  /** What the element shows, when it is known who is signed in. */
  protected abstract content(): Content;

  /** What stands where the content will. */
  protected skeleton(): Content {
    return html`<div class="pad">${SKELETON}</div>`;
  }

  /** What stands there instead of the content, if something must. */
  protected gate(): Content | undefined {
    const { store } = this;
    if (store?.signedOut) {
      return store.speech ? this.signIn() : this.skeleton();
    }
    if (store?.me.problem && !store.me.data) {
      return this.trouble(store.me.problem);
    }
    return store?.me.data && store.speech ? undefined : this.skeleton();
  }

  protected signIn(): Content {
    return html`<div class="pad start">
      <p>${this.common.say('signed_out')}</p>
      ${this.signInButton()}
    </div>`;
  }

  signInButton(): Content {
    return html`<button type="button" part="button primary" class="primary" @click=${this.askToSignIn}>${this.common.say('sign_in')}</button>`;
  }

  /** Asks the page to let the person sign in. */
  protected askToSignIn = (): void => {
    emit(this, 'sign-in', { url: location.href });
  };

  /** A problem in place of the content, with a way on. */
  protected trouble(problem: Problem): Content {
    return html`<div class="pad start">
      <p part="error" class="error">${this.problemText(problem)}</p>
      ${
        problem.status === 401
          ? this.signInButton()
          : html`<button part="button" @click=${() => this.store?.refresh()}>${this.common.say('again')}</button>`
      }
    </div>`;
  }

  /** What whose address is not verified is told. */
  protected unverified(): string {
    const email = this.store?.me.data?.token_email;
    return email ? this.common.say('unverified', { email }) : this.common.say('unverified_none');
  }

  problemText(problem: Problem): string {
    return problemText(problem, this.speech);
  }

  /** What was removed while it waited for its turn asks for nothing any more. */
  protected override shouldUpdate(_changed: PropertyValues): boolean {
    return this.isConnected;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { locale, dir } = this.speech;
    this.lang = locale;
    this.dir = dir;
  }

  protected override render(): Content {
    return html`<div role="status" part="status" class="clipped">${this.#said}</div>
      ${this.gate() ?? this.content()}`;
  }
}

const SKELETON = html`<div class="skeletons" aria-hidden="true"><i></i><i></i><i></i></div>`;
