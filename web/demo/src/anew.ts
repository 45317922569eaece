/** The button that seeds anew. */

import { seed } from './local.ts';
import { look } from './mailbox.ts';
import { cancelable, part, say } from './page.ts';
import { meet } from './person.ts';

const dialog = part('anew', HTMLDialogElement);
const button = part('seed', HTMLButtonElement);

/** Asks first: everything is deleted. */
export function showSeed(): void {
  cancelable(dialog);
  button.addEventListener('click', () => dialog.showModal());
  part('anew-now', HTMLButtonElement).addEventListener('click', async () => {
    dialog.close();
    button.disabled = true;
    say('Seeding…');
    try {
      meet(await seed());
      say('Everything is as it was at the start.');
    } finally {
      button.disabled = false;
    }
    await look();
  });
}
