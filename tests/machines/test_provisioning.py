"""Provisioning: machines move an existing product's members in."""

from collections.abc import Callable

import pytest

from tests.world import Caller, Reply, Team, World


def put(
    machine: Caller, team: Team, user_id: str, *roles: str, email: str = "zoe@example.com", **more: object
) -> Reply:
    return machine.put(team.path("members", user_id), {"email": email, "roles": list(roles), **more})


def test_a_member_is_moved_in(team: Team, world: World, machine: Caller) -> None:
    reply = put(machine, team, "zoe", "issuer", email="Zoe@Example.com", name="Zoe")

    assert reply.status == 201
    assert reply.headers["location"] == f"https://api.example.com{team.path('members', 'zoe')}"
    told = {"user_id": "zoe", "email": "zoe@example.com", "name": "Zoe", "roles": ["issuer"], "invited_by": None}
    assert told.items() <= reply.body.items()
    assert not any(reply.body["can"].values())
    assert reply.body | {"can": 0} == team.founder.get(team.path("members", "zoe")).body | {"can": 0}
    assert team.organization()["member_count"] == 2
    zoe = world.person("Zoe", sub="zoe")
    assert zoe.get(team.path()).status == 200
    assert zoe.put("/me").body["active_organization_id"] == team.id


def test_it_is_recorded_as_the_machines_doing(team: Team, machine: Caller) -> None:
    put(machine, team, "zoe", "issuer", name="Zoe")

    event = team.founder.get(team.path("activity")).body["items"][0]

    assert (event["type"], event["via"], event["data"]) == ("member.added", None, {"roles": ["issuer"]})
    assert event["actor"] == {"type": "machine", "id": "billing", "name": None, "email": None}
    assert event["target"] == {"type": "member", "id": "zoe", "name": "Zoe"}
    assert event["sentence"] == "Billing added Zoe as Issuer."


def test_asked_again_there_is_nothing_to_do(team: Team, world: World, machine: Caller) -> None:
    first = put(machine, team, "zoe", "issuer")
    before = world.items()

    again = put(machine, team, "zoe", "issuer", name="Another", email="another@example.com")

    assert (again.status, again.body) == (200, first.body)
    assert world.items() == before


def test_of_one_who_is_in_only_the_roles_are_set(team: Team, machine: Caller) -> None:
    put(machine, team, "zoe", "issuer", name="Zoe")

    reply = put(machine, team, "zoe", "admin", name="Another", email="another@example.com")

    assert (reply.status, reply.body["roles"]) == (200, ["admin"])
    assert (reply.body["name"], reply.body["email"]) == ("Zoe", "zoe@example.com")
    event = team.founder.get(team.path("activity")).body["items"][0]
    assert (event["type"], event["data"]) == ("member.roles_changed", {"from": ["issuer"], "to": ["admin"]})


def test_where_they_stand_is_a_path_whatever_their_id_is(team: Team, machine: Caller) -> None:
    reply = put(machine, team, "auth0|x=y+z:1~2@3", "viewer")

    assert reply.headers["location"].endswith("/members/auth0%7Cx%3Dy%2Bz%3A1~2%403")


def test_an_address_that_a_machine_told_is_shown_in_that_organization_alone(
    team: Team, world: World, machine: Caller
) -> None:
    other = Team.found(world, world.person("Eve"), "Second")
    put(machine, team, "zoe", "viewer", email="zoe@home.example.com")
    put(machine, other, "zoe", "viewer", email="zoe@work.example.com")

    assert team.founder.get(team.path("members", "zoe")).body["email"] == "zoe@home.example.com"
    assert other.founder.get(other.path("members", "zoe")).body["email"] == "zoe@work.example.com"
    world.person("Zoe", sub="zoe", email="zoe@example.com").put("/me")
    assert other.founder.get(other.path("members", "zoe")).body["email"] == "zoe@example.com"


def test_what_a_persons_own_token_said_goes_before_what_a_machine_says(
    team: Team, world: World, machine: Caller
) -> None:
    bob = world.person("Bob", email="bob@home.example.com")
    Team.found(world, bob, "Bob's")

    reply = put(machine, team, bob.id, "viewer", email="bob@work.example.com", name="Robert")

    assert (reply.body["name"], reply.body["email"]) == ("Bob", "bob@home.example.com")
    nameless = world.person(None, email=None)
    Team.found(world, nameless, "Nameless")
    reply = put(machine, team, nameless.id, "viewer", email="kim@example.com", name="Kim")
    assert (reply.body["name"], reply.body["email"]) == ("Kim", "kim@example.com")


def test_an_address_that_is_in_is_not_moved_in_again(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    put(machine, team, "zoe", "viewer")
    before = world.items()

    for address in (bob.email, team.founder.email, "ZOE@example.com"):
        assert put(machine, team, "kim", "viewer", email=address).refusal == (409, "already_member")
    inviting = team.founder.post(team.path("invitations"), {"email": "zoe@example.com", "roles": ["viewer"]})
    assert inviting.refusal == (409, "already_member")
    assert world.items() == before


def test_a_live_invitation_stands_in_the_way_and_a_dead_one_goes(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    path = team.path("invitations", team.invite("zoe@example.com", "viewer", by=bob)["id"])
    assert put(machine, team, "zoe", "viewer").refusal == (409, "already_invited")
    team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["viewer"]})
    assert team.founder.get(path).body["status"] == "void"

    assert put(machine, team, "zoe", "viewer").status == 201

    team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["admin"]})  # who invited may invite again
    assert team.founder.get(path).refusal == (404, "not_found")
    assert team.founder.post(f"{path}/resend").refusal == (404, "not_found")
    assert world.person("Zoe").post(f"{path}/accept").refusal == (404, "not_found")


