"""Invitations of an organization whose mail an owner switched off."""

import pytest

from tests.world import Team, World


@pytest.fixture
def silent(team: Team) -> Team:
    """Acme, with its mail switched off."""
    assert team.founder.patch(team.path(), {"email_notifications": False}).status == 200
    return team


def test_an_invitation_is_made_and_its_mail_suppressed(silent: Team) -> None:
    invitation = silent.invite("eve@example.com", "viewer")

    address = silent.path("invitations", invitation["id"])
    assert (invitation["status"], invitation["delivery"], invitation["sends"]) == ("pending", "suppressed", 1)
    assert silent.founder.get(address).body == invitation
    assert silent.event_types()[-1] == "invitation.sent"
    assert silent.founder.post(f"{address}/resend").body["delivery"] == "suppressed"


def test_it_is_accepted_by_the_signed_in_verified_address(silent: Team, world: World) -> None:
    invitation = silent.invite("eve@example.com", "viewer")
    eve = world.person("Eve")

    (mine,) = eve.get("/me/invitations").body["items"]
    joined = eve.post(silent.path("invitations", mine["id"], "accept"))

    assert (mine["id"], mine["delivery"]) == (invitation["id"], "suppressed")
    assert (joined.status, joined.body["roles"]) == (200, ["viewer"])


def test_it_is_declined_by_the_signed_in_verified_address(silent: Team, world: World) -> None:
    invitation = silent.invite("eve@example.com", "viewer")

    assert world.person("Eve").post(silent.path("invitations", invitation["id"], "decline")).status == 204


def test_switching_mail_on_again_mails_what_is_sent_from_then_on(silent: Team) -> None:
    before = silent.invite("eve@example.com", "viewer")
    address = silent.path("invitations", before["id"])

    assert silent.founder.patch(silent.path(), {"email_notifications": True}).status == 200

    assert silent.founder.get(address).body["delivery"] == "suppressed"
    assert silent.founder.post(f"{address}/resend").body["delivery"] == "queued"
    assert silent.invite("fay@example.com", "viewer")["delivery"] == "queued"
