"""States of roster-members and roster-team."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.people import Person
from tests.web.states import LONG, Stage, button, offering, settled, shown, state, waiting

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
    return offering(page, "Change role")


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
    return waiting(stage, MEMBERS, "roster-members .bone", "/organizations/", person=stage.team.owner)


@state
def members_down(stage: Stage) -> Page:
    page = _members(stage)
    stage.network.refuse(500, "GET", "/members", times=-1)
    page.get_by_role("searchbox").fill("zzz")
    return offering(page, "Try again")


@state
def members_menu(stage: Stage) -> Page:
    added = stage.team.add(stage.team.invitable()[-1])
    page = _members(stage)
    button(page, f"More for {added.name}").click()
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
    return waiting(stage, TEAM, "roster-team .bone", "/organizations/", person=stage.team.owner)


@state
def team_gone(stage: Stage) -> Page:
    member = stage.team.add(stage.team.invitable()[-1])
    page = stage.show(f'<roster-team organization="{stage.team.id}"></roster-team>', member)
    expect(page.get_by_role("tab")).to_have_count(3)
    stage.watch.expect("404 GET")
    stage.team.owner.call("DELETE", stage.team.path("members", member.id))
    page.get_by_role("tab", name="Roles").click()
    expect(page.locator("roster-team [part=empty]")).to_be_visible()
    return page


@state
def team_of_a_member(stage: Stage) -> Page:
    return settled(stage.show(TEAM, stage.team.add(stage.team.invitable()[-1])))


@state
def team_signed_out(stage: Stage) -> Page:
    return shown(stage.show(TEAM), "Sign in")
