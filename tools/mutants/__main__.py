"""`make mutants`: changes one thing after the other in what decides, and asks whether some test fails by it."""

import argparse
import json
import os
import sys
import time
import types
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from tools.mutants.asking import Tests, run
from tools.mutants.making import Module, Mutant

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "layers/shared/roster"
MODULES = [path for folder in ("policy", "membership") for path in sorted((LAYER / folder).glob("*.py"))]
LISTED = Path(__file__).with_name("equivalent.txt")
# What starts processes of its own, or a browser, asks the code as it is in the files.
ELSEWHERE = {"local", "prove", "providers", "web"}
PYTEST = ["-q", "-s", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
KILLED = 0.95  # of what is not equivalent


def equivalent() -> dict[str, str]:
    """Read why mutants do nothing that anybody could see, by their names: a line with the name, one with the reason."""
    lines = [line.strip() for line in LISTED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    lines = [line for line in lines if line]
    return dict(zip(lines[::2], lines[1::2], strict=True))


class Search:
    """A plugin of pytest that asks about mutants, instead of running the tests that it collected."""

    def __init__(self, only: str, minutes: float, seconds: float) -> None:
        self.seconds = seconds
        self.over = time.monotonic() + minutes * 60
        modules = [Module(path) for path in MODULES]
        parts = only.split(",")
        self.wanted = [
            (module, mutant)
            for module in modules
            for mutant in module.mutants
            if any(part in mutant.name for part in parts)
        ]
        self.wanted.sort(key=lambda one: not one[1].warm)  # those that need a new process come last
        self.names = {mutant.name for one in modules for mutant in one.mutants}
        self.listed = equivalent()
        self.killed, self.survivors, self.unasked = 0, list[str](), 0
        self.wrong = 1  # until the tests were collected, and asked

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        say = _aside()
        _hurry()
        started = time.monotonic()
        tests = Tests(session.items, MODULES)
        for name in tests.reach():
            say(f"  fails without a mutant, and is left out: {name}")
        say(f"{len(self.wanted)} mutants. What {len(tests.ran)} tests reach took {time.monotonic() - started:.0f} s.")
        for number, (module, mutant) in enumerate(self.wanted):
            if mutant.name in self.listed:
                continue
            if time.monotonic() > self.over:
                self.unasked += 1
                continue
            self._ask(tests, module, mutant, say)
            if not number % 100:
                say(f"… {number} of {len(self.wanted)}, {len(self.survivors)} alive")
        self.wrong = self._told(say)
        return True

    def _ask(self, tests: Tests, module: Module, mutant: Mutant, say: Callable[[str], None]) -> None:
        verdict = tests.ask(module, mutant, self.seconds)
        if verdict.killer:
            self.killed += 1
            return
        self.survivors.append(mutant.name)
        why = f"{verdict.run} of {verdict.reaching} tests that reach it" if verdict.reaching else "no test reaches it"
        word = "ALIVE" if verdict.run == verdict.reaching else "ALIVE AS YET, as the time for it was over:"
        say(f"  {word} {mutant.path.relative_to(ROOT)}:{mutant.lines.start} ({why})\n    {mutant.name}")

    def _told(self, say: Callable[[str], None]) -> int:
        """Tell what came of all; return how much is wrong."""
        asked = self.killed + len(self.survivors)
        listed = sum(mutant.name in self.listed for _, mutant in self.wanted)
        share = self.killed / asked if asked else 1
        say(f"{len(self.wanted)} mutants: {self.killed} killed, {listed} equivalent, {len(self.survivors)} alive")
        say(f"Killed of what is not equivalent: {share:.1%}. Not asked, as the time was over: {self.unasked}.")
        stale = [name for name in self.listed if name not in self.names]
        for name in stale:
            say(f"  is listed in {LISTED.name}, and is no mutant any more: {name}")
        return (share < KILLED) + len(stale)


class Anew:
    """A plugin of pytest that runs the tests that it is told, in a process that has imported a mutant."""

    def __init__(self, limits: dict[str, float], seconds: float, pipe: int) -> None:
        self.limits, self.seconds, self.pipe = limits, seconds, pipe

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        _hurry()
        run({item.nodeid: item for item in session.items}, self.limits, self.seconds, self.pipe)
        return True


def anew(file: Path) -> int:
    """Import a module with a mutant in it, and run tests."""
    path, name, seconds, pipe, limits = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()
    module = Module(Path(path))
    code, read = module.code(next(one for one in module.mutants if one.name == name)), SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> types.CodeType | None:
        return code if self.path == path else read(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    files = sorted({name.partition("::")[0] for name in limits})
    return int(pytest.main([*PYTEST, *files], plugins=[Anew(limits, seconds, pipe)]))


def _hurry() -> None:
    """Look for no shorter example where a property fails: that it does is enough."""
    from hypothesis.internal.conjecture import engine  # noqa: PLC0415 - pytest wants to import it first

    engine.MAX_SHRINKING_SECONDS = 0


def _aside() -> Callable[[str], None]:
    """Return how to print from here on: what tests print themselves is nobody's."""
    out = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)

    def say(text: str) -> None:
        os.write(out, f"{text}\n".encode())

    return say


def folders() -> Iterator[str]:
    """Yield the folders of tests that run in one process."""
    for path in sorted((ROOT / "tests").iterdir()):
        if path.is_dir() and path.name not in ELSEWHERE and any(path.glob("test_*.py")):
            yield str(path.relative_to(ROOT))


def main() -> int:
    """Ask about all mutants, and return whether too many live."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="for all of them (%(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="for the tests of one at most (%(default)s)")
    parser.add_argument("--only", default="", help="those of which the name has one of these: policy/,Policy.unfit")
    parser.add_argument("--tests", default="", help="files or folders, instead of all tests that run in one process")
    parser.add_argument("--anew", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # no other is needed, and each process would begin with them
    if given.anew:
        return anew(given.anew)
    tests = given.tests.split() or [*folders()]
    search = Search(given.only, given.minutes, given.seconds)
    pytest.main([*PYTEST, *tests], plugins=[search])  # its own status is of tests that it has not run itself
    return min(search.wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
