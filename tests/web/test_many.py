"""A thousand members: each can be found and reached, and nothing is asked once for each of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import settle
from tests.web.network import Network
from tests.web.people import Person, System, Team
from tests.web.states import button

type Host = Callable[..., Page]

MANY = 1000
CALLERS = 8  # more than the system has workers, so that it never waits
PAGE = 25
MOST = 100  # that the API gives at once
LOOKED_AT = 500  # by the API, for one page of a search


class Crowd(NamedTuple):
    """An organization of a thousand: its owner, somebody that is looked for, and many others."""

    team: Team
    wanted: Person


@pytest.fixture(scope="module")
def crowd(serve: Callable[[str], System]) -> Crowd:
    """It is made once, by calls that go on beside each other, and no test changes how many there are."""
    system = serve("credentials")
    team = system.team()
    least = team.invitable()[-1]
    wanted = team.move_in(least, name="Wanted Person")
    machine = system.client.headers_of(client_id="tests", scope="roster/provision")

    def move_in(number: int) -> None:
        id_ = f"member.{number:04}.{team.id}"
        body = {"email": f"{id_}@example.com", "name": f"Member {number:04}", "roles": [least]}
        system.client.put(team.path("members", id_), json=body, headers=machine).raise_for_status()

    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(move_in, range(MANY - 2)))
    return Crowd(team, wanted)


def rows(page: Page) -> Locator:
    return page.locator("roster-members tbody tr")


def reads(network: Network) -> list[str]:
    """How members were asked for: whole pages of them, and never one of them."""
    return [one.path.partition("?")[2].partition("&")[0] for one in network.calls("GET", r"/members(\?|/(?!me$))")]


def shown(size: int) -> str:
    return f'<roster-members page-size="{size}"></roster-members>'


def test_one_of_a_thousand_is_found(host: Host, crowd: Crowd, network: Network) -> None:
    page = host("<roster-members></roster-members>", person=crowd.team.owner)
    expect(rows(page)).to_have_count(PAGE)
    expect(page.get_by_role("heading", name="1,000 members")).to_be_visible()
    assert reads(network) == [f"limit={PAGE}"]

    page.get_by_role("searchbox", name="Search members").fill("wanted person")

    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text(crowd.wanted.email)
    assert reads(network) == [f"limit={PAGE}"] * (1 + MANY // LOOKED_AT)


def test_at_the_keyboard_show_more_leads_on_and_on(host: Host, crowd: Crowd, network: Network) -> None:
    """Member 101 is reached, and the button keeps the focus, so that one key is enough."""
    page = host("<roster-members></roster-members>", person=crowd.team.owner)
    button(page, "Show more").focus()

    for pages in range(2, 6):
        page.keyboard.press("Enter")
        expect(rows(page)).to_have_count(pages * PAGE)
        expect(button(page, "Show more")).to_be_focused()

    assert reads(network) == [f"limit={PAGE}"] * 5


def test_the_last_of_a_thousand_is_reached(host: Host, crowd: Crowd, network: Network) -> None:
    page = host(shown(MOST), person=crowd.team.owner)

    for pages in range(1, MANY // MOST):
        expect(rows(page)).to_have_count(pages * MOST)
        button(page, "Show more").click()

    expect(rows(page)).to_have_count(MANY)
    expect(button(page, "Show more")).to_have_count(0)
    assert reads(network) == [f"limit={MOST}"] * (MANY // MOST)
    emails = page.locator("roster-members [part=email]").all_inner_texts()
    assert len({*emails}) == MANY


def test_a_change_beside_a_thousand_reads_them_by_the_hundred(host: Host, crowd: Crowd, network: Network) -> None:
    other = crowd.team.invitable()[-2]
    page = host(shown(MANY), person=crowd.team.owner)
    expect(rows(page)).to_have_count(MANY)
    settle(page)
    before = len(network.calls("GET"))

    button(page, f"More for {crowd.wanted.name}").click()
    button(page, "Change role").click()
    page.get_by_label("Role", exact=True).select_option(other)
    button(page.get_by_role("dialog"), "Change role").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)

    assert reads(network) == [f"limit={MOST}"] * (2 * MANY // MOST)
    # The organization, one's own membership, and the roles.
    assert len(network.calls("GET")) - before == MANY // MOST + 3
    expect(rows(page)).to_have_count(MANY)


def test_the_ownership_can_go_to_any_of_a_thousand(host: Host, crowd: Crowd, network: Network) -> None:
    page = host("<roster-settings></roster-settings>", person=crowd.team.owner)
    button(page, "Transfer ownership").click()
    choice = page.get_by_label("New owner")
    expect(choice.locator("option[value]:not([value=''])")).to_have_count(MOST - 1)  # the owner was among them
    first = choice.locator("option").nth(1).get_attribute("value")
    choice.select_option(first)
    network.refuse(500, "GET", "/members")

    button(page, "Show more").click()

    expect(page.get_by_text("The service cannot answer right now.")).to_be_visible()
    expect(choice).to_have_value(str(first))
    button(page, "Show more").click()
    expect(choice.locator("option[value]:not([value=''])")).to_have_count(2 * MOST - 1)
    expect(choice).to_have_value(str(first))
    assert reads(network) == [f"limit={MOST}"] * 3
