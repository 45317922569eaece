/** The system as `make run` serves it, started once for all tests on any free port, and people who call it. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ClientOptions, clientWith } from '../src/client.ts';
import type { Client } from '../src/index.ts';
import type { Timing } from '../src/waiting.ts';
import { FaultyProxy } from './proxy.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const NOW = Date.parse('2026-01-31T12:00:00Z');

let server: ChildProcess | undefined;
let address = '';
/** What stands between each client and the server. */
export let proxy: FaultyProxy;

before(async () => {
  server = spawn(`${ROOT}/.venv/bin/python`, ['-m', 'local', '--port', '0'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(server.stdout ?? assert.fail('nothing to read'));
  const [line] = await once(lines, 'line');
  address = String(line).split(' ').at(-1) ?? '';
  proxy = await FaultyProxy.before(address);
});

after(async () => {
  await proxy.end();
  if (server) {
    server.kill('SIGINT');
    await once(server, 'exit');
  }
});

async function local(path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${address}/_local/${path}`, init);
  assert.ok(response.ok, await response.clone().text());
  return response.status === 204 ? undefined : response.json();
}

export async function tokenOf(claims: Record<string, unknown>): Promise<string> {
  return ((await local('token', claims)) as { access_token: string }).access_token;
}

export const advance = (duration: string): Promise<unknown> => local('clock', { advance: duration });

/** The token in the last mail to an address. */
export async function linkTo(email: string): Promise<string> {
  await local('run/notify/send', {});
  const mails = (await local(`mailbox?to=${email}`)) as { items: { links: string[] }[] };
  const link = mails.items.at(-1)?.links.find((each) => each.includes('#')) ?? assert.fail('no link');
  return link.slice(link.indexOf('#') + 1);
}

/** Puts an organization on a plan, as the product's billing does. */
export async function onPlan(organization_id: string, plan: string): Promise<void> {
  const token = await tokenOf({ client_id: 'billing', scope: 'roster/billing' });
  const response = await fetch(`${address}/organizations/${organization_id}/plan`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ plan }),
  });
  assert.equal(response.status, 200);
}

/** A time that stands still and a chance that is no chance. Nothing is waited for; `waits` has what would have been. */
export class Still implements Timing {
  readonly waits: number[] = [];
  now = (): number => NOW;
  random = (): number => 0.5;
  sleep = (milliseconds: number, _signal: AbortSignal): Promise<void> => {
    this.waits.push(milliseconds);
    return Promise.resolve();
  };
}

type Claims = { sub?: string } & Record<string, unknown>;

let people = 0;

/** Somebody new, with a client of their own. */
export class Caller {
  readonly name: string;
  readonly email: string;
  readonly timing = new Still();
  readonly client: Client;
  readonly token: Promise<string>;

  constructor(claims: Claims = {}, options: Partial<ClientOptions> = {}) {
    people += 1;
    this.name = String(claims.sub ?? `person${people}`);
    this.email = `person${people}@example.com`;
    this.token = tokenOf({ sub: this.name, email: this.email, name: `Person ${people}`, ...claims });
    this.client = clientWith({ baseUrl: proxy.address, getToken: () => this.token, ...options }, this.timing);
  }

  async organization(): Promise<string> {
    return (await this.client.POST('/organizations', { body: { name: 'Acme' } })).id;
  }

  async invite(organization_id: string, email: string, role = 'viewer'): Promise<string> {
    const body = { email, roles: [role] };
    const params = { path: { organization_id } };
    return (await this.client.POST('/organizations/{organization_id}/invitations', { params, body })).id;
  }

  async join(organization_id: string, invitation_id: string): Promise<void> {
    const params = { path: { organization_id, invitation_id } };
    await this.client.POST('/organizations/{organization_id}/invitations/{invitation_id}/accept', { params, body: {} });
  }

  /** Somebody new, who is in by invitation. */
  async newcomer(organization_id: string, role = 'viewer'): Promise<Caller> {
    const person = new Caller();
    await person.join(organization_id, await this.invite(organization_id, person.email, role));
    return person;
  }
}
