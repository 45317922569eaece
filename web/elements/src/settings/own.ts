/** One's own settings: they hold in every organization. */

import { html } from 'lit';
import { Change } from '../base/change.ts';
import type { Content } from '../base/element.ts';
import type { RosterSettings } from '../roster-settings.ts';
import type { Me } from '../session/api.ts';
import { check, different, save, valuesOf } from './fields.ts';
import { languages } from './languages.ts';

export class OwnForm {
  readonly #host: RosterSettings;
  readonly #change: Change;

  constructor(host: RosterSettings) {
    this.#host = host;
    this.#change = new Change(host);
  }

  render({ locale, email_notifications }: Me): Content {
    const { words } = this.#host;
    return html`<section id="you" aria-labelledby="you-title">
      <h2 id="you-title" tabindex="-1">${words.say('you')}</h2>
      <form @submit=${this.#set}>
        <label>${words.say('language')}
          <select part="field" name="locale">${languages(locale, words.say('as_signed_in'))}</select>
        </label>
        ${check('mail_others', words.say('mail_others'), words.say('mail_others_hint'), email_notifications)}
        ${save(this.#host, this.#change)}
      </form>
    </section>`;
  }

  readonly #set = (event: SubmitEvent): void => {
    const values = valuesOf(event);
    const host = this.#host;
    const me = host.store?.me;
    const body = {
      ...different('locale', String(values.get('locale')) || null, me?.data?.locale),
      ...different('email_notifications', values.has('mail_others'), me?.data?.email_notifications),
    };
    if (Object.keys(body).length > 0) {
      void this.#change.run({
        act: 'change-settings',
        detail: body,
        make: (client, idempotencyKey) => client.PATCH('/me', { body, idempotencyKey }),
        done: (answer) => {
          me?.set(answer);
          host.announce(host.common.say('saved'));
        },
      });
    } else if (this.#change.unknown) {
      void this.#change.again();
    }
  };
}
