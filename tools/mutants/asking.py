"""Asking the tests about mutants: which tests run which lines, and which of them fails once a mutant is made.

Tests are collected once. For each mutant, a fork of this process gives the functions that it changes another code, and
runs the tests that reach it until one fails. What is made while a module is imported cannot be changed so: for such a
mutant, a new process imports it, and runs the same tests.
"""

import functools
import gc
import importlib
import json
import os
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

import pytest
from _pytest import runner

from tools.mutants.making import Module, Mutant
from tools.mutants.reached import Ran, Reached

TOOL = 4  # this program's number at sys.monitoring
SLOWER = 10  # times what a test takes, and as many seconds: then it counts as failed
FEW = 12  # files


class Verdict(NamedTuple):
    """What came of a mutant: the test that failed, or nothing; how many tests were run, of how many that reach it."""

    killer: str
    run: int
    reaching: int


class Tests:
    """The collected tests, what each of them reaches, and which of them killed how many mutants of a function."""

    def __init__(self, items: Sequence[pytest.Item], paths: Sequence[Path]) -> None:
        self.items = {item.nodeid: item for item in items}
        self.ran: dict[str, Ran] = {}
        self.seen: set[tuple[str, int]] = set()
        self.kills: Counter[tuple[str, str]] = Counter()
        for path in paths:  # a function would import some of them only when a test calls it
            importlib.import_module(f"roster.{path.parent.name}.{path.stem}".removesuffix(".__init__"))
        gc.unfreeze()
        known = gc.get_objects()
        gc.freeze()
        self.functions: dict[str, list[types.FunctionType]] = {str(path): [] for path in paths}
        for one in known:
            if isinstance(one, types.FunctionType) and one.__code__.co_filename in self.functions:
                self.functions[one.__code__.co_filename].append(one)
        caches = [one for one in known if isinstance(one, functools._lru_cache_wrapper)]  # noqa: SLF001 (no other name)
        self.caches = [one for one in caches if one.__module__.startswith(("roster.", "functions."))]

    def reach(self) -> Iterator[str]:
        """Find what all tests reach; yield those that fail. Of files that were run before, one test is run."""
        known, ordered = Reached(), sorted(self.items.values(), key=lambda item: item.path)
        self._watch()
        for file, group in groupby(ordered, lambda item: item.path):
            items = [*group]
            ran = known.read(file)
            if ran is None:
                ran = {item.nodeid: found for item in items if (found := self._run(item))}
                known.keep(file, ran)
            elif ran:
                self._run(self.items[min(ran, key=lambda name: ran[name].seconds)])
            yield from (item.nodeid for item in items if item.nodeid not in ran)
            self.ran |= ran
        sys.monitoring.free_tool_id(TOOL)

    def _watch(self) -> None:
        def see(code: types.CodeType, line: int) -> object:
            self.seen.add((code.co_filename, line))
            return sys.monitoring.DISABLE

        monitoring = sys.monitoring
        monitoring.use_tool_id(TOOL, "mutants")
        monitoring.register_callback(TOOL, monitoring.events.LINE, see)
        for code in {inner for some in self.functions.values() for one in some for inner in _codes(one.__code__)}:
            monitoring.set_local_events(TOOL, code, monitoring.events.LINE)

    def _run(self, item: pytest.Item) -> Ran | None:
        self.seen.clear()
        sys.monitoring.restart_events()
        started = time.monotonic()
        return None if _fails(item) else Ran(time.monotonic() - started, frozenset(self.seen))

    def reaching(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant: first what has killed another in the same function, then quick ones."""
        wanted = {(str(mutant.path), line) for line in mutant.lines}
        names = [name for name, ran in self.ran.items() if mutant.warm and not wanted.isdisjoint(ran.reached)]
        if not names:  # what is made when a module is imported may be used by all that stands beside it
            near = str(mutant.path.parent)
            names = [name for name, ran in self.ran.items() if any(file.startswith(near) for file, _ in ran.reached)]
        return sorted(names, key=lambda name: (-self.kills[mutant.place, name], self.ran[name].seconds))

    def ask(self, module: Module, mutant: Mutant, seconds: float) -> Verdict:
        """Run the tests that reach a mutant until one fails, or so many seconds are over."""
        names = self.reaching(mutant)
        near = names if mutant.warm else self._of_few_files(names)
        verdict = self._ask(module, mutant, near, seconds)
        if not verdict.killer and len(near) < len(names):
            verdict = self._ask(module, mutant, names, seconds)
        return verdict._replace(reaching=len(names))

    def _of_few_files(self, names: list[str]) -> list[str]:
        """Return those of the files whose tests come first: a new process has to collect them again."""
        files = [*dict.fromkeys(name.partition("::")[0] for name in names)][:FEW]
        return [name for name in names if name.partition("::")[0] in files]

    def _ask(self, module: Module, mutant: Mutant, names: list[str], seconds: float) -> Verdict:
        if not names:
            return Verdict("", 0, 0)
        receives, sends = os.pipe()
        child = os.fork()
        if not child:
            os.close(receives)
            self._make(module, mutant, names, seconds, sends)
        os.close(sends)
        with os.fdopen(receives) as pipe:
            told = pipe.read().splitlines()
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            return Verdict("", len(told), len(names))
        if told:
            self.kills[mutant.place, told[-1]] += 1
        return Verdict(told[-1] if told else "the import", len(told), len(names))

    def _make(self, module: Module, mutant: Mutant, names: list[str], seconds: float, pipe: int) -> None:
        """Make the mutant and run the tests; never returns."""
        limits = {name: SLOWER * (1 + self.ran[name].seconds) for name in names}
        code = module.code(mutant)
        if _swap(self.functions[str(mutant.path)], code) if mutant.warm else _replace(str(mutant.path), code):
            for cache in self.caches:
                cache.cache_clear()
            run(self.items, limits, seconds, pipe)
        with NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump([str(mutant.path), mutant.name, seconds, pipe, limits], file)
        os.set_inheritable(pipe, True)  # noqa: FBT003 (as it is)
        os.execv(  # noqa: S606 (it takes this one's place)
            sys.executable, [sys.executable, "-m", "tools.mutants", "--anew", file.name]
        )


def run(items: Mapping[str, pytest.Item], limits: Mapping[str, float], seconds: float, pipe: int) -> None:
    """Run tests until one fails, each named in the pipe before it begins; end the process, with 1 if one failed."""
    over = time.monotonic() + seconds
    for name, limit in limits.items():
        if time.monotonic() > over:
            break
        os.write(pipe, f"{name}\n".encode())
        signal.setitimer(signal.ITIMER_REAL, limit)
        if _fails(items[name]):
            os._exit(1)
    os._exit(0)


def _fails(item: pytest.Item) -> bool:
    """Run a test as if it were the only one."""
    return any(report.failed for report in runner.runtestprotocol(item, log=False, nextitem=None))


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield a code, and those that are defined in it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from _codes(one)


def _swap(functions: list[types.FunctionType], code: types.CodeType) -> bool:
    """Give functions the code that they have in a changed module, unless it needs other names of what is around it."""
    changed = {(one.co_qualname, one.co_firstlineno): one for one in _codes(code)}
    try:
        for function in functions:
            function.__code__ = changed[function.__code__.co_qualname, function.__code__.co_firstlineno]
    except (KeyError, ValueError):
        return False
    return bool(functions)


def _replace(path: str, code: types.CodeType) -> bool:
    """Put the values that a changed module makes where those of the original stand, also where they were imported.

    Return whether there were any. A class is not replaced so: what was made of it would still be of the other one.
    """
    original = next(one for one in list(sys.modules.values()) if getattr(one, "__file__", None) == path)
    changed = types.ModuleType(original.__name__)
    exec(code, vars(changed))  # noqa: S102 - it is the module itself, but for the mutant
    values = {
        name: (value, vars(changed)[name])
        for name, value in vars(original).items()
        if isinstance(value, int | frozenset | dict | tuple) and name[:2] != "__" and value != vars(changed)[name]
    }
    for module in list(sys.modules.values()):
        for name, (old, new) in values.items():
            if vars(module).get(name) is old:
                setattr(module, name, new)
    return bool(values)
