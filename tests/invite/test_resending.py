"""Sending an invitation again: a new life, a new link, another inviter."""

from datetime import datetime, timedelta

import pytest

from tests.world import Caller, Team, World


def test_resending_gives_a_new_life_a_new_link_and_makes_the_caller_the_inviter(team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    first = team.invite("eve@example.com", "viewer", message="Come along")
    address, link = team.path("invitations", first["id"]), team.token(first["id"])
    old = team.founder.get(address)

    with world.later(days=2):
        reply = bea.post(f"{address}/resend")

        assert reply.status == 200
        again = reply.body
        assert again == first | {
            "invited_by": {"user_id": bea.id, "name": "Bea", "email": "bea@example.com"},
            "sends": 2,
            "sent_at": again["sent_at"],
            "expires_at": again["expires_at"],
        }
        sent, expires = (datetime.fromisoformat(again[name]) for name in ("sent_at", "expires_at"))
        assert expires - sent == timedelta(days=7)
        assert sent > datetime.fromisoformat(first["sent_at"])
        read = bea.get(address)
        assert (read.body, read.headers["etag"]) == (again, reply.headers["etag"])
        assert read.headers["etag"] != old.headers["etag"]
        assert team.token(first["id"]) != link
        assert team.event_types()[-1] == "invitation.resent"
    with world.later(days=8):
        preview = world.call("POST", "/invitations/preview", body={"token": team.token(first["id"])})
        assert preview.body["invited_by"]["user_id"] == bea.id
        accepted = world.person("Eve").post(f"{address}/accept")
        assert accepted.body["invited_by"]["user_id"] == bea.id


@pytest.mark.parametrize("state", ["pending", "expired", "void"])
def test_what_is_pending_expired_or_void_is_sent_again_to_whom_it_was_sent_and_as_what(
    state: str, team: Team, world: World
) -> None:
    bea = team.join(world.person("Bea"), "admin")
    invitation = team.invite("eve@example.com", "issuer", by=bea)
    address = team.path("invitations", invitation["id"])
    if state == "void":
        assert bea.post(team.path("leave")).status == 204

    with world.later(days=30 if state == "expired" else 0):
        assert team.founder.get(address).body["status"] == state
        again = team.founder.post(f"{address}/resend").body
        assert (again["status"], again["email"], again["roles"]) == ("pending", "eve@example.com", ["issuer"])
        joined = world.person("Eve").post(f"{address}/accept")
        assert (joined.status, joined.body["roles"]) == (200, ["issuer"])


def test_what_was_answered_or_cancelled_is_not_sent_again(team: Team, world: World) -> None:
    for name, state in (("Eve", "accepted"), ("Fay", "declined"), ("Gil", "canceled")):
        guest = world.person(name)
        address = team.path("invitations", team.invite(guest.email, "viewer")["id"])
        match state:
            case "accepted":
                assert guest.post(f"{address}/accept").status == 200
            case "declined":
                assert guest.post(f"{address}/decline").status == 204
            case _:
                assert team.founder.delete(address).status == 204

        reply = team.founder.post(f"{address}/resend")

        assert reply.refusal == (409, "not_pending")
        assert reply.body["invitation_status"] == state


def test_resending_needs_the_right_to_invite_to_the_role_and_a_verified_address(team: Team, world: World) -> None:
    team.plan("professional")
    bea, ivy = team.join(world.person("Bea"), "admin"), team.join(world.person("Ivy"), "issuer")
    invitation = team.invite("eve@example.com", "owner")
    again = team.path("invitations", invitation["id"], "resend")
    before = world.items()

    refused = bea.post(again)
    assert refused.refusal == (403, "forbidden")
    assert (refused.body["reason"], refused.body["role"]) == ("role_not_allowed", "owner")
    refused = ivy.post(again)
    assert refused.refusal == (403, "forbidden")
    assert (refused.body["reason"], refused.body["permission"]) == ("permission_missing", "invitations:manage")
    unverified = Caller(world, team.founder.claims | {"email_verified": "false"})
    assert unverified.post(again).refusal == (403, "email_not_verified")
    assert world.person("Sam").post(again).refusal == (404, "not_found")
    assert team.founder.post(team.path("invitations", "none", "resend")).refusal == (404, "not_found")
    assert world.items() == before


def test_every_resend_needs_no_more_than_the_stored_invitation(team: Team) -> None:
    invitation = team.invite("eve@example.com", "viewer")
    again = team.path("invitations", invitation["id"], "resend")

    bodies: list[object] = [None, {}, ""]
    assert [team.founder.post(again, body).body["sends"] for body in bodies] == [2, 3, 4]
