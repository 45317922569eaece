"""The states that the elements can be in. Each is shown, judged and drawn: in every theme, direction and width."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from playwright.sync_api import Locator, Page, expect

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


# ---- roster-my-invitations -------------------------------------------------------------------------------------------

MINE = "<roster-my-invitations></roster-my-invitations>"


def _invited(stage: Stage, **more: Any) -> Person:
    person = stage.system.person("Zoe Zimmer")
    stage.team.invite(person.email, stage.team.invitable()[-1], **more)
    return person


@state
def mine_one(stage: Stage) -> Page:
    page = stage.show(MINE, _invited(stage, message="Welcome aboard!\n\nHave a look around."))
    expect(button(page, "Accept")).to_be_visible()
    return page


@state
def mine_several(stage: Stage) -> Page:
    person = _invited(stage)
    for name in (LONG, "شركة النور"):
        other = stage.system.team(name=name)
        other.invite(person.email, *other.invitable()[:1])
    page = stage.show(MINE, person)
    expect(button(page, "Accept")).to_have_count(3)
    return page


@state
def mine_none(stage: Stage) -> Page:
    return shown(stage.show(MINE, stage.system.person()), "No open invitations.")


@state
def mine_unverified(stage: Stage) -> Page:
    return shown(stage.show(MINE, stage.system.person(email_verified=False)), "is not verified")


@state
def mine_signed_out(stage: Stage) -> Page:
    page = stage.show(MINE)
    expect(button(page, "Sign in")).to_be_visible()
    return page


@state
def mine_loading(stage: Stage) -> Page:
    stage.at_the_end.enter_context(stage.network.held("GET", "/me/invitations"))
    page = stage.show(MINE, stage.system.person())
    expect(page.locator("roster-my-invitations .skeletons")).to_be_attached()
    return page


@state
def mine_down(stage: Stage) -> Page:
    stage.network.refuse(500, "*", "/me", times=-1)
    page = stage.show(MINE, stage.system.person())
    expect(button(page, "Try again")).to_be_visible()
    return page


@state
def mine_plan_is_full(stage: Stage) -> Page:
    person = _invited(stage)
    page = stage.show(MINE, person)
    stage.network.refuse(409, "POST", "accept", code="plan_limit")
    button(page, "Accept").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


# ---- roster-settings -------------------------------------------------------------------------------------------------

SETTINGS = "<roster-settings></roster-settings>"


@state
def settings_of_an_owner(stage: Stage) -> Page:
    stage.team.add(stage.team.invitable()[0])
    page = stage.show(SETTINGS, stage.team.owner)
    expect(button(page, "Delete organization")).to_be_visible()
    return page


@state
def settings_of_a_member(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.add(stage.team.invitable()[-1]))
    expect(button(page, "Leave organization")).to_be_visible()
    return page


@state
def settings_saved(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.owner)
    page.get_by_label("Organization name").fill("Brightwater & Sons")
    button(page, "Save").first.click()
    return shown(page, "Saved")


@state
def settings_refused(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.owner)
    page.get_by_label("Organization name").fill("www.example.com")
    button(page, "Save").first.click()
    stage.watch.expect("422 PATCH")
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@state
def settings_asking_to_delete(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.owner)
    button(page, "Delete organization").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


@state
def settings_asking_to_leave(stage: Stage) -> Page:
    page = stage.show(SETTINGS, stage.team.add(stage.team.invitable()[-1]))
    button(page, "Leave organization").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


@state
def settings_asking_to_transfer(stage: Stage) -> Page:
    person = stage.team.add(stage.team.invitable()[-1])
    page = stage.show(SETTINGS, stage.team.owner)
    button(page, "Transfer ownership").click()
    page.get_by_role("dialog").get_by_role("combobox").select_option(label=f"{person.name} · {person.email}")
    return page


@state
def settings_of_nobody(stage: Stage) -> Page:
    return shown(stage.show(SETTINGS, stage.system.person()), "You belong to no organization yet.")


@state
def settings_loading(stage: Stage) -> Page:
    stage.at_the_end.enter_context(stage.network.held("GET", "/organizations/"))
    page = stage.show(SETTINGS, stage.team.owner)
    expect(page.locator("roster-settings .skeletons")).to_be_attached()
    return page


# ---- roster-members --------------------------------------------------------------------------------------------------

MEMBERS = "<roster-members></roster-members>"


def _members(stage: Stage, person: Person | None = None, **told: Any) -> Page:
    """The members: one has a name without a blank, and one is read from right to left."""
    *_, second, least = stage.team.invitable()
    stage.team.move_in(least, name=LONG)
    stage.team.move_in(second, name="محمد بن موسى", sub=f"m-{stage.team.id}", email="m@example.com")
    page = stage.show(MEMBERS, person or stage.team.owner, **told)
    expect(page.get_by_role("row")).to_have_count(1 + len(stage.team.members()))
    return page


def _pressed(page: Page, name: str) -> Page:
    """Press a button in the menu of the first row that has it."""
    page.locator(".row-actions").filter(has=page.locator(f"button:text-is('{name}')")).first.locator(".more").click()
    page.locator(".menu:popover-open").get_by_role("button", name=name, exact=True).click()
    return page


@state
def members_of_an_owner(stage: Stage) -> Page:
    return _members(stage)


@state
def members_of_a_member(stage: Stage) -> Page:
    return _members(stage, stage.team.add(stage.team.invitable()[-1]))


@state
def members_more(stage: Stage) -> Page:
    page = _members(stage)
    page.get_by_role("button", name="More for").first.click()
    expect(button(page, "Change role")).to_be_visible()
    return page


@state
def members_changing_role(stage: Stage) -> Page:
    page = _pressed(_members(stage), "Change role")
    expect(page.get_by_role("combobox", name="Role")).to_be_visible()
    return page


@state
def members_giving_up_power(stage: Stage) -> Page:
    second = stage.team.add(stage.team.invitable()[0])
    page = _pressed(_members(stage, second), "Change role")
    page.get_by_role("combobox", name="Role").select_option(index=3)
    return shown(page, "no longer change roles")


@state
def members_removing(stage: Stage) -> Page:
    page = _pressed(_members(stage), "Remove")
    return shown(page, "loses access")


@state
def members_refused(stage: Stage) -> Page:
    page = _pressed(_members(stage), "Remove")
    stage.network.refuse(409, "DELETE", "/members/", code="last_owner")
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@state
def members_nobody_found(stage: Stage) -> Page:
    page = _members(stage)
    page.get_by_role("searchbox").fill("zzz")
    return shown(page, "Nobody matches")


@state
def members_alone(stage: Stage) -> Page:
    return shown(stage.show(MEMBERS, stage.team.owner), "Nobody else is here yet")


@state
def members_unverified(stage: Stage) -> Page:
    claims = {**stage.team.owner.claims, "email_verified": False}
    return shown(stage.show(MEMBERS, Person(stage.system, claims)), "is not verified")


@state
def members_loading(stage: Stage) -> Page:
    stage.at_the_end.enter_context(stage.network.held("GET", "/organizations/"))
    page = stage.show(MEMBERS, stage.team.owner)
    expect(page.locator("roster-members .bone").first).to_be_attached()
    return page


@state
def members_down(stage: Stage) -> Page:
    page = _members(stage)
    stage.network.refuse(500, "GET", "/members", times=-1)
    page.get_by_role("searchbox").fill("zzz")
    expect(button(page, "Try again")).to_be_visible()
    return page


# ---- roster-team -----------------------------------------------------------------------------------------------------

TEAM = "<roster-team></roster-team>"


@state
def team_of_an_owner(stage: Stage) -> Page:
    page = stage.show(TEAM, stage.team.owner)
    expect(page.get_by_role("tab")).to_have_count(5)
    return shown(page, "Nobody else is here yet")


@state
def team_with_a_long_name(stage: Stage) -> Page:
    page = stage.show(TEAM, stage.system.team(name=LONG).owner)
    expect(page.get_by_role("tab")).to_have_count(5)
    return shown(page, LONG)


@state
def team_loading(stage: Stage) -> Page:
    stage.at_the_end.enter_context(stage.network.held("GET", "/organizations/"))
    page = stage.show(TEAM, stage.team.owner)
    expect(page.locator("roster-team .bone").first).to_be_attached()
    return page


@state
def team_gone(stage: Stage) -> Page:
    member = stage.team.add(stage.team.invitable()[-1])
    page = stage.show(f'<roster-team organization="{stage.team.id}"></roster-team>', member)
    expect(page.get_by_role("tab")).to_have_count(3)
    stage.watch.expect("404 GET")
    stage.team.owner.call("DELETE", stage.team.path("members", member.id))
    page.get_by_role("tab", name="Roles").click()
    return shown(page, "You no longer belong")
