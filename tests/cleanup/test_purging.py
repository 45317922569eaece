"""The sweep: what a deleted organization held is purged, page by page; its log and the people stay."""

from typing import Any

import pytest

from roster.table.base import Item
from roster.table.items import Invitation, Organization
from tests.cleanup.test_expiring import crowd, sweep
from tests.wire import Wire
from tests.world import Team, World


class Killed(BaseException):
    """The end of a run that nothing catches, as when Lambda's time is up."""


def kill(*_: object) -> None:
    raise Killed


def pass_over(*_: object) -> None:
    """Let a call be."""


def deleted(world: World, founder: str = "Ada") -> Team:
    """An organization with somebody and something of each kind in it, deleted."""
    team = Team.found(world, world.person(founder))
    team.join(world.person(f"{founder} Two"), "viewer")
    team.invite(f"{founder.lower()}.three@example.com", "viewer")
    assert team.founder.delete(team.path()).status == 204
    return team


def purge(world: World) -> dict[str, int]:
    """Run the sweep once, when what is deleted by now is due."""
    with world.later(hours=2):
        return sweep(world)


def held(world: World, team: Team) -> list[str]:
    """What stands in an organization's partition."""
    return [str(item["sk"]["S"]) for item in world.items() if item["pk"] == {"S": f"ORG#{team.id}"}]


def log(world: World, team: Team) -> list[dict[str, Any]]:
    return [item for item in world.items() if item["pk"] == {"S": f"LOG#{team.id}"}]


def due(world: World) -> list[dict[str, Any]]:
    return [item for item in world.items() if str(item.get("gsi2pk", {}).get("S", "")).startswith("DUE#")]


def test_all_that_a_deleted_organization_held_goes_but_its_tombstone_and_its_log(world: World) -> None:
    team, other = deleted(world), Team.found(world, world.person("Bob"))
    before, others = log(world, team), held(world, other)
    kinds = {sk.partition("#")[0] for sk in held(world, team)}
    assert kinds == {"ORG", "MEMBER", "INVITE", "JOINED"}

    assert purge(world) == {"expired": 0, "purged": 5}
    assert purge(world) == {"expired": 0, "purged": 0}

    assert held(world, team) == ["ORG"]
    assert log(world, team) == before
    assert held(world, other) == others
    assert team.founder.get("/me/organizations").body["items"] == []
    assert sorted(item["pk"]["S"] for item in world.items() if item["pk"]["S"].startswith("USER#")) == [
        "USER#user-1",
        "USER#user-2",
        "USER#user-3",
    ]


def test_nothing_is_purged_while_a_mail_about_it_or_a_change_may_be_under_way(world: World) -> None:
    team = deleted(world)
    before = held(world, team)

    with world.later(hours=1, minutes=59):
        assert sweep(world) == {"expired": 0, "purged": 0}

    assert held(world, team) == before
    assert len(due(world)) == 2  # the invitation falls due in its time, too


def test_the_tombstone_keeps_the_name_until_then_and_no_word_afterwards(world: World) -> None:
    team = deleted(world)
    (tombstone,) = (item for item in world.items() if item["pk"] == {"S": f"ORG#{team.id}"} and "deleted_at" in item)
    assert tombstone["name"] == {"S": "Acme"}

    purge(world)

    assert held(world, team) == ["ORG"]
    (tombstone,) = (item for item in world.items() if item["pk"] == {"S": f"ORG#{team.id}"})
    assert tombstone["name"] == {"S": ""}
    assert "deleted_at" in tombstone
    assert due(world) == []


def test_its_pending_invitations_leave_no_event(world: World) -> None:
    team = deleted(world)

    with world.later(days=8):
        assert sweep(world)["expired"] == 0

    assert "invitation.expired" not in [event.type for event in world.events(team.id)]


