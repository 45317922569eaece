"""Queries of the simulator's engine, as the reference of DynamoDB's API has them; and what it does not know."""

import re
from typing import Any

import pytest

from prove.engine import Engine
from tests.deployment import STACKS, TABLE
from tests.prove.asking import KEY, NOON, ask, engine, error_of

INVALID = "ValidationException"
VALUES = {":p": {"S": "A"}, ":a": {"S": "a"}, ":b": {"S": "b"}, ":n": {"N": "1"}, ":empty": {"S": ""}}


def asked(wanted: str, **more: Any) -> dict[str, Any]:
    """A query by a key condition."""
    texts = re.findall(r":\w+", f"{wanted} {more.get('FilterExpression', '')}")
    return {
        "KeyConditionExpression": wanted,
        "ExpressionAttributeValues": {token: value for token, value in VALUES.items() if token in texts},
        **more,
    }


def sorts(wanted: str) -> list[str]:
    """The sort keys of what a query finds."""
    there = engine()
    for sort in ("a", "a\0", "aa", "b", "é", "\U0010ffff"):
        ask(there, "PutItem", Item=KEY | {"sk": {"S": sort}})
    status, told = ask(there, "Query", **asked(wanted))
    assert status == 200, told
    return [item["sk"]["S"] for item in told["Items"]]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("pk = :p", ["a", "a\0", "aa", "b", "é", "\U0010ffff"]),
        ("pk = :p AND sk = :a", ["a"]),
        ("sk < :b AND pk = :p", ["a", "a\0", "aa"]),
        ("(pk = :p) AND (sk <= :a)", ["a"]),
        ("(pk = :p AND sk > :a)", ["a\0", "aa", "b", "é", "\U0010ffff"]),
        ("pk = :p AND sk >= :b", ["b", "é", "\U0010ffff"]),
        ("pk = :p AND sk BETWEEN :a AND :b", ["a", "a\0", "aa", "b"]),
        ("begins_with(sk, :a) AND pk = :p", ["a", "a\0", "aa"]),
    ],
)
def test_a_key_condition_finds_a_part_of_a_partition_in_order(wanted: str, found: list[str]) -> None:
    assert sorts(wanted) == found


@pytest.mark.parametrize(
    "wanted",
    [
        "sk = :a",
        "pk > :p",
        "begins_with(pk, :p)",
        "pk = :n",
        "pk = :empty",
        "pk = :p AND sk = :n",
        "pk = :p AND sk = :empty",
        "pk = :p AND begins_with(sk, :n)",
        "pk = :p AND sk <> :a",
        "pk = :p OR sk = :a",
        "pk = :p AND NOT sk = :a",
        "pk = :p AND sk IN (:a)",
        "pk = :p AND contains(sk, :a)",
        "pk = :p AND sk BETWEEN :b AND :a",
        "pk = :p AND pk = :p",
        "pk = :p AND sk > :a AND sk < :b",
        "pk = :p AND x = :a",
        "pk.a = :p",
        "pk = sk",
        "pk = :p AND",
        "",
    ],
)
def test_a_key_condition_names_one_partition_and_at_most_one_part_of_it(wanted: str) -> None:
    assert error_of(engine(), "Query", **asked(wanted)) == INVALID


@pytest.mark.parametrize(
    "more",
    [
        {"IndexName": "gsi3"},
        {"IndexName": "gsi1", "ConsistentRead": True},
        {"IndexName": "gsi2", "ConsistentRead": True},
        {"IndexName": "gsi2", "ProjectionExpression": "x"},
        {"IndexName": "gsi1", "FilterExpression": "gsi1sk = :a"},
        {"FilterExpression": "sk = :a"},
        {"FilterExpression": "x = :a AND attribute_exists(pk.x)"},
        {"Limit": 0},
        {"ExclusiveStartKey": {}},
        {"ExclusiveStartKey": {"pk": {"S": "A"}}},
        {"ExclusiveStartKey": KEY | {"x": {"S": "a"}}},
        {"ExclusiveStartKey": KEY | {"pk": {"S": "B"}}},
        {"ExclusiveStartKey": KEY | {"sk": {"N": "1"}}},
        {"IndexName": "gsi1", "ExclusiveStartKey": KEY},
    ],
)
def test_what_a_query_cannot_do_is_refused(more: dict[str, Any]) -> None:
    wanted = f"{more.get('IndexName', '').replace('gsi3', 'gsi1')}pk = :p"

    assert error_of(engine(), "Query", **asked(wanted, **more)) == INVALID


