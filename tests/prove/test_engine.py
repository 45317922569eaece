"""The simulator's engine beside others: what every operation asks of DynamoDB is answered alike by all."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from prove.control import calls
from tests.operations import OPERATIONS, set_up
from tests.prove import beside
from tests.prove.asking import KEY, ask, engine
from tests.prove.beside import Other
from tests.prove.drawn_calls import Call
from tests.world import World


class Both:
    """Asks the engine and another one alike, and compares what they answer."""

    def __init__(self, other: Other) -> None:
        self.engine, self.other = engine(), other
        self.asked = 0

    def __call__(self, call: calls.Call) -> calls.Answer:
        reply = self.engine.ask(call.service, call.operation, call.body)
        if call.service == "dynamodb":
            self.asked += 1
            status, told = beside.ask_other(self.other, Call(call.operation, call.asked))
            assert beside.compared(reply.status, json.loads(reply.body)) == beside.compared(status, told), call.asked
        return calls.Answer(reply.status, reply.body)


@pytest.mark.parametrize("start", [beside.moto, beside.served])
def test_every_operation_is_answered_as_by_moto_and_by_the_engine_that_is_served(
    start: Callable[[], AbstractContextManager[Other]],
) -> None:
    with start() as other, calls.control(both := Both(other)):
        scene = set_up(World("credentials"), crowd=0)
        state = both.engine.snapshot()

        for name, act in OPERATIONS.items():
            assert act(scene).status < 300, name
            assert beside.engine_table(both.engine) == other.table(), name
            both.engine.restore(state)
            other.take_over(both.engine)

        assert both.asked > 200


PLACES = {"gsi1pk": {"S": "P"}, "gsi1sk": {"S": "1"}}
QUERY = {"IndexName": "gsi1", "KeyConditionExpression": "gsi1pk = :p", "ExpressionAttributeValues": {":p": {"S": "P"}}}


def test_an_identical_rewrite_leaves_no_record_and_a_snapshot_brings_back_all_that_there_was() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY | PLACES)
    ask(there, "PutItem", Item=KEY | PLACES)
    kept = there.snapshot()
    ask(there, "DeleteItem", Key=KEY)

    assert [record["eventName"] for record in there.records_since(0)] == ["INSERT", "REMOVE"]
    there.restore(kept)
    assert ask(there, "Query", **QUERY)[1]["Count"] == 1
    assert len(there.records_since(0)) == 1


def test_an_index_that_lags_shows_what_was_there_before_the_last_writes() -> None:
    there = engine()
    ask(there, "PutItem", Item=KEY | PLACES)
    there.index_lag = 1

    assert ask(there, "Query", **QUERY)[1]["Count"] == 0
    there.index_lag = 0
    assert ask(there, "Query", **QUERY)[1]["Count"] == 1
