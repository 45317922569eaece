"""roster-members: who is in, found by name, given other roles, removed; and what is offered to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import heard, settle
from tests.web.network import Network
from tests.web.people import Person, System, Team
from tests.web.states import LONG, act, button, confirming
from tests.web.watch import Watch

type Host = Callable[..., Page]

MEMBERS = "<roster-members></roster-members>"
EVENTS = [
    *("roster-before-remove", "roster-before-change-roles", "roster-change", "roster-removed", "roster-roles-changed"),
    *("roster-before-leave", "roster-left", "roster-gone", "roster-problem"),
]


def row(page: Page, person: Person) -> Locator:
    return page.get_by_role("row").filter(has_text=person.email)


def more(page: Page, person: Person) -> Locator:
    return button(page, f"More for {person.name}")


def press(page: Page, person: Person, name: str) -> None:
    """Press a button in the menu of somebody's row."""
    act(page, person.name, name)


def status(page: Page) -> Locator:
    return page.locator("roster-members").get_by_role("status").first


def search(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search members", exact=True)


def roles_of(team: Team, person: Person) -> list[str]:
    roles: list[str] = team.owner.call("GET", team.path("members", person.id))["roles"]
    return roles


def title_of(team: Team, role: str) -> str:
    return next(str(one["title"]) for one in team.roles() if one["id"] == role)


@pytest.fixture
def least(team: Team) -> str:
    """The role that can do least."""
    return team.invitable()[-1]


@pytest.fixture
def other(team: Team) -> str:
    """Another role that can be given."""
    return team.invitable()[-2]


# ---- The table -------------------------------------------------------------------------------------------------------


def test_each_row_tells_who_somebody_is_and_as_what(host: Host, team: Team, least: str) -> None:
    member = team.add(least, name="Grace Hopper")

    page = host(MEMBERS, person=team.owner)

    expect(page.get_by_role("table", name="Members")).to_be_visible()
    assert page.get_by_role("columnheader").all_inner_texts() == ["Member", "Role", "Joined", "Last sign-in"]
    expect(row(page, member)).to_contain_text("Grace Hopper")
    expect(row(page, member)).to_contain_text(title_of(team, least))
    expect(row(page, member)).not_to_contain_text("you")
    expect(row(page, team.owner)).to_contain_text("you")
    expect(row(page, team.owner)).to_contain_text("today")
    expect(page.get_by_role("heading", name="2 members")).to_be_visible()


def test_who_may_only_look_is_offered_nothing_but_to_leave(host: Host, team: Team, least: str) -> None:
    member = team.add(least)

    page = host(MEMBERS, person=member)

    expect(row(page, team.owner)).to_be_visible()
    expect(page.get_by_role("button", name="More for")).to_have_count(1)
    expect(button(page, "Invite")).to_have_count(0)
    assert page.get_by_role("columnheader").all_inner_texts() == ["Member", "Role", "Joined"]
    more(page, member).click()
    assert page.get_by_role("button").all_inner_texts() == ["", "Leave organization"]


def test_the_last_owner_alone_is_offered_nothing_on_their_own_row(host: Host, team: Team) -> None:
    page = host(MEMBERS, person=team.owner)

    expect(row(page, team.owner)).to_be_visible()
    expect(page.get_by_role("button", name="More for")).to_have_count(0)
    expect(page.get_by_text("Nobody else is here yet")).to_be_visible()


def test_whose_address_is_not_verified_is_told_so_in_place_of_a_button_that_must_fail(host: Host, team: Team) -> None:
    team.owner.claims["email_verified"] = False
    unverified = Person(team.system, team.owner.claims)

    page = host(MEMBERS, person=unverified)

    expect(page.get_by_text("is not verified")).to_be_visible()
    expect(button(page, "Invite")).to_have_count(0)


def test_more_members_are_shown_when_they_are_wanted(host: Host, team: Team, least: str, network: Network) -> None:
    for _ in range(4):
        team.move_in(least)

    page = host('<roster-members page-size="2"></roster-members>', person=team.owner)

    expect(page.get_by_role("row")).to_have_count(1 + 2)
    button(page, "Show more").click()
    expect(page.get_by_role("row")).to_have_count(1 + 4)
    button(page, "Show more").click()
    expect(page.get_by_role("row")).to_have_count(1 + 5)
    expect(button(page, "Show more")).to_have_count(0)
    expect(status(page)).to_have_text("5 members shown")
    assert page.evaluate("document.querySelector('roster-members').shadowRoot.activeElement !== null")
    assert [one.path.partition("?")[2].partition("&")[0] for one in network.calls("GET", r"members\?")] == [
        "limit=2"
    ] * 3


def test_a_thousand_members_can_be_shown_and_searched(host: Host, team: Team, least: str) -> None:
    for number in range(120):
        team.move_in(least, name=f"Member {number:03}")
    wanted = team.move_in(least, name="Wanted Person")

    page = host('<roster-members page-size="200"></roster-members>', person=team.owner)

    expect(page.get_by_role("row")).to_have_count(1 + 122)
    search(page).fill("wanted")
    expect(page.get_by_role("row")).to_have_count(1 + 1)
    expect(row(page, wanted)).to_be_visible()


@pytest.mark.parametrize("name", [LONG, "محمد بن موسى الخوارزمي"])
def test_any_name_stays_in_its_row(host: Host, team: Team, least: str, name: str) -> None:
    member = team.move_in(least, name=name, email="long@example.com", sub=f"long-{team.id}")

    page = host(MEMBERS, person=team.owner, width=320)

    expect(more(page, member)).to_be_visible()
    expect(page.get_by_role("columnheader", name="Member")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_nobody_without_the_permission_sees_the_list(host: Host, team: Team) -> None:
    body = {"title": "Guest", "permissions": ["organization:read"]}
    role = team.owner.call("POST", team.path("roles"), body)["id"]
    guest = team.add(role)

    page = host(MEMBERS, person=guest, events=EVENTS)

    expect(page.get_by_text("Your role does not allow this")).to_be_visible()
    assert heard(page) == []


# ---- Searching -------------------------------------------------------------------------------------------------------


def test_a_search_keeps_what_was_typed_and_tells_how_many_were_found(host: Host, team: Team, least: str) -> None:
    wanda = team.add(least, name="Wanda Quist")
    team.add(least, name="Xaver Zeman")
    page = host(MEMBERS, person=team.owner)

    search(page).fill(" quist wanda ")

    expect(page.get_by_role("heading", name="1 member found")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(1 + 1)
    expect(row(page, wanda)).to_be_visible()
    expect(status(page)).to_have_text("1 member found")
    expect(search(page)).to_have_value(" quist wanda ")

    search(page).fill("")

    expect(page.get_by_role("heading", name="3 members")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(1 + 3)


def test_a_search_that_finds_nobody_says_so(host: Host, team: Team) -> None:
    page = host(MEMBERS, person=team.owner)

    search(page).fill("zzz")

    expect(page.get_by_text("Nobody matches “zzz”.").last).to_be_visible()
    expect(status(page)).to_have_text("Nobody matches “zzz”.")
    expect(page.get_by_role("table")).to_have_count(0)


def test_a_search_is_asked_once_when_nothing_more_is_typed(host: Host, team: Team, network: Network) -> None:
    page = host(MEMBERS, person=team.owner)
    expect(row(page, team.owner)).to_be_visible()
    page.clock.install()

    search(page).press_sequentially(team.owner.name)
    page.clock.run_for(1000)

    expect(page.get_by_role("heading", name="1 member found")).to_be_visible()
    assert len(network.calls("GET", "query=")) == 1


def test_of_two_searches_the_later_one_counts(host: Host, team: Team, least: str, network: Network) -> None:
    wanda, xaver = team.add(least, name="Wanda Quist"), team.add(least, name="Xaver Zeman")
    page = host(MEMBERS, person=team.owner)
    expect(row(page, wanda)).to_be_visible()

    with network.held("GET", "query=wanda") as held:
        search(page).fill("wanda")
        held.wait()
        search(page).fill("zeman")
        expect(page.get_by_role("row")).to_have_count(1 + 1)
        held.release()

    expect(row(page, xaver)).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(1 + 1)


# ---- Changing roles --------------------------------------------------------------------------------------------------


def test_a_member_is_given_another_role(host: Host, team: Team, least: str, other: str, network: Network) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner, events=EVENTS)

    press(page, member, "Change role")
    dialog = page.get_by_role("dialog", name=f"Change the role of {member.name}")
    expect(dialog.get_by_label("Role", exact=True)).to_be_focused()
    dialog.get_by_label("Role", exact=True).select_option(label=title_of(team, other))
    description = next(one["description"] for one in team.roles() if one["id"] == other)
    expect(dialog).to_contain_text(description)
    confirming(dialog).click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row(page, member)).to_contain_text(title_of(team, other))
    expect(status(page)).to_have_text(f"{member.name} now has the role {title_of(team, other)}.")
    expect(more(page, member)).to_be_focused()
    assert roles_of(team, member) == [other]
    ids = {"organization_id": team.id, "user_id": member.id, "roles": [other]}
    assert heard(page) == [
        ("roster-before-change-roles", ids),
        ("roster-change", {**ids, "type": "change-roles"}),
        ("roster-roles-changed", ids),
    ]
    assert network.calls("PUT", "/roles")[0].headers["if-match"]


def test_a_role_that_is_as_it_was_is_not_sent(host: Host, team: Team, least: str, network: Network) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner)

    press(page, member, "Change role")
    confirming(page).click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert network.calls("PUT", "/roles") == []


def test_a_role_that_somebody_else_has_changed_is_shown_and_not_overwritten(
    host: Host, team: Team, least: str, other: str, watch: Watch
) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner)
    press(page, member, "Change role")
    first = team.invitable()[0]
    page.get_by_label("Role", exact=True).select_option(label=title_of(team, first))
    team.owner.call("PUT", team.path("members", member.id, "roles"), {"roles": [other]})
    watch.expect("412 PUT")

    confirming(page).click()

    expect(page.get_by_role("alert")).to_contain_text("changed")
    expect(page.get_by_label("Role", exact=True).locator("option:checked")).to_have_text(title_of(team, other))
    assert roles_of(team, member) == [other]

    page.get_by_label("Role", exact=True).select_option(label=title_of(team, first))
    confirming(page).click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert roles_of(team, member) == [first]


