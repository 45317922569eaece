"""An organization whose invitations come back sends no more that day."""

from typing import Any

import pytest

from tests import counts
from tests.notify.test_feedback import meanwhile, quota, tell
from tests.wire import Wire
from tests.world import Reply, Team, World


@pytest.fixture
def invitation(team: Team) -> dict[str, Any]:
    return team.invite("grace@example.com", "viewer")


def today(team: Team, *, sent: int, bounces: int = 0, suppressed: int = 0) -> None:
    """Let the day have counted so much of an organization."""
    counts.today(team, {"sent": sent, "mailed": sent - suppressed, "bounces": bounces})


def send(team: Team, email: str = "eve@example.com") -> Reply:
    return team.founder.post(team.path("invitations"), {"email": email, "roles": ["viewer"]})


def refused(reply: Reply, limit: str) -> None:
    assert reply.refusal == (429, "too_many_requests")
    assert reply.body["limit"] == limit
    assert 12 * 3600 - 60 < int(reply.headers["retry-after"]) <= 12 * 3600 + 1


@pytest.mark.parametrize(
    ("sent", "bounces", "status"),
    [(19, 19, 201), (20, 1, 201), (20, 2, 429), (40, 2, 201), (40, 3, 429)],
)
def test_over_five_percent_of_at_least_twenty_is_too_much(team: Team, sent: int, bounces: int, status: int) -> None:
    today(team, sent=sent, bounces=bounces)

    reply = send(team)

    assert reply.status == status
    if status == 429:
        refused(reply, "bounces")


def test_what_was_never_mailed_makes_bounces_no_fewer(team: Team) -> None:
    team.plan("professional")
    today(team, sent=420, suppressed=400, bounces=2)

    refused(send(team), "bounces")


def test_two_complaints_are_too_many(team: Team, invitation: dict[str, Any]) -> None:
    other = team.invite("hedy@example.com", "viewer")
    tell(team, invitation, "complained")
    assert send(team, "ida@example.com").status == 201
    tell(team, other, "complained")

    refused(send(team), "complaints")
    refused(team.founder.post(team.path("invitations", invitation["id"], "resend")), "complaints")


def test_it_begins_anew_the_next_day_and_for_no_other_organization(
    team: Team, world: World, invitation: dict[str, Any]
) -> None:
    today(team, sent=30, bounces=1)
    tell(team, invitation, "bounced")
    refused(send(team), "bounces")

    assert send(Team.found(world, team.founder)).status == 201
    with world.later(seconds=int(send(team).headers["retry-after"])):
        assert send(team).status == 201


def test_a_bounce_that_lands_before_the_commit_stops_that_invitation(
    team: Team, invitation: dict[str, Any], wire: Wire
) -> None:
    today(team, sent=30, bounces=1)
    wire.before("TransactWriteItems", lambda: meanwhile(team, invitation))

    refused(send(team), "bounces")

    assert quota(team) == (30, 2, 0)


def test_a_resent_invitation_that_bounces_again_counts_again(team: Team, invitation: dict[str, Any]) -> None:
    tell(team, invitation, "bounced")
    assert team.founder.post(team.path("invitations", invitation["id"], "resend")).status == 200
    tell(team, invitation, "bounced")

    assert quota(team) == (2, 2, 0)
