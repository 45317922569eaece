/** `roster-members`: who is in the organization, and as what. */

import './roster-session.ts';
import { css, html, nothing, type PropertyValues } from 'lit';
import { Change } from './base/change.ts';
import { Confirm } from './base/confirm.ts';
import { define } from './base/define.ts';
import type { Content } from './base/element.ts';
import { emit } from './base/events.ts';
import { leave, leaveLabel } from './base/leaving.ts';
import { type MenuItem, moreOf } from './base/menu.ts';
import { OrganizationElement } from './base/organization.ts';
import { roleTitle } from './base/role-title.ts';
import { inviteButton, mayInvite } from './invite/button.ts';
import { RolesForm } from './members/roles-form.ts';
import { nameOf, row, skeleton } from './members/row.ts';
import { Search } from './members/search.ts';
import type { Member } from './session/api.ts';
import { List } from './session/list.ts';
import { base } from './styles/base.ts';
import { forms } from './styles/forms.ts';
import { layers } from './styles/layers.ts';
import { tables } from './styles/tables.ts';
import { members } from './words/en/members.ts';
import { sayer } from './words/say.ts';

/** How many members are shown at first. */
const PAGE = 25;

/**
 * The members of an organization: search, invite, change roles, remove, leave. It offers what its reader may do.
 *
 * @element roster-members
 * @attr {string} organization - The organization's id. Without it, the session's active one.
 * @attr {number} page-size - How many members are shown at first, and with each "Show more": 25, unless it is set.
 * @fires {CustomEvent} roster-removed - A member was removed.
 * @fires {CustomEvent} roster-roles-changed - A member has other roles.
 * @fires {CustomEvent} roster-left - The person has left.
 */
export class RosterMembers extends OrganizationElement {
  static override properties = {
    ...OrganizationElement.properties,
    pageSize: { type: Number, attribute: 'page-size' },
  };
  static override styles = [
    base,
    forms,
    layers,
    tables,
    css`
      .toolbar > input {
        flex: 1 1 160px;
        max-width: 320px;
      }
      .toolbar h2 {
        margin-inline-start: auto;
        color: var(--_muted);
        font-size: 0.8125rem;
        font-weight: 400;
      }
      :is(th, td):nth-child(2) {
        width: 18%;
      }
      .date {
        white-space: nowrap;
      }
      .toolbar > .bone {
        width: min(320px, 100%);
        height: 38px;
      }
      .bone + .bone {
        width: 80%;
        margin-top: 6px;
      }
      .warning:empty {
        display: none;
      }
      .warning {
        padding: 8px 12px;
        border-inline-start: 3px solid var(--_warning);
        background: var(--_head);
        font-size: 0.8125rem;
      }
      @container (max-width: 800px) {
        .date {
          font-size: 0.8125rem;
        }
      }
      @container (max-width: 640px) {
        .toolbar > input {
          flex-basis: 100%;
          max-width: none;
        }
        .toolbar > .bone {
          height: 86px;
        }
        .toolbar h2 {
          margin-inline: 0 auto;
        }
        tbody tr {
          display: flex;
          flex-wrap: wrap;
          align-items: flex-start;
          column-gap: calc(var(--_space) * 3);
          padding-inline-start: calc(var(--_space) * 4 + 44px);
        }
        .who {
          align-items: flex-start;
        }
        td {
          order: 1;
        }
        td:first-child {
          order: 0;
          flex: 1 1 calc(100% - 8px);
          min-width: 0;
          margin-inline-start: -44px;
        }
        td:last-child {
          order: 0;
        }
        td:nth-child(2) {
          flex: 1 0 100%;
        }
        td:not(:first-child, :last-child) {
          padding: 0;
        }
      }
    `,
  ];

