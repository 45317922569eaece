"""Invitations that die by themselves: past their time, or with the right of who sent them. Nothing has to notice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.world import Caller, Reply, Team, World

# How an inviter loses the right to invite: pack, plan, their role and the one invited to, and what the founder, or
# they themselves, do.
LOSSES = [
    ("credentials", "free", "admin", "viewer", "removed"),
    ("credentials", "free", "admin", "admin", "left"),
    ("credentials", "free", "admin", "viewer", "demoted to issuer"),
    ("credentials", "enterprise", "owner", "owner", "stepped down to admin"),
    ("teams", "standard", "account_admin", "billing", "removed"),
    ("teams", "standard", "account_admin", "account_admin", "left"),
    ("teams", "standard", "account_admin", "installer", "demoted to installer"),
    ("certificates", "pro", "admin", "user", "removed"),
    ("certificates", "pro", "admin", "admin", "left"),
    ("certificates", "pro", "admin", "user", "demoted to manager"),
]


def lose(team: Team, inviter: Caller, how: str) -> Reply:
    """Take the right to invite away."""
    role = how.rpartition(" ")[2]
    if how == "removed":
        return team.founder.delete(team.path("members", inviter.id))
    if how == "left":
        return inviter.post(team.path("leave"))
    actor = inviter if how.startswith("stepped") else team.founder
    return actor.put(team.path("members", inviter.id, "roles"), {"roles": [role]})


def status(team: Team, invitation_id: str) -> str:
    """The status that one of the organization shows, and its lists agree with."""
    told = str(team.founder.get(team.path("invitations", invitation_id)).body["status"])
    listed = team.founder.get(team.path("invitations"), status=told).body["items"]
    assert [one["status"] for one in listed if one["id"] == invitation_id] == [told]
    return told


@pytest.mark.parametrize(("pack", "plan", "role", "invited", "how"), LOSSES)
def test_an_invitation_is_void_once_its_inviter_may_not_invite_to_that_role(
    pack: str, plan: str, role: str, invited: str, how: str, deploy: Callable[[str], World]
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan(plan)
    bea = team.join(world.person("Bea"), role)
    invitation = team.invite("eve@example.com", invited, by=bea)
    eve, link = world.person("Eve"), {"token": team.token(invitation["id"])}
    before = len(team.event_types())

    assert lose(team, bea, how).status < 300

    assert status(team, invitation["id"]) == "void"
    assert eve.get("/me/invitations").body["items"] == []
    for operation in ("accept", "decline"):
        reply = eve.post(team.path("invitations", invitation["id"], operation))
        assert reply.refusal == (410, "invitation_void")
    assert world.call("POST", "/invitations/preview", body=link).refusal == (410, "invitation_void")
    assert len(team.event_types()) == before + 1


def test_what_the_inviter_may_still_invite_to_lives_on(team: Team, world: World) -> None:
    team.plan("enterprise")
    bea = team.join(world.person("Bea"), "owner")
    to_owner = team.invite("eve@example.com", "owner", by=bea)["id"]
    to_admin = team.invite("fay@example.com", "admin", by=bea)["id"]

    assert lose(team, bea, "stepped down to admin").status == 200

    assert (status(team, to_owner), status(team, to_admin)) == ("void", "pending")
    assert world.person("Fay").post(team.path("invitations", to_admin, "accept")).status == 200


def test_who_resends_is_the_one_whose_right_counts_from_then_on(team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    by_bea = team.invite("eve@example.com", "viewer")["id"]
    by_ada = team.invite("fay@example.com", "viewer", by=bea)["id"]
    assert bea.post(team.path("invitations", by_bea, "resend")).status == 200
    assert team.founder.post(team.path("invitations", by_ada, "resend")).status == 200

    assert lose(team, bea, "removed").status == 204

    assert (status(team, by_bea), status(team, by_ada)) == ("void", "pending")


def test_a_promotion_brings_back_what_a_demotion_voided(team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    invitation_id = team.invite("eve@example.com", "viewer", by=bea)["id"]
    assert lose(team, bea, "demoted to viewer").status == 200
    assert status(team, invitation_id) == "void"

    assert lose(team, bea, "promoted to admin").status == 200

    assert status(team, invitation_id) == "pending"


@pytest.mark.parametrize("how", ["removed", "left"])
def test_it_is_void_for_good_once_the_inviter_is_gone_until_it_is_resent(how: str, team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    invitation_id = team.invite("eve@example.com", "viewer", by=bea)["id"]
    address, eve = team.path("invitations", invitation_id), world.person("Eve")
    assert lose(team, bea, how).status == 204

    team.join(bea, "admin")
    assert status(team, invitation_id) == "void"
    assert eve.post(f"{address}/accept").refusal == (410, "invitation_void")
    assert bea.post(f"{address}/resend").status == 200
    assert status(team, invitation_id) == "pending"
    assert eve.post(f"{address}/accept").status == 200


def test_who_returned_can_invite_anew_whom_they_invited_before(team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    first = team.invite("eve@example.com", "viewer", by=bea)["id"]
    assert lose(team, bea, "left").status == 204
    team.join(bea, "admin")

    assert team.invite("eve@example.com", "issuer", by=bea)["id"] == first

    assert status(team, first) == "pending"


@pytest.mark.parametrize(
    ("pack", "plan", "role", "lifetime"),
    [
        ("credentials", "free", "viewer", timedelta(days=7)),
        ("teams", "standard", "billing", timedelta(hours=72)),
        ("certificates", "basic", "user", timedelta(days=7)),
    ],
)
def test_an_invitation_is_dead_at_the_very_second_it_expires(
    pack: str, plan: str, role: str, lifetime: timedelta, deploy: Callable[[str], World]
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan(plan)
    invitation = team.invite("eve@example.com", role)
    address, eve, link = (
        team.path("invitations", invitation["id"]),
        world.person("Eve"),
        {"token": team.token(invitation["id"])},
    )
    ends = datetime.fromisoformat(invitation["sent_at"]) + lifetime

    with world.at(ends):
        assert status(team, invitation["id"]) == "expired"
        assert eve.get("/me/invitations").body["items"] == []
        for operation in ("accept", "decline"):
            assert eve.post(f"{address}/{operation}").refusal == (410, "invitation_expired")
        assert world.call("POST", "/invitations/preview", body=link).refusal == (410, "invitation_expired")
    with world.at(ends - timedelta(seconds=10)):
        assert status(team, invitation["id"]) == "pending"
        assert len(eve.get("/me/invitations").body["items"]) == 1
        assert eve.post(f"{address}/accept").status == 200


def test_a_resend_counts_its_time_from_its_own_sending(team: Team, world: World) -> None:
    invitation_id = team.invite("eve@example.com", "viewer")["id"]
    with world.later(days=6):
        again = team.founder.post(team.path("invitations", invitation_id, "resend")).body

    with world.later(days=12):
        assert status(team, invitation_id) == "pending"
    with world.at(datetime.fromisoformat(again["expires_at"])):
        assert status(team, invitation_id) == "expired"


def test_what_is_both_expired_and_void_is_expired(team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    invitation_id = team.invite("eve@example.com", "viewer", by=bea)["id"]
    assert lose(team, bea, "left").status == 204

    assert status(team, invitation_id) == "void"
    with world.later(days=7):
        assert status(team, invitation_id) == "expired"
        reply = world.person("Eve").post(team.path("invitations", invitation_id, "accept"))
        assert reply.refusal == (410, "invitation_expired")


def test_the_time_of_dying_is_not_recorded_by_reading_it(team: Team, world: World) -> None:
    invitation_id = team.invite("eve@example.com", "viewer")["id"]
    before = world.items()

    with world.later(days=8):
        assert status(team, invitation_id) == "expired"

    assert world.items() == before
