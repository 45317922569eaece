/** A dialog that asks before something is lost. */

import { html, nothing } from 'lit';
import type { Change } from './change.ts';
import { type Back, Dialog } from './dialog.ts';
import type { RosterElement } from './element.ts';
import { problemIn } from './form.ts';

interface Question {
  readonly title: () => string;
  /** What is lost, and what stays: one paragraph. */
  readonly lost: () => unknown;
  /** The name of the button that opened it. */
  readonly act: () => string;
  /** More that has to be filled in. */
  readonly fields?: () => unknown;
  /** Whether it may be confirmed yet. */
  readonly ready?: () => boolean | undefined;
  /** Makes the change; tells whether it was made. */
  readonly confirm: () => Promise<boolean>;
  readonly back: Back;
}

export class Confirm {
  readonly change: Change;
  readonly #host: RosterElement;
  readonly #dialog: Dialog;

  constructor(host: RosterElement, change: Change) {
    this.#host = host;
    this.change = change;
    this.#dialog = new Dialog(host);
  }

  /** Asks. The first focus is "Cancel". */
  ask(question: Question): Promise<void> {
    const { common } = this.#host;
    const { change } = this;
    const { ready = () => true } = question;
    const submit = async (event: Event): Promise<void> => {
      event.preventDefault();
      if (ready() && (await question.confirm())) {
        this.#dialog.close();
      }
    };
    change.clear();
    return this.#dialog.show({
      ...question,
      body: () => html`<form @submit=${submit}>
        <p id="dialog-body">${question.lost()}</p>
        ${question.fields?.() ?? nothing} ${problemIn(this.#host, change)}
        <div class="actions">
          <button type="button" part="button" autofocus @click=${this.#dialog.close}>${common.say('cancel')}</button>
          <button part="button danger" class="danger" aria-disabled=${change.busy} ?disabled=${!ready()}>
            ${change.unknown ? common.say('again') : question.act()}
          </button>
        </div>
      </form>`,
    });
  }

  render(): unknown {
    return this.#dialog.render();
  }
}
