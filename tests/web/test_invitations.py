"""roster-invitations: how each invitation stands, and what can be done to it, once and to what is there now."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import heard, settle
from tests.web.network import Network
from tests.web.people import Seeded, System, Team
from tests.web.states import act, button
from tests.web.watch import Watch

type Host = Callable[..., Page]
type Opened = Callable[..., Page]

INVITATIONS = "<roster-invitations></roster-invitations>"
ACTS = ("resend", "cancel", "copy-link")
EVENTS = [
    *(f"roster-before-{act}" for act in ACTS),
    *("roster-change", "roster-resent", "roster-canceled", "roster-sent", "roster-problem"),
]
ADA = "ada@example.com"
TRIES = 4  # of the client, for one press


@pytest.fixture
def opened(host: Host, team: Team) -> Opened:
    """Opens the list of an organization with one invitation."""

    def opened(**told: Any) -> Page:
        team.invite(ADA, role(team), message="Welcome")
        team.system.mailed(ADA)
        page = host(INVITATIONS, person=team.owner, events=EVENTS, **told)
        expect(row(page, ADA)).to_be_visible()
        settle(page)
        return page

    return opened


@pytest.fixture
def seeded(system: System) -> Seeded:
    """The demo's organization, with invitations in every state."""
    return system.seeded()


def role(team: Team) -> str:
    """The role that can do least."""
    return team.invitable()[-1]


def row(page: Page, email: str) -> Locator:
    return page.get_by_role("row").filter(has_text=email)


def more(page: Page, email: str) -> Locator:
    return button(page, f"More for {email}")


def status(page: Page) -> Locator:
    return page.locator("roster-invitations").get_by_role("status").first


def confirm(page: Page, act: str) -> Locator:
    return page.get_by_role("dialog").get_by_role("button", name=act, exact=True)


def names(page: Page) -> list[str]:
    return [name for name, _ in heard(page)]


def the(team: Team, email: str = ADA) -> Any:
    return next(one for one in team.invitations() if one["email"] == email)


# ---- What is shown ---------------------------------------------------------------------------------------------------


def test_each_invitation_is_shown_with_its_status_and_what_to_do(host: Host, seeded: Seeded) -> None:
    team = seeded.team
    told = {
        ("pending", "queued"): "Pending, queued",
        ("pending", "sent"): "Pending, sent",
        ("pending", "delivered"): "Pending, delivered",
        ("pending", "bounced"): "The address takes no mail. Check it and invite again.",
        ("pending", "complained"): "Ask before you invite again.",
        ("pending", "suppressed"): "Not mailed. Copy the link instead.",
    }
    page = host(INVITATIONS, person=team.owner)
    titles = {one["id"]: one["title"] for one in team.roles()}
    all_ = team.invitations()

    for one in all_:
        shown = row(page, one["email"])
        expect(shown).to_contain_text(titles[one["roles"][0]])
        expect(shown).to_contain_text(f"Invited by {one['invited_by']['name']}")
        words = {"void": "No longer valid"}.get(one["status"], one["status"].capitalize())
        expect(shown).to_contain_text(told.get((one["status"], one["delivery"]), words))
        expect(more(page, one["email"])).to_have_count(1 if any(one["can"].values()) else 0)
    assert {one["status"] for one in all_} == {"pending", "expired", "void", "declined", "canceled"}
    # Open ones first.
    pending = sum(one["status"] == "pending" for one in all_)
    expect(page.get_by_role("row").nth(pending)).to_contain_text("in ")


def test_a_row_offers_what_can_be_done_to_it(host: Host, seeded: Seeded) -> None:
    page = host(INVITATIONS, person=seeded.team.owner)
    labels = {"resend": "Resend", "copy_link": "Copy link", "cancel": "Cancel invitation"}

    for one in seeded.team.invitations():
        expect(row(page, one["email"])).to_be_visible()
        offered = row(page, one["email"]).locator("[popover] button").all_text_contents()
        assert {text.strip() for text in offered} == {labels[act] for act, can in one["can"].items() if can}


