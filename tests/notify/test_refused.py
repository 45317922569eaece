"""A mail that SES never takes came back, as one that bounces later: one event of the system's, counted once."""

from functools import partial
from typing import Any

import pytest

from roster.table.items import Invitation
from roster.table.mails import MailClaim
from roster.table.read import page
from tests.notify.mailer import Mailer, change, delivery, stored
from tests.notify.test_feedback import meanwhile, quota
from tests.wire import Wire, drop, refuse
from tests.world import Caller, Team

GRACE = "grace@example.com"
SEND = "SendEmail"


class Killed(BaseException):
    """The end of a run that nothing catches."""


def kill(*_: object) -> None:
    raise Killed


def came_back_once(team: Team, invitation: dict[str, Any]) -> None:
    """Hold an invitation to have bounced, with its one event and its one count."""
    assert delivery(team, invitation) == "bounced"
    assert quota(team) == (1, 1, 0)
    assert team.event_types()[1:] == ["invitation.sent", "invitation.bounced"]
    event = team.world.events(team.id)[-1]
    assert (event.actor_type, event.actor_id) == ("system", None)
    assert (event.target_type, event.target_id) == ("invitation", invitation["id"])
    assert event.request_id is not None


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_an_address_that_ses_refuses_for_good_has_bounced(team: Team, mailer: Mailer, wire: Wire, code: str) -> None:
    invitation = team.invite(GRACE, "issuer")
    wire.before(SEND, refuse(code))
    record = mailer.records()[-1]

    assert [mailer.deliver(record) for _ in range(3)] == [[], [], []]

    assert wire.counts[SEND] == 1
    (claim,) = page(MailClaim, f"MAIL#{team.world.events(team.id)[1].id}", limit=10, cursor=None).items
    assert claim.outcome == "refused"
    came_back_once(team, invitation)


def test_who_invited_reads_of_it_in_the_log(team: Team, mailer: Mailer, wire: Wire) -> None:
    team.invite(GRACE, "issuer")
    wire.before(SEND, refuse("MessageRejected"))

    mailer.deliver()

    latest = team.founder.get(team.path("activity")).body["items"][0]
    assert latest["sentence"] == f"The mail to {GRACE} came back."


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("call", ["UpdateItem", "BatchGetItem", "TransactWriteItems"])
def test_killed_at_any_call_after_that_and_delivered_again_it_counts_once(
    team: Team, mailer: Mailer, wire: Wire, call: str, side: str
) -> None:
    invitation = team.invite(GRACE, "issuer")
    record = mailer.records()[-1]

    def refused_before_the_kill() -> None:
        getattr(wire, side)(call, kill)
        refuse("MessageRejected")()

    wire.before(SEND, refused_before_the_kill, refuse("MessageRejected"))
    with pytest.raises(Killed):
        mailer.deliver(record)

    with team.world.later(minutes=6):
        assert [mailer.deliver(record) for _ in range(2)] == [[], []]

    came_back_once(team, invitation)


def test_a_lost_reply_counts_once(team: Team, mailer: Mailer, wire: Wire) -> None:
    invitation = team.invite(GRACE, "issuer")

    def refused_and_then_dropped() -> None:
        wire.after("TransactWriteItems", drop)
        refuse("MessageRejected")()

    wire.before(SEND, refused_and_then_dropped)

    mailer.deliver()

    came_back_once(team, invitation)


def test_what_the_table_cannot_take_now_comes_again(team: Team, mailer: Mailer, wire: Wire) -> None:
    invitation = team.invite(GRACE, "issuer")
    record = mailer.records()[-1]

    def refused_and_then_throttled() -> None:
        wire.before("BatchGetItem", refuse("ThrottlingException"))
        refuse("MessageRejected")()

    wire.before(SEND, refused_and_then_throttled)

    assert mailer.deliver(record) == [record["dynamodb"]["SequenceNumber"]]
    assert mailer.deliver(record) == []

    came_back_once(team, invitation)


def test_refused_by_ses_and_told_to_have_bounced_at_once_it_counts_once(team: Team, mailer: Mailer, wire: Wire) -> None:
    invitation = team.invite(GRACE, "issuer")

    def refused_while_told() -> None:
        wire.before("TransactWriteItems", partial(meanwhile, team, invitation))
        refuse("MessageRejected")()

    wire.before(SEND, refused_while_told)

    assert mailer.deliver() == []

    came_back_once(team, invitation)


def test_what_was_sent_again_meanwhile_has_not_bounced(team: Team, mailer: Mailer, wire: Wire) -> None:
    invitation = team.invite(GRACE, "issuer")

    def refused_and_replaced() -> None:
        assert team.founder.post(team.path("invitations", invitation["id"], "resend")).status == 200
        refuse("MessageRejected")()

    wire.before(SEND, refused_and_replaced)

    mailer.deliver(mailer.records()[-1])

    assert delivery(team, invitation) == "queued"
    assert "invitation.bounced" not in team.event_types()
    assert quota(team) == (2, 1, 0)  # but who sent it answers for it


@pytest.mark.parametrize("address", ["j\u00fcrgen@example.com", "=?utf-8?q?grace?=@example.com"])
def test_an_address_that_ses_cannot_write_to_has_bounced_before_ses_is_asked(
    team: Team, mailer: Mailer, wire: Wire, address: str
) -> None:
    invitation = team.invite(GRACE, "issuer")
    stored(team, invitation).update([Invitation.email.set(address)])  # kept from before such ones were refused

    assert [mailer.deliver(), mailer.deliver()] == [[], []]

    assert wire.counts[SEND] == 0
    came_back_once(team, invitation)


def test_a_mail_to_a_member_that_ses_refuses_leaves_no_event(
    team: Team, mailer: Mailer, people: dict[str, Caller], wire: Wire
) -> None:
    change(team, people["viewer"], "issuer")
    before = team.event_types()
    wire.before(SEND, refuse("MessageRejected"))

    assert mailer.deliver() == []

    assert wire.counts[SEND] == 1
    assert team.event_types() == before
