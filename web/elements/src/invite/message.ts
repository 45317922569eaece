/** The message that stands in the mail of an invitation. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import type { OrganizationElement } from '../base/organization.ts';
import { invite } from '../words/en/invite.ts';
import { sayer } from '../words/say.ts';

const LONGEST = 500;
/** From here on, how much there is is said. */
const NEAR = 400;

/** What changes the direction of text, and what is no text. */
const UNSEEN = /[\u202A-\u202E\u2066-\u2069]|(?!\n)\p{Cc}/gu;

/** A message, as the API takes it. */
export const cleaned = (message: string): string => message.replace(UNSEEN, ' ').trim();

const lengthOf = (message: string): number => [...cleaned(message)].length;

const holdsLink = (message: string): boolean => /:\/\/|www\./iu.test(message);

/** Whether a message cannot be sent. */
export const wrongIn = (message: string): boolean => lengthOf(message) > LONGEST || holdsLink(message);

export function messageField(
  host: OrganizationElement,
  message: string,
  locked: boolean,
  typed: (message: string) => void,
): Content {
  const words = sayer('invite', invite, () => host.speech);
  const length = lengthOf(message);
  const wrong = wrongIn(message);
  const input = (event: Event): void => {
    typed((event.target as HTMLTextAreaElement).value);
    host.requestUpdate();
  };
  return html`<div class="label">
    <label for="message">${words.say('message')}</label>
    <textarea part="field" id="message" rows="2" .value=${message} ?readonly=${locked}
      aria-invalid=${wrong} aria-describedby="message-hint" @input=${input}></textarea>
    <p class=${wrong ? 'error line' : 'muted small line'} id="message-hint">
      <span class="grow">${words.say(holdsLink(message) ? 'message_link' : 'message_hint')}</span>
      ${length > NEAR ? words.show('message_count', { length, longest: LONGEST }) : nothing}
    </p>
  </div>`;
}
