/** Who is signed in: by the local issuer, which gives anybody a token. It stays so when the page is loaded anew. */

import { createClient } from '@roster/client';
import { people, type Seeded, token } from './local.ts';
import { api } from './session.ts';

/** What the person's token says. */
export interface Claims {
  readonly sub: string;
  readonly email?: string;
  readonly name?: string;
  readonly email_verified?: boolean;
  /** When they signed in, in seconds. */
  readonly auth_time?: number;
}

const KEY = 'roster-demo';

let claims: Claims | null = null;
let known: readonly Seeded[] = [];
let issued: Promise<string> | undefined;
const listeners = new Set<() => void>();

/** Who is signed in; null is nobody. */
export const signedIn = (): Claims | null => claims;

/** The people who were seeded. */
export const seeded = (): readonly Seeded[] => known;

/** Calls back whenever somebody else is signed in, and when other people are there. */
export function whenChanged(listener: () => void): void {
  listeners.add(listener);
}

/** Whoever was signed in here last is so again; who is here for the first time is the first of the seeded people. */
export async function begin(): Promise<void> {
  const kept = localStorage.getItem(KEY);
  known = await people();
  keep(kept === null ? firstOf(known) : JSON.parse(kept));
}

/** Other people are there now. */
export function meet(others: readonly Seeded[]): void {
  known = others;
  keep(claims);
}

/** Signs somebody in; null signs out. */
export function signIn(next: Claims | null): void {
  keep(next && { ...next, auth_time: Math.floor(Date.now() / 1000) });
}

function keep(next: Claims | null): void {
  claims = next;
  issued = undefined;
  localStorage.setItem(KEY, JSON.stringify(next));
  for (const listener of listeners) {
    listener();
  }
}

const firstOf = ([first]: readonly Seeded[]): Claims | null => (first ? claimsOf(first) : null);

export const claimsOf = ({ user_id, email, name }: Seeded): Claims => ({ sub: user_id, email, name });

/** Whoever has this address: somebody who was seeded, or somebody new, whose id it is then. */
export function claimsFor(address: string): Claims {
  const email = address.trim();
  const folded = email.toLowerCase();
  const found = known.find((one) => one.email === folded);
  const name = folded.split('@')[0] ?? folded;
  return found
    ? claimsOf(found)
    : { sub: folded.replaceAll(/[^\w.~|@:+=-]/gu, '_'), email, name: name.charAt(0).toUpperCase() + name.slice(1) };
}

/** The token of who is signed in, as Roster's elements and the client ask for it. */
export async function getToken(options?: { refresh: boolean }): Promise<string | null> {
  if (!claims) {
    return null;
  }
  if (options?.refresh) {
    issued = undefined;
  }
  issued ??= token({ ...claims });
  try {
    return await issued;
  } catch (error) {
    issued = undefined;
    throw error;
  }
}

/** The API, for what the product itself asks of it. */
export const client = createClient({ baseUrl: api, getToken });
