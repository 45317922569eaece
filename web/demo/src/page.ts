/** The page: its elements by their id, and new ones. */

/** The element of the page with an id. */
export function part<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.querySelector(`#${id}`);
  if (!(found instanceof kind)) {
    throw new TypeError(`The page has no ${kind.name} #${id}`);
  }
  return found;
}

/** A new element, with attributes and with what stands in it. */
export function make<N extends keyof HTMLElementTagNameMap>(
  name: N,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[N] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, value);
  }
  element.append(...children);
  return element;
}

/** Milliseconds for which a sentence stands there. */
const READ = 10_000;

let reading: ReturnType<typeof setTimeout> | undefined;

/** Tells everybody what happened; who cannot see it hears it. */
export function say(sentence: string): void {
  const said = part('said', HTMLElement);
  said.textContent = sentence;
  clearTimeout(reading);
  reading = setTimeout(() => said.replaceChildren(), READ);
}

/** Closes each dialog by its button "Cancel". */
export function cancelable(dialog: HTMLDialogElement): void {
  dialog.querySelector('[value=cancel]')?.addEventListener('click', () => dialog.close());
}