def test_many_are_purged_in_pages(world: World, wire: Wire) -> None:
    team = Team.found(world, world.person("Ada"))
    crowd(team, 130)
    team.founder.delete(team.path())
    wire.clear()

    assert purge(world) == {"expired": 0, "purged": 133}

    # Four shards; pages of a hundred keys, the last two of them empty; the tombstone is done with.
    assert wire.counts == {"Query": 4 + 4, "BatchGetItem": 1, "BatchWriteItem": 6, "TransactWriteItems": 1}
    assert wire.items_written() == [1]


def test_what_dynamodb_leaves_is_asked_of_it_again(world: World, wire: Wire) -> None:
    team = deleted(world)
    left: list[str] = []

    def leave_one(reply: dict[str, Any]) -> None:
        member = {"DeleteRequest": {"Key": {"pk": {"S": f"ORG#{team.id}"}, "sk": {"S": "MEMBER#nobody"}}}}
        reply["UnprocessedItems"] = {"roster": [member]}
        left.append("MEMBER#nobody")

    wire.after("BatchWriteItem", leave_one)

    assert purge(world) == {"expired": 0, "purged": 5}

    assert left
    assert wire.counts["BatchWriteItem"] == 2


def test_nothing_of_an_organization_that_stands_is_ever_purged(world: World, wire: Wire) -> None:
    team = Team.found(world, world.person("Ada"))
    team.join(world.person("Bob"), "viewer")
    team.invite("grace@example.com", "viewer")
    organization = Organization.get(*Organization.key(team.id))
    organization.update([Organization.gsi2pk.set("DUE#0"), Organization.gsi2sk.set("2026-01-31T12:00:00Z#o#ORG")])
    before = held(world, team)

    with world.later(days=8):
        sweep(world)

    assert held(world, team) == before
    assert wire.counts["BatchWriteItem"] == 0


def scene(world: World) -> list[Team]:
    """Two invitations that are due, and a deleted organization."""
    team = Team.found(world, world.person("Ada"))
    team.invite("grace@example.com", "viewer")
    team.invite("hedy@example.com", "viewer")
    return [team, deleted(world, "Bob")]


def ended(world: World, teams: list[Team]) -> list[Any]:
    """What the table tells of a scene, without ids and times."""
    standing, gone = teams
    invitations = [read.status for read in Invitation.query(f"ORG#{standing.id}", Invitation.sk.startswith("INVITE#"))]
    logs = [[event.type for event in world.events(team.id)] for team in teams]
    return [invitations, logs, held(world, gone), due(world), len(world.items())]


def put_back(items: list[dict[str, Any]]) -> None:
    """Make the table what it was."""
    with Item.batch_write() as batch:
        for item in Item.scan():
            batch.delete(item)
    with Item.batch_write() as batch:
        for image in items:
            batch.save(Item.from_raw_data(image))


@pytest.mark.parametrize("side", ["before", "after"])
def test_killed_at_any_call_and_run_again_it_ends_the_same(world: World, wire: Wire, side: str) -> None:
    teams = scene(world)
    before = world.items()
    wire.clear()
    with world.later(days=8):
        assert sweep(world) == {"expired": 2, "purged": 5}
        calls = [operation for operation, _ in wire.calls]
        expected = ended(world, teams)
        assert set(calls) == {"Query", "BatchGetItem", "BatchWriteItem", "TransactWriteItems"}

        for place, call in enumerate(calls):
            put_back(before)
            wire.clear()
            getattr(wire, side)(call, *[pass_over] * calls[:place].count(call), kill)
            with pytest.raises(Killed):
                sweep(world)
            sweep(world)
            assert sweep(world) == {"expired": 0, "purged": 0}

            assert ended(world, teams) == expected, f"killed {side} call {place}, {call}"


def test_two_at_once_purge_the_same(world: World, wire: Wire) -> None:
    team = deleted(world)
    with world.later(hours=2):
        wire.before("BatchWriteItem", lambda: sweep(world).clear())
        sweep(world)

        assert held(world, team) == ["ORG"]
        assert due(world) == []
