"""What a page offers: every control that somebody could use now, with the row that it stands in."""

from typing import NamedTuple

from playwright.sync_api import Page

# Through all shadow roots. A row's popover is closed, but what is in it is offered.
_WALK = """() => {
  const offers = [];
  const text = (node) => (node?.textContent ?? '').replace(/\\s+/gu, ' ').trim();
  const nameOf = (control) => {
    const by = control.getAttribute('aria-labelledby');
    const label = control.labels?.[0] ?? (by ? control.getRootNode().getElementById(by.split(' ')[0]) : undefined);
    const inLabel = label && [...label.childNodes].filter((node) => node !== control && !node.contains?.(control));
    return control.getAttribute('aria-label') ?? (inLabel ? inLabel.map(text).join(' ').trim() : text(control));
  };
  const walk = (root, row) => {
    for (const node of root.children) {
      const inMenu = node.matches('[popover]');
      if (!inMenu && !node.closest('[popover]') && !node.checkVisibility({ visibilityProperty: true })) {
        if (getComputedStyle(node).display !== 'contents') continue;
      }
      if (node.matches('[inert], [aria-hidden=true]')) continue;
      const here = node.matches('tbody tr, [role=row], li, [part~=row]') ? text(node) : row;
      if (node.matches('button, select, input, textarea, a[href], summary') && !node.matches(':disabled')) {
        const kind = node.getAttribute('role') ?? node.localName;
        const options = node.localName === 'select' ? [...node.options].filter((one) => !one.disabled).map(text) : [];
        offers.push({ name: nameOf(node), kind, row: here, options });
      }
      walk(node, here);
      if (node.shadowRoot) walk(node.shadowRoot, here);
    }
  };
  walk(document.body, '');
  return offers;
}"""


class Offer(NamedTuple):
    """A control."""

    name: str
    kind: str  # its role, or its tag
    row: str  # the words of the row that it stands in
    options: tuple[str, ...]


def offers(page: Page) -> list[Offer]:
    """Return every control that is there, in the order of the page."""
    found = page.evaluate(_WALK)
    return [Offer(one["name"], one["kind"], one["row"], tuple(one["options"])) for one in found]
