"""DynamoDB's reads."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any

from prove.engine.conditions import condition
from prove.engine.expressions import Names
from prove.engine.keys import Span, asked_of, key_condition, key_of
from prove.engine.projections import projected, projection
from prove.engine.requests import Asked, Done, Tables, require_known, table_of
from prove.engine.table import Index, Key, Row, Spot, Table
from prove.engine.values import Item, ValidationError, item_size

BATCH, TRANSACTION = 100, 100  # items at most
ITEM_LIMIT = 400 * 1024  # bytes
PAGE_LIMIT = 1024 * 1024  # bytes that one query looks at
BATCH_LIMIT = 16 * 1024 * 1024  # bytes that one batch tells
TRANSACTION_LIMIT = 4 * 1024 * 1024  # bytes


def get_item(tables: Tables, asked: Asked) -> Done:
    """Tell one item."""
    table, key, item = _one(tables, asked)
    return Done({} if item is None else {"Item": item}, frozenset([Spot(table.name, key)]))


def transact_get_items(tables: Tables, asked: Asked) -> Done:
    """Tell several items as they are at one moment."""
    gets = [get for one in asked["TransactItems"] for get in one.values()]
    for get in gets:
        require_known("Get", get)
    if not 0 < len(gets) <= TRANSACTION:
        raise ValidationError("Member must have length less than or equal to 100")
    found = [_one(tables, get) for get in gets]
    reads = frozenset(Spot(table.name, key) for table, key, _ in found)
    if len(reads) < len(found):
        raise ValidationError("Transaction request cannot include multiple operations on one item")
    whole = [table.items[key] for table, key, _ in found if key in table.items]
    if len(whole) * ITEM_LIMIT > TRANSACTION_LIMIT and sum(map(item_size, whole)) > TRANSACTION_LIMIT:
        raise ValidationError("Aggregated size of the items in the transaction exceeded 4 MB")
    return Done({"Responses": [{} if item is None else {"Item": item} for _, _, item in found]}, reads)


def _one(tables: Tables, asked: Asked) -> tuple[Table, Key, Item | None]:
    table = table_of(tables, asked)
    wanted = projection(asked["ProjectionExpression"]) if "ProjectionExpression" in asked else None
    names = Names.of(asked, wanted)
    key = key_of(table, asked["Key"])
    item = table.items.get(key)
    return table, key, None if item is None else projected(item, wanted, names)


def batch_get_item(tables: Tables, asked: Asked) -> Done:
    """Tell several items, until they are too many bytes: what is left is to be asked for again."""
    count = sum(len(wanted["Keys"]) for wanted in asked["RequestItems"].values())
    if not 0 < count <= BATCH:
        raise ValidationError("Too many items requested for the BatchGetItem call")
    room = BATCH_LIMIT if count * ITEM_LIMIT > BATCH_LIMIT else None  # None: whatever they are, they fit
    answers: dict[str, list[Item]] = {}
    left: dict[str, Any] = {}
    reads: set[Spot] = set()
    for name, wanted in asked["RequestItems"].items():
        require_known("Keys", wanted)
        table = table_of(tables, {"TableName": name})
        told = projection(wanted["ProjectionExpression"]) if "ProjectionExpression" in wanted else None
        names = Names.of(wanted, told)
        keys = [key_of(table, key) for key in wanted["Keys"]]
        if len(set(keys)) < len(keys):
            raise ValidationError("Provided list of item keys contains duplicates")
        reads |= {Spot(name, key) for key in keys}
        fitting = len(keys)
        if room is not None:
            sums = list(accumulate((item_size(table.items.get(key, {})) for key in keys), initial=0))
            fitting, room = bisect_right(sums, room) - 1, max(0, room - sums[-1])
        answers[name] = [projected(table.items[key], told, names) for key in keys[:fitting] if key in table.items]
        if fitting < len(keys):
            left[name] = {**wanted, "Keys": wanted["Keys"][fitting:]}
    return Done({"Responses": answers, "UnprocessedKeys": left}, frozenset(reads))


def query(tables: Tables, asked: Asked, lag: int) -> Done:
    """Tell a part of a partition, in order."""
    table = table_of(tables, asked)
    index = table.indexes.get(asked.get("IndexName", ""))
    if index is None:
        raise ValidationError("The table does not have the specified index")
    if index.name and asked.get("ConsistentRead"):
        raise ValidationError("Consistent reads are not supported on global secondary indexes")
    if asked.get("Limit", 1) < 1:
        raise ValidationError("Value at 'limit' failed to satisfy constraint")
    wanted = key_condition(asked["KeyConditionExpression"])
    fits = condition(asked["FilterExpression"]) if "FilterExpression" in asked else None
    told = projection(asked["ProjectionExpression"]) if "ProjectionExpression" in asked else None
    names = Names.of(asked, wanted, fits, told)
    partition, span = asked_of(index, wanted.expression, names)
    _require_apart(index, set() if fits is None else fits.attributes(names))
    _require_there(index, set() if told is None else told.attributes(names))
    start = _start(table, index, partition, span, asked["ExclusiveStartKey"]) if "ExclusiveStartKey" in asked else None
    rows = table.rows(index, partition, span, start, backward=asked.get("ScanIndexForward") is False, lag=lag)
    scanned, last, size = [], None, 0
    for sort, key, item in rows:
        scanned.append(item)
        size += item_size(item)
        if len(scanned) == asked.get("Limit") or size >= PAGE_LIMIT:
            last = _place(table, index, partition, (sort, key))
            break
    items = [projected(item, told, names) for item in scanned if fits is None or fits.expression(item, names)]
    answer = {"Items": items, "Count": len(items), "ScannedCount": len(scanned)}
    more = {} if last is None else {"LastEvaluatedKey": last}
    return Done({**answer, **more}, frozenset([Spot(f"{table.name}/{index.name}", (partition,))]))


def _require_apart(index: Index, filtered: set[str | int]) -> None:
    if {index.partition, index.sort} & filtered:
        raise ValidationError("Filter Expression can only contain non-primary key attributes")
    if index.projected is not None and filtered - index.projected:
        raise NotImplementedError(f"filters on what {index.name} does not have")


def _require_there(index: Index, told: set[str | int]) -> None:
    if index.projected is not None and told - index.projected:
        raise ValidationError(f"Global secondary index {index.name} does not project {told - index.projected}")


def _place(table: Table, index: Index, partition: str, row: Row) -> Item:
    """Return what a query that is to go on behind a row is given."""
    sort, key = row
    own = {name: {"S": part} for name, part in zip(table.key_names, key, strict=True)}
    return {**own, index.partition: {"S": partition}, index.sort: {"S": sort}}


def _start(table: Table, index: Index, partition: str, span: Span, place: Item) -> Row:
    if set(place) != {*table.key_names, index.partition, index.sort}:
        raise ValidationError("The provided starting key is invalid")
    key = key_of(table, {name: place[name] for name in table.key_names})
    if place[index.partition] != {"S": partition}:
        raise ValidationError("The provided starting key is outside query boundaries based on provided conditions")
    sort = place[index.sort].get("S")
    if not isinstance(sort, str) or sort not in span:
        raise ValidationError("The provided starting key does not match the range key predicate")
    return sort, key
