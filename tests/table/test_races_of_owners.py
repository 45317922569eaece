"""Races for an organization: whoever owns it at the commit is its owner, and nobody owns more than they may."""

from collections.abc import Callable

import pytest

from roster.table.items import Organization, User
from roster.table.read import read
from tests.table.moves import TRANSACTION, change_roles, delete, erase, leave, transfer
from tests.wire import Wire
from tests.world import Caller, Team, World


@pytest.fixture
def teams(wire: Wire, deploy: Callable[[str], World]) -> World:
    """A deployment whose pack has exactly one owner, who owns at most three."""
    return deploy("teams")


@pytest.fixture
def one(teams: World) -> Team:
    """A team with one owner, always."""
    return Team.found(teams, teams.person("Ada"))


def founded(owner: Caller, number: int) -> list[Team]:
    return [Team.found(owner.world, owner, f"Team {count}") for count in range(number)]


def found_another(owner: Caller) -> None:
    Team.found(owner.world, owner, "Another team")


def hand_over(team: Team) -> None:
    transfer(team, team.founder, team.join(team.world.person("Eve"), "billing"))


def refused_for_owning(team: Team, giver: Caller, heir: Caller) -> None:
    """Hold that a transfer is refused because of how many the new owner has already."""
    refused = giver.post(team.path("transfer"), {"user_id": heir.id})
    assert refused.refusal == (409, "plan_limit")
    assert refused.body["limit"] == "organizations"
    assert team.member(giver)["roles"] == ["owner"]


def owned(person: Caller) -> set[str]:
    """The living organizations that are kept as somebody's."""
    user = read([User.key(person.id)])[User.key(person.id)]
    keys = [Organization.key(organization_id) for organization_id in (user and user.owned) or ()]
    batch = read(keys)
    return {found.id for key in keys if (found := batch[key]) is not None and found.deleted_at is None}


