"""Faults: what can come of one call of AWS instead of its answer."""

import json
from collections.abc import Iterator
from enum import StrEnum

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from prove.control.actors import Killed
from prove.control.calls import Answer, Call, Outcome
from prove.control.errands import CLOCK
from prove.control.planting import TRANSACTION

ENDPOINT = "https://aws.invalid"
READS = {"BatchGetItem", "GetItem", "Query"}


class Fault(StrEnum):
    """One thing that goes wrong, at one call."""

    NOT_SENT = "not sent"
    LOST = "done, and the reply lost"
    LATE = "the reply lost, and done later"
    KILLED_LATE = "killed, and done later"
    REFUSED = "throttled"
    CONFLICT = "conflict"
    BROKEN = "server error, and not done"
    BROKEN_AFTER = "server error, and done"
    KILLED = "killed before"
    KILLED_AFTER = "killed after"
    TORN = "torn batch"
    UNPROCESSED = "partly unprocessed"
    LAGGING = "an index that lags"


# Done at some later moment, whoever is at work then.
LATER = {Fault.LATE, Fault.KILLED_LATE}
# Done first, and what the caller meets is not the answer.
DONE = {Fault.LOST, Fault.BROKEN_AFTER, Fault.KILLED_AFTER}


def possible(call: Call) -> Iterator[Fault]:
    """Yield what can happen at a call."""
    if call.service == CLOCK:
        return
    yield from (Fault.NOT_SENT, Fault.REFUSED, Fault.BROKEN, Fault.KILLED)
    if call.operation not in READS:
        yield from (Fault.LOST, Fault.LATE, Fault.BROKEN_AFTER, Fault.KILLED_AFTER, Fault.KILLED_LATE)
    if call.operation == TRANSACTION:
        yield Fault.CONFLICT
    if call.operation == "BatchGetItem":
        yield Fault.UNPROCESSED
        if len(_keys(call)) > 1:
            yield Fault.TORN
    if call.operation == "Query" and "IndexName" in call.asked:
        yield Fault.LAGGING


def outcome(fault: Fault, call: Call) -> Outcome:
    """Return what the caller meets, of a fault that is not an answer in part."""
    match fault:
        case Fault.NOT_SENT:
            return ConnectTimeoutError(endpoint_url=ENDPOINT)
        case Fault.LOST | Fault.LATE:
            return ReadTimeoutError(endpoint_url=ENDPOINT)
        case Fault.REFUSED:
            return _refusal(400, "ThrottlingException")
        case Fault.BROKEN | Fault.BROKEN_AFTER:
            return _refusal(500, "InternalServerError")
        case Fault.KILLED | Fault.KILLED_AFTER | Fault.KILLED_LATE:
            return Killed()
        case Fault.CONFLICT:
            reasons = ["TransactionConflict", *("None" for _ in call.asked["TransactItems"][1:])]
            told = [{"Code": reason} for reason in reasons]
            return _refusal(400, "TransactionCanceledException", CancellationReasons=told)
    raise ValueError(fault)


def halves(call: Call) -> tuple[Call | None, Call]:
    """Return a batch in two parts, between which somebody else may write. Of one key, the first part has none."""
    keys = _keys(call)
    half = len(keys) // 2
    return _with_keys(call, keys[:half]) if half else None, _with_keys(call, keys[half:])


def joined(first: Answer, second: Answer) -> Answer:
    """Return the answers of the two parts of a batch as one."""
    answers = [json.loads(answer.body) for answer in (first, second)]
    tables = {table for answer in answers for table in answer["Responses"]}
    together = {table: [item for answer in answers for item in answer["Responses"].get(table, [])] for table in tables}
    return Answer(200, json.dumps({"Responses": together, "UnprocessedKeys": {}}).encode())


def unprocessed(first: Answer | None, second: Call) -> Answer:
    """Return what a batch answers that did its first part alone: the second is to be asked for again."""
    told = {"Responses": {}} if first is None else json.loads(first.body)
    return Answer(200, json.dumps(told | {"UnprocessedKeys": second.asked["RequestItems"]}).encode())


def _keys(call: Call) -> list[object]:
    ((_, asked),) = call.asked["RequestItems"].items()
    keys: list[object] = asked["Keys"]
    return keys


def _with_keys(call: Call, keys: list[object]) -> Call:
    ((table, asked),) = call.asked["RequestItems"].items()
    return Call(call.service, call.operation, json.dumps({"RequestItems": {table: asked | {"Keys": keys}}}).encode())


def _refusal(status: int, code: str, **more: object) -> Answer:
    told = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code} | more
    return Answer(status, json.dumps(told).encode())
