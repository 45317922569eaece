"""Reading: consistent batches by key for what is decided on, pages of a collection for what is shown."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from pynamodb.attributes import Attribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex

from roster.table.base import Item
from roster.table.connections import reads
from roster.table.faults import Busy, pauses
from roster.table.keys import Key

BATCH_LIMIT = 100  # DynamoDB's own, for one BatchGetItem
TRIES = 6
# How many items the queries of a search look at: few while much may fit, then as many as one query reads, a megabyte.
SIFTED = (100, 400, None, None, None, None)


def _client() -> Any:  # noqa: ANN401 (pynamodb types its client by the one private call that it makes)
    return reads.client


class Batch:
    """Items that were read together, by key. One that does not exist reads as None."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items: dict[Key[Any], Item] = {item.primary_key: item for item in items}

    def __getitem__[I: Item](self, key: Key[I]) -> I | None:
        return cast("I | None", self._items.get(cast("Key[Item]", key)))

    def of[I: Item](self, kind: type[I]) -> list[I]:
        """Return what was read of a kind."""
        return [item for item in self._items.values() if isinstance(item, kind)]

    def __or__(self, other: "Batch") -> "Batch":
        """Return what either of two batches has."""
        return self.with_items(other._items)

    def with_item(self, item: Item) -> "Batch":
        """Return this batch and one item more, as it will be."""
        return self.with_items({item.primary_key: item})

    def with_items(self, others: Mapping[Key[Any], Item | None]) -> "Batch":
        """Return this batch with other items, or none, under some keys."""
        batch = Batch()
        batch._items = {key: item for key, item in {**self._items, **others}.items() if item is not None}
        return batch


class Page[I](NamedTuple):
    """A part of a collection, and the cursor from which the next one goes on; None ends the list."""

    items: list[I]
    next_cursor: str | None


def read(keys: Iterable[Key[Any]]) -> Batch:
    """Read items by key, consistently: one round trip for each 100 keys.

    Raises Busy if DynamoDB goes on leaving keys unprocessed.
    """
    wanted = [{"pk": {"S": key.pk}, "sk": {"S": key.sk}} for key in dict.fromkeys(keys)]
    return Batch(
        item for start in range(0, len(wanted), BATCH_LIMIT) for item in _read_part(wanted[start : start + BATCH_LIMIT])
    )


def _read_part(keys: list[dict[str, Any]]) -> list[Item]:
    table = Item.Meta.table_name
    found: list[Item] = []
    waits = pauses(TRIES)
    while keys:
        answer = _client().batch_get_item(RequestItems={table: {"Keys": keys, "ConsistentRead": True}})
        found += [Item.from_raw_data(image) for image in answer["Responses"].get(table, [])]
        keys = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        if keys:
            pause = next(waits, None)
            if pause is None:
                raise Busy
            time.sleep(pause)
    return found


def page[I: Item](
    kind: type[I],
    partition: str,
    prefix: str = "",
    *,
    limit: int,
    cursor: str | None,
    index: GlobalSecondaryIndex[Any] | None = None,
    newest_first: bool = False,
) -> Page[I]:
    """Read one page of a collection, in one query: what has the partition and a sort key that begins with `prefix`.

    The cursor is the end of the last sort key shown. Given to another collection, it can only name a place in that one.
    """
    sort_key: Attribute[Any] = Item.sk if index is None else Item.gsi1sk
    beyond: Condition | None = None
    if cursor is None:
        beyond = sort_key.startswith(prefix) if prefix else None
    elif newest_first:
        beyond = sort_key < prefix + cursor
    else:
        beyond = behind(sort_key, prefix, cursor)
    rows = list(
        kind.query(
            partition,
            beyond,
            index_name=None if index is None else index.Meta.index_name,
            consistent_read=index is None,
            scan_index_forward=not newest_first,
            limit=limit + 1,  # one more than is shown tells whether there is another page
            page_size=limit + 1,
        )
    )
    shown = rows[:limit]
    end = "sk" if index is None else "gsi1sk"
    return Page(shown, getattr(shown[-1], end).removeprefix(prefix) if len(rows) > limit else None)


