"""What is planted: a condition is left out where it alone stood in the way of a transaction. Is something wrong then?

Where no condition decides alone, leaving it out changes nothing: such runs need not be made.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from prove.control import schedules
from prove.control.planting import TRANSACTION, Planted, conditions
from prove.control.runs import Run
from prove.explore import Share, Shown, Tally, case_of, explore, setting
from prove.judge import Judge

ENOUGH = 5  # runs of one share in which the same condition is left out

_found: set[Planted] = set()  # by this process


def explore_planted(shares: Iterable[Share]) -> dict[str, Tally]:
    """Do some shares of the work, and leave out what decides in them, until each was found."""
    tallies: dict[str, Tally] = {}
    for share in shares:
        simulator = setting(share.pack).simulator
        simulator.asks_why = lambda planted: planted not in _found
        planting = _Planting(share)
        tally = explore(share, planting)
        tally.planted = planting.shown
        tallies.setdefault(share.kind, Tally()).add(tally)
        simulator.asks_why = None
    return tallies


class _Planting:
    """Plants what decides in the runs of one share."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._tried: Counter[Planted] = Counter()
        self.shown: dict[Planted, Shown] = {}

    def __call__(self, run: Run, judge: Judge) -> None:
        for planted in set(run.decided):
            shown = self.shown.setdefault(planted, Shown())
            shown.decided += 1
            shown.case = shown.case or case_of(self._share, run)
            if self._tried[planted] < ENOUGH and not shown.wrong:
                self._tried[planted] += 1
                without = Run(run.simulator, run.world, [actor.errand for actor in run.actors], run.faults, planted)
                schedules.follow(without, [step.turn for step in run.steps])
                if wrong := judge.wrong(without):
                    shown.case, shown.wrong = case_of(self._share, run), wrong[0].partition("\n")[0]
                    _found.add(planted)


def all_planted(packs: Sequence[str]) -> list[Planted]:
    """Return every condition that some operation alone has in some world."""
    found: dict[Planted, None] = {}
    for pack in packs:
        simulator, worlds = setting(pack)
        with simulator.at_work():
            for edge, errands in worlds.values():
                for errand in errands.values():
                    run = Run(simulator, edge.world, [errand])
                    schedules.follow(run, ())
                    for step in run.steps:
                        if step.call.operation == TRANSACTION:
                            found |= dict.fromkeys(conditions(errand.function, step.call))
    return list(found)


def report(shown: dict[Planted, Shown], packs: Sequence[str]) -> None:
    """Print what came of each condition."""
    never = [planted for planted in all_planted(packs) if planted not in shown]
    found = [one for one in shown.values() if one.wrong]
    print(f"\n{len(shown)} conditions alone stood in the way of some transaction. Left out, {len(found)} were found:")
    _list({planted: f"{one.wrong}\n      {one.case}" for planted, one in shown.items() if one.wrong})
    print(f"\n{len(shown) - len(found)} were not found:")
    _list(
        {planted: f"in {one.decided} runs, as in\n      {one.case}" for planted, one in shown.items() if not one.wrong}
    )
    print(f"\n{len(never)} never did, so that without them all these runs would be the same:")
    _list(dict.fromkeys(never, ""))


def _list(told: Mapping[Planted, str]) -> None:
    for planted, words in sorted(told.items(), key=str):
        print(f"  {planted}: {words}" if words else f"  {planted}")
