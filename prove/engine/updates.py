"""Update expressions: what they make of an item. All that they read is the item as it was."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from prove.engine.expressions import Names, Operand, Parsed, Parser, Path, PathOf, found, require_apart
from prove.engine.values import NO_OPERAND, SETS, Item, ValidationError, Value, add, normal, type_of

CLAUSES = {"SET", "REMOVE", "ADD", "DELETE"}
NO_PLACE = "The document path provided in the update expression is invalid for update"


class Action(NamedTuple):
    """One action: what becomes of one path."""

    clause: str
    path: PathOf
    operand: Operand | None


type Update = tuple[Action, ...]


@cache
def update(text: str) -> Parsed[Update]:
    """Parse an update expression."""
    parser = _UpdateParser(text)
    actions = tuple(parser.actions())
    if not actions:
        raise parser.wrong()
    parser.checks.append(lambda names: require_apart([action.path(names) for action in actions]))
    return parser.whole(actions)


class _UpdateParser(Parser):
    def actions(self) -> Iterator[Action]:
        seen: set[str] = set()
        while (clause := self.keyword) in CLAUSES:
            self.take()
            if clause in seen:
                raise ValidationError(f'The "{clause}" section can only be used once in an update expression')
            seen.add(clause)
            yield from self.listed(lambda: self._action(clause))

    def _action(self, clause: str) -> Action:
        path = self.path()
        if clause == "REMOVE":
            return Action(clause, path, None)
        if clause == "SET":
            self.take("=")
            return Action(clause, path, self._sum())
        operand = self.value()
        self.require_kinds(SETS if clause == "DELETE" else {"N", *SETS}, operand)
        return Action(clause, path, operand)

    def _sum(self) -> Operand:
        left = self._term()
        if self.next not in {"+", "-"}:
            return left
        sign, right = 1 if self.take() == "+" else -1, self._term()
        self.require_kinds({"N"}, left, right)
        return Operand(
            lambda item, names: add(_present(left, item, names), _present(right, item, names), sign), kind="N"
        )

    def _term(self) -> Operand:
        if not self.calls:
            return self.operand()
        name = self.take()
        if name not in {"if_not_exists", "list_append"}:
            raise ValidationError(f"Invalid expression: Invalid function name; function: {name}")
        self.take("(")
        operands = self.listed(self._term)
        self.take(")")
        if len(operands) != 2:  # noqa: PLR2004 (both take two)
            raise ValidationError(f"Incorrect number of operands for operator or function: {name}")
        first, second = operands
        if name == "list_append":
            self.require_kinds({"L"}, first, second)
            return _appended(first, second)
        if first.path is None:
            raise ValidationError(f"Operator or function requires a document path: {name}")
        return _or_else(first, second)


def _present(operand: Operand, item: Item | None, names: Names) -> Value:
    value = operand.read(item, names)
    if value is None:
        raise ValidationError("The provided expression refers to an attribute that does not exist in the item")
    return value


def _or_else(first: Operand, second: Operand) -> Operand:
    def chosen(item: Item | None, names: Names) -> Value | None:
        value = first.read(item, names)
        return second.read(item, names) if value is None else value

    return Operand(chosen)


def _appended(first: Operand, second: Operand) -> Operand:
    def appended(item: Item | None, names: Names) -> Value:
        lists = [_present(operand, item, names) for operand in (first, second)]
        if any(type_of(one) != "L" for one in lists):
            raise ValidationError(NO_OPERAND)
        return {"L": [one for held in lists for one in held["L"]]}

    return Operand(appended, kind="L")


def apply(actions: Update, item: Item, names: Names, *, is_new: bool) -> Item:
    """Return what an update makes of an item, or of a new one's key.

    What is removed goes last, and from the end of a list: places in lists are those of the item as it was.
    """
    there: Any = {"M": item}
    changed = there
    values: dict[Path, Value | None] = {}
    for action in actions:
        path = action.path(names)
        operand = None if action.operand is None else _present(action.operand, item, names)
        values[path] = _value(action.clause, found(item, path), operand)
    for path in sorted(values, key=_order):
        if (new := values[path]) is not None:
            changed = _put(changed, path, new)
    for path in sorted(values, key=_order, reverse=True):
        if values[path] is None and found(item, path) is not None:
            changed = _put(changed, path, None)
        elif values[path] is None and not is_new:  # why DynamoDB does not ask that of a new one, nobody knows
            _put(there, path, None)  # removes nothing, but asks whether there is such a place
    for path in values:
        if len(path) > 1 and path[0] in changed["M"]:
            normal(changed["M"][path[0]])  # is it too deep now?
    result: Item = changed["M"]
    return result


def _order(path: Path) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in path]


def _value(clause: str, old: Value | None, operand: Value | None) -> Value | None:
    """Return what stands at a path afterwards; None for nothing."""
    if clause == "REMOVE" or operand is None:
        return None
    if clause == "SET":
        return operand
    kind = type_of(operand)
    if clause == "ADD" and kind == "N":
        return operand if old is None else add(old, operand)
    if old is not None and type_of(old) != kind:
        raise ValidationError(NO_OPERAND)
    before, moved = set() if old is None else set(old[kind]), set(operand[kind])
    after = before | moved if clause == "ADD" else before - moved
    return {kind: sorted(after)} if after else None


def _put(value: Any, path: Path, new: Value | None) -> Any:  # noqa: ANN401 (a document)
    """Return a document with another value at a path; None removes it."""
    step, rest = path[0], path[1:]
    held = value.get("L" if isinstance(step, int) else "M")
    if held is None:
        raise ValidationError(NO_PLACE)
    if isinstance(step, int):
        there = held[step : step + 1]
        if rest and not there:
            raise ValidationError(NO_PLACE)
        inner = _put(there[0], rest, new) if rest else new
        return {"L": [*held[:step], *([] if inner is None else [inner]), *held[step + 1 :]]}
    if rest and step not in held:
        raise ValidationError(NO_PLACE)
    inner = _put(held[step], rest, new) if rest else new
    others = {name: one for name, one in held.items() if name != step}
    return {"M": others if inner is None else {**others, step: inner}}
