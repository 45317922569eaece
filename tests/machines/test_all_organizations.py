"""All organizations, for machines: in the order in which they were created, in pages, whatever happens meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roster.table.base import Item
from roster.table.items import Organization
from roster.table.keys import ORGANIZATIONS
from tests.conftest import NOON
from tests.machines.listing import walk
from tests.routes import pages_of
from tests.wire import Wire
from tests.world import Caller, Team, World


@pytest.fixture
def reader(world: World) -> Caller:
    return world.machine("roster/read")


def create(world: World, *names: str) -> list[Team]:
    """Create organizations, one in each second, by somebody new each."""
    teams = []
    for number, name in enumerate(names):
        with world.later(seconds=number):
            teams.append(Team.found(world, world.person("Ada"), name))
    return teams


def test_they_are_shown_as_each_by_itself_in_the_order_of_their_creation(world: World, reader: Caller) -> None:
    teams = create(world, *"ABCDEFGHIJ")

    page = reader.get("/organizations")

    assert page.status == 200
    assert page.body == {
        "items": [team.organization() | {"etag": reader.get(team.path()).headers["etag"]} for team in teams],
        "next_cursor": None,
    }
    assert [one["name"] for one in page.body["items"]] == [*"ABCDEFGHIJ"]
    assert len({str(item["gsi2pk"]) for item in world.items() if item["kind"] == {"S": "organization"}}) > 1


@pytest.mark.parametrize("limit", range(1, 9))
def test_pages_of_any_size_make_the_same_list(world: World, reader: Caller, limit: int) -> None:
    teams = create(world, *"ABCDEFG")

    pages = list(pages_of(reader, "/organizations", limit=limit))

    assert [one["id"] for page in pages for one in page] == [team.id for team in teams]
    assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1)


def test_where_there_are_none_the_list_is_empty(world: World, reader: Caller, wire: Wire) -> None:
    assert reader.get("/organizations").body == {"items": [], "next_cursor": None}
    assert wire.counts == {"Query": len(ORGANIZATIONS)}


def test_every_way_to_create_one_puts_it_there(deploy: Any) -> None:
    world = deploy("teams")
    ada, reader = world.person("Ada"), world.machine("roster/read")
    ids = [ada.put("/me").body["active_organization_id"], Team.found(world, ada).id]
    owner = {"user_id": "zoe", "email": "zoe@example.com"}
    provisioned = world.machine("roster/provision").post("/organizations", {"name": "Zoe's", "owner": owner})

    assert sorted(walk(reader)) == sorted([*ids, provisioned.body["id"]])


def test_changes_move_it_nowhere_and_it_is_shown_as_it_is_now(world: World, reader: Caller) -> None:
    first, second, third = create(world, "A", "B", "C")
    second.plan("enterprise")
    second.join(world.person("Bob"), "owner")
    second.founder.patch(second.path(), {"name": "B two", "email_notifications": False})

    items = reader.get("/organizations").body["items"]

    assert [one["id"] for one in items] == [first.id, second.id, third.id]
    assert items[1] == second.organization() | {"etag": reader.get(second.path()).headers["etag"]}
    assert (items[1]["name"], items[1]["owner_count"]) == ("B two", 2)


def test_a_deleted_one_is_gone_and_one_that_the_index_still_has_is_not_shown(world: World, reader: Caller) -> None:
    first, second, third = create(world, "A", "B", "C")
    place = Organization.get(*Organization.key(second.id))
    assert second.founder.delete(second.path()).status == 204
    assert walk(reader, limit=1) == [first.id, third.id]

    # As the index is for a moment: the organization has changed, and the index has not.
    deleted = Organization.get(*Organization.key(second.id))
    deleted.update([Organization.gsi2pk.set(place.gsi2pk), Organization.gsi2sk.set(place.gsi2sk)])

    assert walk(reader, limit=1) == walk(reader) == [first.id, third.id]


def test_it_costs_a_query_for_each_shard_and_one_batch(world: World, reader: Caller, wire: Wire) -> None:
    create(world, *"ABCDEFGHIJ")

    for limit in (1, 4, 100):
        wire.clear()
        assert reader.get("/organizations", limit=limit).status == 200
        assert wire.counts == {"Query": len(ORGANIZATIONS), "BatchGetItem": 1}
        queries = [params for operation, params in wire.calls if operation == "Query"]
        assert {query["Limit"] for query in queries} == {limit + 1}
        (read,) = [params["RequestItems"] for operation, params in wire.calls if operation == "BatchGetItem"]
        assert [len(asked["Keys"]) for asked in read.values()] == [min(limit, 10)]


@pytest.mark.parametrize("query", [{"q": "Acme"}, {"name": "Acme"}, {"external_id": "a\tb"}, {"limit": "0"}])
def test_what_it_does_not_take_is_named(reader: Caller, query: dict[str, str]) -> None:
    assert reader.get("/organizations", **query).fields == list(query)


def test_people_and_machines_of_other_scopes_see_none(team: Team, world: World) -> None:
    for caller in (team.founder, world.machine("roster/provision", "roster/billing")):
        reply = caller.get("/organizations")

        assert (reply.refusal, reply.body["reason"]) == ((403, "forbidden"), "scope_missing")


type Step = tuple[str, int]
STEPS = st.lists(st.tuples(st.sampled_from(["create", "delete", "rename", "read"]), st.integers(0, 7)), max_size=10)


@settings(max_examples=25)
@given(before=st.lists(st.integers(0, 5), max_size=8), limit=st.integers(1, 4), steps=STEPS)
@example(before=[0, 0], limit=1, steps=[("read", 0), ("create", 0), ("delete", 0)])
def test_a_walk_holds_all_that_were_created_a_minute_before_and_not_deleted(
    world: World, before: list[int], limit: int, steps: list[Step]
) -> None:
    """So many seconds after another, each of those before was created; what happens besides is between the pages."""
    for item in Item.scan():
        item.delete()
    moment, old = NOON, list[Team]()
    for seconds in before:
        moment += timedelta(seconds=seconds)
        with world.at(moment):
            old.append(Team.found(world, world.person("Ada")))
    moments = {team.id: team.organization()["created_at"] for team in old}

    with world.at(moment + timedelta(minutes=1)):
        seen, rest = list[str](), pages_of(world.machine("roster/read"), "/organizations", limit=limit)
        for verb, which in steps:
            team = old[which % len(old)] if old else None
            if verb == "read":
                seen += [one["id"] for one in next(rest, [])]
            elif verb == "create":
                Team.found(world, world.person("Ada"))
            elif team and verb == "rename":
                team.founder.patch(team.path(), {"name": f"Acme {which}"})
            elif team and team.founder.delete(team.path()).status == 204:
                moments.pop(team.id)
        seen += [one["id"] for page in rest for one in page]

    assert len(seen) == len({*seen})
    assert moments.keys() <= {*seen}
    times = [moments[one] for one in seen if one in moments]
    assert times == sorted(times)
