"""The states that the elements can be in (each/). Each is judged and drawn in every theme, direction and width."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.bare import settle
from tests.web.network import Network
from tests.web.people import Person, System, Team
from tests.web.watch import Watch

LONG = "Gesellschaftfürcomputergestützte-Zertifizierungsdienstleistungen-und-Schulungen-mbH-und-Söhne-KG-Ulm"


@dataclass
class Stage:
    """Where a state is made."""

    host: Callable[..., Page]
    system: System
    network: Network
    watch: Watch
    at_the_end: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def team(self) -> Team:
        return self.system.team(name="Brightwater")

    def show(self, body: str, person: Person | None = None, **told: Any) -> Page:
        """Open a bare page with elements."""
        return self.host(body, person=person, **told)


type Make = Callable[[Stage], Page]

STATES: dict[str, Make] = {}


def state(make: Make) -> Make:
    """Let a function be one of the states, by its name. It returns when the state is there."""
    STATES[make.__name__.replace("_", "-")] = make
    return make


def shown(page: Page, text: str) -> Page:
    """Wait until a text stands there."""
    expect(page.get_by_text(text).first).to_be_visible()
    return page


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def offering(page: Page, name: str) -> Page:
    """Wait until a button stands there."""
    expect(button(page, name)).to_be_visible()
    return page


def waiting(stage: Stage, body: str, place: str, held: str, *, method: str = "GET", **told: Any) -> Page:
    """Show elements while requests are held, with what stands in place of the answers."""
    stage.at_the_end.enter_context(stage.network.held(method, held))
    page = stage.show(body, **told)
    expect(page.locator(place).first).to_be_attached()
    return page


def confirming(page: Page | Locator) -> Locator:
    """The button that confirms an open dialog: it has the name of the one that opened it."""
    where = page if isinstance(page, Page) else page.page
    return where.locator("dialog[open] .actions button").last


def settled(page: Page) -> Page:
    """Wait until all is there that the page asks for."""
    settle(page)
    return page


def dialog(page: Page) -> Locator:
    expect(page.get_by_role("dialog")).to_be_visible()
    return page.get_by_role("dialog")


def act(page: Page, row: str, name: str) -> None:
    """Press a button of a row's popover."""
    button(page, f"More for {row}").click()
    button(page.locator("[popover]:popover-open"), name).click()
