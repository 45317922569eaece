/** The first line of the page: who is signed in, and who else could be. */

import { make, part } from './page.ts';
import { claimsFor, claimsOf, seeded, signedIn, signIn, whenChanged } from './person.ts';

/** Shows who there is, and signs in whoever is pressed. */
export function showPeople(): void {
  const form = part('address', HTMLFormElement);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    signIn(claimsFor(String(new FormData(form).get('address'))));
    form.reset();
  });
  part('sign-out', HTMLButtonElement).addEventListener('click', () => signIn(null));
  whenChanged(draw);
  draw();
  // Not before: sending it would load the page anew and sign in nobody, and the field would move away while it is used.
  for (const control of form.querySelectorAll<HTMLButtonElement | HTMLInputElement>('button, input')) {
    control.disabled = false;
  }
}

function draw(): void {
  const now = signedIn();
  const there = seeded().map(claimsOf);
  const others = now && !there.some(({ sub }) => sub === now.sub) ? [now] : [];
  const list = part('people', HTMLElement);
  const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('value') : undefined;
  const buttons = [...there, ...others].map((person) => {
    const pressed = String(person.sub === now?.sub);
    const title = [person.name, person.email].filter(Boolean).join(', ');
    const button = make(
      'button',
      { type: 'button', value: person.sub, title, 'aria-pressed': pressed },
      firstName(person),
    );
    button.addEventListener('click', () => signIn(person));
    return button;
  });
  list.replaceChildren(...buttons);
  buttons.find(({ value }) => value === focused)?.focus();
  const current = buttons.find(({ value }) => value === now?.sub);
  current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  part('sign-out', HTMLButtonElement).hidden = !now;
}

const firstName = ({ name, email, sub }: { name?: string; email?: string; sub: string }): string =>
  (name ?? email ?? sub).split(' ')[0] ?? sub;