def test_they_can_be_filtered_by_status(host: Host, seeded: Seeded, network: Network) -> None:
    page = host(INVITATIONS, person=seeded.team.owner)
    of = {
        status: [one for one in seeded.team.invitations() if one["status"] == status] for status in ("void", "expired")
    }

    for status_, label in (("void", "No longer valid"), ("expired", "Expired")):
        with page.expect_response(re.compile(f"status={status_}$")):
            page.get_by_label("Status").select_option(label)
        expect(page.get_by_role("row")).to_have_count(1 + len(of[status_]))
    page.get_by_label("Status").select_option("All")

    expect(page.get_by_role("row")).to_have_count(1 + len(seeded.team.invitations()))
    assert [one.path.rpartition("?")[2] for one in network.calls("GET", "status=")] == [
        "limit=50&status=void",
        "limit=50&status=expired",
    ]


def test_where_nobody_is_invited_it_says_what_to_do(host: Host, team: Team) -> None:
    page = host(INVITATIONS, person=team.owner, events=EVENTS)

    expect(page.get_by_text("Nobody is invited at the moment. Invite the people you work with.")).to_be_visible()
    button(page, "Invite").click()
    page.get_by_role("textbox", name="Email addresses").fill(ADA)
    button(page, "Send invitations").click()
    button(page, "Close").click()

    expect(row(page, ADA)).to_be_visible()
    expect(button(page, "Invite")).to_be_focused()
    assert names(page) == ["roster-change", "roster-sent"]


def test_who_may_not_see_them_is_told_so_and_nothing_is_asked(host: Host, team: Team, network: Network) -> None:
    page = host(INVITATIONS, person=team.add(role(team)))

    expect(page.get_by_text("Your role does not allow this.")).to_be_visible()
    assert network.calls("GET", "/invitations") == []


# ---- Resending -------------------------------------------------------------------------------------------------------


def test_an_invitation_is_resent_as_it_is(opened: Opened, team: Team, network: Network) -> None:
    page = opened()
    act(page, ADA, "Resend")

    expect(page.get_by_label("Role")).to_have_value(role(team))
    expect(page.get_by_label("Message")).to_have_value("Welcome")
    confirm(page, "Resend").click()

    expect(status(page)).to_have_text(f"The invitation of {ADA} was sent again.")
    expect(row(page, ADA)).to_contain_text("was sent again.")
    expect(more(page, ADA)).to_be_focused()
    (call,) = network.calls("POST", "/resend$")
    assert call.json == {}
    assert call.headers["if-match"]
    assert the(team)["sends"] == 2
    assert names(page) == ["roster-before-resend", "roster-change", "roster-resent"]
    assert heard(page)[-1][1] == {"organization_id": team.id, "invitation_id": the(team)["id"]}


def test_it_is_resent_with_another_role_and_message(opened: Opened, team: Team, network: Network) -> None:
    page = opened()
    act(page, ADA, "Resend")

    page.get_by_label("Role").select_option(team.invitable()[0])
    page.get_by_label("Message").fill("")
    confirm(page, "Resend").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert network.calls("POST", "/resend$")[0].json == {"roles": [team.invitable()[0]], "message": None}
    assert (the(team)["roles"], the(team)["message"]) == ([team.invitable()[0]], None)


def test_another_role_must_be_chosen_for_one_that_is_gone(host: Host, team: Team) -> None:
    custom = team.owner.call("POST", team.path("roles"), {"title": "Guest", "permissions": ["organization:read"]})
    team.invite(ADA, custom["id"])
    team.owner.call("DELETE", team.path("roles", custom["id"]))
    page = host(INVITATIONS, person=team.owner)
    act(page, ADA, "Resend")

    expect(page.get_by_role("dialog")).to_contain_text("Choose a role.")
    expect(confirm(page, "Resend")).to_be_disabled()
    page.get_by_label("Role").select_option(role(team))
    confirm(page, "Resend").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert (the(team)["roles"], the(team)["status"]) == ([role(team)], "pending")


