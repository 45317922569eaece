"""Projections: which parts of an item are told."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from prove.engine.expressions import Names, Parsed, Parser, Path, PathOf, require_apart
from prove.engine.values import Item, Value

type Tree = dict[str | int, Any]  # steps, and behind each the steps that follow; none follow where all is told


@cache
def projection(text: str) -> Parsed[tuple[PathOf, ...]]:
    """Parse a projection."""
    parser = Parser(text)
    paths = tuple(parser.listed(parser.path))
    parser.checks.append(lambda names: require_apart([path(names) for path in paths]))
    return parser.whole(paths)


def project(item: Item, paths: Iterable[Path]) -> Item:
    """Return what paths lead to, in maps and lists as they are around it."""
    tree: Tree = {}
    for path in paths:
        at = tree
        for step in path:
            at = at.setdefault(step, {})
    kept: Any = _kept({"M": item}, tree) or {"M": {}}
    told: Item = kept["M"]
    return told


def projected(item: Item, wanted: Parsed[tuple[PathOf, ...]] | None, names: Names) -> Item:
    """Return of an item what a request wants."""
    return item if wanted is None else project(item, [path(names) for path in wanted.expression])


def _kept(value: Value, tree: Tree) -> Value | None:
    if not tree:
        return value
    ((kind, held),) = value.items()
    if kind == "M":
        parts = {name: _kept(held[name], rest) for name, rest in tree.items() if name in held}
        found = {name: one for name, one in parts.items() if one is not None}
        return {"M": found} if found else None
    if kind == "L":
        places = sorted(step for step in tree if isinstance(step, int) and step < len(held))
        ones = [one for step in places if (one := _kept(held[step], tree[step])) is not None]
        return {"L": ones} if ones else None
    return None
