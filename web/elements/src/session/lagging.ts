/** A list of `/me/…`, which lags behind changes: for a while, one's own are laid over what was read. */

import { Reading } from './reading.ts';

/** For how many milliseconds a list of `/me/…` may not show a change yet. */
const LAG = 5000;

type Edit<T> = (items: readonly T[]) => readonly T[];

export class Lagging<T> extends Reading<readonly T[]> {
  #laid: { readonly edit: Edit<T>; readonly until: number }[] = [];

  /** The list as it is, with one's own changes. */
  get items(): readonly T[] | undefined {
    this.#laid = this.#laid.filter(({ until }) => Date.now() < until);
    return this.data && this.#laid.reduce((items, { edit }) => edit(items), this.data);
  }

  /** Lays a change over what is read from now on, for as long as the list may lag. */
  lay(edit: Edit<T>): void {
    if (this.data) {
      this.data = edit(this.data);
    }
    this.#laid.push({ edit, until: Date.now() + LAG });
    this.reader.changed();
  }
}
