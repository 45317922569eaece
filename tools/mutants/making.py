"""Mutants of a module: each is its syntax tree with one small change that somebody could have made by mistake."""

import ast
import types
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path

from tools.mutants.replacing import instead_of

LONGEST = 90  # characters of what a mutant is shown by
AROUND = 25  # characters beside a difference in something longer
# What can be left out of a function: what it does by the way, and what it ends early by.
LEFT_OUT = (ast.Return, ast.Raise, ast.Expr, ast.AugAssign, ast.Continue, ast.Break)
NEVER = ast.Constant(value=False)


@dataclass(frozen=True)
class Slot:
    """The place of a node in its tree."""

    parent: ast.AST
    name: str
    index: int | None = None

    def put(self, node: ast.AST | None) -> None:
        if self.index is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.index] = node


@dataclass
class Mutant:
    """One change: with it, the module keeps its line numbers."""

    path: Path
    place: str  # the function or class, by its qualified name
    lines: range  # that run with what is changed
    warm: bool  # in a function's body, so that another code for the function is all it takes
    slot: Slot = field(repr=False)
    node: ast.AST = field(repr=False)
    replacement: ast.AST = field(repr=False)
    old: str = ""
    new: str = ""
    nth: int = 1  # of those in one place that look alike

    @property
    def name(self) -> str:
        """What a mutant is called: without a line number, so that its name outlives changes elsewhere."""
        nth = f" ({self.nth})" if self.nth > 1 else ""
        return f"{'/'.join(self.path.parts[-2:])} {self.place}: {self.old} → {self.new}{nth}"

    @contextmanager
    def made(self) -> Iterator[None]:
        """Have the change in the tree for a while."""
        self.slot.put(self.replacement)
        yield
        self.slot.put(self.node)


@dataclass(frozen=True)
class Where:
    """Where in a module the walk is."""

    place: tuple[str, ...] = ()
    warm: bool = False
    lines: range = range(0)
    within: tuple[ast.AST, ...] = ()  # the expressions around, and their statement


class Module:
    """A module's tree, and its mutants."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.mutants: list[Mutant] = []
        self._body(self.tree, "body", Where())
        seen: Counter[str] = Counter()
        for mutant in self.mutants:
            name = mutant.name
            seen[name] += 1
            mutant.nth = seen[name]

    def code(self, mutant: Mutant) -> types.CodeType:
        """Compile the module with the change."""
        with mutant.made():
            return compile(ast.fix_missing_locations(self.tree), str(self.path), "exec", dont_inherit=True)

    def _add(self, slot: Slot, node: ast.AST, replacement: ast.AST, where: Where) -> None:
        place = ".".join(where.place) or "module"
        mutant = Mutant(self.path, place, where.lines, where.warm, slot, node, ast.copy_location(replacement, node))
        around = where.within or (node,)
        shown = next((one for one in around if len(_text(one)) <= LONGEST), around[-1])
        old = _text(shown)
        with mutant.made():
            mutant.old, mutant.new = _apart(old, _text(replacement if shown is node else shown))
        if mutant.old != mutant.new:
            self.mutants.append(mutant)

    def _body(self, parent: ast.AST, name: str, where: Where) -> None:
        for index, statement in enumerate(getattr(parent, name)):
            self._statement(statement, Slot(parent, name, index), where)

    def _statement(self, node: ast.stmt, slot: Slot, where: Where) -> None:
        here = replace(where, lines=_lines(node), within=(node,))
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                pass
            case ast.FunctionDef():
                self._function(node, where)
            case ast.ClassDef():
                self._body(node, "body", Where((*where.place, node.name)))
            case ast.TypeAlias():
                self._calls(node.value, here)
            case ast.If() | ast.For() | ast.While() | ast.With() | ast.Match() | ast.Try():
                self._compound(node, where)
            case _:
                if where.warm and isinstance(node, LEFT_OUT) and not _is_the_answer(node, slot.parent):
                    self._add(slot, node, ast.Pass(), replace(here, within=()))
                self._children(node, here)

    def _function(self, node: ast.FunctionDef, where: Where) -> None:
        here = Where((*where.place, node.name), where.warm, _lines(node), (node.args,))
        for name in ("defaults", "kw_defaults"):
            for index, default in enumerate(getattr(node.args, name)):
                self._expression(default, Slot(node.args, name, index), here)
        self._body(node, "body", Where(here.place, warm=True))

    def _compound(self, node: ast.stmt, where: Where) -> None:
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                here = replace(where, lines=_lines(value), within=())
                if isinstance(node, ast.If):
                    for truth in (True, False):
                        self._add(Slot(node, name), value, ast.Constant(truth), here)
                self._expression(value, Slot(node, name), here)
        for index, item in enumerate(getattr(node, "items", [])):
            self._expression(
                item, Slot(node, "items", index), replace(where, lines=_lines(item.context_expr), within=())
            )
        for index, case in enumerate(getattr(node, "cases", [])):
            self._case(case, Slot(node, "cases", index), where)
        for handler in getattr(node, "handlers", []):
            self._body(handler, "body", where)
        for name in ("body", "orelse", "finalbody"):
            if hasattr(node, name):
                self._body(node, name, where)

    def _case(self, case: ast.match_case, slot: Slot, where: Where) -> None:
        here = replace(where, lines=range(case.pattern.lineno, case.body[0].lineno), within=())
        self._add(slot, case, ast.match_case(case.pattern, NEVER, case.body), here)
        if case.guard is not None:
            self._add(Slot(case, "guard"), case.guard, ast.Constant(value=True), here)
            self._expression(case.guard, Slot(case, "guard"), here)
        self._body(case, "body", where)

    def _children(self, node: ast.AST, where: Where) -> None:
        for name, value in ast.iter_fields(node):
            if name == "annotation":
                self._calls(value, where)
            elif isinstance(value, list):
                for index, child in enumerate(value):
                    self._expression(child, Slot(node, name, index), where)
            else:
                self._expression(value, Slot(node, name), where)

    def _calls(self, annotation: ast.AST | None, where: Where) -> None:
        """Walk what an annotation calls, which says what is valid. The rest of it is for the type checker."""
        for call in ast.walk(annotation) if annotation else ():
            if isinstance(call, ast.Call):
                self._children(call, where)

    def _expression(self, node: object, slot: Slot, where: Where) -> None:
        if not isinstance(node, ast.AST) or isinstance(node, ast.JoinedStr):
            return
        for replacement in instead_of(node, slot.parent):
            self._add(slot, node, replacement, where)
        within = (*where.within, node) if isinstance(node, ast.expr) else where.within
        self._children(node, replace(where, within=within))


def _is_the_answer(node: ast.stmt, parent: ast.AST) -> bool:
    """Tell whether a statement ends a function with what it is called for."""
    return isinstance(node, ast.Return) and isinstance(parent, ast.FunctionDef) and parent.body[-1] is node


def _lines(node: ast.expr | ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.match_case):
        return f"case {_text(node.pattern)}" + (f" if {_text(node.guard)}" if node.guard else "")
    return " ".join(ast.unparse(node).split())


def _apart(old: str, new: str) -> tuple[str, str]:
    """Return of two long texts where they differ, with a little around it."""
    if len(old) <= LONGEST:
        return old, new
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    before, after = max(0, start - AROUND), max(0, end - AROUND)
    return old[before : len(old) - after], new[before : len(new) - after]


def _alike(one: str, other: str) -> int:
    """Count the characters with which both texts begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
