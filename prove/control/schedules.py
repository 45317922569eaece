"""Schedules: who is next at each step. All there are, each once; or some, drawn with few changes of who is at work."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from prove.control.runs import Run
from prove.control.simulator import Footprint

type Schedule = Sequence[int]


@dataclass
class Point:
    """A step at which more than one may be next, and what is known of each there."""

    turns: list[int]
    asleep: dict[int, Footprint]  # whose call here would only repeat a schedule that was run
    tried: dict[int, Footprint] = field(default_factory=dict)
    chosen: int = -1

    def next(self) -> int | None:
        """Return whom to try next, if there is somebody."""
        return next((turn for turn in self.turns if turn not in self.asleep and turn not in self.tried), None)

    def sleepers_behind(self, footprint: Footprint) -> dict[int, Footprint]:
        """Return who sleeps on behind the chosen call: whose own call commutes with it."""
        others = {turn: known for turn, known in (self.asleep | self.tried).items() if turn != self.chosen}
        return {turn: known for turn, known in others.items() if known.commutes_with(footprint)}


def every(begin: Callable[[], Run]) -> Iterator[Run]:
    """Run all schedules, and yield each run at its end.

    Schedules that differ only in the order of calls that do not touch the same are one (sleep sets, Godefroid 1996).
    """
    path: list[Point] = []
    while True:
        run = begin()
        if _follow(run, path):
            yield run
        else:
            run.stop()
        while path and path[-1].next() is None:
            path.pop()
        if not path:
            return


def _follow(run: Run, path: list[Point]) -> bool:
    """Run to the end: along the path, then by the first choice. Return whether it is not the repetition of another."""
    asleep: dict[int, Footprint] = {}
    depth = 0
    while turns := run.turns:
        if depth == len(path):
            path.append(Point(turns, asleep))
        point = path[depth]
        if depth == len(path) - 1:  # the last is where another choice is to be made
            chosen = point.next()
            if chosen is None:
                return False
            point.chosen = chosen
        footprint = run.take(point.chosen).footprint
        point.tried[point.chosen] = footprint
        asleep = point.sleepers_behind(footprint)
        depth += 1
    return True


def drawn(run: Run, chance: random.Random, *, changes: int) -> None:
    """Run to the end with at most so many changes of who is at work before they are done, at random places."""
    length = max(1, 8 * len(run.actors))
    places = {chance.randrange(length) for _ in range(changes)}
    current, step = -1, 0
    while turns := run.turns:
        if current not in turns or step in places:
            current = chance.choice(turns)
        run.take(current)
        step += 1


def follow(run: Run, schedule: Schedule, *, whole: bool = False) -> None:
    """Run by a schedule, as far as it says; whoever is left goes on to their end, one after the other.

    If `whole`, it names those who do all that is theirs.
    """
    for turn in schedule:
        while turn in run.turns:
            run.take(turn)
            if not whole:
                break
    while turns := run.turns:
        run.take(turns[0])
