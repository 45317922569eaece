"""A machine moves members out: anybody but the last owner, recorded, and nobody is mailed."""

from collections.abc import Callable

import pytest

from tests.roles.custom import made
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World


@pytest.fixture
def machine(world: World) -> Caller:
    return world.machine("roster/provision")


def move_out(team: Team, person: Caller, **headers: str) -> Reply:
    return team.world.machine("roster/provision").delete(team.path("members", person.id), **headers)


def test_it_moves_out_anybody_whatever_their_role(team: Team, world: World) -> None:
    team.plan("enterprise")
    people = team.staff("owner", "admin", "viewer")
    people["clerk"] = team.join(world.person("Clerk"), made(team))

    for person in people.values():
        assert move_out(team, person).status == 204
        assert person.get(team.path()).refusal == (404, "not_found")

    assert (team.organization()["member_count"], team.organization()["owner_count"]) == (1, 1)
    event = team.founder.get(team.path("activity"), type="member.removed").body["items"][0]
    assert event["actor"] == {"type": "machine", "id": "billing", "name": None, "email": None}
    assert (event["via"], event["target"]["id"]) == (None, people["clerk"].id)


@pytest.mark.parametrize("pack", ["credentials", "teams", "certificates"])
def test_the_last_owner_stays(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    before = world.items()

    assert move_out(team, team.founder).refusal == (409, "last_owner")
    assert world.items() == before


def test_of_two_owners_who_are_moved_out_at_once_one_stays(team: Team, world: World, wire: Wire) -> None:
    team.plan("enterprise")
    bob = team.staff("owner")["owner"]

    def meanwhile() -> None:
        assert move_out(team, bob).status == 204

    wire.before("TransactWriteItems", meanwhile)

    assert move_out(team, team.founder).refusal == (409, "last_owner")
    assert team.organization()["owner_count"] == 1


def test_who_is_not_in_is_not_found(team: Team, machine: Caller) -> None:
    for user_id in ("stranger", "me", "~"):
        assert machine.delete(team.path("members", user_id)).refusal == (404, "not_found")


def test_it_is_guarded_by_the_etag_of_the_member(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    etag = team.founder.get(team.path("members", bob.id)).headers["etag"]
    assert team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["admin"]}).status == 200

    assert move_out(team, bob, If_Match=etag).refusal == (412, "precondition_failed")
    assert move_out(team, bob, If_Match="*").status == 204


def test_their_address_can_be_invited_again(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    assert move_out(team, bob).status == 204

    assert team.invite(bob.email, "viewer")["status"] == "pending"
