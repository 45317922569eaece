/** Popovers that a button opens: where they stand, and how arrow keys go through them. */

/** How many pixels below a button are room enough. */
const ROOM = 240;

/**
 * Places a popover that opens below the button before it, or above, where there is more room; at its end, or its start.
 * When it closes, the button has the focus again: inside of a shadow root, browsers forget that.
 */
export function place(event: Event, at: 'start' | 'end' = 'end'): void {
  const popover = event.currentTarget as HTMLElement;
  const button = popover.previousElementSibling as HTMLElement;
  if ((event as ToggleEvent).newState !== 'open') {
    if (popover.contains(focused(popover))) {
      button.focus();
    }
    return;
  }
  const { top, bottom, left, right } = button.getBoundingClientRect();
  const below = innerHeight - bottom;
  const above = below < ROOM && top > below;
  const leftward = popover.matches(':dir(rtl)') === (at === 'start');
  const away = (pixels: number): string => `${Math.max(4, pixels)}px`;
  popover.style.inset = `${above ? 'auto' : away(bottom + 4)} ${leftward ? away(innerWidth - right) : 'auto'} ${
    above ? away(innerHeight - top + 4) : 'auto'
  } ${leftward ? 'auto' : away(left)}`;
  popover.style.maxWidth = `${(leftward ? right : innerWidth - left) - 4}px`;
  popover.style.maxHeight = `${(above ? top : below) - 8}px`;
}

/** Arrow keys, Home and End go from button to button; Tab does, too. */
export function move(event: KeyboardEvent, popover = event.currentTarget as HTMLElement): void {
  const buttons = [...popover.querySelectorAll('button')];
  const at = buttons.indexOf(focused(popover) as HTMLButtonElement);
  const to = { ArrowDown: (at + 1) % buttons.length, ArrowUp: Math.max(at, 0) - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    buttons.at(to)?.focus();
  }
}

const focused = (element: Element): Element | null => (element.getRootNode() as ShadowRoot).activeElement;
