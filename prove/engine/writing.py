"""DynamoDB's writes: each holds what must hold, and is done whole or not at all."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from prove.engine.conditions import condition
from prove.engine.expressions import Names
from prove.engine.keys import key_of, require_index_keys, require_short
from prove.engine.reading import ITEM_LIMIT, TRANSACTION, TRANSACTION_LIMIT
from prove.engine.requests import Asked, Done, Refused, Tables, require_known, table_of
from prove.engine.table import Key, Spot, Table
from prove.engine.updates import apply, update
from prove.engine.values import Item, KeyMismatchError, ValidationError, item_size, normal

BATCH = 25  # items at most
RETURNED = {"Put": {"ALL_OLD"}, "Delete": {"ALL_OLD"}, "Update": {"ALL_OLD", "ALL_NEW"}}


class Write(NamedTuple):
    """One write: what must hold, and what becomes of the item."""

    table: Table
    key: Key
    holds: Callable[[Item | None], bool]
    becomes: Callable[[Item | None], Item | None]  # raises ValidationError, if that cannot be
    is_check: bool
    tells_old: bool

    @property
    def spot(self) -> Spot:
        return Spot(self.table.name, self.key)

    @property
    def old(self) -> Item | None:
        return self.table.items.get(self.key)


class Outcome(NamedTuple):
    """What would become of a write's item, or why that cannot be."""

    new: Item | None
    reason: dict[str, Any]  # as transactions tell it
    refused: str = ""  # what the reason is called outside of transactions


def put_item(tables: Tables, asked: Asked) -> Done:
    """Put an item in the place of what is there."""
    return _one(tables, "Put", asked)


def update_item(tables: Tables, asked: Asked) -> Done:
    """Change an item, or make one."""
    return _one(tables, "Update", asked)


def delete_item(tables: Tables, asked: Asked) -> Done:
    """Delete an item, if it is there."""
    return _one(tables, "Delete", asked)


def _one(tables: Tables, verb: str, asked: Asked) -> Done:
    returned = asked.get("ReturnValues", "NONE")
    if returned not in {"NONE", *RETURNED[verb]}:
        if verb != "Update":
            raise ValidationError("Return values set to invalid value")
        raise NotImplementedError(f"{verb}: ReturnValues {returned}")
    write = _write(tables, verb, asked)
    old, reads = write.old, frozenset([write.spot])
    try:
        outcome = _outcome(write)
    except KeyMismatchError as error:
        raise Refused("ValidationException", str(error), reads) from error
    if outcome.refused:
        more = {"Item": outcome.reason["Item"]} if "Item" in outcome.reason else {}
        raise Refused(outcome.refused, outcome.reason["Message"], reads, **more)
    written = write.table.write(write.key, outcome.new)
    told = {"ALL_NEW": outcome.new, "ALL_OLD": old}.get(returned)
    return Done({} if told is None else {"Attributes": told}, reads, frozenset(written))


def batch_write_item(tables: Tables, asked: Asked) -> Done:
    """Put and delete several items, each by itself."""
    writes = []
    for name, wanted in asked["RequestItems"].items():
        for one in wanted:
            ((kind, what),) = one.items()
            require_known(kind, what)
            writes.append(_write(tables, kind.removesuffix("Request"), {"TableName": name, **what}))
    if not 0 < len(writes) <= BATCH:
        raise ValidationError("Member must have length less than or equal to 25")
    if len({write.spot for write in writes}) < len(writes):
        raise ValidationError("Provided list of item keys contains duplicates")
    written = _written(writes, [write.becomes(write.old) for write in writes])
    return Done({"UnprocessedItems": {}}, written, written)


def transact_write_items(tables: Tables, asked: Asked) -> Done:
    """Do several writes, or none of them if one cannot be done."""
    parts = [(verb, what) for one in asked["TransactItems"] for verb, what in one.items()]
    if not 0 < len(parts) <= TRANSACTION:
        raise ValidationError("Member must have length less than or equal to 100")
    for verb, what in parts:
        require_known(verb, what)
    try:
        return _transacted([_write(tables, verb, what) for verb, what in parts])
    except KeyMismatchError as error:
        raise NotImplementedError(f"In a transaction: {error}") from error


def _transacted(writes: list[Write]) -> Done:
    reads = frozenset(write.spot for write in writes)
    if len(reads) < len(writes):
        raise ValidationError("Transaction request cannot include multiple operations on one item")
    outcomes = [_outcome(write) for write in writes]
    if any(outcome.refused for outcome in outcomes):
        reasons = [outcome.reason for outcome in outcomes]
        codes = ", ".join(str(reason["Code"]) for reason in reasons)
        message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
        raise Refused("TransactionCanceledException", message, reads, CancellationReasons=reasons)
    news = [outcome.new for outcome in outcomes]
    if len(writes) * ITEM_LIMIT > TRANSACTION_LIMIT:
        sizes = (item_size(new or write.old or {}) for write, new in zip(writes, news, strict=True))
        if sum(sizes) > TRANSACTION_LIMIT:
            raise Refused("ValidationException", "The items of a transaction are more than 4 MB together", reads)
    return Done({}, reads, _written(writes, news))


def _written(writes: Iterable[Write], news: Iterable[Item | None]) -> frozenset[Spot]:
    written: set[Spot] = set()
    for write, new in zip(writes, news, strict=True):
        if not write.is_check:
            written |= write.table.write(write.key, new)
    return frozenset(written)


def _outcome(write: Write) -> Outcome:
    old = write.old
    if not write.holds(old):
        told = {"Item": old} if write.tells_old and old is not None else {}
        reason = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", **told}
        return Outcome(None, reason, "ConditionalCheckFailedException")
    try:
        return Outcome(write.becomes(old), {"Code": "None"})
    except KeyMismatchError:
        raise
    except ValidationError as error:
        return Outcome(None, {"Code": "ValidationError", "Message": str(error)}, "ValidationException")


def _write(tables: Tables, verb: str, asked: Asked) -> Write:
    table = table_of(tables, asked)
    wanted = condition(asked["ConditionExpression"]) if "ConditionExpression" in asked else None
    changes = update(asked["UpdateExpression"]) if "UpdateExpression" in asked else None
    names = Names.of(asked, wanted, changes)
    if verb == "Put":
        put = {name: normal(value) for name, value in asked["Item"].items()}
        key = table.key_of(put)
        require_short(table.key_names, key)
        _require_fit(table, put)
    else:
        put, key = None, key_of(table, asked["Key"])
    own: Item = {name: {"S": part} for name, part in zip(table.key_names, key, strict=True)}
    if changes is not None and any(action.path(names)[0] in own for action in changes.expression):
        raise ValidationError("Cannot update attribute. This attribute is part of the key")

    def becomes(old: Item | None) -> Item | None:
        if verb != "Update":
            return put
        if changes is None:
            return old or own
        new = apply(changes.expression, old or own, names, is_new=old is None)
        _require_fit(table, new)
        return new

    return Write(
        table,
        key,
        lambda old: wanted is None or wanted.expression(old, names),
        becomes,
        verb == "ConditionCheck",
        asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD",
    )


def _require_fit(table: Table, item: Item) -> None:
    if item_size(item) > ITEM_LIMIT:
        raise ValidationError("Item size has exceeded the maximum allowed size")
    require_index_keys(table, item)
