/** Idempotency-Keys: one for each change that somebody wants, kept over all tries. */

/** Whether a route takes a key. Preview and access change nothing; a link is never kept, so it may be made twice. */
export const takesKey = (method: string, path: string): boolean =>
  method !== 'GET' && !/\/(preview|access|link)$/u.test(path);

/** A new key. Only pages that came over HTTPS, or from this machine, have `randomUUID`. */
export const newKey = (): string =>
  crypto.randomUUID?.() ??
  crypto.getRandomValues(new Uint8Array(16)).reduce((key, byte) => key + byte.toString(16).padStart(2, '0'), '');
