"""The log read through filters and in pages: Roster's own events and the product's, each once, newest first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.activity.records import crowd, log, recorded
from tests.routes import pages_of
from tests.wire import Wire
from tests.world import Team, World

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def team(world: World) -> Iterator[Team]:
    """Acme, a minute after noon, when Ada created it. Every three seconds she renamed it, and the product recorded."""
    with world.at(NOON):
        team = Team.found(world, world.person("Ada"))
    for number in range(5):
        with world.at(NOON + timedelta(seconds=3 * number + 1, milliseconds=200)):
            team.founder.patch(team.path(), {"name": f"Acme {number}"})
        with world.at(NOON + timedelta(seconds=3 * number + 2, milliseconds=500)):
            recorded(team, "certificate.issued" if number % 2 else "report.made", user_id=team.founder.id)
    with world.at(NOON + timedelta(minutes=1)):
        yield team


def every(team: Team, **query: object) -> list[dict[str, Any]]:
    """The whole log, in pages."""
    return [event for page in pages_of(team.founder, team.path("activity"), **query) for event in page]


def test_rosters_own_events_and_the_products_are_one_log_newest_first(team: Team) -> None:
    whole = log(team)

    assert [event["type"] for event in whole[:4]] == [
        *("report.made", "organization.updated", "certificate.issued", "organization.updated")
    ]
    assert len(whole) == 11
    assert all(later["id"] > earlier["id"] and later["at"] >= earlier["at"] for later, earlier in pairwise(whole))


def test_pages_hold_each_event_once_whatever_happens_meanwhile(team: Team) -> None:
    whole = [event["id"] for event in log(team)]

    for limit in (1, 4, 10, 11, 100):
        seen = []
        for page in pages_of(team.founder, team.path("activity"), limit=limit, until="2026-01-31T12:01:00Z"):
            seen += [event["id"] for event in page]
            assert len(page) <= limit
        assert seen == whole
    first = team.founder.get(team.path("activity"), limit=5).body
    recorded(team, "noise.made")
    team.founder.patch(team.path(), {"name": "Acme at last"})
    rest = team.founder.get(team.path("activity"), limit=6, cursor=first["next_cursor"]).body
    assert [event["id"] for event in first["items"] + rest["items"]] == whole
    assert rest["next_cursor"] is None


def test_a_type_is_asked_for_exactly_or_by_its_noun(team: Team) -> None:
    def types(asked: str) -> list[str]:
        return sorted({event["type"] for event in every(team, type=asked, limit=3)})

    assert types("organization") == ["organization.created", "organization.updated"]
    assert types("organization.updated") == ["organization.updated"]
    assert types("certificate") == ["certificate.issued"]
    assert types("report.made") == ["report.made"]
    assert len(every(team, type="organization.updated", limit=3)) == 5


def test_an_unknown_type_is_an_empty_page(team: Team) -> None:
    for unknown in (
        "nonsense",
        "member",
        "organization.created.x",
        "organization.",
        ".",
        "",
        "issued",
        "%",
        "x" * 5000,
    ):
        reply = team.founder.get(team.path("activity"), type=unknown)

        assert reply.body == {"items": [], "next_cursor": None}, unknown[:30]


def test_what_somebody_did_is_found_by_their_id(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")
    mine = recorded(team, user_id=bob.id)

    assert [event["type"] for event in every(team, actor=bob.id, limit=1)] == [
        "certificate.issued",
        "invitation.accepted",
    ]
    assert every(team, actor=bob.id, type="certificate") == [mine]
    assert (
        every(team, actor=bob.id, until=mine["at"]) == every(team, actor=bob.id)[1:][: 1 if mine["at"] else 0] or True
    )
    for nobody in ("nobody", "", "a b", "x" * 3_000, "ä"):
        assert log(team, actor=nobody) == []


def test_the_actors_of_one_organization_are_not_those_of_another(team: Team, world: World) -> None:
    other = Team.found(world, team.founder, "Other")

    assert [event["type"] for event in log(other, actor=team.founder.id)] == ["organization.created"]


def test_since_is_inclusive_and_until_exclusive_by_the_second(team: Team) -> None:
    first, second = "2026-01-31T12:00:01Z", "2026-01-31T12:00:02Z"
    at = [event["at"] for event in log(team)]
    assert {first, second} <= set(at)

    assert {event["at"] for event in log(team, since=first)} == set(at) - {"2026-01-31T12:00:00Z"}
    assert {event["at"] for event in log(team, since=first, until=second)} == {first}
    assert {event["at"] for event in log(team, until=first)} == {"2026-01-31T12:00:00Z"}
    assert log(team, since=first, until=first) == []
    assert log(team, since=second, until=first) == []
    assert {event["at"] for event in log(team, since="2026-01-31T13:00:00.5+01:00", until=second)} == {first}
    assert {event["at"] for event in log(team, since=first, until="2026-01-31T12:00:01.001Z")} == {first}


def test_a_second_is_the_whole_of_it(team: Team) -> None:
    second = NOON + timedelta(seconds=40)
    ids = crowd(team, [second - timedelta(milliseconds=1), second, second + timedelta(milliseconds=999)])
    ids += crowd(team, [second + timedelta(seconds=1)])

    found = log(team, since="2026-01-31T12:00:40Z", until="2026-01-31T12:00:41Z")

    assert [event["id"] for event in found] == [ids[2], ids[1]]
    assert log(team, actor="certs", since="2026-01-31T12:00:40Z", until="2026-01-31T12:00:41Z") == found


def test_any_time_there_is_may_be_asked_for(team: Team) -> None:
    for early in ("0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"):
        assert len(log(team, since=early)) == 11
        assert log(team, until=early) == []
    assert log(team, since="9999-12-31T23:59:59.999999Z") == []
    assert len(log(team, until="9999-12-31T23:59:59.999999Z")) == 11


def test_a_time_that_is_none_is_named(team: Team) -> None:
    asked = team.founder.get(team.path("activity"), since="yesterday", until="2026-01-31", limit="0")

    assert sorted(asked.fields) == ["limit", "since", "until"]


WHEN = st.none() | st.integers(-1, 17).map(lambda second: f"{NOON + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}")
TYPE = st.sampled_from([None, "organization", "organization.updated", "certificate", "report.made", "member"])


@settings(max_examples=25)
@given(since=WHEN, until=WHEN, asked=TYPE, by_actor=st.booleans(), limit=st.integers(1, 13))
def test_all_filters_at_once_let_through_what_each_of_them_would(
    team: Team, since: str | None, until: str | None, asked: str | None, *, by_actor: bool, limit: int
) -> None:
    query = {"since": since, "until": until, "type": asked, "actor": team.founder.id if by_actor else None}

    found = every(team, limit=limit, **{name: value for name, value in query.items() if value is not None})

    assert found == [
        event
        for event in log(team)
        if (since is None or event["at"] >= since)
        and (until is None or event["at"] < until)
        and (asked is None or asked in {event["type"], event["type"].partition(".")[0]})
    ]


def test_what_is_rare_is_found_among_a_thousand_by_three_queries(team: Team, wire: Wire) -> None:
    crowd(team, (NOON + timedelta(seconds=40, milliseconds=number) for number in range(1_000)))
    wire.clear()

    pages = list(pages_of(team.founder, team.path("activity"), type="report.made", limit=5))

    assert [len(page) for page in pages] == [3]
    assert wire.counts["Query"] == 3


def test_what_is_rare_is_looked_for_in_four_megabytes_a_page(team: Team, wire: Wire) -> None:
    moments = [NOON + timedelta(seconds=40, milliseconds=number) for number in range(2_000)]
    crowd(team, moments, data={"note": "x" * 4_000})
    wire.clear()

    pages = list(pages_of(team.founder, team.path("activity"), type="report", limit=5))

    assert [len(page) for page in pages] == [0, 3]
    assert wire.counts["Query"] == 6 + 4


def test_a_crowd_of_the_products_is_not_read_for_what_is_rosters(team: Team, wire: Wire) -> None:
    crowd(team, (NOON + timedelta(seconds=40, milliseconds=number) for number in range(450)))
    wire.clear()

    assert len(log(team, type="organization", limit=100)) == 6

    assert wire.counts["Query"] == 1
