"""The limits of DynamoDB, as its guide and its API's reference have them, held by the simulator's engine.

Sources: the guide's pages Constraints, HowItWorks.NamingRulesDataTypes and CapacityUnitCalculations. What a number
takes, how deep lists and maps may be, and which way a write that is too large is refused are as measured on AWS by
https://github.com/paritysuite/dynamodb-conformance (tests/tier3/limits).
"""

from typing import Any

import pytest

from tests.deployment import TABLE
from tests.prove.asking import KEY, ask, engine, error_of

LARGEST = 400 * 1024
KEY_BYTES = len("pkAskB")
INVALID = "ValidationException"


def item_of(size: int, key: dict[str, Any] = KEY) -> dict[str, Any]:
    """An item of so many bytes, if its key is as long as that of most tests."""
    return key | {"x": {"S": "x" * (size - KEY_BYTES - 1)}}


def nested(levels: int) -> dict[str, Any]:
    """Maps in maps, around a text."""
    return {"M": {"x": nested(levels - 1)}} if levels else {"S": "leaf"}


@pytest.mark.parametrize(
    ("name", "longest"),
    [("pk", 2048), ("sk", 1024), ("gsi1pk", 2048), ("gsi1sk", 1024), ("gsi2pk", 2048), ("gsi2sk", 1024)],
)
def test_a_partition_key_has_at_most_2048_bytes_and_a_sort_key_1024_in_the_table_and_in_indexes(
    name: str, longest: int
) -> None:
    keys = {key: {"S": "a"} for key in ("pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk")}

    assert ask(engine(), "PutItem", Item=keys | {name: {"S": "é" * (longest // 2)}})[0] == 200
    assert error_of(engine(), "PutItem", Item=keys | {name: {"S": "é" * (longest // 2) + "a"}}) == INVALID


@pytest.mark.parametrize("operation", ["GetItem", "DeleteItem", "UpdateItem"])
@pytest.mark.parametrize("sort", [{"S": ""}, {"S": "a" * 1025}, {"N": "1"}, {"L": []}])
def test_a_key_that_no_item_can_have_is_refused_by_every_operation(operation: str, sort: dict[str, Any]) -> None:
    assert error_of(engine(), operation, Key=KEY | {"sk": sort}) == INVALID


@pytest.mark.parametrize("key", [{"pk": {"S": "A"}}, KEY | {"x": {"S": "a"}}, {}])
def test_a_key_has_the_attributes_of_the_schema_and_no_others(key: dict[str, Any]) -> None:
    assert error_of(engine(), "GetItem", Key=key) == INVALID


@pytest.mark.parametrize("item", [KEY | {"sk": {"S": ""}}, KEY | {"gsi1pk": {"S": ""}}, KEY | {"gsi1sk": {"N": "1"}}])
def test_an_item_with_an_empty_key_or_one_of_another_type_is_refused(item: dict[str, Any]) -> None:
    assert error_of(engine(), "PutItem", Item=item) == INVALID


def test_an_update_of_an_indexs_key_to_another_type_is_refused_and_a_removed_one_leaves_the_index() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY | {"gsi1pk": {"S": "P"}, "gsi1sk": {"S": "1"}})
    to_number = {"UpdateExpression": "SET gsi1sk = :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}
    query = {
        "IndexName": "gsi1",
        "KeyConditionExpression": "gsi1pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "P"}},
    }

    assert error_of(there, "UpdateItem", Key=KEY, **to_number) == INVALID
    assert ask(there, "Query", **query)[1]["Count"] == 1
    ask(there, "UpdateItem", Key=KEY, UpdateExpression="REMOVE gsi1sk")
    assert ask(there, "Query", **query)[1]["Count"] == 0


def test_an_item_has_at_most_400_kilobytes_with_its_names_by_whichever_write() -> None:
    grow = {"UpdateExpression": "SET y = :y", "ExpressionAttributeValues": {":y": {"S": "yy"}}}
    largest, larger = item_of(LARGEST), item_of(LARGEST + 1)
    there = engine()

    assert ask(there, "PutItem", Item=largest)[0] == 200
    assert error_of(there, "PutItem", Item=larger) == INVALID
    assert error_of(there, "BatchWriteItem", RequestItems={TABLE: [{"PutRequest": {"Item": larger}}]}) == INVALID
    assert error_of(there, "TransactWriteItems", TransactItems=[{"Put": {"Item": larger}}]) == INVALID
    assert error_of(there, "UpdateItem", Key=KEY, **grow) == INVALID
    _, told = ask(there, "TransactWriteItems", TransactItems=[{"Update": {"Key": KEY, **grow}}])
    assert [reason["Code"] for reason in told["CancellationReasons"]] == ["ValidationError"]
    assert there.table(TABLE).items["A", "B"] == largest


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"N": "1"}, 2),
        ({"N": "-1"}, 3),
        ({"N": "123456"}, 4),
        ({"N": "3.14159"}, 5),
        ({"N": "1E125"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"S": "é"}, 2),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "-1"]}, 5),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}]}, 6),
        ({"M": {"abc": {"S": "ab"}}}, 9),
    ],
)
def test_a_value_takes_as_many_bytes_as_the_guide_says(value: dict[str, Any], size: int) -> None:
    just = item_of(LARGEST - size - 1) | {"y": value}
    more = item_of(LARGEST - size) | {"y": value}

    assert ask(engine(), "PutItem", Item=just)[0] == 200
    assert error_of(engine(), "PutItem", Item=more) == INVALID


