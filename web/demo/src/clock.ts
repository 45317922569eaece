/** The clock that Roster sees, and how to move it forward. */

import { advance, now } from './local.ts';
import { part } from './page.ts';

/** Milliseconds between looks at this machine's own clock. */
const TICK = 10_000;

/** How far Roster's clock is ahead of this machine's, in milliseconds. */
let ahead = 0;

/** Shows the time; calls back when somebody has moved it. */
export async function showClock(moved: () => void): Promise<void> {
  part('clock', HTMLElement).addEventListener('click', async (event) => {
    if (event.target instanceof HTMLButtonElement) {
      set(await advance(event.target.value));
      moved();
    }
  });
  part('clock', HTMLElement).addEventListener('toggle', async () => set(await now()));
  setInterval(draw, TICK);
  set(await now());
}

function set(time: number): void {
  ahead = time - Date.now();
  draw();
}

function draw(): void {
  const time = new Date(Date.now() + ahead);
  const short = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const long = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' });
  const button = part('time', HTMLButtonElement);
  button.textContent = short.format(time);
  button.ariaLabel = `Clock: ${short.format(time)}`;
  const shown = part('now', HTMLTimeElement);
  shown.dateTime = time.toISOString();
  shown.textContent = long.format(time);
}
