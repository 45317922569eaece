"""The simulator's engine beside moto: what every operation asks of DynamoDB is answered alike by both."""

import json
from collections.abc import Iterator

import pytest

from prove.control.calls import Answer, Call, control
from prove.engine import Engine
from tests.operations import OPERATIONS, set_up
from tests.prove import beside
from tests.prove.asking import KEY, ask, engine
from tests.world import World


class Both:
    """Asks the engine and moto alike, and compares what they answer and what they have then."""

    def __init__(self, there: Engine) -> None:
        self.engine = there
        self.asked = 0

    def __call__(self, call: Call) -> Answer:
        reply = self.engine.ask(call.service, call.operation, call.body)
        if call.service == "dynamodb":
            self.asked += 1
            told = beside.compared(reply.status, json.loads(reply.body))
            assert told == beside.compared(*beside.ask_moto(call.operation, call.asked)), call.asked
            assert beside.engine_table(self.engine) == beside.moto_table(), call.asked
        return Answer(reply.status, reply.body)


@pytest.fixture
def both() -> Iterator[Both]:
    with beside.moto():
        asks = Both(engine())
        with control(asks):
            yield asks


def test_every_operation_is_answered_as_by_moto(both: Both) -> None:
    scene = set_up(World("credentials"), crowd=0)
    state = both.engine.snapshot()

    for name, act in OPERATIONS.items():
        assert act(scene).status < 300, name
        both.engine.restore(state)
        beside.make_alike(both.engine)

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
