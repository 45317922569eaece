"""The bench: prints what Roster costs in time, round trips and conflicts, beside the limits and the last figures."""

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import page
from bench.figures import Figure, row

LAST = Path(__file__).parent / "last.json"
# Each runs in a process of its own: what one imports is not to be in the way of another.
PARTS = {
    "cold": "Cold starts: CPU until the first answer, beside a bare function's with one call by boto3",
    "warm": "Warm requests: CPU of each operation, beside the same calls by plain boto3",
    "scale": "What each operation asks of AWS: in an organization of 10 members, and where it differs in larger ones",
    "contention": "Many at once in one organization, on a table that keeps DynamoDB's time",
}


def main() -> None:
    """Run the parts, print what they measured, and keep it if asked."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__, epilog="ONLY=cold,warm chooses parts.")
    parser.add_argument("--only", default="", help=f"parts, with commas between them: {', '.join(PARTS)}")
    parser.add_argument("--record", default="", help="anything: keep the figures in bench/last.json and docs/speed.md")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part is not None:
        _measure(arguments.part)
        return
    chosen = arguments.only.split(",") if arguments.only else list(PARTS)
    if unknown := set(chosen) - PARTS.keys():
        sys.exit(f"There is no part {', '.join(sorted(unknown))}. There are {', '.join(PARTS)}.")
    kept = json.loads(LAST.read_text()) if LAST.exists() else {}
    kept["machine"] = machine()
    print(f"{kept['machine']}\n")
    for part in chosen:
        kept[part] = _shown(part, kept.get(part, []))
    if arguments.record:
        LAST.write_text(f"{json.dumps(kept, indent=1)}\n")
        page.write(kept)


def machine() -> str:
    """Say what this ran on."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("boto3", "pydantic", "aws-lambda-powertools"))
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


def _shown(part: str, last: list[list[Any]]) -> list[list[Any]]:
    """Let a part be measured and print each figure as it comes; return them all."""
    before = {figure.name: figure.value for figure in (Figure(*one) for one in last)}
    print(f"{PARTS[part]}:", flush=True)
    command = [sys.executable, "-m", "bench", "--part", part]
    found = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            figure = Figure(*json.loads(line))
            found.append(figure)
            print(row(figure, before.get(figure.name)), flush=True)
    if process.returncode:
        sys.exit(process.returncode)
    print()
    return [list(figure.rounded()) for figure in found]


def _measure(part: str) -> None:
    """Measure one part, and hand on its figures as they come."""
    out = sys.stdout
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # what functions log is no figure
        for figure in importlib.import_module(f"bench.{part}").figures():
            print(json.dumps(list(figure)), file=out, flush=True)


if __name__ == "__main__":
    main()