def test_a_change_whose_answer_is_lost_is_made_once(
    host: Host, team: Team, least: str, other: str, network: Network
) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner, events=EVENTS)
    press(page, member, "Change role")
    page.get_by_label("Role", exact=True).select_option(label=title_of(team, other))
    network.lose_answer("PUT", "/roles", times=4)

    confirming(page).click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Role", exact=True)).to_be_disabled()
    button(page, "Try again").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row(page, member)).to_contain_text(title_of(team, other))
    sent = network.calls("PUT", "/roles")
    assert len({one.headers["idempotency-key"] for one in sent}) == 1
    assert len([name for name, _ in heard(page) if name == "roster-roles-changed"]) == 1


def test_a_double_press_changes_once(host: Host, team: Team, least: str, other: str, network: Network) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner)
    press(page, member, "Change role")
    page.get_by_label("Role", exact=True).select_option(label=title_of(team, other))

    confirming(page).dblclick()

    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)
    assert len(network.calls("PUT", "/roles")) == 1


def test_a_role_that_is_gone_by_now_is_said(host: Host, team: Team, least: str, watch: Watch) -> None:
    body = {"title": "Auditor", "permissions": ["organization:read", "members:read"]}
    role = team.owner.call("POST", team.path("roles"), body)["id"]
    member = team.add(least)
    page = host(MEMBERS, person=team.owner)
    press(page, member, "Change role")
    page.get_by_label("Role", exact=True).select_option(label="Auditor")
    team.owner.call("DELETE", team.path("roles", role))
    watch.expect("422 PUT")

    confirming(page).click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Role", exact=True).get_by_text("Auditor")).to_have_count(0)
    assert roles_of(team, member) == [least]


