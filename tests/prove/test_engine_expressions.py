"""Expressions of the simulator's engine, where moto cannot judge them.

What is refused, and what conditions make of what is missing or of another type, is as AWS has it in the tests of
https://github.com/scylladb/scylladb (test/alternator) and https://github.com/architect/dynalite (test), which pass on
AWS, too; what updates make of lists, as the guide's page Expressions.UpdateExpressions has it.
"""

import re
from typing import Any

import pytest

from tests.deployment import TABLE
from tests.prove.asking import KEY, ask, engine, error_of

INVALID = "ValidationException"
ITEM = KEY | {
    "n": {"N": "5"},
    "s": {"S": "abc"},
    "l": {"L": [{"N": "1"}, {"SS": ["a", "b"]}]},
    "m": {"M": {"a": {"BOOL": True}}},
    "ns": {"NS": ["1", "2"]},
    "b": {"BOOL": True},
}
VALUES = {
    ":n": {"N": "5.0"},
    ":six": {"N": "6"},
    ":s": {"S": "abc"},
    ":null": {"NULL": True},
    ":ns": {"NS": ["2", "1"]},
    ":ba": {"SS": ["b", "a"]},
    ":l": {"L": []},
    ":t": {"S": "S"},
    ":none": {"S": "none"},
}


def used(text: str) -> dict[str, Any]:
    """The values that an expression has, as a parameter."""
    found = {token: VALUES[token] for token in re.findall(r":\w+", text) if token in VALUES}
    return {"ExpressionAttributeValues": found} if found else {}


def holds(condition: str) -> bool:
    """Tell whether a condition holds of the item."""
    there = engine()
    ask(there, "PutItem", Item=ITEM)
    status, told = ask(there, "DeleteItem", Key=KEY, ConditionExpression=condition, **used(condition))
    assert status == 200 or told["__type"] == "ConditionalCheckFailedException", told
    return status == 200


@pytest.mark.parametrize(
    "condition",
    [
        "n = :n",
        "ns = :ns",
        "l[1] = :ba",
        "n <> :s",
        "x <> :n",
        "x <> y",
        "NOT x = y",
        "NOT x < y",
        "NOT x = :null",
        "NOT b < n",
        "NOT n < s",
        "NOT x BETWEEN :n AND :six",
        "n BETWEEN :n AND :six",
        "NOT x IN (:n, :s)",
        "n IN (:s, :n)",
        "NOT size(x) < :six",
        "NOT size(n) < :six",
        "size(l) < :n",
        "size(ns) < n",
        "contains(l, n) OR contains(ns, l[0])",
        "NOT contains(n, :n)",
        "NOT contains(x, :n)",
        "NOT begins_with(n, :s)",
        "begins_with(s, :s)",
        "attribute_type(s, :t)",
        "NOT attribute_type(x, :t)",
        "attribute_exists(m.a) AND attribute_not_exists(m.b)",
        "attribute_not_exists(s.a) AND attribute_not_exists(l[2])",
        "n = :six AND n = :six OR n = :n",
        "n = :n OR n = :six AND n = :six",
        "NOT n = :six AND n = :n",
        "NOT (n = :n AND n = :six)",
    ],
)
def test_a_condition_holds_of_what_is_there_and_says_no_to_what_is_missing_or_of_another_type(condition: str) -> None:
    assert holds(condition)
    assert not holds(f"NOT ({condition})")


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "n",
        "n =",
        "n = :n AND",
        "n = :n :s",
        "(n = :n",
        "((n = :n))",
        "n == :n",
        "n = :n ; s = :s",
        "attribute_exists(:s)",
        "attribute_exists(n, s)",
        "begins_with(s)",
        "begins_with(s, :n)",
        "begins_with(s, s)",
        "attribute_type(s, s)",
        "attribute_type(s, :none)",
        "contains(s, s)",
        "n = n",
        "size(n)",
        "size(:n) = :n",
        "n < :null",
        "n < :l",
        "n BETWEEN :six AND :n",
        "n BETWEEN :n AND :s",
        "n BETWEEN :l AND :l",
        "begins_with(s, begins_with(s, :s))",
        "exists(n)",
        "ATTRIBUTE_EXISTS(n)",
        "l[a] = :n",
        "name = :s",
        "m.name = :s",
        "n = :undefined",
        "#undefined = :n",
        "n = :s OR " * 500 + "n = :s",
    ],
)
def test_a_condition_that_is_none_is_refused_before_the_item_is_looked_at(condition: str) -> None:
    for there in (engine(), engine()):
        assert error_of(there, "DeleteItem", Key=KEY, ConditionExpression=condition, **used(condition)) == INVALID
        ask(there, "PutItem", Item=ITEM)


