"""Races for people: who signs in, joins or is moved in meanwhile is in once; and one name is one organization's."""

from collections.abc import Callable

import pytest

from roster.table.items import ExternalId
from roster.table.read import read
from tests.table.moves import (
    TRANSACTION,
    accept,
    accepting,
    change_roles,
    delete,
    invite_eve,
    leave,
    moving_in,
    provision,
    remove,
    sign_in,
)
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World


@pytest.fixture
def teams(wire: Wire, deploy: Callable[[str], World]) -> World:
    """A deployment whose pack gives a new user an organization of their own."""
    return deploy("teams")


@pytest.fixture
def machine(world: World) -> Caller:
    """A back end that moves people and organizations in."""
    return world.machine("roster/provision")


def found_called(machine: Caller, external_id: str, owner: str = "user-8") -> Reply:
    body = {"name": "Acme", "owner": {"user_id": owner, "email": f"{owner}@example.com"}, "external_id": external_id}
    return machine.post("/organizations", body)


@pytest.mark.parametrize("reached", [0, 1])
def test_two_first_sign_ins_at_once_create_one_team_and_are_one(teams: World, wire: Wire, reached: int) -> None:
    ada = teams.person("Ada", auth_time="1700000000")

    wire.before(TRANSACTION, *[lambda: None] * reached, lambda: sign_in(ada))
    told = ada.put("/me").body

    (mine,) = ada.get("/me/organizations").body["items"]
    assert told["active_organization_id"] == mine["organization"]["id"]
    assert [event.type for event in teams.events(mine["organization"]["id"])] == [
        "organization.created",
        "user.signed_in",
    ]


def test_who_joins_a_team_while_they_first_sign_in_has_both(teams: World, wire: Wire) -> None:
    team, bob = Team.found(teams, teams.person("Ada")), teams.person("Bob")
    path = accepting(team, bob, "billing")

    wire.before(TRANSACTION, lambda: accept(bob, path))
    told = bob.put("/me").body

    assert told["active_organization_id"] == team.id  # the one that was first
    assert [one["organization"]["name"] for one in bob.get("/me/organizations").body["items"]] == ["Acme", "Bob's team"]


def test_a_sign_in_is_not_recorded_where_somebody_is_removed_meanwhile(team: Team, world: World, wire: Wire) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    wire.before(TRANSACTION, lambda: remove(team, bob))

    assert bob.put("/me").body["active_organization_id"] is None
    assert team.event_types()[-1] == "member.removed"


def test_nobody_switches_to_where_they_are_removed_meanwhile(team: Team, world: World, wire: Wire) -> None:
    bob = world.person("Bob")
    own = Team.found(world, bob, "Bob's")
    team.join(bob, "viewer")

    wire.before(TRANSACTION, lambda: remove(team, bob))

    switching = bob.put("/me/active-organization", {"organization_id": team.id})
    assert switching.refusal == (404, "not_found")
    assert bob.put("/me").body["active_organization_id"] == own.id


def test_who_is_invited_and_joins_while_they_are_moved_in_is_in_once(team: Team, world: World, wire: Wire) -> None:
    bob = world.person("Bob")

    def join() -> None:
        team.join(bob, "viewer")

    wire.before(TRANSACTION, join)

    moved = moving_in(team, bob, bob.email, "issuer")
    assert (moved.status, moved.body["roles"]) == (200, ["issuer"])  # of one who is in, the roles are set
    assert team.organization()["member_count"] == 2
    assert team.event_types()[-2:] == ["invitation.accepted", "member.roles_changed"]


def test_who_is_moved_in_while_they_accept_is_a_member_already(team: Team, world: World, wire: Wire) -> None:
    bob = world.person("Bob")
    path = accepting(team, bob, "viewer")

    wire.before(TRANSACTION, lambda: provision(team, bob, "bob@other.example.com", "issuer"))

    assert bob.post(path).refusal == (409, "already_member")
    assert (team.member(bob)["roles"], team.organization()["member_count"]) == (["issuer"], 2)


def test_nobody_is_moved_in_by_an_address_that_is_invited_meanwhile(team: Team, world: World, wire: Wire) -> None:
    eve = world.person("Eve")

    wire.before(TRANSACTION, lambda: invite_eve(team.founder, team))

    assert moving_in(team, eve, eve.email, "viewer").refusal == (409, "already_invited")


def test_nobody_is_invited_to_an_address_that_is_moved_in_meanwhile(team: Team, world: World, wire: Wire) -> None:
    eve = world.person("Eve")

    wire.before(TRANSACTION, lambda: provision(team, eve, eve.email, "viewer"))

    inviting = team.founder.post(team.path("invitations"), {"email": eve.email, "roles": ["viewer"]})
    assert inviting.refusal == (409, "already_member")


