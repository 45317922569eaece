"""The simulator's engine beside others: what every operation asks of DynamoDB is answered alike by all."""

import base64
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from prove.control import calls
from tests.deployment import LINK_KEY
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


type Start = Callable[[], AbstractContextManager[Other]]


@pytest.mark.parametrize("start", [beside.moto, beside.served])
def test_every_operation_is_answered_as_by_moto_and_by_the_engine_that_is_served(start: Start) -> None:
    with start() as other, calls.control(both := Both(other)):
        scene = set_up(World("credentials"), crowd=0)
        state = both.engine.snapshot()

        for name, act in OPERATIONS.items():
            assert act(scene).status < 300, name
            assert beside.engine_table(both.engine) == other.table(), name
            both.engine.restore(state)
            other.take_over(both.engine)

        assert both.asked > 200


@pytest.mark.parametrize("start", [beside.moto, beside.served])
def test_a_mac_is_verified_where_it_was_made_and_refused_elsewhere_as_by_the_others(start: Start) -> None:
    there = engine()
    params: dict[str, Any] = {"KeyId": LINK_KEY, "MacAlgorithm": "HMAC_SHA_256", "Message": b"message"}
    asked = params | {"Message": base64.b64encode(params["Message"]).decode()}

    def ours(operation: str, **more: str) -> tuple[int, dict[str, Any]]:
        reply = there.ask("kms", operation, json.dumps(asked | more).encode())
        return reply.status, json.loads(reply.body)

    with start() as other:
        _, made = beside.ask_service(other, "kms", "GenerateMac", params)
        mac = ours("GenerateMac")[1]["Mac"]
        verified = beside.ask_service(other, "kms", "VerifyMac", params | {"Mac": made["Mac"]})
        refused = beside.ask_service(other, "kms", "VerifyMac", params | {"Mac": base64.b64decode(mac)})

    ours_verified, ours_refused = (
        ours("VerifyMac", Mac=mac),
        ours("VerifyMac", Mac=base64.b64encode(made["Mac"]).decode()),
    )
    assert (verified[0], verified[1]["MacValid"]) == (ours_verified[0], ours_verified[1]["MacValid"]) == (200, True)
    assert (refused[0], refused[1]["__type"]) == (ours_refused[0], ours_refused[1]["__type"])
    assert refused[1]["__type"] == "KMSInvalidMacException"


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
