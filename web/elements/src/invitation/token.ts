/** The token of an invitation's link, on its way from the address of the page to the answer. */

const KEY = 'roster.invitation';
/** For how many milliseconds it is kept. */
const LIFE = 3_600_000;
/** What may be a token: other fragments are left alone. */
const TOKEN = /^#(?:[\w-]+\.){3}[\w-]+$/u;

/** A token, and when it is dropped. */
export interface Kept {
  readonly token: string;
  readonly until: number;
}

/** What is kept where the browser denies a page any storage. */
let inHand = '';

/** Takes the token from the address of the page, if there is one. It is kept first, then erased from the address. */
export function take(): void {
  const { hash, href } = location;
  if (TOKEN.test(hash)) {
    inHand = `${Date.now() + LIFE} ${hash.slice(1)}`;
    stored(() => sessionStorage.setItem(KEY, inHand));
    history.replaceState(history.state, '', href.split('#')[0]);
  }
}

/** The token that is kept. */
export function kept(): Kept | undefined {
  const [end, token] = (stored(() => sessionStorage.getItem(KEY)) ?? inHand).split(' ');
  const until = Number(end);
  if (token && until > Date.now()) {
    return { token, until };
  }
  if (end) {
    drop();
  }
  return undefined;
}

/** Forgets the token. */
export function drop(): void {
  inHand = '';
  stored(() => sessionStorage.removeItem(KEY));
}

function stored<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    // The browser denies the page any storage.
    return undefined;
  }
}