def test_nobody_is_moved_in_by_an_address_that_another_joins_by_meanwhile(team: Team, world: World, wire: Wire) -> None:
    bob, eve = world.person("Bob"), world.person("Eve")

    wire.before(TRANSACTION, lambda: provision(team, eve, "shared@example.com", "viewer"))

    assert moving_in(team, bob, "shared@example.com", "viewer").refusal == (409, "already_member")
    assert team.organization()["member_count"] == 2


def test_a_dead_invitation_that_lives_again_meanwhile_is_not_replaced(team: Team, world: World, wire: Wire) -> None:
    bob, eve = team.join(world.person("Bob"), "admin"), world.person("Eve")
    path = team.path("invitations", team.invite(eve.email, "viewer", by=bob)["id"])
    leave(bob, team)

    def resend() -> None:
        assert team.founder.post(f"{path}/resend").status == 200

    wire.before(TRANSACTION, resend)

    assert moving_in(team, eve, eve.email, "viewer").refusal == (409, "already_invited")
    assert team.founder.get(path).body["status"] == "pending"


def test_an_invitation_whose_sender_may_invite_again_meanwhile_is_not_replaced(
    team: Team, world: World, wire: Wire
) -> None:
    bob, eve = team.join(world.person("Bob"), "admin"), world.person("Eve")
    team.invite(eve.email, "viewer", by=bob)
    change_roles(team.founder, bob, team, "viewer")

    wire.before(TRANSACTION, lambda: change_roles(team.founder, bob, team, "admin"))

    assert moving_in(team, eve, eve.email, "viewer").refusal == (409, "already_invited")


def test_the_last_seat_goes_to_who_is_moved_in_or_accepts_once(wire: Wire, deploy: Callable[[str], World]) -> None:
    world = deploy("certificates")
    team = Team.found(world, world.person("Ada"))
    team.plan("basic")
    for number in range(3):
        team.join(world.person(f"Member {number}"), "user")
    bob, eve = world.person("Bob"), world.person("Eve")
    path = accepting(team, bob, "user")

    wire.before(TRANSACTION, lambda: provision(team, eve, eve.email, "user"))

    assert bob.post(path).refusal == (409, "plan_limit")
    assert team.organization()["member_count"] == 5


def test_a_machine_takes_no_last_owner_down(wire: Wire, deploy: Callable[[str], World]) -> None:
    world = deploy("certificates")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), "admin")

    wire.before(TRANSACTION, lambda: leave(team.founder, team))

    assert moving_in(team, bob, bob.email, "user").refusal == (409, "last_owner")


def test_a_name_that_the_product_gives_is_one_organizations(team: Team, machine: Caller, wire: Wire) -> None:
    def found_first() -> None:
        assert found_called(machine, "crm-1").status == 201

    def call_it_so() -> None:
        assert machine.patch(team.path(), {"external_id": "crm-2"}).status == 200

    wire.before(TRANSACTION, found_first)
    assert found_called(machine, "crm-1", "user-9").refusal == (409, "conflict")

    wire.before(TRANSACTION, call_it_so)
    assert found_called(machine, "crm-2", "user-9").refusal == (409, "conflict")

    def found_another() -> None:
        assert found_called(machine, "crm-3").status == 201

    wire.before(TRANSACTION, found_another)
    assert machine.patch(team.path(), {"external_id": "crm-3"}).refusal == (409, "conflict")


def test_a_name_that_is_given_while_its_organization_is_deleted_is_free(
    team: Team, machine: Caller, wire: Wire
) -> None:
    def call_it_so() -> None:
        assert machine.patch(team.path(), {"external_id": "crm-1"}).status == 200

    wire.before(TRANSACTION, call_it_so)
    delete(team)

    key = ExternalId.key("crm-1")
    assert read([key])[key] is None


def test_a_deleted_organization_gets_no_name(team: Team, machine: Caller, wire: Wire) -> None:
    wire.before(TRANSACTION, lambda: delete(team))

    assert machine.patch(team.path(), {"external_id": "crm-1"}).refusal == (404, "not_found")
    assert found_called(machine, "crm-1").status == 201


def test_the_product_records_nothing_as_the_doing_of_who_is_removed_meanwhile(
    team: Team, world: World, wire: Wire
) -> None:
    bob, body = team.join(world.person("Bob"), "viewer"), {"type": "badge.created"}

    wire.before(TRANSACTION, lambda: remove(team, bob))

    recording = world.machine("roster/activity").post(team.path("activity"), body | {"user_id": bob.id})
    assert recording.refusal == (404, "not_found")