def test_what_somebody_else_has_changed_is_shown_and_not_overwritten(opened: Opened, team: Team, watch: Watch) -> None:
    watch.expect("412 POST")
    page = opened()
    act(page, ADA, "Resend")
    page.get_by_label("Message").fill("Mine")
    other = team.invitable()[0]
    team.owner.call("POST", team.path("invitations", the(team)["id"], "resend"), {"roles": [other]})

    confirm(page, "Resend").click()

    expect(page.get_by_role("alert")).to_contain_text("Someone has changed this in the meantime.")
    expect(page.get_by_label("Role")).to_have_value(other)
    expect(page.get_by_label("Message")).to_have_value("Mine")
    confirm(page, "Resend").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert (the(team)["roles"], the(team)["message"], the(team)["sends"]) == ([other], "Mine", 3)


def test_a_lost_reply_resends_once(opened: Opened, team: Team, network: Network) -> None:
    page = opened()
    act(page, ADA, "Resend")
    page.get_by_label("Message").fill("Again")
    network.lose_answer("POST", "/resend$", times=TRIES)

    confirm(page, "Resend").click()
    expect(confirm(page, "Try again")).to_be_enabled()
    expect(page.get_by_label("Message")).to_have_js_property("readOnly", True)  # noqa: FBT003
    expect(page.get_by_label("Role")).to_be_disabled()
    confirm(page, "Try again").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    calls = network.calls("POST", "/resend$")
    assert (len(calls), len({one.headers["idempotency-key"] for one in calls})) == (TRIES + 1, 1)
    assert the(team)["sends"] == 2


def test_a_limit_of_the_day_is_said_and_keeps_what_was_typed(opened: Opened, team: Team, watch: Watch) -> None:
    watch.expect("429 POST")
    page = opened()
    for _ in range(team.system.pack.invitations_per_address - 1):
        team.owner.call("POST", team.path("invitations", the(team)["id"], "resend"))
    page.reload()
    act(page, ADA, "Resend")
    page.get_by_label("Message").fill("Please")

    confirm(page, "Resend").click()

    expect(page.get_by_role("alert")).to_contain_text("in a day.")
    expect(page.get_by_label("Message")).to_have_value("Please")
    expect(page.get_by_label("Message")).to_be_editable()


# ---- Canceling -------------------------------------------------------------------------------------------------------


def test_canceling_asks_first(opened: Opened, team: Team, network: Network) -> None:
    page = opened()
    act(page, ADA, "Cancel invitation")

    dialog = page.get_by_role("dialog", name=f"Cancel the invitation of {ADA}?")
    lost = f"The link in the mail stops working. You can invite {ADA} again."
    expect(dialog.get_by_role("paragraph")).to_have_text(lost, use_inner_text=True)
    expect(confirm(page, "Cancel")).to_be_focused()
    confirm(page, "Cancel").click()

    expect(more(page, ADA)).to_be_focused()
    assert network.calls("DELETE") == []
    assert the(team)["status"] == "pending"


def test_a_canceled_invitation_is_shown_so(opened: Opened, team: Team) -> None:
    team.invite("zoe@example.com", role(team))
    page = opened()
    # Both were sent in one second, so either may stand first.
    first = ADA in page.get_by_role("row").nth(1).inner_text()
    act(page, ADA, "Cancel invitation")
    confirm(page, "Cancel invitation").click()

    expect(row(page, ADA)).to_contain_text("Canceled")
    expect(status(page)).to_have_text(f"The invitation of {ADA} was canceled.")
    heading = page.get_by_role("heading", name="Invitations")
    expect(more(page, "zoe@example.com") if first else heading).to_be_focused()
    assert the(team)["status"] == "canceled"
    assert names(page) == ["roster-before-cancel", "roster-change", "roster-canceled"]
    assert heard(page)[-1][1] == {"organization_id": team.id, "invitation_id": the(team)["id"]}


