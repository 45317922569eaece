"""A front of the engine that keeps DynamoDB's time and, unlike any local engine, answers TransactionConflict."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.client import parse_headers
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

READ = WRITE = 0.005  # seconds, each with the way there and back
TRANSACTION = 0.010
CONFLICT = 0.005
PATIENCE = 30  # seconds, with the engine
TRANSACT = "TransactWriteItems"
WRITES = {TRANSACT, "PutItem", "UpdateItem", "DeleteItem"}
JSON = "application/x-amz-json-1.0"
PASSED_ON = ("x-amz-target", "content-type", "authorization", "x-amz-date")

type Touched = tuple[str, str]  # an item's key


class Front:
    """The table, as an ASGI application.

    A transaction conflicts with every write and every other transaction that touches one of its items in overlapping
    time, writes alone never. A check touches like a write, and so does what is refused, until that is told: the worst
    that can be.
    """

    def __init__(self, engine: str) -> None:
        self.timed = False  # while it is not, everything is passed on at once, and nothing conflicts
        self.conflicts = 0
        self._transactions: Counter[Touched] = Counter()  # what is touched just now, by how many
        self._writes: Counter[Touched] = Counter()
        self._engine = _Engine(engine)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        operation = request.headers["x-amz-target"].rpartition(".")[2]
        answer = await (self._in_time(operation, request) if self.timed else self._passed_on(request))
        await answer(scope, receive, send)

    async def _in_time(self, operation: str, request: Request) -> Response:
        if operation not in WRITES:
            return await _lasting(READ, self._passed_on(request))
        asked = await request.json()
        if operation != TRANSACT:
            with self._touching(self._writes, [_key(asked)]) as touched:
                if self._transactions.keys() & touched:
                    return await self._conflict(_refusal("TransactionConflictException"))
                return await _lasting(WRITE, self._passed_on(request))
        parts = [part for one in asked["TransactItems"] for part in one.values()]
        met = [key in self._transactions or key in self._writes for key in map(_key, parts)]
        with self._touching(self._transactions, map(_key, parts)):
            if any(met):
                return await self._conflict(_refused(met))
            return await _lasting(TRANSACTION, self._passed_on(request))

    async def _conflict(self, refusal: Response) -> Response:
        self.conflicts += 1
        await asyncio.sleep(CONFLICT)
        return refusal

    @contextmanager
    def _touching(self, in_flight: Counter[Touched], keys: Iterable[Touched]) -> Iterator[set[Touched]]:
        touched = set(keys)
        in_flight.update(touched)
        try:
            yield touched
        finally:
            for key in touched:
                in_flight[key] -= 1
                if not in_flight[key]:
                    del in_flight[key]

    async def _passed_on(self, request: Request) -> Response:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        status, body = await self._engine.ask(headers, await request.body())
        return Response(body, status, media_type=JSON)


class _Engine:
    """The engine, on the loopback. A client that can do more takes 2 ms of CPU for each call."""

    def __init__(self, address: str) -> None:
        self._host, self._port = urlsplit(address).hostname, urlsplit(address).port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Send a request, and return the answer's status and body."""
        reader, writer = self._kept() or await asyncio.open_connection(self._host, self._port)
        fields = {"host": f"{self._host}:{self._port}", "content-length": str(len(body)), **headers}
        lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        try:
            async with asyncio.timeout(PATIENCE):
                writer.write("\r\n".join(lines).encode() + body)
                status, _, answered = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
                answer = await reader.readexactly(int(parse_headers(BytesIO(answered))["content-length"]))
        except BaseException:
            writer.close()
            raise
        self._idle.append((reader, writer))
        return int(status.split()[1]), answer

    def _kept(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Take a connection that waits. The engine closes those that it has not heard of for some seconds."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return None


async def _lasting(seconds: float, work: Awaitable[Response]) -> Response:
    """Do some work that takes this long, even where it would be quicker."""
    answer, _ = await asyncio.gather(work, asyncio.sleep(seconds))
    return answer


def _key(part: dict[str, Any]) -> Touched:
    key = part.get("Key") or part["Item"]
    return key["pk"]["S"], key["sk"]["S"]


def _refused(met: Collection[bool]) -> Response:
    reasons = [{"Code": "TransactionConflict" if one else "None"} for one in met]
    return _refusal("TransactionCanceledException", CancellationReasons=reasons)


def _refusal(code: str, **more: object) -> Response:
    told = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **more}
    return JSONResponse(told, 400, media_type=JSON)
