"""Memory: whoever is answered alike at the same times does the same, so that functions run once for each such history.

An actor's next call depends on its errand, on what it was answered, and on what the clock showed: chance is drawn from
its own seed. In most schedules of a pair one of the two meets nothing that it has not met before. What it does then is
known, and only what the engine and the judge say of it is new.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from prove.control.actors import Actor
from prove.control.calls import Answer, Call, Outcome
from prove.control.errands import Errand

if TYPE_CHECKING:
    from prove.control.simulator import Simulator, World

ENOUGH = 100_000  # moments that are kept: some 300 MB


@dataclass
class Moment:
    """Where an errand stands: what is asked next, what its invocations answered so far, and what the clock shows."""

    call: Call | None
    replies: tuple[Any, ...]
    errors: tuple[Exception, ...]
    clock: datetime
    behind: dict[object, "Moment"] = field(default_factory=dict, repr=False)

    def is_alike(self, other: "Moment") -> bool:
        """Tell whether the same is asked, and the same was answered, at the same time."""
        errors = len(self.errors) == len(other.errors)
        return errors and (self.call, self.replies, self.clock) == (other.call, other.replies, other.clock)


class Memory:
    """What each errand did in one world, by what came of its calls."""

    def __init__(self) -> None:
        self._world: World | None = None
        self._beginnings: dict[object, Moment] = {}
        self._kept = 0

    def turn_to(self, world: "World") -> None:
        """Forget another world, and too much of this one."""
        if world is not self._world or self._kept > ENOUGH:
            self._world, self._beginnings, self._kept = world, {}, 0

    def beginning(self, twin: int, errand: Errand, clock: datetime) -> Moment | None:
        """Return where an errand stands before its first call, if that is known."""
        return self._beginnings.get((twin, errand.digest, clock))

    def begin(self, twin: int, errand: Errand, clock: datetime, moment: Moment) -> None:
        """Keep where an errand stands before its first call."""
        self._kept += 1
        self._beginnings[twin, errand.digest, clock] = moment

    def keep(self, earlier: Moment, met: object, moment: Moment) -> None:
        """Keep where an errand stands behind what it met."""
        self._kept += 1
        earlier.behind[met] = moment


class Remembered:
    """An actor that is at work only where its memory ends."""

    def __init__(self, slot: int, twin: int, errand: Errand, simulator: "Simulator") -> None:
        self.errand = errand
        self._place, self._simulator = (slot, twin), simulator
        self._began = simulator.chance.now
        self._met: list[tuple[datetime, Outcome]] = []
        self._seen: list[Moment] = []  # before the first call, and behind each
        self._actor: Actor | None = None
        known = simulator.memory.beginning(twin, errand, self._began)
        if known is None:
            known = self._found_out()
            simulator.memory.begin(twin, errand, self._began, known)
        self._seen.append(known)
        simulator.chance.set(known.clock)

    @property
    def _moment(self) -> Moment:
        return self._seen[-1]

    @property
    def call(self) -> Call | None:
        """What is asked next; None when all is done."""
        return self._moment.call

    @property
    def calls(self) -> int:
        """How many calls have happened."""
        return len(self._met)

    @property
    def replies(self) -> tuple[Any, ...]:
        """What each invocation answered; None where it was killed."""
        return self._moment.replies

    @property
    def reply(self) -> Any:  # noqa: ANN401 (whatever the function answers)
        """What came of it in the end."""
        return self.replies[-1] if self.replies else None

    @property
    def errors(self) -> tuple[Exception, ...]:
        """What invocations ended with."""
        return self._moment.errors

    def resume(self, outcome: Outcome) -> None:
        """Get what came of the call, and go on to the next one."""
        chance = self._simulator.chance
        met = chance.now, _told(outcome)
        self._met.append((chance.now, outcome))
        known = self._moment.behind.get(met)
        if known is None:
            known = self._found_out()
            self._simulator.memory.keep(self._moment, met, known)
        self._seen.append(known)
        chance.set(known.clock)
        if known.call is None:
            self.stop()

    def stop(self) -> None:
        """End where one is."""
        if self._actor is not None:
            self._simulator.let(self._actor, self._actor.stop)
            self._actor = None

    def _found_out(self) -> Moment:
        """Let the actor itself do what is not known: it does again all that is, and then goes on."""
        simulator = self._simulator
        if self._actor is None:
            self._actor = Actor(*self._place, self.errand, simulator.chance)
            simulator.chance.set(self._began)
            simulator.let(self._actor, self._actor.begin)
            self._compare(self._actor, 0)
        for number in range(self._actor.calls, len(self._met)):
            clock, outcome = self._met[number]
            simulator.chance.set(clock)
            simulator.let(self._actor, partial(self._actor.resume, outcome))
            self._compare(self._actor, number + 1)
        return self._moment_of(self._actor)

    def _compare(self, actor: Actor, number: int) -> None:
        """Hold that the actor has done again what is known of it."""
        now = self._moment_of(actor)
        if number < len(self._seen) and not self._seen[number].is_alike(now):
            raise AssertionError(f"“{self.errand.name}” did not do again what it did before: {now}")

    def _moment_of(self, actor: Actor) -> Moment:
        return Moment(actor.call, tuple(actor.replies), tuple(actor.errors), self._simulator.chance.now)


def _told(outcome: Outcome) -> object:
    if isinstance(outcome, Answer):
        return outcome.status, blake2b(outcome.body, digest_size=16).digest()
    return type(outcome)
