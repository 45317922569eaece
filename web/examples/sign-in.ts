/** In place of your app's sign-in: tokens of the local issuer for one of the people who are there in `make run`. */

/** Where `make run` serves the API. */
export const API = 'http://127.0.0.1:8000';

const ANN = { sub: 'ann', email: 'ann@example.com', name: 'Ann Archer' };
let token: string | undefined;

/** The token of who is signed in. It is asked for before each call, so it is kept until a new one is wanted. */
export async function getToken(options?: { refresh: boolean }): Promise<string | null> {
  if (token === undefined || options?.refresh) {
    const answer = await fetch(`${API}/_local/token`, { method: 'POST', body: JSON.stringify(ANN) });
    token = (await answer.json()).access_token;
  }
  return token ?? null;
}
