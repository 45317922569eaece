"""`make prove`: runs the functions under all schedules of pairs and all single faults, and then under what is drawn."""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice

from local.sample import PACKS
from prove.control.runs import Run
from prove.control.schedules import follow
from prove.explore import Case, Finding, Share, Tally, drawn, everything, explore_all, setting
from prove.judge import Judge
from prove.planted import explore_planted, report
from prove.workers import Progress, work

AHEAD = 2  # so many for each worker, the one that waits among them
FEWER = 20  # of what is drawn: each has many runs

type Shares = tuple[Share, ...]


def main() -> None:
    """Explore, and print what was explored, or show one case again."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    parser.add_argument(
        "--minutes", type=float, default=10, help="how long to explore (%(default)s); 0: all pairs and faults"
    )
    parser.add_argument(
        "--part", default="1/1", help="a fixed part of all pairs and faults, such as 1/20, and nothing drawn"
    )
    parser.add_argument("--seed", type=int, default=None, help="of what is drawn; printed")
    parser.add_argument("--case", default="", help="a case as a finding prints it: run it, and tell it step by step")
    parser.add_argument(
        "--planted",
        action="store_true",
        help="where a condition alone stood in the way of a transaction, leave it out, too: is that found?",
    )
    parser.add_argument("--packs", default=",".join(PACKS), help="packs, with commas between them (%(default)s)")
    arguments = parser.parse_args()
    if arguments.case:
        sys.exit(_tell(Case.of(arguments.case)))
    packs = arguments.packs.split(",")
    seed = random.SystemRandom().getrandbits(31) if arguments.seed is None else arguments.seed
    part, of = map(int, arguments.part.split("/"))
    shares = everything(packs, part, of)
    if of == 1 and arguments.minutes and not arguments.planted:
        shares = chain(shares, _drawn(packs, random.Random(seed)))  # noqa: S311 (it is to be repeatable)
        print(f"Seed {seed}: SEED={seed} repeats what is drawn.")
    seconds = arguments.minutes * 60 if of == 1 and arguments.minutes else None
    tallies = _explored(shares, seconds, explore_planted if arguments.planted else explore_all)
    status = _report(tallies)
    if arguments.planted:
        together = Tally()
        for tally in tallies.values():
            together.add(tally)
        report(together.planted, packs)
    sys.exit(status)


def _drawn(packs: list[str], chance: random.Random) -> Iterator[Shares]:
    """Yield triples, and pairs with faults, without end."""
    while True:
        for pack in packs:
            for size, kind in ((3, "triples"), (2, "pairs with a fault"), (2, "pairs with two")):
                yield tuple(islice(drawn(pack, chance, size, kind), FEWER))


def _explored(
    waiting: Iterator[Shares], seconds: float | None, act: Callable[[Shares], dict[str, Tally]]
) -> dict[str, Tally]:
    """Explore with all cores until there is nothing left, or the time is over; print progress."""
    tallies: dict[str, Tally] = {}
    progress = Progress()

    def told() -> str:
        runs = sum(tally.runs for tally in tallies.values())
        return f"{runs:,} runs, {sum(len(tally.findings) for tally in tallies.values())} findings"

    for explored in work((partial(act, shares) for shares in waiting), seconds, ahead=AHEAD):
        for kind, tally in explored.items():
            tallies.setdefault(kind, Tally()).add(tally)
            for finding in tally.findings:
                _show(finding)
        progress.tell(told)
    return tallies


def _report(tallies: dict[str, Tally]) -> int:
    """Print a table of what was explored; return the exit status."""
    operations: Counter[str] = Counter()
    print(f"\n{'':<20} {'runs':>10} {'calls':>12} {'faults':>10} {'a second':>9}")
    for kind, tally in tallies.items():
        operations.update(tally.operations)
        print(f"{kind:<20} {tally.runs:>10,} {tally.calls:>12,} {tally.faults:>10,} {tally.runs / tally.seconds:>9.0f}")
    print(f"\nruns of each of the {len(operations)} operations:")
    for name, runs in sorted(operations.items()):
        print(f"  {name:<40} {runs:>10,}")
    found = sum(len(tally.findings) for tally in tallies.values())
    print(f"\n{sum(tally.runs for tally in tallies.values()):,} runs, {found} findings.")
    return 1 if found else 0


def _show(finding: Finding) -> None:
    print(f"\nFOUND: {finding.wrong}\n  See it again: make prove CASE='{finding.case}'\n", flush=True)


def _tell(case: Case) -> int:
    """Run a case, and tell each call and what it wrote; return 1 if something is wrong with it."""
    simulator, worlds = setting(case.pack)
    edge, known = worlds[case.world]
    errands = [known[name] for name in case.errands]
    lines = []
    with simulator.at_work():
        run = Run(simulator, edge.world, errands, dict(case.faults))
        follow(run, case.schedule)
        for step in run.steps:
            who = errands[step.turn].name if step.turn < len(errands) else "(done late)"
            wrote = ", ".join(
                f"{one['eventName'].lower()} {' '.join(key['S'] for key in one['dynamodb']['Keys'].values())}"
                for one in step.records
            )
            lines.append(
                f"{who:<32} {step.call}{f' [{step.fault}]' if step.fault else ''}{f': {wrote}' if wrote else ''}"
            )
        lines += [f"{actor.errand.name:<32} is answered {actor.reply}" for actor in run.actors]
        wrong = Judge(simulator, edge, errands).wrong(run)
    print("\n".join([*lines, *(f"\nWRONG: {sentence}" for sentence in wrong)]))
    return 1 if wrong else 0


if __name__ == "__main__":
    main()
