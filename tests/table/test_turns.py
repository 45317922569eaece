"""Turns: who meets another in an organization tries again when it is their turn, until their time is over."""

from datetime import timedelta

import pytest

from roster.table.commit import Transaction
from roster.table.faults import Busy
from roster.table.items import User
from roster.table.turns import LONGEST, Turns, jitter, take
from tests.table.moves import TRANSACTION
from tests.wire import Hook, Wire, drop, refuse
from tests.world import Team, World

SECOND = timedelta(seconds=1)
ON_THE_CALLER = refuse("TransactionCanceledException", "TransactionConflict", "None", "None")
ON_THE_ORGANIZATION = refuse("TransactionCanceledException", "None", "None", "TransactionConflict")


def rename(team: Team, name: str = "Globex") -> tuple[int, str]:
    reply = team.founder.patch(team.path(), {"name": name})
    return (reply.status, reply.body["name"]) if reply.status == 200 else reply.refusal


def lasting(world: World, seconds: float, hook: Hook) -> Hook:
    """Take so much of the request's time."""

    def last() -> None:
        world.seconds_left -= seconds
        hook()

    return last


def sent(wire: Wire) -> list[str]:
    return [params["ClientRequestToken"] for operation, params in wire.calls if operation == TRANSACTION]


# ---- How long --------------------------------------------------------------------------------------------------------


def test_a_conflict_is_tried_again_while_there_is_time_to_send_once_more(world: World, team: Team, wire: Wire) -> None:
    world.seconds_left = 25
    wire.before(TRANSACTION, *[lasting(world, 0.6, ON_THE_CALLER)] * 30)

    assert rename(team) == (200, "Globex")

    assert wire.counts[TRANSACTION] == 31
    assert team.event_types() == ["organization.created", "organization.updated"]


def test_a_conflict_is_not_tried_again_when_there_is_none(world: World, team: Team, wire: Wire) -> None:
    world.seconds_left = 25
    wire.before(TRANSACTION, *[lasting(world, 5, ON_THE_CALLER)] * 4)

    reply = team.founder.patch(team.path(), {"name": "Globex"})

    assert reply.refusal == (503, "try_again")
    assert int(reply.headers["retry-after"]) >= 1
    assert wire.counts[TRANSACTION] == 4
    assert team.event_types() == ["organization.created"]


def test_nobody_waits_for_a_turn_that_comes_too_late(world: World, team: Team, wire: Wire) -> None:
    world.seconds_left = 25
    take(team.id, 20 * SECOND)
    wire.before(TRANSACTION, ON_THE_CALLER)

    assert rename(team) == (503, "try_again")

    assert wire.counts[TRANSACTION] == 1


def test_a_lost_race_is_decided_again_while_there_is_time_to_read_and_send(
    world: World, team: Team, wire: Wire
) -> None:
    world.seconds_left = 25
    wire.before(TRANSACTION, *[lasting(world, 0.9, ON_THE_ORGANIZATION)] * 11)

    assert rename(team) == (200, "Globex")

    assert wire.counts["BatchGetItem"] == 12


def test_a_lost_race_is_not_decided_again_when_there_is_none(world: World, team: Team, wire: Wire) -> None:
    world.seconds_left = 25
    wire.before(TRANSACTION, *[lasting(world, 4, ON_THE_ORGANIZATION)] * 3)

    assert rename(team) == (503, "try_again")

    assert wire.counts["BatchGetItem"] == 3


def test_outside_of_requests_a_conflict_is_tried_eight_times(world: World, wire: Wire) -> None:
    transaction = Transaction()
    transaction.create(User(*User.key("ann")))
    wire.before(TRANSACTION, *[refuse("TransactionCanceledException", "TransactionConflict")] * 8)

    with pytest.raises(Busy):
        transaction.commit()

    assert wire.counts[TRANSACTION] == 8
    assert wire.counts["UpdateItem"] == 0


# ---- What is tried again ---------------------------------------------------------------------------------------------


