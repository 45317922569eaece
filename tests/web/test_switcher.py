"""roster-switcher: which organization is active, the way to the others, and a new one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import heard, settle
from tests.web.conftest import HEIGHT
from tests.web.network import Network
from tests.web.people import Person, System, Team
from tests.web.states import button
from tests.web.watch import Watch

type Host = Callable[..., Page]

SWITCHER = "<roster-switcher></roster-switcher>"
EVENTS = [
    *("roster-switched", "roster-created", "roster-accepted", "roster-change", "roster-sign-in"),
    *("roster-before-switch", "roster-before-create", "roster-before-accept"),
]


@pytest.fixture
def ada(system: System) -> Person:
    """Somebody with three organizations."""
    person = system.person("Ada Lovelace")
    for name in ("Analytical Engines", "Brightwater", "Cartography Bureau"):
        person.call("POST", "/organizations", {"name": name})
    return person


def ids(person: Person) -> dict[str, str]:
    return {one["organization"]["name"]: one["organization"]["id"] for one in person.list("/me/organizations")}


def active(person: Person) -> str:
    return str(person.call("PUT", "/me")["active_organization_id"])


def popover(page: Page) -> Locator:
    return page.get_by_role("group", name="Your organizations", exact=True)


def trigger(page: Page) -> Locator:
    return page.locator("roster-switcher [popovertarget]")


def other(page: Page | Locator, name: str, role: str = "Owner") -> Locator:
    """The button of another organization."""
    return button(page, f"{name} {role}")


def opened(page: Page) -> Locator:
    trigger(page).click()
    expect(button(popover(page), "Create organization")).to_be_visible()
    settle(page)
    return popover(page)


def test_closed_it_reads_nothing_but_the_active_organization(host: Host, network: Network, ada: Person) -> None:
    page = host(SWITCHER, person=ada)

    expect(button(page, "Analytical Engines")).to_be_visible()
    settle(page)
    path = f"/organizations/{ids(ada)['Analytical Engines']}"
    assert [(one.method, one.path) for one in network.calls()] == [("PUT", "/me"), ("GET", path)]


def test_its_button_has_a_name_before_the_organization_is_known(host: Host, network: Network, ada: Person) -> None:
    with network.held("GET", "/organizations/") as held:
        page = host(SWITCHER, person=ada)
        held.wait()
        expect(trigger(page)).to_have_accessible_name("Your organizations")


def test_another_organization_is_made_the_active_one(host: Host, ada: Person) -> None:
    page = host(SWITCHER + "<roster-settings></roster-settings>", person=ada, events=EVENTS)
    expect(page.get_by_label("Organization name")).to_have_value("Analytical Engines")

    other(opened(page), "Brightwater").click()

    expect(popover(page)).to_be_hidden()
    expect(trigger(page)).to_have_accessible_name("Brightwater")
    expect(trigger(page)).to_be_focused()
    # What names no organization follows.
    expect(page.get_by_label("Organization name")).to_have_value("Brightwater")
    detail = {"organization_id": ids(ada)["Brightwater"]}
    assert heard(page) == [
        ("roster-before-switch", detail),
        ("roster-change", {**detail, "type": "switch"}),
        ("roster-switched", detail),
    ]
    assert active(ada) == detail["organization_id"]


def test_the_active_one_stands_first_and_cannot_be_chosen(host: Host, ada: Person) -> None:
    page = host(SWITCHER, person=ada)

    offered = opened(page).get_by_role("button")

    expect(offered).to_have_count(3)
    for index, name in enumerate(["Brightwater Owner", "Cartography Bureau Owner", "Create organization"]):
        expect(offered.nth(index)).to_have_accessible_name(name)


def test_a_page_may_forbid_switching(host: Host, ada: Person) -> None:
    page = host(SWITCHER, person=ada, events=EVENTS, canceled=["roster-before-switch"])

    other(opened(page), "Brightwater").click()

    assert [name for name, _ in heard(page)] == ["roster-before-switch"]
    expect(trigger(page)).to_have_accessible_name("Analytical Engines")


def test_it_is_used_by_the_keyboard(host: Host, ada: Person) -> None:
    page = host(SWITCHER, person=ada)
    expect(trigger(page)).to_have_accessible_name("Analytical Engines")
    press = page.keyboard.press

    press("Tab")
    press("ArrowDown")
    expect(other(page, "Brightwater")).to_be_visible()
    press("Home")
    expect(other(page, "Brightwater")).to_be_focused()
    press("ArrowDown")
    expect(other(page, "Cartography Bureau")).to_be_focused()
    press("End")
    expect(button(page, "Create organization")).to_be_focused()
    press("ArrowDown")
    press("ArrowUp")
    expect(button(page, "Create organization")).to_be_focused()
    press("Escape")
    expect(popover(page)).to_be_hidden()
    expect(trigger(page)).to_be_focused()

    press("Enter")
    expect(other(page, "Brightwater")).to_be_visible()
    press("ArrowDown")
    press("Enter")
    expect(trigger(page)).to_have_accessible_name("Brightwater")
    expect(trigger(page)).to_be_focused()


def test_an_organization_is_created(host: Host, ada: Person) -> None:
    page = host(SWITCHER, person=ada, events=EVENTS)
    button(opened(page), "Create organization").click()
    field = page.get_by_label("Organization name")
    expect(field).to_be_focused()

    field.fill("  Difference Engines ")
    button(page, "Create organization").click()

    expect(trigger(page)).to_have_accessible_name("Difference Engines")
    expect(trigger(page)).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Difference Engines was created.")
    detail = {"organization_id": ids(ada)["Difference Engines"]}
    assert heard(page)[-1] == ("roster-created", detail)
    assert active(ada) == detail["organization_id"]
    other(opened(page), "Analytical Engines").click()
    expect(trigger(page)).to_have_accessible_name("Analytical Engines")


def test_creating_is_canceled_and_what_was_typed_outlives_a_press_beside_it(host: Host, ada: Person) -> None:
    page = host(SWITCHER, person=ada)
    button(opened(page), "Create organization").click()
    page.get_by_label("Organization name").fill("Difference")

    page.keyboard.press("Escape")
    trigger(page).click()
    expect(page.get_by_label("Organization name")).to_have_value("Difference")
    expect(page.get_by_label("Organization name")).to_be_focused()

    button(page, "Cancel").click()
    expect(button(page, "Create organization")).to_be_focused()
    expect(other(page, "Brightwater")).to_be_visible()


def test_a_name_that_cannot_be_is_said_beside_it(host: Host, watch: Watch, ada: Person) -> None:
    page = host(SWITCHER, person=ada)
    button(opened(page), "Create organization").click()
    watch.expect("422 POST /organizations")

    page.get_by_label("Organization name").fill("www.example.com")
    button(page, "Create organization").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Organization name")).to_have_value("www.example.com")


def test_a_lost_answer_creates_nothing_twice(host: Host, network: Network, ada: Person) -> None:
    page = host(SWITCHER, person=ada)
    button(opened(page), "Create organization").click()
    network.lose_answer("POST", "/organizations$", times=4)

    page.get_by_label("Organization name").fill("Difference Engines")
    button(page, "Create organization").click()
    expect(page.get_by_label("Organization name")).not_to_be_editable()
    button(page, "Try again").click()

    expect(trigger(page)).to_have_accessible_name("Difference Engines")
    assert (
        len([one for one in ada.list("/me/organizations") if one["organization"]["name"] == "Difference Engines"]) == 1
    )


@pytest.mark.parametrize("pack", ["teams"])
def test_who_may_own_no_more_is_not_offered_to_create(host: Host, watch: Watch, ada: Person) -> None:
    page = host(SWITCHER, person=ada)

    trigger(page).click()

    expect(other(page, "Brightwater")).to_be_visible()
    expect(button(page, "Create organization")).to_have_count(0)


@pytest.mark.parametrize("pack", ["teams"])
def test_a_limit_that_was_reached_elsewhere_is_said(host: Host, watch: Watch, system: System) -> None:
    person = system.person()
    person.call("POST", "/organizations", {"name": "One"})
    page = host(SWITCHER, person=person)
    button(opened(page), "Create organization").click()
    # The page's own call has made the first of a new user.
    person.call("POST", "/organizations", {"name": "Three"})
    watch.expect("409 POST /organizations")

    page.get_by_label("Organization name").fill("Four")
    button(page, "Create organization").click()

    expect(page.get_by_role("alert")).to_contain_text("You may own 3 organizations.")


def test_a_page_may_leave_creating_out(host: Host, ada: Person) -> None:
    page = host('<roster-switcher create="none"></roster-switcher>', person=ada)

    trigger(page).click()

    expect(other(page, "Brightwater")).to_be_visible()
    expect(button(page, "Create organization")).to_have_count(0)


def test_an_open_invitation_is_accepted(host: Host, team: Team, ada: Person) -> None:
    invited = team.invite(ada.email, team.invitable()[-1])
    page = host(SWITCHER, person=ada, events=EVENTS)

    expect(opened(page).get_by_text("1 open invitation", exact=True)).to_be_visible()
    button(page.get_by_role("group", name="Acme", exact=True), "Accept").click()

    expect(trigger(page)).to_have_accessible_name("Acme")
    expect(trigger(page)).to_be_focused()
    assert heard(page)[-1] == ("roster-accepted", {"organization_id": team.id, "invitation_id": invited["id"]})
    assert active(ada) == team.id


def test_who_has_no_organization_creates_the_first(host: Host, system: System) -> None:
    person = system.person()
    page = host(SWITCHER, person=person)

    expect(trigger(page)).to_have_accessible_name("Your organizations")
    button(opened(page), "Create organization").click()
    page.get_by_label("Organization name").fill("First")
    button(page, "Create organization").click()

    expect(trigger(page)).to_have_accessible_name("First")


def test_one_that_is_gone_is_said_and_no_longer_shown(host: Host, watch: Watch, ada: Person) -> None:
    page = host(SWITCHER, person=ada)
    opened(page)
    gone = ids(ada)["Brightwater"]
    ada.call("DELETE", f"/organizations/{gone}")
    watch.expect("404 PUT /me/active-organization")

    other(page, "Brightwater").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(other(page, "Brightwater")).to_have_count(0)
    expect(trigger(page)).to_have_accessible_name("Analytical Engines")


def test_signed_out_it_offers_to_sign_in(host: Host) -> None:
    page = host(SWITCHER, events=EVENTS)

    button(page, "Sign in").click()

    assert heard(page) == [("roster-sign-in", {"url": page.url})]


def test_a_long_list_scrolls(host: Host, system: System) -> None:
    person = system.person()
    for number in range(4):
        person.call("POST", "/organizations", {"name": f"Organization {number}"})
    for number in range(16):
        team = system.team(name=f"Team {number}")
        body = {"email": person.email, "roles": [team.invitable()[-1]]}
        system.machine("PUT", team.path("members", person.id), body, scope="roster/provision")
    page = host(SWITCHER, person=person)
    list_ = opened(page)

    box = list_.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= HEIGHT
    assert list_.evaluate("(list) => list.scrollHeight > list.clientHeight")
    other(page, "Team 15", "Viewer").click()
    expect(trigger(page)).to_have_accessible_name("Team 15")


@pytest.mark.parametrize("html", ['lang="en"', 'lang="ar" dir="rtl"'])
def test_its_list_stays_on_a_narrow_page(host: Host, ada: Person, html: str) -> None:
    page = host(SWITCHER, person=ada, width=320, html=html)

    trigger(page).click()
    list_ = page.locator("roster-switcher [popover]")
    expect(list_).to_be_visible()
    settle(page)

    box = list_.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert page.evaluate("document.documentElement.scrollWidth") == 320
