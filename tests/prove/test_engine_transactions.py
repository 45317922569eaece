"""Transactions of the simulator's engine, as the reference of DynamoDB's API has TransactWriteItems."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from prove.engine import Engine
from tests.deployment import STACKS, TABLE
from tests.prove.asking import KEY, NOON, ask, engine, error_of

INVALID = "ValidationException"
OTHER = KEY | {"sk": {"S": "C"}}
ADD = {"Key": KEY, "UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
CHECK = {"Key": KEY, "ConditionExpression": "attribute_exists(pk)"}


def test_a_transaction_tells_why_each_of_its_operations_was_refused() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY)
    unmet = {"Item": OTHER, "ConditionExpression": "attribute_exists(pk)"}

    status, told = ask(there, "TransactWriteItems", TransactItems=[{"ConditionCheck": CHECK}, {"Put": unmet}])

    assert (status, told["__type"]) == (400, "TransactionCanceledException")
    assert [reason["Code"] for reason in told["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert list(there.table(TABLE).items) == [("A", "B")]


@pytest.mark.parametrize("shown", ["NONE", "ALL_OLD"])
def test_the_item_that_is_there_is_told_with_an_unmet_condition_if_that_is_asked_for(shown: str) -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY)
    unmet = {"Item": KEY, "ConditionExpression": "attribute_not_exists(pk)"} | {
        "ReturnValuesOnConditionCheckFailure": shown
    }
    expected = KEY if shown == "ALL_OLD" else None

    _, told = ask(there, "TransactWriteItems", TransactItems=[{"Put": unmet}])
    assert told["CancellationReasons"][0].get("Item") == expected
    _, told = ask(there, "PutItem", **unmet)
    assert (told["__type"], told.get("Item")) == ("ConditionalCheckFailedException", expected)


@pytest.mark.parametrize(
    "change", ["ADD s :n", "SET s = s + :n", "SET y = x.y, z = :n", "SET x.y = :n", "SET l[0].a = :n"]
)
def test_an_update_that_the_item_does_not_allow_is_a_reason_and_nothing_of_the_transaction_is_done(change: str) -> None:
    there = engine()
    item = KEY | {"s": {"S": "a"}, "l": {"L": []}}
    ask(there, "PutItem", Item=item)
    update = {"Key": KEY, "UpdateExpression": change, "ExpressionAttributeValues": {":n": {"N": "1"}}}

    _, told = ask(there, "TransactWriteItems", TransactItems=[{"Put": {"Item": OTHER}}, {"Update": update}])

    assert [reason["Code"] for reason in told["CancellationReasons"]] == ["None", "ValidationError"]
    assert there.table(TABLE).items == {("A", "B"): item}
    assert error_of(there, "UpdateItem", **update) == INVALID


@pytest.mark.parametrize(
    "first", [{"Put": {"Item": KEY}}, {"Delete": {"Key": KEY}}, {"Update": ADD}, {"ConditionCheck": CHECK}]
)
def test_no_transaction_has_two_operations_on_one_item(first: dict[str, Any]) -> None:
    assert error_of(engine(), "TransactWriteItems", TransactItems=[first, {"Delete": {"Key": KEY}}]) == INVALID
    assert error_of(engine(), "TransactGetItems", TransactItems=[{"Get": {"Key": KEY}}] * 2) == INVALID


def test_a_transaction_has_1_to_100_operations() -> None:
    keys = [KEY | {"sk": {"S": str(number)}} for number in range(101)]

    for some, fits in ((0, False), (100, True), (101, False)):
        writes, reads = [{"Put": {"Item": key}} for key in keys[:some]], [{"Get": {"Key": key}} for key in keys[:some]]
        assert (ask(engine(), "TransactWriteItems", TransactItems=writes)[0] == 200) == fits
        assert (ask(engine(), "TransactGetItems", TransactItems=reads)[0] == 200) == fits


def test_a_transaction_has_at_most_4_megabytes() -> None:
    there = engine()
    items = [KEY | {"sk": {"S": chr(65 + number)}, "x": {"S": "x" * (400_000 - 7)}} for number in range(11)]
    for item in items:
        ask(there, "PutItem", Item=item)
    puts, gets = (
        [{"Put": {"Item": item}} for item in items],
        [{"Get": {"Key": KEY | {"sk": item["sk"]}}} for item in items],
    )

    assert error_of(there, "TransactWriteItems", TransactItems=puts) == INVALID
    assert error_of(there, "TransactGetItems", TransactItems=gets) == INVALID
    assert ask(there, "TransactWriteItems", TransactItems=puts[:10])[0] == 200
    assert ask(there, "TransactGetItems", TransactItems=gets[:10])[0] == 200


def test_a_token_does_a_transaction_once_within_ten_minutes_and_is_forgotten_then() -> None:
    now = [NOON]
    there = Engine({TABLE: STACKS["credentials"].table}, now=lambda: now[0])

    def added(at: datetime, token: str) -> str:
        now[0] = at
        status, _ = ask(there, "TransactWriteItems", TransactItems=[{"Update": ADD}], ClientRequestToken=token)
        assert status == 200
        return str(there.table(TABLE).items["A", "B"]["n"]["N"])

    assert added(NOON, "t") == "1"
    assert added(NOON, "t") == "1"
    assert added(NOON, "other") == "2"
    assert added(NOON + timedelta(minutes=10), "t") == "2"
    assert added(NOON + timedelta(minutes=10, seconds=1), "t") == "3"


def test_a_token_that_was_used_for_something_else_is_refused_until_it_is_forgotten() -> None:
    now = [NOON]
    there = Engine({TABLE: STACKS["credentials"].table}, now=lambda: now[0])
    ask(there, "TransactWriteItems", TransactItems=[{"Update": ADD}], ClientRequestToken="t")
    other = {"TransactItems": [{"Update": ADD | {"Key": OTHER}}], "ClientRequestToken": "t"}

    assert error_of(there, "TransactWriteItems", **other) == "IdempotentParameterMismatchException"
    now[0] += timedelta(minutes=11)
    assert ask(there, "TransactWriteItems", **other)[0] == 200


def test_a_token_of_a_transaction_that_was_cancelled_was_not_used() -> None:
    there = engine()
    check = {"TransactItems": [{"ConditionCheck": CHECK}], "ClientRequestToken": "t"}

    assert error_of(there, "TransactWriteItems", **check) == "TransactionCanceledException"
    ask(there, "PutItem", Item=KEY)
    assert ask(there, "TransactWriteItems", **check)[0] == 200


@pytest.mark.parametrize("token", ["", "t" * 37])
def test_a_token_has_1_to_36_characters(token: str) -> None:
    put = [{"Put": {"Item": KEY}}]

    assert error_of(engine(), "TransactWriteItems", TransactItems=put, ClientRequestToken=token) == INVALID


def test_a_read_in_a_transaction_tells_each_item_in_its_place_and_nothing_of_one_that_is_not_there() -> None:
    there = engine()
    ask(there, "PutItem", Item=OTHER | {"n": {"N": "1"}})

    _, told = ask(there, "TransactGetItems", TransactItems=[{"Get": {"Key": KEY}}, {"Get": {"Key": OTHER}}])

    assert told == {"Responses": [{}, {"Item": OTHER | {"n": {"N": "1"}}}]}
