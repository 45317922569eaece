"""Somebody at a keyboard, who hears what a screen reader is told. What gets the focus must be seen, named, and next."""

from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import Page, expect

type Role = Literal["button", "checkbox", "combobox", "heading", "link", "main", "searchbox", "tab", "textbox"]

# Listens to every live region, in every shadow root, as long as the page is there.
EAR = """
const heard = (globalThis.heard ??= []);
const roots = new Set();
const regionOf = (node) => {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest('[role=status], [role=alert]') ?? element?.querySelector('[role=alert]');
};
const words = (region) => region.textContent.replace(/\\s+/gu, ' ').trim();
// Behind a modal dialog nothing is told.
const muffled = (region) => {
  const modal = [...roots].flatMap((root) => [...root.querySelectorAll('dialog:modal')]).at(-1);
  return modal !== undefined && !modal.contains(region);
};
const listen = (records) => {
  const nodes = records.flatMap(({ target, addedNodes }) => [target, ...addedNodes]);
  const regions = new Set(nodes.map(regionOf).filter((region) => region?.isConnected && words(region)));
  for (const region of regions) {
    const told = words(region);
    requestAnimationFrame(() => heard.push([told, muffled(region)]));
  }
};
const heed = (root) => {
  roots.add(root);
  new MutationObserver(listen).observe(root, { subtree: true, childList: true, characterData: true });
};
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (...given) {
  const root = attach.apply(this, given);
  heed(root);
  return root;
};
heed(document);
"""
# What has the focus, through all shadow roots.
_DEEPEST = """(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
})()"""
# Where something stands in the page, as numbers that can be compared.
_PATH = """(at) => {
  const path = [];
  for (let node = at; node && node !== document; node = node.parentNode ?? node.host) {
    path.unshift(node.parentNode ? 1 + [...node.parentNode.childNodes].indexOf(node) : 0);
  }
  return path;
}"""
# Whether what has the focus is seen, and where it stands.
_PLACE = """() => {
  const at = DEEPEST;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  let hit = document.elementFromPoint(...middle);
  for (let inner = hit; inner; inner = inner.shadowRoot?.elementFromPoint(...middle)) {
    if (inner === hit && hit !== document.elementFromPoint(...middle)) break;
    hit = inner;
  }
  let [layer, x, y] = ['', 0, 0];
  for (let node = at; node; node = node.parentNode ?? node.host) {
    if (!layer && node instanceof Element && node.matches('dialog, [popover]')) layer = node.id || node.localName;
    x += node.scrollLeft ?? 0;
    y += node.scrollTop ?? 0;
  }
  return {
    lost: at === document.body,
    ring: at.matches(':focus-visible') && style.outlineStyle !== 'none' && style.outlineWidth !== '0px',
    covered: hit && (at.contains(hit) || hit.contains(at)) ? '' : `${hit?.outerHTML} at ${middle}`,
    path: (PATH)(at),
    html: `${at.getRootNode().host?.localName ?? ''} ${at.isConnected} ${at.outerHTML.slice(0, 300)}`,
    layer,
    backward: style.direction === 'rtl',
    box: [box.left + x, box.top + y, box.right + x, box.bottom + y],
  };
}""".replace("DEEPEST", _DEEPEST).replace("PATH", _PATH)
FRAMES = 300  # in which assistive technology has been told what was drawn
MOST = 60  # presses of Tab, until it is said that something cannot be reached


@dataclass(frozen=True)
class Stop:
    """What has the focus, as the browser tells assistive technology, and where it is."""

    role: str
    name: str
    place: dict[str, Any] = field(compare=False, repr=False)

    def follows(self, other: "Stop") -> bool:
        """Whether Tab may lead here from another: it comes later in the page, and where a reader would look next."""
        mine, its = self.place, other.place
        if mine["layer"] != its["layer"]:
            return True
        left, top, right, bottom = mine["box"]
        its_left, its_top, its_right, its_bottom = its["box"]
        beside = right <= its_left + 1 or left >= its_right - 1
        above = bottom <= its_top + 1
        if above:
            seen = beside and not left <= its_left  # the top of the next column
        elif top >= its_bottom - 1:
            seen = True
        else:
            seen = right <= its_right + 1 if mine["backward"] else left >= its_left - 1
        return seen and mine["path"] > its["path"]


