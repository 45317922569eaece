"""roster-team: the heading, the tabs that somebody may open, address and history, and what happens meanwhile."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import heard, settle
from tests.web.network import Network
from tests.web.people import System, Team
from tests.web.states import LONG, button
from tests.web.watch import Watch

type Host = Callable[..., Page]

TEAM = "<roster-team></roster-team>"
ROUTED = '<roster-team routing="hash"></roster-team>'
ALL = ["Members", "Invitations", "Roles", "Activity", "Settings"]
EVENTS = ["roster-navigate", "roster-upgrade", "roster-gone", "roster-left", "roster-deleted", "roster-problem"]
PANEL = """() => [...document.querySelector('roster-team').shadowRoot.getElementById('panel').children]
  .map((child) => child.localName)"""


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name, exact=True)


def tabs(page: Page) -> list[str]:
    return page.get_by_role("tab").all_inner_texts()


def opened(page: Page, name: str) -> None:
    """Wait until a tab is open: it, and it alone."""
    expect(page.get_by_role("tab", selected=True)).to_have_text(name)
    expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
    assert page.evaluate(PANEL) == [f"roster-{name.lower()}"]


def fragment(page: Page) -> str:
    return urlsplit(page.url).fragment


@pytest.fixture
def least(team: Team) -> str:
    return team.invitable()[-1]


# ---- What is shown ---------------------------------------------------------------------------------------------------


def test_the_heading_tells_the_organization_its_plan_and_how_many_are_in(host: Host, team: Team, least: str) -> None:
    team.add(least)
    title = team.owner.call("GET", team.path())["plan_title"]

    page = host(TEAM, person=team.owner)

    expect(page.get_by_role("heading", name="Acme", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{title} plan · 2 members")).to_be_visible()
    expect(button(page, "Upgrade")).to_have_count(0)
    expect(page.locator("[part=meter]")).to_have_count(0)
    opened(page, "Members")
    assert tabs(page) == ALL


@pytest.mark.parametrize("pack", ["certificates"])
def test_beside_a_full_cap_stands_where_there_is_more_room(host: Host, system: System) -> None:
    team = system.team(plan="free")

    page = host(TEAM, person=team.owner, events=EVENTS, canceled=["roster-upgrade"])

    expect(page.get_by_text("Free plan · 1 of 1 member")).to_be_visible()
    expect(page.locator("[part=meter]")).to_be_visible()
    url = team.owner.call("GET", team.path())["upgrade_url"]
    button(page, "Upgrade").click()
    assert heard(page) == [("roster-upgrade", {"organization_id": team.id, "url": url})]


@pytest.mark.parametrize("pack", ["certificates"])
def test_while_there_is_room_nobody_is_asked_to_upgrade(host: Host, system: System) -> None:
    team = system.team(plan="basic")
    for _ in range(3):
        team.add(team.invitable()[-1])

    page = host(TEAM, person=team.owner)

    expect(page.get_by_text("Basic plan · 4 of 5 members")).to_be_visible()
    expect(button(page, "Upgrade")).to_have_count(0)


def test_only_the_tabs_that_somebody_may_open_are_there(host: Host, team: Team, least: str) -> None:
    member = team.add(least)

    page = host(TEAM, person=member)

    opened(page, "Members")
    assert tabs(page) == ["Members", "Roles", "Settings"]


def test_who_may_see_nobody_is_shown_the_settings(host: Host, team: Team, watch: Watch) -> None:
    body = {"title": "Guest", "permissions": ["organization:read"]}
    role = team.owner.call("POST", team.path("roles"), body)["id"]
    guest = team.add(role)
    watch.expect("403 GET .*/(members|roles)")  # what most people may see is asked before it is known

    page = host(TEAM, person=guest, events=EVENTS)

    opened(page, "Settings")
    assert tabs(page) == ["Settings"]
    assert heard(page) == []


@pytest.mark.parametrize("name", [LONG, "شركة النور للتجارة"])
def test_any_name_of_an_organization_has_room(host: Host, system: System, name: str) -> None:
    team = system.team(name=name)

    page = host(TEAM, person=team.owner, width=320)

    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


# ---- What is asked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hash_", ["", "#roles", "#settings"])
def test_it_opens_with_five_requests_in_two_rounds(host: Host, team: Team, network: Network, hash_: str) -> None:
    def asked() -> list[str]:
        return [one.path for one in network.calls()]

    settle(host(ROUTED, person=team.owner, path=f"/bare{hash_}"))
    first, *others = alone = asked()
    assert first == "/me"
    assert others
    assert len(alone) <= 5

    with network.held("GET", "/organizations/") as held:
        page = host(ROUTED, person=team.owner, path=f"/bare{hash_}")
        held.wait(len(others))  # in vain, if one of them waits for another's answer
        held.release()
        expect(page.get_by_role("tab", selected=True)).to_be_visible()
        settle(page)

    assert sorted(asked()) == sorted([*alone, *alone])


@pytest.mark.parametrize("tab", ["activity", "invitations"])
def test_a_tab_that_is_not_permitted_is_not_asked_for(host: Host, team: Team, network: Network, tab: str) -> None:
    page = host(ROUTED, person=team.add(team.invitable()[-1]), path=f"/bare#{tab}")

    expect(page.get_by_role("tab", selected=True)).to_have_accessible_name("Members")
    settle(page)
    assert network.calls("GET", f"/{tab}") == []


def test_opening_a_tab_reads_what_has_changed_meanwhile(host: Host, team: Team, least: str) -> None:
    page = host(TEAM, person=team.owner)
    tab(page, "Roles").click()
    opened(page, "Roles")
    team.add(least, name="Newly Arrived")
    team.owner.call("PATCH", team.path(), {"name": "Renamed"})

    tab(page, "Members").click()

    expect(page.get_by_role("row").filter(has_text="Newly Arrived")).to_be_visible()
    expect(page.get_by_role("heading", name="Renamed", exact=True)).to_be_visible()
    expect(page.get_by_text("2 members").first).to_be_visible()


# ---- Tabs ------------------------------------------------------------------------------------------------------------


def test_a_press_opens_a_tab_and_says_so(host: Host, team: Team) -> None:
    page = host(TEAM, person=team.owner, events=EVENTS)

    for name in (*ALL[1:], ALL[0]):
        tab(page, name).click()
        opened(page, name)

    told = [(one, detail["tab"]) for one, detail in heard(page)]
    assert told == [("roster-navigate", name.lower()) for name in (*ALL[1:], ALL[0])]
    assert fragment(page) == ""


@pytest.mark.parametrize(
    ("language", "forward", "back"), [("en", "ArrowRight", "ArrowLeft"), ("ar", "ArrowLeft", "ArrowRight")]
)
def test_tabs_are_one_stop_and_the_arrow_keys_go_on(
    host: Host, team: Team, language: str, forward: str, back: str
) -> None:
    page = host(TEAM, person=team.owner, html=f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"')
    all_tabs = page.get_by_role("tab")
    expect(all_tabs).to_have_count(5)
    assert [one.get_attribute("tabindex") for one in all_tabs.all()] == ["0", "-1", "-1", "-1", "-1"]

    all_tabs.first.focus()
    for key, at in ((forward, 1), (forward, 2), (back, 1), ("End", 4), (forward, 0), (back, 4), ("Home", 0)):
        page.keyboard.press(key)
        expect(all_tabs.nth(at)).to_be_focused()
        expect(all_tabs.nth(at)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()


# ---- The address -----------------------------------------------------------------------------------------------------


def test_each_press_is_one_entry_of_the_history(host: Host, team: Team) -> None:
    page = host(ROUTED, person=team.owner)
    opened(page, "Members")
    before = page.evaluate("history.length")

    tab(page, "Invitations").click()
    tab(page, "Roles").click()
    tab(page, "Roles").click()

    opened(page, "Roles")
    assert fragment(page) == "roles"
    assert page.evaluate("history.length") == before + 2
    for go, name in ((-1, "Invitations"), (-1, "Members"), (1, "Invitations"), (1, "Roles")):
        page.evaluate("(by) => history.go(by)", go)
        opened(page, name)


def test_the_address_opens_a_tab(host: Host, team: Team) -> None:
    page = host(ROUTED, person=team.owner, path="/bare#activity")
    opened(page, "Activity")

    page.evaluate("location.hash = 'roles'")
    opened(page, "Roles")


def test_other_fragments_are_left_alone(host: Host, team: Team) -> None:
    page = host(ROUTED, person=team.owner, path="/bare#top")
    opened(page, "Members")
    assert fragment(page) == "top"

    tab(page, "Roles").click()
    opened(page, "Roles")
    page.evaluate("location.hash = 'elsewhere'")
    settle(page)

    opened(page, "Roles")
    assert fragment(page) == "elsewhere"


def test_a_tab_that_is_not_permitted_shows_the_first_that_is(host: Host, team: Team, least: str, watch: Watch) -> None:
    member = team.add(least)
    watch.expect("403 GET .*/(activity|invitations)")

    page = host(ROUTED, person=member, path="/bare#activity", events=EVENTS)
    opened(page, "Members")
    page.evaluate("document.querySelector('roster-team').tab = 'invitations'")
    settle(page)

    opened(page, "Members")
    assert heard(page) == []


def test_a_mail_leads_to_ones_own_settings(host: Host, team: Team) -> None:
    page = host(ROUTED, person=team.owner, path="/bare#you")

    opened(page, "Settings")
    expect(page.get_by_role("heading", name="You", exact=True)).to_be_focused()
    assert fragment(page) == "you"


def test_without_routing_the_page_itself_says_which_tab(host: Host, team: Team) -> None:
    page = host('<roster-team tab="roles"></roster-team>', person=team.owner, path="/bare#activity")
    opened(page, "Roles")

    page.evaluate("document.querySelector('roster-team').setAttribute('tab', 'activity')")
    opened(page, "Activity")


# ---- What happens meanwhile ------------------------------------------------------------------------------------------


def test_who_is_removed_while_it_is_open_is_told(host: Host, team: Team, least: str, watch: Watch) -> None:
    member = team.add(least)
    page = host(f'<roster-team organization="{team.id}"></roster-team>', person=member, events=EVENTS)
    opened(page, "Members")
    team.owner.call("DELETE", team.path("members", member.id))
    watch.expect("404 GET")

    tab(page, "Roles").click()

    expect(page.get_by_text("You no longer belong to this organization").last).to_be_visible()
    expect(page.get_by_role("tab")).to_have_count(0)
    expect(page.locator("roster-team").get_by_role("status").first).to_contain_text("You no longer belong")
    assert [one for one, _ in heard(page)] == ["roster-navigate", "roster-gone"]


def test_who_leaves_is_told_so_once_and_has_the_focus_on_what_comes_next(host: Host, team: Team, least: str) -> None:
    member = team.add(least)
    page = host(TEAM, person=member, events=EVENTS)
    tab(page, "Settings").click()

    button(page, "Leave organization").click()
    button(page.get_by_role("dialog"), "Leave organization").click()

    expect(page.get_by_text("You belong to no organization yet.")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("You have left Acme.")
    assert heard(page)[-1] == ("roster-left", {"organization_id": team.id})


@pytest.mark.parametrize("act", ["Leave organization", "Delete organization"])
def test_who_leaves_or_deletes_is_not_told_that_somebody_else_did(
    host: Host, team: Team, least: str, network: Network, act: str
) -> None:
    """What the page reads at that moment is not found any more, before it hears that its change is made."""
    person, method, path = (
        (team.add(least), "POST", "/leave$") if act.startswith("Leave") else (team.owner, "DELETE", f"{team.id}$")
    )
    page = host(TEAM, person=person, events=EVENTS)
    opened(page, "Members")

    with network.held("GET", f"{team.id}(/members/me)?$") as reading:
        tab(page, "Settings").click()
        reading.wait()
        button(page, act).click()
        dialog = page.get_by_role("dialog")
        if act.startswith("Delete"):
            dialog.get_by_role("textbox").fill("Acme")
        network.lose_answer(method, path)
        with network.held(method, path) as again:
            button(dialog, act).click()
            again.wait()
            with page.expect_response(lambda response: response.status == HTTPStatus.NOT_FOUND):
                reading.release()

    expect(page.get_by_text("You belong to no organization yet.")).to_be_focused()
    name = "roster-left" if act.startswith("Leave") else "roster-deleted"
    assert [one for one in heard(page) if one[0] in {"roster-gone", "roster-left", "roster-deleted"}] == [
        (name, {"organization_id": team.id})
    ]


def test_an_organization_that_is_deleted_meanwhile_is_gone(host: Host, team: Team, least: str, watch: Watch) -> None:
    member = team.add(least)
    page = host(f'<roster-team organization="{team.id}"></roster-team>', person=member, events=EVENTS)
    opened(page, "Members")
    team.owner.call("DELETE", team.path())
    watch.expect("404 GET")

    tab(page, "Settings").click()

    expect(page.get_by_text("or it no longer exists").last).to_be_visible()
    assert heard(page)[-1] == ("roster-gone", {"organization_id": team.id})


def test_a_tab_that_is_permitted_no_more_is_gone(host: Host, team: Team, least: str, watch: Watch) -> None:
    first = team.invitable()[0]
    member = team.add(first)
    page = host(TEAM, person=member)
    opened(page, "Members")
    team.owner.call("PUT", team.path("members", member.id, "roles"), {"roles": [least]}) if first != roles_of_owner(
        team
    ) else member.call("PUT", team.path("members", member.id, "roles"), {"roles": [least]})
    watch.expect("403 GET .*/activity")

    tab(page, "Activity").click()

    opened(page, "Members")
    assert tabs(page) == ["Members", "Roles", "Settings"]


def roles_of_owner(team: Team) -> str:
    return str(team.owner.call("GET", team.path("members", "me"))["roles"][0])


def test_without_a_connection_it_says_so_and_goes_on_afterwards(host: Host, team: Team, network: Network) -> None:
    network.lose_request("GET", "/organizations/", times=-1)
    page = host(TEAM, person=team.owner)
    expect(button(page, "Try again")).to_be_visible()
    for fault in network._faults:
        fault.times = 0

    button(page, "Try again").click()

    opened(page, "Members")
    expect(page.get_by_role("row").filter(has_text=team.owner.email)).to_be_visible()


def test_offline_midway_what_is_shown_stays(host: Host, team: Team, network: Network) -> None:
    page = host(TEAM, person=team.owner)
    opened(page, "Members")
    expect(page.get_by_role("row").filter(has_text=team.owner.email)).to_be_visible()

    with network.down():
        tab(page, "Roles").click()
        expect(page.get_by_role("tab", selected=True)).to_have_text("Roles")
        expect(page.get_by_role("heading", name="Acme", exact=True)).to_be_visible()
        tab(page, "Members").click()
        expect(button(page, "Try again")).to_be_visible()
    button(page, "Try again").click()

    expect(page.get_by_role("row").filter(has_text=team.owner.email)).to_be_visible()


def test_parts_can_be_styled_through_every_root(host: Host, team: Team) -> None:
    style = "roster-team::part(name) { color: rgb(1, 2, 3) } roster-team::part(tab) { color: rgb(4, 5, 6) }"

    page = host(TEAM, person=team.owner, style=style)

    name = page.get_by_role("row").get_by_text(team.owner.name)
    expect(name.locator("xpath=..")).to_have_css("color", "rgb(1, 2, 3)")
    expect(tab(page, "Members")).to_have_css("color", "rgb(4, 5, 6)")
