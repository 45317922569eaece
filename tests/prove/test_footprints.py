"""What a call read and wrote: calls that do not touch the same have the same outcome in both orders.

The simulator runs such orders once. So a part that is missing here would hide schedules.
"""

import json
from typing import Any, NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from prove.control.simulator import Footprint
from prove.engine import Engine, Reply
from tests.deployment import TABLE
from tests.prove.asking import engine as empty
from tests.prove.asking import named


class Asked(NamedTuple):
    operation: str
    params: dict[str, Any]


keys = st.builds(lambda pk, sk: {"pk": {"S": pk}, "sk": {"S": sk}}, st.sampled_from("AB"), st.sampled_from("12"))
places = st.sampled_from(
    [{}, *({f"gsi{n}pk": {"S": part}, f"gsi{n}sk": {"S": sort}} for n in (1, 2) for part in "PQ" for sort in "12")]
)
values = st.sampled_from([{}, {"n": {"N": "1"}}, {"n": {"N": "2"}}])
conditions = st.sampled_from(
    [
        {},
        {"ConditionExpression": "attribute_exists(pk)"},
        {"ConditionExpression": "attribute_not_exists(pk)"},
        {"ConditionExpression": "n = :one", "ExpressionAttributeValues": {":one": {"N": "1"}}},
    ]
)
puts = st.builds(lambda key, place, value, met: {"Item": key | place | value, **met}, keys, places, values, conditions)
deletes = st.builds(lambda key, met: {"Key": key, **met}, keys, conditions)
updates = st.builds(
    lambda key, change: {"Key": key, "UpdateExpression": change, "ExpressionAttributeValues": {":v": {"N": "5"}}},
    keys,
    st.sampled_from(["SET n = :v", "ADD n :v", "ADD n :v REMOVE gsi1pk, gsi1sk", "SET m = n + :v"]),
)
checks = st.builds(lambda key: {"Key": key, "ConditionExpression": "attribute_exists(pk)"}, keys)
queries = st.builds(
    lambda of, backward: of | {"ScanIndexForward": not backward, "Limit": 2},
    st.sampled_from(
        [
            {
                "KeyConditionExpression": f"{name}pk = :p",
                "ExpressionAttributeValues": {":p": {"S": part}},
                **({"IndexName": name} if name else {}),
            }
            for name, parts in (("", "AB"), ("gsi1", "PQ"), ("gsi2", "PQ"))
            for part in parts
        ]
    ),
    st.booleans(),
)


def _whole(verb: str, params: dict[str, Any]) -> dict[str, Any]:
    return {verb: params}


parts = st.one_of(
    st.builds(_whole, st.just("Put"), puts),
    st.builds(_whole, st.just("Delete"), deletes),
    st.builds(_whole, st.just("Update"), updates),
    st.builds(_whole, st.just("ConditionCheck"), checks),
)
calls = st.one_of(
    st.builds(Asked, st.just("PutItem"), puts),
    st.builds(Asked, st.just("DeleteItem"), deletes),
    st.builds(Asked, st.just("UpdateItem"), updates),
    st.builds(Asked, st.just("GetItem"), st.builds(lambda key: {"Key": key}, keys)),
    st.builds(Asked, st.just("Query"), queries),
    st.builds(
        lambda found: Asked("BatchGetItem", {"RequestItems": {TABLE: {"Keys": found}}}),
        st.lists(keys, min_size=1, max_size=3, unique_by=str),
    ),
    st.builds(
        lambda found, token: Asked("TransactWriteItems", {"TransactItems": found} | token),
        st.lists(parts, min_size=1, max_size=3),
        st.sampled_from([{}, {"ClientRequestToken": "t"}]),
    ),
    st.builds(
        lambda found: Asked("TransactGetItems", {"TransactItems": [{"Get": {"Key": key}} for key in found]}),
        st.lists(keys, min_size=1, max_size=3, unique_by=str),
    ),
)


def _ask(engine: Engine, asked: Asked) -> Reply:
    return engine.ask("dynamodb", asked.operation, json.dumps(named(asked.operation, asked.params)).encode())


KEY = {"pk": {"S": "A"}, "sk": {"S": "1"}}
OTHER = {"pk": {"S": "B"}, "sk": {"S": "2"}}
CANCELLED = {"ConditionCheck": {"Key": KEY, "ConditionExpression": "attribute_exists(pk)"}}
IMPOSSIBLE = {"Key": KEY, "UpdateExpression": "SET m = n + :v", "ExpressionAttributeValues": {":v": {"N": "5"}}}
COUNTED = {"Key": KEY, "UpdateExpression": "ADD n :v", "ExpressionAttributeValues": {":v": {"N": "5"}}}
IN_INDEX = {"gsi1pk": {"S": "P"}, "gsi1sk": {"S": "1"}}
OF_INDEX = {
    "IndexName": "gsi1",
    "KeyConditionExpression": "gsi1pk = :p",
    "ExpressionAttributeValues": {":p": {"S": "P"}},
}


@given(st.lists(puts, max_size=4), calls, calls)
@example(
    [],
    Asked("TransactWriteItems", {"TransactItems": [CANCELLED], "ClientRequestToken": "t"}),
    Asked("TransactWriteItems", {"TransactItems": [{"Put": {"Item": OTHER}}], "ClientRequestToken": "t"}),
)
@example([{"Item": KEY | IN_INDEX}], Asked("UpdateItem", COUNTED), Asked("Query", OF_INDEX))
@example([], Asked("UpdateItem", IMPOSSIBLE), Asked("PutItem", {"Item": KEY | {"n": {"N": "1"}}}))
def test_calls_that_touch_nothing_of_each_other_have_one_outcome_in_both_orders(
    there: list[dict[str, Any]], first: Asked, second: Asked
) -> None:
    engine = empty()
    for item in there:
        _ask(engine, Asked("PutItem", item))
    start = engine.snapshot()
    outcomes = []
    for order in ((first, second), (second, first)):
        engine.restore(start)
        replies = [_ask(engine, asked) for asked in order]
        outcomes.append((replies if order[0] is first else replies[::-1], dict(engine.table(TABLE).items)))
    (one, other), _ = outcomes[0]

    if Footprint(one.reads, one.writes).commutes_with(Footprint(other.reads, other.writes)):
        assert [reply.body for reply in outcomes[0][0]] == [reply.body for reply in outcomes[1][0]]
        assert outcomes[0][1] == outcomes[1][1]
