"""roster-my-invitations: the card of the invitations that wait for who is signed in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import heard, settle
from tests.web.network import Network
from tests.web.people import Person, System, Team
from tests.web.states import button
from tests.web.watch import Watch

type Host = Callable[..., Page]

CARD = "<roster-my-invitations></roster-my-invitations>"
HIDDEN = "<roster-my-invitations hide-empty></roster-my-invitations>"
EVENTS = ["roster-before-accept", "roster-before-decline", "roster-accepted", "roster-declined", "roster-count"]


@pytest.fixture
def zoe(system: System) -> Person:
    return system.person("Zoe Zimmer")


def card(page: Page, name: str = "Acme") -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def test_an_invitation_is_accepted(host: Host, team: Team, zoe: Person) -> None:
    invited = team.invite(zoe.email, team.invitable()[-1], message="Welcome <b>aboard</b>: http")
    page = host(CARD, person=zoe, events=EVENTS)

    expect(card(page).get_by_text("Pending invitation")).to_be_visible()
    expect(card(page)).to_contain_text(f"{team.owner.name} ({team.owner.email}) invited you as ")
    expect(card(page)).to_contain_text("Welcome <b>aboard</b>: http")
    expect(card(page)).to_contain_text("Expires in 7 days.")
    button(card(page), "Accept").click()

    expect(page.get_by_text("No open invitations.")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("You have joined Acme.")
    ids = {"organization_id": team.id, "invitation_id": invited["id"]}
    names = [name for name, _ in heard(page)]
    assert names == ["roster-count", "roster-before-accept", "roster-accepted", "roster-count"]
    assert [detail for _, detail in heard(page)] == [{"count": 1}, ids, ids, {"count": 0}]
    assert zoe.call("PUT", "/me")["active_organization_id"] == team.id


def test_an_invitation_is_declined_and_the_focus_goes_on_to_the_next(
    host: Host, system: System, team: Team, zoe: Person
) -> None:
    team.invite(zoe.email, team.invitable()[-1])
    other = system.team(name="Brightwater")
    other.invite(zoe.email, other.invitable()[-1])
    page = host(CARD, person=zoe, events=EVENTS)

    button(card(page), "Decline").click()

    expect(card(page)).to_have_count(0)
    expect(page.get_by_role("heading", name="Brightwater", exact=True)).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("You have declined the invitation to Acme.")
    assert [one["status"] for one in team.invitations()] == ["declined"]
    assert [one["status"] for one in other.invitations()] == ["pending"]


def test_it_may_hide_while_there_is_none(host: Host, team: Team, zoe: Person) -> None:
    page = host(HIDDEN, person=zoe, events=EVENTS)
    settle(page)

    expect(page.locator("roster-my-invitations")).to_have_text("")
    assert heard(page) == [("roster-count", {"count": 0})]


def test_after_the_last_answer_it_shows_that_there_is_none_for_the_focus_to_be_somewhere(
    host: Host, team: Team, zoe: Person
) -> None:
    team.invite(zoe.email, team.invitable()[-1])
    page = host(HIDDEN, person=zoe)

    button(card(page), "Decline").click()

    expect(page.get_by_text("No open invitations.")).to_be_focused()
    page.evaluate("document.querySelector('roster-session').reset()")
    expect(page.get_by_text("No open invitations.")).to_have_count(0)


def test_nothing_is_asked_for_an_address_that_is_not_verified(host: Host, network: Network, system: System) -> None:
    page = host(CARD, person=system.person(email_verified=False))

    expect(page.get_by_text("is not verified")).to_be_visible()
    settle(page)
    assert network.calls("GET") == []


def test_one_that_was_canceled_meanwhile_is_said_to_be_gone(host: Host, watch: Watch, team: Team, zoe: Person) -> None:
    invited = team.invite(zoe.email, team.invitable()[-1])
    page = host(CARD, person=zoe)
    expect(card(page)).to_be_visible()
    team.owner.call("DELETE", team.path("invitations", invited["id"]))
    watch.expect("409 POST .*/accept")

    button(card(page), "Accept").click()

    expect(page.get_by_role("alert")).to_contain_text("cancel")
    expect(card(page)).to_have_count(0)


def test_other_roles_than_were_shown_are_shown_first(host: Host, watch: Watch, team: Team, zoe: Person) -> None:
    *_, now, shown = team.invitable()
    title = {one["id"]: one["title"] for one in team.roles()}
    invited = team.invite(zoe.email, shown)
    page = host(CARD, person=zoe)
    expect(card(page)).to_contain_text(f"invited you as {title[shown]}.")
    team.owner.call("POST", team.path("invitations", invited["id"], "resend"), {"roles": [now]})
    watch.expect("409 POST .*/accept")

    button(card(page), "Accept").click()

    expect(card(page).get_by_role("alert")).to_be_visible()
    expect(card(page)).to_contain_text(f"invited you as {title[now]}.")
    button(card(page), "Accept").click()
    expect(card(page)).to_have_count(0)
    assert [one["roles"] for one in team.members() if one["user_id"] == zoe.id] == [[now]]


@pytest.mark.parametrize(("name", "event"), [("Accept", "roster-accepted"), ("Decline", "roster-declined")])
def test_a_lost_answer_is_asked_for_again_under_the_same_key(
    host: Host, network: Network, team: Team, zoe: Person, name: str, event: str
) -> None:
    team.invite(zoe.email, team.invitable()[-1])
    page = host(CARD, person=zoe, events=EVENTS)
    path = f"/{name.lower()}$"
    network.lose_answer("POST", path, times=4)

    button(card(page), name).click()
    # The list does not have it any more, but what became of it is not known yet.
    button(card(page), "Try again").click()

    expect(card(page)).to_have_count(0)
    assert len({one.headers["idempotency-key"] for one in network.calls("POST", path)}) == 1
    assert [one for one, _ in heard(page)].count(event) == 1


def test_a_double_press_answers_once(host: Host, network: Network, team: Team, zoe: Person) -> None:
    team.invite(zoe.email, team.invitable()[-1])
    page = host(CARD, person=zoe)

    button(card(page), "Accept").dblclick()

    expect(card(page)).to_have_count(0)
    settle(page)
    assert len(network.calls("POST", "/accept")) == 1
