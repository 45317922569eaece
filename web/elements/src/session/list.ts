/** A list that is read page by page: members, invitations, the log. */

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client, Page, Problem } from './api.ts';
import type { Store } from './store.ts';

/** Whose list it is. */
interface Host extends ReactiveControllerHost {
  readonly of: unknown;
  readonly about: string | undefined;
}

/** The most that one page of the API may hold. */
const LARGEST = 100;

interface Source<T> {
  /** The session's store, when the host is ready to read. */
  readonly store: () => Store | undefined;
  /** How many to read at first, and with each "Show more". */
  readonly size: () => number;
  /** Reads a page. */
  readonly page: (
    client: Client,
    query: { limit: number; cursor?: string | undefined },
    signal: AbortSignal,
  ) => Promise<Page<T>>;
}

export class List<T> implements ReactiveController {
  /** What was read so far; nothing before the first page is there. */
  items: readonly T[] | undefined;
  problem: Problem | undefined;
  /** Whether there are more. */
  more = false;
  /** Whether a page is being read. */
  busy = false;
  readonly #host: Host;
  readonly #source: Source<T>;
  #cursor: string | null = null;
  #epoch = -1;
  #of: unknown;
  #flight = new AbortController();

  constructor(host: Host, source: Source<T>) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#flight.abort();
    this.#epoch = -1;
  }

  /** Reads it if it was never read, or if it may be old: then as much of it as is shown. */
  ask(): this {
    const store = this.#source.store();
    const { of } = this.#host;
    if (of !== this.#of) {
      this.#of = of;
      this.#flight.abort();
      this.#epoch = -1;
      this.items = undefined;
      this.problem = undefined;
      this.more = false;
    }
    if (store?.ready && this.#epoch < store.epoch) {
      void this.read();
    }
    return this;
  }

  /** Begins anew, as another list: the filters are others now. What is shown stays until the first page comes. */
  restart(): Promise<void> {
    return this.#read(null, this.#source.size());
  }

  /** Reads it now, as much as is shown. */
  read(): Promise<void> {
    return this.#read(null, Math.max(this.#source.size(), this.items?.length ?? 0));
  }

  /** Reads the next page. */
  async next(): Promise<void> {
    if (!this.busy) {
      await this.#read(this.#cursor, this.#source.size());
    }
  }

  /** Replaces what is shown. */
  edit(edit: (items: readonly T[]) => readonly T[]): void {
    this.items = this.items && edit(this.items);
    this.#host.requestUpdate();
  }

  async #read(from: string | null, wanted: number): Promise<void> {
    const store = this.#source.store();
    if (!store) {
      return;
    }
    const { me } = store;
    this.#flight.abort();
    const flight = new AbortController();
    this.#flight = flight;
    this.#epoch = store.epoch;
    this.busy = true;
    this.#host.requestUpdate();
    try {
      const read: T[] = [];
      let cursor = from;
      do {
        const limit = Math.min(LARGEST, wanted - read.length);
        const query = { limit, cursor: cursor ?? undefined };
        const page = await store.ask((client) => this.#source.page(client, query, flight.signal));
        read.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null && read.length < wanted);
      if (!flight.signal.aborted) {
        this.items = from === null ? read : [...(this.items ?? []), ...read];
        this.#cursor = cursor;
        this.more = cursor !== null;
        this.problem = undefined;
      }
    } catch (error) {
      if (!flight.signal.aborted) {
        this.problem = store.unread(error, me, this.#host.about);
      }
    }
    if (flight === this.#flight) {
      this.busy = false;
      this.#host.requestUpdate();
    }
  }
}
