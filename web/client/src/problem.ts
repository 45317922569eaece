/** Problems: what a call is refused with. Switch on `code`, which is stable; show `detail`, which says what to do. */

import type { components } from './api.ts';

type Shape = components['schemas']['Problem'];

interface Common {
  readonly name: 'Problem';
  /** What to do, in plain words for people. */
  readonly detail: string;
  /** The id that this request has in Roster's logs, if there was an answer. */
  readonly requestId: string | undefined;
  /** After how many seconds to try again, if the answer says so. */
  readonly retryAfter: number | undefined;
}

/** `reason` can be read from every problem; only some can have one. */
type Reasoned<S> = 'reason' extends keyof S ? unknown : { readonly reason?: undefined };

type Told<S> = S extends Shape ? Error & Common & Readonly<Omit<S, 'request_id'>> & Reasoned<S> : never;

/** The gateway in front of Roster refused, or something else on the way did: it knows no codes. */
export type GatewayProblem = Error &
  Common &
  Reasoned<unknown> & {
    readonly code: 'gateway';
    /** The HTTP status; 401 is nobody signed in. */
    readonly status: number;
  };

/** There was no answer: the change may have been made or not. `cause` is what `fetch` threw. */
export type NetworkProblem = Error & Common & Reasoned<unknown> & { readonly code: 'network'; readonly status: 0 };

/** What a call was refused with, narrowed by `code`. New codes may come: have a default. */
export type Problem = Told<Shape> | GatewayProblem | NetworkProblem;

/** What a problem is made of. */
export interface ProblemFields {
  readonly code: Problem['code'];
  readonly status: number;
  readonly detail: string;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly [member: string]: unknown;
}

class Refusal extends Error {
  override readonly name = 'Problem';

  constructor(fields: ProblemFields, options?: ErrorOptions) {
    super(`${fields.code}: ${fields.detail}`, options);
    Object.assign(this, { requestId: undefined, retryAfter: undefined }, fields);
  }

  /** Two copies of this module may be on one page: a problem of one is a problem to the other. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'Problem' && 'code' in value;
  }
}

interface ProblemClass {
  new (fields: ProblemFields, options?: ErrorOptions): Problem;
  [Symbol.hasInstance](value: unknown): value is Problem;
}

export const Problem: ProblemClass = Refusal as unknown as ProblemClass;

/** There was no answer. */
export const lost = (cause: unknown): Problem =>
  new Problem({ code: 'network', status: 0, detail: 'There was no answer. Check the connection.' }, { cause });

/** Nobody is signed in, so nothing was asked. */
export const signedOut = (): Problem => new Problem({ code: 'gateway', status: 401, detail: 'Nobody is signed in.' });

/** What an answer that is no success says, with its body, at a time in milliseconds. */
export function refused(response: Response, text: string, now: number): Problem {
  const { request_id: id, ...members } = parsed(text);
  const { headers, status } = response;
  const common = {
    requestId: headers.get('apigw-requestid') ?? undefined,
    retryAfter: seconds(headers.get('retry-after'), now),
  };
  if (typeof members.code === 'string') {
    return new Problem({ ...common, ...(members as ProblemFields), ...(id ? { requestId: String(id) } : {}) });
  }
  const detail = String(members.message || response.statusText || `Status ${status}`);
  return new Problem({ ...common, code: 'gateway', status, detail });
}

function parsed(text: string): { code?: unknown; message?: unknown; request_id?: unknown } {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}

/** Of a Retry-After, in seconds or as a date (RFC 9110), the seconds from now on. */
export function seconds(header: string | null, now: number): number | undefined {
  if (header === null) {
    return undefined;
  }
  const left = /^\d+$/u.test(header) ? Number(header) : Math.ceil((Date.parse(header) - now) / 1000);
  return Number.isNaN(left) ? undefined : Math.max(0, left);
}
