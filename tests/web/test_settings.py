"""roster-settings: what is offered, what it changes, and what it asks before something is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import heard, settle
from tests.web.network import Network
from tests.web.people import System, Team
from tests.web.states import button
from tests.web.watch import Watch

type Host = Callable[..., Page]

SETTINGS = "<roster-settings></roster-settings>"
EVENTS = [
    *("roster-change", "roster-renamed", "roster-transferred", "roster-left", "roster-deleted", "roster-gone"),
    *("roster-before-rename", "roster-before-change-settings", "roster-before-leave", "roster-problem"),
]


def saves(page: Page, field: str) -> Locator:
    """The button that saves the form of a field."""
    named = [page.get_by_role(role, name=field, exact=True) for role in ("textbox", "combobox", "checkbox")]
    return page.locator("form", has=named[0].or_(named[1]).or_(named[2])).get_by_role("button")


def status(page: Page) -> Locator:
    return page.locator("roster-settings").get_by_role("status").first


def organization(team: Team) -> Any:
    return team.owner.call("GET", team.path())


def test_who_owns_it_renames_it(host: Host, team: Team) -> None:
    page = host(SETTINGS, person=team.owner, events=EVENTS)

    page.get_by_label("Organization name").fill("  Analytical Engines ")
    saves(page, "Organization name").click()

    expect(status(page)).to_have_text("Saved")
    assert organization(team)["name"] == "Analytical Engines"
    assert [name for name, _ in heard(page)] == ["roster-before-rename", "roster-change", "roster-renamed"]
    assert heard(page)[-1][1] == {"organization_id": team.id, "name": "Analytical Engines"}


def test_what_is_saved_again_is_said_again(host: Host, team: Team) -> None:
    page = host(SETTINGS, person=team.owner)
    for name in ("One", "Two"):
        said = status(page).text_content()
        page.get_by_label("Organization name").fill(name)
        saves(page, "Organization name").click()

        expect(status(page)).not_to_have_js_property("textContent", said)
        expect(status(page)).to_have_text("Saved")


def test_a_name_that_is_the_same_is_not_sent(host: Host, team: Team, network: Network) -> None:
    page = host(SETTINGS, person=team.owner, events=EVENTS)

    saves(page, "Organization name").click()
    saves(page, "Language of its mail").click()
    page.get_by_role("combobox", name="Language", exact=True).select_option("de")
    saves(page, "Mail about others' doings").click()

    expect(page.get_by_role("heading", name="Sie")).to_be_visible()
    assert [one.path for one in network.calls("PATCH")] == ["/me"]


def test_what_somebody_else_has_changed_is_said_and_not_overwritten(host: Host, team: Team, watch: Watch) -> None:
    page = host(SETTINGS, person=team.owner)
    page.get_by_label("Organization name").fill("Mine")
    team.owner.call("PATCH", team.path(), {"name": "Theirs"})
    watch.expect("412 PATCH")

    saves(page, "Organization name").click()

    expect(page.get_by_role("alert")).to_contain_text("changed")
    expect(page.get_by_label("Organization name")).to_have_value("Mine")
    assert organization(team)["name"] == "Theirs"
    settle(page)

    saves(page, "Organization name").click()

    expect(status(page)).to_have_text("Saved")
    assert organization(team)["name"] == "Mine"


def test_a_lost_answer_leaves_one_change_and_the_typed_text(host: Host, team: Team, network: Network) -> None:
    page = host(SETTINGS, person=team.owner, events=EVENTS)
    network.lose_answer("PATCH", "/organizations/", times=4)
    page.get_by_label("Organization name").fill("Analytical Engines")

    saves(page, "Organization name").click()
    again = saves(page, "Organization name").filter(has_text="Try again")
    expect(again).to_be_visible()
    expect(page.get_by_label("Organization name")).to_have_value("Analytical Engines")
    again.click()

    expect(status(page)).to_have_text("Saved")
    keys = {one.headers["idempotency-key"] for one in network.calls("PATCH")}
    changes = [one for one in team.owner.list(team.path("activity")) if one["type"] == "organization.updated"]
    assert (len(keys), len(changes)) == (1, 1)


def test_a_page_that_says_no_stops_the_change(host: Host, team: Team, network: Network) -> None:
    page = host(SETTINGS, person=team.owner, events=EVENTS, canceled=["roster-before-rename"])

    page.get_by_label("Organization name").fill("Analytical Engines")
    saves(page, "Organization name").click()
    page.get_by_role("checkbox", name="Mail of the organization").uncheck()
    saves(page, "Mail of the organization").click()

    expect(status(page)).to_have_text("Saved")
    assert organization(team)["name"] == "Acme"
    assert organization(team)["email_notifications"] is False


def test_the_mail_about_others_is_switched_off(host: Host, team: Team) -> None:
    page = host(SETTINGS, person=team.owner)

    page.get_by_role("checkbox", name="Mail about others' doings").uncheck()
    saves(page, "Mail about others' doings").click()

    expect(status(page)).to_have_text("Saved")
    assert team.owner.call("PUT", "/me")["email_notifications"] is False


def test_a_mail_leads_to_ones_own_settings(host: Host, team: Team) -> None:
    page = host(SETTINGS, person=team.owner, path="/bare#you")

    expect(page.get_by_role("heading", name="You")).to_be_focused()


def test_leaving_asks_first_and_cancel_has_the_focus(host: Host, team: Team) -> None:
    person = team.add(team.invitable()[-1])
    page = host(SETTINGS, person=person, events=EVENTS)

    button(page, "Leave organization").click()
    expect(page.get_by_role("dialog")).to_have_accessible_description(re.compile("You lose access at once"))
    expect(button(page, "Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button(page, "Leave organization")).to_be_focused()
    assert person.id in {one["user_id"] for one in team.members()}

    page.keyboard.press("Enter")
    button(page.get_by_role("dialog"), "Leave organization").click()

    expect(page.get_by_text("You belong to no organization yet.")).to_be_focused()
    expect(status(page)).to_have_text("You have left Acme.")
    assert person.id not in {one["user_id"] for one in team.members()}
    assert [name for name, _ in heard(page)] == ["roster-before-leave", "roster-change", "roster-left"]


def test_who_leaves_one_of_several_goes_on_in_the_next(host: Host, system: System) -> None:
    first, second = system.team(name="Acme"), system.team(name="Brightwater")
    person = first.add(first.invitable()[0])
    second.invite(person.email, second.invitable()[0])
    (waiting,) = person.list("/me/invitations")
    person.call("POST", second.path("invitations", waiting["id"], "accept"))
    person.call("PUT", "/me/active-organization", {"organization_id": first.id})
    page = host(SETTINGS, person=person)

    button(page, "Leave organization").click()
    button(page.get_by_role("dialog"), "Leave organization").click()

    expect(page.get_by_label("Organization name")).to_have_value("Brightwater")
    expect(page.get_by_role("heading", name="You", exact=True)).to_be_focused()
    expect(status(page)).to_have_text("You have left Acme.")
    button(page, "Transfer ownership").click()
    expect(page.get_by_role("dialog", name="Transfer the ownership of Brightwater?")).to_be_visible()


def test_deleting_wants_the_name_typed(host: Host, system: System, watch: Watch) -> None:
    team = system.team(name="Analytical  Engines")
    page = host(SETTINGS, person=team.owner, events=EVENTS)

    button(page, "Delete organization").click()
    dialog = page.get_by_role("dialog")
    delete = button(dialog, "Delete organization")
    expect(delete).to_be_disabled()
    dialog.get_by_role("textbox").fill("Analytical")
    expect(delete).to_be_disabled()
    dialog.get_by_role("textbox").fill(" analytical ENGINES ")
    delete.click()

    expect(page.get_by_text("You belong to no organization yet.")).to_be_focused()
    expect(status(page)).to_have_text("Analytical Engines was deleted.")
    assert team.owner.asks("GET", team.path()).status_code == 404
    assert [name for name, _ in heard(page)] == ["roster-change", "roster-deleted"]


def test_the_ownership_goes_to_one_of_those_who_may_receive_it(host: Host, team: Team) -> None:
    heir = team.add(team.invitable()[-1], name="Grace Hopper")
    page = host(SETTINGS, person=team.owner, events=EVENTS)

    button(page, "Transfer ownership").click()
    dialog = page.get_by_role("dialog")
    transfer = button(dialog, "Transfer ownership")
    dialog.get_by_label("New owner").select_option(heir.id)
    expect(transfer).to_be_disabled()
    dialog.get_by_role("textbox").fill("acme")
    transfer.click()

    expect(dialog).to_be_hidden()
    expect(button(page, "Transfer ownership")).to_be_hidden()
    expect(page.get_by_role("heading", name="You", exact=True)).to_be_focused()
    expect(status(page)).to_have_text("Grace Hopper is the owner now.")
    (owner,) = [one for one in team.members(heir) if one["can"]["leave"] is False and one["user_id"] == heir.id]
    assert owner["roles"] == heir.call("GET", team.path("members", "me"))["roles"]
    assert heard(page)[-1] == ("roster-transferred", {"organization_id": team.id, "user_id": heir.id})


@pytest.mark.parametrize("pack", ["credentials", "teams", "certificates"])
def test_who_may_change_nothing_has_their_own_settings_alone(host: Host, team: Team) -> None:
    person = team.add(team.invitable()[-1])
    page = host(SETTINGS, person=person)

    expect(page.get_by_role("heading", name="You")).to_be_visible()
    expect(page.get_by_role("button")).to_have_text(["Save", "Leave organization"])
