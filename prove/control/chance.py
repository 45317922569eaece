"""Time and chance: what a run draws comes from its seed alone, and its clock moves only when somebody waits."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import time_machine
import ulid

from roster import clock

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Chance:
    """The time and the random numbers that everybody gets, while it is installed. There is one in a process."""

    def __init__(self) -> None:
        self._now = START
        self._drawn = random.Random(0)  # noqa: S311 (it is to be repeatable)
        self._travel: time_machine.Traveller | None = None

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Set the clock."""
        if moment != self._now and self._travel is not None:
            self._travel.move_to(moment)
        self._now = moment

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.set(self._now + timedelta(seconds=seconds))

    def draw_from(self, source: random.Random) -> None:
        """Draw from this source from here on: each who acts has one of their own."""
        self._drawn = source
        if self._travel is not None:
            random.seed(source.getrandbits(64))  # which Roster, mails and botocore draw from

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let this process have no other time and chance."""
        kept, state = (os.urandom, time.sleep, ulid.default_generator), random.getstate()
        # Its own counts on from the id before, whoever drew that: here each who acts is a process of their own.
        ulid.default_generator = ulid.ULIDGenerator(policy=ulid.PureRandomPolicy())
        kept_offset, clock.offset = clock.offset, timedelta()
        os.urandom = lambda size: self._drawn.randbytes(size)  # noqa: PLW0108 (the source changes)
        time.sleep = lambda seconds: self.wait(float(seconds))
        try:
            with time_machine.travel(self._now, tick=False) as self._travel:
                self.draw_from(self._drawn)
                yield
        finally:
            self._travel = None
            os.urandom, time.sleep, ulid.default_generator = kept
            random.setstate(state)
            clock.offset = kept_offset
