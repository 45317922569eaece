"""Members: the list of them, one of them, and what the caller may do to each."""

from collections.abc import Callable

import pytest

from tests.routes import pages_of
from tests.world import Caller, Team, World

STAFF = {
    "credentials": ("owner", "admin", "issuer", "viewer"),
    "teams": ("account_admin", "billing", "validation", "installer"),
    "certificates": ("admin", "manager", "user"),
}
NOTHING = {
    "remove": False,
    "change_roles": False,
    "leave": False,
    "receive_ownership": False,
    "assignable_roles": list[str](),
}


def ids(team: Team, **query: object) -> set[str]:
    """Who is in a list of members."""
    return {member["user_id"] for member in team.founder.get(team.path("members"), **query).body["items"]}


def test_a_member_is_shown_whole(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "issuer")

    shown = bob.get(team.path("members", bob.id))

    assert shown.status == 200
    assert shown.body == {
        "user_id": bob.id,
        "email": "bob@example.com",
        "name": "Bob",
        "roles": ["issuer"],
        "joined_at": shown.body["joined_at"],
        "last_signed_in_at": None,
        "invited_by": {"user_id": team.founder.id, "name": "Ada", "email": "ada@example.com"},
        "can": NOTHING | {"leave": True},
        "permissions": [
            "analytics:read",
            "badges:create",
            "badges:upload-image",
            "credentials:issue",
            "credentials:read",
            "members:read",
            "organization:read",
        ],
        "invitable_roles": [],
    }


