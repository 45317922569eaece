/** Something that is read from the API: what is known of it, and what stood in the way last. */

import type { Problem } from './api.ts';

/** What a reading belongs to. */
export interface Reader {
  /** Counts up when what was read may be old. */
  readonly epoch: number;
  /** Whether anything can be asked yet. */
  readonly ready: boolean;
  /** Something is known now that was not known before. */
  changed(): void;
}

export class Reading<T> {
  /** What is known. It stays while it is read anew, and when that fails. */
  data: T | undefined;
  /** Why the last reading failed, if it did. */
  problem: Problem | undefined;
  protected readonly reader: Reader;
  readonly #load: () => Promise<T>;
  readonly #problemOf: (error: unknown) => Problem;
  #epoch = -1;
  #flight: Promise<void> | undefined;

  /** `problemOf` is told each failure, and says which problem it is. */
  constructor(reader: Reader, load: () => Promise<T>, problemOf: (error: unknown) => Problem) {
    this.reader = reader;
    this.#load = load;
    this.#problemOf = problemOf;
  }

  /** Reads it if it was never read, or if it may be old. */
  ask(): this {
    if (this.#epoch < this.reader.epoch && this.reader.ready) {
      void this.read();
    }
    return this;
  }

  /** Reads it now. Of several readings, the one that began last counts. */
  read(): Promise<void> {
    this.#epoch = this.reader.epoch;
    const flight: Promise<void> = this.#settled(() => flight === this.#flight);
    this.#flight = flight;
    return flight;
  }

  /** What there is, after waiting for it if need be. Throws the problem that stands in the way. */
  async value(): Promise<T> {
    await (this.#flight ?? this.read());
    if (this.data === undefined) {
      throw this.problem;
    }
    return this.data;
  }

  /** Replaces what is known by what a change has answered. */
  set(data: T): void {
    this.#epoch = this.reader.epoch;
    this.#flight = Promise.resolve();
    this.data = data;
    this.problem = undefined;
    this.reader.changed();
  }

  async #settled(newest: () => boolean): Promise<void> {
    const [data, problem] = await this.#load().then(
      (read) => [read, undefined] as const,
      (error: unknown) => [this.data, this.#problemOf(error)] as const,
    );
    if (newest()) {
      this.data = data;
      this.problem = problem;
      this.reader.changed();
    }
  }
}
