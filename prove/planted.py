"""`make planted`: leaves out each condition of each transaction in turn, and asks whether the simulator finds it."""

import argparse
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

from local.sample import PACKS
from prove.control import schedules
from prove.control.faults import TRANSACTION
from prove.control.planting import Planted, conditions
from prove.control.runs import Run
from prove.explore import setting
from prove.judge import Judge


class Search(NamedTuple):
    """What came of looking for a planted fault: what was found wrong, or nothing, and after how many runs."""

    planted: Planted
    wrong: str
    where: str
    runs: int


def all_planted(packs: list[str]) -> list[Planted]:
    """Return every condition that some operation has in some world."""
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
                            found |= {Planted(errand.function, name): None for name in conditions(step.call)}
    return list(found)


def search(planted: Planted, packs: list[str], seconds: float) -> Search:
    """Run pairs with the fault, drawn from all worlds, until something is wrong, or so many seconds are over."""
    started, runs = time.monotonic(), 0
    for pack, world, pair in _pairs(planted, packs):
        simulator, worlds = setting(pack)
        edge, known = worlds[world]
        errands = [known[name] for name in pair]
        with simulator.at_work():
            judge = Judge(simulator, edge, errands)
            for run in schedules.every(partial(Run, simulator, edge.world, errands, None, planted)):
                runs += 1
                if wrong := judge.wrong(run):
                    return Search(planted, wrong[0].partition("\n")[0], f"{pack} / {world} / {' + '.join(pair)}", runs)
                if time.monotonic() - started > seconds:
                    return Search(planted, "", "", runs)
    return Search(planted, "", "", runs)


def _pairs(planted: Planted, packs: list[str]) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Yield all pairs in which the function is at work, in an order that is drawn, but always the same."""
    pairs = [
        (pack, world, (mine.name, other))
        for pack in packs
        for world, (_, errands) in setting(pack).worlds.items()
        for mine in errands.values()
        if mine.function == planted.function
        for other in errands
    ]
    random.Random(0).shuffle(pairs)  # noqa: S311 (it is to be repeatable)
    yield from pairs


def main() -> None:
    """Look for all planted faults, each for its share of the time, and print what came of it."""
    parser = argparse.ArgumentParser(prog="make planted", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="for all of them (%(default)s)")
    minutes = parser.parse_args().minutes
    packs = list(PACKS)
    planted = all_planted(packs)
    workers = os.process_cpu_count() or 1
    each = minutes * 60 * workers / len(planted)
    print(f"{len(planted)} conditions, {each:.0f} seconds for each at most.", flush=True)
    found = 0
    with ProcessPoolExecutor(workers) as pool:
        for one in pool.map(partial(search, packs=packs, seconds=each), planted):
            found += bool(one.wrong)
            told = (
                f"found after {one.runs} runs, in {one.where}: {one.wrong}" if one.wrong else f"not in {one.runs} runs"
            )
            print(f"  {one.planted!s:<44} {told}", flush=True)
    print(f"{found} of {len(planted)} were found.")


if __name__ == "__main__":
    main()
