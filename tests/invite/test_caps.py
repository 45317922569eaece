"""The plan's caps on owners and members: at inviting, accepting and promoting."""

from collections.abc import Callable

import pytest

from tests.world import Caller, Reply, Team, World

UPGRADE = "https://example.com/upgrade"


def refused(reply: Reply, limit: str, maximum: int, plan: str) -> None:
    """Hold a reply to be the refusal of growth beyond the plan, told to a member."""
    assert reply.refusal == (409, "plan_limit")
    told = {name: reply.body[name] for name in ("limit", "maximum", "plan", "upgrade_url")}
    assert told == {"limit": limit, "maximum": maximum, "plan": plan, "upgrade_url": UPGRADE}


def refused_to_a_guest(reply: Reply, limit: str, maximum: int) -> None:
    """Hold a reply to be that refusal, told to somebody invited: of the plan they learn nothing."""
    assert reply.refusal == (409, "plan_limit")
    assert reply.body.keys() == {"type", "title", "status", "detail", "code", "request_id", "limit", "maximum"}
    assert (reply.body["limit"], reply.body["maximum"]) == (limit, maximum)
    assert UPGRADE not in reply.text


def invite(team: Team, email: str, role: str) -> Reply:
    return team.founder.post(team.path("invitations"), {"email": email, "roles": [role]})


def accept(team: Team, person: Caller, invitation_id: str) -> Reply:
    return person.post(team.path("invitations", invitation_id, "accept"))


def promote(team: Team, person: Caller, role: str = "owner") -> Reply:
    return team.founder.put(team.path("members", person.id, "roles"), {"roles": [role]})


def counts(team: Team) -> tuple[int, int, dict[str, int | None]]:
    shown = team.organization()
    return shown["owner_count"], shown["member_count"], shown["limits"]


