/** The dialog that sends an invitation again, with role and message filled in. */

import { html } from 'lit';
import { Change } from '../base/change.ts';
import { Dialog } from '../base/dialog.ts';
import type { Content } from '../base/element.ts';
import { emit } from '../base/events.ts';
import { problemIn } from '../base/form.ts';
import { moreOf } from '../base/menu.ts';
import { rolesField } from '../base/roles-field.ts';
import { cleaned, messageField, wrongIn } from '../invite/message.ts';
import { offersOf } from '../invite/offers.ts';
import type { RosterInvitations } from '../roster-invitations.ts';
import type { Invitation } from '../session/api.ts';
import { invite } from '../words/en/invite.ts';
import { sayer } from '../words/say.ts';

export class Resend {
  readonly #host: RosterInvitations;
  readonly #dialog: Dialog;
  readonly #change: Change;
  readonly #invite;
  /** What is chosen and typed in place of what the invitation has. */
  #roles: readonly string[] | undefined;
  #message: string | undefined;

  constructor(host: RosterInvitations) {
    this.#host = host;
    this.#dialog = new Dialog(host);
    this.#change = new Change(host);
    this.#invite = sayer('invite', invite, () => host.speech);
  }

  ask(asked: Invitation): void {
    const { id, email } = asked;
    this.#roles = undefined;
    this.#message = undefined;
    this.#change.clear();
    void this.#dialog.show({
      title: () => this.#host.words.say('resend_title', { email }),
      body: () => this.#form(this.#host.find(id) ?? asked),
      back: () => moreOf(this.#host, id),
    });
  }

  render(): Content {
    return this.#dialog.render();
  }

  #form(invitation: Invitation): Content {
    const { common, team, words } = this.#host;
    const { busy, unknown } = this.#change;
    const locked = busy || unknown;
    const offers = offersOf(this.#host);
    const offered = (this.#roles ?? invitation.roles).filter((id) => offers.some(({ role }) => role.id === id));
    const gone = offered.length < invitation.roles.length && !this.#roles;
    const chosen = gone ? [] : offered;
    const message = this.#message ?? invitation.message ?? '';
    const submit = async (event: Event): Promise<void> => {
      event.preventDefault();
      if (await this.#send(invitation, chosen, cleaned(message))) {
        this.#dialog.close();
      }
    };
    const ready = chosen.length > 0 && !wrongIn(message) && invitation.can.resend;
    return html`<form novalidate @submit=${submit}>
      ${rolesField(this.#host, {
        label: this.#invite.say('role'),
        offers,
        several: team.organization.data?.several_roles ?? false,
        chosen,
        locked,
        wrong: gone ? this.#invite.say('no_role') : undefined,
        choose: (roles) => {
          this.#roles = roles;
          this.#host.requestUpdate();
        },
      })}
      ${messageField(this.#host, message, locked, (typed) => {
        this.#message = typed;
      })}
      ${problemIn(this.#host, this.#change)}
      <div class="actions">
        <button type="button" part="button" @click=${this.#dialog.close}>${common.say('cancel')}</button>
        <button part="button primary" class="primary" autofocus ?disabled=${!(ready || locked)} aria-disabled=${busy}>
          ${unknown ? common.say('again') : words.say('resend')}
        </button>
      </div>
    </form>`;
  }

  #send(invitation: Invitation, roles: string[], message: string): Promise<boolean> {
    const host = this.#host;
    const { id: invitation_id, email, etag } = invitation;
    const detail = { organization_id: host.organizationId, invitation_id };
    const body = {
      ...(String(roles) === String(invitation.roles) ? {} : { roles }),
      ...(message === (invitation.message ?? '') ? {} : { message: message || null }),
    };
    return this.#change.run({
      act: 'resend',
      detail,
      make: (client, idempotencyKey) =>
        client.POST('/organizations/{organization_id}/invitations/{invitation_id}/resend', {
          params: { path: detail },
          body,
          idempotencyKey,
          ifMatch: etag,
        }),
      done: async () => {
        emit(host, 'resent', detail);
        // By then it stands elsewhere, and the focus goes there. What is told behind the dialog nobody hears.
        await host.read();
        host.note(invitation_id, host.words.say('resent', { email }));
      },
    });
  }
}
