"""Keys: what they may be, and which of a partition's a key condition asks for."""

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from prove.engine.expressions import Names, Operand, Parsed, Parser, PathOf
from prove.engine.table import Index, Key, Table
from prove.engine.values import Item, KeyMismatchError, ValidationError

LIMITS = (2048, 1024)  # bytes of a partition key, and of a sort key
LAST = chr(sys.maxunicode)
INVALID = "One or more parameter values were invalid"


def require_short(names: tuple[str, ...], key: Key) -> None:
    """Refuse keys that are empty or too long."""
    for name, part, limit in zip(names, key, LIMITS, strict=True):
        if not part:
            raise ValidationError(f"{INVALID}: an empty string value for the key {name}")
        if len(part.encode()) > limit:
            raise ValidationError(f"{INVALID}: Size of {name} has exceeded the maximum size limit of {limit} bytes")


def key_of(table: Table, asked: Item) -> Key:
    """Return what a request names an item by: its key, and nothing else."""
    if set(asked) != set(table.key_names):
        raise KeyMismatchError("The provided key element does not match the schema")
    key = table.key_of(asked)
    require_short(table.key_names, key)
    return key


def require_index_keys(table: Table, item: Item) -> None:
    """Refuse an item that an index could not take up."""
    for index in table.indexes.values():
        for name, limit in zip((index.partition, index.sort), LIMITS, strict=True):
            if name in item:
                text = item[name].get("S")
                if not text or len(text.encode()) > limit:
                    raise KeyMismatchError(f"{INVALID}: Type mismatch, or wrong size, for Index Key {name}")


class Span(NamedTuple):
    """Sort keys from the first on, up to the one that is too large; None: without end."""

    first: str = ""
    beyond: str | None = None

    def __contains__(self, sort: object) -> bool:
        return isinstance(sort, str) and sort >= self.first and (self.beyond is None or sort < self.beyond)


class Term(NamedTuple):
    """One of the two parts of a key condition."""

    path: PathOf
    operator: str
    values: tuple[Operand, ...]


@cache
def key_condition(text: str) -> Parsed[tuple[Term, ...]]:
    """Parse a key condition."""
    parser = _KeyParser(text)
    return parser.whole(tuple(parser.terms()))


class _KeyParser(Parser):
    def terms(self) -> list[Term]:
        terms = self._term()
        while self.took("AND"):
            terms += self._term()
        return terms

    def _term(self) -> list[Term]:
        if self.took("("):
            inner = self.terms()
            self.take(")")
            return inner
        if self.calls:
            if self.take() != "begins_with":
                raise ValidationError("Invalid operator used in KeyConditionExpression")
            self.take("(")
            path = self.path()
            self.take(",")
            term = Term(path, "begins_with", (self.value(),))
            self.take(")")
            return [term]
        if self.next.startswith(":"):
            raise NotImplementedError("key conditions that begin with the value")
        path = self.path()
        if self.took("BETWEEN"):
            low = self.value()
            self.take("AND")
            return [Term(path, "BETWEEN", (low, self.value()))]
        operator = self.take()
        if operator not in {"=", "<", "<=", ">", ">="}:
            raise ValidationError("Invalid operator used in KeyConditionExpression")
        return [Term(path, operator, (self.value(),))]


def asked_of(index: Index, terms: tuple[Term, ...], names: Names) -> tuple[str, Span]:
    """Return which partition a key condition is about, and which of its sort keys."""
    by = {term.path(names): term for term in terms}
    if len(by) < len(terms):
        raise ValidationError("KeyConditionExpressions must only contain one condition per key")
    partition, sort = by.pop((index.partition,), None), by.pop((index.sort,), None)
    if partition is None or by:
        raise ValidationError(f"Query condition missed key schema element: {index.partition}")
    if partition.operator != "=":
        raise ValidationError("Query key condition not supported")
    (of,) = _texts(index.partition, partition, LIMITS[0], names)
    return of, Span() if sort is None else _span(sort.operator, _texts(index.sort, sort, LIMITS[1], names))


def _texts(name: str, term: Term, limit: int, names: Names) -> list[str]:
    held: list[Mapping[str, Any]] = [names.values[value.token] for value in term.values]
    texts = [one.get("S", "") for one in held]
    if not all(texts) or any(len(text.encode()) > limit for text in texts):
        raise ValidationError(f"{INVALID}: of the wrong type, empty, or too long for the key {name}")
    return texts


def _span(operator: str, texts: list[str]) -> Span:
    first, last = texts[0], texts[-1]
    match operator:
        case "=" | "BETWEEN":
            if first > last:
                raise ValidationError(
                    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
                )
            return Span(first, _next(last))
        case "<":
            return Span(beyond=last)
        case "<=":
            return Span(beyond=_next(last))
        case ">":
            return Span(_next(first))
        case ">=":
            return Span(first)
    stem = first.rstrip(LAST)  # begins_with
    return Span(first, stem[:-1] + chr(ord(stem[-1]) + 1) if stem else None)


def _next(text: str) -> str:
    """Return the least text that is greater."""
    return f"{text}\0"
