/** `roster-my-invitations`: the card of the invitations that wait for who is signed in. */

import './roster-session.ts';
import { html, nothing } from 'lit';
import { define } from './base/define.ts';
import { type Content, RosterElement } from './base/element.ts';
import { emit } from './base/events.ts';
import { Answers } from './invitation/answers.ts';
import { cards, offers } from './invitation/cards.ts';
import { base } from './styles/base.ts';
import { offered } from './styles/offered.ts';

/**
 * The invitations that wait for who is signed in, each with "Accept" and "Decline".
 *
 * @element roster-my-invitations
 * @attr {boolean} hide-empty - Shows nothing while there is no invitation, unless one was answered here.
 * @fires {CustomEvent} roster-accepted - An invitation was accepted. Its organization is the active one now.
 * @fires {CustomEvent} roster-declined - An invitation was declined.
 * @fires {CustomEvent} roster-count - How many there are has changed.
 * @csspart row - An invitation.
 * @csspart name - The name of its organization.
 * @csspart empty - What stands there when there is none.
 */
export class RosterMyInvitations extends RosterElement {
  static override properties = { hideEmpty: { type: Boolean, attribute: 'hide-empty' } };
  static override styles = [base, offered];

  hideEmpty = false;
  readonly #answers = new Answers(this, () => {
    this.#of = this.store?.me;
    void this.focusNext();
  });
  /** Who has answered one here. That there is none left is shown then, for the focus to be somewhere. */
  #of: unknown;
  #count: number | undefined;

  protected override content(): Content {
    const { store } = this;
    const items = offers(this, this.#answers);
    if (!items) {
      const problem = store?.received.problem;
      return problem ? this.trouble(problem) : this.skeleton();
    }
    return html`${cards(this, this.#answers, items)} ${items.length > 0 ? '' : this.#empty()}`;
  }

  #empty(): Content {
    return this.hideEmpty && this.#of !== this.store?.me
      ? nothing
      : html`<p class="pad muted" part="empty" tabindex="-1">${
          this.store?.me.data?.email_verified ? this.#answers.words.say('empty') : this.unverified()
        }</p>`;
  }

  protected override updated(): void {
    const count = this.store?.me.data && offers(this, this.#answers)?.length;
    if (count !== undefined && count !== this.#count) {
      this.#count = count;
      emit(this, 'count', { count });
    }
  }
}

define('roster-my-invitations', RosterMyInvitations);

declare global {
  interface HTMLElementTagNameMap {
    'roster-my-invitations': RosterMyInvitations;
  }
}
