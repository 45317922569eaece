"""What SES tells of a mail counts once: told at once, told again, with replies lost, or killed anywhere."""

from functools import partial
from typing import Any

import pytest

from roster.table.items import Invitation
from tests.notify.mailer import stored
from tests.notify.ses import RECIPIENT, ses_event
from tests.notify.test_feedback import KINDS, meanwhile, quota, tags, tell
from tests.wire import Wire, drop, refuse
from tests.world import Team, World


class Killed(BaseException):
    """The end of a run that nothing catches."""


def kill(*_: object) -> None:
    raise Killed


@pytest.fixture
def invitation(team: Team) -> dict[str, Any]:
    """A pending invitation, its mail queued."""
    return team.invite(RECIPIENT, "issuer")


def test_two_tellings_at_once_count_once(team: Team, invitation: dict[str, Any], wire: Wire) -> None:
    wire.before("TransactWriteItems", partial(meanwhile, team, invitation))

    assert tell(team, invitation, "bounced") == "known"
    assert quota(team) == (1, 1, 0)
    assert team.event_types().count("invitation.bounced") == 1


def test_two_that_begin_a_days_count_at_once_are_both_counted(team: Team, world: World, wire: Wire) -> None:
    one, other = team.invite(RECIPIENT, "issuer"), team.invite("hedy@example.com", "issuer")
    with world.later(days=1):
        wire.before("TransactWriteItems", partial(meanwhile, team, other))

        assert tell(team, one, "bounced") == "bounced"
        assert quota(team) == (0, 2, 0)


def test_a_lost_reply_counts_once(team: Team, invitation: dict[str, Any], wire: Wire) -> None:
    wire.after("TransactWriteItems", drop)

    assert tell(team, invitation, "bounced") == "bounced"
    assert quota(team) == (1, 1, 0)


def test_what_the_table_cannot_take_now_is_raised_and_comes_again(
    team: Team, invitation: dict[str, Any], wire: Wire
) -> None:
    wire.before("BatchGetItem", refuse("ThrottlingException"))

    with pytest.raises(Exception, match="Throttling"):
        tell(team, invitation, "bounced")
    assert tell(team, invitation, "bounced") == "bounced"


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("delivered", "BatchGetItem"),
        ("delivered", "UpdateItem"),
        ("bounced", "BatchGetItem"),
        ("bounced", "TransactWriteItems"),
        ("complained", "TransactWriteItems"),
    ],
)
def test_killed_at_any_call_and_told_again_it_ends_the_same(
    team: Team, invitation: dict[str, Any], wire: Wire, kind: str, call: str, side: str
) -> None:
    event = ses_event(KINDS[kind], tags(team, invitation))
    getattr(wire, side)(call, kill)
    with pytest.raises(Killed):
        team.world.invoke("notify/feedback", event)

    team.world.invoke("notify/feedback", event)

    assert stored(team, invitation).delivery == kind
    counted = int(kind != "delivered")
    assert team.event_types().count(f"invitation.{kind}") == counted
    assert sum(quota(team)) == 1 + counted


def test_a_suppressed_mail_that_ses_has_all_the_same_moves_on(team: Team, invitation: dict[str, Any]) -> None:
    stored(team, invitation).update([Invitation.delivery.set("suppressed")])

    assert tell(team, invitation, "delivered") == "delivered"


def test_it_costs_one_read_and_one_write_and_what_came_back_another_read(
    team: Team, invitation: dict[str, Any], wire: Wire
) -> None:
    known = tags(team, invitation)
    wire.clear()

    team.world.invoke("notify/feedback", ses_event("Email Delivered", known))
    assert wire.counts == {"BatchGetItem": 1, "UpdateItem": 1}
    wire.clear()

    team.world.invoke("notify/feedback", ses_event("Email Bounced", known))
    assert wire.counts == {"BatchGetItem": 2, "TransactWriteItems": 1}
    assert wire.items_written() == [5]