@pytest.mark.parametrize("status", ["canceled", "declined", "expired"])
def test_an_invitation_that_has_ended_any_other_way_goes_too(
    team: Team, world: World, machine: Caller, status: str
) -> None:
    zoe = world.person("Zoe")
    path = team.path("invitations", team.invite(zoe.email, "viewer")["id"])
    if status == "canceled":
        team.founder.delete(path)
    if status == "declined":
        zoe.post(f"{path}/decline")

    with world.later(days=8 if status == "expired" else 0):
        assert put(machine, team, "zoe", "viewer").status == 201
        assert team.founder.get(path).refusal == (404, "not_found")
        assert zoe.post(f"{path}/accept").status == 404


def test_who_leaves_can_come_back_either_way(team: Team, world: World, machine: Caller) -> None:
    put(machine, team, "zoe", "viewer")
    zoe = world.person("Zoe", sub="zoe")

    zoe.post(team.path("leave"))
    assert put(machine, team, "zoe", "viewer").status == 201
    team.founder.delete(team.path("members", "zoe"))
    assert team.member(team.join(zoe, "viewer"))["roles"] == ["viewer"]


def test_the_plans_caps_hold(deploy: Callable[[str], World]) -> None:
    world = deploy("certificates")
    team, machine = Team.found(world, world.person("Ada")), world.machine("roster/provision")

    full = put(machine, team, "zoe", "user")
    assert full.refusal == (409, "plan_limit")
    assert {"limit": "members", "maximum": 1, "plan": "free"}.items() <= full.body.items()
    assert full.body["upgrade_url"].startswith("https://")
    team.plan("basic")
    assert put(machine, team, "zoe", "user").status == 201


def test_owners_are_moved_in_within_the_cap_and_never_out(team: Team, machine: Caller) -> None:
    for reply in (put(machine, team, "zoe", "owner"), put(machine, team, "kim", "viewer", email="kim@example.com")):
        assert reply.status in {409, 201}
    assert put(machine, team, "kim", "owner").body["limit"] == "owners"
    team.plan("professional")
    assert put(machine, team, "kim", "owner").body["roles"] == ["owner"]

    demoted = put(machine, team, "kim", "viewer")
    assert (demoted.refusal, demoted.body["reason"]) == ((403, "forbidden"), "role_protected")
    assert team.organization()["owner_count"] == 2


def test_the_only_owner_of_a_team_is_neither_made_nor_unmade(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team, machine = Team.found(world, world.person("Ada")), world.machine("roster/provision")
    put(machine, team, "zoe", "billing", "installer")

    for user_id, roles in (("kim", ["owner"]), ("zoe", ["owner"]), (team.founder.id, ["billing"])):
        reply = put(machine, team, user_id, *roles)
        assert (reply.refusal, reply.body["reason"]) == ((403, "forbidden"), "transfer_only")
    assert put(machine, team, "kim", "owner", "billing").fields == ["roles"]


def test_the_last_admin_of_a_list_stays_one(deploy: Callable[[str], World]) -> None:
    world = deploy("certificates")
    team, machine = Team.found(world, world.person("Ada")), world.machine("roster/provision")

    assert put(machine, team, team.founder.id, "user").refusal == (409, "last_owner")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["email", "roles"]),
        ({"email": "zoe@example.com"}, ["roles"]),
        ({"email": "zoe", "roles": ["viewer"]}, ["email"]),
        ({"email": "zoe@roster.test", "roles": ["viewer"]}, ["email"]),
        ({"email": "zoe@example.com", "roles": []}, ["roles"]),
        ({"email": "zoe@example.com", "roles": ["king"]}, ["roles"]),
        ({"email": "zoe@example.com", "roles": ["admin", "viewer"]}, ["roles"]),
        ({"email": "zoe@example.com", "roles": ["viewer"], "name": "x" * 101}, ["name"]),
        ({"email": "zoe@example.com", "roles": ["viewer"], "user_id": "zoe"}, ["user_id"]),
    ],
    ids=repr,
)
def test_what_makes_no_member_is_refused_by_the_fields_name(
    team: Team, machine: Caller, body: dict[str, object], fields: list[str]
) -> None:
    before = team.world.items()

    assert machine.put(team.path("members", "zoe"), body).fields == fields
    assert team.world.items() == before


@pytest.mark.parametrize("user_id", ["me", ".", "..", "a b", "ä", "x" * 129, "a/b"])
def test_an_id_that_no_person_can_have_is_not_found(team: Team, machine: Caller, user_id: str) -> None:
    reply = machine.put(team.path("members", user_id), {"email": "zoe@example.com", "roles": ["viewer"]})

    assert reply.refusal == (404, "not_found")
    assert team.organization()["member_count"] == 1


def test_if_match_guards_it_and_nobody_has_seen_who_is_not_there(team: Team, machine: Caller) -> None:
    path, body = team.path("members", "zoe"), {"email": "zoe@example.com", "roles": ["viewer"]}
    for tag in ("*", '"stale"'):
        assert machine.put(path, body, If_Match=tag).refusal == (412, "precondition_failed")

    tag = machine.put(path, body).headers["etag"]

    assert machine.put(path, body | {"roles": ["admin"]}, If_Match='"stale"').refusal[0] == 412
    assert machine.put(path, body | {"roles": ["admin"]}, If_Match=tag).status == 200
