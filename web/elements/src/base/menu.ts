/** The button "More" of a row, and the popover of buttons that it opens. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Content, RosterElement } from './element.ts';
import { move, place } from './popover.ts';

/** The id of the row whose menu was opened last. */
let opened: string | undefined;

export interface MenuItem {
  readonly label: string;
  readonly danger?: boolean;
  readonly press: () => void;
}

/** A row's button and its popover; nothing where there is nothing to do. `id` is unique in the element's root. */
export function menu(host: RosterElement, id: string, name: string, items: readonly MenuItem[]): Content {
  if (items.length === 0) {
    return nothing;
  }
  return html`<button
      part="button"
      class="quiet more"
      id=${`more-${id}`}
      popovertarget=${`menu-${id}`}
      aria-label=${host.common.say('more_for', { name })}
      @click=${() => {
        opened = id;
      }}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="3" cy="8" r="1.4" /><circle cx="8" cy="8" r="1.4" /><circle cx="13" cy="8" r="1.4" /></svg>
    </button>
    <div id=${`menu-${id}`} class="menu" popover @beforetoggle=${place} @keydown=${move}>${items.map((item, index) => entry(id, item, index === 0))}</div>`;
}

/** The button of a row, to bring the focus back to. */
export const moreOf = (host: RosterElement, id: string): HTMLElement | null =>
  host.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(`more-${id}`)}`);

const entry = (id: string, { label, danger, press }: MenuItem, first: boolean): TemplateResult =>
  html`<button ?autofocus=${first} part=${danger ? 'button danger' : 'button'} class=${danger ? 'quiet bad' : 'quiet'} @click=${(
    event: Event,
  ) => {
    (event.currentTarget as HTMLElement).closest<HTMLElement>('[popover]')?.hidePopover();
    // Where another row has taken the place of the one that it was opened for, a press means nothing.
    if (opened === id) {
      press();
    }
  }}>${label}</button>`;
