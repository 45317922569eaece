"""`make histories`: plays long random histories in all packs, and tells what is wrong by the shortest that shows it."""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import count
from typing import NamedTuple

from local.sample import PACKS
from prove.histories.search import LENGTH, Search
from prove.workers import Progress, work


class Played(NamedTuple):
    """What came of one history: what was done how often, and the shortest with what was wrong, if that is news."""

    pack: str
    name: str
    acts: Counter[tuple[str, str]]
    about: frozenset[str]
    told: str
    seconds: float


search = cache(Search)  # one for each pack in a process


def play(pack: str, name: str, length: int, known: frozenset[str]) -> Played:
    """Play a history, and shrink it if it shows something that is not known yet."""
    started = time.perf_counter()
    done = search(pack).drawn(name, length)
    seconds = time.perf_counter() - started
    acts = Counter(
        (act.kind, "refused" if answer.startswith("4") else "done")
        for act, answer in zip(done.acts, done.answers, strict=True)
    )
    is_news = bool(done.about - known)
    told = str(search(pack).shortest(done)) if is_news else ""
    return Played(pack, name, acts, frozenset(done.about), told, seconds)


def main() -> None:
    """Play until the time is over, or one history again."""
    parser = argparse.ArgumentParser(prog="make histories", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long to play (%(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="of what is drawn; printed")
    parser.add_argument("--length", type=int, default=LENGTH, help="acts of one history (%(default)s)")
    parser.add_argument("--packs", default=",".join(PACKS), help="packs, with commas between them (%(default)s)")
    parser.add_argument("--history", default="", help="play one alone, such as teams/4711.3")
    arguments = parser.parse_args()
    if arguments.history:
        pack, name = arguments.history.split("/")
        done = search(pack).drawn(name, arguments.length)
        print(done)
        sys.exit(bool(done.wrong))
    seed = random.SystemRandom().getrandbits(31) if arguments.seed is None else arguments.seed
    print(f"Seed {seed}: SEED={seed} draws the same histories.")
    sys.exit(_played(_tasks(arguments.packs.split(","), seed), arguments.length, arguments.minutes * 60))


def _tasks(packs: list[str], seed: int) -> Iterator[tuple[str, str]]:
    """Yield histories by their packs and names, without end."""
    for number in count():
        for pack in packs:
            yield pack, f"{seed}.{number}"


def _played(tasks: Iterator[tuple[str, str]], length: int, seconds: float) -> int:
    """Play with all cores until the time is over; print progress and findings, and return the exit status."""
    progress = Progress()
    played: dict[str, list[Played]] = {}
    known: frozenset[str] = frozenset()

    def told() -> str:
        return f"{_acts(played.values()):,} acts, {len(known)} findings"

    for one in work((partial(play, pack, name, length, known) for pack, name in tasks), seconds):
        played.setdefault(one.pack, []).append(one)
        if one.about - known:
            print(f"\nFOUND, by HISTORY={one.pack}/{one.name}; the shortest that shows it:\n{one.told}\n", flush=True)
        known |= one.about
        progress.tell(told)
    return _report(played, known)


def _acts(played: Iterable[list[Played]]) -> int:
    return sum(one.acts.total() for several in played for one in several)


def _report(played: dict[str, list[Played]], known: frozenset[str]) -> int:
    """Print what was played; return the exit status."""
    print(f"\n{'':<20} {'histories':>10} {'acts':>10} {'a second':>9}")
    for pack, several in played.items():
        done, seconds = _acts([several]), sum(one.seconds for one in several)
        print(f"{pack:<20} {len(several):>10,} {done:>10,} {done / seconds:>9.0f}")
    acts = sum((one.acts for several in played.values() for one in several), Counter[tuple[str, str]]())
    print(f"\n{'':<32} {'done':>10} {'refused':>10}")
    for kind in sorted({kind for kind, _ in acts}):
        print(f"  {kind:<30} {acts[kind, 'done']:>10,} {acts[kind, 'refused']:>10,}")
    print(f"\n{acts.total():,} acts, {len(known)} findings.")
    return 1 if known else 0


if __name__ == "__main__":
    main()
