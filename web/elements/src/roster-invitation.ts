/** `roster-invitation`: the page that the link of an invitation leads to. */

import './roster-session.ts';
import { html, type PropertyValues } from 'lit';
import { Change } from './base/change.ts';
import { define } from './base/define.ts';
import { type Content, RosterElement } from './base/element.ts';
import { emit } from './base/events.ts';
import { face } from './base/face.ts';
import { problemIn } from './base/form.ts';
import { Answers } from './invitation/answers.ts';
import { cards, offers } from './invitation/cards.ts';
import { type Ending, endingOf } from './invitation/ending.ts';
import { framed } from './invitation/frame.ts';
import { shown } from './invitation/offer.ts';
import { drop, kept, take } from './invitation/token.ts';
import type { Offer } from './session/answering.ts';
import type { Me, Preview } from './session/api.ts';
import { Reading } from './session/reading.ts';
import { asProblem } from './session/store.ts';
import { base } from './styles/base.ts';
import { offered } from './styles/offered.ts';
import { invitation } from './words/en/invitation.ts';
import { sayer } from './words/say.ts';

/**
 * The page that the link of an invitation leads to: who invites, where, as what, until when; "Accept" and "Decline",
 * and from each dead end a way on. In a tab that came by no link: the open invitations of who is signed in.
 *
 * @element roster-invitation
 * @attr {string} return-to - Where to go when an invitation is accepted. Of another origin, it is not taken.
 * @fires {CustomEvent} roster-sign-in - The person wants to sign in, and to come back to `url`.
 * @fires {CustomEvent} roster-switch-account - The person wants to sign in as somebody else, and to come back to `url`.
 * @fires {CustomEvent} roster-accepted - An invitation was accepted. Its organization is the active one now. Cancel it to stay on the page.
 * @fires {CustomEvent} roster-declined - An invitation was declined.
 * @fires {CustomEvent} roster-switched - A member has opened the organization, which is the active one now.
 * @csspart row - An invitation.
 * @csspart name - Its heading.
 * @csspart empty - What stands there when there is none, or when it has ended.
 */
export class RosterInvitation extends RosterElement {
  static override properties = { returnTo: { attribute: 'return-to' } };
  static override styles = [base, offered];

