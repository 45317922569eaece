"""Exploring: pairs under all schedules, single faults at all calls, and what is drawn. Each is a share of work."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import batched, chain, combinations_with_replacement, pairwise
from typing import NamedTuple

from prove.control import faults, schedules
from prove.control.calls import Call
from prove.control.errands import Errand
from prove.control.faults import Fault
from prove.control.planting import Planted
from prove.control.runs import Place, Run
from prove.control.simulator import Simulator
from prove.judge import Judge
from prove.worlds.edges import Edge, edges
from prove.worlds.operations import operations
from prove.worlds.reading import reading
from prove.worlds.stage import Stage

CHANGES = 3  # of who is at work, at most, in what is drawn
EACH = 20  # schedules of what is drawn
TOGETHER = 100  # shares of one world, done one after the other: what is known there is not run again
FEW = 3  # findings of one share that are told


class Finding(NamedTuple):
    """What broke, and how to see it again."""

    case: "Case"
    wrong: str


@dataclass(frozen=True)
class Case:
    """One run: a world, who does what in it, what goes wrong, and in which order."""

    pack: str
    world: str
    errands: tuple[str, ...]
    schedule: tuple[int, ...]
    faults: tuple[tuple[Place, Fault], ...] = ()

    def __str__(self) -> str:
        planned = ",".join(f"{turn}.{call}={fault.name}" for (turn, call), fault in self.faults)
        order = "".join(map(str, self.schedule))
        return " / ".join([self.pack, self.world, " + ".join(self.errands), order, *([planned] if planned else [])])

    @staticmethod
    def of(text: str) -> "Case":
        """Read what a finding prints."""
        pack, world, errands, order, *planned = text.split(" / ")
        found = [one.split("=") for one in "".join(planned).split(",") if one]
        places = [(place.split("."), fault) for place, fault in found]
        return Case(
            pack,
            world,
            tuple(errands.split(" + ")),
            tuple(map(int, order)),
            tuple(((int(turn), int(call)), Fault[fault]) for (turn, call), fault in places),
        )


@dataclass
class Shown:
    """In how many runs a condition alone stood in the way, one of them, and what was wrong without it, if anything."""

    decided: int = 0
    case: Case | None = None
    wrong: str = ""


@dataclass
class Tally:
    """What was explored."""

    runs: int = 0
    calls: int = 0
    faults: int = 0
    seconds: float = 0
    operations: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    planted: dict[Planted, Shown] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Add what somebody else explored."""
        self.runs, self.calls, self.faults = (
            self.runs + other.runs,
            self.calls + other.calls,
            self.faults + other.faults,
        )
        self.seconds += other.seconds
        self.findings += other.findings
        for name, runs in other.operations.items():
            self.operations[name] = self.operations.get(name, 0) + runs
        for planted, one in other.planted.items():
            known = self.planted.setdefault(planted, Shown())
            known.decided += one.decided
            if known.case is None or (one.wrong and not known.wrong):
                known.case, known.wrong = one.case, one.wrong


class Share(NamedTuple):
    """A share of the work: what is explored, and of which operations in which world."""

    kind: str
    pack: str
    world: str
    errands: tuple[str, ...]
    seed: int = 0


class Setting(NamedTuple):
    """A pack's simulator, and its worlds with all that can be asked in each, reading too."""

    simulator: Simulator
    worlds: Mapping[str, tuple[Edge, Mapping[str, Errand]]]

    def changing(self, world: str) -> list[str]:
        """Name what changes something in a world."""
        return [name for name, errand in self.worlds[world][1].items() if not errand.reads]

    def at_work(self) -> AbstractContextManager[None]:
        return self.simulator.at_work()


@cache
def setting(pack: str) -> Setting:
    """Build the worlds of a pack, once in a process."""
    simulator = Simulator(pack)
    with simulator.at_work():
        stage, worlds = Stage(simulator), {}
        for edge in edges(stage):
            simulator.go_back(edge.world)
            asked = [*operations(edge), *reading(edge)]
            worlds[edge.name] = edge, {errand.name: errand for errand in asked}
    return Setting(simulator, worlds)


def pairs(pack: str) -> Iterator[Share]:
    """Yield all pairs of changes in all worlds."""
    for world in setting(pack).worlds:
        for pair in combinations_with_replacement(setting(pack).changing(world), 2):
            yield Share("pairs", pack, world, pair)


def singles(pack: str) -> Iterator[Share]:
    """Yield all operations in all worlds, those that only read too, for all single faults."""
    for world, (_, errands) in setting(pack).worlds.items():
        for name in errands:
            yield Share("faults", pack, world, (name,))


def everything(packs: Iterable[str], part: int = 1, of: int = 1) -> Iterator[tuple[Share, ...]]:
    """Yield all pairs and single faults of all packs, or a part of them, mixed: some of each world at a time."""
    chance = random.Random(0)  # noqa: S311 (it is to be repeatable)
    shares = [share for pack in packs for share in chain(singles(pack), pairs(pack))]
    chance.shuffle(shares)
    worlds: dict[tuple[str, str], list[Share]] = {}
    for share in shares[part - 1 :: of]:
        worlds.setdefault((share.pack, share.world), []).append(share)
    mixed = [together for some in worlds.values() for together in batched(some, TOGETHER, strict=False)]
    chance.shuffle(mixed)
    yield from mixed


