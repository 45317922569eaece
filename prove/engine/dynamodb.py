"""DynamoDB's operations on tables in memory, each whole before the next: what is asked, what is answered."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from prove.engine.expressions import Names, condition
from prove.engine.table import Index, Key, Spot, State, Table
from prove.engine.updates import apply, update
from prove.engine.values import Item, ValidationError, item_size, normal

TOKEN_LIFE = timedelta(minutes=10)
BATCH_LIMIT, TRANSACTION_LIMIT = 100, 100
KEY_LIMITS = (2048, 1024)  # bytes
ITEM_LIMIT = 400 * 1024  # bytes
PAGE_LIMIT = 1024 * 1024  # bytes that one query looks at

type Answer = dict[str, Any]


class Refused(Exception):
    """What DynamoDB answers instead of doing it."""

    def __init__(self, code: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.code, self.message, self.more = code, message, more


class Done(NamedTuple):
    """What was answered, and what it read and wrote."""

    answer: Answer
    reads: frozenset[Spot] = frozenset()
    writes: frozenset[Spot] = frozenset()


class Write(NamedTuple):
    """One write: what must hold, and what becomes of the item."""

    table: Table
    key: Key
    holds: Callable[[Item | None], bool]
    becomes: Callable[[Item | None], Item | None]
    is_check: bool
    tells_old: bool


class DynamoDB:
    """The tables, and the tokens of transactions that were done lately."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]], now: Callable[[], datetime]) -> None:
        self.tables = {name: Table(name, properties) for name, properties in tables.items()}
        self.index_lag = 0
        self._now = now
        self._tokens: dict[str, tuple[datetime, str]] = {}

    def keep(self) -> tuple[dict[str, State], dict[str, tuple[datetime, str]]]:
        """Keep all that there is."""
        return {name: table.keep() for name, table in self.tables.items()}, dict(self._tokens)

    def go_back(self, state: tuple[dict[str, State], dict[str, tuple[datetime, str]]]) -> None:
        """Make it what it was."""
        for name, kept in state[0].items():
            self.tables[name].go_back(kept)
        self._tokens = dict(state[1])

    def ask(self, operation: str, asked: Mapping[str, Any]) -> Done:
        """Do what is asked. Raises Refused, and has done nothing then."""
        try:
            return _OPERATIONS[operation](self, asked)
        except ValidationError as error:
            raise Refused("ValidationException", str(error)) from error

    # ---- Reading ----

    def get_item(self, asked: Mapping[str, Any]) -> Done:
        table = self._table(asked)
        key = table.key_of(asked["Key"])
        item = table.items.get(key)
        return Done({} if item is None else {"Item": item}, frozenset([Spot(table.name, key)]))

    def batch_get_item(self, asked: Mapping[str, Any]) -> Done:
        answers: dict[str, list[Item]] = {}
        reads: set[Spot] = set()
        for name, wanted in asked["RequestItems"].items():
            table = self._table({"TableName": name})
            keys = [table.key_of(key) for key in wanted["Keys"]]
            if not 0 < len(keys) <= BATCH_LIMIT:
                raise ValidationError("Too many items requested for the BatchGetItem call")
            if len(set(keys)) < len(keys):
                raise ValidationError("Provided list of item keys contains duplicates")
            answers[name] = [table.items[key] for key in keys if key in table.items]
            reads |= {Spot(name, key) for key in keys}
        return Done({"Responses": answers, "UnprocessedKeys": {}}, frozenset(reads))

    def query(self, asked: Mapping[str, Any]) -> Done:
        table = self._table(asked)
        index = table.indexes.get(asked.get("IndexName", ""))
        if index is None:
            raise ValidationError("The table does not have the specified index")
        if index.name and asked.get("ConsistentRead"):
            raise ValidationError("Consistent reads are not supported on global secondary indexes")
        wanted = condition(asked["KeyConditionExpression"])
        fits = condition(asked["FilterExpression"]) if "FilterExpression" in asked else None
        names = Names.of(asked, wanted, fits)
        partition = _partition(index, asked, names)
        found, last = self._look(table, index, partition, asked, lambda item: wanted.expression(item, names))
        items = [item for item in found if fits is None or fits.expression(item, names)]
        answer: Answer = {"Items": items, "Count": len(items), "ScannedCount": len(found)}
        if last is not None:
            answer["LastEvaluatedKey"] = _start_key(table, index, partition, last)
        return Done(answer, frozenset([Spot(f"{table.name}/{index.name}", (partition,))]))

    def _look(
        self, table: Table, index: Index, partition: str, asked: Mapping[str, Any], wanted: Callable[[Item], bool]
    ) -> tuple[list[Item], tuple[str, Key] | None]:
        """Return the rows that a query looks at, and the last of them if it may be that there are more."""
        start, backward = asked.get("ExclusiveStartKey"), asked.get("ScanIndexForward") is False
        begin = None if start is None else (start[index.sort]["S"], table.key_of(start))
        found: list[Item] = []
        size = 0
        for sort, key, item in table.rows(index, partition, backward=backward, lag=self.index_lag):
            behind = begin is None or ((sort, key) < begin if backward else (sort, key) > begin)
            if behind and wanted(item):
                found.append(item)
                size += item_size(item)
                if len(found) == asked.get("Limit") or size >= PAGE_LIMIT:
                    return found, (sort, key)
        return found, None

    # ---- Writing ----

    def put_item(self, asked: Mapping[str, Any]) -> Done:
        return self._one("Put", asked)

    def update_item(self, asked: Mapping[str, Any]) -> Done:
        return self._one("Update", asked)

    def delete_item(self, asked: Mapping[str, Any]) -> Done:
        return self._one("Delete", asked)

    def _one(self, verb: str, asked: Mapping[str, Any]) -> Done:
        write = self._write(verb, asked)
        table, key = write.table, write.key
        old = table.items.get(key)
        reads = frozenset([Spot(table.name, key)])
        if not write.holds(old):
            more = {"Item": old} if write.tells_old and old is not None else {}
            raise _Unmet("ConditionalCheckFailedException", "The conditional request failed", reads, **more)
        new = write.becomes(old)
        written = table.write(key, new)
        wanted = asked.get("ReturnValues", "NONE")
        told = {"ALL_NEW": new, "ALL_OLD": old}.get(wanted)
        if wanted not in {"NONE", "ALL_NEW", "ALL_OLD"}:
            raise NotImplementedError(wanted)
        return Done({} if told is None else {"Attributes": told}, reads, frozenset(written))

    def batch_write_item(self, asked: Mapping[str, Any]) -> Done:
        written: set[Spot] = set()
        for name, wanted in asked["RequestItems"].items():
            for one in wanted:
                ((kind, what),) = one.items()
                done = self._one(kind.removesuffix("Request"), {"TableName": name, **what})
                written |= done.writes
        return Done({"UnprocessedItems": {}}, frozenset(written), frozenset(written))

    def transact_write_items(self, asked: Mapping[str, Any]) -> Done:
        token = asked.get("ClientRequestToken")
        if token is not None and (done := self._repeated(token, asked)) is not None:
            return done
        writes = [self._write(verb, what) for one in asked["TransactItems"] for verb, what in one.items()]
        places = [(write.table.name, write.key) for write in writes]
        if len(set(places)) < len(places):
            raise ValidationError("Transaction request cannot include multiple operations on one item")
        if not 0 < len(writes) <= TRANSACTION_LIMIT:
            raise ValidationError("Member must have length less than or equal to 100")
        reads = frozenset(Spot(*place) for place in places)
        olds = [write.table.items.get(write.key) for write in writes]
        met = [write.holds(old) for write, old in zip(writes, olds, strict=True)]
        if not all(met):
            reasons = [_reason(write, old, holds) for write, old, holds in zip(writes, olds, met, strict=True)]
            codes = ", ".join(str(reason["Code"]) for reason in reasons)
            message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
            raise _Unmet("TransactionCanceledException", message, reads, CancellationReasons=reasons)
        news = [write.becomes(old) for write, old in zip(writes, olds, strict=True)]
        written: set[Spot] = set()
        for write, new in zip(writes, news, strict=True):
            if not write.is_check:
                written |= write.table.write(write.key, new)
        if token is not None:
            self._tokens[token] = (self._now(), repr(asked))
            written.add(Spot("tokens", (token,)))
        return Done({}, reads, frozenset(written))

    def _repeated(self, token: str, asked: Mapping[str, Any]) -> Done | None:
        at, before = self._tokens.get(token, (None, ""))
        if at is None or self._now() - at > TOKEN_LIFE:
            return None
        if before != repr(asked):
            raise Refused("IdempotentParameterMismatchException", "Another request had this ClientRequestToken")
        return Done({}, frozenset([Spot("tokens", (token,))]))

    def _write(self, verb: str, asked: Mapping[str, Any]) -> Write:
        table = self._table(asked)
        wanted = condition(asked["ConditionExpression"]) if "ConditionExpression" in asked else None
        changes = update(asked["UpdateExpression"]) if "UpdateExpression" in asked else None
        names = Names.of(asked, wanted, changes)
        put = {name: normal(value) for name, value in asked["Item"].items()} if verb == "Put" else None
        key = table.key_of(asked.get("Key", put or {}))
        _require_short(key)
        own = {name: {"S": part} for name, part in zip(table.key_names, key, strict=True)}
        if changes is not None and any(action.path(names)[0] in own for action in changes.expression):
            raise ValidationError("Cannot update attribute. This attribute is part of the key")

        def becomes(old: Item | None) -> Item | None:
            new = put if changes is None else apply(changes.expression, old or own, names)
            if verb == "Update" and changes is None:
                new = old or own
            if new is not None:
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

    def _table(self, asked: Mapping[str, Any]) -> Table:
        table = self.tables.get(asked["TableName"])
        if table is None:
            raise Refused("ResourceNotFoundException", "Requested resource not found")
        return table


