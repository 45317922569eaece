/** The message that stands in the mail of an invitation. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import type { invite } from '../words/en/invite.ts';
import type { Sayer } from '../words/say.ts';

const LONGEST = 500;
/** From here on, how much there is is said. */
const NEAR = 400;

/** What changes the direction of text, and what is no text. */
const UNSEEN = /[\u202A-\u202E\u2066-\u2069]|(?!\n)\p{Cc}/gu;

/** A message, as the API takes it. */
export const cleaned = (message: string): string => message.replace(UNSEEN, ' ').trim();

const lengthOf = (message: string): number => [...cleaned(message)].length;

/** Why a message cannot be sent. */
export function wrongIn(message: string): 'message_link' | 'message_long' | undefined {
  if (lengthOf(message) > LONGEST) {
    return 'message_long';
  }
  return /:\/\/|www\./iu.test(message) ? 'message_link' : undefined;
}

export function messageField(
  words: Sayer<typeof invite>,
  message: string,
  locked: boolean,
  input: (message: string) => void,
): Content {
  const wrong = wrongIn(message);
  const count = lengthOf(message);
  return html`<div class="label">
    <label for="message">${words.say('message')}</label>
    <textarea part="field" id="message" rows="2" .value=${message} ?readonly=${locked}
      aria-invalid=${wrong ? 'true' : nothing} aria-describedby="message-hint message-wrong"
      @input=${(event: Event) => input((event.target as HTMLTextAreaElement).value)}></textarea>
    <p class="muted small line" id="message-hint"><span class="grow">${words.say('message_hint')}</span>
      ${count > NEAR ? html`<span>${words.say('message_count', { length: count, longest: LONGEST })}</span>` : nothing}</p>
    ${wrong ? html`<p part="error" class="error" id="message-wrong">${words.say(wrong)}</p>` : nothing}
  </div>`;
}