def test_one_that_was_accepted_meanwhile_is_not_canceled(
    opened: Opened, team: Team, system: System, watch: Watch
) -> None:
    watch.expect("(404|409|412) DELETE")
    page = opened()
    act(page, ADA, "Cancel invitation")
    ada = system.person(email=ADA)
    ada.call("POST", team.path("invitations", the(team)["id"], "accept"))

    confirm(page, "Cancel invitation").click()

    expect(page.get_by_role("alert")).to_be_visible()
    settle(page)  # it is read anew
    confirm(page, "Cancel").click()
    expect(row(page, ADA)).to_have_count(0)
    expect(page.get_by_role("heading", name="Invitations")).to_be_focused()
    assert ada.id in {one["user_id"] for one in team.members()}


# ---- The link --------------------------------------------------------------------------------------------------------


def test_the_link_is_copied(opened: Opened, team: Team, network: Network) -> None:
    page = opened(context={"permissions": ["clipboard-read", "clipboard-write"]})
    act(page, ADA, "Copy link")

    expect(status(page)).to_have_text(f"Link copied. Hand it to {ADA} yourself.")
    expect(row(page, ADA)).to_contain_text("Link copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{team.system.app}/invitation#")
    (call,) = network.calls("POST", "/link$")
    assert "idempotency-key" not in call.headers
    assert copied.partition("#")[2] not in str(heard(page))


def test_where_the_clipboard_is_refused_the_link_stands_in_a_field(opened: Opened, team: Team) -> None:
    page = opened()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    act(page, ADA, "Copy link")

    field = page.get_by_role("textbox", name="Copy link")
    expect(field).to_be_focused()
    expect(field).not_to_be_editable()
    assert field.input_value().startswith(f"{team.system.app}/invitation#")
    assert field.evaluate("(e) => e.value.slice(e.selectionStart, e.selectionEnd)") == field.input_value()
    button(page, "Close").click()
    expect(more(page, ADA)).to_be_focused()


def test_why_a_link_cannot_be_copied_stands_in_the_row(opened: Opened, team: Team, watch: Watch) -> None:
    watch.expect("409 POST")
    page = opened()
    team.owner.call("DELETE", team.path("invitations", the(team)["id"]))

    act(page, ADA, "Copy link")

    expect(row(page, ADA).get_by_role("alert")).to_contain_text("This invitation has been canceled.")
    expect(row(page, ADA)).to_contain_text("Canceled")


# ---- Faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ACTS)
def test_the_page_may_say_no(opened: Opened, network: Network, kind: str) -> None:
    page = opened(canceled=[f"roster-before-{kind}"])
    label = {"resend": "Resend", "cancel": "Cancel invitation", "copy-link": "Copy link"}[kind]
    act(page, ADA, label)
    if kind != "copy-link":
        confirm(page, label).click()

    settle(page)
    assert names(page) == [f"roster-before-{kind}"]
    assert [one for one in network.calls() if one.method not in {"GET", "PUT"}] == []


def test_a_list_that_cannot_be_read_says_so_and_is_read_again(host: Host, team: Team, network: Network) -> None:
    team.invite(ADA, role(team))
    network.lose_request("GET", "/invitations", times=TRIES)
    page = host(INVITATIONS, person=team.owner)

    button(page, "Try again").click()

    expect(row(page, ADA)).to_be_visible()


def test_many_are_shown_page_by_page(host: Host, team: Team) -> None:
    emails = [f"person.{number}@example.com" for number in range(60)]
    for first in range(0, 60, 20):
        some = [{"email": email, "roles": [role(team)]} for email in emails[first : first + 20]]
        team.owner.call("POST", team.path("invitations", "batch"), {"invitations": some})
    page = host(INVITATIONS, person=team.owner)

    expect(page.get_by_role("row")).to_have_count(51)
    button(page, "Show more").click()

    expect(page.get_by_role("row")).to_have_count(61)
    expect(button(page, "Show more")).to_have_count(0)
