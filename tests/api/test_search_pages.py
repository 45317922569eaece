"""Pages of members who have a role or some words: what they cost, and that they miss nobody."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests.api.crowd import crowd
from tests.routes import pages_of
from tests.wire import Wire
from tests.world import Team, World


def people_read(wire: Wire) -> Counter[str]:
    """How often each person was read."""
    batches = [params["RequestItems"] for operation, params in wire.calls if operation == "BatchGetItem"]
    keys = [key for batch in batches for table in batch.values() for key in table["Keys"]]
    return Counter(key["pk"]["S"] for key in keys if key["sk"]["S"] == "USER")


@pytest.fixture
def thousand(team: Team) -> list[str]:
    """A thousand members beside Ada, of whom every 200th is called Rare; she invited them."""
    names = ["Rare Bird" if number % 200 == 199 else "Common Bird" for number in range(1_000)]
    return crowd(team, *names, invited_by=team.founder.id)


def test_what_is_rare_is_found_in_pages_that_look_at_500(team: Team, thousand: list[str], wire: Wire) -> None:
    wire.clear()

    pages = list(pages_of(team.founder, team.path("members"), query="rare", limit=5))

    assert [[one["user_id"] for one in page] for page in pages] == [thousand[199:500:200], thousand[599::200], []]
    # The standing; then steps of 100, each a query and a batch of people; then who invited those who are shown.
    assert wire.counts == {"Query": 11, "BatchGetItem": 3 + 11 + 2}
    assert {one["invited_by"]["name"] for page in pages for one in page} == {"Ada"}
    read = people_read(wire)
    assert read.pop(f"USER#{team.founder.id}") == 3, "as who invited on two pages, and as a member on the last"
    assert read == {f"USER#{user_id}": 1 for user_id in thousand}


def test_a_page_that_is_full_looks_no_further(team: Team, thousand: list[str], wire: Wire) -> None:
    wire.clear()

    page = team.founder.get(team.path("members"), query="rare", limit=1).body

    assert [one["user_id"] for one in page["items"]] == [thousand[199]]
    assert wire.counts == {"Query": 2, "BatchGetItem": 1 + 2 + 1}
    wire.clear()
    common = team.founder.get(team.path("members"), query="common", limit=20).body
    assert [one["user_id"] for one in common["items"]] == thousand[:20]
    assert wire.counts == {"Query": 1, "BatchGetItem": 1 + 1 + 1}
    rest = team.founder.get(team.path("members"), query="common", limit=3, cursor=common["next_cursor"]).body
    assert [one["user_id"] for one in rest["items"]] == thousand[20:23]


def test_a_rare_role_is_found_among_a_thousand_by_three_queries(team: Team, thousand: list[str], wire: Wire) -> None:
    for user_id in thousand[450:650:100]:
        assert team.founder.put(team.path("members", user_id, "roles"), {"roles": ["issuer"]}).status == 200
    wire.clear()

    pages = list(pages_of(team.founder, team.path("members"), role="issuer", limit=5))

    assert [[one["user_id"] for one in page] for page in pages] == [thousand[450:551:100]]
    # The standing, and the names of those who are shown and of who invited them.
    assert wire.counts == {"Query": 3, "BatchGetItem": 1 + 1}
    wire.clear()
    assert team.founder.get(team.path("members"), role="viewer", limit=50).body["items"][49]["user_id"] == thousand[49]
    assert wire.counts == {"Query": 1, "BatchGetItem": 2}


def test_who_holds_a_role_all_the_time_is_found_once_while_a_thousand_change(
    team: Team, thousand: list[str], world: World
) -> None:
    machine = world.machine("roster/provision")
    stays = set(thousand)

    def changes() -> Iterator[None]:
        """Between the pages, members before and behind them leave, and take and lose the role."""
        for number in range(0, 1_000, 40):
            gone, changed = thousand[number], thousand[number + 1]
            stays.difference_update({gone, changed})
            assert machine.delete(team.path("members", gone)).status == 204
            assert team.founder.put(team.path("members", changed, "roles"), {"roles": ["issuer"]}).status == 200
            yield

    seen = walked(pages_of(team.founder, team.path("members"), role="viewer", limit=100), changes())

    assert len(seen) == len({*seen})
    assert stays <= {*seen}


def test_a_role_is_looked_at_before_people_are_read(team: Team, thousand: list[str], wire: Wire) -> None:
    assert team.founder.put(team.path("members", thousand[7], "roles"), {"roles": ["issuer"]}).status == 200
    wire.clear()

    assert team.founder.get(team.path("members"), role="issuer", query="bird").body["items"]

    assert people_read(wire) == {f"USER#{thousand[7]}": 1, f"USER#{team.founder.id}": 1}
    assert wire.counts == {"Query": 5, "BatchGetItem": 1 + 1 + 1}


@pytest.mark.parametrize("limit", [3, 100])
def test_pages_of_any_size_find_everybody_once(team: Team, limit: int) -> None:
    user_ids = crowd(team, *("Ann" if number % 3 == 0 else "Bob" for number in range(210)))

    for query, expected in (({"query": "ann"}, user_ids[::3]), ({"role": "viewer"}, user_ids)):
        pages = list(pages_of(team.founder, team.path("members"), limit=limit, **query))
        assert [one["user_id"] for page in pages for one in page] == expected
        assert all(len(page) <= limit for page in pages)


def test_who_is_there_all_the_time_is_found_once_while_a_thousand_change(
    team: Team, thousand: list[str], world: World
) -> None:
    machine = world.machine("roster/provision")
    stays = set(thousand)

    def changes() -> Iterator[None]:
        """Between the pages, members before and behind them leave, join, and get other roles."""
        for number in range(0, 1_000, 40):
            gone, changed = thousand[number], thousand[number + 1]
            stays.discard(gone)
            assert machine.delete(team.path("members", gone)).status == 204
            assert team.founder.put(team.path("members", changed, "roles"), {"roles": ["issuer"]}).status == 200
            new = {"email": f"new{number}@example.com", "name": "New Bird", "roles": ["viewer"]}
            assert machine.put(team.path("members", f"{changed}-new"), new).status == 201
            yield

    seen = walked(pages_of(team.founder, team.path("members"), query="BIRD", limit=100), changes())

    assert len(seen) == len({*seen})
    assert stays <= {*seen}


def walked(pages: Iterable[list[dict[str, Any]]], meanwhile: Iterator[None]) -> list[str]:
    """Who is on the pages, between which something happens."""
    seen = []
    for page in pages:
        seen += [str(one["user_id"]) for one in page]
        next(meanwhile, None)
        next(meanwhile, None)
    return seen
