/** A modal dialog in an element's own root, by the native element. */

import { html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { RosterElement } from './element.ts';

const TITLE = 'dialog-title';

export type Back = () => HTMLElement | null | undefined;

interface Shown {
  readonly title: () => string;
  readonly body: () => unknown;
  /** Where the focus goes afterwards. If that is gone by then, it goes to the heading. Without it, the browser knows best. */
  readonly back?: Back;
}

export class Dialog implements ReactiveController {
  readonly #host: RosterElement;
  #shown: Shown | undefined;
  /** The one dialog of the root that is shown. */
  #opened: HTMLDialogElement | null | undefined;
  #of: unknown;
  #said = '';

  constructor(host: RosterElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#end();
  }

  /** Something else may stand in place of what it was about, and of itself: another organization, too. */
  hostUpdated(): void {
    if (this.#opened?.isConnected === false || (this.#of && this.#of !== this.#host.of)) {
      this.#end();
    } else if (this.#opened?.matches(':focus')) {
      // What is to be focused first was not known yet when it opened.
      this.#opened.querySelector<HTMLElement>('[autofocus]')?.focus();
    }
  }

  get open(): boolean {
    return this.#shown !== undefined;
  }

  /** Opens it. What has `autofocus` in it is focused first. */
  async show(shown: Shown): Promise<void> {
    this.#shown = shown;
    this.#of = this.#host.about && this.#host.of;
    this.#said = '';
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#opened = this.#host.renderRoot.querySelector(`#${TITLE}`)?.closest('dialog');
    this.#opened?.showModal();
  }

  /** Closes it, and brings the focus back. */
  close = (): void => {
    const back = this.#shown?.back;
    this.#end();
    void this.#host.updateComplete.then(() => {
      const to = back?.();
      if (to?.isConnected) {
        to.focus();
      } else if (back) {
        void this.#host.focusNext();
      }
    });
  };

  /** Tells screen readers what has happened in it. */
  announce(sentence: string): void {
    this.#said = sentence;
    this.#host.requestUpdate();
  }

  /** The dialog's place in the element's template. */
  render(): TemplateResult {
    const shown = this.#shown;
    return html`<dialog part="dialog" aria-labelledby=${shown ? TITLE : nothing} aria-describedby="dialog-body" @close=${this.#closed}>
      ${
        shown
          ? html`<h2 id=${TITLE}>${shown.title()}</h2>
              <div role="status" class="clipped">${this.#said}</div>
              ${shown.body()}`
          : nothing
      }
    </dialog>`;
  }

  /** The browser tells it late: what was closed may be open again. */
  readonly #closed = (): void => {
    if (this.#opened && !this.#opened.open) {
      this.close();
    }
  };

  #end(): void {
    this.#shown = undefined;
    this.#opened?.close();
    this.#opened = undefined;
    this.#of = undefined;
    this.#host.requestUpdate();
  }
}
