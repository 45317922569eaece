"""The table's stream, pumped into its functions as Lambda's event source mapping does it."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from local import Json, terminal
from local.template import REGION, Function, StreamSource
from local.workers import InvocationError

type Record = dict[str, Any]

POLL = 0.5  # seconds between looks at the stream
RETRY = 0.1  # seconds until a failed batch comes again
TRIES = 30  # here, where nobody wants to wait for an hour until a record is given up
PAGE = 100  # records: while it reads them, an engine in one thread answers nobody else


class Pump:
    """Reads the stream from its start, and hands each function what its filter lets through, in order.

    Deployed, each function has a place in the stream of its own. Here all have one, so that one lock holds them.
    """

    def __init__(
        self,
        streams: Any,  # noqa: ANN401 - a boto client that comes without types
        sources: Sequence[StreamSource],
        invoke: Callable[[Function, dict[str, Json]], Awaitable[Json]],
    ) -> None:
        self.lock = asyncio.Lock()  # is held by who reads the stream, or takes the table away
        self._streams, self._sources, self._invoke = streams, sources, invoke
        self._arn = ""
        self._seen: dict[str, str] = {}  # by shard, the last sequence number that is done

    def seek(self, arn: str) -> None:
        """Read this stream from its start."""
        self._arn = arn
        self._seen.clear()

    async def run(self) -> None:
        """Drain the stream again and again, until cancelled."""
        while True:
            await asyncio.sleep(POLL)
            try:
                await self.drain()
            except Exception as error:  # noqa: BLE001 - whatever the engine does, the next look may succeed
                terminal.say(f"The stream could not be read: {error!r}", error=True)

    async def drain(self) -> None:
        """Deliver all that is in the stream by now."""
        async with self.lock:
            await self.deliver()

    async def deliver(self) -> None:
        """Deliver all that is in the stream by now, for who holds the lock."""
        description = await asyncio.to_thread(self._streams.describe_stream, StreamArn=self._arn)
        for shard in description["StreamDescription"]["Shards"]:
            await self._drain(shard["ShardId"])

    async def _drain(self, shard: str) -> None:
        # Iterators are not kept from one look to the next: they expire, and some engines' go blind.
        iterator = await asyncio.to_thread(self._iterator, shard)
        while iterator:
            page = await asyncio.to_thread(self._streams.get_records, ShardIterator=iterator, Limit=PAGE)
            records = [as_delivered(record, self._arn) for record in page["Records"]]
            if not records:
                break
            for source in self._sources:
                await self._deliver(source, [record for record in records if _wanted(source, record)])
            self._seen[shard] = records[-1]["dynamodb"]["SequenceNumber"]
            iterator = page.get("NextShardIterator")

    def _iterator(self, shard: str) -> Json:
        if seen := self._seen.get(shard):
            try:
                found = self._streams.get_shard_iterator(
                    StreamArn=self._arn,
                    ShardId=shard,
                    ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                    SequenceNumber=seen,
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "TrimmedDataAccessException":
                    raise
            else:
                return found["ShardIterator"]
        # Nothing is seen yet, or what was is gone after 24 hours and all that is left is newer.
        start = self._streams.get_shard_iterator(StreamArn=self._arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        return start["ShardIterator"]

    async def _deliver(self, source: StreamSource, records: list[Record]) -> None:
        """Hand over a batch at a time; what fails comes again in ever smaller ones, and is given up in the end."""
        size, failures = source.batch_size, 0
        while records:
            batch = records[:size]
            try:
                done = await self._send(source.function, batch)
            except InvocationError as error:
                done = 0
                if not failures:
                    terminal.say(f"{source.function.name}: {error}", error=True)
            if done:
                records, size, failures = records[done:], source.batch_size, 0
                continue
            failures += 1
            size = max(1, len(batch) // 2)
            if failures > min(source.retries, TRIES) and len(batch) == 1:
                terminal.say(f"{source.function.name} gave up on {batch[0]['dynamodb']['Keys']}", error=True)
                records, failures = records[1:], 0
            await asyncio.sleep(RETRY)

    async def _send(self, function: Function, batch: list[Record]) -> int:
        """Return how many of the batch are done, counted from its start."""
        reply = await self._invoke(function, {"Records": batch})
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        match reply:
            case {"batchItemFailures": [*failures]}:
                failed = [failure.get("itemIdentifier") for failure in failures if isinstance(failure, dict)]
                # To Lambda, a failure that names no record is one of the whole batch.
                return min((numbers.index(number) if number in numbers else 0 for number in failed), default=len(batch))
        return len(batch)


def _wanted(source: StreamSource, record: Record) -> bool:
    return any(matches(pattern, record) for pattern in source.patterns)


def matches(pattern: Json, value: Json) -> bool:
    """Tell whether an event source's filter pattern lets a value through."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(matches(inner, value.get(key)) for key, inner in pattern.items())
    return any(_alternative(alternative, value) for alternative in pattern)


def _alternative(alternative: Json, value: Json) -> bool:
    match alternative:
        case {"prefix": str(start)}:
            return isinstance(value, str) and value.startswith(start)
        case {"anything-but": [*others]}:
            return value is not None and value not in others
        case {"exists": bool(expected)}:
            return (value is not None) == expected
        case dict():
            raise ValueError(f"template.yaml filters the stream by what the local server does not know: {alternative}")
    return bool(value == alternative)


def as_delivered(record: Record, arn: str) -> Record:
    """Return a record as Lambda delivers it: plain JSON, with where it comes from."""
    delivered: Record = _plain(record)
    return delivered | {"awsRegion": REGION, "eventSource": "aws:dynamodb", "eventSourceARN": arn}


def _plain(value: Any) -> Json:  # noqa: ANN401 - what boto makes of a record
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.timestamp()
    return value
