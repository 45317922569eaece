"""Another engine, asked what ours is asked: what both are to answer, in one form."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, NamedTuple, Protocol

from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.dynamodb.models import dynamodb_backends

from local.engine import Engine as Server
from local.template import REGION
from prove.engine import Engine
from prove.engine.values import number
from tests.deployment import STACKS, TABLE, client, empty_aws
from tests.prove.asking import ask, named
from tests.prove.drawn_calls import Call

TOLD = ("Attributes", "Count", "Item", "Items", "LastEvaluatedKey", "Responses", "ScannedCount", "UnprocessedKeys")

type Items = dict[tuple[str, ...], Any]


class Other(Protocol):
    """Another engine."""

    def client(self, service: str) -> Any:
        """Return what asks it."""

    def table(self) -> Items:
        """Return all that its table holds."""

    def take_over(self, engine: Engine) -> None:
        """Make its table hold what ours does."""


class Moto:
    """moto, which is asked by nobody else."""

    def client(self, service: str) -> Any:
        return client(service)

    def table(self) -> Items:
        return by_key(item.to_json()["Attributes"] for item in self._table().all_items())

    def take_over(self, engine: Engine) -> None:
        table = self._table()
        table.items = defaultdict(dict)
        for item in engine.table(TABLE).items.values():
            table.put_item(deepcopy(dict(item)))  # moto changes values in place

    def _table(self) -> Any:
        return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE]


class Served:
    """The engine of `make run`."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def client(self, service: str) -> Any:
        return {"dynamodb": self._server._dynamodb, "kms": self._server._kms}[service]

    def table(self) -> Items:
        return by_key(self.client("dynamodb").scan(TableName=TABLE)["Items"])

    def take_over(self, engine: Engine) -> None:
        items = engine.table(TABLE).items
        here, there = engine_table(engine), self.table()
        for pk, sk in there.keys() - here.keys():
            self.client("dynamodb").delete_item(TableName=TABLE, Key={"pk": {"S": pk}, "sk": {"S": sk}})
        for key, item in here.items():
            if item != there.get(key):
                self.client("dynamodb").put_item(TableName=TABLE, Item=items[key])


@contextmanager
def moto() -> Iterator[Moto]:
    """Begin with an empty table of moto's."""
    botocore_stubber.enabled = True
    with empty_aws():
        botocore_stubber.enabled = False
        yield Moto()


@contextmanager
def served() -> Iterator[Served]:
    """Start the engine of `make run`, with an empty table."""
    server = Server(TABLE)
    try:
        server.prepare(STACKS["credentials"])
        yield Served(server)
    finally:
        server.close()


def by_key(items: Any) -> Items:
    """Items by their keys, in one form."""
    return {(item["pk"]["S"], item["sk"]["S"]): in_order(item) for item in items}


def engine_table(engine: Engine) -> Items:
    """All that our engine's table holds."""
    return by_key(engine.table(TABLE).items.values())


def ask_other(other: Other, call: Call) -> tuple[int, dict[str, Any]]:
    """Ask another engine something of DynamoDB."""
    return ask_service(other, "dynamodb", call.operation, named(call.operation, call.params))


def ask_service(other: Other, service: str, operation: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Ask another engine something."""
    botocore_stubber.enabled = isinstance(other, Moto)
    try:
        return 200, other.client(service)._make_api_call(operation, params)
    except ClientError as error:
        return 400, {"__type": error.response["Error"]["Code"], **error.response}
    except Exception as error:  # noqa: BLE001 - whatever moto stumbles over
        return 500, {"__type": type(error).__name__}
    finally:
        botocore_stubber.enabled = False


def compared(status: int, answer: dict[str, Any]) -> Any:
    """What is compared: not messages, nor the order of a batch and of sets, which DynamoDB promises to nobody."""
    if status != 200:
        reasons = [(reason["Code"], in_order(reason.get("Item"))) for reason in answer.get("CancellationReasons", [])]
        return answer["__type"], reasons, in_order(answer.get("Item"))
    told = {name: in_order(answer[name]) for name in TOLD if name in answer}
    if isinstance(told.get("Responses"), dict):
        told["Responses"] = {name: sorted(items, key=str) for name, items in told["Responses"].items()}
    return told


def in_order(value: Any) -> Any:
    """A value with its sets, and the names in its maps, in order, and its numbers as DynamoDB writes them."""
    if isinstance(value, dict):
        return {name: _told(name, held) for name, held in sorted(value.items())}
    return [in_order(one) for one in value] if isinstance(value, list) else value


def _told(name: str, held: Any) -> Any:
    match name:
        case "N" if isinstance(held, str):
            return number(held)
        case "SS" | "NS":
            return sorted(number(one) if name == "NS" else one for one in held)
    return in_order(held)


class Difference(NamedTuple):
    """A call, and what came of it here and there: the answers, in the form in which they are compared."""

    call: Call
    message: str  # ours, when it is refused
    here: Any
    status: int  # there
    there: Any

    @property
    def refused_by_both(self) -> bool:
        return bool(self.message) and self.status != 200


def difference(engine: Engine, other: Other, call: Call) -> Difference | None:
    """Ask both. Returns what differs, in what they answer or in the table that they leave."""
    status, told = ask(engine, call.operation, **call.params)
    other_status, other_told = ask_other(other, call)
    answers = compared(status, told), compared(other_status, other_told)
    if answers[0] == answers[1] and engine_table(engine) == other.table():
        return None
    return Difference(call, told["message"] if status != 200 else "", answers[0], other_status, answers[1])
