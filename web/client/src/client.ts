/** The client: calls of the API, typed by path. */

import createFetchClient from 'openapi-fetch';
import type { paths } from './api.ts';
import { newKey, takesKey } from './key.ts';
import type { Data, Init, InitArgument, Item, Method, PagedPath, PathOf } from './operation.ts';
import { type Part, pagesOf } from './pages.ts';
import { Problem } from './problem.ts';
import { type Fetch, send } from './retry.ts';
import { callersOf, type GetToken, NOBODY } from './token.ts';
import { REAL, type Timing } from './waiting.ts';

export interface ClientOptions {
  /** Where Roster is, without a path of the API. */
  baseUrl: string;
  /** Gives the token of who is signed in. It is asked before each call, and Roster keeps nothing of it. */
  getToken: GetToken;
  /** What sends requests, instead of the global `fetch`. */
  fetch?: Fetch | undefined;
}

type Call<M extends Method> = <P extends PathOf<M>>(path: P, ...init: InitArgument<Init<M, P>>) => Promise<Data<M, P>>;

/** Each call gives what is answered, or throws a Problem. */
export interface Client {
  readonly GET: Call<'GET'>;
  readonly POST: Call<'POST'>;
  readonly PUT: Call<'PUT'>;
  readonly PATCH: Call<'PATCH'>;
  readonly DELETE: Call<'DELETE'>;
  /** Gives everything in a list, over all pages; of the export, one part after the other. */
  pages<P extends PagedPath>(path: P, ...init: InitArgument<Init<'GET', P>>): AsyncGenerator<Item<P>, void, undefined>;
}

interface AnyInit {
  params?: { path?: Record<string, string>; query?: Record<string, unknown> };
  body?: unknown;
  signal?: AbortSignal;
  idempotencyKey?: string;
  ifMatch?: string;
}

/** What nobody needs to sign in for: a link's token is enough. */
const PREVIEW = '/invitations/preview';

/** A client of the API for whoever is signed in. */
export const createClient = (options: ClientOptions): Client => clientWith(options, REAL);

/** A client that goes by another time and chance. */
export function clientWith(
  { baseUrl, getToken, fetch = (request) => globalThis.fetch(request) }: ClientOptions,
  timing: Timing,
): Client {
  const raw = createFetchClient<paths>({ baseUrl });
  const callerOf = callersOf(getToken);

  async function call(method: Method, path: string, { idempotencyKey, ifMatch, ...init }: AnyInit = {}): Promise<Part> {
    const headers: Record<string, string> = {};
    if (takesKey(method, path)) {
      headers['idempotency-key'] = idempotencyKey ?? newKey();
    }
    if (ifMatch) {
      headers['if-match'] = ifMatch;
    }
    // The types of this call are worked out in operation.ts, and not once more by openapi-fetch.
    const { data, response } = (await raw
      .request(
        method.toLowerCase() as never,
        path as never,
        {
          ...init,
          headers,
          parseAs: path.endsWith('.csv') ? 'text' : 'json',
          fetch: async (request: Request) =>
            send(request, path === PREVIEW ? NOBODY : await callerOf(request.signal), fetch, timing),
        } as never,
      )
      .catch(unreadable)) as Part;
    return { data: tagged(data, response.headers.get('etag')), response };
  }

  const calling = (method: Method) => async (path: string, init?: AnyInit) => (await call(method, path, init)).data;
  const pages = (path: string, init: AnyInit = {}) =>
    pagesOf((cursor) => {
      const query = cursor === undefined ? init.params?.query : { ...init.params?.query, cursor };
      return call('GET', path, { ...init, params: { ...init.params, ...(query && { query }) } });
    });
  return {
    GET: calling('GET'),
    POST: calling('POST'),
    PUT: calling('PUT'),
    PATCH: calling('PATCH'),
    DELETE: calling('DELETE'),
    pages,
  } as Client;
}

/** What was read, with its ETag, as lists have it. */
const tagged = (data: unknown, etag: string | null) => (etag && typeof data === 'object' ? { ...data, etag } : data);

/** A success that is no JSON comes from something on the way. */
function unreadable(error: unknown): never {
  throw error instanceof SyntaxError
    ? new Problem({ code: 'gateway', status: 200, detail: 'The answer cannot be read.' }, { cause: error })
    : error;
}