def drawn(pack: str, chance: random.Random, size: int, kind: str) -> Iterator[Share]:
    """Yield changes that are drawn, so many at once, in a world that is drawn, without end."""
    world = chance.choice(list(setting(pack).worlds))
    changing = setting(pack).changing(world)
    while True:
        yield Share(kind, pack, world, tuple(chance.choices(changing, k=size)), chance.getrandbits(32))


def explore_all(shares: Iterable[Share]) -> dict[str, Tally]:
    """Do some shares of the work, which are best of one world: see the memory of a simulator."""
    tallies: dict[str, Tally] = {}
    for share in shares:
        tallies.setdefault(share.kind, Tally()).add(explore(share))
    return tallies


def explore(share: Share, beside: Callable[[Run, Judge], None] | None = None) -> Tally:
    """Do a share of the work. Each run is handed on, with its judge."""
    started = time.perf_counter()
    tally = Tally()
    simulator, worlds = setting(share.pack)
    edge, known = worlds[share.world]
    errands = [known[name] for name in share.errands]
    with simulator.at_work():
        judge = Judge(simulator, edge, errands)
        for run in _KINDS[share.kind](simulator, edge, errands, share.seed):
            tally.runs += 1
            tally.calls += len(run.steps)
            tally.faults += len(run.faults)
            for wrong in judge.wrong(run):
                tally.findings.append(Finding(case_of(share, run), wrong))
            if beside is not None:
                beside(run, judge)
    tally.findings = sorted(tally.findings, key=lambda one: _length(one.case.schedule))[:FEW]
    tally.operations = dict.fromkeys(share.errands, tally.runs)
    tally.seconds = time.perf_counter() - started
    return tally


def case_of(share: Share, run: Run) -> Case:
    """Return how to see a run again."""
    order = tuple(step.turn for step in run.steps)
    return Case(share.pack, share.world, share.errands, order, tuple(run.faults.items()))


def _length(schedule: Sequence[int]) -> tuple[int, int]:
    """Return how hard a schedule is to follow: how often it goes from one to another, and how long it is."""
    return sum(one != other for one, other in pairwise(schedule)), len(schedule)


def _all_schedules(simulator: Simulator, edge: Edge, errands: list[Errand], _seed: int) -> Iterator[Run]:
    yield from schedules.every(lambda: Run(simulator, edge.world, errands))


def _all_faults(simulator: Simulator, edge: Edge, errands: list[Errand], _seed: int) -> Iterator[Run]:
    yield from with_each_fault(partial(Run, simulator, edge.world, errands))


def with_each_fault(begin: Callable[..., Run]) -> Iterator[Run]:
    """Run an errand alone, then with each fault at each call. What is done late is done at each later moment."""
    whole = begin()
    schedules.follow(whole, ())
    yield whole
    for number, step in enumerate(whole.steps):
        for fault in faults.possible(step.call):
            yield from schedules.every(partial(begin, planned={(0, number): fault}))


def _drawn_schedules(simulator: Simulator, edge: Edge, errands: list[Errand], seed: int) -> Iterator[Run]:
    chance = random.Random(seed)  # noqa: S311 (it is to be repeatable)
    for _ in range(EACH):
        run = Run(simulator, edge.world, errands)
        schedules.drawn(run, chance, changes=CHANGES)
        yield run


def _drawn_faults(simulator: Simulator, edge: Edge, errands: list[Errand], seed: int, *, count: int) -> Iterator[Run]:
    """Let so many faults happen, each at a call that is drawn, under schedules that are drawn."""
    chance = random.Random(seed)  # noqa: S311
    for _ in range(EACH):
        planned: dict[Place, Fault] = {}
        for _ in range(count):  # each among the calls that there are with those before it
            run = Run(simulator, edge.world, errands, planned)
            schedules.drawn(run, chance, changes=CHANGES)
            able = [(at, call) for at, call in _numbered(run) if at not in planned and any(faults.possible(call))]
            if able:
                place, call = chance.choice(able)
                planned = planned | {place: chance.choice(list(faults.possible(call)))}
        run = Run(simulator, edge.world, errands, planned)
        schedules.drawn(run, chance, changes=CHANGES)
        yield run


def _numbered(run: Run) -> Iterator[tuple[Place, Call]]:
    """Yield the calls of each actor, numbered."""
    counted: Counter[int] = Counter()
    for step in run.steps:
        if step.turn < len(run.actors):
            yield (step.turn, counted[step.turn]), step.call
            counted[step.turn] += 1


type Explored = Callable[[Simulator, Edge, list[Errand], int], Iterator[Run]]

_KINDS: dict[str, Explored] = {
    "pairs": _all_schedules,
    "faults": _all_faults,
    "triples": _drawn_schedules,
    "pairs with a fault": partial(_drawn_faults, count=1),
    "pairs with two": partial(_drawn_faults, count=2),
}
