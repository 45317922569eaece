"""Expressions: conditions, keys, updates and projections, parsed once and then only evaluated."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any, NamedTuple

from prove.engine.values import Item, ValidationError, Value, equal, ordered, size, type_of

TOKEN = re.compile(r"\s*(?:(<>|<=|>=|[=<>(),.\[\]+-])|([#:]?[A-Za-z0-9_]+))")
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
FUNCTIONS = {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"}
CLAUSES = {"SET", "REMOVE", "ADD", "DELETE"}

type Path = tuple[str | int, ...]


class Names(NamedTuple):
    """What the placeholders of a request stand for."""

    names: Mapping[str, str]
    values: Mapping[str, Value]

    @staticmethod
    def of(asked: Mapping[str, Any], *expressions: "Parsed[Any] | None") -> "Names":
        """Read them from a request. Refuse one that is not defined, and one that nothing uses, as DynamoDB does."""
        names, values = asked.get("ExpressionAttributeNames", {}), asked.get("ExpressionAttributeValues", {})
        used = {one for expression in expressions if expression is not None for one in expression.placeholders}
        defined = {*names, *values}
        if undefined := used - defined:
            raise ValidationError(f"An expression attribute name or value is not defined: {sorted(undefined)}")
        if unused := defined - used:
            raise ValidationError(f"Value provided in ExpressionAttribute… unused in expressions: {sorted(unused)}")
        return Names(names, values)

    def name(self, token: str) -> str:
        return self.names[token] if token.startswith("#") else token


class Parsed[E](NamedTuple):
    """An expression that can be evaluated, and the placeholders in it."""

    expression: E
    placeholders: frozenset[str]


type Operand = Callable[[Item | None, Names], Value | None]
type Condition = Callable[[Item | None, Names], bool]


def found(item: Item | None, path: Path) -> Value | None:
    """Return the value at a path of an item, if there is one."""
    here: Any = {"M": item or {}}
    for step in path:
        held = here.get("M" if isinstance(step, str) else "L")
        if held is None:
            return None
        here = held.get(step) if isinstance(step, str) else held[step] if step < len(held) else None
        if here is None:
            return None
    value: Value = here
    return value


class Parser:
    """A recursive descent over one expression's tokens."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, at = text, [], 0
        while at < len(text.rstrip()):
            match = TOKEN.match(text, at)
            if match is None:
                raise ValidationError(f"Invalid expression: syntax error: {text}")
            self.tokens.append(match[1] or match[2])
            at = match.end()
        self.at = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    @property
    def keyword(self) -> str:
        return self.next.upper()

    def whole[E](self, parsed: E) -> Parsed[E]:
        """Return what was parsed, which must be all that there is."""
        if self.next:
            raise ValidationError(f"Invalid expression: syntax error: {self.text}, near {self.next!r}")
        return Parsed(parsed, frozenset(token for token in self.tokens if token[0] in "#:"))

    def take(self, wanted: str = "") -> str:
        token = self.next
        if not token or (wanted and token.upper() != wanted):
            raise ValidationError(f"Invalid expression: syntax error: {self.text}, near {token!r}")
        self.at += 1
        return token

    def took(self, wanted: str) -> bool:
        if self.keyword == wanted:
            self.at += 1
            return True
        return False

    def path(self) -> Callable[[Names], Path]:
        steps: list[str | int] = [self.take()]
        while self.next in {".", "["}:
            if self.take() == ".":
                steps.append(self.take())
            else:
                steps.append(int(self.take()))
                self.take("]")
        return lambda names: tuple(names.name(step) if isinstance(step, str) else step for step in steps)

    # ---- Conditions ----

    def condition(self) -> Condition:
        parts = [self._conjunction()]
        while self.took("OR"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else _any(parts)

    def _conjunction(self) -> Condition:
        parts = [self._negation()]
        while self.took("AND"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else _all(parts)

    def _negation(self) -> Condition:
        if self.took("NOT"):
            inner = self._negation()
            return lambda item, names: not inner(item, names)
        if self.next == "(":
            self.take()
            inner = self.condition()
            self.take(")")
            return inner
        if self.next in FUNCTIONS - {"size"}:
            return self._function()
        return self._comparison()

    def _function(self) -> Condition:
        name = self.take()
        self.take("(")
        if name in {"attribute_exists", "attribute_not_exists"}:
            path, wanted = self.path(), name == "attribute_exists"
            self.take(")")
            return lambda item, names: (found(item, path(names)) is not None) == wanted
        left = self.operand()
        self.take(",")
        right = self.operand()
        self.take(")")
        test = {"begins_with": _begins_with, "contains": _contains, "attribute_type": _is_of_type}[name]
        return _tested(test, left, right)

    def _comparison(self) -> Condition:
        left = self.operand()
        if self.took("BETWEEN"):
            low = self.operand()
            self.take("AND")
            return _all([_tested(_compares(">="), left, low), _tested(_compares("<="), left, self.operand())])
        if self.took("IN"):
            self.take("(")
            options = [self.operand()]
            while self.took(","):
                options.append(self.operand())
            self.take(")")
            return _any([_tested(_compares("="), left, option) for option in options])
        operator = self.take()
        if operator not in COMPARISONS:
            raise ValidationError(f"Invalid expression: syntax error: {self.text}, near {operator!r}")
        return _tested(_compares(operator), left, self.operand(), absent=operator == "<>")

    def operand(self) -> Operand:
        if self.next == "size":
            self.take()
            self.take("(")
            path = self.path()
            self.take(")")
            return lambda item, names: _sized(found(item, path(names)))
        if self.next.startswith(":"):
            token = self.take()
            return lambda _item, names: names.values[token]
        path = self.path()
        return lambda item, names: found(item, path(names))


def _all(parts: list[Condition]) -> Condition:
    return lambda item, names: all(part(item, names) for part in parts)


def _any(parts: list[Condition]) -> Condition:
    return lambda item, names: any(part(item, names) for part in parts)


def _tested(test: Callable[[Value, Value], bool], left: Operand, right: Operand, *, absent: bool = False) -> Condition:
    def tested(item: Item | None, names: Names) -> bool:
        first, second = left(item, names), right(item, names)
        if first is None or second is None:
            return absent and (first is None) != (second is None)
        return test(first, second)

    return tested


def _compares(operator: str) -> Callable[[Value, Value], bool]:
    if operator == "=":
        return equal
    if operator == "<>":
        return lambda left, right: not equal(left, right)
    compare = COMPARISONS[operator]
    return lambda left, right: type_of(left) == type_of(right) and bool(compare(ordered(left), ordered(right)))


def _sized(value: Value | None) -> Value | None:
    return None if value is None else {"N": str(size(value))}


def _begins_with(value: Value, start: Value) -> bool:
    return type_of(value) == type_of(start) == "S" and value["S"].startswith(start["S"])


def _contains(value: Value, member: Value) -> bool:
    kind = type_of(value)
    if kind == "S":
        return type_of(member) == "S" and member["S"] in value["S"]
    if kind == "L":
        return any(equal(one, member) for one in value["L"])
    return kind == f"{type_of(member)}S" and bool(member[type_of(member)] in value[kind])


def _is_of_type(value: Value, kind: Value) -> bool:
    return type_of(value) == str(kind["S"])


@cache
def condition(text: str) -> Parsed[Condition]:
    """Parse a condition, a key condition or a filter."""
    parser = Parser(text)
    return parser.whole(parser.condition())
