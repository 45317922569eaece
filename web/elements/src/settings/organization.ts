/** The name of an organization, and its mail. */

import { html, nothing } from 'lit';
import { Change } from '../base/change.ts';
import type { Content } from '../base/element.ts';
import { emit } from '../base/events.ts';
import type { RosterSettings } from '../roster-settings.ts';
import type { Organization } from '../session/api.ts';
import { check, different, save, valuesOf } from './fields.ts';
import { languages } from './languages.ts';

interface Wanted {
  readonly name?: string;
  readonly locale?: string | null;
  readonly email_notifications?: boolean;
}

export class OrganizationForms {
  readonly #host: RosterSettings;
  readonly #name: Change;
  readonly #mail: Change;

  constructor(host: RosterSettings) {
    this.#host = host;
    this.#name = new Change(host);
    this.#mail = new Change(host);
  }

  render(organization: Organization): Content {
    return html`${this.#naming(organization)}${this.#mailing(organization)}`;
  }

  #naming({ name }: Organization): Content {
    return html`<section><form @submit=${this.#rename}>
      <label>${this.#host.words.say('name')}
        <input part="field" name="name" autocomplete="off" required maxlength="100" dir="auto" value=${name} />
      </label>
      ${save(this.#host, this.#name)}
    </form></section>`;
  }

  #mailing({ locale, email_notifications }: Organization): Content {
    const { words } = this.#host;
    return html`<section><form @submit=${this.#setMail}>
      <label>${words.say('mail_language')}
        <select part="field" name="locale">${languages(locale, words.say('default'))}</select>
      </label>
      ${
        this.#host.may('organization:notifications')
          ? check('mail', words.say('mail'), words.say('mail_hint'), email_notifications)
          : nothing
      }
      ${save(this.#host, this.#mail)}
    </form></section>`;
  }

  readonly #rename = (event: SubmitEvent): void => {
    const name = String(valuesOf(event).get('name')).trim();
    this.#change(this.#name, 'rename', different('name', name, this.#shown?.name), () =>
      emit(this.#host, 'renamed', { organization_id: this.#host.organizationId, name }),
    );
  };

  readonly #setMail = (event: SubmitEvent): void => {
    const values = valuesOf(event);
    this.#change(this.#mail, 'change-settings', {
      ...different('locale', String(values.get('locale')) || null, this.#shown?.locale),
      ...(this.#host.may('organization:notifications') &&
        different('email_notifications', values.has('mail'), this.#shown?.email_notifications)),
    });
  };

  get #shown(): Organization | undefined {
    return this.#host.team.organization.data;
  }

  /** Changes the organization as it was shown. */
  #change(change: Change, act: 'rename' | 'change-settings', body: Wanted, done?: () => void): void {
    const { organizationId: organization_id, team } = this.#host;
    const ifMatch = this.#shown?.etag;
    const params = { path: { organization_id } };
    if (Object.keys(body).length > 0) {
      void change.run({
        act,
        detail: { organization_id, ...body },
        make: (client, idempotencyKey) =>
          client.PATCH('/organizations/{organization_id}', { params, body, ifMatch, idempotencyKey }),
        done: (organization) => {
          team.organization.set(organization);
          this.#host.announce(this.#host.common.say('saved'));
          done?.();
        },
      });
    } else if (change.unknown) {
      void change.again();
    }
  }
}
