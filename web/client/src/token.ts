/** Tokens: asked for before each call, asked for anew when one is not taken, and never kept. */

import { type Problem, signedOut } from './problem.ts';
import { until } from './waiting.ts';

/** Answers the token of who is signed in, or null if nobody is. With `refresh`, the present one was not taken. */
export type GetToken = (options?: { refresh: boolean }) => Promise<string | null>;

/** Who makes a call. */
export interface Caller {
  readonly token?: string;
  /** Asks for a new token, once, if the problem may come from the present one; tells whether there is a new one. */
  renewed(problem: Problem, signal: AbortSignal): Promise<boolean>;
}

/** Who calls what needs no token. */
export const NOBODY: Caller = { renewed: async () => false };

/** From the host's function, what gives each call its caller. Throws the problem of being signed out. */
export function callersOf(getToken: GetToken): (signal: AbortSignal) => Promise<Caller> {
  // Calls in flight share one new token: those that began before it came, as long as they last.
  let flight: { renewal?: Promise<string | null | undefined> } = {};
  const renew = async (): Promise<string | null | undefined> => {
    try {
      return await getToken({ refresh: true });
    } catch {
      return undefined; // there is a problem already, which says more
    } finally {
      flight = {};
    }
  };
  return async (signal) => {
    signal.throwIfAborted();
    const mine = flight;
    let token = known(await until(signal, getToken()), signedOut);
    let asked = false;
    return {
      get token() {
        return token;
      },
      async renewed(problem, ending) {
        const expired = problem.status === 401;
        // A gateway's 401 may come without CORS, and then looks like a network that fails.
        if (asked || !(expired || problem.code === 'network')) {
          return false;
        }
        asked = true;
        mine.renewal ??= renew();
        const renewal = await until(ending, mine.renewal);
        if (renewal === undefined) {
          return false;
        }
        token = known(renewal, () => (expired ? problem : signedOut()));
        return true;
      },
    };
  };
}

function known(token: string | null, problem: () => Problem): string {
  if (!token) {
    throw problem();
  }
  return token;
}
