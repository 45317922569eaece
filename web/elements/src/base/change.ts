/** A change that somebody wants: asked for once, repeated under the same key for as long as its outcome is unknown. */

import { newKey } from '@roster/client';
import type { Client, Problem } from '../session/api.ts';
import type { RosterElement } from './element.ts';
import { type Act, allowed, type BeforeDetail, emit } from './events.ts';

interface Wanted<T> {
  readonly act: Act;
  /** What the events carry. */
  readonly detail: BeforeDetail;
  /** Makes the change. Called again, with the same key, it is the same change. */
  readonly make: (client: Client, idempotencyKey: string) => Promise<T>;
  /** What to do when it is made. */
  readonly done?: (answer: T) => void | Promise<void>;
}

/**
 * Whether a change may have been made that has this problem. Neither a token that ends nor a gateway that is too busy
 * tells anything of an answer that was lost before.
 */
export const isUnknown = (problem: Problem | undefined): boolean =>
  problem !== undefined &&
  (problem.status === 0 || problem.status >= 500 || /^gateway4(?:01|29)$/u.test(problem.code + problem.status));

export class Change {
  readonly #host: RosterElement;
  #busy = false;
  #problem: Problem | undefined;
  /** Who wanted it, and where: to anybody else it is nothing. */
  #of: unknown;
  #again: (() => Promise<boolean>) | undefined;
  #wanted = '';

  constructor(host: RosterElement) {
    this.#host = host;
  }

  /** Whether it is being made. */
  get busy(): boolean {
    return this.#busy && this.#of === this.#host.of;
  }

  /** Why it was refused, or got no answer. */
  get problem(): Problem | undefined {
    return this.#of === this.#host.of ? this.#problem : undefined;
  }

  /** Whether it may have been made: until that is known, only the same may be repeated. */
  get unknown(): boolean {
    return isUnknown(this.problem);
  }

  /**
   * Makes a change; tells whether it was made. Nothing is done while one is being made, or if the page says no.
   * Of one whose outcome is unknown, the same repeats it.
   */
  run<T>(wanted: Wanted<T>): Promise<boolean> {
    const intent = JSON.stringify(wanted);
    if (this.unknown && intent === this.#wanted) {
      return this.again();
    }
    if (this.busy || !allowed(this.#host, wanted.act, wanted.detail)) {
      return Promise.resolve(false);
    }
    const key = newKey();
    this.#wanted = intent;
    this.#again = () => this.#make(wanted, key);
    return this.#again();
  }

  /** Repeats a change whose outcome is unknown. */
  async again(): Promise<boolean> {
    return this.busy ? false : ((await this.#again?.()) ?? false);
  }

  /** Forgets what became of the last one. */
  clear(): void {
    this.#problem = undefined;
    this.#host.requestUpdate();
  }

  async #make<T>({ act, detail, make, done }: Wanted<T>, key: string): Promise<boolean> {
    const host = this.#host;
    const { store } = host;
    if (!store) {
      return false;
    }
    const { of } = host;
    const { me } = store;
    this.#of = of;
    this.#busy = true;
    this.#problem = undefined;
    host.requestUpdate();
    store.busy = true;
    let answer: T;
    try {
      answer = await make(store.connected, key);
    } catch (error) {
      if (of === this.#of) {
        this.#busy = false;
        this.#problem = host.refused(error);
      }
      // What it was about may have changed: it is shown as it is now.
      store.refresh();
      return false;
    }
    if (me !== store.me) {
      return false; // somebody else is signed in by now
    }
    this.#busy = false;
    emit(host, 'change', { ...detail, type: act });
    await done?.(answer);
    store.refresh();
    return true;
  }
}
