/** The clock that Roster sees, and how to move it forward. */

import { advance, now } from './local.ts';
import { part } from './page.ts';

/** Milliseconds between looks at this machine's own clock. */
const TICK = 10_000;

/** How far Roster's clock is ahead of this machine's, in milliseconds. */
let ahead = 0;
let asked = 0;

/** Shows the time; calls back when somebody has moved it. */
export async function showClock(moved: () => void): Promise<void> {
  part('clock', HTMLElement).addEventListener('click', async (event) => {
    if (event.target instanceof HTMLButtonElement) {
      const { value } = event.target;
      await read(() => advance(value));
      moved();
    }
  });
  part('clock', HTMLElement).addEventListener('toggle', () => void read(now));
  setInterval(draw, TICK);
  await read(now);
}

/** Asks for the time, or moves it. An answer that is overtaken by another question's is none any more. */
async function read(ask: () => Promise<number>): Promise<void> {
  asked += 1;
  const mine = asked;
  const time = await ask();
  if (mine === asked) {
    ahead = time - Date.now();
    draw();
  }
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