  pageSize = PAGE;
  readonly words = sayer('members', members, () => this.speech);
  protected override readonly permission = 'members:read';
  readonly #list: List<Member> = new List<Member>(this, {
    store: () => this.store,
    size: () => Math.max(1, Math.floor(this.pageSize) || PAGE),
    page: async (client, query, signal) => {
      const { organizationId: organization_id } = this;
      const { asked } = this.#search;
      const page = await client.GET('/organizations/{organization_id}/members', {
        params: { path: { organization_id }, query: { ...query, query: asked || undefined } },
        signal,
      });
      this.#search.answered = asked;
      return page;
    },
  });
  readonly #search: Search = new Search(this, this.#list);
  readonly #confirm = new Confirm(this, new Change(this));
  readonly #roles = new RolesForm(this);

  /** Who is signed in. */
  get own(): string | undefined {
    return this.store?.me.data?.user_id;
  }

  /** Whether the reader may see when somebody has signed in last. */
  get signIns(): boolean {
    return this.may('activity:read');
  }

  /** The titles of roles, when they are known. */
  titlesOf(roles: readonly string[]): string[] | undefined {
    const { data } = this.team.roles;
    return data && roles.map((id) => roleTitle(id, data, this.speech));
  }

  /** Shows a change of one's own, before it is read. */
  edit(edit: (members: readonly Member[]) => readonly Member[]): void {
    this.#list.edit(edit);
  }

  protected override ask(): void {
    this.#list.ask();
    this.team.roles.ask();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#roles.compare(this.#list.items);
  }

  protected override skeleton(): Content {
    return html`<div class="toolbar"><i class="bone"></i></div>
      ${skeleton}`;
  }

  protected override content(): Content {
    return html`<div class="toolbar" part="toolbar">
        ${this.#search.render()}
        <h2 tabindex="-1">${this.#search.counted()}</h2>
        ${this.#invite()}
      </div>
      ${this.#table()}
      ${this.#confirm.render()} ${this.#roles.render()}`;
  }

  /** Whose address is not verified is told so, in place of a button that must fail. */
  #invite(): Content {
    return mayInvite(this) && !this.store?.me.data?.email_verified
      ? html`<p class="muted small">${this.unverified()}</p>`
      : inviteButton(this);
  }

  #table(): Content {
    const { words } = this;
    const { items, problem } = this.#list;
    if (!items) {
      return problem ? this.trouble(problem) : skeleton;
    }
    return html`${problem ? this.trouble(problem) : nothing}
      ${
        items.length > 0
          ? html`<table role="table" part="table" aria-label=${words.say('title')}>
              <thead role="rowgroup">
                <tr role="row">
                  ${(['member', 'role', 'joined'] as const).map(this.#head)}
                  ${this.signIns ? this.#head('last_sign_in') : nothing}
                  <th role="cell"></th>
                </tr>
              </thead>
              <tbody role="rowgroup">
                ${items.map((member) => row(this, member, this.#itemsOf(member)))}
              </tbody>
            </table>`
          : html`<div class="pad muted" part="empty"><p>${words.show('no_match', { query: this.#search.answered })}</p></div>`
      }
      ${this.#foot(items)}`;
  }

  readonly #head = (key: 'joined' | 'last_sign_in' | 'member' | 'role'): Content =>
    html`<th role="columnheader" scope="col">${this.words.say(key)}</th>`;

  #foot(items: readonly Member[]): Content {
    const { busy, more } = this.#list;
    if (more) {
      return html`<div class="foot">
        <span class="muted small">${this.words.show('shown', { count: items.length })}</span>
        <button part="button" aria-disabled=${busy} @click=${this.#more}>${this.common.say('more')}</button>
      </div>`;
    }
    return this.team.organization.data?.member_count === 1 && this.team.self.data?.invitable_roles?.length
      ? html`<p class="pad muted" part="empty">${this.words.say('empty')}</p>`
      : nothing;
  }

  readonly #more = async (): Promise<void> => {
    const before = this.#list.items?.length ?? 0;
    await this.#list.next();
    await this.updateComplete;
    const { items = [], more } = this.#list;
    this.announce(this.words.say('shown', { count: items.length }));
    if (!more) {
      // The button is gone: the focus goes on to what it has brought.
      const [next] = items
        .slice(before)
        .map(({ user_id }) => moreOf(this, user_id))
        .filter(Boolean);
      if (next) {
        next.focus();
      } else {
        await this.focusNext();
      }
    }
  };

  #itemsOf(member: Member): readonly MenuItem[] {
    const { can, user_id } = member;
    const back = () => moreOf(this, user_id);
    return [
      ...(can.change_roles ? [{ label: this.words.say('change_roles'), press: () => this.#roles.open(member) }] : []),
      ...(can.leave ? [{ label: leaveLabel(this), danger: true, press: () => leave(this, this.#confirm, back) }] : []),
      ...(can.remove
        ? [{ label: this.words.say('remove'), danger: true, press: () => this.#askToRemove(member) }]
        : []),
    ];
  }

  #askToRemove(member: Member): void {
    const { user_id } = member;
    const name = nameOf(this, member);
    const items = this.#list.items ?? [];
    const after = items.slice(items.indexOf(member) + 1);
    void this.#confirm.ask({
      title: () => this.words.say('remove_title', { name }),
      lost: () => this.words.show('remove_lost', { name, organization: this.team.organization.data?.name }),
      act: () => this.words.say('remove'),
      back: () => moreOf(this, user_id) ?? after.map((one) => moreOf(this, one.user_id)).find(Boolean),
      confirm: () => this.#remove(member, name),
    });
  }

  #remove({ user_id }: Member, name: string): Promise<boolean> {
    const { organizationId: organization_id } = this;
    return this.#confirm.change.run({
      act: 'remove',
      detail: { organization_id, user_id },
      make: (client, idempotencyKey) =>
        client.DELETE('/organizations/{organization_id}/members/{user_id}', {
          params: { path: { organization_id, user_id } },
          ifMatch: this.#list.items?.find((one) => one.user_id === user_id)?.etag,
          idempotencyKey,
        }),
      done: () => {
        this.edit((items) => items.filter((one) => one.user_id !== user_id));
        this.announce(this.words.say('removed', { name }));
        emit(this, 'removed', { organization_id, user_id });
      },
    });
  }
}

define('roster-members', RosterMembers);

declare global {
  interface HTMLElementTagNameMap {
    'roster-members': RosterMembers;
  }
}
