"""Custom roles: made, edited, given, invited to, listed and deleted, and never more than whoever made them holds."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.roles.custom import AUDITOR, edit, give, listed, made, make
from tests.world import Team, World

BUILT_IN_ONLY = ("ownership:transfer", "organization:delete", "organization:notifications")
# Who makes roles, beside the owner, and the plan that has them.
MAKERS = {"credentials": (), "teams": ("account_admin",), "certificates": ()}
LEAST = {"credentials": "viewer", "teams": "installer", "certificates": "user"}


# ---- Making ----------------------------------------------------------------------------------------------------------


def test_a_role_is_made_listed_and_recorded(acme: Team) -> None:
    reply = make(acme, title="  Auditor ", description="Reads\nthe log.", removes=["viewer", "viewer"])

    shown = reply.body
    assert reply.status == 201
    assert reply.headers["location"] == f"https://api.example.com{acme.path('roles', shown['id'])}"
    assert shown == {
        "id": shown["id"],
        "title": "Auditor",
        "description": "Reads\nthe log.",
        "custom": True,
        "alone": True,
        "permissions": sorted(AUDITOR["permissions"]),
        "invites": [],
        "removes": ["viewer"],
        "assigns": [],
        "holders": 0,
        "can": {"edit": True, "delete": True},
    }
    assert listed(acme) == [shown]
    event = acme.founder.get(acme.path("activity")).body["items"][0]
    assert event["type"] == "role.created"
    assert event["target"] == {"type": "role", "id": shown["id"], "name": "Auditor"}
    assert event["sentence"] == "Ada created the role Auditor."


@pytest.mark.parametrize("pack", MAKERS)
def test_who_makes_roles_in_each_pack(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    roles = [role["id"] for role in team.founder.get(team.path("roles")).body["items"]]
    staff = team.staff(*[role for role in roles if role not in {"owner", "admin"}])

    assert make(team).status == 201
    for role, person in staff.items():
        reply = make(team, person)
        if role in MAKERS[pack]:
            assert reply.status == 201
        else:
            assert reply.body["reason"] == "permission_missing"
            assert reply.body["permission"] == "roles:customize"


@pytest.mark.parametrize("pack", MAKERS)
def test_only_some_plans_have_custom_roles(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    before = world.items()

    reply = make(team)

    assert reply.refusal == (409, "plan_limit")
    assert (reply.body["limit"], reply.body["maximum"]) == ("custom_roles", 0)
    assert reply.body["plan"] == team.organization()["plan"]
    assert reply.body["upgrade_url"].startswith("https://")
    assert world.items() == before


def test_there_are_at_most_twenty(acme: Team) -> None:
    roles = [made(acme, title=f"Role {number}") for number in range(20)]

    reply = make(acme)

    assert reply.refusal == (409, "plan_limit")
    assert (reply.body["limit"], reply.body["maximum"]) == ("custom_roles", 20)
    assert [role["title"] for role in listed(acme)] == [f"Role {number}" for number in range(20)]
    assert acme.founder.delete(acme.path("roles", roles[7])).status == 204
    assert make(acme).status == 201


@pytest.mark.parametrize("permission", BUILT_IN_ONLY)
def test_some_permissions_are_for_built_in_roles_alone(acme: Team, permission: str) -> None:
    role = made(acme)

    for reply in (make(acme, permissions=[permission]), edit(acme, role, permissions=["activity:read", permission])):
        assert reply.refusal == (403, "forbidden")
        assert (reply.body["reason"], reply.body["permission"]) == ("permission_missing", permission)


def test_nobody_puts_into_a_role_what_they_lack(deploy: Callable[[str], World]) -> None:
    world = deploy("credentials")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    keeper = made(team, title="Keeper", permissions=["roles:customize", "members:read", "badges:create"])
    bob = team.join(world.person("Bob"), keeper)

    assert make(team, bob, permissions=["badges:create"]).status == 201
    lacking = make(team, bob, permissions=["badges:create", "credentials:issue"])
    assert (lacking.body["reason"], lacking.body["permission"]) == ("permission_missing", "credentials:issue")
    for right in ("invites", "removes", "assigns"):
        reply = make(team, bob, permissions=["badges:create"], **{right: ["viewer"]})
        assert reply.refusal == (403, "forbidden")
        assert (reply.body["reason"], reply.body["role"]) == ("permission_missing", "viewer")


def test_an_owner_lists_no_role_that_they_may_not_touch_themselves(acme: Team) -> None:
    reply = make(acme, permissions=["members:remove"], removes=["owner"])

    assert (reply.body["reason"], reply.body["role"]) == ("permission_missing", "owner")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 101),
        ("title", "See www.example.com"),
        ("description", "x" * 501),
        ("description", "https://example.com"),
        ("permissions", []),
        ("permissions", ["badges:fly"]),
        ("permissions", ["nonsense", "badges:create"]),
        ("permissions", "badges:create"),
        ("permissions", [None]),
        ("permissions", ["x:y"] * 100 + [f"x:y{n}" for n in range(101)]),
        ("invites", ["king"]),
        ("removes", [1]),
        ("assigns", {"viewer": True}),
        ("id", "viewer"),
        ("custom", False),
    ],
    ids=str,
)
def test_what_makes_no_role_is_refused_by_the_fields_name(acme: Team, field: str, value: Any) -> None:
    role = made(acme)
    before = acme.world.items()

    wrong: dict[str, Any] = {field: value}
    assert set(make(acme, **wrong).fields) == {field}
    assert set(edit(acme, role, **wrong).fields) == {field}
    assert acme.world.items() == before


def test_a_list_names_built_in_roles_only_and_all_that_is_wrong_is_named(acme: Team) -> None:
    role = made(acme)

    wrong: dict[str, Any] = {"permissions": ["nonsense"], "invites": [role], "removes": ["viewer", "king"]}
    assert make(acme, **wrong).fields == ["permissions", "invites", "removes"]


# ---- Holding ---------------------------------------------------------------------------------------------------------


def test_a_member_holds_it_and_may_what_it_says(acme: Team, world: World) -> None:
    bob = acme.join(world.person("Bob"), "viewer")
    role = made(acme)
    assert bob.get(acme.path("activity")).status == 403

    given = give(acme, bob, role)

    assert (given.status, given.body["roles"]) == (200, [role])
    assert bob.get(acme.path("activity")).status == 200
    me = bob.get(acme.path("members", "me")).body
    assert me["permissions"] == sorted(AUDITOR["permissions"])
    assert acme.founder.get(acme.path("members"), role=role).body["items"] == [
        given.body | {"etag": given.headers["etag"]}
    ]
    event = acme.founder.get(acme.path("activity"), type="member.roles_changed").body["items"][0]
    assert event["sentence"] == "Ada changed the roles of Bob from Viewer to Auditor."


def test_somebody_is_invited_to_it(acme: Team, world: World) -> None:
    role, bob = made(acme), world.person("Bob")
    invitation = acme.invite(bob.email, role)
    assert invitation["roles"] == [role]

    joined = bob.post(acme.path("invitations", invitation["id"], "accept"))

    assert (joined.status, joined.body["roles"]) == (200, [role])
    assert bob.get(acme.path("activity")).status == 200


def test_it_goes_beside_others_where_a_member_has_several(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    first, second = made(team), made(team, title="Payer", permissions=["billing:manage"])
    bob = team.join(world.person("Bob"), "installer", first)

    assert team.member(bob)["roles"] == ["installer", first]
    assert give(team, bob, second, first, "validation").body["roles"] == ["validation", first, second]
    assert give(team, team.founder, "owner", first).fields == ["roles"]


def test_it_is_handed_out_by_who_holds_all_of_it_and_may_hand_out_some_built_in_role(
    deploy: Callable[[str], World],
) -> None:
    world = deploy("credentials")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    small, large = made(team, permissions=["badges:create"]), made(team, permissions=["signing-keys:generate"])
    people = team.staff("admin", "viewer")

    assert team.invite("eve@example.com", small, by=people["admin"])["roles"] == [small]
    refused = people["admin"].post(team.path("invitations"), {"email": "zoe@example.com", "roles": [large]})
    assert (refused.body["reason"], refused.body["role"]) == ("role_not_allowed", large)
    holder = team.join(world.person("Kim"), large)
    assert people["admin"].delete(team.path("members", holder.id)).body["reason"] == "role_not_allowed"
    assert team.founder.delete(team.path("members", holder.id)).status == 204


def test_what_its_lists_say_its_holder_may_do_within_what_they_hold(acme: Team, world: World) -> None:
    viewer = ["organization:read", "members:read", "credentials:read", "analytics:read"]
    recruiter = made(acme, title="Recruiter", permissions=[*viewer, "invitations:manage"], invites=["viewer", "admin"])
    bob = acme.join(world.person("Bob"), recruiter)

    assert acme.invite("eve@example.com", "viewer", by=bob)
    beyond = bob.post(acme.path("invitations"), {"email": "zoe@example.com", "roles": ["admin"]})
    assert (beyond.body["reason"], beyond.body["role"]) == ("role_not_allowed", "admin")


def test_a_client_is_never_offered_a_role_that_the_plan_does_not_give(acme: Team, world: World) -> None:
    role, bob = made(acme), acme.join(world.person("Bob"), "viewer")
    invitation = acme.invite("eve@example.com", role)
    path = acme.path("invitations", invitation["id"])
    assert role in acme.member(bob)["can"]["assignable_roles"]
    assert acme.founder.get(path).body["can"]["resend"] is True

    acme.plan("professional")

    assert role not in acme.member(bob)["can"]["assignable_roles"]
    assert acme.founder.get(path).body["can"] == {"resend": False, "cancel": True, "copy_link": True}
