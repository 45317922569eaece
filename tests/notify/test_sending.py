"""Each mail goes out once, whatever fails on the way."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from moto.core.models import botocore_stubber

from roster.mail.plain import plain
from roster.table.items import Invitation
from roster.table.mails import MailClaim
from roster.table.read import page
from tests.notify.mailer import Mailer, delivery, stored
from tests.wire import Wire, drop, refuse
from tests.world import Team, World

GRACE = "grace@example.com"
SEND = "SendEmail"


class Killed(BaseException):
    """The end of a run that nothing catches, as when Lambda's time is up."""


def kill(*_: object) -> None:
    raise Killed


def unreachable() -> None:
    raise ConnectTimeoutError(endpoint_url="https://email.us-east-1.amazonaws.com")


def unverified() -> None:
    message = "Email address is not verified. The following identities failed the check: roster@example.com"
    raise ClientError({"Error": {"Code": "MessageRejected", "Message": message}}, "SendEmail")


def claim(team: Team) -> MailClaim:
    """The claim on the mail of the latest event."""
    (found,) = page(MailClaim, f"MAIL#{team.world.events(team.id)[-1].id}", limit=10, cursor=None).items
    return found


def test_a_mail_that_is_replaced_while_it_is_sent_leaves_the_next_one_queued(
    team: Team, mailer: Mailer, wire: Wire
) -> None:
    invitation = team.invite(GRACE, "issuer")

    def resend(_reply: object) -> None:
        team.founder.post(team.path("invitations", invitation["id"], "resend"))

    wire.after(SEND, resend)

    mailer.deliver()
    assert delivery(team, invitation) == "queued"

    mailer.deliver()
    assert len(mailer.sent) == 2
    assert delivery(team, invitation) == "sent"


def test_what_is_heard_of_a_mail_before_it_is_marked_as_sent_stays(team: Team, mailer: Mailer, wire: Wire) -> None:
    invitation = team.invite(GRACE, "issuer")

    def bounce(_reply: object) -> None:
        stored(team, invitation).update([Invitation.delivery.set("bounced")])

    wire.after(SEND, bounce)

    mailer.deliver()

    assert delivery(team, invitation) == "bounced"


def test_two_runs_at_once_send_one_mail(team: Team, mailer: Mailer, wire: Wire) -> None:
    team.invite(GRACE, "issuer")
    record = mailer.records()[-1]
    meanwhile: list[list[str]] = []
    wire.before(SEND, lambda: meanwhile.append(mailer.deliver(record)))

    assert mailer.deliver(record) == []

    assert meanwhile == [[record["dynamodb"]["SequenceNumber"]]]
    assert len(mailer.sent) == 1


def test_a_run_that_is_killed_after_sending_sends_at_most_once_more(
    team: Team, world: World, mailer: Mailer, wire: Wire
) -> None:
    invitation = team.invite(GRACE, "issuer")
    record = mailer.records()[-1]
    wire.after(SEND, kill)
    with pytest.raises(Killed):
        mailer.deliver(record)

    assert mailer.deliver(record) == [record["dynamodb"]["SequenceNumber"]]
    with world.later(minutes=6):
        assert mailer.deliver(record) == []
    with world.later(minutes=12):
        assert mailer.deliver(record) == []

    assert len(mailer.sent) == 2
    assert delivery(team, invitation) == "sent"


def test_a_run_that_is_killed_after_its_mail_was_marked_sends_nothing_more(
    team: Team, world: World, mailer: Mailer, wire: Wire
) -> None:
    invitation = team.invite(GRACE, "issuer")
    wire.after("UpdateItem", kill)
    with pytest.raises(Killed):
        mailer.deliver()
    assert delivery(team, invitation) == "queued"

    with world.later(minutes=6):
        assert mailer.deliver() == []

    assert wire.counts[SEND] == 1
    assert delivery(team, invitation) == "sent"


def test_a_claim_whose_reply_was_lost_is_still_ours(team: Team, world: World, mailer: Mailer, wire: Wire) -> None:
    team.invite(GRACE, "issuer")
    record = mailer.records()[-1]
    wire.before(SEND, kill)
    with pytest.raises(Killed):
        mailer.deliver(record)
    lost: list[str] = []

    def lose(event_name: str, **request: Any) -> None:
        if not lost:
            lost.append(event_name)
            botocore_stubber(event_name, **request)  # moto does its work
            drop()

    events = MailClaim._get_connection().connection.client.meta.events
    events.register("before-send.dynamodb.PutItem", lose)
    try:
        with world.later(minutes=6):
            assert mailer.deliver(record) == []
    finally:
        events.unregister("before-send.dynamodb.PutItem", lose)

    assert lost
    assert len(mailer.sent) == 1


