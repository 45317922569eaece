"""roster-invite: many addresses at once, an answer for each; nothing is sent twice, nothing that was typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web import axe
from tests.web.bare import heard, settle, sign_in
from tests.web.network import Network
from tests.web.people import Person, System, Team
from tests.web.states import button
from tests.web.watch import Watch

type Host = Callable[..., Page]
type Opened = Callable[..., Page]

INVITE = "<roster-invite></roster-invite>"
EVENTS = ["roster-before-invite", "roster-change", "roster-sent", "roster-upgrade", "roster-sign-in", "roster-problem"]
BATCH = r"/invitations/batch$"
TRIES = 4  # of the client, for one press


@pytest.fixture
def opened(host: Host) -> Opened:
    """Opens the dialog, as a product's own button would."""

    def opened(person: Person, body: str = INVITE, **told: Any) -> Page:
        page = host(body, person=person, events=EVENTS, **told)
        settle(page)
        show(page)
        return page

    return opened


def show(page: Page) -> None:
    page.locator("roster-invite").first.evaluate("(element) => element.open()")


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Email addresses", exact=True)


def status(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("status")


def send(page: Page) -> None:
    button(page, "Send invitations").click()


def chips(page: Page, name: str = "Email addresses") -> Locator:
    return page.get_by_role("list", name=name, exact=True).get_by_role("listitem")


def reason(page: Page, address: str) -> Locator:
    """What stands beside an address that was not sent."""
    return page.get_by_role("listitem").filter(has_text=address)


def invited(team: Team) -> list[str]:
    return sorted(one["email"] for one in team.invitations() if one["status"] == "pending")


def sent(page: Page) -> list[str]:
    """The ids that the page was told of."""
    return [id_ for name, detail in heard(page) if name == "roster-sent" for id_ in detail["invitation_ids"]]


def people(count: int) -> list[str]:
    return [f"person.{number}@example.com" for number in range(count)]


# ---- What is understood ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "understood"),
    [
        ("a@example.com, b@example.com;c@example.com\nd@example.com", "a b c d"),
        ("Ada Lovelace <a@example.com>, <b@example.com>", "a b"),
        ('"Lovelace, Ada (me@home)" <a@example.com>; Hopper, Grace <b@example.com>', "a b"),
        ("mailto:a@example.com?subject=Hello <mailto:b@example.com>", "a b"),
        ("Ada\ta@example.com\r\nGrace\tb@example.com\r\n", "a b"),
        ("'a@example.com' \"b@example.com\" (c@example.com) [d@example.com].", "a b c d"),
        ("\u2022 a@example.com\n1. b@example.com\n- c@example.com\u200b", "a b c"),
        ("a@example.com A@Example.COM, Ada <a@example.com>", "a"),
        ("a@example.com\u060c b@example.com\u061b c@example.com\uff0cd@example.com", "a b c d"),
    ],
)
def test_addresses_are_understood_in_any_form(opened: Opened, team: Team, pasted: str, understood: str) -> None:
    page = opened(team.owner)

    box(page).fill(pasted)

    expect(chips(page)).to_have_text([f"{name}@example.com" for name in understood.split()])


def test_what_is_wrong_stands_beside_each_wrong_one(opened: Opened, team: Team) -> None:
    page = opened(team.owner)

    box(page).fill("ada@example.com, henrietta@, bogus, two@@example.com, jos\u00e9@example.com,")

    expect(chips(page)).to_have_text(["ada@example.com"])
    expect(reason(page, "henrietta@")).to_contain_text("Something is missing after the @.")
    for wrong in ("bogus", "two@@example.com", "jos\u00e9@example.com"):
        expect(reason(page, wrong)).to_contain_text("This is not an address.")


def test_what_is_being_typed_is_not_called_wrong(opened: Opened, team: Team) -> None:
    page = opened(team.owner)

    box(page).press_sequentially("ada@")
    expect(chips(page)).to_have_text(["ada@"])
    box(page).press_sequentially(", ")

    expect(reason(page, "ada@")).to_contain_text("Something is missing after the @.")


# ---- Roles and message -----------------------------------------------------------------------------------------------


