"""Machines that read: with roster/read every GET of an organization, as no member, and nothing of anybody's own."""

from collections.abc import Callable

import pytest

from tests.world import Caller, Team, World

NOTHING = {
    "remove": False,
    "change_roles": False,
    "leave": False,
    "receive_ownership": False,
    "assignable_roles": [],
}


@pytest.fixture
def reader(world: World) -> Caller:
    return world.machine("roster/read")


def test_it_reads_what_members_read_and_may_do_nothing_to_it(team: Team, world: World, reader: Caller) -> None:
    team.plan("enterprise")
    team.founder.post(team.path("roles"), {"title": "Auditor", "permissions": ["activity:read"]})
    bob = team.join(world.person("Bob"), "viewer")
    invitation = team.path("invitations", team.invite("zoe@example.com", "viewer")["id"])

    assert reader.get(team.path()).body == team.organization()
    assert reader.get(team.path()).headers["etag"] == team.founder.get(team.path()).headers["etag"]
    nothing = {"can": {"edit": False, "delete": False}}
    roles = team.founder.get(team.path("roles")).body
    assert reader.get(team.path("roles")).body == roles | {
        "items": [role | nothing for role in roles["items"]],
        "can_create": False,
    }
    assert reader.get(team.path("activity")).body == team.founder.get(team.path("activity")).body
    assert reader.get(team.path("activity.csv")).text == team.founder.get(team.path("activity.csv")).text
    for path in (team.path("members", bob.id), invitation):
        seen, own = reader.get(path).body, team.founder.get(path).body
        assert seen == own | {
            "can": NOTHING if "members" in path else {"resend": False, "cancel": False, "copy_link": False}
        }
    for path in ("members", "invitations"):
        items = reader.get(team.path(path)).body["items"]
        own = team.founder.get(team.path(path)).body["items"]
        assert [item | {"can": 0} for item in items] == [item | {"can": 0} for item in own]
        assert not any(any(item["can"].values()) for item in items)


def test_it_is_no_member_and_so_no_me(team: Team, reader: Caller) -> None:
    assert reader.get(team.path("members", "me")).refusal == (404, "not_found")
    assert reader.get("/me/organizations").body["reason"] == "not_a_person"
    assert reader.get("/me/invitations").body["reason"] == "not_a_person"


def test_one_that_is_called_like_a_member_is_none(team: Team, world: World) -> None:
    namesake = Caller(world, {"sub": team.founder.id, "client_id": team.founder.id, "scope": "roster/read"})

    seen = namesake.get(team.path("members", team.founder.id)).body
    assert seen["can"] == NOTHING
    assert not {"permissions", "invitable_roles"} & seen.keys()
    assert namesake.get(team.path("members", "me")).refusal == (404, "not_found")
    assert namesake.patch(team.path(), {"name": "Mine"}).body["reason"] == "scope_missing"


def test_what_is_not_there_is_not_found(team: Team, world: World, reader: Caller) -> None:
    eve = world.person("Eve")
    Team.found(world, eve, "Other")
    for path in (team.path("members", eve.id), team.path("invitations", "none"), "/organizations/none"):
        assert reader.get(path).refusal == (404, "not_found")

    team.founder.delete(team.path())
    for part in ((), ("members",), ("invitations",), ("roles",), ("activity",), ("activity.csv",)):
        assert reader.get(team.path(*part)).refusal == (404, "not_found")


def test_it_changes_nothing(team: Team, reader: Caller) -> None:
    before = team.world.items()

    replies = (
        reader.patch(team.path(), {"metadata": {}}),
        reader.delete(team.path()),
        reader.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"]}),
        reader.put(team.path("members", "eve"), {"email": "eve@example.com", "roles": ["viewer"]}),
        reader.post(team.path("transfer"), {"user_id": "x", "from": "y"}),
        reader.post(team.path("access"), {"permissions": ["badges:create"]}),
        reader.post(team.path("leave")),
    )
    for reply in replies:
        assert reply.refusal == (403, "forbidden")
        assert reply.body["reason"] == "scope_missing"
    assert team.world.items() == before


@pytest.mark.parametrize("pack", ["teams", "certificates"])
def test_the_rule_holds_in_every_pack(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))

    (member,) = world.machine("roster/read").get(team.path("members")).body["items"]
    reply = world.machine("roster/read").get(team.path("members", team.founder.id))
    assert member == reply.body | {"etag": reply.headers["etag"]}
    assert member["can"] == NOTHING
