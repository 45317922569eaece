/** The drawer "Mailbox": what was mailed to anybody, newest first. While it is open it looks again by itself. */

import { type Mail, mailbox } from './local.ts';
import { make, part } from './page.ts';
import { signedIn, whenChanged } from './person.ts';

const KEY = 'roster-demo-mailbox';
/** Milliseconds between looks. */
const LOOK = 2000;
const WIDE = '(min-width: 1100px)';
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/gu;

const drawer = part('mailbox', HTMLElement);
const button = part('mails', HTMLButtonElement);
const list = part('mail', HTMLOListElement);
const only = part('only', HTMLInputElement);
/** What is shown, by the mail's id. */
const shown = new Map<string, HTMLLIElement>();

/** Lets it be opened. Where there is room beside the page, it is open until somebody closes it. */
export function showMailbox(): void {
  button.addEventListener('click', () => (drawer.hidden ? open() : close()));
  part('close-mailbox', HTMLButtonElement).addEventListener('click', close);
  part('look-again', HTMLButtonElement).addEventListener('click', () => void look());
  only.addEventListener('change', () => void look());
  drawer.addEventListener('keydown', (event) => event.key === 'Escape' && close());
  // On a narrow page it lies over what its links lead to.
  list.addEventListener('click', (event) => {
    if (event.target instanceof HTMLAnchorElement && !matchMedia(WIDE).matches) {
      close();
    }
  });
  whenChanged(() => void look());
  document.addEventListener('visibilitychange', () => void look());
  if (matchMedia(WIDE).matches && localStorage.getItem(KEY) !== 'closed') {
    toggle(true);
  }
  setInterval(() => void look(), LOOK);
}

function open(): void {
  toggle(true);
  part('mailbox-title', HTMLElement).focus();
}

function close(): void {
  toggle(false);
  button.focus();
}

function toggle(opened: boolean): void {
  drawer.hidden = !opened;
  button.setAttribute('aria-expanded', String(opened));
  localStorage.setItem(KEY, opened ? 'open' : 'closed');
  void look();
}

/** Shows what there is now, if anybody sees it. What stands there already stays as it is, opened or not. */
export async function look(): Promise<void> {
  if (drawer.hidden || document.hidden) {
    return;
  }
  const mails = await mailbox().catch(() => undefined); // the page says itself that nobody answers
  if (!mails) {
    return;
  }
  const address = signedIn()?.email ?? '';
  const label = only.closest('label');
  if (label) {
    label.hidden = !address;
  }
  part('only-to', HTMLElement).textContent = address;
  const wanted = only.checked && address ? mails.filter(({ to }) => to === address.toLowerCase()) : mails;
  draw(wanted.toReversed());
}

function draw(mails: readonly Mail[]): void {
  const ids = new Set(mails.map(({ message_id }) => message_id));
  for (const [id, item] of shown) {
    if (!ids.has(id)) {
      item.remove();
      shown.delete(id);
    }
  }
  let before: ChildNode | null = list.firstChild;
  for (const mail of mails) {
    const item = shown.get(mail.message_id) ?? entry(mail);
    if (item === before) {
      before = item.nextSibling;
    } else {
      list.insertBefore(item, before);
    }
    shown.set(mail.message_id, item);
  }
  part('no-mail', HTMLElement).hidden = mails.length > 0;
}

function entry({ subject, to, at, text }: Mail): HTMLLIElement {
  const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(Date.parse(at));
  return make(
    'li',
    {},
    make(
      'details',
      {},
      make(
        'summary',
        {},
        make('bdi', { class: 'subject' }, subject),
        make('span', { class: 'muted' }, make('bdi', {}, to), ', ', make('time', { datetime: at }, when)),
      ),
      make('p', { class: 'text', dir: 'auto' }, ...linked(text)),
    ),
  );
}

/** A text with its links to press. Those to this app's pages are followed by the router. */
function linked(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let from = 0;
  for (const { 0: url, index } of text.matchAll(LINK)) {
    parts.push(text.slice(from, index), make('a', { href: url, rel: 'noreferrer' }, url));
    from = index + url.length;
  }
  return [...parts, text.slice(from)];
}