def test_the_roles_are_those_that_may_be_given_and_the_first_choice_can_do_least(opened: Opened, team: Team) -> None:
    page = opened(team.owner)
    roles = {one["id"]: one for one in team.roles()}
    offered = [roles[id_] for id_ in team.invitable()]

    expect(page.get_by_label("Role").locator("option")).to_have_text([one["title"] for one in offered])
    expect(page.get_by_label("Role")).to_have_value(offered[-1]["id"])
    expect(page.get_by_role("dialog")).to_contain_text(offered[-1]["description"])

    page.get_by_label("Role").select_option(label=offered[1]["title"])
    page.get_by_label("Message").fill("  Welcome\naboard ")
    box(page).fill("ada@example.com")
    send(page)

    expect(status(page)).to_have_text("1 invitation sent.")
    (made,) = team.invitations()
    assert (made["roles"], made["message"]) == ([offered[1]["id"]], "Welcome\naboard")


@pytest.mark.parametrize("pack", ["teams"])
def test_several_roles_are_checkboxes_and_what_stands_alone_excludes_the_others(
    opened: Opened, team: Team, network: Network
) -> None:
    alone = [one["id"] for one in team.roles() if one["alone"]]
    offered = [one for one in team.roles() if one["id"] in team.invitable()]
    page = opened(team.owner)
    field = page.get_by_role("group", name="Role")
    checked = field.get_by_role("checkbox", checked=True)

    expect(field.get_by_role("checkbox")).to_have_count(len(offered))
    expect(checked).to_have_count(1)
    for one in offered:
        field.get_by_role("checkbox", name=one["title"], exact=True).set_checked(checked=True)
        expect(checked).to_have_count(1 if one["id"] in alone else checked.count())
    for one in offered:
        field.get_by_role("checkbox", name=one["title"], exact=True).set_checked(checked=False)
    box(page).fill("ada@example.com")
    send(page)

    expect(field).to_contain_text("Choose a role.")
    expect(field.get_by_role("checkbox").first).to_be_focused()
    assert network.calls("POST", BATCH) == []

    two = [one for one in offered if one["id"] not in alone][:2]
    for one in two:
        field.get_by_role("checkbox", name=one["title"], exact=True).check()
    send(page)

    expect(status(page)).to_have_text("1 invitation sent.")
    assert team.invitations()[0]["roles"] == [one["id"] for one in two]


def test_a_message_is_counted_near_its_end_and_holds_no_link(opened: Opened, team: Team, network: Network) -> None:
    page = opened(team.owner)
    message = page.get_by_label("Message")
    box(page).fill("ada@example.com")

    message.fill("x" * 400)
    expect(page.get_by_text("of 500 characters")).to_have_count(0)
    message.fill("\U0001f600" * 501)
    expect(page.get_by_text("501 of 500 characters")).to_be_visible()
    send(page)
    expect(message).to_be_focused()
    message.fill("See www.example.com")
    send(page)

    expect(page.get_by_text("A message cannot contain web addresses.")).to_be_visible()
    assert network.calls("POST", BATCH) == []


def test_an_empty_box_is_not_sent(opened: Opened, team: Team, network: Network) -> None:
    page = opened(team.owner)

    send(page)

    expect(page.get_by_text("Enter at least one address.")).to_be_visible()
    expect(box(page)).to_be_focused()
    assert network.calls("POST", BATCH) == []


# ---- Room ------------------------------------------------------------------------------------------------------------


def widths(page: Page) -> list[float]:
    """Of the meter: what is typed too, and what is taken."""
    found: list[float] = page.locator("roster-invite rect").evaluate_all(
        "(all) => all.map((e) => +e.getAttribute('width'))"
    )
    return found


@pytest.mark.parametrize("pack", ["certificates"])
def test_the_meter_counts_what_is_typed(host: Host, opened: Opened, system: System) -> None:
    team = system.team("basic")
    page = opened(team.owner, canceled=["roster-upgrade"])

    expect(page.get_by_text("1 of 5 seats taken", exact=True)).to_be_visible()
    expect(button(page, "Upgrade")).to_have_count(0)
    box(page).fill(" ".join(people(4)))

    expect(page.get_by_text("5 of 5 seats taken, including these invitations")).to_be_visible()
    assert widths(page) == [100, 20]
    button(page, "Upgrade").click()
    url = team.owner.call("GET", team.path())["upgrade_url"]
    assert ("roster-upgrade", {"organization_id": team.id, "url": url}) in heard(page)


