"""What nobody can mail, and what goes wrong after a mail has gone out, holds up nobody else and sends nothing twice."""

import pytest

from roster.table.items import Invitation
from tests.notify.mailer import Mailer, delivery, stored
from tests.wire import Wire, refuse
from tests.world import Team


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?a?=@example.com",
        "=?a?b?c?=@example.com",
        "=?us-ascii?q?bob=40evil.com?=@example.com",
        "x=?=@example.com",
    ],
)
def test_an_address_that_reads_as_an_encoded_word_is_refused_and_holds_up_nobody(
    team: Team, mailer: Mailer, address: str
) -> None:
    invitation = team.invite("bob@example.com", "viewer")
    stored(team, invitation).update([Invitation.email.set(address)])  # from before it was refused
    team.invite("grace@example.com", "viewer")

    assert mailer.deliver() == []

    assert mailer.only.envelope == {"grace@example.com"}
    assert delivery(team, invitation) == "bounced"


def test_a_record_that_is_no_event_is_reported_and_counted_and_holds_up_nobody(
    team: Team, mailer: Mailer, capfd: pytest.CaptureFixture[str]
) -> None:
    team.invite("bob@example.com", "viewer")
    team.invite("grace@example.com", "viewer")
    *_, poison, _ = records = mailer.records()
    poison["dynamodb"]["NewImage"]["at"] = {"S": "no time"}

    assert mailer.deliver(*records) == [poison["dynamodb"]["SequenceNumber"]]

    assert mailer.only.envelope == {"grace@example.com"}
    assert '"MailsFailing":[1.0]' in capfd.readouterr().out


def test_a_mail_that_is_out_is_marked_even_if_the_table_is_busy_then(team: Team, mailer: Mailer, wire: Wire) -> None:
    invitation = team.invite("grace@example.com", "viewer")

    def busy() -> None:
        wire.before("UpdateItem", *[refuse("ThrottlingException")] * 3)

    wire.before("SendEmail", busy)

    assert mailer.deliver() == []
    with team.world.later(minutes=10):
        assert mailer.deliver() == []

    assert len(mailer.sent) == 1
    assert delivery(team, invitation) == "sent"
