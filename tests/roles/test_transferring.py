"""Transferring the ownership: one swap, by an owner, or by the product's support where the only owner is gone."""

from collections.abc import Callable

import pytest

from tests.world import Caller, Reply, Team, World

# Pack, the role that the new owner has before, the owner's role, and the one that whoever transfers is left with.
PACKS = [
    ("credentials", "viewer", "owner", "admin"),
    ("teams", "installer", "owner", "account_admin"),
    ("certificates", "user", "admin", "manager"),
]
packs = pytest.mark.parametrize(("pack", "before", "owner", "after"), PACKS, ids=[row[0] for row in PACKS])


def transfer(by: Caller, team: Team, heir: str, **more: str) -> Reply:
    return by.post(team.path("transfer"), {"user_id": heir, **more})


@packs
def test_ownership_goes_over_in_one_step_with_one_event(
    deploy: Callable[[str], World], pack: str, before: str, owner: str, after: str
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), before)
    counts = team.organization()

    reply = transfer(team.founder, team, bob.id)

    assert (reply.status, reply.body) == (200, team.member(bob))
    assert reply.body["roles"] == [owner]
    assert reply.headers["etag"] == bob.get(team.path("members", "me")).headers["etag"]
    assert team.member(team.founder)["roles"] == [after]
    assert team.organization() == counts
    event = bob.get(team.path("activity")).body["items"][0]
    assert event["type"] == "organization.ownership_transferred"
    assert (event["actor"]["id"], event["target"]["id"], event["via"]) == (team.founder.id, bob.id, None)
    assert event["data"] == {"from": team.founder.id, "to": bob.id}
    assert event["sentence"] == "Ada transferred the ownership to Bob."
    assert transfer(team.founder, team, bob.id).body["reason"] == "permission_missing"
    assert transfer(bob, team, team.founder.id).status == 200


def test_no_cap_stands_in_the_way_as_no_owner_is_added(team: Team, world: World) -> None:
    team.plan("enterprise")
    bob, eve = (team.join(world.person(name), role) for name, role in (("Bob", "owner"), ("Eve", "viewer")))
    team.plan("free")

    assert transfer(bob, team, eve.id).status == 200

    assert team.organization()["owner_count"] == 2
    assert team.organization()["limits"]["owners"] == 1


