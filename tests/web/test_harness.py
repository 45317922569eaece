"""What the browser tests stand on: it sees what a page does wrong, and its faults are what they say."""

import pytest
from playwright.sync_api import Page, expect

from tests.web import axe
from tests.web.conftest import Open
from tests.web.network import Network
from tests.web.people import Person, System, Team
from tests.web.watch import Watch

STYLED = """
const style = Object.assign(document.createElement('style'), { textContent: 'p {}' });
p.attachShadow({ mode: 'open' }).append(style);
"""
POLICY = "default-src 'none'; script-src 'self'; connect-src {api}; require-trusted-types-for 'script'"


@pytest.fixture
def blank(open_page: Open, network: Network, system: System) -> Page:
    """An empty page at the app's origin, under a strict policy."""
    page = open_page()
    policy = POLICY.format(api=system.api)
    page.goto(network.serve(f"{system.app}/blank", "text/html", "<p id=p>Blank", content_security_policy=policy))
    return page


ASK = """([url, method, token]) => {
  p.textContent = 'Waits';
  return fetch(url, { method, headers: { authorization: `Bearer ${token}` } })
    .then((answer) => answer.text().then(() => answer.status), () => 0)
    .finally(() => { p.textContent = 'Done'; });
}"""


def ask(page: Page, person: Person, method: str, path: str) -> int:
    """Call the API from a page; 0 is no answer."""
    status: int = page.evaluate(ASK, [f"{person.system.api}{path}", method, person.token])
    return status


@pytest.mark.parametrize(
    ("script", "noted"),
    [
        ("console.error('ouch')", "error: ouch"),
        ("setTimeout(() => { throw new Error('oh') })", "page error: oh"),
        (
            STYLED,
            "violation of style-src-elem: inline",
        ),
        ("try { p.innerHTML = '<b>x</b>' } catch {}", "violation of require-trusted-types-for"),
        ("location.href = 'http://elsewhere.example.com/x'", "foreign: http://elsewhere.example.com/x"),
        ("fetch('/nothing').catch(() => 0)", "violation of connect-src"),
    ],
)
def test_what_a_page_does_wrong_is_noted(blank: Page, watch: Watch, script: str, noted: str) -> None:
    blank.evaluate(script)

    expect(blank.locator("html")).to_be_attached()
    blank.wait_for_function("() => new Promise((done) => setTimeout(() => done(true)))")
    assert any(noted in one for one in watch.unexpected()), watch.unexpected()
    watch.expect("")


def test_a_refusal_is_noted_unless_it_is_expected(blank: Page, watch: Watch, system: System) -> None:
    assert ask(blank, system.person(), "GET", "/organizations/nothing") == 404

    assert watch.unexpected() == ["404 GET /organizations/nothing"]
    watch.expect("404 GET /organizations/")


def test_a_reading_that_is_refused_is_expected_only_if_a_change_overtook_it(
    blank: Page, network: Network, watch: Watch, team: Team
) -> None:
    with network.held("GET", "members") as reading:
        blank.evaluate(
            f"(asked) => {{ ({ASK})(asked) }}", [team.system.api + team.path("members"), "GET", team.owner.token]
        )
        reading.wait()
        assert ask(blank, team.owner, "DELETE", team.path()) == 204
        with blank.expect_response(lambda response: response.status == 404):
            reading.release()
    assert watch.unexpected() == []

    assert ask(blank, team.owner, "GET", team.path()) == 404
    assert watch.unexpected() == [f"404 GET {team.path()}"]
    watch.expect("404 GET")


def test_pages_of_another_origin_are_refused_by_the_api(
    open_page: Open, network: Network, watch: Watch, system: System
) -> None:
    person, elsewhere = system.person(), "http://elsewhere.example.com"
    page = open_page()
    page.goto(network.serve(f"{elsewhere}/blank", "text/html", "<p id=p>Blank"))

    assert ask(page, person, "GET", "/me/organizations") == 0
    assert any("CORS policy" in one for one in watch.unexpected())
    watch.expect("")


def test_faults_are_played_once_and_in_order(blank: Page, network: Network, team: Team) -> None:
    path = team.path("members")
    network.refuse(503, "GET", "members", code="try_again", retry_after=1)
    network.refuse(429, "GET", "members", code="too_many_requests")
    network.lose_request("GET", "members")

    assert [ask(blank, team.owner, "GET", path) for _ in range(4)] == [503, 429, 0, 200]
    assert [one.status for one in network.calls("GET", "members")] == [503, 429, 0, 200]


def test_a_lost_answer_leaves_what_was_done(blank: Page, network: Network, team: Team) -> None:
    invited = team.invite("zoe@example.com", team.invitable()[-1])
    network.lose_answer("DELETE", "invitations")

    assert ask(blank, team.owner, "DELETE", team.path("invitations", invited["id"])) == 0
    assert [one["status"] for one in team.invitations()] == ["canceled"]


def test_requests_can_be_held_and_the_network_be_down(blank: Page, network: Network, team: Team) -> None:
    with network.held("GET", "members") as held:
        blank.evaluate(
            f"(asked) => {{ ({ASK})(asked) }}", [team.system.api + team.path("members"), "GET", team.owner.token]
        )
        held.wait()
        expect(blank.locator("#p")).to_have_text("Waits")
    expect(blank.locator("#p")).to_have_text("Done")

    with network.down():
        assert ask(blank, team.owner, "GET", team.path()) == 0
    assert ask(blank, team.owner, "GET", team.path()) == 200


def test_axe_finds_what_keeps_people_out(open_page: Open, network: Network, system: System) -> None:
    page = open_page()
    page.goto(
        network.serve(
            f"{system.app}/bad",
            "text/html",
            "<html lang=en><title>Bad</title><link rel=icon href=data:,><p><button></button>",
        )
    )

    assert [one.partition(":")[0] for one in axe.violations(page)] == ["button-name"]


def test_a_team_is_made_by_calls(system: System, team: Team) -> None:
    role = team.invitable()[-1]
    added, moved = team.add(role), team.move_in(role)
    invited = team.invite("zoe@example.com", role)

    assert {one["user_id"] for one in team.members()} == {team.owner.id, added.id, moved.id}
    assert team.link(invited).startswith(f"{system.app}/invitation#")
