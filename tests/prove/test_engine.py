"""The simulator's engine beside moto: what every operation asks of DynamoDB is answered alike by both."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.dynamodb.models import dynamodb_backends

from local.template import REGION
from prove.control.calls import Answer, Call, control
from prove.engine import Engine
from tests.deployment import STACKS, TABLE, client, empty_aws
from tests.operations import OPERATIONS, set_up
from tests.world import World


class Both:
    """Asks the engine and moto alike, and compares what they answer."""

    def __init__(self) -> None:
        self.engine = Engine({TABLE: STACKS["credentials"].table}, now=lambda: datetime.now(UTC))
        self.asked = 0

    def __call__(self, call: Call) -> Answer:
        reply = self.engine.ask(call.service, call.operation, call.body)
        if call.service == "dynamodb":
            self.asked += 1
            assert _told(reply.status, json.loads(reply.body)) == _moto(call), call.asked
        return Answer(reply.status, reply.body)


def _moto(call: Call) -> Any:
    botocore_stubber.enabled = True
    try:
        answer = client("dynamodb")._make_api_call(call.operation, call.asked)
    except ClientError as error:
        return _told(400, {"__type": error.response["Error"]["Code"], **error.response})
    finally:
        botocore_stubber.enabled = False
    return _told(200, answer)


def _told(status: int, answer: dict[str, Any]) -> Any:
    """What is compared: not the order of a batch, and of sets, which DynamoDB promises to nobody."""
    if status != 200:
        reasons = [reason["Code"] for reason in answer.get("CancellationReasons", [])]
        return answer["__type"], reasons
    told: dict[str, Any] = {name: answer[name] for name in ("Items", "Count", "Attributes", "Item") if name in answer}
    items = answer.get("Responses", {}).get(TABLE)
    if items is not None:
        told["Responses"] = sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
    return _in_order(told | {"more": "LastEvaluatedKey" in answer})


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: sorted(held) if name == "SS" else _in_order(held) for name, held in value.items()}
    return [_in_order(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
def both() -> Iterator[Both]:
    botocore_stubber.enabled = True
    with empty_aws():
        botocore_stubber.enabled = False
        yield from _asking(Both())


def _asking(asks: Both) -> Iterator[Both]:
    with control(asks):
        yield asks


def test_every_operation_is_answered_as_by_moto(both: Both) -> None:
    scene = set_up(World("credentials"), crowd=0)
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    before, state = deepcopy(tables[TABLE].items), both.engine.snapshot()

    for name, act in OPERATIONS.items():
        assert act(scene).status < 300, name
        tables[TABLE].items = deepcopy(before)
        both.engine.restore(state)

    assert both.asked > 200


def engine() -> Engine:
    return Engine({TABLE: STACKS["credentials"].table}, now=lambda: datetime(2026, 1, 31, tzinfo=UTC))


def ask(asked: Engine, operation: str, **params: Any) -> tuple[int, dict[str, Any]]:
    reply = asked.ask("dynamodb", operation, json.dumps({"TableName": TABLE, **params}).encode())
    return reply.status, json.loads(reply.body)


KEY = {"pk": {"S": "A"}, "sk": {"S": "B"}}


def test_a_transaction_tells_why_each_of_its_operations_was_refused() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY)
    met = {"Key": KEY, "ConditionExpression": "attribute_exists(pk)", "TableName": TABLE}
    unmet = {"Item": KEY | {"pk": {"S": "C"}}, "ConditionExpression": "attribute_exists(pk)", "TableName": TABLE}

    status, told = ask(there, "TransactWriteItems", TransactItems=[{"ConditionCheck": met}, {"Put": unmet}])

    assert (status, told["__type"]) == (400, "TransactionCanceledException")
    assert [reason["Code"] for reason in told["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert list(there.table(TABLE).items) == [("A", "B")]


def test_a_repeated_transaction_does_nothing_twice_and_another_one_under_its_token_is_refused() -> None:
    there = engine()
    add = {
        "Key": KEY,
        "TableName": TABLE,
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }

    for _ in range(2):
        status, _told = ask(there, "TransactWriteItems", TransactItems=[{"Update": add}], ClientRequestToken="t")
        assert status == 200
    other = add | {"Key": KEY | {"sk": {"S": "C"}}}
    _, told = ask(there, "TransactWriteItems", TransactItems=[{"Update": other}], ClientRequestToken="t")

    assert there.table(TABLE).items["A", "B"]["n"] == {"N": "1"}
    assert told["__type"] == "IdempotentParameterMismatchException"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ConditionExpression": "attribute_exists(#a)"},
        {"ConditionExpression": "attribute_exists(pk)", "ExpressionAttributeNames": {"#a": "pk"}},
        {"ConditionExpression": "pk = "},
        {"ConditionExpression": "pk = :v AND", "ExpressionAttributeValues": {":v": {"S": "A"}}},
    ],
)
def test_an_expression_that_aws_would_refuse_is_refused(wrong: dict[str, Any]) -> None:
    assert ask(engine(), "PutItem", Item=KEY, **wrong)[1]["__type"] == "ValidationException"


def test_an_identical_rewrite_leaves_no_record_and_a_snapshot_brings_back_all_that_there_was() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY | {"gsi1pk": {"S": "P"}, "gsi1sk": {"S": "1"}})
    ask(there, "PutItem", Item=KEY | {"gsi1pk": {"S": "P"}, "gsi1sk": {"S": "1"}})
    kept = there.snapshot()
    ask(there, "DeleteItem", Key=KEY)

    assert [record["eventName"] for record in there.records_since(0)] == ["INSERT", "REMOVE"]
    there.restore(kept)
    query = {"KeyConditionExpression": "gsi1pk = :p", "ExpressionAttributeValues": {":p": {"S": "P"}}}
    assert ask(there, "Query", IndexName="gsi1", **query)[1]["Count"] == 1
    assert len(there.records_since(0)) == 1


def test_an_index_that_lags_shows_what_was_there_before_the_last_writes() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY | {"gsi1pk": {"S": "P"}, "gsi1sk": {"S": "1"}})
    there.index_lag = 1
    query = {"KeyConditionExpression": "gsi1pk = :p", "ExpressionAttributeValues": {":p": {"S": "P"}}}

    assert ask(there, "Query", IndexName="gsi1", **query)[1]["Count"] == 0
    there.index_lag = 0
    assert ask(there, "Query", IndexName="gsi1", **query)[1]["Count"] == 1
