"""The worker processes: like Lambda's execution environments, several, each with one invocation at a time."""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from local import Json, terminal
from local.template import ACCOUNT, REGION, Function

_ago: ContextVar[timedelta] = ContextVar("ago", default=timedelta())  # of the task that invokes


class InvocationError(Exception):
    """A function that raised, timed out or died; its text is what the terminal shows."""


class Worker:
    """A process and the pipe to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._requests = cast("asyncio.StreamWriter", process.stdin)
        self._replies = cast("asyncio.StreamReader", process.stdout)

    @classmethod
    async def start(cls, modules: Sequence[str], environment: Mapping[str, str], root: Path) -> "Worker":
        """Start a process; it is ready when its first message comes."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "local.worker",
            *modules,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=root,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the server
        )
        return cls(process)

    async def send(self, message: dict[str, Json]) -> None:
        """Write a message, as local.worker reads it."""
        body = json.dumps(message).encode()
        self._requests.write(len(body).to_bytes(4) + body)
        await self._requests.drain()

    async def receive(self) -> dict[str, Json]:
        """Read a message; EOFError when the process has ended."""
        length = int.from_bytes(await self._replies.readexactly(4))
        message: dict[str, Json] = json.loads(await self._replies.readexactly(length))
        return message

    async def end(self) -> None:
        """End the process, whatever it is doing."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


class Workers:
    """A fixed number of workers, and the clock that their handlers see."""

    def __init__(
        self, size: int, functions: Mapping[str, Function], environment: Mapping[str, str], root: Path
    ) -> None:
        self.clock_offset = timedelta()
        self._size = size
        self._modules = [_module(function) for function in functions.values()]
        self._environment, self._root = environment, root
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._all: set[Worker] = set()
        self._replacing: set[asyncio.Task[None]] = set()
        self._closed = False

    def now(self) -> datetime:
        """Tell the time that handlers see."""
        return datetime.now(UTC) + self._offset

    @property
    def _offset(self) -> timedelta:
        return self.clock_offset - _ago.get()

    @contextmanager
    def ago(self, past: timedelta) -> Iterator[None]:
        """For what this task invokes, and for nobody else, set the clock back."""
        before = _ago.set(past)
        try:
            yield
        finally:
            _ago.reset(before)

    async def start(self) -> None:
        """Start them all side by side, and say what could not be imported."""
        traces = await asyncio.gather(*(self._add() for _ in range(self._size)))
        for trace in traces[0]:
            terminal.say(trace, error=True)

    async def _add(self) -> list[str]:
        worker = await Worker.start(self._modules, self._environment, self._root)
        self._all.add(worker)
        traces: list[str] = (await worker.receive())["traces"]
        self._idle.put_nowait(worker)
        return traces

    async def _replace(self, worker: Worker) -> None:
        await worker.end()
        self._all.discard(worker)
        await self._add()

    async def invoke(self, function: Function, event: Json) -> Json:
        """Run a function on the next idle worker and return its reply; InvocationError if it has none."""
        worker = await self._idle.get()
        try:
            async with asyncio.timeout(function.timeout):
                await worker.send(_invocation(function, event, self._offset))
                answer = await worker.receive()
        except (TimeoutError, EOFError, ConnectionError) as error:
            if not self._closed:
                replacing = asyncio.create_task(self._replace(worker))
                self._replacing.add(replacing)
                replacing.add_done_callback(self._replacing.discard)
            what = f"timed out after {function.timeout} s" if isinstance(error, TimeoutError) else "ended its process"
            raise InvocationError(f"{function.name} {what}") from error
        self._idle.put_nowait(worker)
        if "trace" in answer:
            raise InvocationError(answer["trace"])
        return answer["reply"]

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Wait for the invocations in flight, and hold the next ones back."""
        workers = [await self._idle.get() for _ in range(self._size)]
        try:
            yield
        finally:
            for worker in workers:
                self._idle.put_nowait(worker)

    async def close(self) -> None:
        """End them all, whatever they are doing."""
        self._closed = True
        for replacing in self._replacing:
            replacing.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._all))


def _module(function: Function) -> str:
    return f"functions.{function.name.replace('/', '.')}"


def _invocation(function: Function, event: Json, offset: timedelta) -> dict[str, Json]:
    name = f"roster-{function.name.replace('/', '-')}"
    return {
        "module": _module(function),
        "event": event,
        "clock_offset": offset.total_seconds(),
        "timeout": function.timeout,
        "context": {
            "aws_request_id": str(uuid.uuid4()),
            "function_name": name,
            "memory_limit_in_mb": function.memory,
            "invoked_function_arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
        },
    }
