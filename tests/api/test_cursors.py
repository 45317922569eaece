"""A cursor goes with the filters of its page, on every list that has any: with others, it is refused."""

from itertools import product

import pytest

from tests.routes import QUERIES, name_of
from tests.routes import ROUTES as ALL
from tests.world import Caller, Reply, Team, World

BEGAN, ENDS = "2026-01-31T12:00:00Z", "2026-02-01T12:00:00Z"
LOG: list[dict[str, object]] = [
    {},
    {"type": "member"},
    {"type": "invitation"},
    {"type": "invitation.sent"},
    {"actor": "ada"},
    {"since": BEGAN},
    {"until": ENDS},
    {"since": BEGAN, "until": ENDS},
    {"type": "invitation", "actor": "ada"},
]
# Filters of which each has a second page.
LISTS: dict[str, list[dict[str, object]]] = {
    "members": [
        {},
        {"role": "viewer"},
        {"role": "admin"},
        {"query": "e"},
        {"query": "example"},
        {"query": "e example"},
        {"role": "viewer", "query": "e"},
    ],
    "invitations": [{}, {"status": "pending"}, {"status": "expired"}],
    "activity": LOG,
}
SAME: dict[str, list[dict[str, object]]] = {
    "members": [{"query": "e example"}, {"query": " EXAMPLE\u00a0\u00c9  e\t"}, {"query": "example e e"}],
    "activity": [
        {"since": BEGAN, "until": ENDS},
        {"until": "2026-02-01t12:00:00.000z", "since": "2026-01-31T14:30:00+02:30"},
    ],
}


@pytest.fixture
def team(world: World) -> Team:
    """Acme, with two of each."""
    team = Team.found(world, world.person("Ada", sub="ada"))
    for name, role in (("Bea", "admin"), ("Cem", "admin"), ("Dee", "viewer"), ("Eve", "viewer")):
        team.join(world.person(name), role)
    for person in ("x", "y"):
        assert team.founder.delete(team.path("members", team.join(world.person(person), "viewer").id)).status == 204
        team.invite(f"{person}@example.com", "viewer")
    return team


def cursor_of(team: Team, part: str, filters: dict[str, object]) -> str:
    """The cursor of a first page."""
    page = team.founder.get(team.path(part), limit=1, **filters)
    assert page.body["next_cursor"], filters
    return str(page.body["next_cursor"])


def is_refused(reply: Reply) -> bool:
    """Whether a cursor was refused; if not, there is a page."""
    return reply.status != 200 and reply.refusal == (400, "malformed_request")


def test_a_list_of_the_routes_with_filters_is_tried_here() -> None:
    with_filters = {name for name, filters in QUERIES.items() if filters}

    assert {name_of(route).rpartition("/")[2] for route in ALL if name_of(route) in with_filters} == {
        *LISTS,
        "organizations",
        "activity.csv",
    }


@pytest.mark.parametrize("part", LISTS)
def test_a_cursor_is_refused_with_any_other_filters(team: Team, part: str) -> None:
    cursors = [(filters, cursor_of(team, part, filters)) for filters in LISTS[part]]

    for (had, cursor), asked in product(cursors, LISTS[part]):
        again = team.founder.get(team.path(part), cursor=cursor, **asked)
        assert is_refused(again) is (had != asked), (had, asked)
        assert again.status in {200, 400}


@pytest.mark.parametrize("part", LISTS)
def test_a_limit_is_no_filter(team: Team, part: str) -> None:
    for filters in LISTS[part]:
        first = team.founder.get(team.path(part), limit=1, **filters).body
        rest = team.founder.get(team.path(part), limit=99, cursor=first["next_cursor"], **filters).body

        assert first["items"] + rest["items"] == team.founder.get(team.path(part), limit=100, **filters).body["items"]


@pytest.mark.parametrize("part", SAME)
def test_the_same_filter_may_be_written_otherwise(team: Team, part: str) -> None:
    for had, asked in product(SAME[part], SAME[part]):
        cursor = cursor_of(team, part, had)

        assert team.founder.get(team.path(part), cursor=cursor, **asked).status == 200


@pytest.mark.parametrize("accept", ["text/csv", "application/x-ndjson"])
def test_a_part_of_the_export_goes_with_its_filters_in_either_form(team: Team, world: World, accept: str) -> None:
    cursors = [(filters, cursor_of(team, "activity", filters)) for filters in LOG]

    for (had, cursor), asked in product(cursors, LOG):
        query = {**asked, "cursor": cursor}
        path = team.path("activity.csv")
        part = world.call("GET", path, caller=team.founder, query=query, headers={"accept": accept})
        assert is_refused(part) is (had != asked), (had, asked)


def test_a_cursor_of_all_organizations_is_none_of_one_with_an_external_id(team: Team, world: World) -> None:
    Team.found(world, team.founder, "Other")
    reader: Caller = world.machine("roster/read")
    cursor = reader.get("/organizations", limit=1).body["next_cursor"]

    assert reader.get("/organizations", cursor=cursor).status == 200
    assert is_refused(reader.get("/organizations", cursor=cursor, external_id="crm-1"))
