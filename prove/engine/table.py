"""A table: its items, its indexes, its stream. Items are never changed in place, so that a state is kept by a copy."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from prove.engine.values import Item, KeyMismatchError

type Key = tuple[str, ...]  # what a table's keys hold: Roster's are texts


class Spot(NamedTuple):
    """A part of a table that a call reads or writes: an item by its key, or a partition of an index."""

    of: str
    key: Key


class Index(NamedTuple):
    """A secondary index, or the table itself as queries see it."""

    name: str
    partition: str
    sort: str
    projected: frozenset[str] | None  # None: everything


type Row = tuple[str, Key]  # a sort key and a key
type Rows = tuple[Row, ...]  # in order


class State(NamedTuple):
    """All that a table holds at one moment."""

    items: dict[Key, Item]
    sorted: dict[str, dict[str, Rows]]  # by index and partition
    recent: tuple[tuple[Key, Item | None, Item | None], ...]
    records: list[dict[str, Any]]


class Table:
    """One table."""

    def __init__(self, name: str, properties: Mapping[str, Any]) -> None:
        self.name = name
        if {one["AttributeType"] for one in properties["AttributeDefinitions"]} != {"S"}:
            raise NotImplementedError("keys that are no texts")
        if "LocalSecondaryIndexes" in properties:
            raise NotImplementedError("local secondary indexes")
        self.partition, self.sort = _keys(properties["KeySchema"])
        self.key_names = (self.partition, self.sort)
        indexes = [Index("", self.partition, self.sort, None)]
        for one in properties.get("GlobalSecondaryIndexes", []):
            kind = one["Projection"]["ProjectionType"]
            if kind not in {"ALL", "KEYS_ONLY"}:
                raise NotImplementedError(f"indexes that project {kind}")
            keys = _keys(one["KeySchema"])
            projected = frozenset({*self.key_names, *keys}) if kind == "KEYS_ONLY" else None
            indexes.append(Index(one["IndexName"], *keys, projected))
        self.indexes = {index.name: index for index in indexes}
        self.items: dict[Key, Item] = {}
        self.records: list[dict[str, Any]] = []
        self._sorted: dict[str, dict[str, Rows]] = {name: {} for name in self.indexes}
        self._recent: tuple[tuple[Key, Item | None, Item | None], ...] = ()

    def key_of(self, item: Item) -> Key:
        """Return the key of an item, or of a request's `Key`."""
        try:
            return tuple(item[name]["S"] for name in self.key_names)
        except KeyError:  # one is missing, or is no text
            raise KeyMismatchError("The provided key element does not match the schema") from None

    def keep(self) -> State:
        """Keep all that the table holds."""
        held = {name: parts.copy() for name, parts in self._sorted.items()}
        return State(self.items.copy(), held, self._recent, self.records.copy())

    def go_back(self, state: State) -> None:
        """Make the table hold what it held."""
        self.items = state.items.copy()
        self._sorted = {name: parts.copy() for name, parts in state.sorted.items()}
        self._recent = state.recent
        self.records = state.records.copy()

    def load(self, items: Iterable[Item]) -> None:
        """Put many items into the table at once, without records."""
        self.items |= {self.key_of(item): item for item in items}
        for index in self.indexes.values():
            parts: dict[str, list[tuple[str, Key]]] = {}
            for key, item in self.items.items():
                if (place := _place(index, item)) is not None:
                    parts.setdefault(place[0], []).append((place[1], key))
            self._sorted[index.name] = {partition: tuple(sorted(rows)) for partition, rows in parts.items()}

    def write(self, key: Key, new: Item | None) -> set[Spot]:
        """Put an item under its key, or nothing, and return what of the table is another now."""
        old = self.items.get(key)
        written = {Spot(self.name, key)}
        if new is None:
            self.items.pop(key, None)
        else:
            self.items[key] = new
        if old == new:
            return written
        for index in self.indexes.values():
            written |= self._index(index, key, old, new)
        self._recent = (*self._recent[-7:], (key, old, new))
        self._record(key, old, new)
        return written

    def _index(self, index: Index, key: Key, old: Item | None, new: Item | None) -> set[Spot]:
        before, after = _place(index, old), _place(index, new)
        parts = self._sorted[index.name]
        if before is not None and before != after:
            rows, row = parts[before[0]], (before[1], key)
            at = bisect_left(rows, row)
            parts[before[0]] = rows[:at] + rows[at + 1 :]
        if after is not None and before != after:
            rows, row = parts.get(after[0], ()), (after[1], key)
            at = bisect_left(rows, row)
            parts[after[0]] = (*rows[:at], row, *rows[at:])
        places = {place for place in (before, after) if place is not None}
        if before == after and index.projected is not None:
            return set()  # nothing that it holds is another now
        return {Spot(f"{self.name}/{index.name}", (place[0],)) for place in places}

    def _record(self, key: Key, old: Item | None, new: Item | None) -> None:
        number = len(self.records) + 1
        told: dict[str, Any] = {
            "Keys": {name: {"S": part} for name, part in zip(self.key_names, key, strict=True)},
            "SequenceNumber": f"{number:021}",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        }
        if old is not None:
            told["OldImage"] = old
        if new is not None:
            told["NewImage"] = new
        kind = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        self.records.append({"eventID": f"{number:032x}", "eventName": kind, "eventVersion": "1.1", "dynamodb": told})

    def rows(
        self, index: Index, partition: str, span: tuple[str, str | None], start: Row | None, *, backward: bool, lag: int
    ) -> Iterator[tuple[str, Key, Item]]:
        """Yield the rows of a partition with these sort keys, in their order, beyond where to start.

        An index that lags misses the last writes.
        """
        rows = self._sorted[index.name].get(partition, ())
        items: Mapping[Key, Item | None] = self.items
        if lag and index.name:
            rows, items = self._earlier(index, partition, lag)
        first, beyond = span
        low = bisect_left(rows, (first,))
        high = len(rows) if beyond is None else bisect_left(rows, (beyond,))
        if start is not None and backward:
            high = min(high, bisect_left(rows, start))
        elif start is not None:
            low = max(low, bisect_right(rows, start))
        for at in range(high - 1, low - 1, -1) if backward else range(low, high):
            sort, key = rows[at]
            item = items[key]
            if item is not None:
                yield sort, key, item if index.projected is None else _projection(item, index.projected)

    def _earlier(self, index: Index, partition: str, lag: int) -> tuple[Rows, dict[Key, Item | None]]:
        items: dict[Key, Item | None] = {**self.items}
        items |= {key: old for key, old, _ in reversed(self._recent[-lag:])}
        places = ((_place(index, item), key) for key, item in items.items())
        return tuple(sorted((place[1], key) for place, key in places if place and place[0] == partition)), items


def _keys(schema: list[Mapping[str, str]]) -> tuple[str, str]:
    kinds = {one["KeyType"]: one["AttributeName"] for one in schema}
    return kinds["HASH"], kinds["RANGE"]


def _place(index: Index, item: Item | None) -> tuple[str, str] | None:
    """Return the partition and the sort key that an item has in an index, if it is in it."""
    if item is None or index.partition not in item or index.sort not in item:
        return None
    return item[index.partition]["S"], item[index.sort]["S"]


def _projection(item: Item, names: frozenset[str]) -> Item:
    return {name: value for name, value in item.items() if name in names}
