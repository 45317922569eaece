/** The demo's sign-in, which the invitation's page and every element ask for by an event: and back to where it was. */

import { mailbox } from './local.ts';
import { cancelable, part } from './page.ts';
import { claimsFor, signIn } from './person.ts';
import { go, pageAt } from './router.ts';
import { on } from './session.ts';

const KEY = 'roster-demo-invited';

const dialog = part('sign-in', HTMLDialogElement);
const form = part('sign-in-form', HTMLFormElement);
const error = part('sign-in-error', HTMLElement);

let back = '';

/** Answers the events. */
export function showSignIn(): void {
  for (const event of ['roster-sign-in', 'roster-switch-account'] as const) {
    on(event, ({ detail }) => open(detail.url));
  }
  cancelable(dialog);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const address = form.elements.namedItem('address') as HTMLInputElement;
    if (!(address.value && address.validity.valid)) {
      error.textContent = 'Give an address, such as ann@example.com.';
      address.focus();
      return;
    }
    const claims = claimsFor(address.value);
    dialog.close();
    go(back);
    signIn(given.has('verified') ? claims : { ...claims, email_verified: false });
  });
}

function open(url: string): void {
  back = pageAt(url) ? url : location.href;
  error.textContent = '';
  form.reset();
  const address = form.elements.namedItem('address') as HTMLInputElement;
  address.value = sessionStorage.getItem(KEY) ?? '';
  dialog.showModal();
  address.select();
}

/** Finds out to whom a link to an invitation was mailed, before the link is erased: that address is offered. */
export async function rememberInvited(link: string): Promise<void> {
  const mails = await mailbox();
  const to = mails.findLast(({ text }) => text.includes(link))?.to;
  if (to) {
    sessionStorage.setItem(KEY, to);
  } else {
    sessionStorage.removeItem(KEY);
  }
}
