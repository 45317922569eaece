"""Try the properties of the tests at random, round after round, each by the next seed; then call what is served.

`make fuzz MINUTES=10` begins no round of properties that would not end in half of that time, but for the first. The
other half is for calls to the served packs (tools/schema.py). `SEED=4711` begins both by that seed, and so repeats what
failed by it. What a property failed on belongs into its test, as an @example.
"""

import argparse
import re
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass

from tools import schema

PYTEST = [
    *(sys.executable, "-m", "pytest", "--quiet", "--numprocesses", "2", "--dist", "worksteal", "--show-capture", "no"),
    *("--hypothesis-profile", "fuzz", "--hypothesis-show-statistics"),
]
OURS = "hypothesis and not others"
ALL = "hypothesis"  # those, too, that hold the simulator's engine against others: they find what is wrong with these
STATISTICS = re.compile(r"^=+ Hypothesis Statistics =+$.*?(?=^(?:=|\d+ (?:passed|failed)))", re.MULTILINE | re.DOTALL)
TRIED = re.compile(r"during generate phase.*?(\d+) passing, (\d+) failing", re.DOTALL)
FAILED = 1  # pytest's status where tests failed; any greater one tells of something else
INTERRUPTED = 130


@dataclass
class Tally:
    """What has been tried since the start, without state machines: Hypothesis gives no figures of them."""

    seed: int
    started: float
    rounds: int = 0
    examples: int = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def __str__(self) -> str:
        seeds = f"{self.seed} to {self.seed + self.rounds - 1}" if self.rounds > 1 else f"{self.seed}"
        return f"Fuzz: {self.examples:,} examples in {self.seconds:.0f} seconds, {self.rounds} rounds, seed {seeds}."


def examples(said: str) -> int:
    """Count the examples of which pytest told."""
    return sum(int(passing) + int(failing) for passing, failing in TRIED.findall(said))


def play(tally: Tally, limit: float, chosen: str) -> int:
    """Play rounds for so many seconds, or until one fails. Returns pytest's status."""
    while True:
        seed, before = tally.seed + tally.rounds, tally.seconds
        command = [*PYTEST, "-m", chosen, f"--hypothesis-seed={seed}"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        tally.rounds += 1
        tally.examples += examples(ended.stdout)
        if ended.returncode:
            print(STATISTICS.sub("", ended.stdout), ended.stderr, sep="")
        if ended.returncode == FAILED:
            print(f"Paste what failed into its test as an @example. `make fuzz SEED={seed}` tries the same once more.")
        if ended.returncode or 2 * tally.seconds - before > limit:
            return ended.returncode


def main() -> int:
    """Try the properties and what is served, and end with the figures. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Try the properties, and the served system, with random inputs.")
    parser.add_argument("--minutes", type=float, default=10, help="how long to run (%(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="repeat the run that printed this seed")
    parser.add_argument("--others", action="store_true", help="hold the simulator's engine against others, too")
    asked = parser.parse_args()
    tally = Tally(secrets.randbelow(10**6) if asked.seed is None else asked.seed, time.monotonic())
    figures = schema.Figures(tally.seed)
    half = asked.minutes * 60 / 2
    print(f"Trying at random for {asked.minutes:g} minutes, from seed {tally.seed} on.", flush=True)
    try:
        status = play(tally, half, ALL if asked.others else OURS)
        print(tally, flush=True)
        if status in {0, FAILED}:
            schema.play(figures, half)
            print(figures)
    except KeyboardInterrupt:
        print(tally, figures, sep="\n")
        return INTERRUPTED
    return status or bool(figures.failed)


if __name__ == "__main__":
    sys.exit(main())
