"""roster-roles: what each role permits, and custom ones, created, edited and deleted by who has what they give."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web import bare
from tests.web.network import Network
from tests.web.people import Person, Shape, System, Team
from tests.web.states import button, confirming
from tests.web.watch import Watch

ELEMENT = "<roster-roles></roster-roles>"
EVENTS = ("roster-role-changed", "roster-change", "roster-before-create-role", "roster-upgrade")

type Show = Callable[..., Page]


@pytest.fixture
def show(host: Callable[..., Page]) -> Show:
    """Opens the roles as somebody sees them."""

    def shown(person: Person, **told: Any) -> Page:
        page = host(ELEMENT, person=person, events=EVENTS, **told)
        expect(page.get_by_role("listitem").first).to_be_visible()
        return page

    return shown


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.locator(".name").get_by_text(title, exact=True))


def act(page: Page, title: str, name: str) -> None:
    """Press a button of a row's popover."""
    button(page, f"More for {title}").click()
    button(page.locator("[popover]:popover-open"), name).click()


def fill_in(page: Page, title: str, *permissions: str) -> None:
    page.get_by_role("textbox", name="Name", exact=True).fill(title)
    for permission in permissions:
        page.get_by_role("checkbox", name=permission, exact=True).check()


def custom(team: Team, title: str = "Reader", **more: Any) -> Shape:
    """Let the owner create a role."""
    body = {"title": title, "permissions": ["organization:read", "members:read"], **more}
    made: Shape = team.owner.call("POST", team.path("roles"), body)
    return made


def titled(team: Team, title: str) -> Shape | None:
    return next((role for role in team.roles() if role["title"] == title), None)


# ---- What is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", ["teams", "credentials", "certificates"])
def test_each_role_opens_to_what_it_permits(show: Show, team: Team) -> None:
    custom(team, description="Looks around.", permissions=["organization:read"])
    titles = team.owner.call("GET", team.path("roles"))["permission_titles"]
    page = show(team.owner)

    expect(page.get_by_role("listitem")).to_have_count(len(team.roles()))
    for role in team.roles():
        one = row(page, role["title"])
        expect(one.get_by_role("definition").first).to_be_hidden()
        one.locator("summary").click()
        for permission in role["permissions"]:
            expect(one.get_by_role("definition").filter(has_text=re.compile(f"^{re.escape(titles[permission])}$")))
        expect(one.get_by_role("definition")).to_have_count(
            sum(len(role[part]) for part in ("permissions", "invites", "removes", "assigns"))
        )
    expect(row(page, "Reader")).to_contain_text("Looks around.")
    expect(row(page, "Reader")).to_contain_text("Custom")
    expect(row(page, "Reader")).to_contain_text("0 members")


def test_who_may_not_make_roles_is_offered_none_of_it(show: Show, team: Team) -> None:
    custom(team)
    someone = team.add(team.invitable()[-1])
    page = show(someone)

    expect(page.get_by_role("button", name=re.compile("role|More"))).to_have_count(0)