class _Unmet(Refused):
    """A condition does not hold: that was read."""

    def __init__(self, code: str, message: str, reads: frozenset[Spot], **more: object) -> None:
        super().__init__(code, message, **more)
        self.reads = reads


def _reason(write: Write, old: Item | None, holds: bool) -> dict[str, Any]:  # noqa: FBT001
    if holds:
        return {"Code": "None"}
    told = {"Item": old} if write.tells_old and old is not None else {}
    return {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", **told}


def _partition(index: Index, asked: Mapping[str, Any], names: Names) -> str:
    """Return which partition a key condition is about: it has to say so by an equation."""
    for token, value in asked.get("ExpressionAttributeValues", {}).items():
        if "S" in value and _equates(asked["KeyConditionExpression"], index.partition, token, names):
            return str(value["S"])
    raise ValidationError("Query condition missed key schema element")


def _equates(text: str, partition: str, token: str, names: Names) -> bool:
    tokens = text.replace("(", " ").replace(")", " ").split()
    stands = [names.name(one) if one.startswith("#") and one in names.names else one for one in tokens]
    return any(stands[at : at + 3] == [partition, "=", token] for at in range(len(stands)))


def _start_key(table: Table, index: Index, partition: str, last: tuple[str, Key]) -> Item:
    sort, key = last
    own = {name: {"S": part} for name, part in zip(table.key_names, key, strict=True)}
    return {**own, index.partition: {"S": partition}, index.sort: {"S": sort}}


def _require_short(key: Key) -> None:
    for part, limit in zip(key, KEY_LIMITS, strict=True):
        if not part or len(part.encode()) > limit:
            raise ValidationError("One or more parameter values were invalid: a key is empty or too long")


def _require_fit(table: Table, item: Item) -> None:
    if item_size(item) > ITEM_LIMIT:
        raise ValidationError("Item size has exceeded the maximum allowed size")
    for index in table.indexes.values():
        for name in (index.partition, index.sort):
            if name in item and not item[name].get("S"):
                raise ValidationError(f"One or more parameter values were invalid: {name} is a key")


_OPERATIONS: dict[str, Callable[[DynamoDB, Mapping[str, Any]], Done]] = {
    "GetItem": DynamoDB.get_item,
    "BatchGetItem": DynamoDB.batch_get_item,
    "Query": DynamoDB.query,
    "PutItem": DynamoDB.put_item,
    "UpdateItem": DynamoDB.update_item,
    "DeleteItem": DynamoDB.delete_item,
    "BatchWriteItem": DynamoDB.batch_write_item,
    "TransactWriteItems": DynamoDB.transact_write_items,
}


def refused_reads(error: Refused) -> frozenset[Spot]:
    """Return what was read on the way to a refusal."""
    return error.reads if isinstance(error, _Unmet) else frozenset()


type Kept = tuple[dict[str, State], dict[str, tuple[datetime, str]]]
