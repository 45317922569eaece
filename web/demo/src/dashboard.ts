/** What the person may do in the pretended product, as Roster answers it: the product would ask before each of these. */

import { Problem } from '@roster/client';
import { pack } from './local.ts';
import { make, part } from './page.ts';
import { client, signedIn } from './person.ts';

/** The most that may be asked at once. */
const AT_ONCE = 50;

/** Which organization is the active one, where that is known better than `GET /me/organizations` may know it yet. */
let chosen: string | undefined;

export function choose(organization_id: string | undefined): void {
  chosen = organization_id;
}

/** What asks at the moment: for whoever was signed in when it began. */
let asking = new AbortController();

/** Shows it, wherever the page has a place for it. */
export async function showAccess(): Promise<void> {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const list = document.querySelector('#may');
  if (!list) {
    return;
  }
  const { text, rows } = await access(signal).catch(untold);
  if (!signal.aborted) {
    part('may-text', HTMLElement).replaceChildren(...text);
    list.replaceChildren(...rows);
  }
}

interface Access {
  text: (Node | string)[];
  rows: Node[];
}

/** Why it cannot be told now. */
const untold = (error: unknown): Access => ({
  text: [error instanceof Problem ? error.detail : String(error)],
  rows: [],
});

async function access(signal: AbortSignal): Promise<Access> {
  if (!signedIn()) {
    return { text: ['Sign in to see it.'], rows: [] };
  }
  const { items } = await client.GET('/me/organizations', { params: { query: { limit: 100 } }, signal });
  const membership = items.find((one) => one.organization.id === chosen) ?? items.find(({ active }) => active);
  if (!membership) {
    return { text: ['You belong to no organization yet. Create one, or accept an invitation.'], rows: [] };
  }
  const { organization, role_titles } = membership;
  const { permissions } = await pack();
  const asked = Object.keys(permissions);
  const rows: Node[] = [];
  for (let from = 0; from < asked.length; from += AT_ONCE) {
    const { decisions } = await client.POST('/organizations/{organization_id}/access', {
      params: { path: { organization_id: organization.id } },
      body: { permissions: asked.slice(from, from + AT_ONCE) },
      signal,
    });
    rows.push(...decisions.map((one) => row(permissions[one.permission] ?? one.permission, one.allowed)));
  }
  const role = new Intl.ListFormat('en').format(role_titles);
  return { text: ['In ', make('bdi', {}, organization.name), ', as ', make('bdi', {}, role), '.'], rows };
}

const row = (title: string, allowed: boolean): Node =>
  make(
    'li',
    { class: allowed ? 'yes' : 'no' },
    make('span', {}, title),
    make('span', { class: 'state' }, allowed ? 'Allowed' : 'Not allowed'),
  );
