"""Races for a person who is erased: they are in nothing afterwards, and no organization is left without an owner."""

import pytest

from roster.table.items import User
from roster.table.read import read
from tests.table.moves import (
    TRANSACTION,
    accept,
    accepting,
    change_roles,
    erase,
    leave,
    moving_in,
    provision,
    sign_in,
)
from tests.wire import Wire
from tests.world import Caller, Team, World


@pytest.fixture
def machine(world: World) -> Caller:
    """A back end that erases people."""
    return world.machine("roster/users")


def is_kept(person: Caller) -> bool:
    return read([User.key(person.id)])[User.key(person.id)] is not None


def is_known(person: Caller) -> bool:
    """Tell whether their name or an address of theirs still stands anywhere."""
    name = str(person.claims["name"])
    return any(word in str(item) for item in person.world.items() for word in (repr(name), f"{name.lower()}@"))


def test_who_is_erased_while_they_accept_finds_no_invitation(team: Team, world: World, wire: Wire) -> None:
    bob = world.person("Bob")
    sign_in(bob)
    path = accepting(team, bob, "viewer")

    wire.before(TRANSACTION, lambda: erase(world, bob))

    assert bob.post(path).refusal == (404, "not_found")
    assert (team.organization()["member_count"], is_kept(bob)) == (1, False)


@pytest.mark.parametrize(("operation", "earlier"), [("Query", 0), ("Query", 1), (TRANSACTION, 0)])
@pytest.mark.parametrize("elsewhere", ["in", "left"])
def test_who_accepts_while_they_are_erased_is_in_nothing(
    team: Team, world: World, machine: Caller, wire: Wire, operation: str, earlier: int, elsewhere: str
) -> None:
    bob, second = world.person("Bob"), Team.found(world, world.person("Eve"), "Second")
    second.join(bob, "viewer")
    if elsewhere == "left":
        leave(bob, second)
    path, answers = accepting(team, bob, "viewer"), list[int]()

    wire.before(operation, *[lambda: None] * earlier, lambda: answers.append(bob.post(path).status))

    assert machine.delete(f"/users/{bob.id}").status == 204
    assert answers == [200]
    assert bob.get(team.path()).refusal == (404, "not_found")
    assert bob.get(second.path()).refusal == (404, "not_found")
    assert not is_known(bob)


def test_who_joins_by_another_address_while_they_are_erased_is_in_nothing(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    bob = world.person("Bob")
    sign_in(bob)

    wire.before(TRANSACTION, lambda: provision(team, bob, "bob@work.example.com", "viewer"))

    assert machine.delete(f"/users/{bob.id}").status == 204
    assert bob.get(team.path()).refusal == (404, "not_found")
    assert not is_known(bob)


def test_a_person_who_is_erased_while_they_are_moved_in_is_kept_anew(team: Team, world: World, wire: Wire) -> None:
    bob, second = world.person("Bob"), Team.found(world, world.person("Eve"), "Second")
    second.join(bob, "viewer")
    leave(bob, second)  # so that nothing is new that is told of them when they join again

    wire.before(TRANSACTION, lambda: erase(world, bob))

    assert moving_in(team, bob, bob.email, "viewer").status == 201
    assert is_kept(bob)
    erase(world, bob)
    assert team.organization()["member_count"] == 1


def test_an_owner_is_not_erased_when_the_other_one_leaves_meanwhile(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), "owner")
    team.join(world.person("Eve"), "viewer")

    wire.before(TRANSACTION, lambda: leave(bob, team))
    erasing = machine.delete(f"/users/{team.founder.id}")

    assert erasing.refusal == (409, "last_owner")
    assert [one["id"] for one in erasing.body["organizations"]] == [team.id]
    assert (team.organization()["owner_count"], is_kept(team.founder)) == (1, True)


def test_an_organization_that_somebody_joins_meanwhile_is_not_deleted_with_its_owner(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    bob = world.person("Bob")
    path = accepting(team, bob, "viewer")

    wire.before(TRANSACTION, lambda: accept(bob, path))

    assert machine.delete(f"/users/{team.founder.id}").refusal == (409, "last_owner")
    assert bob.get(team.path()).body["member_count"] == 2


def test_an_organization_that_all_others_leave_meanwhile_is_deleted_with_its_owner(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), "owner")

    wire.before(TRANSACTION, lambda: leave(bob, team))

    assert machine.delete(f"/users/{team.founder.id}").status == 204
    assert team.event_types()[-1] == "organization.deleted"


def test_who_is_made_an_owner_while_they_are_erased_stays(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), "viewer")

    def succeed() -> None:
        change_roles(team.founder, bob, team, "owner")
        leave(team.founder, team)
        provision(team, world.person("Eve"), "eve@example.com", "viewer")

    wire.before(TRANSACTION, succeed)

    assert machine.delete(f"/users/{bob.id}").refusal == (409, "last_owner")
    assert bob.get(team.path()).body["owner_count"] == 1
