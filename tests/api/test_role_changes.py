"""Changing roles: those of others, and stepping down."""

from collections.abc import Callable

import pytest

from tests.world import Caller, Reply, Team, World

ROLES = {
    "credentials": ("owner", "admin", "issuer", "viewer"),
    "teams": ("owner", "account_admin", "billing", "validation", "installer"),
    "certificates": ("admin", "manager", "user"),
}
# Who changes whose roles; of all others nobody does.
CHANGES = {
    "credentials": {"owner": {"admin", "issuer", "viewer"}},
    "teams": {role: {"account_admin", "billing", "validation", "installer"} for role in ("owner", "account_admin")},
    "certificates": {"admin": {"admin", "manager", "user"}},
}
packs = pytest.mark.parametrize("pack", ROLES)


def put(actor: Caller, team: Team, target: Caller, *roles: str, **headers: str) -> Reply:
    """Give somebody exactly these roles."""
    return actor.put(team.path("members", target.id, "roles"), {"roles": list(roles)}, **headers)


@packs
def test_who_changes_the_roles_of_whom_to_what(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    top = ROLES[pack][0]
    people = team.staff(*(role for role in ROLES[pack] if (pack, role) != ("teams", "owner")))
    targets = {top: team.founder} | people

    for actor_role, actor in ({top: team.founder} | people).items():
        changes = CHANGES[pack].get(actor_role)
        for held, target in targets.items():
            if target.id == actor.id:
                continue
            for wanted in ROLES[pack] if changes else ROLES[pack][-1:]:
                # With a stale If-Match what is allowed is 412, what is not 403, and nothing is done.
                reply = put(actor, team, target, wanted, If_Match='"stale"')
                case = actor_role, held, wanted
                if changes is None:
                    assert reply.refusal == (403, "forbidden"), case
                    assert reply.body["reason"] == "permission_missing", case
                    assert reply.body["permission"] == "roles:assign", case
                elif held == wanted:
                    assert reply.status == 200, case
                elif pack == "teams" and "owner" in {held, wanted}:
                    assert reply.refusal == (403, "forbidden"), case
                    assert (reply.body["reason"], reply.body["role"]) == ("transfer_only", "owner"), case
                elif held in changes:
                    assert reply.refusal == (412, "precondition_failed"), case
                else:
                    assert reply.refusal == (403, "forbidden"), case
                    assert (reply.body["reason"], reply.body["role"]) == ("role_protected", held), case


def test_a_change_replaces_all_roles_and_is_one_event(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    before = team.member(bob)

    reply = put(team.founder, team, bob, "admin", "admin")

    assert (reply.status, reply.body) == (200, before | {"roles": ["admin"]})
    assert reply.headers["etag"] == team.founder.get(team.path("members", bob.id)).headers["etag"]
    assert team.member(bob) == reply.body
    event = world.events(team.id)[-1]
    assert (event.type, event.actor_id, event.target_id) == ("member.roles_changed", team.founder.id, bob.id)
    assert event.data == {"from": ["viewer"], "to": ["admin"]}
    assert bob.patch(team.path(), {"name": "Bob's"}).status == 200


def test_a_member_of_a_team_may_hold_several_roles_and_others_elsewhere(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    other = Team.found(world, team.founder, "Other")
    bob = team.join(world.person("Bob"), "installer")
    other.join(bob, "validation")

    reply = put(team.founder, team, bob, "installer", "billing", "account_admin", "billing")

    assert reply.body["roles"] == ["account_admin", "billing", "installer"]
    assert world.events(team.id)[-1].data == {"from": ["installer"], "to": ["account_admin", "billing", "installer"]}
    assert other.member(bob)["roles"] == ["validation"]
    assert put(team.founder, team, bob, "billing").body["roles"] == ["billing"]


def test_the_roles_that_they_have_already_are_nothing_to_do(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    people = team.staff("account_admin", "billing")
    bob = team.join(world.person("Bob"), "billing", "installer")
    before = world.items()

    reply = put(team.founder, team, bob, "installer", "billing", "installer")
    assert (reply.status, reply.body) == (200, team.member(bob))
    assert put(people["account_admin"], team, team.founder, "owner").status == 200
    assert put(people["billing"], team, bob, "billing", "installer").refusal == (403, "forbidden")

    assert world.items() == before


@pytest.mark.parametrize(
    ("pack", "roles"),
    [
        ("credentials", ["king"]),
        ("credentials", ["Admin"]),
        ("credentials", ["account_admin"]),
        ("credentials", ["issuer", "viewer"]),
        ("teams", ["owner", "billing"]),
        ("teams", ["billing", "king"]),
        ("certificates", ["manager", "user"]),
        ("certificates", ["owner"]),
    ],
    ids=repr,
)
def test_what_nobody_could_hold_is_refused_on_roles(
    deploy: Callable[[str], World], pack: str, roles: list[str]
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    before = world.items()

    assert put(team.founder, team, team.founder, *roles).fields == ["roles"]
    assert world.items() == before


def test_all_bad_roles_are_named(team: Team) -> None:
    reply = put(team.founder, team, team.founder, "king", "queen", "viewer")

    assert set(reply.fields) == {"roles"}
    assert all(name in reply.text for name in ("king", "queen"))


def test_a_member_who_is_not_there_is_not_found(team: Team, world: World) -> None:
    eve = world.person("Eve")
    Team.found(world, eve)

    assert put(team.founder, team, eve, "viewer").refusal == (404, "not_found")


def test_promoting_to_owner_counts_against_the_cap(team: Team, world: World) -> None:
    bob, zoe = team.join(world.person("Bob"), "admin"), team.join(world.person("Zoe"), "viewer")
    refused = put(team.founder, team, bob, "owner")
    assert refused.refusal == (409, "plan_limit")
    assert (refused.body["limit"], refused.body["maximum"], refused.body["plan"]) == ("owners", 1, "free")
    assert refused.body["upgrade_url"].startswith("https://")

    team.plan("professional")

    promoted = put(team.founder, team, bob, "owner")
    assert (promoted.status, promoted.body) == (200, team.member(bob))
    assert promoted.body["can"] == {
        "remove": False,
        "change_roles": False,
        "leave": False,
        "receive_ownership": False,
        "assignable_roles": [],
    }
    assert team.organization()["owner_count"] == 2
    assert put(bob, team, zoe, "owner").refusal == (409, "plan_limit")
    assert put(team.founder, team, bob, "viewer").body["reason"] == "role_protected"


def test_an_owner_steps_down_while_another_remains(team: Team, world: World) -> None:
    refused = put(team.founder, team, team.founder, "admin")
    assert refused.refusal == (409, "last_owner")
    team.plan("professional")
    team.join(world.person("Bob"), "owner")

    reply = team.founder.put(team.path("members", "me", "roles"), {"roles": ["viewer"]})

    assert reply.status == 200
    assert reply.body["roles"] == ["viewer"]
    assert reply.body["can"] == {
        "remove": False,
        "change_roles": False,
        "leave": True,
        "receive_ownership": False,
        "assignable_roles": [],
    }
    assert team.organization()["owner_count"] == 1
    assert put(team.founder, team, team.founder, "owner").body["reason"] == "permission_missing"


def test_admins_of_certificates_demote_each_other_down_to_the_last(deploy: Callable[[str], World]) -> None:
    world = deploy("certificates")
    team = Team.found(world, world.person("Ada"))
    team.plan("basic")
    bob = team.join(world.person("Bob"), "admin")

    assert put(bob, team, team.founder, "user").status == 200

    assert put(bob, team, bob, "manager").refusal == (409, "last_owner")
    assert put(team.founder, team, bob, "user").body["reason"] == "permission_missing"
    assert put(bob, team, team.founder, "admin").body["can"]["remove"] is True


def test_who_may_not_change_roles_may_not_lay_down_their_own(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")

    assert put(bob, team, bob, "viewer").body["reason"] == "permission_missing"


def test_a_team_admin_lays_down_and_takes_up_what_they_could_give(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    bob = team.join(world.person("Bob"), "account_admin")

    assert put(bob, team, bob, "account_admin", "billing").status == 200
    assert put(bob, team, bob, "owner").body["reason"] == "transfer_only"
    assert put(bob, team, bob, "installer").status == 200
    assert put(bob, team, bob, "account_admin").body["reason"] == "permission_missing"


def test_the_only_owner_of_a_team_cannot_step_down(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.join(world.person("Bob"), "account_admin")

    assert put(team.founder, team, team.founder, "account_admin").refusal == (409, "last_owner")
    assert team.organization()["owner_count"] == 1


def test_the_roles_of_a_pack_are_listed_in_its_order_and_whole(deploy: Callable[[str], World]) -> None:
    for pack, roles in ROLES.items():
        world = deploy(pack)
        team = Team.found(world, world.person("Ada"))
        team.plan("enterprise")
        least = team.join(world.person("Bob"), roles[-1])

        listed = least.get(team.path("roles"))

        assert listed.status == 200
        assert listed.body.keys() == {"items", "can_create", "permission_titles"}
        assert tuple(role["id"] for role in listed.body["items"]) == roles
        for role in listed.body["items"]:
            right = {"permissions", "invites", "removes", "assigns"}
            assert role.keys() == {"id", "title", "description", "custom", "alone", "holders", "can"} | right
            assert role["title"]
            assert role["description"]
            assert role["custom"] is False
            assert role["holders"] is None
            assert role["can"] == {"edit": False, "delete": False}
            assert set(role["assigns"]) <= set(roles)
        shown = {role["id"]: role for role in listed.body["items"]}
        me = least.get(team.path("members", "me")).body
        assert me["permissions"] == shown[roles[-1]]["permissions"]