def test_a_query_does_not_go_on_outside_of_what_it_asks_for() -> None:
    before = KEY | {"sk": {"S": "a"}}

    assert error_of(engine(), "Query", **asked("pk = :p AND sk > :a", ExclusiveStartKey=before)) == INVALID


def test_an_index_of_keys_tells_the_keys_alone_and_any_index_only_what_has_both_of_its_keys() -> None:
    there = engine()
    places = {"gsi2pk": {"S": "A"}, "gsi2sk": {"S": "1"}}
    ask(there, "PutItem", Item=KEY | places | {"x": {"S": "a"}, "gsi1pk": {"S": "A"}})

    assert ask(there, "Query", **asked("gsi2pk = :p", IndexName="gsi2"))[1]["Items"] == [KEY | places]
    assert ask(there, "Query", **asked("gsi1pk = :p", IndexName="gsi1"))[1]["Items"] == []


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("Scan", {}),
        ("GetItem", {"Key": KEY, "AttributesToGet": ["x"]}),
        ("PutItem", {"Item": KEY, "Expected": {}}),
        ("PutItem", {"Item": KEY, "ReturnConsumedCapacity": "INDEXES"}),
        ("PutItem", {"Item": KEY | {"x": {"B": "AA=="}}}),
        ("PutItem", {"Item": KEY | {"x": {"L": [{"BS": ["AA=="]}]}}}),
        ("UpdateItem", {"Key": KEY, "ReturnValues": "UPDATED_NEW"}),
        ("UpdateItem", {"Key": KEY, "UpdateExpression": "SET x = (y)"}),
        ("UpdateItem", {"Key": KEY, "UpdateExpression": "SET _x = y"}),
        ("DeleteItem", {"Key": KEY, "ConditionExpression": "(x) = y"}),
        ("DeleteItem", {"Key": KEY, "ConditionExpression": "NOT NOT x = y"}),
        ("Query", asked(":p = pk")),
        ("Query", asked("pk = :p", Select="COUNT")),
        ("Query", asked("gsi2pk = :p", IndexName="gsi2", FilterExpression="x = :a")),
        ("TransactWriteItems", {"TransactItems": [{"Delete": {"Key": KEY | {"pk": {"N": "1"}}}}]}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"Item": KEY | {"gsi1pk": {"N": "1"}}}}]}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"Item": KEY, "ReturnValues": "NONE"}}]}),
    ],
)
def test_what_the_engine_does_not_know_it_does_not_answer(operation: str, params: dict[str, Any]) -> None:
    there = engine()

    with pytest.raises(NotImplementedError):
        ask(there, operation, **params)
    assert there.table(TABLE).items == {}


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetItem", {}),
        ("PutItem", {}),
        ("UpdateItem", {}),
        ("DeleteItem", {}),
        ("Query", {}),
        ("BatchGetItem", {}),
        ("BatchGetItem", {"RequestItems": {}}),
        ("BatchWriteItem", {}),
        ("BatchWriteItem", {"RequestItems": {TABLE: [{"PutRequest": {}}]}}),
        ("TransactWriteItems", {}),
        ("TransactWriteItems", {"TransactItems": [{"Update": {"Key": KEY}}]}),
        ("TransactWriteItems", {"TransactItems": [{"ConditionCheck": {"Key": KEY}}]}),
        ("TransactGetItems", {"TransactItems": [{"Get": {}}]}),
    ],
)
def test_a_call_that_lacks_what_it_needs_is_refused(operation: str, params: dict[str, Any]) -> None:
    assert error_of(engine(), operation, **params) == INVALID


@pytest.mark.parametrize(
    "other",
    [
        {"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "N"}]},
        {"LocalSecondaryIndexes": []},
        {"GlobalSecondaryIndexes": [{"IndexName": "i", "KeySchema": [], "Projection": {"ProjectionType": "INCLUDE"}}]},
    ],
)
def test_tables_that_the_engine_does_not_know_it_does_not_make(other: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError):
        Engine({TABLE: STACKS["credentials"].table | other}, now=lambda: NOON)
