"""Requests and answers: what the engine knows of them. What it does not know, it does not answer, and fails loudly.

It tells nobody what a call consumes, though it may be asked for that.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from prove.engine.table import Spot, Table
from prove.engine.values import ValidationError

type Tables = Mapping[str, Table]
type Asked = Mapping[str, Any]

_PLACEHOLDERS = {"ExpressionAttributeNames", "ExpressionAttributeValues"}
_READ = {"ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"}
_CONDITION = {"TableName", "ConditionExpression", "ReturnValuesOnConditionCheckFailure", *_PLACEHOLDERS}
_ANY = {"ReturnConsumedCapacity"}
_SINGLE = {"ReturnValues", *_ANY}

KNOWN = {
    "GetItem": {"TableName", "Key", *_READ, *_ANY},
    "BatchGetItem": {"RequestItems", *_ANY},
    "Keys": {"Keys", *_READ},
    "TransactGetItems": {"TransactItems", *_ANY},
    "Get": {"TableName", "Key", *_READ} - {"ConsistentRead"},
    "Query": {"TableName", "IndexName", "KeyConditionExpression", "FilterExpression", "ScanIndexForward", "Limit"}
    | {"ExclusiveStartKey", *_READ, *_PLACEHOLDERS, *_ANY},
    "PutItem": {"Item", *_CONDITION, *_SINGLE},
    "UpdateItem": {"Key", "UpdateExpression", *_CONDITION, *_SINGLE},
    "DeleteItem": {"Key", *_CONDITION, *_SINGLE},
    "BatchWriteItem": {"RequestItems", *_ANY},
    "PutRequest": {"Item"},
    "DeleteRequest": {"Key"},
    "TransactWriteItems": {"TransactItems", "ClientRequestToken", *_ANY},
    "Put": {"Item", *_CONDITION},
    "Update": {"Key", "UpdateExpression", *_CONDITION},
    "Delete": {"Key", *_CONDITION},
    "ConditionCheck": {"Key", *_CONDITION},
}
_ALWAYS = {"TableName", "Key", "Item", "Keys", "TransactItems", "RequestItems", "KeyConditionExpression"}
_NEEDED = {kind: known & _ALWAYS for kind, known in KNOWN.items()}
_NEEDED["Update"] |= {"UpdateExpression"}
_NEEDED["ConditionCheck"] |= {"ConditionExpression"}
_CHOICES = {
    "ReturnConsumedCapacity": {"NONE", "TOTAL"},
    "ReturnValuesOnConditionCheckFailure": {"NONE", "ALL_OLD"},
}


class Refused(Exception):
    """What AWS answers instead of doing it, and what was read on the way to that."""

    def __init__(self, code: str, message: str, reads: frozenset[Spot] = frozenset(), **more: object) -> None:
        super().__init__(message)
        self.code, self.message, self.reads, self.more = code, message, reads, more


class Done(NamedTuple):
    """What was answered, and what it read and wrote."""

    answer: dict[str, Any]
    reads: frozenset[Spot] = frozenset()
    writes: frozenset[Spot] = frozenset()


def require_known(kind: str, asked: Asked) -> None:
    """Fail on a parameter that the engine does not know, or does not know in this form. Refuse what lacks one."""
    if kind not in KNOWN or (unknown := asked.keys() - KNOWN[kind]):
        raise NotImplementedError(kind if kind not in KNOWN else f"{kind}: {sorted(unknown)}")
    for name, known in _CHOICES.items():
        if name in asked and asked[name] not in known:
            raise NotImplementedError(f"{kind}: {name} {asked[name]}")
    if missing := _NEEDED[kind] - asked.keys():
        raise ValidationError(f"Value null at {sorted(missing)} failed to satisfy constraint: Member must not be null")


def table_of(tables: Tables, asked: Asked) -> Table:
    """Return the table that a request names."""
    table = tables.get(asked["TableName"])
    if table is None:
        raise Refused("ResourceNotFoundException", "Requested resource not found")
    return table
