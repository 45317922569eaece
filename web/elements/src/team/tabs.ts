/** The tabs of the Team page: which there are, who may open them, and how a keyboard moves between them. */

import { html, nothing } from 'lit';
import type { Content } from '../base/element.ts';
import { PARTS } from '../base/parts.ts';
import type { RosterTeam } from '../roster-team.ts';

/** Each tab with the permission that it takes, in their order. The last one is everybody's. */
const PERMISSIONS = {
  members: 'members:read',
  invitations: 'invitations:manage',
  roles: 'members:read',
  activity: 'activity:read',
  settings: '',
} as const;

export type Tab = keyof typeof PERMISSIONS;

export const TABS = Object.keys(PERMISSIONS) as readonly Tab[];

/** One's own settings, where a mail leads, are among the settings. */
const YOU = '#you';

/** The tab that a fragment names, if it names one. */
export const tabOf = (hash: string): Tab | undefined =>
  hash === YOU ? 'settings' : TABS.find((tab) => hash === `#${tab}`);

/** The tabs that the reader may open; while that is not known, nobody knows. */
export const permitted = (host: RosterTeam): readonly Tab[] =>
  TABS.filter((tab) => PERMISSIONS[tab] === '' || host.may(PERMISSIONS[tab]));

/** What a tab shows. */
export function panel(tab: Tab, organization: string | undefined): Content {
  switch (tab) {
    case 'members':
      return html`<roster-members .early=${true} .organization=${organization} exportparts=${PARTS}></roster-members>`;
    case 'invitations':
      return html`<roster-invitations .organization=${organization} exportparts=${PARTS}></roster-invitations>`;
    case 'roles':
      return html`<roster-roles .early=${true} .organization=${organization} exportparts=${PARTS}></roster-roles>`;
    case 'activity':
      return html`<roster-activity .organization=${organization} exportparts=${PARTS}></roster-activity>`;
    default:
      return html`<roster-settings .organization=${organization} exportparts=${PARTS}></roster-settings>`;
  }
}

/** The list of tabs: one stop for Tab, and the arrow keys go on from there. */
export function tablist(host: RosterTeam, tabs: readonly Tab[], shown: Tab): Content {
  const { words } = host;
  return html`<div class="tabs" role="tablist" aria-label=${words.say('title')} @keydown=${move}>
    ${tabs.map(
      (tab) => html`<button
        role="tab"
        part="tab"
        id=${`tab-${tab}`}
        aria-selected=${tab === shown}
        aria-controls=${tab === shown ? 'panel' : nothing}
        tabindex=${tab === shown ? 0 : -1}
        @click=${() => host.open(tab)}
      >${words.say(tab)}</button>`,
    )}
  </div>`;
}

/** The arrow keys open the tab beside the open one, in the direction in which the reader reads. */
function move(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const tabs = [...list.querySelectorAll('button')];
  const at = tabs.findIndex((one) => one.matches(':focus'));
  const forward = list.matches(':dir(rtl)') ? -1 : 1;
  const to = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: -1 }[event.key];
  const tab = to === undefined ? undefined : tabs.at(to % tabs.length);
  if (tab && at >= 0) {
    event.preventDefault();
    tab.focus();
    tab.click();
  }
}