@pytest.mark.parametrize(
    "update",
    [
        "",
        "n = :n",
        "SET",
        "SET n",
        "SET n = ",
        "SET n = :n,",
        "SET n = :n SET s = :s",
        "SET n = :n, n = :six",
        "SET m.a = :n REMOVE m",
        "SET m.a = :n, m[0] = :n",
        "SET n = n + :s",
        "SET n = n + n + n",
        "SET n = list_append(l, :n)",
        "SET n = if_not_exists(:n, :n)",
        "SET n = if_not_exists(n)",
        "SET n = size(l)",
        "SET status = :s",
        "ADD n n",
        "ADD n :s",
        "ADD n :l",
        "DELETE n :n",
        "DELETE ns",
        "REMOVE :n",
        "SET pk = :s",
        "REMOVE sk",
        "SET pk.a = :s",
    ],
)
def test_an_update_that_is_none_is_refused_before_its_condition_is_looked_at(update: str) -> None:
    unmet = {"ConditionExpression": "attribute_exists(x)", "UpdateExpression": update} | used(update)

    assert error_of(engine(), "UpdateItem", Key=KEY, **unmet) == INVALID
    assert error_of(engine(), "TransactWriteItems", TransactItems=[{"Update": {"Key": KEY, **unmet}}]) == INVALID


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetItem", {"Key": KEY, "ProjectionExpression": "n"}),
        ("DeleteItem", {"Key": KEY, "ConditionExpression": "attribute_exists(n)"}),
        ("PutItem", {"Item": KEY}),
        ("Query", {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "A"}}}),
    ],
)
@pytest.mark.parametrize("kind", ["ExpressionAttributeNames", "ExpressionAttributeValues"])
def test_placeholders_that_no_expression_uses_are_refused(operation: str, params: dict[str, Any], kind: str) -> None:
    unused = {"ExpressionAttributeNames": {"#x": "x"}, "ExpressionAttributeValues": {":x": {"S": "x"}}}[kind]
    if operation == "GetItem" and kind == "ExpressionAttributeValues":
        with pytest.raises(NotImplementedError):  # it has no such parameter
            ask(engine(), operation, **params, ExpressionAttributeValues=unused)
    else:
        assert error_of(engine(), operation, **params | {kind: params.get(kind, {}) | unused}) == INVALID


def changed(update: str, **item: Any) -> dict[str, Any]:
    """What an update makes of an item."""
    there = engine()
    ask(there, "PutItem", Item=KEY | item)
    assert ask(there, "UpdateItem", Key=KEY, UpdateExpression=update, **used(update))[0] == 200
    return {name: value for name, value in there.table(TABLE).items["A", "B"].items() if name not in KEY}


def texts(*some: str) -> dict[str, Any]:
    return {"L": [{"S": one} for one in some]}


TOOLS = texts("Chisel", "Hammer", "Nails", "Screwdriver", "Hacksaw")


@pytest.mark.parametrize(
    ("update", "left"),
    [
        ("REMOVE l[1], l[2]", texts("Chisel", "Screwdriver", "Hacksaw")),
        ("REMOVE l[2], l[0], l[9]", texts("Hammer", "Screwdriver", "Hacksaw")),
        ("SET l[9] = :none, l[7] = :s", texts("Chisel", "Hammer", "Nails", "Screwdriver", "Hacksaw", "abc", "none")),
        ("SET l[0] = :s, l[7] = :none REMOVE l[5], l[1]", texts("abc", "Nails", "Screwdriver", "Hacksaw", "none")),
    ],
)
def test_places_in_a_list_are_those_that_it_had_and_what_is_beyond_its_end_is_appended_in_order(
    update: str, left: dict[str, Any]
) -> None:
    assert changed(update, l=TOOLS) == {"l": left}


def test_actions_read_what_was_there_before_all_of_them() -> None:
    swapped = changed(
        "SET a1 = b1, b1 = a1, c1 = if_not_exists(d1, :n) REMOVE d1", a1={"N": "1"}, b1={"N": "2"}, d1={"N": "3"}
    )

    assert swapped == {"a1": {"N": "2"}, "b1": {"N": "1"}, "c1": {"N": "3"}}


def test_add_and_delete_work_inside_of_maps_and_lists() -> None:
    inside = {"M": {"n": {"N": "1"}, "l": {"L": [{"NS": ["1", "3"]}]}}}

    assert changed("ADD m.n :n, m.x :n DELETE m.l[0] :ns", m=inside) == {
        "m": {"M": {"n": {"N": "6"}, "x": {"N": "5"}, "l": {"L": [{"NS": ["3"]}]}}}
    }


def test_add_puts_members_into_a_set_and_makes_one_and_delete_takes_them_out() -> None:
    assert changed("ADD a1 :ns, b1 :ba, c1 :n", a1={"NS": ["2", "3"]}) == {
        "a1": {"NS": ["1", "2", "3"]},
        "b1": {"SS": ["a", "b"]},
        "c1": {"N": "5"},
    }
    assert changed("DELETE a1 :ns, b1 :ba, c1 :ba", a1={"NS": ["2", "3"]}, b1={"SS": ["a"]}) == {"a1": {"NS": ["3"]}}


def test_an_update_makes_an_item_that_is_not_there_and_an_update_without_expression_its_key_alone() -> None:
    there = engine()
    ask(there, "UpdateItem", Key=KEY)
    ask(there, "UpdateItem", Key=KEY | {"sk": {"S": "C"}}, UpdateExpression="SET n = :n", **used(":n"))

    assert list(there.table(TABLE).items.values()) == [KEY, KEY | {"sk": {"S": "C"}, "n": {"N": "5"}}]


@pytest.mark.parametrize("update", ["REMOVE x.y", "REMOVE x[0], l[1].a", "SET s = :s REMOVE m.a.b"])
def test_what_is_not_there_is_removed_from_an_item_that_is_not_there_and_refused_of_one_that_is(update: str) -> None:
    there = engine()

    assert ask(there, "UpdateItem", Key=KEY, UpdateExpression=update, **used(update))[0] == 200
    assert error_of(there, "UpdateItem", Key=KEY, UpdateExpression=update, **used(update)) == INVALID
