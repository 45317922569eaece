"""moto, asked what the engine is asked: what both are to answer, in one form."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.dynamodb.models import dynamodb_backends

from local.template import REGION
from prove.engine import Engine
from prove.engine.values import number
from tests.deployment import TABLE, client, empty_aws
from tests.prove.asking import named

TOLD = ("Attributes", "Count", "Item", "Items", "LastEvaluatedKey", "Responses", "ScannedCount", "UnprocessedKeys")


@contextmanager
def moto() -> Iterator[None]:
    """An empty table of moto's, which is asked only by `ask_moto`."""
    botocore_stubber.enabled = True
    with empty_aws():
        botocore_stubber.enabled = False
        yield


def ask_moto(operation: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Ask moto."""
    botocore_stubber.enabled = True
    try:
        return 200, client("dynamodb")._make_api_call(operation, named(operation, params))
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


def moto_table() -> dict[tuple[str, ...], Any]:
    """All that moto's table holds."""
    items = [item.to_json()["Attributes"] for item in _table().all_items()]
    return {(item["pk"]["S"], item["sk"]["S"]): in_order(item) for item in items}


def engine_table(engine: Engine) -> dict[tuple[str, ...], Any]:
    """All that the engine's table holds."""
    return {key: in_order(item) for key, item in engine.table(TABLE).items.items()}


def make_alike(engine: Engine) -> None:
    """Make moto's table hold what the engine's does."""
    table = _table()
    table.items = defaultdict(dict)
    for item in engine.table(TABLE).items.values():
        table.put_item(deepcopy(dict(item)))  # moto changes values in place


def _table() -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE]