@pytest.mark.parametrize("pack", ["certificates"])
def test_where_no_seat_is_left_nothing_is_sent_but_an_upgrade_is_offered(opened: Opened, system: System) -> None:
    team = system.team("free")
    page = opened(team.owner)

    box(page).fill("ada@example.com")

    expect(page.get_by_text("Upgrade to add more.")).to_be_visible()
    expect(button(page, "Upgrade")).to_be_visible()
    expect(button(page, "Send invitations")).to_be_disabled()


def test_a_role_that_the_plan_has_no_room_for_cannot_be_chosen(opened: Opened, system: System) -> None:
    team = system.team(next(iter(system.pack.plans)))
    page = opened(team.owner)
    owner = next(one["title"] for one in team.roles() if one["id"] == system.pack.owner)

    expect(page.get_by_label("Role").locator("option", has_text=owner)).to_be_disabled()
    expect(page.get_by_text("Choose another role, or upgrade.")).to_be_visible()
    expect(button(page, "Upgrade")).to_be_visible()


# ---- Who may not -----------------------------------------------------------------------------------------------------


def test_an_unverified_address_is_told_so(opened: Opened, system: System, team: Team, network: Network) -> None:
    unverified = Person(system, {**team.owner.claims, "email_verified": False})
    page = opened(unverified)

    expect(page.get_by_role("dialog")).to_contain_text(f"Your address {team.owner.email} is not verified.")
    button(page, "Verify your address").click()

    assert [name for name, _ in heard(page)] == ["roster-sign-in"]
    assert network.calls("POST") == []


def test_who_may_not_invite_is_told_so(opened: Opened, team: Team) -> None:
    page = opened(team.add(team.invitable()[-1]))

    expect(page.get_by_role("dialog")).to_contain_text("Your role does not allow this.")
    expect(box(page)).to_have_count(0)


def test_what_was_closed_can_be_opened_at_once(opened: Opened, team: Team) -> None:
    page = opened(team.owner)
    expect(box(page)).to_be_focused()

    page.locator("roster-invite").evaluate(
        "(element) => { element.shadowRoot.querySelector('#close').click(); return element.open(); }"
    )
    settle(page)

    expect(box(page)).to_be_focused()


def test_before_it_is_known_who_is_signed_in_the_dialog_waits(host: Host, team: Team, network: Network) -> None:
    with network.held("PUT", "/me$"):
        page = host(INVITE, person=team.owner, events=EVENTS)
        show(page)
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(box(page)).to_have_count(0)

    expect(page.get_by_role("dialog", name="Invite to Acme")).to_be_visible()
    expect(box(page)).to_be_focused()


# ---- Twenty addresses ------------------------------------------------------------------------------------------------


def test_twenty_addresses_and_five_kinds_of_failure(opened: Opened, team: Team, network: Network) -> None:
    """A member, an open invitation, an address too often, a domain that nobody mails, and no address at all."""
    role = team.invitable()[-1]
    member = team.add(role)
    team.invite("open@example.com", role)
    for _ in range(team.system.pack.invitations_per_address):
        again = team.invite("often@example.com", role)
        team.owner.call("DELETE", team.path("invitations", again["id"]))
    failing = {
        "henrietta@": "Something is missing after the @.",
        member.email: "is a member of the organization already.",
        "open@example.com": "Resend",
        "often@example.com": "in a day.",
        "nobody@host.test": "This is not an address.",
    }
    good = people(15)
    page = opened(team.owner)

    box(page).fill(", ".join([*good[:7], *failing, *good[7:]]))
    send(page)

    expect(status(page)).to_have_text("15 sent, 5 not sent.")
    expect(chips(page, "Sent")).to_have_text(good)
    expect(box(page)).to_have_value("\n".join(failing))
    expect(box(page)).to_be_focused()
    for address, why in failing.items():
        expect(reason(page, address)).to_contain_text(why)
        expect(reason(page, address)).not_to_have_text(address)
    ids = {one["id"] for one in team.invitations() if one["email"] in good}
    assert {*sent(page)} == ids
    assert [name for name, _ in heard(page)] == ["roster-before-invite", "roster-change", "roster-sent"]
    assert heard(page)[1][1]["type"] == "invite"
    assert len(network.calls("POST", BATCH)) == 1

    box(page).fill("")
    expect(page.get_by_role("list")).to_have_count(1)
    assert axe.violations(page) == []