def test_me_is_the_caller_and_only_they_see_what_they_are_permitted(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    me = bob.get(team.path("members", "me"))

    assert me.body == bob.get(team.path("members", bob.id)).body
    assert me.body["permissions"] == ["analytics:read", "credentials:read", "members:read", "organization:read"]
    for other in (team.member(bob), bob.get(team.path("members", team.founder.id)).body):
        assert not {"permissions", "invitable_roles"} & other.keys()


@pytest.mark.parametrize("pack", STAFF)
def test_everybody_in_it_sees_everybody_in_it(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    people = team.staff(*STAFF[pack])

    for person in people.values():
        (page,) = pages_of(person, team.path("members"))
        assert {member["user_id"]: member["roles"] for member in page} == {
            team.founder.id: team.member(team.founder)["roles"]
        } | {other.id: [role] for role, other in people.items()}
        shown = {member["user_id"]: member for member in page}
        alone = person.get(team.path("members", team.founder.id))
        assert alone.body | {"etag": alone.headers["etag"]} == shown[team.founder.id]


@pytest.mark.parametrize("pack", STAFF)
def test_what_one_can_do_to_a_member_is_what_is_then_done(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    people = team.staff(*STAFF[pack])
    roles = [role["id"] for role in team.founder.get(team.path("roles")).body["items"]]

    for actor in (team.founder, *people.values()):
        permissions = actor.get(team.path("members", "me")).body["permissions"]
        for member in actor.get(team.path("members")).body["items"]:
            can, path = member["can"], team.path("members", member["user_id"])
            assert can["leave"] is (member["user_id"] == actor.id and member["roles"] != _only_owner(pack))
            assert can["change_roles"] is bool(can["assignable_roles"])
            if not {"members:remove", "roles:assign"} & {*permissions}:
                assert can == NOTHING | {"leave": can["leave"]}
                continue
            # With a stale If-Match what is allowed is 412, what is not 403, and nothing is done.
            assert can["remove"] is (actor.delete(path, If_Match='"stale"').status == 412)
            if member["roles"] == _only_owner(pack):
                assert can["assignable_roles"] == []
                continue
            assigns = "roles:assign" in permissions
            for role in roles if assigns else roles[:1]:
                reply = actor.put(f"{path}/roles", {"roles": [role]}, If_Match='"stale"')
                assert (reply.status == 412) is (role in can["assignable_roles"] and [role] != member["roles"])


@pytest.mark.parametrize("pack", STAFF)
def test_whom_one_can_make_the_owner_is_who_then_becomes_it(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    for role in STAFF[pack]:
        team = Team.found(world, world.person("Ada"))
        team.plan("enterprise")
        people = team.staff(*STAFF[pack])
        for actor in (team.founder, *people.values()):
            for member in actor.get(team.path("members")).body["items"]:
                if not member["can"]["receive_ownership"]:
                    reply = actor.post(team.path("transfer"), {"user_id": member["user_id"]})
                    assert reply.status in {403, 409}, reply.text
        chosen = team.member(people[role])

        reply = team.founder.post(team.path("transfer"), {"user_id": chosen["user_id"]})

        assert (reply.status == 200) is chosen["can"]["receive_ownership"] is (chosen["roles"] != [_owner(pack)])
        if reply.status == 200:
            assert reply.body["can"]["receive_ownership"] is False
            assert team.member(people[role])["can"]["receive_ownership"] is False
            assert team.member(team.founder, by=people[role])["can"]["receive_ownership"] is True


def _owner(pack: str) -> str:
    return "admin" if pack == "certificates" else "owner"


@pytest.mark.parametrize("pack", STAFF)
def test_to_which_roles_one_can_invite_is_what_is_then_done(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    people = team.staff(*STAFF[pack])
    custom = {"title": "Reader", "permissions": ["members:read"]}
    roles = [*[role["id"] for role in team.founder.get(team.path("roles")).body["items"]]]
    roles.append(team.founder.post(team.path("roles"), custom).body["id"])

    for actor in (team.founder, *people.values()):
        invitable = actor.get(team.path("members", "me")).body["invitable_roles"]
        assert invitable == [role for role in roles if role in invitable], "in the pack's order"
        for number, role in enumerate(roles):
            invited = {"email": f"{actor.id}.{number}@example.com", "roles": [role]}
            reply = actor.post(team.path("invitations"), invited)
            assert (reply.status == 201) is (role in invitable), reply.text


def test_caps_are_not_counted_in_the_roles_that_one_can_invite_to(team: Team) -> None:
    me = team.founder.get(team.path("members", "me")).body

    assert me["invitable_roles"] == ["owner", "admin", "issuer", "viewer"]
    reply = team.founder.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["owner"]})
    assert reply.refusal == (409, "plan_limit")


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email": None}], ids=["unverified", "absent"])
def test_without_a_verified_address_one_can_invite_to_no_role(
    team: Team, world: World, claims: dict[str, object]
) -> None:
    told = {name: value for name, value in (team.founder.claims | claims).items() if value is not None}
    same = Caller(world, told)

    assert same.get(team.path("members", "me")).body["invitable_roles"] == []
    reply = same.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"]})
    assert reply.refusal == (403, "email_not_verified")


def _only_owner(pack: str) -> list[str] | None:
    return ["owner"] if pack == "teams" else None


def test_the_last_owner_can_neither_go_nor_step_down(team: Team, world: World) -> None:
    assert team.member(team.founder)["can"] == NOTHING

    team.plan("professional")
    bob = team.join(world.person("Bob"), "owner")

    own = {"change_roles": True, "leave": True, "assignable_roles": list(STAFF["credentials"])}
    assert team.member(team.founder)["can"] == NOTHING | own
    assert team.member(bob)["can"] == NOTHING


def test_nobody_is_offered_an_owners_seat_that_the_plan_does_not_have(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    assert team.member(bob)["can"]["assignable_roles"] == ["admin", "issuer", "viewer"]

    team.plan("professional")

    assert team.member(bob)["can"]["assignable_roles"] == ["owner", "admin", "issuer", "viewer"]


def test_an_address_is_that_of_the_token_if_verified_else_the_invited_one(team: Team, world: World) -> None:
    zoe = world.person("Zoe", email="zoe@private.example.com")
    eve = world.person("Eve", email="eve@private.example.com", verified=False)
    for person, address in ((zoe, "zoe@work.example.com"), (eve, "eve@work.example.com")):
        invitation = team.invite(address, "viewer")
        brought = {"token": team.token(invitation["id"])}
        assert person.post(team.path("invitations", invitation["id"], "accept"), brought).status == 200

    assert team.member(zoe)["email"] == "zoe@private.example.com"
    assert team.member(eve)["email"] == "eve@work.example.com"
    assert "eve@private" not in str(world.items())


def test_a_role_filters(team: Team, world: World) -> None:
    people = team.staff("admin", "viewer")
    zoe = team.join(world.person("Zoe"), "viewer")

    assert ids(team, role="viewer") == {people["viewer"].id, zoe.id}
    assert ids(team, role="owner") == {team.founder.id}
    for unknown in ("king", "Viewer", "", "viewer,admin"):
        reply = team.founder.get(team.path("members"), role=unknown)
        assert (reply.status, reply.body) == (200, {"items": [], "next_cursor": None})


def test_a_role_filters_who_has_it_among_others(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    bob = team.join(world.person("Bob"), "installer", "billing")

    assert team.member(bob)["roles"] == ["billing", "installer"]
    assert ids(team, role="billing") == ids(team, role="installer") == {bob.id}


def test_members_come_in_pages_each_once(team: Team, world: World) -> None:
    subs = ("a", "a+", "a~", "aa", "A")
    everybody = {team.founder.id} | {
        team.join(world.person(f"P{n}", sub=sub), "viewer").id for n, sub in enumerate(subs)
    }

    for limit in (1, 4):
        seen = [
            member["user_id"] for page in pages_of(team.founder, team.path("members"), limit=limit) for member in page
        ]
        assert sorted(seen) == sorted(everybody)
    viewers = [
        member["user_id"]
        for page in pages_of(team.founder, team.path("members"), limit=2, role="viewer")
        for member in page
    ]
    assert sorted(viewers) == sorted(everybody - {team.founder.id})


def test_who_is_no_member_is_not_found(team: Team, world: World) -> None:
    eve = world.person("Eve")
    Team.found(world, eve)

    assert team.founder.get(team.path("members", eve.id)).refusal == (404, "not_found")
    assert eve.get(team.path("members", "me")).refusal == (404, "not_found")


def can_of(team: Team, person: Caller, by: Caller) -> dict[str, object]:
    """What somebody can do to a member."""
    can: dict[str, object] = team.member(person, by=by)["can"]
    return can


def test_an_admin_of_badges_can_remove_but_not_promote(team: Team, world: World) -> None:
    people = team.staff("admin", "viewer")

    assert can_of(team, people["viewer"], by=people["admin"]) == NOTHING | {"remove": True}
    assert can_of(team, team.founder, by=people["admin"]) == NOTHING
    assert can_of(team, people["admin"], by=people["admin"]) == NOTHING | {"leave": True}
