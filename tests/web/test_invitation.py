"""roster-invitation: each way that a link can end is a page with a next step, and the token goes nowhere else."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import heard, settle, sign_in
from tests.web.network import Network
from tests.web.people import Person, Shape, System, Team
from tests.web.states import button
from tests.web.watch import Watch

type Host = Callable[..., Page]

LANDING = "<roster-invitation></roster-invitation>"
RETURNING = '<roster-invitation return-to="/team"></roster-invitation>'
EVENTS = [
    *("roster-sign-in", "roster-switch-account", "roster-accepted", "roster-declined", "roster-switched"),
    *("roster-before-accept", "roster-before-decline", "roster-before-switch", "roster-change", "roster-problem"),
]
KEY = "roster.invitation"


def token_of(link: str) -> str:
    return urlsplit(link).fragment


@pytest.fixture
def landing(host: Host) -> Callable[..., Page]:
    """Opens the page of a link, as somebody or signed out."""

    def opened(link: str, person: Person | None = None, body: str = LANDING, **told: Any) -> Page:
        return host(body, person=person, path=f"/bare#{token_of(link)}", events=EVENTS, **told)

    return opened


@pytest.fixture
def zoe(system: System) -> Person:
    return system.person("Zoe Zimmer")


def least(team: Team) -> str:
    """A role that manages nobody."""
    return team.invitable()[-1]


def guarded(team: Team) -> str:
    """A role that manages people: only the invited address can accept it."""
    return team.invitable()[0]


def inviting(team: Team) -> str:
    """A role that invites others, and that an owner can take away."""
    return str(next(one["id"] for one in reversed(team.roles()) if one["invites"]))


def invited(team: Team, person: Person, role: str = "", **more: Any) -> tuple[Shape, str]:
    """Invite somebody: the invitation, and the link that was mailed."""
    invitation = team.invite(person.email, role or least(team), **more)
    return invitation, team.link(invitation)


def copied(team: Team, invitation: Shape) -> str:
    path = team.path("invitations", invitation["id"], "link")
    return str(team.owner.call("POST", path)["link"])


def heading(page: Page, text: str) -> Locator:
    return page.get_by_role("heading", name=text, exact=True)


def kept(page: Page) -> str | None:
    value: str | None = page.evaluate("sessionStorage.getItem('roster.invitation')")
    return value


def buttons(page: Page) -> list[str]:
    """All that is offered, in its order."""
    settle(page)
    return [
        " ".join(name.split()) for name in page.locator("roster-invitation").get_by_role("button").all_inner_texts()
    ]


def members(team: Team) -> set[str]:
    return {one["user_id"] for one in team.members()}


# ---- Open invitations ------------------------------------------------------------------------------------------------


def test_the_invited_address_accepts(landing: Callable[..., Page], team: Team, zoe: Person) -> None:
    invitation, link = invited(team, zoe, message="Welcome aboard!\nHave a look.")

    page = landing(link, zoe)

    expect(heading(page, "Join Acme")).to_be_visible()
    expect(page.get_by_text(team.owner.email)).to_be_visible()
    expect(page.get_by_text("Have a look.")).to_be_visible()
    expect(page.get_by_text("Expires in 7 days.")).to_be_visible()
    assert buttons(page) == ["Accept", "Decline"]

    button(page, "Accept").click()

    expect(heading(page, "You have joined Acme.")).to_be_focused()
    ids = {"organization_id": team.id, "invitation_id": invitation["id"]}
    assert heard(page) == [
        ("roster-before-accept", ids),
        ("roster-change", {**ids, "type": "accept"}),
        ("roster-accepted", ids),
    ]
    assert kept(page) is None
    assert zoe.call("PUT", "/me")["active_organization_id"] == team.id


def test_it_is_declined(landing: Callable[..., Page], team: Team, zoe: Person) -> None:
    invitation, link = invited(team, zoe)
    page = landing(link, zoe)

    button(page, "Decline").click()

    expect(heading(page, "You have declined the invitation to Acme.")).to_be_focused()
    assert heard(page)[-1] == ("roster-declined", {"organization_id": team.id, "invitation_id": invitation["id"]})
    assert kept(page) is None
    assert [one["status"] for one in team.invitations()] == ["declined"]


def test_somebody_else_is_asked_for_another_account_first(
    landing: Callable[..., Page], system: System, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    other = system.person()
    page = landing(link, other)

    expect(page.get_by_text(f"It was sent to {zoe.email}. You are signed in as {other.email}.")).to_be_visible()
    assert buttons(page) == ["Use another account", f"Accept as {other.email}", "Decline"]

    button(page, "Use another account").click()
    assert heard(page) == [("roster-switch-account", {"url": page.url})]
    assert token_of(link) not in page.url

    button(page, f"Accept as {other.email}").click()
    expect(heading(page, "You have joined Acme.")).to_be_visible()
    assert other.id in members(team)


def test_somebody_else_cannot_accept_what_is_for_the_invited_address_only(
    landing: Callable[..., Page], system: System, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe, guarded(team))

    page = landing(link, system.person())

    expect(page.get_by_text("Only this address can accept it.")).to_be_visible()
    assert buttons(page) == ["Use another account", "Decline"]


@pytest.mark.parametrize("may", [least, guarded])
def test_whose_own_address_is_not_verified_verifies_it(
    landing: Callable[..., Page], system: System, team: Team, may: Callable[[Team], str]
) -> None:
    person = system.person(email_verified=False)
    _, link = invited(team, person, may(team))

    page = landing(link, person)

    expect(page.get_by_text(f"Your address {person.email} is not verified.")).to_be_visible()
    # The mailed link proves the mailbox, which is enough for a role that manages nobody.
    more = [f"Accept as {person.email}"] if may is least else []
    assert buttons(page) == ["Verify your address", *more, "Decline"]
    button(page, "Verify your address").click()
    assert heard(page) == [("roster-sign-in", {"url": page.url})]


def test_a_copied_link_proves_no_mailbox(landing: Callable[..., Page], system: System, team: Team) -> None:
    unverified = system.person(email_verified=False)
    invitation, _ = invited(team, unverified)
    link = copied(team, invitation)

    page = landing(link, unverified)
    assert buttons(page) == ["Verify your address", "Decline"]

    other = system.person()
    page = landing(link, other)
    assert buttons(page) == ["Use another account", f"Accept as {other.email}", "Decline"]
    button(page, f"Accept as {other.email}").click()
    expect(heading(page, "You have joined Acme.")).to_be_visible()
    assert [one["email"] for one in team.members() if one["user_id"] == other.id] == [other.email]


def test_who_has_an_account_without_an_address_accepts_by_name(
    landing: Callable[..., Page], system: System, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    nameless = system.person("Noor Nameless", email=None, client_id="app")

    page = landing(link, nameless)

    assert buttons(page) == ["Use another account", "Accept as Noor Nameless", "Decline"]


def test_a_member_opens_the_organization(landing: Callable[..., Page], team: Team, zoe: Person) -> None:
    _, link = invited(team, zoe)
    team.owner.call("POST", "/organizations", {"name": "Another"})

    page = landing(link, team.owner, RETURNING)

    expect(heading(page, "You are a member of Acme.")).to_be_visible()
    assert buttons(page) == ["Open Acme", "Use another account"]
    button(page, "Open Acme").click()
    page.wait_for_url("**/team")
    assert team.owner.call("PUT", "/me")["active_organization_id"] == team.id


# ---- Where a link leads no further -----------------------------------------------------------------------------------


def cancel(team: Team, invitation: Shape, zoe: Person) -> None:
    team.owner.call("DELETE", team.path("invitations", invitation["id"]))


def decline(team: Team, invitation: Shape, zoe: Person) -> None:
    zoe.call("POST", team.path("invitations", invitation["id"], "decline"))


def accept(team: Team, invitation: Shape, zoe: Person) -> None:
    zoe.call("POST", team.path("invitations", invitation["id"], "accept"))


def replace(team: Team, invitation: Shape, zoe: Person) -> None:
    team.owner.call("POST", team.path("invitations", invitation["id"], "resend"))


def make_void(team: Team, invitation: Shape, zoe: Person) -> None:
    team.owner.call("DELETE", team.path("members", invitation["invited_by"]["user_id"]))


ENDINGS = [
    (cancel, "This invitation has been canceled.", 409),
    (decline, "This invitation has been declined.", 409),
    (replace, "A newer link has replaced this one.", 410),
    (make_void, "This invitation is no longer valid.", 410),
]


@pytest.mark.parametrize("who", ["somebody", "nobody"])
@pytest.mark.parametrize(("end", "said", "status"), ENDINGS)
def test_who_comes_too_late_asks_for_a_new_one(
    landing: Callable[..., Page],
    watch: Watch,
    team: Team,
    system: System,
    zoe: Person,
    end: Callable[[Team, Shape, Person], None],
    said: str,
    status: int,
    who: str,
) -> None:
    inviter = team.add(inviting(team), name="Ben Okri")
    invitation, link = invited(team, zoe, by=inviter)
    end(team, invitation, zoe)
    watch.expect(f"{status} POST /invitations/preview")

    page = landing(link, system.person() if who == "somebody" else None)

    expect(heading(page, said)).to_be_visible()
    last = team.owner if end is replace else inviter
    ask = page.get_by_role("link", name=f"Ask {last.name} for a new one", exact=True)
    to = urlsplit(str(ask.get_attribute("href")))
    assert (to.scheme, to.path) == ("mailto", last.email)
    assert parse_qs(to.query) == {"subject": ["A new invitation to Acme"]}
    assert buttons(page) == []
    assert kept(page) is None
    assert [name for name, _ in heard(page)] == []


def test_what_stands_in_the_mail_to_the_inviter_is_encoded(
    landing: Callable[..., Page], watch: Watch, system: System, zoe: Person
) -> None:
    email = f"a&b?cc=x%40y+{zoe.id}@example.com"
    team = system.team(name="R&D #1?", email=email)
    invitation, link = invited(team, zoe)
    cancel(team, invitation, zoe)
    watch.expect("409 POST /invitations/preview")

    page = landing(link)

    ask = page.get_by_role("link")
    href = str(ask.get_attribute("href"))
    assert href.count("?") == 1
    assert href.startswith(f"mailto:a%26b%3Fcc%3Dx%2540y%2B{zoe.id}@example.com?subject=")
    assert parse_qs(urlsplit(href).query) == {"subject": ["A new invitation to R&D #1?"]}


def test_an_inviter_without_an_address_is_named_in_a_sentence(
    landing: Callable[..., Page], watch: Watch, system: System, zoe: Person
) -> None:
    team = system.team()
    inviter = team.add(inviting(team), name="Ben Okri")
    invitation, link = invited(team, zoe, by=inviter)
    cancel(team, invitation, zoe)
    # A token that brings the address unverified takes it away.
    changed = Person(system, {**inviter.claims, "email_verified": False})
    changed.call("PUT", "/me")
    watch.expect("409 POST /invitations/preview")

    page = landing(link)

    expect(page.get_by_text("Ask Ben Okri for a new one.", exact=True)).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)


def test_an_expired_one_is_asked_for_anew(landing: Callable[..., Page], watch: Watch, system: System) -> None:
    # One that the demo has, from some days ago.
    [mail] = system.mailed("leo@example.com")
    [link] = [link for link in mail["links"] if "#" in link]
    watch.expect("410 POST /invitations/preview")

    page = landing(link)

    expect(heading(page, "This invitation has expired.")).to_be_visible()
    expect(page.get_by_role("link", name="Ask Ann Archer for a new one", exact=True)).to_be_visible()
    assert kept(page) is None


def test_a_used_one_opens_the_organization(
    landing: Callable[..., Page], watch: Watch, network: Network, system: System, team: Team, zoe: Person
) -> None:
    invitation, link = invited(team, zoe)
    accept(team, invitation, zoe)
    zoe.call("POST", "/organizations", {"name": "Another"})
    watch.expect("409 POST /invitations/preview")

    page = landing(link, zoe)
    expect(heading(page, "This invitation has been accepted.")).to_be_visible()
    button(page, "Open Acme").click()
    settle(page)
    assert [name for name, _ in heard(page)] == ["roster-before-switch", "roster-change", "roster-switched"]

    # Others have to be that member first.
    page = landing(link, system.person())
    button(page, "Open Acme").click()
    assert heard(page) == [("roster-switch-account", {"url": page.url})]
    page = landing(link, None, RETURNING)
    button(page, "Open Acme").click()
    assert heard(page) == [("roster-sign-in", {"url": f"{network.app}/team"})]


def test_there_may_be_no_such_invitation(landing: Callable[..., Page], watch: Watch, zoe: Person) -> None:
    watch.expect("404 POST /invitations/preview")

    page = landing("#a.b.copied-c.d", zoe)
    expect(heading(page, "There is no such invitation. Use the link in the latest mail.")).to_be_visible()

    page = landing("#a.b.c.d")
    expect(button(page, "Sign in")).to_be_visible()


def test_who_has_the_address_needs_no_link(landing: Callable[..., Page], watch: Watch, team: Team, zoe: Person) -> None:
    invitation, link = invited(team, zoe)
    replace(team, invitation, zoe)
    watch.expect("410 POST /invitations/preview")

    page = landing(link, zoe)

    expect(heading(page, "A newer link has replaced this one.")).to_be_visible()
    button(page, "Accept").click()
    expect(heading(page, "You have joined Acme.")).to_be_focused()


# ---- Signed out, and back again --------------------------------------------------------------------------------------


def test_signed_out_only_the_preview_is_asked(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)

    page = landing(link)

    expect(heading(page, "Join Acme")).to_be_visible()
    assert buttons(page) == ["Sign in"]
    button(page, "Sign in").click()
    assert heard(page) == [("roster-sign-in", {"url": f"{network.app}/bare"})]
    assert [(one.method, one.path) for one in network.calls()] == [("POST", "/invitations/preview")]


def test_a_token_lasts_while_the_account_is_switched(
    landing: Callable[..., Page], host: Host, system: System, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    page = landing(link, system.person())
    button(page, "Use another account").click()
    [(_, detail)] = heard(page)

    # The sign-in is a page elsewhere, which leads back.
    page.goto("about:blank")
    page.add_init_script(f"host.token = host.fresh = {zoe.token!r};")
    page.goto(detail["url"])

    button(page, "Accept").click()
    expect(heading(page, "You have joined Acme.")).to_be_visible()


def test_a_page_may_sign_in_somebody_else_without_leaving(
    landing: Callable[..., Page], system: System, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    page = landing(link, system.person())
    expect(button(page, "Use another account")).to_be_visible()

    sign_in(page, zoe)

    expect(button(page, "Accept")).to_be_visible()
    assert buttons(page) == ["Accept", "Decline"]


def test_without_a_token_the_open_invitations_are_shown(
    host: Host, network: Network, system: System, team: Team, zoe: Person
) -> None:
    invited(team, zoe)

    page = host(RETURNING, person=zoe, path="/bare#not.a.token")

    expect(heading(page, "Acme")).to_be_visible()
    assert page.url.endswith("/bare#not.a.token")
    assert network.calls("POST", "/invitations/preview") == []
    button(page, "Accept").click()
    page.wait_for_url("**/team")


def test_where_there_is_nothing_to_show_there_is_a_way_on(host: Host, system: System) -> None:
    page = host(LANDING, person=system.person(), events=EVENTS)
    expect(page.get_by_text("Open the link in the mail again, or use another account.")).to_be_visible()
    button(page, "Use another account").click()
    assert heard(page) == [("roster-switch-account", {"url": page.url})]

    page = host(LANDING, person=system.person(email_verified=False), events=EVENTS)
    expect(button(page, "Verify your address")).to_be_visible()


# ---- The token -------------------------------------------------------------------------------------------------------


def test_the_token_is_nowhere_but_in_the_request(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    token = token_of(link)
    with network.held("POST", "/invitations/preview") as held:
        page = landing(link)
        held.wait()
        # It is erased before the first request, and the page's history does not have it.
        assert page.url == f"{network.app}/bare"
        assert token in str(kept(page))
    expect(heading(page, "Join Acme")).to_be_visible()

    assert page.evaluate(
        "[history.length, Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]"
    ) == [
        page.evaluate("history.length"),
        [],
        [KEY],
        "",
    ]
    assert all(token not in one.url for one in network.asked)
    assert all(token not in str(one.headers) for one in network.asked)
    assert token not in page.content()
    assert token not in str(heard(page))


@pytest.mark.parametrize("fragment", ["a.b.c", "a.b.c.d.e", "a.b.c.", "a.b.c.d%20", "members", ""])
def test_another_fragment_is_left_alone(host: Host, network: Network, fragment: str) -> None:
    page = host(LANDING, path=f"/bare#{fragment}")

    expect(button(page, "Sign in")).to_be_visible()
    assert page.url == f"{network.app}/bare" + (f"#{fragment}" if fragment else "#")
    assert kept(page) is None


def test_the_token_is_dropped_after_an_hour(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    page = landing("#")
    page.clock.install()
    page.goto(f"{network.app}/bare#{token_of(link)}")
    page.reload()
    expect(heading(page, "Join Acme")).to_be_visible()

    page.clock.run_for("59:59")
    expect(heading(page, "Join Acme")).to_be_visible()
    page.clock.run_for("00:02")

    expect(heading(page, "Join Acme")).to_have_count(0)
    assert kept(page) is None


def test_another_link_in_the_same_tab_counts(
    landing: Callable[..., Page], system: System, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    other = system.team(name="Brightwater")
    _, second = invited(other, zoe)
    page = landing(link, zoe)
    expect(heading(page, "Join Acme")).to_be_visible()

    page.evaluate("(token) => { location.hash = token; }", token_of(second))

    expect(heading(page, "Join Brightwater")).to_be_visible()
    assert "#" not in page.url


def test_a_link_scanner_that_runs_scripts_changes_nothing(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person
) -> None:
    invitation, link = invited(team, zoe)
    before = team.owner.call("GET", team.path("invitations", invitation["id"]))

    page = landing(link)
    settle(page)
    page.reload()
    settle(page)

    assert {(one.method, one.path) for one in network.calls()} == {("POST", "/invitations/preview")}
    assert team.owner.call("GET", team.path("invitations", invitation["id"])) == before
    page = landing(link, zoe)
    button(page, "Accept").click()
    expect(heading(page, "You have joined Acme.")).to_be_visible()


# ---- Accepting -------------------------------------------------------------------------------------------------------


def test_only_what_was_shown_is_accepted(landing: Callable[..., Page], watch: Watch, team: Team, zoe: Person) -> None:
    invitation, _ = invited(team, zoe)
    page = landing(copied(team, invitation), zoe)
    title = {one["id"]: one["title"] for one in team.roles()}
    expect(page.get_by_text(f"invited you as {title[least(team)]}.")).to_be_visible()
    shown, now = least(team), team.invitable()[-2]
    team.owner.call("POST", team.path("invitations", invitation["id"], "resend"), {"roles": [now]})
    watch.expect("409 POST .*/accept")

    button(page, "Accept").click()

    # Whose address it is needs no link; the page of this one has ended, and the open one is shown instead.
    expect(page.get_by_text(f"invited you as {title[now]}.")).to_be_visible()
    assert shown != now
    assert zoe.id not in members(team)
    watch.expect("410 POST /invitations/preview")
    button(page, "Accept").click()
    expect(heading(page, "You have joined Acme.")).to_be_visible()
    assert [one["roles"] for one in team.members() if one["user_id"] == zoe.id] == [[now]]


@pytest.mark.parametrize("pack", ["certificates"])
def test_where_there_is_no_room_the_invitation_stays(
    landing: Callable[..., Page], watch: Watch, system: System, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    plan = next(plan for plan in system.pack.plans.values() if plan.members is not None)
    for _ in range((plan.members or 0) - 1):
        team.move_in(least(team))
    page = landing(link, zoe)
    expect(button(page, "Accept")).to_be_visible()
    team.plan(plan.name)
    watch.expect("409 POST .*/accept")

    button(page, "Accept").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(button(page, "Accept")).to_be_visible()
    assert kept(page)


def test_a_lost_answer_is_asked_for_again(
    landing: Callable[..., Page], watch: Watch, network: Network, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    page = landing(link, zoe)
    network.lose_answer("POST", "/accept", times=4)
    watch.expect("409 POST /invitations/preview")

    button(page, "Accept").click()
    button(page, "Try again").click()

    expect(heading(page, "You have joined Acme.")).to_be_visible()
    assert len({one.headers["idempotency-key"] for one in network.calls("POST", "/accept")}) == 1
    assert kept(page) is None


def test_a_page_may_forbid_it(landing: Callable[..., Page], network: Network, team: Team, zoe: Person) -> None:
    _, link = invited(team, zoe)
    page = landing(link, zoe, canceled=["roster-before-accept"])

    button(page, "Accept").click()

    assert [name for name, _ in heard(page)] == ["roster-before-accept"]
    assert network.calls("POST", "/accept") == []


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("/team?x=1#members", "/team?x=1#members"),
        ("https://elsewhere.example.com/", ""),
        ("javascript:alert(1)", ""),
        ("blob:http://localhost/1", ""),
    ],
)
def test_accepting_leads_back_to_this_site_only(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person, to: str, leads: str
) -> None:
    _, link = invited(team, zoe)
    page = landing(link, zoe, f'<roster-invitation return-to="{to}"></roster-invitation>')

    button(page, "Accept").click()

    if leads:
        page.wait_for_url(f"{network.app}{leads}")
        assert zoe.call("PUT", "/me")["active_organization_id"] == team.id
    else:
        expect(heading(page, "You have joined Acme.")).to_be_visible()
        settle(page)
        assert page.url == f"{network.app}/bare"


def test_who_cancels_roster_accepted_stays(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    page = landing(link, zoe, RETURNING, canceled=["roster-accepted"])

    button(page, "Accept").click()

    expect(heading(page, "You have joined Acme.")).to_be_visible()
    settle(page)
    assert page.url == f"{network.app}/bare"


# ---- Frames ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["its own", "another"])
def test_in_a_frame_only_of_its_own_origin_it_is_accepted(
    landing: Callable[..., Page], watch: Watch, network: Network, system: System, team: Team, zoe: Person, origin: str
) -> None:
    _, link = invited(team, zoe)
    page = landing("#", zoe)
    settle(page)
    frame = f'<iframe src="{network.app}/framed#{token_of(link)}" width="600" height="600"></iframe>'
    # The same page, which lets itself be framed.
    bare = page.content()
    network.serve(f"{network.app}/framed", "text/html", bare)
    around = f"{network.app}/around" if origin == "its own" else "http://elsewhere.example.com/around"
    network.serve(around, "text/html", f"<!doctype html><title>Around</title><link rel=icon href='data:,'>{frame}")

    watch.expect("foreign: https?://elsewhere")
    page.goto(around)
    inner = page.frame_locator("iframe")

    expect(inner.get_by_role("heading", name="Join Acme", exact=True)).to_be_visible()
    if origin == "its own":
        expect(inner.get_by_role("button", name="Accept", exact=True)).to_be_visible()
    else:
        expect(inner.get_by_text("To answer, open the link in a window of its own.")).to_be_visible()
        expect(inner.get_by_role("button")).to_have_count(0)


# ---- Faults ----------------------------------------------------------------------------------------------------------


def test_where_there_is_no_answer_the_page_can_be_asked_again(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    network.lose_request("POST", "/invitations/preview", times=4)

    page = landing(link, zoe)
    button(page, "Try again").click()

    expect(button(page, "Accept")).to_be_visible()


def test_a_session_that_ended_is_signed_in_again(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    page = landing(link, zoe)
    network.refuse(401, "POST", "/accept", times=2)

    button(page, "Accept").click()
    button(page, "Sign in").click()

    assert heard(page)[-1] == ("roster-sign-in", {"url": page.url})
    assert kept(page)
    button(page, "Try again").click()  # an answer may have been lost before: it is the same press
    expect(heading(page, "You have joined Acme.")).to_be_visible()


def test_where_the_page_signs_in_the_preview_is_shown_before(
    landing: Callable[..., Page], network: Network, team: Team, zoe: Person
) -> None:
    _, link = invited(team, zoe)
    page = landing(link, session="host-signs-in")
    expect(button(page, "Sign in")).to_be_visible()

    me = zoe.call("PUT", "/me")
    page.evaluate(
        """([token, me]) => {
          host.token = host.fresh = token;
          document.querySelector('roster-session').me = me;
        }""",
        [zoe.token, me],
    )

    button(page, "Accept").click()
    expect(heading(page, "You have joined Acme.")).to_be_visible()
    assert network.calls("PUT", "/me$") == []