def test_lists_and_maps_have_at_most_32_levels_however_they_come_into_one_another() -> None:
    there = engine()
    deepen = {"UpdateExpression": "SET x.x.y = :y", "ExpressionAttributeValues": {":y": nested(30)}}

    assert ask(there, "PutItem", Item=KEY | {"x": nested(31)})[0] == 200
    assert error_of(there, "PutItem", Item=KEY | {"x": nested(32)}) == INVALID
    assert error_of(there, "UpdateItem", Key=KEY, **deepen) == INVALID


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0042.1200", "42.12"),
        ("1E+2", "100"),
        ("-0", "0"),
        (".5", "0.5"),
        ("1E-130", f"0.{'0' * 129}1"),
        ("9" * 38, "9" * 38),
    ],
)
def test_a_number_is_kept_without_what_does_not_count(written: str, kept: str) -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY | {"n": {"N": written}})

    assert ask(there, "GetItem", Key=KEY)[1]["Item"]["n"] == {"N": kept}


@pytest.mark.parametrize("number", ["9" * 39, "1E126", "-1E126", "1E-131", "0E126", "NaN", "Infinity", "", "1_0", "a"])
def test_a_number_of_more_than_38_digits_or_out_of_range_is_refused(number: str) -> None:
    assert error_of(engine(), "PutItem", Item=KEY | {"n": {"N": number}}) == INVALID


def test_numbers_are_added_exactly_to_38_digits_and_no_further() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY | {"n": {"N": "9" * 37}})
    add = {"UpdateExpression": "SET n = n + :n", "ReturnValues": "ALL_NEW"}

    _, told = ask(there, "UpdateItem", Key=KEY, **add, ExpressionAttributeValues={":n": {"N": "0.1"}})
    assert told["Attributes"]["n"] == {"N": f"{'9' * 37}.1"}
    assert error_of(there, "UpdateItem", Key=KEY, **add, ExpressionAttributeValues={":n": {"N": "0.01"}}) == INVALID
    _, told = ask(there, "UpdateItem", Key=KEY, **add, ExpressionAttributeValues={":n": {"N": "0.9"}})
    assert told["Attributes"]["n"] == {"N": f"1{'0' * 37}"}


@pytest.mark.parametrize(
    "value", [{"SS": []}, {"NS": []}, {"SS": ["a", "a"]}, {"NS": ["1", "1.0"]}, {"NULL": False}, {}]
)
def test_a_set_without_members_or_with_one_twice_is_refused_and_so_is_a_null_that_is_none(
    value: dict[str, Any],
) -> None:
    assert error_of(engine(), "PutItem", Item=KEY | {"x": value}) == INVALID
    update = {"UpdateExpression": "SET x = :x", "ExpressionAttributeValues": {":x": value}}
    assert error_of(engine(), "UpdateItem", Key=KEY, **update) == INVALID


def test_a_set_that_loses_its_last_member_is_gone() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY | {"x": {"SS": ["a"]}})
    ask(there, "UpdateItem", Key=KEY, UpdateExpression="DELETE x :x", ExpressionAttributeValues={":x": {"SS": ["a"]}})

    assert there.table(TABLE).items["A", "B"] == KEY


def test_a_batch_reads_1_to_100_keys_each_once() -> None:
    keys = [KEY | {"sk": {"S": str(number)}} for number in range(101)]

    for wrong in ([], keys, [KEY, KEY]):
        assert error_of(engine(), "BatchGetItem", RequestItems={TABLE: {"Keys": wrong}}) == INVALID
    assert ask(engine(), "BatchGetItem", RequestItems={TABLE: {"Keys": keys[:100]}})[0] == 200


def test_a_batch_tells_at_most_16_megabytes_and_which_keys_are_left() -> None:
    there = engine()
    keys = [KEY | {"sk": {"S": chr(65 + number)}} for number in range(42)]
    for key in keys:
        ask(there, "PutItem", Item=item_of(LARGEST, key))

    _, told = ask(there, "BatchGetItem", RequestItems={TABLE: {"Keys": keys, "ConsistentRead": True}})

    assert len(told["Responses"][TABLE]) == 16 * 1024 // 400
    assert told["UnprocessedKeys"] == {TABLE: {"Keys": keys[40:], "ConsistentRead": True}}


def test_a_batch_writes_1_to_25_items_each_once_and_nothing_if_one_of_them_is_refused() -> None:
    there = engine()
    puts = [{"PutRequest": {"Item": KEY | {"sk": {"S": str(number)}}}} for number in range(26)]
    wrong = {"PutRequest": {"Item": KEY | {"pk": {"S": ""}}}}

    for some in ([], puts, [puts[0], puts[0]], [puts[0], wrong]):
        assert error_of(there, "BatchWriteItem", RequestItems={TABLE: some}) == INVALID
    assert there.table(TABLE).items == {}
    ask(there, "BatchWriteItem", RequestItems={TABLE: puts[:25]})
    assert len(there.table(TABLE).items) == 25


def test_a_query_looks_at_one_megabyte_and_tells_where_to_go_on() -> None:
    there = engine()
    for number in range(4):
        ask(there, "PutItem", Item=item_of(LARGEST, KEY | {"sk": {"S": str(number)}}))
    query = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "A"}, ":none": {"S": "-"}}}
    query["FilterExpression"] = "x = :none"

    _, first = ask(there, "Query", **query)
    _, second = ask(there, "Query", **query, ExclusiveStartKey=first["LastEvaluatedKey"])

    assert (first["Count"], first["ScannedCount"]) == (0, 3)
    assert first["LastEvaluatedKey"] == KEY | {"sk": {"S": "2"}}
    assert (second["ScannedCount"], "LastEvaluatedKey" in second) == (1, False)
