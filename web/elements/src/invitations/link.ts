/** Copying an invitation's link, to hand it over without mail. */

import { html } from 'lit';
import { Change } from '../base/change.ts';
import { Dialog } from '../base/dialog.ts';
import type { Content } from '../base/element.ts';
import { moreOf } from '../base/menu.ts';
import type { RosterInvitations } from '../roster-invitations.ts';
import type { Invitation } from '../session/api.ts';

export class CopyLink {
  readonly change: Change;
  /** The invitation whose link was wanted last. */
  about = '';
  readonly #host: RosterInvitations;
  readonly #dialog: Dialog;

  constructor(host: RosterInvitations) {
    this.#host = host;
    this.change = new Change(host);
    this.#dialog = new Dialog(host);
  }

  copy({ id: invitation_id, email }: Invitation): void {
    const host = this.#host;
    const detail = { organization_id: host.organizationId, invitation_id };
    this.about = invitation_id;
    void this.change.run({
      act: 'copy-link',
      detail,
      // Its answer is kept nowhere, so there is no key: asked again, it is another link to the same invitation.
      make: (client) =>
        client.POST('/organizations/{organization_id}/invitations/{invitation_id}/link', { params: { path: detail } }),
      done: async ({ link }) => {
        try {
          await navigator.clipboard.writeText(link);
          host.note(invitation_id, host.words.say('copied', { email }));
        } catch {
          this.#show(invitation_id, link);
        }
      },
    });
  }

  render(): Content {
    return this.#dialog.render();
  }

  /** Where the page may not write to the clipboard, people copy the link themselves. */
  #show(id: string, link: string): void {
    const { common, words } = this.#host;
    const select = (event: Event): void => (event.target as HTMLInputElement).select();
    void this.#dialog.show({
      title: () => words.say('copy'),
      back: () => moreOf(this.#host, id),
      body: () => html`<input part="field" aria-labelledby="dialog-title" readonly autofocus .value=${link} @focus=${select} />
        <div class="actions">
          <button part="button" @click=${this.#dialog.close}>${common.say('close')}</button>
        </div>`,
    });
  }
}
