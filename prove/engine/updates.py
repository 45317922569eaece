"""Update expressions: what they make of an item. All that they read is the item as it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from prove.engine.expressions import CLAUSES, Names, Operand, Parsed, Parser, Path, found
from prove.engine.values import SETS, Item, ValidationError, Value, add, normal, type_of

type PathOf = Callable[[Names], Path]


@dataclass(frozen=True)
class Action:
    """One action: what becomes of one path."""

    clause: str
    path: PathOf
    operand: Operand | None


@cache
def update(text: str) -> Parsed[tuple[Action, ...]]:
    """Parse an update expression."""
    parser = _UpdateParser(text)
    return parser.whole(tuple(parser.actions()))


class _UpdateParser(Parser):
    def actions(self) -> Iterator[Action]:
        while (clause := self.keyword) in CLAUSES:
            self.take()
            yield self._action(clause)
            while self.took(","):
                yield self._action(clause)

    def _action(self, clause: str) -> Action:
        path = self.path()
        if clause == "REMOVE":
            return Action(clause, path, None)
        if clause == "SET":
            self.take("=")
            return Action(clause, path, self._sum())
        return Action(clause, path, self.operand())

    def _sum(self) -> Operand:
        left = self._term()
        if self.next not in {"+", "-"}:
            return left
        sign, right = 1 if self.take() == "+" else -1, self._term()
        return lambda item, names: add(_present(left, item, names), _present(right, item, names), sign)

    def _term(self) -> Operand:
        if self.next == "(":
            self.take()
            inner = self._sum()
            self.take(")")
            return inner
        if self.next in {"if_not_exists", "list_append"}:
            name = self.take()
            self.take("(")
            first = self._term()
            self.take(",")
            second = self._term()
            self.take(")")
            return _or_else(first, second) if name == "if_not_exists" else _appended(first, second)
        return self.operand()


def _present(operand: Operand, item: Item | None, names: Names) -> Value:
    value = operand(item, names)
    if value is None:
        raise ValidationError("The provided expression refers to an attribute that does not exist in the item")
    return value


def _or_else(first: Operand, second: Operand) -> Operand:
    def chosen(item: Item | None, names: Names) -> Value | None:
        value, other = first(item, names), second(item, names)
        return other if value is None else value

    return chosen


def _appended(first: Operand, second: Operand) -> Operand:
    return lambda item, names: {"L": [*_present(first, item, names)["L"], *_present(second, item, names)["L"]]}


def apply(actions: tuple[Action, ...], item: Item, names: Names) -> Item:
    """Return what an update makes of an item."""
    changed: Any = {"M": item}
    paths: list[Path] = []
    for action in actions:
        path = action.path(names)
        if any(path[: len(other)] == other[: len(path)] for other in paths):
            raise ValidationError("Invalid UpdateExpression: Two document paths overlap with each other")
        paths.append(path)
        operand = None if action.operand is None else _present(action.operand, item, names)
        changed = _put(changed, path, _value(action.clause, found(item, path), operand))
    result: Item = changed["M"]
    return result


def _value(clause: str, old: Value | None, operand: Value | None) -> Value | None:
    """Return what stands at a path afterwards; None for nothing."""
    if clause == "REMOVE" or operand is None:
        return None
    if clause == "SET":
        return normal(operand)
    kind = type_of(operand)
    if clause == "ADD" and kind == "N":
        return normal(operand) if old is None else add(old, operand)
    if kind not in SETS or (old is not None and type_of(old) != kind):
        raise ValidationError("An operand in the update expression has an incorrect data type")
    before, moved = set() if old is None else set(old[kind]), set(normal(operand)[kind])
    after = before | moved if clause == "ADD" else before - moved
    return {kind: sorted(after)} if after else None


def _put(value: Any, path: Path, new: Value | None) -> Any:  # noqa: ANN401 (a document)
    """Return a document with another value at a path; None removes it."""
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        held = value.get("L")
        if held is None:
            raise ValidationError("The document path provided in the update expression is invalid for update")
        there = held[step] if step < len(held) else None
        inner = _put(there or {}, rest, new) if rest else new
        return {"L": [*held[:step], *([] if inner is None else [inner]), *held[step + 1 :]]}
    held = value.get("M")
    if held is None or (rest and step not in held):
        if new is None and rest == () and held is not None:
            return value
        raise ValidationError("The document path provided in the update expression is invalid for update")
    inner = _put(held[step], rest, new) if rest else new
    others = {name: one for name, one in held.items() if name != step}
    return {"M": others if inner is None else {**others, step: inner}}
