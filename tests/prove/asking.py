"""An engine with the table of the template, and what tests ask of it."""

import json
from datetime import UTC, datetime
from typing import Any

from prove.engine import Engine
from tests.deployment import STACKS, TABLE

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
KEY = {"pk": {"S": "A"}, "sk": {"S": "B"}}


def engine() -> Engine:
    """An empty one, at one moment."""
    return Engine({TABLE: STACKS["credentials"].table}, now=lambda: NOON)


def named(operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a call, with the table's name where it belongs."""
    if "TransactItems" in params:
        parts = [{verb: {"TableName": TABLE, **what} for verb, what in one.items()} for one in params["TransactItems"]]
        return {**params, "TransactItems": parts}
    return params if operation.startswith(("Batch", "Transact")) else {"TableName": TABLE, **params}


def ask(asked: Engine, operation: str, **params: Any) -> tuple[int, dict[str, Any]]:
    """Ask something of DynamoDB."""
    reply = asked.ask("dynamodb", operation, json.dumps(named(operation, params)).encode())
    return reply.status, json.loads(reply.body)


def error_of(asked: Engine, operation: str, **params: Any) -> str:
    """Ask something of DynamoDB, and return how it is refused."""
    status, told = ask(asked, operation, **params)
    assert status == 400, told
    return str(told["__type"])