class Keyboard:
    """The keys of a page's only person."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._protocol = page.context.new_cdp_session(page)

    # ---- Keys --------------------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def to(self, role: Role, name: str) -> None:
        """Press Tab, or Shift+Tab for what comes earlier, until something has the focus that is there, or will be."""
        modal = self.page.locator("dialog:modal:focus-within")
        place = modal if modal.count() else self.page
        target = place.get_by_role(role, name=name, exact=True)
        expect(target).to_be_visible()
        expect(target).to_be_enabled()
        passed, before = [], self.focused()
        earlier = not before.place["lost"] and target.evaluate(_PATH) < before.place["path"]
        for _ in range(MOST):
            if (before.role, before.name) == (role, name):
                return
            self.press("Shift+Tab" if earlier else "Tab")
            stop = self.focused()
            passed.append(stop)
            self._expect_seen(stop)
            first, second = (stop, before) if earlier else (before, stop)
            assert before.place["lost"] or second.follows(first), f"{second} comes after {first}"
            before = stop
        raise AssertionError(f"No key leads to the {role} {name!r}, but to {passed}")

    def use(self, role: Role, name: str) -> None:
        """Go to something, and press it."""
        self.to(role, name)
        self.press("Space" if role == "checkbox" else "Enter")

    def choose(self, label: str) -> None:
        """Choose an option of the select that has the focus, by its arrow keys."""
        select = self.page.locator("select:focus")
        options = [one.strip() for one in select.locator("option:not([hidden])").all_inner_texts()]
        assert label in options, options
        self.press("Home")
        for _ in options:
            if select.locator("option:checked").inner_text().strip() == label:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{label} cannot be chosen of {options}")

    # ---- What comes of it --------------------------------------------------------------------------------------------

    def focused(self) -> Stop:
        """What has the focus now. What was drawn just now is told to assistive technology a little later."""
        for _ in range(FRAMES):
            place = self.page.evaluate(_PLACE)
            object_ = self._protocol.send("Runtime.evaluate", {"expression": _DEEPEST})["result"]["objectId"]
            (node, *_) = self._protocol.send(
                "Accessibility.getPartialAXTree", {"objectId": object_, "fetchRelatives": False}
            )["nodes"]
            if place["lost"] or not node["ignored"]:
                break
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
        role, name = (node.get(key, {}).get("value", "") for key in ("role", "name"))
        return Stop(str(role), str(name), place)

    def at(self, role: Role, name: str) -> None:
        """Expect that something has got the focus, and that this is seen."""
        expect(self.page.get_by_role(role, name=name, exact=True).and_(self.page.locator(":focus"))).to_have_count(1)
        stop = self.focused()
        assert (stop.role, stop.name) == (role, name)
        if role != "main":  # which needs no ring: Tab leads on from there
            self._expect_seen(stop)

    def _expect_seen(self, stop: Stop) -> None:
        assert not stop.place["lost"], "Nothing has the focus"
        assert stop.name, f"A {stop.role} has no name: {stop.place['html']}"
        assert stop.place["ring"], f"Nobody sees that {stop} has the focus"
        covered = stop.place["covered"]
        assert not covered, f"{stop} has the focus, out of sight: there is {covered}"

    def hears(self, sentence: str) -> None:
        """Expect that a sentence is told, once, and where it can be heard."""
        self.page.wait_for_function("(sentence) => heard.some(([told]) => told === sentence)", arg=sentence)
        told = self.page.evaluate("heard.splice(0)")
        assert not [words for words, muffled in told if muffled], told
        assert len({words for words, _ in told}) == len(told), told
