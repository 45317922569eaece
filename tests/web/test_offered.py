"""In each pack, role and plan: what is offered succeeds, and what is not offered is refused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from roster.policy import pack as packs
from tests.deployment import PACKS
from tests.web.acts import Scene
from tests.web.bare import settle
from tests.web.network import Network
from tests.web.offers import Offer, offers
from tests.web.people import Person, Seeded, System
from tests.web.pressing import Presser, is_full

ELEMENTS = ("members", "invitations", "roles", "activity", "settings")
PLANS = [(name, plan) for name in PACKS for plan in packs.load(name).plans]


def page_of(seeded: Seeded) -> str:
    """All of the Team page at once, whichever organization is the active one."""
    return "".join(f'<roster-{name} organization="{seeded.team.id}"></roster-{name}>' for name in ELEMENTS)


Counts = Callable[[str, int], None]


@pytest.fixture
def seeded(system: System, plan: str) -> Seeded:
    """The demo's organization on a plan, which may be too small for it."""
    seeded = system.seeded()
    seeded.team.plan(plan)
    return seeded


def chosen(page: Page, offer: Offer) -> set[str]:
    """What the dialog of a control lets choose."""
    if offer.opener >= 0:
        page.locator(offer.opened_by).click()
    page.locator(offer.where).click()
    settle(page)
    asked = offers(page)
    page.keyboard.press("Escape")
    settle(page)
    if is_full(asked):
        return set()
    selected = {option for one in asked if one.kind == "select" for option in one.options}
    return selected | {one.name for one in asked if one.kind in {"checkbox", "radio"}}


def scene(page: Page, seeded: Seeded, person: Person) -> Scene:
    """What somebody is offered, in the page and in its dialogs."""
    settle(page)
    found, choices = offers(page), {}
    names = [member.name for member in seeded.members]
    for one in found:
        if one.name in {"Change role", "Invite", "Transfer ownership"}:
            about = next((name for name in names if name in one.row), one.name)
            choices[about] = chosen(page, one)
    return Scene(seeded, person, found, choices)


@pytest.mark.parametrize(("pack", "plan"), PLANS)
def test_what_is_not_offered_is_refused(host: Callable[..., Page], seeded: Seeded, record_property: Counts) -> None:
    tried = 0
    for person in seeded.members:
        page = host(page_of(seeded), person=person)
        hidden = [one for one in scene(page, seeded, person).attempts() if not one.offered]
        done = [f"{person.name} can {one.what}" for one in hidden if one.call().is_success]
        assert not done
        tried += len(hidden)
        page.context.close()
    record_property("things tried by the API that no page offered", tried)


@pytest.mark.parametrize(("pack", "plan"), PLANS)
def test_what_is_offered_succeeds(
    host: Callable[..., Page], system: System, plan: str, network: Network, record_property: Counts
) -> None:
    largest = plan == [*system.pack.plans][-1]
    pressed = 0

    def presser(number: int) -> Presser:
        seeded = system.seeded()
        seeded.team.plan(plan)
        page = host(page_of(seeded), person=seeded.members[number], canceled=["roster-upgrade"])
        return Presser(page, network, each_row=largest)

    for number in range(len(system.seeded().members)):
        first = presser(number)
        last = first.offered("Transfer ownership", "Delete organization")
        first.all(but=(*last,))
        pressed += len(first.pressed)
        for name in last:  # each ends the rest
            presser(number).one(name)
            pressed += 1
    record_property("controls pressed", pressed)
