"""What is told beside each role: what stands alone, who holds it, and what the caller may do, as it is then done."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from roster.policy.pack import load
from tests.roles.custom import AUDITOR, edit, give, made
from tests.world import Caller, Team, World

PACKS = ["credentials", "teams", "certificates"]


def roles_of(team: Team, person: Caller) -> dict[str, dict[str, Any]]:
    """The roles, as somebody is shown them."""
    return {role["id"]: role for role in person.get(team.path("roles")).body["items"]}


def creates(team: Team, person: Caller) -> bool:
    """Whether somebody is told that they may make a role, which is held to be what is then done."""
    told: bool = person.get(team.path("roles")).body["can_create"]
    reply = person.post(team.path("roles"), {"title": f"By {person.id}", "permissions": ["members:read"]})
    assert (reply.status == 201) is told, reply.text
    if told:
        assert person.delete(team.path("roles", reply.body["id"])).status == 204
    return told


@pytest.mark.parametrize("pack", PACKS)
def test_beside_what_stands_alone_nothing_is_given(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    made(team, permissions=["members:read"])
    roles = roles_of(team, team.founder)
    bob = team.join(world.person("Bob"), [*load(pack).roles][-1])

    assert {name for name, role in roles.items() if role["alone"]} == ({"owner"} if pack == "teams" else {*roles})
    for one, other in permutations(roles, 2):
        reply = give(team, bob, one, other)
        assert (reply.status == 422) is (roles[one]["alone"] or roles[other]["alone"]), reply.text


def test_a_custom_role_is_shown_with_how_many_hold_it_and_a_built_in_one_with_none(acme: Team, world: World) -> None:
    role = made(acme)
    counted = []

    for name in ("Bob", "Eve"):
        acme.join(world.person(name), role)
        counted.append(roles_of(acme, acme.founder)[role]["holders"])
    bob, eve = (one["user_id"] for one in acme.founder.get(acme.path("members"), role=role).body["items"])
    acme.founder.delete(acme.path("members", bob))
    counted.append(roles_of(acme, acme.founder)[role]["holders"])
    acme.founder.put(acme.path("members", eve, "roles"), {"roles": ["viewer"]})
    counted.append(roles_of(acme, acme.founder)[role]["holders"])

    assert counted == [1, 2, 1, 0]
    assert roles_of(acme, acme.founder)["viewer"]["holders"] is None


@pytest.mark.parametrize("plan", ["enterprise", "professional"])
def test_what_one_can_do_to_a_role_is_what_is_then_done(acme: Team, world: World, plan: str) -> None:
    keeper = made(acme, title="Keeper", permissions=["roles:customize", "members:read"])
    held, idle = made(acme, title="Held", permissions=["members:read"]), made(acme, permissions=["members:read"])
    beyond = made(acme, title="Beyond", permissions=["billing:manage"])
    bob, eve = acme.join(world.person("Bob"), keeper), acme.join(world.person("Eve"), "admin")
    acme.join(world.person("Zoe"), held)
    acme.plan(plan)

    offered = {}
    for actor in (eve, bob, acme.founder):
        for name, role in roles_of(acme, actor).items():
            can = role["can"]
            offered[actor.id, name] = (can["edit"], can["delete"])
            wanted = {"permissions": role["permissions"], "description": f"As {actor.id} has it"}
            assert (edit(acme, name, actor, **wanted).status == 200) is can["edit"], (actor, name)
            assert (actor.delete(acme.path("roles", name)).status == 204) is can["delete"], (actor, name)

    edits = plan == "enterprise"
    assert {who for who, can in offered.items() if can != (False, False)} == (
        {(bob.id, idle), (acme.founder.id, beyond)}
        | ({(bob.id, keeper), (bob.id, held)} if edits else set())
        | ({(acme.founder.id, keeper), (acme.founder.id, held)} if edits else set())
    )
    assert offered[bob.id, idle] == offered[acme.founder.id, beyond] == (edits, True)


def test_who_edits_a_role_of_their_own_is_told_what_they_can_do_then(acme: Team, world: World) -> None:
    keeper = made(acme, permissions=["roles:customize", "members:read"])
    bob = acme.join(world.person("Bob"), keeper)

    reply = edit(acme, keeper, bob, permissions=["members:read"])

    assert reply.status == 200
    assert reply.body["can"] == {"edit": False, "delete": False}
    assert reply.body == roles_of(acme, bob)[keeper]


def test_one_is_told_whether_one_may_make_a_role(acme: Team, world: World) -> None:
    people = [acme.founder, *acme.staff("admin", "viewer").values()]

    assert [creates(acme, person) for person in people] == [True, False, False]
    acme.plan("professional")
    assert [creates(acme, person) for person in people] == [False, False, False]


def test_one_is_told_so_of_the_twentieth_too(acme: Team) -> None:
    for number in range(19):
        made(acme, title=f"Role {number}")

    assert creates(acme, acme.founder)
    made(acme, title="The twentieth")
    assert not creates(acme, acme.founder)


@pytest.mark.parametrize("pack", PACKS)
def test_every_permission_of_the_product_is_told_with_its_title(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    least = team.founder if pack == "certificates" else team.join(world.person("Bob"), [*load(pack).roles][-1])

    told = least.get(team.path("roles")).body["permission_titles"]

    assert told.keys() == {one for role in roles_of(team, team.founder).values() for one in role["permissions"]}
    assert len({*told.values()}) == len(told), "no two read alike"
    assert told["members:read"] == "See members and roles"
    assert all(title == title.strip() and title[0].isupper() and title[-1] != "." for title in told.values())


def test_a_member_sees_their_own_membership_without_the_permission_to_see_members(acme: Team, world: World) -> None:
    bob = acme.join(world.person("Bob"), made(acme, permissions=["badges:create"]))

    for own in ("me", bob.id):
        reply = bob.get(acme.path("members", own))
        assert (reply.status, reply.body["permissions"]) == (200, ["badges:create"])
        assert reply.headers["etag"] == acme.founder.get(acme.path("members", bob.id)).headers["etag"]
    for path in (acme.path("members"), acme.path("members", acme.founder.id), acme.path("members", "nobody")):
        assert bob.get(path).body["permission"] == "members:read"


def test_a_role_after_a_downgrade_is_still_one_that_its_holder_could_invite_to(acme: Team) -> None:
    role = made(acme, **AUDITOR)

    acme.plan("free")

    assert acme.founder.get(acme.path("members", "me")).body["invitable_roles"] == [
        *("owner", "admin", "issuer", "viewer"),
        role,
    ], "caps are not counted"