  returnTo: string | undefined;
  readonly #words = sayer('invitation', invitation, () => this.speech);
  readonly #opening = new Change(this);
  readonly #answers = new Answers(this, (act, offer, goOn) => {
    this.#forget();
    this.#answer = [act, offer];
    void this.focusNext();
    if (act === 'accept' && goOn) {
      this.#leave();
    }
  });
  #token: string | undefined;
  #preview: Reading<Preview> | undefined;
  #ending: Ending | undefined;
  /** What the person has answered just now. */
  #answer: [act: 'accept' | 'decline', offer: Offer] | undefined;
  #me: Reading<Me> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    this.#take();
    addEventListener('hashchange', this.#take);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#take);
    clearTimeout(this.#timer);
  }

  readonly #take = (): void => {
    take();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.requestUpdate(), (kept()?.until ?? 0) - Date.now());
    this.requestUpdate();
  };

  #forget(): void {
    drop();
    this.#token = undefined;
    this.#preview = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { store } = this;
    const token = kept()?.token;
    if (store && token !== this.#token) {
      this.#token = token;
      this.#preview = token
        ? new Reading(
            store,
            () => store.connected.POST('/invitations/preview', { body: { token } }),
            (error) => (endingOf(asProblem(error)) ? asProblem(error) : store.problemOf(error)),
          )
        : undefined;
      this.#ending = undefined;
      this.#answer = undefined;
    }
    if (store?.me !== this.#me) {
      this.#me = store?.me;
      this.#answer = undefined;
    }
    const problem = this.#preview?.problem;
    const { busy, unknown } = this.#answers.change;
    const ending = problem && !(busy || unknown) && endingOf(problem);
    if (ending) {
      this.#forget();
      this.#ending = ending;
    }
  }

  protected override gate(): Content | undefined {
    return this.store?.speech && (this.#preview || this.#ending) ? undefined : super.gate();
  }

  protected override content(): Content {
    const preview = this.#preview?.ask();
    if (preview?.data) {
      return this.#open(preview.data);
    }
    if (preview) {
      return preview.problem ? this.trouble(preview.problem) : this.skeleton();
    }
    const ended = this.#ended();
    return html`${ended} ${this.#mine(ended)}`;
  }

  /** An invitation that waits for an answer. */
  #open(data: Preview): Content {
    const offer: Offer = { ...data, ...(this.#token && { token: this.#token }) };
    const { organization_id: id, organization_name: organization } = data;
    const { busy, problem, unknown } = this.#answers.change;
    const member = this.#isMember(id) || problem?.code === 'already_member';
    if (member && !(busy || unknown)) {
      return this.#panel(
        this.#words.show('member', { organization }),
        organization,
        html`${this.#opener(id, organization)} ${this.#otherAccount('')}`,
      );
    }
    return html`<section class="pad" part="row">
      ${shown(this, this.#answers.words, offer, this.#words.show('title', { organization }))}
      ${this.#answers.problem(offer)} ${framed() ? html`<p>${this.#words.say('framed')}</p>` : this.#actions(data, offer)}
    </section>`;
  }

  /** What the person can do, which is what may succeed. */
  #actions({ email, invited_address_only, organization_id }: Preview, offer: Offer): Content {
    const { store } = this;
    const me = store?.me.data;
    if (store?.signedOut) {
      return html`<p>${this.#words.say('sign_in_first')}</p>
        <div class="line">${this.signInButton()}</div>`;
    }
    if (!me) {
      return store?.me.problem ? this.trouble(store.me.problem) : this.skeleton();
    }
    if (this.#isMember(organization_id) === undefined) {
      return this.skeleton();
    }
    return this.#choice(me, email, invited_address_only, offer);
  }

  /** What a person can do who is no member. */
  #choice(me: Me, email: string, guarded: boolean, offer: Offer): Content {
    const answers = this.#answers;
    const account = me.token_email ?? me.name ?? me.user_id;
    const own = me.token_email === email;
    const decline = answers.button('decline', offer, '');
    if (own && me.email_verified) {
      return html`<div class="line wrap">${answers.button('accept', offer, 'primary')} ${decline}</div>`;
    }
    // A copied link proves no mailbox: who has not verified the address would join without one.
    const copied = offer.token?.split('.')[2]?.startsWith('copied-');
    const as =
      guarded || (own && copied)
        ? ''
        : answers.button('accept', offer, '', this.#words.say('accept_as', { email: account }));
    const sentence = own
      ? this.unverified()
      : [this.#words.show('other_address', { email, account }), guarded ? ` ${this.#words.say('only')}` : ''];
    return html`<p>${sentence}</p>
      <div class="line wrap">${own ? this.#verify() : this.#otherAccount('primary')} ${as} ${decline}</div>`;
  }

  /** What has become of an invitation, and what to do next. */
  #ended(): Content | '' {
    const words = this.#words;
    if (this.#answer) {
      const [act, { organization_id, organization_name: organization }] = this.#answer;
      const said = this.#answers.said(act, organization);
      const opener = act === 'accept' && this.#destination ? this.#opener(organization_id, organization) : '';
      return this.#panel(said, organization, opener);
    }
    if (!this.#ending) {
      return '';
    }
    const { word, organization_id, organization_name: organization = '', invited_by } = this.#ending;
    const next =
      word === 'accepted' && organization_id ? this.#opener(organization_id, organization) : this.#asker(this.#ending);
    const signIn = this.store?.signedOut && !invited_by ? this.signInButton() : '';
    return this.#panel(words.say(word), organization, html`${next} ${signIn}`);
  }

  /** A way to ask who has invited. */
  #asker({ organization_name: organization, invited_by }: Ending): unknown {
    const words = this.#words;
    if (!organization) {
      return '';
    }
    const name = invited_by?.name ?? invited_by?.email;
    if (!(invited_by?.email && name)) {
      return html`<p>${name ? `${words.say('ask', { name })}.` : words.say('ask_inviter')}</p>`;
    }
    const subject = encodeURIComponent(words.say('ask_subject', { organization }));
    const to = encodeURIComponent(invited_by.email).replace('%40', '@');
    return html`<a part="button primary" class="button primary" href=${`mailto:${to}?subject=${subject}`}>${words.say('ask', { name })}</a>`;
  }

  /** The open invitations of who is signed in, where there is no link. */
  #mine(ended: unknown): Content | '' {
    const { store } = this;
    const items = offers(this, this.#answers);
    if (!store?.me.data || (ended && !items?.length)) {
      return '';
    }
    if (framed()) {
      return html`<p class="pad">${this.#words.say('framed')}</p>`;
    }
    if (!items) {
      return store.received.problem ? this.trouble(store.received.problem) : this.skeleton();
    }
    if (items.length > 0) {
      return cards(this, this.#answers, items);
    }
    const verified = store.me.data.email_verified;
    return html`<section class="pad start" part="empty">
      <h2 tabindex="-1">${this.#answers.words.say('empty')}</h2>
      <p>${verified ? this.#words.say('again') : this.unverified()}</p>
      ${verified ? this.#otherAccount('') : this.#verify()}
    </section>`;
  }

  #panel(said: unknown, organization: string, actions: unknown): Content {
    return html`<section class="pad" part="empty">
      <div class="line">
        ${organization && face(organization, 'square')}
        <div class="grow">
          <h2 tabindex="-1">${said}</h2>
          <p class="muted small"><bdi>${organization}</bdi></p>
        </div>
      </div>
      ${problemIn(this, this.#opening)}
      <div class="line wrap">${actions}</div>
    </section>`;
  }

  #button(label: string, press: () => void, kind: 'primary' | '' = 'primary'): Content {
    return html`<button part="button ${kind}" class=${kind} @click=${press}>${label}</button>`;
  }

  readonly #verify = (): Content => this.#button(this.common.say('verify'), this.askToSignIn);

  readonly #otherAccount = (kind: 'primary' | ''): Content =>
    this.#button(this.#words.say('other_account'), () => emit(this, 'switch-account', { url: location.href }), kind);

  /** The button that leads a member into the organization; others have to sign in as that member first. */
  #opener(organization_id: string, organization: string): Content {
    const member = this.#isMember(organization_id);
    if (member === undefined && !this.store?.signedOut) {
      return this.skeleton();
    }
    return this.#button(this.#words.say('open', { organization }), () => {
      const { store } = this;
      const detail = { organization_id };
      if (store && member) {
        void this.#opening.run({
          act: 'switch',
          detail,
          make: (_client, key) => store.activate(organization_id, key),
          done: () => {
            this.#forget();
            emit(this, 'switched', detail);
            this.#leave();
          },
        });
      } else {
        emit(this, store?.signedOut ? 'sign-in' : 'switch-account', { url: this.#destination ?? location.href });
      }
    });
  }

  /** Whether the person is in an organization; unknown while it is read. */
  #isMember(id: string): boolean | undefined {
    const known = this.store?.me.data && this.store.organizations.ask();
    return known?.items?.some(({ organization }) => organization.id === id) ?? (known?.problem ? false : undefined);
  }

  /** Where to go at the end, which is on this site. */
  get #destination(): string | undefined {
    const { returnTo } = this;
    const url = returnTo && URL.canParse(returnTo, document.baseURI) ? new URL(returnTo, document.baseURI).href : '';
    return url.startsWith(`${location.origin}/`) ? url : undefined;
  }

  #leave(): void {
    if (this.#destination) {
      location.assign(this.#destination);
    }
  }
}

define('roster-invitation', RosterInvitation);

declare global {
  interface HTMLElementTagNameMap {
    'roster-invitation': RosterInvitation;
  }
}
