"""Removing somebody else, and leaving."""

from collections.abc import Callable
from itertools import product

import pytest

from tests.world import Caller, Team, World

# Who may remove whom; a second owner stands in where a pack can have one.
REMOVES = {
    "credentials": {
        "owner": {"admin", "issuer", "viewer"},
        "admin": {"issuer", "viewer"},
        "issuer": None,
        "viewer": None,
    },
    "teams": {
        "owner": {"account_admin", "billing", "validation", "installer"},
        "account_admin": {"account_admin", "billing", "validation", "installer"},
        "billing": None,
        "validation": None,
        "installer": None,
    },
    "certificates": {"admin": {"admin", "manager", "user"}, "manager": None, "user": None},
}
packs = pytest.mark.parametrize("pack", REMOVES)


def staffed(world: World) -> tuple[Team, dict[str, Caller]]:
    """A team with one person of each role, and a second of the founder's where there can be two."""
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    roles = [role for role in REMOVES[world.pack] if (world.pack, role) != ("teams", "owner")]
    return team, team.staff(*roles)


@packs
def test_who_removes_whom(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team, people = staffed(world)
    first, second, *_ = REMOVES[pack]
    targets = {first: team.founder} | people
    actors = targets | {first: team.founder, second: team.join(world.person("Zoe"), second)}

    for (role, actor), (other, target) in product(actors.items(), targets.items()):
        removes = REMOVES[pack][role]
        if target.id == actor.id and removes is not None:
            continue
        # With a stale If-Match what is allowed is 412, what is not 403, and nothing is done.
        reply = actor.delete(team.path("members", target.id), If_Match='"stale"')
        if removes is None:
            assert reply.refusal == (403, "forbidden"), (role, other)
            assert (reply.body["reason"], reply.body["permission"]) == ("permission_missing", "members:remove")
        elif other in removes:
            assert reply.refusal == (412, "precondition_failed"), (role, other)
        else:
            assert reply.refusal == (403, "forbidden"), (role, other)
            assert reply.body["reason"] == ("role_protected" if other == "owner" else "role_not_allowed")
            assert reply.body["role"] == other


def test_of_several_roles_the_remover_needs_the_right_over_each(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    admin = team.join(world.person("Bob"), "account_admin", "billing")
    zoe = team.join(world.person("Zoe"), "validation", "installer")

    assert admin.delete(team.path("members", zoe.id)).status == 204
    assert team.founder.delete(team.path("members", admin.id)).status == 204


def test_a_removal_ends_the_membership_and_is_one_event(team: Team, world: World) -> None:
    people = team.staff("admin", "viewer")

    reply = people["admin"].delete(team.path("members", people["viewer"].id))

    assert (reply.status, reply.text) == (204, "")
    assert team.founder.get(team.path("members", people["viewer"].id)).refusal == (404, "not_found")
    assert len(team.founder.get(team.path("members")).body["items"]) == team.organization()["member_count"] == 2
    assert people["viewer"].get("/me/organizations").body["items"] == []
    event = world.events(team.id)[-1]
    assert (event.type, event.actor_id, event.target_id) == ("member.removed", people["admin"].id, people["viewer"].id)
    assert people["admin"].delete(team.path("members", people["viewer"].id)).refusal == (404, "not_found")


def test_what_a_removed_member_held_elsewhere_stays(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    own = Team.found(world, bob, "Bob's")

    team.founder.delete(team.path("members", bob.id))

    assert [item["organization"]["id"] for item in bob.get("/me/organizations").body["items"]] == [own.id]


@packs
def test_nobody_removes_themselves(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    *_, least = REMOVES[pack]

    for path in (team.path("members", "me"), team.path("members", team.founder.id)):
        reply = team.founder.delete(path)
        assert reply.refusal == (403, "forbidden")
        assert reply.body["reason"] == "self"
    bob = team.join(world.person("Bob"), least)
    assert bob.delete(team.path("members", "me")).body["reason"] == "permission_missing"


def test_nobody_removes_an_owner(team: Team, world: World) -> None:
    team.plan("enterprise")
    people = team.staff("owner", "admin")

    for actor in people.values():
        reply = actor.delete(team.path("members", team.founder.id))

        assert reply.refusal == (403, "forbidden")
        assert (reply.body["reason"], reply.body["role"]) == ("role_protected", "owner")


def test_admins_of_certificates_remove_each_other_down_to_the_last(deploy: Callable[[str], World]) -> None:
    world = deploy("certificates")
    team = Team.found(world, world.person("Ada"))
    team.plan("basic")
    bob = team.join(world.person("Bob"), "admin")

    assert bob.delete(team.path("members", team.founder.id)).status == 204

    organization = bob.get(team.path()).body
    assert (organization["owner_count"], organization["member_count"]) == (1, 1)
    assert bob.post(team.path("leave")).refusal == (409, "last_owner")


def test_an_address_can_be_invited_again_and_is_another_membership(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    assert team.founder.post(team.path("invitations"), {"email": bob.email, "roles": ["viewer"]}).status == 409

    team.founder.delete(team.path("members", bob.id))
    with world.later(minutes=1):
        team.join(bob, "admin")
        bob.post(team.path("leave"))
        team.join(bob, "issuer")

        assert team.member(bob)["roles"] == ["issuer"]
        assert team.organization()["member_count"] == 2
        assert len(bob.get("/me/organizations").body["items"]) == 1


@packs
def test_everybody_may_leave_but_the_last_owner(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team, people = staffed(world)

    for person in people.values():
        reply = person.post(team.path("leave"))
        assert (reply.status, reply.text) == (204, "")
        assert person.get(team.path()).refusal == (404, "not_found")
        assert person.post(team.path("leave")).refusal == (404, "not_found")
        event = world.events(team.id)[-1]
        assert (event.type, event.actor_id, event.target_id) == ("member.left", person.id, person.id)
    before = world.items()
    assert team.founder.post(team.path("leave")).refusal == (409, "last_owner")
    assert world.items() == before
    assert (team.organization()["member_count"], team.organization()["owner_count"]) == (1, 1)


def test_the_founder_may_leave_once_there_is_another_owner(team: Team, world: World) -> None:
    team.plan("professional")
    bob = team.join(world.person("Bob"), "owner")

    assert team.founder.post(team.path("leave")).status == 204

    assert bob.get(team.path()).body["owner_count"] == 1
    assert bob.post(team.path("leave")).refusal == (409, "last_owner")
    assert bob.post(team.path("invitations"), {"email": team.founder.email, "roles": ["admin"]}).status == 201


def test_the_only_owner_of_a_team_cannot_leave_whoever_else_is_in_it(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.join(world.person("Bob"), "account_admin")

    assert team.founder.post(team.path("leave")).refusal == (409, "last_owner")