def test_what_only_checks_the_item_of_a_conflict_is_sent_again_unchanged(team: Team, wire: Wire) -> None:
    wire.before(TRANSACTION, ON_THE_CALLER)

    assert rename(team) == (200, "Globex")

    first, second = sent(wire)
    assert first == second
    assert wire.counts["BatchGetItem"] == 1


def test_what_rewrites_the_item_of_a_conflict_is_read_and_decided_again(team: Team, wire: Wire) -> None:
    wire.before(TRANSACTION, ON_THE_ORGANIZATION)

    assert rename(team) == (200, "Globex")

    first, second = sent(wire)
    assert first != second
    assert wire.counts["BatchGetItem"] == 2
    assert team.event_types() == ["organization.created", "organization.updated"]


def test_who_only_counts_on_the_item_of_a_conflict_decides_once(team: Team, world: World, wire: Wire) -> None:
    bob = world.person("Bob")
    path = team.path("invitations", team.invite(bob.email, "viewer")["id"], "accept")
    conflicts = ["None"] * 7 + ["TransactionConflict"]  # the organization's update comes last
    wire.clear()
    wire.before(TRANSACTION, refuse("TransactionCanceledException", *conflicts))

    assert bob.post(path).status == 200

    first, second = sent(wire)
    assert first == second
    assert team.organization()["member_count"] == 2


def test_an_unknown_outcome_is_settled_before_a_conflict_is_decided_anew(team: Team, wire: Wire) -> None:
    wire.before(TRANSACTION, drop, ON_THE_ORGANIZATION)

    assert rename(team) == (200, "Globex")

    assert len(set(sent(wire))) == 1
    assert wire.counts[TRANSACTION] == 3


# ---- Turns -----------------------------------------------------------------------------------------------------------


def until(world: World, organization_id: str) -> int:
    """When the turns that were given out are over, in milliseconds."""
    (item,) = [item for item in world.items() if item["pk"] == {"S": f"TURNS#{organization_id}"}]
    return int(item["until"]["N"])


@pytest.mark.usefixtures("wire")
def test_turns_follow_one_another(world: World) -> None:
    assert take("o1", 10 * SECOND) == 0
    first = until(world, "o1")

    second = take("o1", 5 * SECOND)

    assert second is not None
    assert 5 < second <= 10
    assert until(world, "o1") == first + 5000
    assert take("o2", SECOND) == 0


@pytest.mark.usefixtures("wire")
def test_a_turn_that_nobody_used_is_over_with_its_time(world: World) -> None:
    take("o1", 10 * SECOND)

    with world.later(seconds=11):
        assert take("o1", SECOND) == 0


@pytest.mark.usefixtures("wire")
def test_turns_that_a_wrong_clock_gave_out_hold_nobody_up(world: World) -> None:
    with world.later(days=1):
        take("o1", SECOND)

    assert take("o1", SECOND) == 0


@pytest.mark.usefixtures("wire")
def test_turns_are_forgotten_after_a_day(world: World) -> None:
    take("o1", SECOND)

    (item,) = world.items()
    assert Turns.from_raw_data(item).ttl == pytest.approx(until(world, "o1") / 1000 + 24 * 3600, abs=3)


def test_who_gets_no_turn_waits_at_random_and_tries_again(team: Team, wire: Wire) -> None:
    wire.before(TRANSACTION, ON_THE_CALLER)
    wire.before("UpdateItem", *[refuse("AccessDeniedException")] * 2)

    assert rename(team) == (200, "Globex")


def test_who_changes_no_organization_takes_no_turn(world: World, wire: Wire) -> None:
    wire.before(TRANSACTION, refuse("TransactionCanceledException", "TransactionConflict", "None"))

    assert world.person("Ada").put("/me").status == 200

    assert wire.counts[TRANSACTION] == 2
    assert wire.counts["UpdateItem"] == 0


def test_a_random_wait_is_bounded_and_never_the_same() -> None:
    waits = [jitter(LONGEST) for _ in range(200)]

    assert 0 <= min(waits) <= max(waits) <= LONGEST.total_seconds()
    assert len(set(waits)) > 100
