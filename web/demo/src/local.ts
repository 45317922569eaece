/** What only the local server has: tokens of its issuer, the mailbox, the clock, the people who were seeded. */

import { api } from './session.ts';

/** Somebody who was seeded, and who can be signed in. */
export interface Seeded {
  user_id: string;
  name: string;
  email: string;
}

export interface Mail {
  message_id: string;
  to: string;
  subject: string;
  text: string;
  at: string;
}

/** What a product knows of its own pack. */
export interface Pack {
  title: string;
  /** From the first to the last. */
  plans: { id: string; title: string }[];
  /** What the product asks for, by the permission's id, with its name for people. */
  permissions: Record<string, string>;
}

/** The local server did not do what it was asked; the message is a sentence. */
export class LocalError extends Error {}

async function call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${api}/_local/${path}`, init).catch(unanswered);
  if (!answer.ok) {
    throw new LocalError(`${method} /_local/${path} was refused: ${answer.status} ${await answer.text()}`);
  }
  return await answer.json();
}

function unanswered(cause: unknown): never {
  throw new LocalError('There is no answer. Is `make run` still running?', { cause });
}

/** A token with these claims. */
export async function token(claims: Readonly<Record<string, unknown>>): Promise<string> {
  const { access_token } = await call<{ access_token: string }>('POST', 'token', claims);
  return access_token;
}

export const pack = (): Promise<Pack> => call('GET', 'pack');

export const people = async (): Promise<Seeded[]> => (await call<{ people: Seeded[] }>('GET', 'seed')).people;

/** Deletes everything, and makes what was there at the start. */
export const seed = async (): Promise<Seeded[]> => (await call<{ people: Seeded[] }>('POST', 'seed')).people;

export const mailbox = async (): Promise<Mail[]> => (await call<{ items: Mail[] }>('GET', 'mailbox')).items;

/** The time that Roster sees, in milliseconds. */
export const now = async (): Promise<number> => Date.parse((await call<{ now: string }>('GET', 'clock')).now);

/** Moves that time forward by an ISO 8601 duration. */
export const advance = async (duration: string): Promise<number> =>
  Date.parse((await call<{ now: string }>('POST', 'clock', { advance: duration })).now);
