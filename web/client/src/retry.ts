/** Sending a request until there is an answer: a new token, and up to three more tries, where these can help. */

import { lost, type Problem, refused } from './problem.ts';
import type { Caller } from './token.ts';
import { type Timing, until } from './waiting.ts';

const RETRIES = 3;
const BACKOFF = 500; // milliseconds at most before the second try, twice as many before each other
const PATIENCE = 10; // seconds: what an answer asks for beyond that is for people to wait for

export type Fetch = (request: Request) => Promise<Response>;

/**
 * Sends a request and returns the success, its body read.
 * Throws the Problem, or the reason of the request's signal.
 */
export async function send(request: Request, caller: Caller, fetch: Fetch, timing: Timing): Promise<Response> {
  const { signal } = request;
  let outcome = await attempt(request, caller.token, fetch, timing);
  for (let tries = 1; !(outcome instanceof Response); ) {
    const expired = outcome.status === 401;
    if (!expired) {
      await passing(outcome, tries, signal, timing);
      tries += 1;
    }
    if (!(await caller.renewed(outcome, signal)) && expired) {
      throw outcome;
    }
    outcome = await attempt(request, caller.token, fetch, timing);
  }
  return outcome;
}

/** Waits until what was refused may be done, or throws it if waiting does not help. */
async function passing(problem: Problem, tries: number, signal: AbortSignal, { random, sleep }: Timing): Promise<void> {
  const wait = problem.retryAfter ?? 0;
  // A limit of a day, which only the API names, stays.
  const passes =
    problem.code === 'network' || problem.status === 503 || (problem.status === 429 && !('limit' in problem));
  if (!passes || wait > PATIENCE || tries > RETRIES) {
    throw problem;
  }
  await sleep(wait * 1000 + random() * BACKOFF * 2 ** (tries - 1), signal);
}

async function attempt(request: Request, token: string | undefined, fetch: Fetch, timing: Timing) {
  const { signal } = request;
  const copy = request.clone();
  if (token) {
    copy.headers.set('authorization', `Bearer ${token}`);
  }
  try {
    const response = await until(signal, fetch(copy));
    const text = await until(signal, response.text());
    return response.ok ? new Response(text || null, response) : refused(response, text, timing.now());
  } catch (error) {
    signal.throwIfAborted();
    return lost(error);
  }
}