def test_more_than_twenty_go_out_in_batches_with_progress(opened: Opened, team: Team, network: Network) -> None:
    page = opened(team.owner)
    many = people(45)
    box(page).fill("\n".join(many))

    with network.held("POST", BATCH) as held:
        send(page)
        held.wait()
        expect(status(page)).to_have_text("0 of 45 sent")
        expect(box(page)).to_have_js_property("readOnly", True)  # noqa: FBT003

    expect(status(page)).to_have_text("45 invitations sent.")
    expect(button(page, "Close")).to_be_focused()
    assert [len(one.json["invitations"]) for one in network.calls("POST", BATCH)] == [20, 20, 5]
    assert [row["email"] for one in network.calls("POST", BATCH) for row in one.json["invitations"]] == many
    assert invited(team) == sorted(many)
    assert [name for name, _ in heard(page)].count("roster-sent") == 1


# ---- What was typed --------------------------------------------------------------------------------------------------


def test_what_was_typed_stands_there_when_the_dialog_is_opened_again(opened: Opened, team: Team) -> None:
    page = opened(team.owner, INVITE * 2)  # as on the tabs of the Team page, which have one each

    page.get_by_label("Message").fill("Welcome")
    box(page).fill("ada@example.com, henrietta@")
    button(page, "Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("roster-invite").nth(1).evaluate("(element) => element.open()")

    expect(box(page)).to_have_value("ada@example.com, henrietta@")
    expect(page.get_by_label("Message")).to_have_value("Welcome")


def test_what_was_typed_is_gone_for_somebody_else(opened: Opened, team: Team, system: System) -> None:
    admin = team.add(team.invitable()[0])
    page = opened(team.owner)
    box(page).fill("ada@example.com")
    page.keyboard.press("Escape")

    sign_in(page, admin)
    settle(page)
    show(page)

    expect(box(page)).to_have_value("")


def test_the_page_may_say_no(opened: Opened, team: Team, network: Network) -> None:
    page = opened(team.owner, canceled=["roster-before-invite"])
    box(page).fill("ada@example.com")

    send(page)

    (before,) = heard(page)
    assert before[1] == {"organization_id": team.id, "emails": ["ada@example.com"], "roles": [team.invitable()[-1]]}
    expect(box(page)).to_have_value("ada@example.com")
    assert network.calls("POST", BATCH) == []


# ---- Faults ----------------------------------------------------------------------------------------------------------


def test_pressing_twice_sends_once(opened: Opened, team: Team, network: Network) -> None:
    page = opened(team.owner)
    box(page).fill("ada@example.com")

    with network.held("POST", BATCH) as held:
        page.locator("roster-invite form").evaluate("(form) => { form.requestSubmit(); form.requestSubmit(); }")
        held.wait()

    expect(status(page)).to_have_text("1 invitation sent.")
    assert len(network.calls("POST", BATCH)) == 1


@pytest.mark.parametrize("fault", ["lost reply", "503", "429 of the gateway"])
def test_what_passes_is_not_noticed(opened: Opened, team: Team, network: Network, fault: str) -> None:
    page = opened(team.owner)
    box(page).fill("ada@example.com, bob@example.com")
    if fault == "lost reply":
        network.lose_answer("POST", BATCH)
    elif fault == "503":
        network.refuse(503, "POST", BATCH, code="try_again", retry_after=0)
    else:
        network.refuse(429, "POST", BATCH)

    send(page)

    expect(status(page)).to_have_text("2 invitations sent.")
    expect(box(page)).to_have_value("")
    assert len({one.headers["idempotency-key"] for one in network.calls("POST", BATCH)}) == 1
    assert invited(team) == ["ada@example.com", "bob@example.com"]


def test_while_it_is_unknown_what_was_sent_only_the_same_is_repeated(
    opened: Opened, team: Team, network: Network
) -> None:
    page = opened(team.owner)
    many = people(25)
    box(page).fill("\n".join(many))
    with network.held("POST", BATCH) as held:
        send(page)
        held.wait()
        network.lose_answer("POST", BATCH, times=TRIES)
        held.release()
        # The first batch was held, and is answered; what is lost are the answers to the second one.
        expect(button(page, "Try again")).to_be_visible()

    expect(box(page)).to_have_value("\n".join(many[20:]))
    expect(box(page)).to_have_js_property("readOnly", True)  # noqa: FBT003
    expect(page.get_by_label("Message")).to_have_js_property("readOnly", True)  # noqa: FBT003
    expect(page.get_by_label("Role")).to_be_disabled()
    expect(chips(page, "Sent")).to_have_count(20)
    expect(page.get_by_role("alert")).to_be_visible()
    button(page, "Close").click()
    show(page)
    button(page, "Try again").click()

    expect(status(page)).to_have_text("5 invitations sent.")
    expect(box(page)).to_have_value("")
    first, *others = network.calls("POST", BATCH)
    assert len({one.headers["idempotency-key"] for one in others}) == 1
    assert {one.body for one in others} == {others[0].body}
    assert first.headers["idempotency-key"] != others[0].headers["idempotency-key"]
    assert {one["sends"] for one in team.invitations()} == {1}
    assert sorted(sent(page)) == sorted(one["id"] for one in team.invitations())


def test_offline_nothing_that_was_typed_is_lost(opened: Opened, team: Team, network: Network) -> None:
    page = opened(team.owner)
    page.get_by_label("Message").fill("Welcome")
    box(page).fill("ada@example.com, henrietta@")

    with network.down():
        send(page)
        expect(button(page, "Try again")).to_be_enabled()
        expect(page.get_by_role("alert")).to_contain_text("There was no answer.")
        expect(box(page)).to_have_value("ada@example.com, henrietta@")
    button(page, "Try again").click()

    expect(status(page)).to_have_text("1 sent, 1 not sent.")
    expect(box(page)).to_have_value("henrietta@")
    assert invited(team) == ["ada@example.com"]


def test_a_token_that_ends_midway_loses_nothing_and_sends_nothing_twice(
    opened: Opened, team: Team, network: Network
) -> None:
    """The worst case: the invitations were made, their answer was lost, and the token ended before the second try."""
    page = opened(team.owner)
    box(page).fill("ada@example.com")
    network.lose_answer("POST", BATCH)
    network.refuse(401, "POST", BATCH)

    send(page)

    expect(page.get_by_role("alert")).to_contain_text("Sign in again")
    expect(box(page)).to_have_value("ada@example.com")
    button(page, "Try again").click()

    expect(status(page)).to_have_text("1 invitation sent.")
    assert {one["sends"] for one in team.invitations()} == {1}
    assert sent(page) == [one["id"] for one in team.invitations()]


def test_a_limit_of_the_day_is_said_beside_each_address(opened: Opened, system: System) -> None:
    team = system.team(next(iter(system.pack.plans)))
    most = next(iter(system.pack.plans.values())).invitations_per_day
    many = people(most + 2)
    page = opened(team.owner)
    box(page).fill(" ".join(many))

    send(page)

    expect(status(page)).to_have_text(f"{most} sent, 2 not sent.")
    expect(box(page)).to_have_value("\n".join(many[most:]))
    for address in many[most:]:
        expect(reason(page, address)).to_contain_text(f"The limit is {most}")


@pytest.mark.parametrize("pack", ["certificates"])
def test_a_seat_that_was_taken_meanwhile_is_told(opened: Opened, system: System) -> None:
    team = system.team("basic")
    page = opened(team.owner)
    box(page).fill("ada@example.com")
    for _ in range(4):
        team.move_in(team.invitable()[-1])

    send(page)

    expect(reason(page, "ada@example.com")).to_contain_text("The plan has 5 seats.")
    expect(button(page, "Upgrade")).to_be_visible()
    expect(button(page, "Send invitations")).to_be_disabled()
    expect(box(page)).to_have_value("ada@example.com")


def test_who_was_removed_meanwhile_is_told(opened: Opened, team: Team, watch: Watch) -> None:
    watch.expect("404 ")
    admin = team.add(team.invitable()[1])
    page = opened(admin)
    box(page).fill("ada@example.com")
    team.owner.call("DELETE", team.path("members", admin.id))

    send(page)

    told = page.get_by_role("dialog", name="Invite to Acme")
    expect(told).to_contain_text("You no longer belong to this organization")
    settle(page)
    expect(told).to_contain_text("You no longer belong to this organization")
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    assert invited(team) == []
