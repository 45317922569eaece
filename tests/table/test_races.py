"""Races: what lands between a request's read and its commit is never overlooked."""

from collections.abc import Callable
from typing import Any

from tests.table.moves import TRANSACTION, change_roles, delete, invite_eve, leave, remove
from tests.wire import Wire
from tests.world import Caller, Team, World


def test_an_invitation_cancelled_and_made_anew_is_another_one(team: Team, world: World, wire: Wire) -> None:
    bob, eve = world.person("Bob"), world.person("Eve")
    invitation = team.invite(bob.email, "admin")
    path, token = team.path("invitations", invitation["id"]), team.token(invitation["id"])

    def made_anew() -> None:
        assert team.founder.delete(path).status == 204
        assert team.invite(bob.email, "viewer")["id"] == invitation["id"]

    wire.before(TRANSACTION, made_anew)
    assert eve.post(f"{path}/decline", {"token": token}).refusal == (410, "link_replaced")

    wire.before(TRANSACTION, made_anew)
    assert bob.post(f"{path}/accept").body["roles"] == ["viewer"]


def test_a_member_who_left_and_returned_is_another_one(team: Team, world: World, wire: Wire) -> None:
    bob = team.join(world.person("Bob"), "admin")

    def return_as_viewer() -> None:
        leave(bob, team)
        team.join(bob, "viewer")

    wire.before(TRANSACTION, return_as_viewer)
    reply = bob.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"]})

    assert reply.refusal == (403, "forbidden")


def test_two_owners_who_leave_at_once_leave_one(team: Team, world: World, wire: Wire) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), "owner")

    wire.before(TRANSACTION, lambda: leave(bob, team))

    assert team.founder.post(team.path("leave")).refusal == (409, "last_owner")
    assert team.organization()["owner_count"] == 1


def test_two_owners_who_step_down_at_once_leave_one(team: Team, world: World, wire: Wire) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), "owner")

    wire.before(TRANSACTION, lambda: change_roles(bob, bob, team, "admin"))

    stepping_down = team.founder.put(team.path("members", "me", "roles"), {"roles": ["admin"]})
    assert stepping_down.refusal == (409, "last_owner")


def test_who_is_demoted_meanwhile_does_nothing_more(team: Team, world: World, wire: Wire) -> None:
    bob, eve = (team.join(world.person(name), role) for name, role in (("Bob", "admin"), ("Eve", "viewer")))

    wire.before(TRANSACTION, lambda: change_roles(team.founder, bob, team, "viewer"))

    assert bob.delete(team.path("members", eve.id)).refusal == (403, "forbidden")
    assert team.member(eve)["roles"] == ["viewer"]


def test_who_steps_down_meanwhile_changes_nobodys_roles(team: Team, world: World, wire: Wire) -> None:
    team.plan("enterprise")
    bob, eve = (team.join(world.person(name), role) for name, role in (("Bob", "owner"), ("Eve", "viewer")))

    wire.before(TRANSACTION, lambda: change_roles(bob, bob, team, "admin"))

    promoting = bob.put(team.path("members", eve.id, "roles"), {"roles": ["issuer"]})
    assert promoting.body["reason"] == "permission_missing"
    assert team.member(eve)["roles"] == ["viewer"]


def test_who_is_promoted_meanwhile_is_not_removed(team: Team, world: World, wire: Wire) -> None:
    bob, eve = (team.join(world.person(name), role) for name, role in (("Bob", "admin"), ("Eve", "viewer")))

    wire.before(TRANSACTION, lambda: change_roles(team.founder, eve, team, "admin"))

    assert bob.delete(team.path("members", eve.id)).body["reason"] == "role_not_allowed"
    assert team.member(eve)["roles"] == ["admin"]


def test_the_last_seat_is_taken_once(team: Team, world: World, wire: Wire) -> None:
    team.plan("professional")
    bob, eve = world.person("Bob"), world.person("Eve")
    invitations = {person.email: team.invite(person.email, "owner")["id"] for person in (bob, eve)}

    def accept(person: Caller, status: int) -> None:
        assert person.post(team.path("invitations", invitations[person.email], "accept")).status == status

    wire.before(TRANSACTION, lambda: accept(bob, 200))

    accept(eve, 409)
    assert team.organization()["owner_count"] == 2


