"""Conditions, of writes and of filters: what holds of an item."""

from collections.abc import Callable
from functools import cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from prove.engine.expressions import Names, Operand, Parsed, Parser
from prove.engine.values import SCALARS, SETS, Item, ValidationError, Value, ordered, size, type_of

type Condition = Callable[[Item | None, Names], bool]
type Test = Callable[[Value, Value], bool]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
TYPES = {"S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"}
SIZED = {"S", "B", "L", "M", "BS", *SETS}
MOST_OPTIONS = 100


@cache
def condition(text: str) -> Parsed[Condition]:
    """Parse a condition or a filter."""
    parser = _ConditionParser(text)
    return parser.whole(parser.condition())


class _ConditionParser(Parser):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._closed: dict[int, int] = {}  # where parentheses open and close

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
            if self.keyword == "NOT":
                raise NotImplementedError("NOT NOT")
            inner = self._negation()
            return lambda item, names: not inner(item, names)
        if self.next == "(":
            return self._in_parentheses()
        if self.calls and self.next != "size":
            return self._function()
        return self._comparison()

    def _in_parentheses(self) -> Condition:
        opened = self.at
        self.take("(")
        inner = self.condition()
        self._closed[opened] = self.at
        self.take(")")
        if self._closed.get(opened + 1) == self.at - 2:
            raise ValidationError("Invalid expression: The expression has redundant parentheses")
        return inner

    def _function(self) -> Condition:
        name = self.take()
        if name not in {"attribute_exists", "attribute_not_exists", *_FUNCTIONS}:
            raise ValidationError(f"Invalid expression: Invalid function name; function: {name}")
        self.take("(")
        operands = self.listed(self._operand)
        self.take(")")
        if len(operands) != (2 if name in _FUNCTIONS else 1):
            raise ValidationError(f"Incorrect number of operands for operator or function: {name}")
        if name not in _FUNCTIONS:
            if operands[0].path is None:
                raise ValidationError(f"Operator or function requires a document path: {name}")
            read, wanted = operands[0].read, name == "attribute_exists"
            return lambda item, names: (read(item, names) is not None) == wanted
        left, right = operands
        self._require_distinct(left, right)
        if name == "begins_with":
            self.require_kinds({"S", "B"}, left, right)
        if name == "attribute_type":
            self.checks.append(lambda names: _require_type_name(right, names))
        return _tested(_FUNCTIONS[name], left, right)

    def _comparison(self) -> Condition:
        left = self._operand()
        if self.took("BETWEEN"):
            low = self._operand()
            self.take("AND")
            high = self._operand()
            self.require_kinds(SCALARS, left, low, high)
            self.checks.append(lambda names: _require_order(low, high, names))
            return _all([_tested(_compares(">="), left, low), _tested(_compares("<="), left, high)])
        if self.took("IN"):
            self.take("(")
            options = self.listed(self._operand)
            self.take(")")
            if len(options) > MOST_OPTIONS:
                raise ValidationError("Invalid expression: too many operands for IN")
            return _any([_tested(eq, left, option) for option in options])
        if self.next == ")":
            raise NotImplementedError("operands in parentheses")
        operator = self.take()
        if operator not in COMPARISONS:
            raise self.wrong()
        right = self._operand()
        self._require_distinct(left, right)
        if operator not in {"=", "<>"}:
            self.require_kinds(SCALARS, left, right)
        return _tested(_compares(operator), left, right, absent=operator == "<>")

    def _operand(self) -> Operand:
        if not self.calls:
            return self.operand()
        if self.next != "size":
            raise ValidationError(f"The function is not allowed to be used this way: {self.next}")
        self.take()
        self.take("(")
        of = self.operand()
        self.take(")")
        self.require_kinds(SIZED, of)
        return Operand(lambda item, names: _sized(of.read(item, names)), kind="N")

    def _require_distinct(self, left: Operand, right: Operand) -> None:
        one, other = left.path, right.path
        if one is None or other is None:
            return

        def check(names: Names) -> None:
            if one(names) == other(names):
                raise ValidationError("The first operand must be distinct from the remaining operands")

        self.checks.append(check)


def _all(parts: list[Condition]) -> Condition:
    return lambda item, names: all(part(item, names) for part in parts)


def _any(parts: list[Condition]) -> Condition:
    return lambda item, names: any(part(item, names) for part in parts)


def _tested(test: Test, left: Operand, right: Operand, *, absent: bool = False) -> Condition:
    def tested(item: Item | None, names: Names) -> bool:
        first, second = left.read(item, names), right.read(item, names)
        return absent if first is None or second is None else test(first, second)

    return tested


def _compares(operator: str) -> Test:
    compare = COMPARISONS[operator]
    if operator in {"=", "<>"}:
        return compare  # values are kept in one form

    def test(left: Value, right: Value) -> bool:
        kind = type_of(left)
        return kind in SCALARS and kind == type_of(right) and bool(compare(ordered(left), ordered(right)))

    return test


def _sized(value: Value | None) -> Value | None:
    return None if value is None else size(value)


def _require_order(low: Operand, high: Operand, names: Names) -> None:
    if low.token and high.token:
        least, most = names.values[low.token], names.values[high.token]
        if type_of(least) != type_of(most) or ordered(least) > ordered(most):
            raise ValidationError("The BETWEEN operator requires bounds of one data type, the upper one not less")


def _require_type_name(operand: Operand, names: Names) -> None:
    if operand.kind_of(names) != "S" or names.values[operand.token]["S"] not in TYPES:
        raise ValidationError("Invalid attribute type name found")


def _begins_with(value: Value, start: Value) -> bool:
    return type_of(value) == type_of(start) == "S" and value["S"].startswith(start["S"])


def _contains(value: Value, member: Value) -> bool:
    kind = type_of(value)
    if kind == "S":
        return type_of(member) == "S" and member["S"] in value["S"]
    if kind == "L":
        return member in value["L"]
    return kind == f"{type_of(member)}S" and bool(member[type_of(member)] in value[kind])


def _is_of_type(value: Value, kind: Value) -> bool:
    return type_of(value) == str(kind["S"])


_FUNCTIONS: dict[str, Test] = {"begins_with": _begins_with, "contains": _contains, "attribute_type": _is_of_type}