def behind(sort_key: Attribute[Any], prefix: str, cursor: str) -> Condition:
    """Return the condition for what comes after a cursor, of what begins with `prefix`."""
    # Sort keys hold nothing below "+" or above "~": "!" is just behind the cursor, and DEL behind everything.
    return sort_key.between(f"{prefix}{cursor}!", f"{prefix}\x7f")


def sift[I: Item](
    kind: type[I],
    partition: str,
    within: Condition,
    wanted: Condition,
    *,
    limit: int,
    index: GlobalSecondaryIndex[Any] | None = None,
    newest_first: bool = False,
) -> Page[I]:
    """Look for what fits `wanted` in a part of a collection, until there are `limit` or SIFTED is through.

    DynamoDB leaves out what does not fit, so that a query that finds little answers little, however much it reads. The
    cursor is the sort key of the last item that was looked at.
    """
    end = "sk" if index is None else "gsi1sk"
    found: list[dict[str, Any]] = []
    last: dict[str, Any] | None = None
    for size in SIFTED:
        rows = kind.query(
            partition,
            within,
            wanted,
            index_name=None if index is None else index.Meta.index_name,
            consistent_read=index is None,
            scan_index_forward=not newest_first,
            last_evaluated_key=last,
            page_size=size,
        )
        seen = next(rows.page_iter)
        found += seen["Items"]
        last = seen.get("LastEvaluatedKey")
        if last is None or len(found) >= limit:
            break
    more = found[limit:]
    shown = [kind.from_raw_data(image) for image in found[:limit]]
    if more:
        return Page(shown, getattr(shown[-1], end))
    return Page(shown, None if last is None else last[end]["S"])


def pages[I: Item](
    kind: type[I], partition: str, prefix: str = "", *, size: int, index: GlobalSecondaryIndex[Any] | None = None
) -> Iterator[list[I]]:
    """Yield a whole collection, a page of at most `size` items in one query each. From an index, it is late."""
    cursor = None
    while True:
        found = page(kind, partition, prefix, limit=size, cursor=cursor, index=index)
        yield found.items
        cursor = found.next_cursor
        if cursor is None:
            return


def indexed(partition: str, *, before: str | None = None) -> Iterator[Key[Any]]:
    """Yield the keys that gsi2 has in a partition, by its sort key, a query a page: owners, or what falls due.

    The index lags. Whatever hangs on it is asked of the items themselves.
    """
    asked = _of_gsi2(partition) if before is None else _of_gsi2(partition, "<", before)
    for found in _client().get_paginator("query").paginate(**asked):
        yield from map(_key, found["Items"])


def indexed_page(partitions: Iterable[str], *, limit: int, cursor: str | None) -> Page[Key[Any]]:
    """Read one page of the keys that gsi2 has in several partitions, in the order of its sort key, in one query each.

    The cursor is the last sort key shown. The index lags. Whatever hangs on it is asked of the items themselves.
    """
    rows: list[dict[str, Any]] = []
    for partition in partitions:
        asked = _of_gsi2(partition) if cursor is None else _of_gsi2(partition, ">", cursor)
        rows += _client().query(**asked, Limit=limit + 1)["Items"]  # one more tells whether there is another page
    rows.sort(key=lambda row: str(row["gsi2sk"]["S"]))
    shown = rows[:limit]
    return Page([_key(row) for row in shown], shown[-1]["gsi2sk"]["S"] if len(rows) > limit else None)


def _of_gsi2(partition: str, relation: str = "", bound: str = "") -> dict[str, Any]:
    """Return what asks gsi2 for a partition, or for the part of it on one side of a sort key."""
    return {
        "TableName": Item.Meta.table_name,
        "IndexName": Item.by_due.Meta.index_name,
        "KeyConditionExpression": "gsi2pk = :partition" + (f" AND gsi2sk {relation} :bound" if relation else ""),
        "ExpressionAttributeValues": {":partition": {"S": partition}} | ({":bound": {"S": bound}} if relation else {}),
    }


def _key(row: dict[str, Any]) -> Key[Any]:
    return Key(row["pk"]["S"], row["sk"]["S"])
