"""What a page offers: every control that somebody could use now, with the row that it stands in."""

from typing import NamedTuple

from playwright.sync_api import Page

# Through all shadow roots. A row's popover is closed, but what is in it is offered.
_WALK = """() => {
  const offers = [];
  const groups = [];
  const text = (node) =>
    (node?.nodeType === Node.COMMENT_NODE ? '' : (node?.textContent ?? '')).replace(/\\s+/gu, ' ').trim();
  const nameOf = (control) => {
    const by = control.getAttribute('aria-labelledby');
    const label = control.labels?.[0] ?? (by ? control.getRootNode().getElementById(by.split(' ')[0]) : undefined);
    const around = label && [...label.childNodes].filter((node) => node !== control && !node.contains(control));
    return control.getAttribute('aria-label') ?? (around ? around.map(text).join(' ').trim() : text(control));
  };
  const visible = (node) =>
    node.checkVisibility({ visibilityProperty: true }) || getComputedStyle(node).display === 'contents';
  const openerOf = ({ id, parentNode }) =>
    parentNode.getRootNode().querySelector(`[popovertarget="${id}"]`);
  const note = (node, row) => {
    const { localName, type, value } = node;
    const popover = node.closest('[popover]');
    const around = node.closest('form, dialog');
    if (around && !groups.includes(around)) groups.push(around);
    if (!node.dataset.offer) {
      globalThis.offered = (globalThis.offered ?? 0) + 1;
      node.dataset.offer = globalThis.offered;
    }
    offers.push({
      id: Number(node.dataset.offer),
      name: nameOf(node),
      kind: node.getAttribute('role') ?? (localName === 'input' ? type : localName),
      row,
      opener: popover ? Number(openerOf(popover).dataset.offer) : -1,
      opener_name: popover ? nameOf(openerOf(popover)) : '',
      group: around ? groups.indexOf(around) : -1,
      asked: node.closest('dialog') !== null,
      value: type === 'checkbox' || type === 'radio' ? String(node.checked) : (value ?? ''),
      options: localName === 'select' ? [...node.options].filter((one) => !one.disabled && one.value).map(text) : [],
    });
  };
  const walk = (root, row) => {
    for (const node of root.children) {
      if (node.matches('[inert], [aria-hidden=true]')) continue;
      if (!node.closest('[popover]') && !visible(node)) continue;
      const here = node.matches('tbody tr, [role=row], li, [part~=row]') ? text(node) : row;
      if (node.matches('button, select, input, textarea, a[href], summary') && !node.matches(':disabled')) {
        note(node, here);
      }
      walk(node, here);
      if (node.shadowRoot) walk(node.shadowRoot, here);
    }
  };
  const dialog = (root) => {
    for (const node of root.querySelectorAll('*')) {
      const found = node.matches('dialog[open]') ? node : node.shadowRoot && dialog(node.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  walk(dialog(document) ?? document.body, '');
  return offers;
}"""


class Offer(NamedTuple):
    """A control. Of a page with an open dialog, only the dialog's can be used."""

    id: int
    name: str
    kind: str  # its role, its type, or its tag
    row: str  # the words of the row that it stands in
    opener: int  # the button that opens the popover that it is in, or -1
    opener_name: str
    group: int  # the form that it is in, or -1
    asked: bool  # in a dialog
    value: str
    options: tuple[str, ...]

    @property
    def where(self) -> str:
        return f'[data-offer="{self.id}"]'

    @property
    def opened_by(self) -> str:
        return f'[data-offer="{self.opener}"]'


def offers(page: Page) -> list[Offer]:
    """Return every control that can be used, in the order of the page."""
    return [Offer(**{**one, "options": tuple(one["options"])}) for one in page.evaluate(_WALK)]
