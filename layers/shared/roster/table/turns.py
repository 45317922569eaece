"""Turns: those who meet in one organization change it one after the other, and do not meet again and again."""

import random
import time
from datetime import timedelta

from pynamodb.exceptions import UpdateError

from roster import clock
from roster.table.base import Item, WholeNumberAttribute
from roster.table.faults import AWS_ERRORS, Busy, time_left
from roster.table.keys import Key

MILLISECOND = timedelta(milliseconds=1)
SENDING = timedelta(milliseconds=20)  # a turn to send a transaction: a transaction takes about ten
DECIDING = timedelta(milliseconds=22)  # a turn to read, decide and send: about 5, 3 and 10, and some to spare
LONGEST = timedelta(milliseconds=600)  # of the waits at random
FARTHEST = timedelta(seconds=30)  # no request waits for longer: what is later was written by a wrong clock
KEPT = timedelta(days=1)
CONDITION_FAILED = "ConditionalCheckFailedException"


class Turns(Item, discriminator="turns"):
    """Until when the turns in an organization are given out, in milliseconds since 1970.

    It is no lock. The conditions of a transaction alone keep the rules true, whoever sends it when; and a turn that
    nobody uses is over with its time. It is written outside of transactions, so that it never conflicts itself.
    """

    until = WholeNumberAttribute()

    @staticmethod
    def key(organization_id: str) -> Key["Turns"]:
        """Where it stands."""
        return Key(f"TURNS#{organization_id}", "TURNS")


def wait(organization_id: str | None, turn: timedelta, *, tries: int, reserve: float) -> None:
    """Wait until it is one's turn to change an organization. Raises Busy if less than `reserve` seconds would be left.

    Without an organization, or if no turn is to be had, it waits at random, the longer the more was tried.
    """
    pause = None if organization_id is None else take(organization_id, turn)
    if pause is None:
        pause = jitter(min(turn * tries, LONGEST))
    if time_left() - pause < reserve:
        raise Busy
    time.sleep(pause)


def jitter(longest: timedelta) -> float:
    """Draw the seconds to wait for who takes no turn, so that rivals do not meet again."""
    return random.uniform(0, longest.total_seconds())  # noqa: S311 (no secret hangs on it)


def take(organization_id: str, turn: timedelta) -> float | None:
    """Take the next turn, and return how many seconds there are until it begins. None if none is to be had."""
    turns, moment, length = Turns(*Turns.key(organization_id)), _now(), turn // MILLISECOND
    farthest = moment + FARTHEST // MILLISECOND
    after_others = Turns.until.between(moment, farthest)
    at_once = Turns.until.does_not_exist() | (Turns.until < moment) | (Turns.until > farthest)
    kept = [Turns.kind.set(Turns), Turns.ttl.set(moment // 1000 + int(KEPT.total_seconds()))]
    for until, condition in (
        (Turns.until + length, after_others),
        (moment + length, at_once),
        (Turns.until + length, after_others),  # somebody else was first
    ):
        try:
            turns.update([Turns.until.set(until), *kept], condition=condition)
        except UpdateError as error:
            if error.cause_response_code != CONDITION_FAILED:
                return None
        except AWS_ERRORS:
            return None
        else:
            return max(0, turns.until - length - _now()) / 1000
    return None


def _now() -> int:
    return int(clock.now().timestamp() * 1000)
