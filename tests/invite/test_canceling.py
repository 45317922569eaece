"""Cancelling an invitation."""

from tests.world import Caller, Team, World

NEITHER = {"resend": False, "cancel": False, "copy_link": False}


def test_a_cancelled_invitation_stays_readable_and_its_link_is_dead(team: Team, world: World) -> None:
    invitation = team.invite("eve@example.com", "viewer")
    address, link = team.path("invitations", invitation["id"]), {"token": team.token(invitation["id"])}

    reply = team.founder.delete(address)

    assert (reply.status, reply.text) == (204, "")
    assert team.founder.get(address).body == invitation | {"status": "canceled", "can": NEITHER}
    assert team.founder.get(team.path("invitations"), status="canceled").body["items"][0]["id"] == invitation["id"]
    refused = world.person("Sam").post(f"{address}/accept", link)
    assert (refused.refusal, refused.body["invitation_status"]) == ((409, "not_pending"), "canceled")
    assert world.call("POST", "/invitations/preview", body=link).refusal == (409, "not_pending")
    event = world.events(team.id)[-1]
    assert (event.type, event.target_type, event.target_id) == ("invitation.canceled", "invitation", invitation["id"])


def test_what_is_pending_expired_or_void_can_be_cancelled(team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    expired = team.invite("expired@example.com", "viewer")["id"]
    with world.later(days=7):
        pending = team.invite("pending@example.com", "viewer")["id"]
        void = team.invite("void@example.com", "viewer", by=bea)["id"]
        assert bea.post(team.path("leave")).status == 204

        for invitation_id, status in ((pending, "pending"), (expired, "expired"), (void, "void")):
            address = team.path("invitations", invitation_id)
            assert team.founder.get(address).body["status"] == status
            assert team.founder.delete(address).status == 204
            assert team.founder.get(address).body["status"] == "canceled"


def test_what_was_answered_or_cancelled_already_cannot_be_cancelled(team: Team, world: World) -> None:
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

        reply = team.founder.delete(address)

        assert reply.refusal == (409, "not_pending")
        assert reply.body["invitation_status"] == state


def test_cancelling_needs_the_permission_alone_whoever_invited_to_whatever_role(team: Team, world: World) -> None:
    team.plan("professional")
    bea, ivy = team.join(world.person("Bea"), "admin"), team.join(world.person("Ivy"), "issuer")
    address = team.path("invitations", team.invite("eve@example.com", "owner")["id"])

    refused = ivy.delete(address)
    assert refused.refusal == (403, "forbidden")
    assert (refused.body["reason"], refused.body["permission"]) == ("permission_missing", "invitations:manage")
    assert world.person("Eve").delete(address).refusal == (404, "not_found")
    assert team.founder.delete(team.path("invitations", "none")).refusal == (404, "not_found")
    unverified = Caller(world, bea.claims | {"email_verified": "false"})
    assert unverified.delete(address).status == 204
