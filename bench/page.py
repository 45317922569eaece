"""The figures in docs/speed.md: tables made from the last ones that were kept, so that the two cannot differ."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.figures import Figure

PAGE = Path(__file__).parents[1] / "docs" / "speed.md"
BEGIN, END = "<!-- figures: made by `make bench RECORD=yes` -->\n", "<!-- end of figures -->\n"
HEADINGS = {
    "cold": "Cold starts, times a bare function's, and sizes",
    "warm": "Warm requests, times the same calls made bare",
    "scale": "What each operation asks of AWS",
    "contention": "Many at once in one organization",
}


def write(kept: Mapping[str, Any]) -> None:
    """Put the tables into the page."""
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(before + BEGIN + tables(kept) + END + rest.split(END)[1])


def tables(kept: Mapping[str, Any]) -> str:
    """Return the tables."""
    parts = [f"\nMeasured on {kept['machine']}.\n"]
    for part, heading in HEADINGS.items():
        rows = [Figure(*one) for one in kept.get(part, [])]
        if rows:
            parts.append(f"\n### {heading}\n\n| | measured | limit | |\n|---|---|---|---|\n")
            parts += [_row(figure) for figure in rows]
    return "".join([*parts, "\n"])


def _row(figure: Figure) -> str:
    value = figure.value if isinstance(figure.value, str) else f"{figure.value:.2f}"
    limit = "" if figure.limit is None else f"{'at least' if figure.at_least else 'at most'} {figure.limit:g}"
    return f"| {figure.name} | {value if figure.kept else f'**{value}**'} | {limit} | {figure.note} |\n"
