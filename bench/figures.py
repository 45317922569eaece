"""Figures: what a part of the bench measured, beside its limit and what it was the last time."""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple

WORSE = 1.1  # a regression of a tenth is marked


class Figure(NamedTuple):
    """A measured value, or exact counts as text; the limit that it is to keep, which may be the least one."""

    name: str
    value: float | str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether it keeps its limit."""
        if self.limit is None or isinstance(self.value, str):
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def is_worse_than(self, last: float | str) -> bool:
        """Tell whether it is worse than the last time, by a tenth; of counts, whether they are others."""
        if isinstance(self.value, str) or isinstance(last, str):
            return self.value != last
        return self.value * WORSE < last if self.at_least else self.value > last * WORSE

    def rounded(self) -> "Figure":
        """Return it as it is kept."""
        return self if isinstance(self.value, str) else self._replace(value=round(self.value, 3))


def row(figure: Figure, last: float | str | None = None) -> str:
    """Write a figure as a line, beside what it was the last time."""
    shown = figure.value if isinstance(figure.value, str) else f"{figure.value:.2f}"
    limit = "" if figure.limit is None else f"{'>=' if figure.at_least else '<='} {figure.limit:g}"
    before = "" if last is None else last if isinstance(last, str) else f"{last:.2f}"
    marks = [] if figure.kept else ["over the limit"]
    if last is not None and figure.is_worse_than(last):
        marks.append("WORSE THAN LAST" if not isinstance(figure.value, str) else "OTHER THAN LAST")
    before = "" if before == shown else f"last {before}" if before else ""
    return "  ".join([f"  {figure.name:<56} {shown:>7}", f"{limit:<7}", figure.note, before, *marks]).rstrip()


def progress(words: str) -> None:
    """Say on the terminal what has been done, where figures take long."""
    print(f"  ... {words}", file=sys.stderr, flush=True)


def show(about: str, measure: Callable[[str], Iterable[Figure]]) -> None:
    """Run one part alone: print its figures as they come."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("only", nargs="?", default="", help="a part of the names of what is measured")
    for figure in measure(parser.parse_args().only):
        print(row(figure), flush=True)
