/** The dialog that changes the roles of a member, as they are now: what somebody else has changed is not overwritten. */

import { html, nothing } from 'lit';
import { Change } from '../base/change.ts';
import { Dialog } from '../base/dialog.ts';
import type { Content } from '../base/element.ts';
import { emit } from '../base/events.ts';
import { problemIn } from '../base/form.ts';
import { moreOf } from '../base/menu.ts';
import { type Offer, rolesField } from '../base/roles-field.ts';
import type { RosterMembers } from '../roster-members.ts';
import type { Member } from '../session/api.ts';
import { list } from '../words/format.ts';
import { nameOf } from './row.ts';

/** Who has this permission can take back what they changed. */
const POWER = 'roles:assign';

export class RolesForm {
  readonly #host: RosterMembers;
  readonly #change: Change;
  readonly #dialog: Dialog;
  #member!: Member;
  #chosen: readonly string[] = [];
  /** What is said of it, but why it was refused. */
  #said: 'changed' | 'no_role' | undefined;

  constructor(host: RosterMembers) {
    this.#host = host;
    this.#change = new Change(host);
    this.#dialog = new Dialog(host);
  }

  open(member: Member): void {
    this.#begin(member);
    this.#change.clear();
    void this.#dialog.show({
      title: () => this.#host.words.say('change_roles_of', { name: nameOf(this.#host, member) }),
      back: () => moreOf(this.#host, member.user_id),
      body: () => this.#form(),
    });
  }

  render(): unknown {
    return this.#dialog.render();
  }

  /** The member was read anew: if it is another than is shown, it is shown as it is now, and that is said. */
  compare(members: readonly Member[] | undefined): void {
    const now = this.#dialog.open && !this.#change.unknown && !this.#change.busy && members?.find(this.#same);
    if (now && String(now.roles) !== String(this.#member.roles)) {
      this.#begin(now, 'changed');
    }
    this.#member = now || this.#member;
  }

  readonly #same = ({ user_id }: Member): boolean => user_id === this.#member.user_id;

  #begin(member: Member, said?: 'changed'): void {
    this.#member = member;
    this.#chosen = member.roles;
    this.#said = said;
  }

  /** The roles that can be given, and those that the person has. */
  get #offers(): readonly Offer[] {
    const { can, roles } = this.#member;
    const known = this.#host.team.roles.data?.items ?? [];
    return known
      .filter(({ id }) => can.assignable_roles.includes(id) || roles.includes(id))
      .map((role) => ({ role, full: !can.assignable_roles.includes(role.id) }));
  }

  #form(): Content {
    const host = this.#host;
    const { common, words, team } = host;
    const change = this.#change;
    const said = this.#said;
    const lost = this.#losesPower;
    return html`<form @submit=${this.#submit}>
      ${said === 'changed' && !change.problem ? html`<p class="small" role="alert">${common.say(said)}</p>` : nothing}
      ${rolesField(host, {
        label: words.say('role'),
        offers: this.#offers,
        several: team.organization.data?.several_roles ?? false,
        chosen: this.#chosen,
        locked: change.busy || change.unknown,
        wrong: said === 'no_role' ? words.say(said) : undefined,
        choose: (roles) => {
          this.#chosen = roles;
          this.#said = undefined;
          change.clear();
        },
      })}
      <p class="warning" role="alert">${lost ? words.say('last_power') : nothing}</p>
      ${problemIn(host, change)}
      <div class="actions">
        <button type="button" part="button" @click=${this.#dialog.close}>${common.say('cancel')}</button>
        <button part="button primary" class="primary" aria-disabled=${change.busy}>
          ${change.unknown ? common.say('again') : words.say('change_roles')}
        </button>
      </div>
    </form>`;
  }

  /** Whether one would give up the power to take it back. */
  get #losesPower(): boolean {
    const { own, team } = this.#host;
    const chosen = team.roles.data?.items.filter(({ id }) => this.#chosen.includes(id));
    return (
      this.#member.user_id === own &&
      this.#chosen.length > 0 &&
      this.#host.may(POWER) &&
      !chosen?.some(({ permissions }) => permissions.includes(POWER))
    );
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.#chosen.length === 0) {
      this.#said = 'no_role';
      this.#host.requestUpdate();
    } else if (await this.#save()) {
      this.#dialog.close();
    }
  };

  /** Saves what is chosen; what is as it was, is not sent. */
  #save(): Promise<boolean> {
    const host = this.#host;
    const member = this.#member;
    const { organizationId: organization_id } = host;
    const { user_id, etag } = member;
    const roles = [...this.#chosen];
    if (roles.length === member.roles.length && roles.every((one) => member.roles.includes(one))) {
      return Promise.resolve(true);
    }
    return this.#change.run({
      act: 'change-roles',
      detail: { organization_id, user_id, roles },
      make: (client, idempotencyKey) =>
        client.PUT('/organizations/{organization_id}/members/{user_id}/roles', {
          params: { path: { organization_id, user_id } },
          body: { roles },
          ifMatch: etag,
          idempotencyKey,
        }),
      done: async (answer) => {
        this.#member = { ...member, ...answer };
        host.edit((members) => members.map((one) => (one.user_id === user_id ? { ...one, ...answer } : one)));
        emit(host, 'roles-changed', { organization_id, user_id, roles: answer.roles });
        if (user_id === host.store?.me.data?.user_id) {
          await host.team.self.read(); // before all else is read anew: some of it may be closed now
        }
        // What is told behind the dialog nobody hears.
        const titles = list(host.titlesOf(answer.roles) ?? [], host.speech);
        host.announce(host.words.say('changed', { name: nameOf(host, member), roles: titles }));
      },
    });
  }
}