def test_who_gives_up_their_power_is_told_what_that_means(host: Host, team: Team, least: str) -> None:
    (owner,) = roles_of(team, team.owner)
    second = team.add(owner)
    page = host(MEMBERS, person=second)
    press(page, second, "Change role")

    expect(page.get_by_role("dialog")).not_to_contain_text("no longer change roles")
    page.get_by_label("Role", exact=True).select_option(label=title_of(team, least))
    expect(page.get_by_role("dialog")).to_contain_text("You can then no longer change roles.")
    confirming(page).click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row(page, second)).to_contain_text(title_of(team, least))
    expect(page.get_by_role("button", name="More for")).to_have_count(1)
    assert roles_of(team, second) == [least]


@pytest.mark.parametrize("pack", ["teams"])
def test_several_roles_are_given_where_there_may_be_several(host: Host, team: Team, least: str, other: str) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner)

    press(page, member, "Change role")
    roles = page.get_by_role("group", name="Role")
    roles.get_by_role("checkbox", name=title_of(team, least), exact=True).uncheck()
    confirming(page).click()
    expect(page.get_by_role("alert")).to_have_text("Choose at least one role.")
    roles.get_by_role("checkbox", name=title_of(team, least), exact=True).check()
    roles.get_by_role("checkbox", name=title_of(team, other), exact=True).check()
    confirming(page).click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row(page, member)).to_contain_text(title_of(team, least))
    expect(row(page, member)).to_contain_text(title_of(team, other))
    assert {*roles_of(team, member)} == {least, other}


# ---- Removing and leaving --------------------------------------------------------------------------------------------


