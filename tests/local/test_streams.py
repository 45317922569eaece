"""The pump: what the stream's function gets, and what happens to what it refuses."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from local import Json, streams, terminal
from local.streams import Pump, matches
from local.template import Function, StreamSource
from local.workers import InvocationError

ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/roster/stream/1"
PATTERN = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "LOG#"}]}}}}


class Stream:
    """A stream of one shard, as the Streams API tells of it."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    def put(self, pk: str, name: str = "INSERT") -> None:
        number = f"{len(self.records):03}"
        self.records.append({"eventName": name, "dynamodb": {"SequenceNumber": number, "Keys": {"pk": {"S": pk}}}})

    def describe_stream(self, **_: str) -> Json:
        return {"StreamDescription": {"Shards": [{"ShardId": "one"}]}}

    def get_shard_iterator(self, *, SequenceNumber: str = "-1", **_: str) -> Json:  # noqa: N803 - boto's name
        return {"ShardIterator": str(int(SequenceNumber) + 1)}

    def get_records(self, *, ShardIterator: str, Limit: int) -> Json:  # noqa: N803 - boto's names
        start = int(ShardIterator)
        page = self.records[start : start + Limit]
        return {"Records": page, "NextShardIterator": str(start + len(page))}


class Mailer:
    """A function that notes what it is given."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.answer: Callable[[list[Json]], Json] = lambda _: None

    async def __call__(self, event: dict[str, Json]) -> Json:
        self.batches.append([record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]])
        return self.answer(event["Records"])


@pytest.fixture
def stream() -> Stream:
    return Stream()


@pytest.fixture
def mailer() -> Mailer:
    return Mailer()


@pytest.fixture
def pump(stream: Stream, mailer: Mailer, monkeypatch: pytest.MonkeyPatch) -> Pump:
    monkeypatch.setattr(streams, "RETRY", 0)
    monkeypatch.setattr(terminal, "say", lambda *_, **__: None)
    source = StreamSource(Function("notify/send", 1, 128, {}), [PATTERN], batch_size=4, retries=2)
    pump = Pump(stream, [source], lambda _, event: mailer(event))
    pump.seek(ARN)
    return pump


def test_what_the_filter_lets_through_comes_in_order_and_batches(pump: Pump, stream: Stream, mailer: Mailer) -> None:
    for number in range(5):
        stream.put(f"LOG#{number}")
        stream.put(f"ORG#{number}")
        stream.put(f"LOG#{number}", "REMOVE")
    asyncio.run(pump.drain())

    assert mailer.batches == [["LOG#0", "LOG#1", "LOG#2", "LOG#3"], ["LOG#4"]]


def test_nothing_comes_twice(pump: Pump, stream: Stream, mailer: Mailer) -> None:
    stream.put("LOG#0")
    asyncio.run(pump.drain())
    asyncio.run(pump.drain())
    stream.put("LOG#1")
    asyncio.run(pump.drain())

    assert mailer.batches == [["LOG#0"], ["LOG#1"]]


def test_each_function_gets_what_its_own_filter_lets_through(
    stream: Stream, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "say", lambda *_, **__: None)
    given: list[tuple[str, str]] = []

    async def invoke(function: Function, event: dict[str, Json]) -> Json:
        given.extend((function.name, record["dynamodb"]["Keys"]["pk"]["S"]) for record in event["Records"])

    sources = [
        StreamSource(Function(name, 1, 128, {}), [pattern], batch_size=4, retries=2)
        for name, pattern in (("notify/send", PATTERN), ("notify/publish", {"eventName": ["MODIFY"]}))
    ]
    pump = Pump(stream, sources, invoke)
    pump.seek(ARN)
    stream.put("LOG#0")
    stream.put("LOG#1", "MODIFY")
    asyncio.run(pump.drain())

    assert given == [("notify/send", "LOG#0"), ("notify/publish", "LOG#1")]


def test_a_record_is_delivered_with_where_it_comes_from(pump: Pump, stream: Stream, mailer: Mailer) -> None:
    given: list[Json] = []
    mailer.answer = given.extend
    stream.put("LOG#0")
    asyncio.run(pump.drain())

    assert given[0].items() >= {("eventSource", "aws:dynamodb"), ("eventSourceARN", ARN), ("awsRegion", "us-east-1")}


def _failures(*numbers: str | None) -> Json:
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}


def test_from_the_first_failed_record_on_all_comes_again(pump: Pump, stream: Stream, mailer: Mailer) -> None:
    replies = iter([_failures("002", "001"), _failures()])
    mailer.answer = lambda _: next(replies)
    for number in range(3):
        stream.put(f"LOG#{number}")
    asyncio.run(pump.drain())

    assert mailer.batches == [["LOG#0", "LOG#1", "LOG#2"], ["LOG#1", "LOG#2"]]


@pytest.mark.parametrize("reply", [_failures("nonsense"), _failures(None), _failures("000")])
def test_a_failure_of_all_bisects_the_batch(pump: Pump, stream: Stream, mailer: Mailer, reply: Json) -> None:
    replies = iter([reply, None, None])
    mailer.answer = lambda _: next(replies)
    for number in range(4):
        stream.put(f"LOG#{number}")
    asyncio.run(pump.drain())

    assert mailer.batches == [["LOG#0", "LOG#1", "LOG#2", "LOG#3"], ["LOG#0", "LOG#1"], ["LOG#2", "LOG#3"]]


def test_a_poison_record_is_given_up_and_those_behind_it_arrive(pump: Pump, stream: Stream, mailer: Mailer) -> None:
    def answer(records: list[Json]) -> Json:
        if any(record["dynamodb"]["Keys"]["pk"]["S"] == "LOG#poison" for record in records):
            raise InvocationError("boom")

    mailer.answer = answer
    for name in ("first", "poison", "last"):
        stream.put(f"LOG#{name}")
    asyncio.run(pump.drain())

    assert mailer.batches[-1] == ["LOG#last"]
    assert ["LOG#first"] in mailer.batches
    assert ["LOG#poison"] in mailer.batches


def test_another_stream_is_read_from_its_start(pump: Pump, stream: Stream, mailer: Mailer) -> None:
    stream.put("LOG#0")
    asyncio.run(pump.drain())
    pump.seek(f"{ARN}2")
    asyncio.run(pump.drain())

    assert mailer.batches == [["LOG#0"], ["LOG#0"]]


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ({"a": ["x", "y"]}, {"a": "y"}, True),
        ({"a": ["x"]}, {"b": "x"}, False),
        ({"a": ["x"], "b": ["y"]}, {"a": "x", "b": "z"}, False),
        ({"a": {"b": ["x"]}}, {"a": "x"}, False),
        ({"a": [{"prefix": "x"}]}, {"a": "xy"}, True),
        ({"a": [{"prefix": "x"}]}, {"a": 1}, False),
        ({"a": [{"exists": False}]}, {}, True),
        ({"a": [{"exists": True}]}, {}, False),
        ({"a": [{"anything-but": ["x"]}]}, {"a": "y"}, True),
        ({"a": [{"anything-but": ["x"]}]}, {"a": "x"}, False),
    ],
)
def test_a_filter_matches_as_event_sources_do(pattern: Json, value: Json, *, expected: bool) -> None:
    assert matches(pattern, value) is expected


def test_an_unknown_filter_is_refused() -> None:
    with pytest.raises(ValueError, match="numeric"):
        matches({"a": [{"numeric": ["=", 1]}]}, {"a": 1})
