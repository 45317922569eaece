"""The simulator: one deployment of a pack on an engine in memory, and what its time and chance are."""

import os
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from local.routing import Router
from local.sample import TABLE
from local.streams import as_delivered, matches
from local.template import ACCOUNT, REGION
from prove.control.actors import Actor
from prove.control.calls import Answer, Call, Outcome, control
from prove.control.chance import Chance
from prove.control.deployment import stack
from prove.control.errands import CLOCK
from prove.control.memory import Memory
from prove.control.planting import Planted, in_the_way
from prove.engine import Engine, Snapshot, Spot, Table

STREAM = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}/stream/1"
LAG = 3  # writes that an index that lags does not show

NOW = frozenset({Spot(CLOCK, ())})  # what time it is: each call reads that, as what comes next may depend on it

type Record = Mapping[str, Any]


class Footprint(NamedTuple):
    """What a call read and wrote."""

    reads: frozenset[Spot] = frozenset()
    writes: frozenset[Spot] = frozenset()

    def commutes_with(self, other: "Footprint") -> bool:
        """Tell whether two calls have the same outcome in both orders."""
        return not (self.writes & (other.reads | other.writes) or other.writes & self.reads)


class Met(NamedTuple):
    """What came of a call, what it touched, and what it wrote, as the table's stream tells it."""

    outcome: Outcome | None  # None: it is not over
    footprint: Footprint = Footprint()
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, eq=False)
class World:
    """All that there is at one moment."""

    state: Snapshot
    moment: datetime
    delivered: int  # of the stream's records, how many its functions have had


class Simulator:
    """There is one in a process, as there is one session of botocore and one clock."""

    def __init__(self, pack: str) -> None:
        self.pack, self.stack = pack, stack(pack)
        self.router = Router(self.stack.routes)
        self.chance = Chance()
        self.engine = Engine({TABLE: self.stack.table}, now=lambda: self.chance.now)
        self.delivered = 0
        self.memory = Memory()
        # Of which conditions it is noted that they alone decided.
        self.asks_why: Callable[[Planted], bool] | None = None
        self._actor: Actor | None = None

    @property
    def table(self) -> Table:
        """The table, as it is."""
        return self.engine.table(TABLE)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let this process have this deployment, and no other time and chance."""
        pack, os.environ["PACK"] = os.environ["PACK"], self.pack
        try:
            # Metrics are lines that functions print.
            with (
                control(self._asked),
                self.chance.installed(),
                Path(os.devnull).open("w") as nowhere,
                redirect_stdout(nowhere),
            ):
                yield
        finally:
            os.environ["PACK"] = pack

    def ask(self, call: Call) -> Met:
        """Ask AWS, which is in memory, or let time pass."""
        if call.service == CLOCK:
            self.chance.wait(call.asked["seconds"])
            return Met(Answer(200, b""), Footprint(writes=NOW))
        before = self.engine.record_count
        reply = self.engine.ask(call.service, call.operation, call.body)
        records = tuple(self.engine.records_since(before))
        return Met(Answer(reply.status, reply.body), Footprint(reply.reads, reply.writes), records)

    def deciding(self, function: str, call: Call, met: Met) -> list[Planted]:
        """Return the conditions that alone stood in a transaction's way: without any one of them it would be done."""
        if self.asks_why is None or not isinstance(met.outcome, Answer):
            return []
        found = []
        for planted in filter(self.asks_why, in_the_way(function, call, met.outcome)):
            without, state = planted.put_into(call), self.engine.snapshot()
            if self.engine.ask(without.service, without.operation, without.body).status == HTTPStatus.OK:
                found.append(planted)
                self.engine.restore(state)
        return found

    def keep(self) -> World:
        """Keep the world as it is."""
        return World(self.engine.snapshot(), self.chance.now, self.delivered)

    def go_back(self, world: World) -> None:
        """Make the world what it was. What is drawn from here on is drawn anew."""
        self.engine.restore(world.state)
        self.chance.set(world.moment)
        self.delivered = world.delivered
        self.chance.draw_from(random.Random(0))  # noqa: S311 (it is to be repeatable)

    def undelivered(self, function: str) -> list[Record]:
        """Return what the table's stream has for a function, of what has not been handed over."""
        (source,) = (one for one in self.stack.streams if one.function.name == function)
        told = [as_delivered(dict(record), STREAM) for record in self.engine.records_since(self.delivered)]
        return [record for record in told if any(matches(pattern, record) for pattern in source.patterns)]

    @contextmanager
    def lagging(self) -> Iterator[None]:
        """Let the indexes lag."""
        self.engine.index_lag = LAG
        try:
            yield
        finally:
            self.engine.index_lag = 0

    def let(self, actor: Actor, act: Callable[[], None]) -> None:
        """Let an actor go on to their next call."""
        self._actor = actor
        try:
            act()
        finally:
            self._actor = None

    def _asked(self, call: Call) -> Outcome:
        if self._actor is not None:
            return self._actor.ask(call)
        return self.ask(call).outcome or Answer(0, b"")
