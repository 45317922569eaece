"""Which invitations are mailed, and which no more by the time that their event reaches the mailer."""

from collections.abc import Callable

import pytest

from tests.notify.mailer import Mailer, delivery, streamed
from tests.wire import Wire
from tests.world import Team, World

GRACE = "grace@example.com"
SEND = "SendEmail"


def test_an_invitation_is_mailed_to_the_address_invited_alone(team: Team, mailer: Mailer) -> None:
    invitation = team.invite(GRACE, "issuer")

    assert mailer.deliver() == []

    assert mailer.only.envelope == {GRACE}
    assert delivery(team, invitation) == "sent"


def test_sending_leaves_the_stamp_alone(team: Team, mailer: Mailer) -> None:
    path = team.path("invitations", team.invite(GRACE, "issuer")["id"])
    etag = team.founder.get(path).headers["etag"]

    mailer.deliver()

    assert team.founder.get(path).headers["etag"] == etag


def test_a_record_that_comes_again_sends_nothing_more(team: Team, mailer: Mailer, wire: Wire) -> None:
    team.invite(GRACE, "issuer")

    assert mailer.deliver() == []
    assert mailer.deliver() == []
    assert mailer.deliver(*mailer.records(), *mailer.records()) == []

    assert wire.counts[SEND] == 1


def test_other_events_are_passed_over(team: Team, mailer: Mailer, wire: Wire) -> None:
    invitation = team.invite(GRACE, "viewer")
    mailer.forget()
    team.plan("enterprise")
    cancel(team, team.path("invitations", invitation["id"]))
    assert mailer.records() == []  # the filter of the stream leaves them out
    others = streamed("notify/publish")[-2:]
    wire.clear()

    assert mailer.deliver(*others) == []

    assert not wire.calls


def test_what_is_no_new_event_is_passed_over(team: Team, mailer: Mailer, wire: Wire) -> None:
    team.invite(GRACE, "issuer")
    record = mailer.records()[-1]
    image = record["dynamodb"]["NewImage"]
    removal = {"Keys": record["dynamodb"]["Keys"], "OldImage": image, "SequenceNumber": "1"}
    other = record["dynamodb"] | {"NewImage": image | {"kind": {"S": "claim"}}}
    wire.clear()

    failed = mailer.deliver(
        record | {"eventName": "MODIFY"},
        record | {"eventName": "REMOVE", "dynamodb": removal},
        record | {"dynamodb": other},
    )

    assert failed == []
    assert not wire.calls


def cancel(team: Team, path: str) -> None:
    assert team.founder.delete(path).status == 204


def accept(team: Team, path: str) -> None:
    assert team.world.person("Grace").post(f"{path}/accept").status == 200


def decline(team: Team, path: str) -> None:
    assert team.world.person("Grace").post(f"{path}/decline").status == 204


def delete_the_organization(team: Team, _path: str) -> None:
    assert team.founder.delete(team.path()).status == 204


@pytest.mark.parametrize("ended", [cancel, accept, decline, delete_the_organization])
def test_a_dead_invitation_is_not_mailed(team: Team, mailer: Mailer, ended: Callable[[Team, str], None]) -> None:
    invitation = team.invite(GRACE, "issuer")
    ended(team, team.path("invitations", invitation["id"]))

    assert mailer.deliver() == []

    assert mailer.told(GRACE) == []


def test_an_expired_invitation_is_not_mailed(team: Team, world: World, mailer: Mailer) -> None:
    team.invite(GRACE, "issuer")

    with world.later(days=7):
        assert mailer.deliver() == []

    assert mailer.sent == []


def test_an_invitation_whose_inviter_has_gone_is_not_mailed(team: Team, world: World, mailer: Mailer) -> None:
    admin = team.join(world.person("Bob"), "admin")
    team.invite(GRACE, "issuer", by=admin)
    assert admin.post(team.path("leave")).status == 204

    assert mailer.deliver() == []

    assert mailer.sent == []


def test_an_invitation_sent_again_before_its_mail_went_out_is_mailed_once(team: Team, mailer: Mailer) -> None:
    path = team.path("invitations", team.invite(GRACE, "issuer")["id"])
    assert team.founder.post(f"{path}/resend").status == 200

    assert mailer.deliver() == []

    assert mailer.only.token.split(".")[2] == team.world.events(team.id)[-1].id


def test_an_invitation_sent_again_later_is_mailed_again(team: Team, mailer: Mailer) -> None:
    invitation = team.invite(GRACE, "issuer")
    mailer.deliver()
    team.founder.post(team.path("invitations", invitation["id"], "resend"))
    assert delivery(team, invitation) == "queued"

    mailer.deliver()

    first, second = mailer.sent
    assert first.token != second.token
    assert delivery(team, invitation) == "sent"


def test_switched_off_mail_is_suppressed(team: Team, mailer: Mailer) -> None:
    invitation = team.invite(GRACE, "issuer")
    assert team.founder.patch(team.path(), {"email_notifications": False}).status == 200

    assert mailer.deliver() == []

    assert mailer.told(GRACE) == []
    assert delivery(team, invitation) == "suppressed"


def test_what_was_suppressed_is_not_mailed_when_mail_is_switched_on_again(team: Team, mailer: Mailer) -> None:
    team.founder.patch(team.path(), {"email_notifications": False})
    invitation = team.invite(GRACE, "issuer")
    team.founder.patch(team.path(), {"email_notifications": True})

    assert mailer.deliver() == []

    assert mailer.told(GRACE) == []
    assert delivery(team, invitation) == "suppressed"