def test_the_last_seat_of_a_plan_that_caps_members_is_taken_once(deploy: Callable[[str], World], wire: Wire) -> None:
    world = deploy("certificates")
    team = Team.found(world, world.person("Ada"))
    team.plan("basic")
    for number in range(3):
        team.join(world.person(f"Member {number}"), "user")
    bob, eve = world.person("Bob"), world.person("Eve")
    invitations = {person.email: team.invite(person.email, "user")["id"] for person in (bob, eve)}

    def accept(person: Caller, status: int) -> None:
        assert person.post(team.path("invitations", invitations[person.email], "accept")).status == status

    wire.before(TRANSACTION, lambda: accept(bob, 200))

    accept(eve, 409)
    assert team.organization()["member_count"] == 5


def test_a_downgrade_holds_from_its_write_on(team: Team, world: World, wire: Wire) -> None:
    team.plan("professional")
    bob = team.join(world.person("Bob"), "admin")

    wire.before(TRANSACTION, lambda: team.plan("free"))

    promoting = team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["owner"]})
    assert promoting.refusal == (409, "plan_limit")
    assert promoting.body["plan"] == "free"


def test_an_invitation_is_not_accepted_once_its_inviter_is_gone(team: Team, world: World, wire: Wire) -> None:
    bob, eve = team.join(world.person("Bob"), "admin"), world.person("Eve")
    invitation = team.invite(eve.email, "viewer", by=bob)

    wire.before(TRANSACTION, lambda: leave(bob, team))

    accepting = eve.post(team.path("invitations", invitation["id"], "accept"))
    assert accepting.refusal == (410, "invitation_void")


def test_who_is_removed_between_two_reads_invites_nobody_in_place_of_their_own_invitation(
    team: Team, world: World, wire: Wire
) -> None:
    bob = team.join(world.person("Bob"), "admin")
    team.invite("eve@example.com", "viewer", by=bob)

    wire.before("BatchGetItem", lambda: None, lambda: remove(team, bob))

    again = bob.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"]})
    assert again.refusal == (404, "not_found")
    assert team.event_types()[-1] == "member.removed"


def test_an_invitation_that_seems_gone_while_it_is_accepted_is_looked_for_again(
    team: Team, world: World, wire: Wire
) -> None:
    bob = world.person("Bob")
    invitation = team.invite(bob.email, "viewer")
    path = team.path("invitations", invitation["id"], "accept")
    assert bob.post(path).status == 200

    def tear(reply: dict[str, Any]) -> None:
        found = reply["Responses"]["roster"]
        found[:] = [item for item in found if not item["sk"]["S"].startswith("JOINED#")]

    wire.after("BatchGetItem", tear)

    assert bob.post(path).refusal == (409, "already_member")


def test_organizations_created_at_once_are_all_counted(world: World, wire: Wire) -> None:
    ada = world.person("Ada")
    for number in range(9):
        Team.found(world, ada, f"Acme {number}")

    def found_the_tenth() -> None:
        Team.found(world, ada, "Acme 10")

    wire.before(TRANSACTION, found_the_tenth)

    assert ada.post("/organizations", {"name": "Acme 11"}).refusal == (429, "too_many_requests")


def test_an_address_is_invited_once_by_two_at_once(team: Team, world: World, wire: Wire) -> None:
    bob = team.join(world.person("Bob"), "admin")

    wire.before(TRANSACTION, lambda: invite_eve(bob, team))

    second = team.founder.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"]})
    assert second.refusal == (409, "already_invited")
    assert team.event_types().count("invitation.sent") == 2  # Bob's own, and the one to Eve


def test_nothing_commits_into_an_organization_deleted_meanwhile(team: Team, world: World, wire: Wire) -> None:
    bob = world.person("Bob")
    invitation = team.invite(bob.email, "viewer")

    wire.before(TRANSACTION, lambda: delete(team))

    assert bob.post(team.path("invitations", invitation["id"], "accept")).refusal == (404, "not_found")


def test_one_idempotency_key_used_twice_at_once_does_it_once(world: World, wire: Wire) -> None:
    ada = world.person("Ada")
    first: list[str] = []

    def found() -> None:
        first.append(ada.post("/organizations", {"name": "Acme"}, Idempotency_Key="once").text)

    wire.before(TRANSACTION, found)
    second = ada.post("/organizations", {"name": "Acme"}, Idempotency_Key="once")

    assert [second.text] == first
    assert len(ada.get("/me/organizations").body["items"]) == 1
