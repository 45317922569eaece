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

// On a narrow page the tools lie in strips, where a browser leaves half hidden what it brings the focus to.
document.querySelector('.tools')?.addEventListener('focusin', ({ target }) => {
  if (target instanceof Element) {
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
});

// It lies over the page, but never over what the keys have brought the focus to.
addEventListener('keyup', () => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) {
    at = at.shadowRoot.activeElement;
  }
  const said = part('said', HTMLElement);
  if (at && at !== document.body && at.localName !== 'main' && overlap(at, said)) {
    said.replaceChildren();
  }
});

function overlap(one: Element, other: Element): boolean {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Closes each dialog by its button "Cancel". */
export function cancelable(dialog: HTMLDialogElement): void {
  dialog.querySelector('[value=cancel]')?.addEventListener('click', () => dialog.close());
}
