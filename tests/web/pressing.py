"""Pressing what is offered as somebody would, to the end: dialogs are filled in and confirmed."""

from dataclasses import dataclass, field
from itertools import count

from playwright.sync_api import Page, expect

from tests.web.bare import settle
from tests.web.network import Network
from tests.web.offers import Offer, offers

numbers = count()
# What ends something goes last, as the rest would be gone with it.
LAST = ("Cancel invitation", "Remove", "Delete role", "Transfer ownership", "Leave organization", "Delete organization")
CHANGES = (*LAST, "Invite", "Resend", "Copy link", "Change role", "Save", "Create role", "Edit role")
# These leave all as it is, or lead away.
LEFT_OUT = ("Cancel", "Close", "Sign in", "Upgrade")
TYPED = {"text", "search", "textarea", "email", "input"}


def is_full(asked: list[Offer]) -> bool:
    """Whether a dialog says that the plan has no room: it offers another plan then, and nothing else."""
    buttons = {one.name for one in asked if one.kind == "button"}
    return "Upgrade" in buttons and buttons <= {*LEFT_OUT}


@dataclass
class Presser:
    """Somebody who presses everything, once for each row, or once for all rows."""

    page: Page
    network: Network
    each_row: bool = True
    pressed: set[tuple[str, ...]] = field(default_factory=set)

    def offered(self, *names: str) -> list[str]:
        """Which of these are offered."""
        there = {one.name for one in self._buttons()}
        return [name for name in names if name in there]

    def all(self, *, but: tuple[str, ...] = ()) -> None:
        """Press everything that is offered, and what is offered then, until nothing is left."""
        while self._next([one for one in self._buttons() if one.name not in but]):
            pass

    def one(self, name: str) -> None:
        """Press the first control of a name."""
        self._press(next(one for one in self._buttons() if one.name == name))

    def _buttons(self) -> list[Offer]:
        settle(self.page)
        found = [one for one in offers(self.page) if one.kind == "button" and one.name not in LEFT_OUT]
        openers = {one.opener for one in found}
        return [one for one in found if one.id not in openers]

    def _next(self, found: list[Offer]) -> bool:
        found.sort(key=lambda one: LAST.index(one.name) if one.name in LAST else -1)
        for one in found:
            if self._key(one) not in self.pressed:
                self._press(one)
                return True
        return False

    def _key(self, offer: Offer, *more: str) -> tuple[str, ...]:
        return (
            offer.name,
            offer.opener_name if self.each_row else "",
            str(offer.group) if offer.name == "Save" else "",
            *more,
        )

    def _press(self, offer: Offer) -> None:
        """Press a control; where a dialog lets choose, each choice in turn."""
        key, before = self._key(offer), len(self.network.asked)
        form = [one for one in offers(self.page) if one.group == offer.group != -1 and not one.asked]
        self._fill(form, "")
        self._click(offer)
        settle(self.page)
        if self.page.locator("dialog[open]").count():
            asked = offers(self.page)
            choice = self._choice(asked, offer)
            if choice is None or is_full(asked):
                self.page.keyboard.press("Escape")
                self.pressed.add(key)
                return
            self._fill([one for one in asked if offer.name != "Resend" or one.kind != "checkbox"], choice)
            self._confirm(offer)
            self.pressed.add((*key, choice))
            if self._choice_left(asked, offer):
                return
        self.pressed.add(key)
        made = [one for one in self.network.asked[before:] if one.method not in {"GET", "OPTIONS"}]
        assert made or offer.name not in CHANGES, f"{offer.name} {offer.row}: nothing was asked"
        assert all(one.status < 400 for one in made), [(one.method, one.path, one.status) for one in made]

    # ---- What a dialog wants -----------------------------------------------------------------------------------------

    def _choices(self, asked: list[Offer]) -> list[str]:
        """The roles that a dialog lets choose, in a select or as checkboxes."""
        selects = [option for one in asked if one.kind == "select" and one.name == "Role" for option in one.options]
        return selects or [one.name for one in asked if one.kind == "checkbox"]

    def _choice(self, asked: list[Offer], offer: Offer) -> str | None:
        """The next one to choose: nothing in a dialog without roles, and None if each was chosen already."""
        choices = self._choices(asked)
        if not choices or offer.name not in {"Invite", "Change role"}:
            return ""
        chosen = {one.name for one in asked if one.value == "true"}
        return next(
            (one for one in choices if (*self._key(offer), one) not in self.pressed and one not in chosen), None
        )

    def _choice_left(self, asked: list[Offer], offer: Offer) -> bool:
        return self._choice(asked, offer) not in {None, ""}

    def _fill(self, fields: list[Offer], choice: str) -> None:
        for one in fields:
            place = self.page.locator(one.where)
            if one.kind in TYPED and not (one.asked and one.value):
                place.fill(self._text(one))
            elif one.kind == "select" and one.options:
                place.select_option(label=choice if choice in one.options else self._other(one))
        boxes = [one for one in fields if one.kind == "checkbox"]
        if choice:
            for one in boxes:  # what stands alone is not chosen beside another, so the others go first
                if one.value == "true" and one.name != choice:
                    self.page.locator(one.where).uncheck()
            boxes = [one for one in boxes if one.name == choice]
        if fields and fields[0].asked and not choice:
            # Of permissions, one more is given.
            boxes = [one for one in boxes if one.value != "true"][:1]
        for one in boxes:
            self.page.locator(one.where).set_checked(one.value != "true")

    def _text(self, one: Offer) -> str:
        number = next(numbers)
        if one.name == "Email addresses":
            return f"pressed.{number}@example.com"
        if one.name.startswith("To confirm"):
            return one.name.partition(": ")[2]
        return f"Text {number}"

    def _other(self, one: Offer) -> str:
        now = self.page.locator(one.where).evaluate("(select) => select.selectedOptions[0]?.textContent.trim()")
        return next((option for option in one.options if option != now), one.options[0])

    def _confirm(self, offer: Offer) -> None:
        buttons = [one for one in offers(self.page) if one.kind == "button" and one.name not in LEFT_OUT]
        named = [one for one in buttons if one.name == offer.name] or buttons[-1:]
        assert named, f"{offer.name} {offer.row}: there is nothing to confirm it with"
        self._click(named[-1])
        settle(self.page)
        if self.page.locator("dialog[open]").count():  # it tells what was done
            close = [one for one in offers(self.page) if one.name == "Close"]
            assert close, f"{offer.name} {offer.row}: {self.page.locator('dialog[open]').inner_text()}"
            self._click(close[-1])
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def _click(self, offer: Offer) -> None:
        if offer.opener >= 0:
            self.page.locator(offer.opened_by).click()
        self.page.locator(offer.where).click()
