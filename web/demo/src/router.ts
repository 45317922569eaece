/** The pages of the product: which one is shown, and how to get to another without loading anew. */

import { part } from './page.ts';

const TEMPLATES: Readonly<Record<string, string>> = {
  '/': 'dashboard-page',
  '/team': 'team-page',
  '/invitation': 'invitation-page',
};

/** What they are called. */
const TITLES: Readonly<Record<string, string>> = { '/': 'Dashboard', '/team': 'Team', '/invitation': 'Invitation' };

/** The path of the page that is shown. */
let path = '';

/** Shows the page of the address in the browser's bar, anew. */
export function show(): void {
  path = location.pathname;
  const template = part(TEMPLATES[path] ?? 'dashboard-page', HTMLTemplateElement);
  for (const link of document.querySelectorAll('header.product a')) {
    if (link.getAttribute('href') === path) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  const page = part('page', HTMLElement);
  const focused = page.contains(document.activeElement);
  const title = TITLES[path] ?? '';
  page.ariaLabel = title;
  document.title = `${title} · Roster demo`;
  page.replaceChildren(template.content.cloneNode(true));
  if (focused) {
    page.focus(); // what had the focus is gone
  }
}

/** Follows links to pages of this app by showing them; `shown` shows the page of the address. */
export function route(shown: () => void): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (link && plain && !event.defaultPrevented && !link.target && pageAt(link.href)) {
      event.preventDefault();
      go(link.href);
      shown();
      part('page', HTMLElement).focus();
    }
  });
  // Of the hash, the Team page sees to itself; a link to an invitation may be put into the bar by hand.
  addEventListener('popstate', () => {
    if (location.pathname !== path || (path === '/invitation' && location.hash)) {
      shown();
    }
  });
}

/** Puts the address of a page of this app into the browser's bar. */
export function go(url: string): void {
  if (url !== location.href) {
    history.pushState(null, '', url);
    scrollTo(0, 0);
  }
}

/** Whether an address is one of this app's pages. */
export function pageAt(url: string): boolean {
  const { origin, pathname } = new URL(url, location.href);
  return origin === location.origin && Object.hasOwn(TEMPLATES, pathname);
}
