"""`make planted`: leaves out each condition of each transaction in turn, and asks whether the simulator finds it."""

import argparse
import os
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import batched, zip_longest
from typing import NamedTuple

from local.sample import PACKS
from prove.control import schedules
from prove.control.calls import Call
from prove.control.faults import TRANSACTION
from prove.control.planting import Planted, conditions, writes
from prove.control.runs import Run
from prove.explore import setting, with_each_fault
from prove.judge import Judge

TOGETHER = 8  # pairs of one world, one after the other
# What is asked though it is always so: a transaction is safe by itself, whatever else there is. By what is left out.
EQUIVALENT = {
    "Put LOG: attribute_not_exists (pk)": "each transaction draws the id of its event anew",
}


class Search(NamedTuple):
    """What came of looking for a planted fault: what was found wrong, or nothing, and after how many runs."""

    planted: Planted
    wrong: str
    where: str
    runs: int


def all_planted(packs: Sequence[str]) -> list[Planted]:
    """Return every condition that some operation has in some world."""
    found: dict[Planted, None] = {}
    for place, steps in _alone(tuple(packs)).items():
        for call in steps:
            found |= dict.fromkeys(conditions(place.function, call))
    return list(found)


class Place(NamedTuple):
    """An operation in a world of a pack."""

    pack: str
    world: str
    name: str
    function: str


@cache
def _alone(packs: tuple[str, ...]) -> dict[Place, list[Call]]:
    """Run each operation alone, and return its transactions."""
    found = {}
    for pack in packs:
        simulator, worlds = setting(pack)
        with simulator.at_work():
            for edge, errands in worlds.values():
                for errand in errands.values():
                    run = Run(simulator, edge.world, [errand])
                    schedules.follow(run, ())
                    calls = [step.call for step in run.steps if step.call.operation == TRANSACTION]
                    found[Place(pack, edge.name, errand.name, errand.function)] = calls
    return found


def search(planted: Planted, packs: Sequence[str], seconds: float) -> Search:
    """Run what may find the fault until something is wrong, or so many seconds are over."""
    started, runs = time.monotonic(), 0
    for pack, world, names in _promising(planted, tuple(packs)):
        simulator, worlds = setting(pack)
        edge, known = worlds[world]
        errands = [known[name] for name in names]
        with simulator.at_work():
            judge = Judge(simulator, edge, errands)
            begin = partial(Run, simulator, edge.world, errands, planted=planted)
            for run in schedules.every(begin) if len(names) > 1 else with_each_fault(begin):
                runs += 1
                if wrong := judge.wrong(run):
                    return Search(planted, wrong[0].partition("\n")[0], f"{pack} / {world} / {' + '.join(names)}", runs)
                if time.monotonic() - started > seconds:
                    return Search(planted, "", "", runs)
    return Search(planted, "", "", runs)


def _promising(planted: Planted, packs: tuple[str, ...]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the function's operations alone, to be run with faults, and in pairs: with who writes such items first."""
    alone = _alone(packs)
    mine = [
        place for place, calls in alone.items() if any(planted in conditions(place.function, call) for call in calls)
    ]
    chance = random.Random(0)  # noqa: S311 (it is to be repeatable)
    chance.shuffle(mine)
    pairs = [(one, other) for one in mine for other in alone if other[:2] == one[:2]]
    chance.shuffle(pairs)
    telling = [any(planted.item in writes(call) for call in alone[other]) for _, other in pairs]
    for wanted in (True, False):
        some = _by_worlds([pair for pair, tells in zip(pairs, telling, strict=True) if tells == wanted])
        for place, pair in zip_longest(mine if wanted else (), some):
            if place is not None:
                yield place.pack, place.world, (place.name,)
            if pair is not None:
                one, other = pair
                yield one.pack, one.world, (one.name, other.name)


def _by_worlds(pairs: Iterable[tuple[Place, Place]]) -> Iterator[tuple[Place, Place]]:
    """Yield some of one world at a time, as what is known there is not run again, and then some of the next."""
    worlds: dict[tuple[str, ...], list[tuple[Place, Place]]] = {}
    for pair in pairs:
        worlds.setdefault(pair[0][:2], []).append(pair)
    for some in zip_longest(*(batched(one, TOGETHER, strict=False) for one in worlds.values())):
        for together in filter(None, some):
            yield from together


def main() -> None:
    """Look for all planted faults, each for its share of the time, and print what came of it."""
    parser = argparse.ArgumentParser(prog="make planted", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="for all of them (%(default)s)")
    minutes = parser.parse_args().minutes
    packs = list(PACKS)
    everything = all_planted(packs)
    planted = [one for one in everything if _about(one) not in EQUIVALENT]
    workers = os.process_cpu_count() or 1
    each = minutes * 60 * workers / len(planted)
    print(f"{len(everything)} conditions, {len(everything) - len(planted)} of them never matter:")
    for about, why in EQUIVALENT.items():
        print(f"  {about}: {why}")
    print(f"{len(planted)} are left out in turn, {each:.0f} seconds for each at most.", flush=True)
    found = 0
    with ProcessPoolExecutor(workers) as pool:
        for one in pool.map(partial(search, packs=packs, seconds=each), planted):
            found += bool(one.wrong)
            told = (
                f"found after {one.runs} runs, in {one.where}: {one.wrong}" if one.wrong else f"not in {one.runs} runs"
            )
            print(f"  {one.planted!s:<44} {told}", flush=True)
    print(f"{found} of {len(planted)} were found.")


def _about(planted: Planted) -> str:
    return f"{planted.operation}: {planted.condition}"


if __name__ == "__main__":
    main()