def test_owners_are_capped_at_one_then_two_then_not_at_all(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")

    refused(invite(team, "eve@example.com", "owner"), "owners", 1, "free")
    refused(promote(team, bob), "owners", 1, "free")
    team.plan("professional")
    assert promote(team, bob).status == 200
    refused(invite(team, "eve@example.com", "owner"), "owners", 2, "professional")
    cat = team.join(world.person("Cat"), "viewer")
    refused(promote(team, cat), "owners", 2, "professional")
    team.plan("enterprise")
    assert promote(team, cat).status == 200
    team.join(world.person("Eve"), "owner")
    assert counts(team) == (4, 4, {"owners": None, "members": None})


def test_owners_are_counted_as_they_are_and_not_as_invited(team: Team, world: World) -> None:
    team.plan("professional")
    eve, fay = world.person("Eve"), world.person("Fay")
    first, second = (team.invite(guest.email, "owner")["id"] for guest in (eve, fay))
    assert accept(team, eve, first).status == 200
    before = world.items()

    refused_to_a_guest(accept(team, fay, second), "owners", 2)
    refused(team.founder.post(team.path("invitations", second, "resend")), "owners", 2, "professional")

    assert world.items() == before
    assert [one["status"] for one in fay.get("/me/invitations").body["items"]] == ["pending"]
    assert eve.post(team.path("leave")).status == 204
    assert accept(team, fay, second).status == 200


def test_an_upgrade_brings_room_for_who_was_refused(team: Team, world: World) -> None:
    team.plan("professional")
    eve = world.person("Eve")
    invitation_id = team.invite(eve.email, "owner")["id"]
    team.plan("free")

    refused_to_a_guest(accept(team, eve, invitation_id), "owners", 1)
    team.plan("enterprise")
    assert accept(team, eve, invitation_id).status == 200


def test_a_full_plan_keeps_nobody_else_out(team: Team, world: World) -> None:
    for name in ("Bob", "Cat", "Dan"):
        team.join(world.person(name), "admin")

    assert counts(team) == (1, 4, {"owners": 1, "members": None})


def test_a_downgrade_removes_no_owner_and_blocks_more_until_there_is_room(team: Team, world: World) -> None:
    team.plan("enterprise")
    bob, cat = (team.join(world.person(name), "owner") for name in ("Bob", "Cat"))
    dan = team.join(world.person("Dan"), "admin")

    team.plan("professional")
    assert counts(team) == (3, 4, {"owners": 2, "members": None})
    refused(promote(team, dan), "owners", 2, "professional")
    assert team.member(dan)["can"]["assignable_roles"] == ["admin", "issuer", "viewer"]
    assert cat.put(team.path("members", "me", "roles"), {"roles": ["viewer"]}).status == 200
    refused(promote(team, dan), "owners", 2, "professional")
    assert bob.post(team.path("leave")).status == 204
    assert promote(team, dan).status == 200
    assert counts(team) == (2, 3, {"owners": 2, "members": None})


def test_in_teams_there_is_one_owner_and_the_account_admins_are_many(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    for plan in ("standard", "enterprise"):
        team.plan(plan)
        reply = invite(team, f"{plan}@example.com", "owner")
        assert reply.refusal == (403, "forbidden")
        assert (reply.body["reason"], reply.body["role"]) == ("transfer_only", "owner")

    for name in ("Bob", "Cat"):
        team.join(world.person(name), "account_admin")
    assert counts(team) == (1, 3, {"owners": 1, "members": None})


@pytest.fixture
def certificates(deploy: Callable[[str], World]) -> Team:
    """An organization on the free plan of the pack `certificates`."""
    world = deploy("certificates")
    return Team.found(world, world.person("Ada"))


def test_the_free_plan_is_single_user_and_says_where_to_upgrade(certificates: Team) -> None:
    team = certificates
    for role in ("admin", "manager", "user"):
        refused(invite(team, "eve@example.com", role), "members", 1, "free")
    before = team.organization()

    team.plan("basic")

    assert team.organization() == before | {
        "plan": "basic",
        "plan_title": "Basic",
        "limits": {"owners": None, "members": 5},
    }
    assert invite(team, "eve@example.com", "user").status == 201


def test_basic_has_five_seats_and_pro_and_enterprise_any_number(certificates: Team) -> None:
    team, world = certificates, certificates.world
    team.plan("basic")
    late = team.invite("late@example.com", "user")["id"]
    bob, *_ = (team.join(world.person(name), "user") for name in ("Bob", "Cat", "Dan", "Eve"))

    refused(invite(team, "fay@example.com", "user"), "members", 5, "basic")
    refused(team.founder.post(team.path("invitations", late, "resend")), "members", 5, "basic")
    refused_to_a_guest(accept(team, world.person("Late"), late), "members", 5)
    assert promote(team, bob, "admin").status == 200
    for plan in ("pro", "enterprise"):
        team.plan(plan)
        team.join(world.person(plan), "admin")
    assert counts(team) == (4, 7, {"owners": None, "members": None})


def test_a_downgrade_removes_no_member_and_blocks_more_until_there_is_room(certificates: Team) -> None:
    team, world = certificates, certificates.world
    team.plan("pro")
    bob, cat = (team.join(world.person(name), "user") for name in ("Bob", "Cat"))
    waiting = team.invite("eve@example.com", "user")["id"]

    team.plan("free")
    assert counts(team) == (1, 3, {"owners": None, "members": 1})
    refused(invite(team, "fay@example.com", "user"), "members", 1, "free")
    refused_to_a_guest(accept(team, world.person("Eve"), waiting), "members", 1)
    assert promote(team, bob, "manager").status == 200
    assert team.founder.delete(team.path("members", bob.id)).status == 204
    assert cat.post(team.path("leave")).status == 204
    refused_to_a_guest(accept(team, world.person("Eve"), waiting), "members", 1)
    team.plan("basic")
    assert accept(team, world.person("Eve"), waiting).status == 200
    assert counts(team) == (1, 2, {"owners": None, "members": 5})
