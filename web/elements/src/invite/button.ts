/** The button "Invite", with the dialog that it opens. */

import '../roster-invite.ts';
import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import type { OrganizationElement } from '../base/organization.ts';
import { PARTS } from '../base/parts.ts';
import { invite } from '../words/en/invite.ts';
import { sayer } from '../words/say.ts';

/** Whether somebody may invite, or could if their address were verified. */
export const mayInvite = (host: OrganizationElement): boolean =>
  host.may('invitations:manage') &&
  Boolean(host.team.self.data?.invitable_roles?.length || !host.store?.me.data?.email_verified);

const open = (event: Event): void => {
  const dialog = (event.currentTarget as HTMLElement).nextElementSibling as HTMLElementTagNameMap['roster-invite'];
  void dialog.open();
};

/** Nothing, where somebody may not invite. */
export function inviteButton(host: OrganizationElement): Content {
  return mayInvite(host)
    ? html`<button part="button primary" class="primary" @click=${open}>
          ${sayer('invite', invite, () => host.speech).say('invite')}
        </button>
        <roster-invite
          .organization=${host.organizationId}
          exportparts=${PARTS}
        ></roster-invite>`
    : nothing;
}