def test_a_first_claim_whose_reply_was_lost_is_still_ours(team: Team, mailer: Mailer, wire: Wire) -> None:
    team.invite(GRACE, "issuer")
    wire.after("TransactWriteItems", drop)

    assert mailer.deliver() == []

    assert len(mailer.sent) == 1


@pytest.mark.parametrize(
    "fault",
    [
        refuse("TooManyRequestsException"),
        refuse("LimitExceededException"),
        refuse("SendingPausedException"),
        refuse("AccessDeniedException"),
        unreachable,
    ],
    ids=["too many", "the day's limit", "paused", "not allowed", "unreachable"],
)
def test_what_ses_does_not_take_now_is_reported_and_sent_the_next_time(
    team: Team, mailer: Mailer, wire: Wire, fault: Callable[[], None]
) -> None:
    invitation = team.invite(GRACE, "issuer")
    record = mailer.records()[-1]
    wire.before(SEND, fault)

    assert mailer.deliver(record) == [record["dynamodb"]["SequenceNumber"]]
    assert delivery(team, invitation) == "queued"
    assert mailer.deliver(record) == []

    assert len(mailer.sent) == 1
    assert delivery(team, invitation) == "sent"


def test_a_failed_mail_holds_no_other_back(team: Team, mailer: Mailer, wire: Wire) -> None:
    team.invite(GRACE, "issuer")
    team.invite("hedy@example.com", "issuer")
    *_, first, _second = mailer.records()
    wire.before(SEND, refuse("TooManyRequestsException"))

    assert mailer.deliver() == [first["dynamodb"]["SequenceNumber"]]

    assert mailer.only.envelope == {"hedy@example.com"}


def test_a_mail_that_may_have_gone_out_is_left_alone_until_its_claim_has_run_out(
    team: Team, world: World, mailer: Mailer, wire: Wire
) -> None:
    team.invite(GRACE, "issuer")
    record = mailer.records()[-1]
    wire.before(SEND, drop)

    assert mailer.deliver(record) == [record["dynamodb"]["SequenceNumber"]]
    assert mailer.deliver(record) == [record["dynamodb"]["SequenceNumber"]]
    assert wire.counts[SEND] == 1
    with world.later(minutes=6):
        assert mailer.deliver(record) == []

    assert len(mailer.sent) == 1


def test_an_address_of_ours_that_ses_has_not_verified_bounces_nobody(team: Team, mailer: Mailer, wire: Wire) -> None:
    invitation = team.invite(GRACE, "issuer")
    wire.before(SEND, unverified)

    assert len(mailer.deliver()) == 1
    assert delivery(team, invitation) == "queued"

    assert mailer.deliver() == []
    assert delivery(team, invitation) == "sent"


def test_a_domain_beyond_ascii_is_written_to_in_punycode(team: Team, mailer: Mailer) -> None:
    team.invite("grace@bücher.example.com", "issuer")

    mailer.deliver()

    assert mailer.only.envelope == {"grace@xn--bcher-kva.example.com"}
    assert plain("grace@bücher.example.com") in mailer.only.text


def test_a_claim_names_nobody_and_goes_away(team: Team, mailer: Mailer) -> None:
    invitation = team.invite(GRACE, "issuer")

    mailer.deliver()

    kept = claim(team)
    assert kept.sk == invitation["id"]
    for told_of_the_address in (GRACE, hashlib.sha256(GRACE.encode()).hexdigest()):
        assert told_of_the_address not in json.dumps(kept.to_dynamodb_dict())
    assert kept.outcome == "sent"
    assert kept.ttl is not None
    assert kept.ttl > stored(team, invitation).expires_at.timestamp()


def test_a_mail_costs_one_read_and_three_writes(team: Team, mailer: Mailer, wire: Wire) -> None:
    team.invite(GRACE, "issuer")
    record = mailer.records()[-1]

    with wire.counted() as calls:
        mailer.deliver(record)

    assert calls == {"BatchGetItem": 1, "GenerateMac": 1, "TransactWriteItems": 1, "SendEmail": 1, "UpdateItem": 2}
    assert wire.items_written()[-1:] == [3]


def test_the_order_of_a_batch_is_kept_in_what_is_reported(team: Team, mailer: Mailer, wire: Wire) -> None:
    records: list[dict[str, Any]] = []
    for name in ("grace", "hedy", "ida"):
        team.invite(f"{name}@example.com", "issuer")
        records.append(mailer.records()[-1])
    wire.before(SEND, *[refuse("TooManyRequestsException")] * 2)

    assert mailer.deliver(*records) == [record["dynamodb"]["SequenceNumber"] for record in records[:2]]