def test_removing_asks_with_what_is_lost_and_goes_on_to_the_next_row(host: Host, team: Team, least: str) -> None:
    first, second = sorted((team.add(least) for _ in range(2)), key=lambda one: one.id)
    page = host(MEMBERS, person=team.owner, events=EVENTS)

    press(page, first, "Remove")
    dialog = page.get_by_role("dialog", name=f"Remove {first.name}?")
    expect(button(dialog, "Cancel")).to_be_focused()
    expect(dialog).to_contain_text("loses access to Acme at once")
    button(dialog, "Remove").click()

    expect(row(page, first)).to_have_count(0)
    expect(more(page, second)).to_be_focused()
    expect(status(page)).to_have_text(f"{first.name} was removed.")
    expect(page.get_by_role("heading", name="2 members")).to_be_visible()
    ids = {"organization_id": team.id, "user_id": first.id}
    assert heard(page) == [
        ("roster-before-remove", ids),
        ("roster-change", {**ids, "type": "remove"}),
        ("roster-removed", ids),
    ]
    assert first.id not in {one["user_id"] for one in team.members()}


def test_after_the_last_one_is_removed_the_heading_has_the_focus(host: Host, team: Team, least: str) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner)

    press(page, member, "Remove")
    button(page.get_by_role("dialog"), "Remove").click()

    expect(row(page, member)).to_have_count(0)
    expect(page.locator("roster-members h2").first).to_be_focused()


def test_who_is_not_removed_after_all_stays_and_so_does_the_focus(host: Host, team: Team, least: str) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner, events=EVENTS, canceled=["roster-before-remove"])

    press(page, member, "Remove")
    button(page, "Cancel").click()
    expect(more(page, member)).to_be_focused()
    press(page, member, "Remove")
    button(page.get_by_role("dialog"), "Remove").click()

    expect(page.get_by_role("dialog")).to_be_visible()
    assert [name for name, _ in heard(page)] == ["roster-before-remove"]
    assert member.id in {one["user_id"] for one in team.members()}


def test_who_was_removed_by_somebody_else_is_said_to_be_gone(host: Host, team: Team, least: str, watch: Watch) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=team.owner)
    press(page, member, "Remove")
    team.owner.call("DELETE", team.path("members", member.id))
    watch.expect("404 DELETE")

    button(page.get_by_role("dialog"), "Remove").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    button(page, "Cancel").click()
    expect(page.locator("roster-members h2").first).to_be_focused()


def test_one_leaves_on_ones_own_row(host: Host, team: Team, least: str) -> None:
    member = team.add(least)
    page = host(MEMBERS, person=member, events=EVENTS)

    press(page, member, "Leave organization")
    button(page.get_by_role("dialog"), "Leave organization").click()

    expect(page.get_by_role("table")).to_have_count(0)
    assert [name for name, _ in heard(page)] == ["roster-before-leave", "roster-change", "roster-left"]
    assert member.id not in {one["user_id"] for one in team.members()}


# ---- When something is in the way ------------------------------------------------------------------------------------


def test_a_list_that_cannot_be_read_says_so_and_is_read_again(host: Host, team: Team, network: Network) -> None:
    network.refuse(500, "GET", r"/members\?")
    page = host(MEMBERS, person=team.owner)

    button(page, "Try again").click()

    expect(row(page, team.owner)).to_be_visible()
    expect(button(page, "Try again")).to_have_count(0)


def test_offline_the_list_stays_and_so_does_what_was_typed(
    host: Host, system: System, team: Team, network: Network
) -> None:
    page = host(MEMBERS, person=team.owner)
    expect(row(page, team.owner)).to_be_visible()

    with network.down():
        search(page).fill("zzz")
        expect(button(page, "Try again")).to_be_visible()
        expect(row(page, team.owner)).to_be_visible()
        expect(search(page)).to_have_value("zzz")
    button(page, "Try again").click()

    expect(page.get_by_text("Nobody matches “zzz”.").last).to_be_visible()


def test_another_organization_has_another_list(host: Host, team: Team, system: System, least: str) -> None:
    other = system.team(name="Other")
    other.invite(team.owner.email, least)
    invited: Any = other.invitations()[0]
    team.owner.call("POST", other.path("invitations", invited["id"], "accept"))
    page = host(f'<roster-members organization="{team.id}"></roster-members>', person=team.owner)
    expect(row(page, team.owner)).to_be_visible()

    page.evaluate("(id) => { document.querySelector('roster-members').organization = id; }", other.id)

    expect(row(page, other.owner)).to_be_visible()
    expect(page.get_by_role("heading", name="2 members")).to_be_visible()