def test_nothing_is_transferred_to_who_leaves_meanwhile(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")

    wire.before(TRANSACTION, lambda: leave(bob, one))

    assert one.founder.post(one.path("transfer"), {"user_id": bob.id}).refusal == (404, "not_found")
    assert one.member(one.founder)["roles"] == ["owner"]
    assert one.event_types()[-1] == "member.left"


def test_nothing_is_transferred_to_who_is_removed_meanwhile(one: Team, teams: World, wire: Wire) -> None:
    bob, eve = (one.join(teams.person(name), "account_admin") for name in ("Bob", "Eve"))

    def removed_by_eve() -> None:
        assert eve.delete(one.path("members", bob.id)).status == 204

    wire.before(TRANSACTION, removed_by_eve)

    assert one.founder.post(one.path("transfer"), {"user_id": bob.id}).refusal == (404, "not_found")
    assert one.organization()["owner_count"] == 1


def test_who_becomes_the_owner_meanwhile_is_not_removed(one: Team, teams: World, wire: Wire) -> None:
    bob, eve = (one.join(teams.person(name), "account_admin") for name in ("Bob", "Eve"))

    wire.before(TRANSACTION, lambda: transfer(one, one.founder, bob))

    assert eve.delete(one.path("members", bob.id)).body["reason"] == "role_protected"
    assert one.member(bob)["roles"] == ["owner"]


def test_who_becomes_the_owner_meanwhile_cannot_leave(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")

    wire.before(TRANSACTION, lambda: transfer(one, one.founder, bob))

    assert bob.post(one.path("leave")).refusal == (409, "last_owner")
    assert one.member(bob)["roles"] == ["owner"]


def test_who_becomes_the_owner_meanwhile_is_not_demoted(one: Team, teams: World, wire: Wire) -> None:
    bob, eve = (one.join(teams.person(name), "account_admin") for name in ("Bob", "Eve"))

    wire.before(TRANSACTION, lambda: transfer(one, one.founder, bob))

    demoting = eve.put(one.path("members", bob.id, "roles"), {"roles": ["installer"]})
    assert demoting.body["reason"] == "transfer_only"


def test_who_becomes_the_owner_meanwhile_is_not_erased(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")

    wire.before(TRANSACTION, lambda: transfer(one, one.founder, bob))

    assert teams.machine("roster/users").delete(f"/users/{bob.id}").refusal == (409, "last_owner")
    assert one.member(bob)["roles"] == ["owner"]


def test_nothing_is_transferred_to_who_is_erased_meanwhile(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")

    wire.before(TRANSACTION, lambda: erase(teams, bob))

    assert one.founder.post(one.path("transfer"), {"user_id": bob.id}).refusal == (404, "not_found")
    assert read([User.key(bob.id)])[User.key(bob.id)] is None


def test_an_ownership_is_transferred_once(one: Team, teams: World, wire: Wire) -> None:
    bob, eve = (one.join(teams.person(name), "installer") for name in ("Bob", "Eve"))

    wire.before(TRANSACTION, lambda: transfer(one, one.founder, bob))

    second = one.founder.post(one.path("transfer"), {"user_id": eve.id})
    assert second.refusal == (403, "forbidden")
    assert second.body["reason"] == "permission_missing"
    assert {person.id: one.member(person)["roles"] for person in (one.founder, bob, eve)} == {
        one.founder.id: ["account_admin"],
        bob.id: ["owner"],
        eve.id: ["installer"],
    }
    assert one.event_types().count("organization.ownership_transferred") == 1


def test_support_does_not_take_what_its_owner_has_handed_over_meanwhile(one: Team, teams: World, wire: Wire) -> None:
    bob, eve = (one.join(teams.person(name), "installer") for name in ("Bob", "Eve"))

    wire.before(TRANSACTION, lambda: transfer(one, one.founder, bob))

    body = {"user_id": eve.id, "from": one.founder.id}
    second = teams.machine("roster/support").post(one.path("transfer"), body)
    assert second.body["reason"] == "not_an_owner"
    assert one.member(bob)["roles"] == ["owner"]


def test_one_of_two_owners_who_leaves_meanwhile_transfers_nothing(team: Team, world: World, wire: Wire) -> None:
    team.plan("enterprise")
    bob, eve = team.join(world.person("Bob"), "owner"), team.join(world.person("Eve"), "viewer")

    wire.before(TRANSACTION, lambda: leave(bob, team))

    assert bob.post(team.path("transfer"), {"user_id": eve.id}).refusal == (404, "not_found")
    assert (team.organization()["owner_count"], team.member(eve)["roles"]) == (1, ["viewer"])


def test_one_of_two_owners_who_steps_down_meanwhile_transfers_nothing(team: Team, world: World, wire: Wire) -> None:
    team.plan("enterprise")
    bob, eve = team.join(world.person("Bob"), "owner"), team.join(world.person("Eve"), "viewer")

    wire.before(TRANSACTION, lambda: change_roles(bob, bob, team, "issuer"))

    assert bob.post(team.path("transfer"), {"user_id": eve.id}).body["reason"] == "permission_missing"
    assert (team.organization()["owner_count"], team.member(bob)["roles"]) == (1, ["issuer"])


def test_who_is_made_an_owner_meanwhile_is_not_transferred_to(team: Team, world: World, wire: Wire) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), "viewer")

    wire.before(TRANSACTION, lambda: change_roles(team.founder, bob, team, "owner"))

    assert team.founder.post(team.path("transfer"), {"user_id": bob.id}).refusal == (409, "conflict")
    assert team.organization()["owner_count"] == 2


def test_an_owner_does_not_leave_on_the_strength_of_one_who_left_meanwhile_in_turn(
    team: Team, world: World, wire: Wire
) -> None:
    team.plan("enterprise")
    bob, eve = team.join(world.person("Bob"), "owner"), team.join(world.person("Eve"), "viewer")

    def handed_over_and_gone() -> None:
        transfer(team, bob, eve)
        leave(bob, team)

    wire.before(TRANSACTION, handed_over_and_gone)

    assert team.founder.post(team.path("leave")).status == 204
    assert eve.get(team.path()).body["owner_count"] == 1


def test_a_deleted_organization_is_not_transferred(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")

    wire.before(TRANSACTION, lambda: delete(one))

    assert one.founder.post(one.path("transfer"), {"user_id": bob.id}).refusal == (404, "not_found")
    assert owned(bob) == set()


def test_who_is_no_owner_any_more_deletes_nothing(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")

    wire.before(TRANSACTION, lambda: transfer(one, one.founder, bob))

    assert one.founder.delete(one.path()).refusal == (403, "forbidden")
    assert bob.get(one.path()).status == 200


def test_who_creates_their_third_meanwhile_receives_no_fourth(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")
    founded(bob, 2)

    wire.before(TRANSACTION, lambda: found_another(bob))

    refused_for_owning(one, one.founder, bob)
    assert len(owned(bob)) == 3


def test_who_receives_their_third_meanwhile_creates_no_fourth(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")
    founded(bob, 2)

    wire.before(TRANSACTION, lambda: transfer(one, one.founder, bob))

    assert bob.post("/organizations", {"name": "Fourth"}).refusal == (409, "plan_limit")
    assert (len(owned(bob)), owned(one.founder)) == (3, set())


def test_the_last_that_one_person_may_own_is_creations_once(teams: World, wire: Wire) -> None:
    ada = teams.person("Ada")
    founded(ada, 2)

    wire.before(TRANSACTION, lambda: found_another(ada))

    fourth = ada.post("/organizations", {"name": "Fourth"})
    assert fourth.refusal == (409, "plan_limit")
    assert fourth.body["limit"] == "organizations"
    assert len(owned(ada)) == 3


def test_no_organization_is_created_by_a_plan_that_is_lost_meanwhile(teams: World, wire: Wire) -> None:
    ada = teams.person("Ada")
    first, *_ = founded(ada, 3)
    first.plan("enterprise")

    wire.before(TRANSACTION, lambda: first.plan("standard"))

    assert ada.post("/organizations", {"name": "Fourth"}).refusal == (409, "plan_limit")
    assert len(owned(ada)) == 3


@pytest.mark.parametrize("lose", [delete, hand_over])
def test_no_organization_is_created_by_another_that_is_lost_meanwhile(
    teams: World, wire: Wire, lose: Callable[[Team], None]
) -> None:
    ada = teams.person("Ada")
    first, *_ = founded(ada, 3)
    first.plan("enterprise")
    found_another(ada)

    wire.before(TRANSACTION, lambda: lose(first))

    assert ada.post("/organizations", {"name": "Fifth"}).refusal == (409, "plan_limit")
    assert len(owned(ada)) == 3


def test_no_transfer_is_made_by_a_plan_that_is_lost_meanwhile(one: Team, teams: World, wire: Wire) -> None:
    bob = one.join(teams.person("Bob"), "billing")
    first, *_ = founded(bob, 3)

    one.plan("enterprise")
    wire.before(TRANSACTION, lambda: one.plan("standard"))
    refused_for_owning(one, one.founder, bob)

    first.plan("enterprise")
    wire.before(TRANSACTION, lambda: first.plan("standard"))
    refused_for_owning(one, one.founder, bob)
    assert len(owned(bob)) == 3
