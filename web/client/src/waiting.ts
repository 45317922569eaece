/** Waiting: for a while, or for a promise, until a signal ends it. */

/** What time and chance a client goes by; tests have their own. */
export interface Timing {
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Waits for milliseconds, and throws the signal's reason when it ends that. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Settles as the promise does, or throws the signal's reason if that comes first. */
export async function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { signal: settled.signal });
    if (signal.aborted) {
      abort();
    }
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    settled.abort();
  }
}

export const REAL: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: async (milliseconds, signal) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    try {
      await until(signal, over);
    } finally {
      clearTimeout(timer);
    }
  },
};
