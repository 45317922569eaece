"""Runs: some actors in one world, one call at a time. Who is next, and what goes wrong, is chosen from outside."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from prove.control import faults
from prove.control.calls import Answer, Call
from prove.control.errands import Errand
from prove.control.faults import Fault
from prove.control.memory import Remembered
from prove.control.planting import TRANSACTION, Planted
from prove.control.simulator import NOW, Footprint, Met, Record, Simulator, World

type Place = tuple[int, int]  # an actor, and which of their calls it is


class Step(NamedTuple):
    """A call that happened: at whose turn, and of which actor. The turn of what is done late is nobody's."""

    turn: int
    actor: int
    call: Call
    fault: Fault | None
    footprint: Footprint
    records: tuple[Record, ...]


class Run:
    """Actors with an errand each, who wait for their turn."""

    def __init__(
        self,
        simulator: Simulator,
        world: World,
        errands: Sequence[Errand],
        planned: Mapping[Place, Fault] | None = None,
        planted: Planted | None = None,
    ) -> None:
        simulator.go_back(world)
        self.simulator, self.world, self.faults = simulator, world, planned or {}
        self.planted = planted
        self.steps: list[Step] = []
        self._late: list[tuple[int, Call]] = []  # whose reply was lost, and that are done later
        self.decided: list[Planted] = []  # the conditions that alone stood in the way of some transaction
        self._first_half: dict[int, Met] = {}  # of a torn batch
        simulator.memory.turn_to(world)
        names = [errand.name for errand in errands]
        self.actors = [
            Remembered(slot, names[:slot].count(errand.name), errand, simulator) for slot, errand in enumerate(errands)
        ]

    @property
    def turns(self) -> list[int]:
        """Who may be next: actors by number, and behind them what is done late."""
        waiting = [number for number, actor in enumerate(self.actors) if actor.call is not None]
        return [*waiting, *range(len(self.actors), len(self.actors) + len(self._late))]

    def take(self, turn: int) -> Step:
        """Let somebody's next call happen. Whoever waits behind it moves the clock, which is a write, too."""
        began = self.simulator.chance.now
        if turn >= len(self.actors):
            (number, call), fault = self._late.pop(turn - len(self.actors)), None
            met = self.simulator.ask(call)
        else:
            number, actor = turn, self.actors[turn]
            call = self._pending(actor)
            fault = self._fault(turn, actor.calls, call)
            met = self._meet(turn, call, fault)
        if self.planted is None and fault is None:
            self.decided += self.simulator.deciding(self.actors[number].errand.function, call, met)
        if number == turn and (outcome := met.outcome) is not None:
            self.actors[number].resume(outcome)
        waited = NOW if self.simulator.chance.now != began else frozenset()
        footprint = Footprint(met.footprint.reads | NOW, met.footprint.writes | waited)
        step = Step(turn, number, call, fault, footprint, met.records)
        self.steps.append(step)
        return step

    def commits(self, turn: int) -> int:
        """Return how many of an actor's transactions were done."""
        return sum(
            step.actor == turn and step.call.operation == TRANSACTION and bool(step.records) for step in self.steps
        )

    def stop(self) -> None:
        """End everybody where they are. What is half done stays so."""
        for actor in self.actors:
            actor.stop()

    def _fault(self, turn: int, number: int, call: Call) -> Fault | None:
        """Return what goes wrong here. What was planned may not be possible: another order may bring another call."""
        planned = self.faults.get((turn, number))
        return planned if planned is not None and planned in faults.possible(call) else None

    def _pending(self, actor: Remembered) -> Call:
        if actor.call is None:
            raise LookupError(f"{actor.errand.name} is done")
        planted = self.planted
        if planted is None or actor.call.operation != TRANSACTION or actor.errand.function != planted.function:
            return actor.call
        return planted.put_into(actor.call)

    def _meet(self, turn: int, call: Call, fault: Fault | None) -> Met:
        """Let a call happen, or what goes wrong with it."""
        ask = self.simulator.ask
        match fault:
            case None:
                return ask(call)
            case Fault.LAGGING:
                with self.simulator.lagging():
                    return ask(call)
            case Fault.TORN | Fault.UNPROCESSED:
                return self._meet_in_part(turn, call, fault)
            case _ if fault in faults.LATER:
                self._late.append((turn, call))
                return Met(faults.outcome(fault, call))
            case _ if fault in faults.DONE:
                return ask(call)._replace(outcome=faults.outcome(fault, call))
        return Met(faults.outcome(fault, call))

    def _meet_in_part(self, turn: int, call: Call, fault: Fault) -> Met:
        half, rest = faults.halves(call)
        if fault is Fault.UNPROCESSED:
            first = Met(None) if half is None else self.simulator.ask(half)
            return first._replace(outcome=faults.unprocessed(None if half is None else _answered(first), rest))
        if turn not in self._first_half and half is not None:
            self._first_half[turn] = self.simulator.ask(half)
            return self._first_half[turn]._replace(outcome=None)
        second = self.simulator.ask(rest)
        return second._replace(outcome=faults.joined(_answered(self._first_half.pop(turn)), _answered(second)))


def alone(simulator: Simulator, slot: int, errand: Errand) -> Remembered:
    """Let somebody do all that is theirs in the world as it is, and return them at their end."""
    actor = Remembered(slot, 0, errand, simulator)
    while actor.call is not None:
        actor.resume(_answered(simulator.ask(actor.call)))
    return actor


def _answered(met: Met) -> Answer:
    if not isinstance(met.outcome, Answer):
        raise TypeError(met.outcome)
    return met.outcome
