/** `roster-team`: the whole Team page, a tab for each thing that the reader may see. */

import './roster-activity.ts';
import './roster-invitations.ts';
import './roster-members.ts';
import './roster-roles.ts';
import './roster-settings.ts';
import { css, html, nothing, type PropertyValues } from 'lit';
import { define } from './base/define.ts';
import type { Content } from './base/element.ts';
import { emit } from './base/events.ts';
import { meter, meterStyle } from './base/meter.ts';
import { OrganizationElement } from './base/organization.ts';
import { upgrade } from './base/upgrade.ts';
import { base } from './styles/base.ts';
import { panel, permitted, TABS, type Tab, tablist, tabOf } from './team/tabs.ts';
import { team } from './words/en/team.ts';
import { sayer, title } from './words/say.ts';

/**
 * The Team page of an organization: its name, how much of its plan is used, and tabs for its members, invitations, roles,
 * activity and settings, as far as its reader may see them.
 *
 * @element roster-team
 * @attr {string} organization - The organization's id. Without it, the session's active one.
 * @attr {'members' | 'invitations' | 'roles' | 'activity' | 'settings'} tab - The tab that is open.
 * @attr {'none' | 'hash'} routing - With `hash`, the open tab stands in the fragment of the page's address.
 * @fires {CustomEvent} roster-navigate - Another tab is shown.
 * @fires {CustomEvent} roster-upgrade - "Upgrade" was pressed. Unless it is cancelled, the same tab goes to `url`.
 * @fires {CustomEvent} roster-left - The person has left.
 * @fires {CustomEvent} roster-deleted - The organization was deleted.
 */
export class RosterTeam extends OrganizationElement {
  static override properties = { ...OrganizationElement.properties, tab: {}, routing: {} };
  static override styles = [
    base,
    meterStyle,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--_space) * 3) calc(var(--_space) * 6);
        padding: var(--_edge) var(--_edge) calc(var(--_space) * 4);
      }
      .titles {
        flex: 1 1 240px;
        min-width: 0;
        min-height: 48px;
      }
      h2 {
        font-size: 1.375rem;
        font-weight: 650;
        line-height: 1.25;
        letter-spacing: -0.01em;
      }
      .seats {
        flex: 1 1 120px;
        max-width: 200px;
      }
      .tabs {
        display: flex;
        gap: calc(var(--_space) * 5);
        min-height: 47px;
        padding-inline: var(--_edge);
        overflow-x: auto;
        border-bottom: 1px solid var(--_border);
        scrollbar-width: none;
        white-space: nowrap;
      }
      [role='tab'] {
        flex: none;
        padding: 10px 0;
        border: 0;
        border-block: 2px solid transparent;
        border-radius: 0;
        color: var(--_muted);
      }
      .tabs [role='tab']:hover {
        border-top-color: transparent;
        color: var(--_text);
      }
      .tabs [role][aria-selected='true'] {
        border-bottom-color: var(--_accent);
        color: var(--_text);
      }
      [role='tab']:focus-visible {
        outline-offset: -2px;
      }
      .head .bone {
        margin-block: 9px;
      }
      @container (max-width: 640px) {
        .head,
        .tabs {
          padding-inline: calc(var(--_space) * 4);
        }
        .seats {
          max-width: none;
        }
      }
    `,
  ];

  /** The tab that is open, or that is to be opened. */
  tab: string | undefined;
  routing: 'hash' | 'none' = 'none';
  readonly words = sayer('team', team, () => this.speech);

  /** The tab that the page asked for, which an address without a fragment shows. */
  #first: string | undefined;
  /** The organization that was shown last. */
  #last: string | undefined;
  /** Whether somebody else has ended the person's part in it, which was said then. */
  #gone: boolean | undefined;

  /** Opens a tab, as a press does: the page's history then has one entry more. */
  open(tab: Tab): void {
    if (tab !== this.#shown) {
      if (this.routing === 'hash') {
        history.pushState(history.state, '', `${location.href.split('#')[0]}#${tab}`);
      }
      this.#show(tab);
    }
  }

  #show(tab: string | undefined): void {
    this.tab = tab;
    this.store?.refresh();
    emit(this, 'navigate', { organization_id: this.organizationId, tab: this.#shown });
  }

  /** Which tabs there are; nothing while it is not known what the reader may do. */
  get #tabs(): readonly Tab[] | undefined {
    return this.store && this.team.self.data ? permitted(this) : undefined;
  }

  /** The tab that is shown: the one that is wanted, or else the first that is permitted. */
  get #shown(): Tab {
    const tabs = this.#tabs ?? TABS;
    return tabs.find((tab) => tab === this.tab) ?? tabs[0] ?? 'settings';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#follow);
  }

  /** Goes where the address leads, back and forward too. Fragments that are no tab are not ours. */
  readonly #follow = (): void => {
    const { hash } = location;
    const tab = hash ? tabOf(hash) : this.#first;
    if (this.routing === 'hash' && tab !== this.tab && (tab || !hash)) {
      this.#show(tab);
    }
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const gone = this.store?.isLost(this.#last ?? '');
    if (gone && !this.#gone) {
      this.announce(this.common.say('gone'));
    }
    this.#gone = gone;
    this.#last = this.about;
    if (!this.hasUpdated) {
      this.#first = this.tab;
    }
    if (changed.has('routing') && this.routing === 'hash') {
      this.tab = tabOf(location.hash) ?? this.tab;
    }
  }

  protected override updated(): void {
    // Where there is no room for all tabs, the open one is seen.
    const tab = this.renderRoot.querySelector('[aria-selected="true"]');
    const list = tab?.parentElement;
    if (tab && list) {
      const [inner, outer] = [tab, list].map((one) => one.getBoundingClientRect());
      list.scrollLeft += middle(inner) - middle(outer);
    }
  }

  /** The tab's own element stands there from the first, so that all is asked for at once. */
  protected override skeleton(): Content {
    return this.content();
  }

  protected override content(): Content {
    const tabs = this.#tabs;
    const shown = this.#shown;
    return html`<div class="head">${this.#heading()}</div>
      ${tabs ? tablist(this, tabs, shown) : html`<div class="tabs"></div>`}
      <div id="panel" role=${tabs ? 'tabpanel' : nothing} aria-labelledby=${tabs ? `tab-${shown}` : nothing}>
        ${panel(shown, this.about)}
      </div>`;
  }

  #heading(): Content {
    const organization = this.store && this.team.organization.data;
    if (!organization) {
      return html`<div class="titles" aria-hidden="true"><i class="bone"></i><i class="bone"></i></div>`;
    }
    const { limits, member_count, name, plan, plan_title, upgrade_url } = organization;
    const { members } = limits;
    return html`<div class="titles">
        <h2 part="name" tabindex="-1"><bdi>${name}</bdi></h2>
        <p class="muted small">${this.words.show('plan', { plan: title('plan', plan, plan_title, this.speech) })} ·
          ${
            members === null
              ? this.words.show('count', { count: member_count })
              : this.words.show('seats', { count: members, used: member_count })
          }</p>
      </div>
      ${members === null ? nothing : html`<div class="seats">${meter(member_count, members)}</div>`}
      ${members !== null && member_count >= members ? upgrade(this, organization.id, upgrade_url) : nothing}`;
  }
}

const middle = (box: DOMRect | undefined): number => (box ? box.left + box.right : 0) / 2;

define('roster-team', RosterTeam);

declare global {
  interface HTMLElementTagNameMap {
    'roster-team': RosterTeam;
  }
}