def test_several_roles_release_handed_over_to_the_ownership(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    bob = team.join(world.person("Bob"), "billing", "installer")

    assert transfer(team.founder, team, bob.id).body["roles"] == ["owner"]


def test_a_new_owner_lays_down_their_custom_role(team: Team, world: World) -> None:
    team.plan("enterprise")
    made = team.founder.post(team.path("roles"), {"title": "Auditor", "permissions": ["activity:read"]}).body
    bob = team.join(world.person("Bob"), made["id"])

    assert transfer(team.founder, team, bob.id).status == 200

    assert bob.delete(team.path("roles", made["id"])).status == 204


def test_who_may_not_transfer_is_refused(team: Team, world: World) -> None:
    staff = team.staff("admin", "issuer", "viewer")
    before = world.items()

    for person in staff.values():
        reply = transfer(person, team, team.founder.id)
        assert reply.refusal == (403, "forbidden")
        assert (reply.body["reason"], reply.body["permission"]) == ("permission_missing", "ownership:transfer")
    assert world.items() == before


def test_it_goes_only_to_a_member_who_is_no_owner_yet(team: Team, world: World) -> None:
    team.plan("enterprise")
    bob, eve = team.join(world.person("Bob"), "owner"), world.person("Eve")
    before = world.items()

    for nobody in (eve.id, "nobody"):
        assert transfer(team.founder, team, nobody).refusal == (404, "not_found"), nobody
    for owner in (bob, team.founder):
        assert transfer(team.founder, team, owner.id).refusal == (409, "conflict")
    assert world.items() == before


def test_a_field_that_only_support_sends_is_unknown_to_a_person(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    assert transfer(team.founder, team, bob.id, **{"from": team.founder.id}).fields == ["from"]


@packs
def test_support_transfers_the_ownership_of_who_is_gone(
    deploy: Callable[[str], World], pack: str, before: str, owner: str, after: str
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), before)

    reply = transfer(world.machine("roster/support"), team, bob.id, **{"from": team.founder.id})

    assert (reply.status, reply.body["roles"]) == (200, [owner])
    assert reply.body["can"] == {
        "remove": False,
        "change_roles": False,
        "leave": False,
        "receive_ownership": False,
        "assignable_roles": [],
    }
    assert team.member(team.founder, by=bob)["roles"] == [after]
    event = bob.get(team.path("activity")).body["items"][0]
    assert event["actor"] == {"type": "machine", "id": "billing", "name": None, "email": None}
    assert (event["via"], event["data"]) == (None, {"from": team.founder.id, "to": bob.id})


def test_support_names_an_owner_and_a_member(team: Team, world: World) -> None:
    bob, eve = (team.join(world.person(name), role) for name, role in (("Bob", "admin"), ("Eve", "viewer")))
    machine, stranger = world.machine("roster/support"), world.person("Zed")
    before = world.items()

    assert transfer(machine, team, bob.id).fields == ["from"]
    for heir, giver in ((bob.id, stranger.id), (stranger.id, team.founder.id), (bob.id, "nobody")):
        assert transfer(machine, team, heir, **{"from": giver}).refusal == (404, "not_found")
    refused = transfer(machine, team, eve.id, **{"from": bob.id})
    assert (refused.refusal, refused.body["reason"]) == ((403, "forbidden"), "not_an_owner")
    assert transfer(machine, team, team.founder.id, **{"from": team.founder.id}).refusal == (409, "conflict")
    assert world.items() == before


@pytest.mark.parametrize("body", [{}, {"user_id": None}, {"user_id": 1}, {"user_id": ["u"]}, {"user_id": {}}])
def test_the_new_owner_is_named_by_their_id(team: Team, body: dict[str, object]) -> None:
    assert team.founder.post(team.path("transfer"), body).fields == ["user_id"]


def test_a_transfer_that_nobody_asked_for_is_taken_back_by_support(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team, bob = Team.found(world, world.person("Ada")), world.person("Bob")
    team.join(bob, "billing")
    for name in ("First", "Second"):
        Team.found(world, bob, name)
    support, eraser = world.machine("roster/support"), world.machine("roster/users")

    assert transfer(team.founder, team, bob.id).status == 200
    capped = bob.post("/organizations", {"name": "Third"})
    assert (capped.refusal, capped.body["limit"]) == ((409, "plan_limit"), "organizations")
    held_up = eraser.delete(f"/users/{bob.id}")
    assert held_up.refusal == (409, "last_owner")
    assert [one["id"] for one in held_up.body["organizations"]] == [team.id]

    assert transfer(support, team, team.founder.id, **{"from": bob.id}).status == 200

    assert bob.post("/organizations", {"name": "Third"}).status == 201
    assert eraser.delete(f"/users/{bob.id}").status == 204


def test_where_its_members_may_own_no_more_support_first_has_it_on_a_plan_without_that_cap(
    deploy: Callable[[str], World],
) -> None:
    world = deploy("teams")
    team, bob, eve = Team.found(world, world.person("Ada")), world.person("Bob"), world.person("Eve")
    for person in (bob, eve):
        team.join(person, "billing")
    for name in ("First", "Second", "Third"):
        Team.found(world, eve, name)
    support = world.machine("roster/support")
    assert transfer(team.founder, team, bob.id).status == 200
    assert team.founder.post(team.path("leave")).status == 204

    assert transfer(support, team, eve.id, **{"from": bob.id}).refusal == (409, "plan_limit")
    plan = bob.get(team.path()).body["plan"]
    team.plan("enterprise")
    assert transfer(support, team, eve.id, **{"from": bob.id}).status == 200
    team.plan(plan)

    assert world.machine("roster/users").delete(f"/users/{bob.id}").status == 204
    assert eve.get(team.path("members", "me")).body["roles"] == ["owner"]


def test_where_nobody_is_to_own_it_somebody_is_moved_in_who_deletes_it(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team, bob, clerk = Team.found(world, world.person("Ada")), world.person("Bob"), world.person("Clerk")
    team.join(bob, "billing")
    assert transfer(team.founder, team, bob.id).status == 200

    moved_in = {"email": clerk.email, "roles": ["account_admin"]}
    assert world.machine("roster/provision").put(team.path("members", clerk.id), moved_in).status == 201
    assert transfer(world.machine("roster/support"), team, clerk.id, **{"from": bob.id}).status == 200
    assert clerk.delete(team.path()).status == 204

    assert world.machine("roster/users").delete(f"/users/{bob.id}").status == 204