def test_who_may_not_see_roles_is_told_so(host: Callable[..., Page], team: Team, watch: Watch) -> None:
    watch.expect("403 GET .*/roles")  # asked together with what somebody may do
    role = custom(team, "Worker", permissions=["organization:read"])
    page = host(ELEMENT, person=team.add(role["id"]))

    expect(page.get_by_text("Your role does not allow this.")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(0)


def test_a_product_s_own_words_replace_its_titles(show: Show, team: Team) -> None:
    role = team.roles()[0]
    page = show(team.owner)
    words = {f"role.{role['id']}": "Chefin", f"permission.{role['permissions'][0]}": "Alles ansehen"}
    page.evaluate("words => { document.querySelector('roster-session').messages = words; }", words)

    row(page, "Chefin").locator("summary").click()
    expect(row(page, "Chefin").get_by_text("Alles ansehen")).to_be_visible()


# ---- Creating, editing, deleting -------------------------------------------------------------------------------------


def test_a_role_is_created_with_what_was_chosen(show: Show, team: Team) -> None:
    titles = team.owner.call("GET", team.path("roles"))["permission_titles"]
    page = show(team.owner)
    button(page, "Create role").click()
    dialog = page.get_by_role("dialog", name="Create role")
    expect(dialog.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
    fill_in(page, "Inviter", titles["invitations:manage"])
    invites = dialog.get_by_role("group", name="May invite")
    least = team.roles()[-1]
    invites.get_by_role("checkbox", name=least["title"], exact=True).check()
    confirming(dialog).click()

    expect(dialog).to_be_hidden()
    expect(button(page, "More for Inviter")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="The role Inviter was created.")).to_be_attached()
    made = titled(team, "Inviter")
    assert made
    assert made["invites"] == [least["id"]]
    # What every built-in role has was chosen already.
    shared = set.intersection(*(set(one["permissions"]) for one in team.roles() if not one["custom"]))
    assert set(made["permissions"]) == shared | {"invitations:manage"}
    detail = {"organization_id": team.id, "role_id": made["id"]}
    assert bare.heard(page) == [
        ("roster-before-create-role", {"organization_id": team.id}),
        ("roster-change", {"organization_id": team.id, "type": "create-role"}),
        ("roster-role-changed", detail),
    ]


def test_the_page_can_keep_a_role_from_being_created(show: Show, team: Team, network: Network) -> None:
    page = show(team.owner, canceled=["roster-before-create-role"])
    button(page, "Create role").click()
    fill_in(page, "Nobody")
    confirming(page).click()

    page.wait_for_function("host.heard.length === 1")
    expect(page.get_by_role("dialog", name="Create role")).to_be_visible()
    assert not network.calls("POST", "/roles")


@pytest.mark.parametrize("pack", ["teams", "credentials", "certificates"])
def test_all_that_is_offered_can_be_given(show: Show, team: Team) -> None:
    """By the owner, and by who holds a custom role that makes roles."""
    role = custom(team, "Maker", permissions=["organization:read", "members:read", "roles:customize", "roles:assign"])
    for number, person in enumerate((team.owner, team.add(role["id"]))):
        page = show(person)
        button(page, "Create role").click()
        page.get_by_role("textbox", name="Name", exact=True).fill(f"Everything {number}")
        boxes = page.get_by_role("dialog").get_by_role("checkbox")
        expect(boxes.first).to_be_visible()
        checked = 0
        while checked < boxes.count():  # the rights come up with their permission
            boxes.nth(checked).check()
            checked += 1
        confirming(page).click()
        expect(page.get_by_role("dialog")).to_have_count(0)

        made = titled(team, f"Everything {number}")
        held = person.call("GET", team.path("members", "me"))["permissions"]
        never = {"ownership:transfer", "organization:delete", "organization:notifications"}
        assert made
        assert set(made["permissions"]) == set(held) - never


def test_a_role_is_edited(show: Show, team: Team) -> None:
    role = custom(team, "Reader", description="Reads.", permissions=["organization:read", "activity:read"])
    page = show(team.owner)
    act(page, "Reader", "Edit role")
    dialog = page.get_by_role("dialog", name="Edit role")
    expect(dialog.get_by_role("textbox", name="Description")).to_have_value("Reads.")
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(2)
    fill_in(page, "Looker", "See members and roles")
    confirming(dialog).click()

    expect(button(page, "More for Looker")).to_be_focused()
    made = titled(team, "Looker")
    assert made
    assert made["id"] == role["id"]
    assert made["permissions"] == ["activity:read", "members:read", "organization:read"]
    assert made["description"] == "Reads."


def test_what_a_role_reaches_without_the_permission_is_not_lost(show: Show, team: Team) -> None:
    least = team.roles()[-1]
    custom(team, "Odd", removes=[least["id"]])
    page = show(team.owner)
    act(page, "Odd", "Edit role")
    fill_in(page, "Odder")
    confirming(page).click()

    expect(button(page, "More for Odder")).to_be_focused()
    assert (titled(team, "Odder") or {})["removes"] == [least["id"]]


def test_deleting_asks_and_says_what_becomes_of_invitations(show: Show, team: Team) -> None:
    first, second = custom(team, "First"), custom(team, "Second")
    page = show(team.owner)
    act(page, "First", "Delete role")
    dialog = page.get_by_role("dialog", name="Delete the role First?")
    expect(dialog).to_contain_text("Invitations to this role")
    expect(button(dialog, "Cancel")).to_be_focused()
    button(dialog, "Cancel").click()
    expect(button(page, "More for First")).to_be_focused()
    act(page, "First", "Delete role")
    button(dialog, "Delete role").click()

    expect(row(page, "First")).to_have_count(0)
    expect(button(page, "More for Second")).to_be_focused()
    assert titled(team, "First") is None
    assert titled(team, "Second") == second
    assert bare.heard(page)[-1] == ("roster-role-changed", {"organization_id": team.id, "role_id": first["id"]})


def test_a_role_that_somebody_has_is_not_offered_to_be_deleted(show: Show, team: Team) -> None:
    role = custom(team)
    team.add(role["id"])
    page = show(team.owner)

    expect(row(page, "Reader")).to_contain_text("1 member")
    button(page, "More for Reader").click()
    expect(page.locator("[popover]:popover-open").get_by_role("button")).to_have_text(["Edit role"])


# ---- What stands in the way ------------------------------------------------------------------------------------------


def test_a_name_that_another_role_has_is_said_beside_the_name(show: Show, team: Team, watch: Watch) -> None:
    watch.expect("409 POST")
    page = show(team.owner)
    button(page, "Create role").click()
    fill_in(page, team.roles()[0]["title"].upper(), "Read the activity log")
    confirming(page).click()

    name = page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("There is a role of this name already. Choose another one.")
    expect(page.get_by_role("checkbox", name="Read the activity log")).to_be_checked()
    name.fill("Another")
    confirming(page).click()
    expect(button(page, "More for Another")).to_be_focused()


def test_a_name_that_mails_would_make_a_link_of_is_refused_in_words(show: Show, team: Team, watch: Watch) -> None:
    watch.expect("422 POST")
    page = show(team.owner)
    button(page, "Create role").click()
    fill_in(page, "www.example.com")
    confirming(page).click()

    expect(page.get_by_role("alert").filter(has_text="link")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("www.example.com")


def test_a_role_without_permissions_is_not_sent(show: Show, team: Team, network: Network) -> None:
    page = show(team.owner)
    button(page, "Create role").click()
    fill_in(page, "Nothing")
    checked = page.get_by_role("dialog").get_by_role("checkbox", checked=True)
    while checked.count():
        checked.first.uncheck()
    confirming(page).click()

    expect(page.get_by_role("alert").filter(has_text="Choose at least one permission.")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("checkbox").first).to_be_focused()
    assert not network.calls("POST", "/roles")


def test_after_a_downgrade_roles_are_left_and_can_be_deleted(show: Show, system: System) -> None:
    team = system.team()
    custom(team)
    team.plan(next(iter(system.pack.plans)))
    page = show(team.owner)

    expect(page.get_by_text("The plan has no room for another role.")).to_be_visible()
    expect(button(page, "Create role")).to_have_count(0)
    button(page, "More for Reader").click()
    expect(page.locator("[popover]:popover-open").get_by_role("button")).to_have_text(["Delete role"])
    page.keyboard.press("Escape")
    page.evaluate("addEventListener('roster-upgrade', (event) => event.preventDefault())")
    button(page, "Upgrade").click()
    url = system.pack.upgrade_url
    assert bare.heard(page) == [("roster-upgrade", {"organization_id": team.id, "url": url})]


def test_a_plan_that_has_no_more_room_is_said_with_the_way_on(show: Show, system: System, watch: Watch) -> None:
    watch.expect("409 POST")
    team = system.team()
    page = show(team.owner)
    button(page, "Create role").click()
    team.plan(next(iter(system.pack.plans)))
    fill_in(page, "Late")
    confirming(page).click()

    dialog = page.get_by_role("dialog", name="Create role")
    expect(dialog.get_by_role("alert").filter(has_text="Upgrade")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Name", exact=True)).to_have_value("Late")


def test_what_somebody_else_has_changed_is_not_overwritten_unseen(show: Show, team: Team) -> None:
    role = custom(team)
    page = show(team.owner)
    act(page, "Reader", "Edit role")
    changed = {"title": "Their name", "permissions": ["organization:read"]}
    team.owner.call("PUT", team.path("roles", role["id"]), changed)
    fill_in(page, "My name")
    confirming(page).click()

    expect(page.get_by_role("alert").filter(has_text="changed this in the meantime")).to_be_visible()
    assert titled(team, "Their name")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("My name")
    confirming(page).click()
    expect(button(page, "More for My name")).to_be_focused()


def test_a_role_that_is_gone_says_so_and_leaves_the_list(show: Show, team: Team, watch: Watch) -> None:
    watch.expect("404 PUT")
    role = custom(team)
    page = show(team.owner)
    act(page, "Reader", "Edit role")
    team.owner.call("DELETE", team.path("roles", role["id"]))
    confirming(page).click()

    expect(page.get_by_role("alert").filter(has_text="There is")).to_be_visible()
    expect(row(page, "Reader")).to_have_count(0)
    button(page, "Cancel").click()
    expect(button(page, "Create role")).to_be_focused()


@pytest.mark.parametrize("lost", ["lose_answer", "lose_request"])
def test_a_lost_reply_creates_one_role(show: Show, team: Team, network: Network, lost: str) -> None:
    page = show(team.owner)
    button(page, "Create role").click()
    fill_in(page, "Once")
    getattr(network, lost)("POST", "/roles", times=4)
    confirming(page).click()
    expect(button(page, "Try again")).to_be_focused()
    expect(page.locator("dialog [inert]")).to_be_attached()
    button(page, "Try again").click()

    expect(button(page, "More for Once")).to_be_focused()
    assert [one["title"] for one in team.roles()].count("Once") == 1
    keys = {one.headers["idempotency-key"] for one in network.calls("POST", "/roles$")}
    assert len(keys) == 1


def test_a_second_press_sends_nothing(show: Show, team: Team, network: Network) -> None:
    page = show(team.owner)
    button(page, "Create role").click()
    fill_in(page, "Twice")
    with network.held("POST", "/roles") as held:
        confirming(page).dblclick()
        held.wait()
        page.keyboard.press("Enter")
        held.release()
    expect(button(page, "More for Twice")).to_be_focused()
    assert len(network.calls("POST", "/roles$")) == 1


def test_roles_that_cannot_be_read_can_be_asked_for_again(
    host: Callable[..., Page], team: Team, network: Network
) -> None:
    network.refuse(500, "GET", "/roles", times=1)
    page = host(ELEMENT, person=team.owner)

    button(page, "Try again").click()
    expect(row(page, team.roles()[0]["title"])).to_be_visible()


def test_the_keyboard_is_enough(show: Show, team: Team) -> None:
    custom(team)
    page = show(team.owner)
    row(page, "Reader").locator("summary").focus()
    page.keyboard.press("Enter")
    expect(row(page, "Reader").get_by_role("definition").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(button(page, "More for Reader")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button(page, "Edit role")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(button(page, "Delete role")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Edit role")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button(page, "More for Reader")).to_be_focused()
