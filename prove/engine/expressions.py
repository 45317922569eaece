"""Expressions: their words, paths and placeholders. Each is parsed once, and then only evaluated."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path as File
from typing import Any, NamedTuple

from prove.engine.values import Item, ValidationError, Value, normal, type_of

TOKEN = re.compile(r"\s*(?:(<>|<=|>=|[=<>(),.\[\]+-])|([#:]?[A-Za-z0-9_]+))")
NAME = re.compile(r"#[A-Za-z0-9_]+|[A-Za-z][A-Za-z0-9_]*")
RESERVED = frozenset((File(__file__).parent / "reserved.txt").read_text().split())
LONGEST = 4096  # bytes of an expression

type Path = tuple[str | int, ...]
type PathOf = Callable[["Names"], Path]
type Check = Callable[["Names"], None]
type Reader = Callable[[Item | None, "Names"], Value | None]


class Names(NamedTuple):
    """What the placeholders of a request stand for."""

    names: Mapping[str, str]
    values: Mapping[str, Value]

    @staticmethod
    def of(asked: Mapping[str, Any], *expressions: "Parsed[Any] | None") -> "Names":
        """Read them from a request, and hold its expressions against them.

        Refuse one that is not defined, and one that nothing uses, as DynamoDB does.
        """
        there = [expression for expression in expressions if expression is not None]
        names, values = asked.get("ExpressionAttributeNames"), asked.get("ExpressionAttributeValues")
        if names == {} or values == {}:
            raise ValidationError("ExpressionAttributeNames and ExpressionAttributeValues must not be empty")
        used = {one for expression in there for one in expression.placeholders}
        defined = {*(names or ()), *(values or ())}
        if undefined := used - defined:
            raise ValidationError(f"An expression attribute name or value is not defined: {sorted(undefined)}")
        if unused := defined - used:
            raise ValidationError(f"Value provided in ExpressionAttribute… unused in expressions: {sorted(unused)}")
        known = Names(names or {}, {token: normal(value) for token, value in (values or {}).items()})
        for check in (check for expression in there for check in expression.checks):
            check(known)
        return known

    def name(self, token: str) -> str:
        return self.names[token] if token.startswith("#") else token


class Parsed[E](NamedTuple):
    """An expression that can be evaluated, the placeholders and the paths in it, and what must hold of its values."""

    expression: E
    placeholders: frozenset[str]
    paths: tuple[PathOf, ...]
    checks: tuple[Check, ...]

    def attributes(self, names: Names) -> set[str | int]:
        """Return which attributes of an item it is about."""
        return {path(names)[0] for path in self.paths}


class Operand(NamedTuple):
    """What is compared, or put: a path, a placeholder, or what a function makes."""

    read: Reader
    path: PathOf | None = None
    token: str = ""
    kind: str = ""  # of a function's value, whatever it is given

    def kind_of(self, names: Names) -> str:
        """Return the type that it has whatever the item, if it has one."""
        return type_of(names.values[self.token]) if self.token else self.kind


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


def require_apart(paths: list[Path]) -> None:
    """Refuse paths of which one is a part of another, or that take one place for a list and for a map."""
    for at, path in enumerate(paths):
        for other in paths[:at]:
            first = next(((one, two) for one, two in zip(path, other, strict=False) if one != two), None)
            if first is None:
                raise ValidationError("Two document paths overlap with each other")
            if type(first[0]) is not type(first[1]):
                raise ValidationError("Two document paths conflict with each other")


class Parser:
    """A descent over one expression's tokens."""

    def __init__(self, text: str) -> None:
        if not text.strip() or len(text.encode()) > LONGEST:
            raise ValidationError("Invalid expression: it is empty, or its size has exceeded the maximum allowed size")
        self.text = text
        self.tokens: list[str] = []
        self.at = at = 0
        while at < len(text.rstrip()):
            match = TOKEN.match(text, at)
            if match is None:
                raise self.wrong()
            self.tokens.append(match[1] or match[2])
            at = match.end()
        self.checks: list[Check] = []
        self.paths: list[PathOf] = []

    def wrong(self) -> ValidationError:
        return ValidationError(f"Invalid expression: syntax error: {self.text}, near {self.next!r}")

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    @property
    def keyword(self) -> str:
        return self.next.upper()

    @property
    def calls(self) -> bool:
        """Tell whether a function comes next."""
        return self.tokens[self.at + 1 : self.at + 2] == ["("] and self.next[0].isalpha()

    def whole[E](self, parsed: E) -> Parsed[E]:
        """Return what was parsed, which must be all that there is."""
        if self.next:
            raise self.wrong()
        placeholders = frozenset(token for token in self.tokens if token[0] in "#:")
        return Parsed(parsed, placeholders, tuple(self.paths), tuple(self.checks))

    def take(self, wanted: str = "") -> str:
        token = self.next
        if not token or (wanted and token.upper() != wanted):
            raise self.wrong()
        self.at += 1
        return token

    def took(self, wanted: str) -> bool:
        if self.keyword == wanted:
            self.at += 1
            return True
        return False

    def listed[E](self, one: Callable[[], E]) -> list[E]:
        """Take one or more, with commas between them."""
        them = [one()]
        while self.took(","):
            them.append(one())
        return them

    def path(self) -> PathOf:
        steps: list[str | int] = [self._name()]
        while self.next in {".", "["}:
            if self.take() == ".":
                steps.append(self._name())
            else:
                index = self.take()
                if not index.isdigit():
                    raise self.wrong()
                steps.append(int(index))
                self.take("]")
        fixed = tuple(steps)

        def path(names: Names) -> Path:
            return tuple(names.name(step) if isinstance(step, str) else step for step in fixed)

        self.paths.append(path)
        return path

    def _name(self) -> str:
        name = self.take()
        if not NAME.fullmatch(name):
            if name[0] in "0123456789_":
                raise NotImplementedError(f"a name that begins as {name!r} does, without a placeholder")
            raise self.wrong()
        if name.upper() in RESERVED:
            raise ValidationError(f"Attribute name is a reserved keyword; reserved keyword: {name}")
        return name

    def value(self) -> Operand:
        """Take a value's placeholder."""
        token = self.take()
        if not token.startswith(":"):
            raise self.wrong()
        return Operand(lambda _item, names: names.values[token], token=token)

    def operand(self) -> Operand:
        """Take a path or a value's placeholder."""
        if self.next == "(":
            raise NotImplementedError("operands in parentheses")
        if self.next.startswith(":"):
            return self.value()
        path = self.path()
        return Operand(lambda item, names: found(item, path(names)), path)

    def require_kinds(self, kinds: set[str], *operands: Operand) -> None:
        """Refuse values of other types, where the request tells their type."""

        def check(names: Names) -> None:
            if wrong := {kind for operand in operands if (kind := operand.kind_of(names))} - kinds:
                raise ValidationError(f"Incorrect operand type for operator or function: {wrong}")

        self.checks.append(check)
