/** The button "More" of a row, and the popover of buttons that it opens. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Content, RosterElement } from './element.ts';

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
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="3" cy="8" r="1.4" /><circle cx="8" cy="8" r="1.4" /><circle cx="13" cy="8" r="1.4" /></svg>
    </button>
    <div id=${`menu-${id}`} class="menu" popover @beforetoggle=${place} @keydown=${move}>${items.map(entry)}</div>`;
}

/** The button of a row, to bring the focus back to. */
export const moreOf = (host: RosterElement, id: string): HTMLElement | null =>
  host.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(`more-${id}`)}`);

const entry = ({ label, danger, press }: MenuItem): TemplateResult =>
  html`<button part=${danger ? 'button danger' : 'button'} class=${danger ? 'quiet bad' : 'quiet'} @click=${(
    event: Event,
  ) => {
    (event.currentTarget as HTMLElement).closest<HTMLElement>('[popover]')?.hidePopover();
    press();
  }}>${label}</button>`;

/** Places the popover below its button, and above it where there is no room. */
function place(event: Event): void {
  const popover = event.currentTarget as HTMLElement;
  if ((event as ToggleEvent).newState !== 'open') {
    return;
  }
  const { top, bottom, left, right } = (popover.previousElementSibling as HTMLElement).getBoundingClientRect();
  const { style } = popover;
  const away = (pixels: number): string => `${Math.max(4, pixels)}px`;
  const rtl = popover.matches(':dir(rtl)');
  style.inset = rtl
    ? `${bottom + 4}px auto auto ${away(left)}`
    : `${bottom + 4}px ${away(innerWidth - right)} auto auto`;
  // Its height is known only once it is shown.
  requestAnimationFrame(() => {
    if (popover.getBoundingClientRect().bottom > innerHeight) {
      style.top = 'auto';
      style.bottom = away(innerHeight - top + 4);
    }
  });
}

/** Arrow keys go from button to button, as in any menu; Tab does, too. */
function move(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const popover = event.currentTarget as HTMLElement;
    const buttons = [...popover.querySelectorAll('button')];
    const at = buttons.indexOf((popover.getRootNode() as ShadowRoot).activeElement as HTMLButtonElement);
    buttons.at((at + step) % buttons.length)?.focus();
  }
}
