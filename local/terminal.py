"""What the server says: the first lines, then one a request, and the trace of whatever raised."""

import os
import queue
import threading
import time
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Lines wait here for the terminal. A reader that stops reading (a pipe, a pager) must not stop the server.
_lines: queue.Queue[tuple[int, str]] = queue.Queue(maxsize=10_000)


def say(line: str, *, error: bool = False) -> None:
    """Print a line, to stderr if it is an error, without ever waiting for the terminal."""
    with suppress(queue.Full):
        _lines.put_nowait((2 if error else 1, line))


def flush(patience: float = 1.0) -> None:
    """Wait for what was said to be printed, for so many seconds."""
    deadline = time.monotonic() + patience
    while _lines.unfinished_tasks and time.monotonic() < deadline:
        time.sleep(0.01)


def _print() -> None:
    while True:
        descriptor, line = _lines.get()
        unwritten = f"{line}\n".encode(errors="replace")
        with suppress(OSError):  # closed: there is nobody left to tell
            while unwritten:  # not by print: it holds a lock, which the end of the program would wait for
                unwritten = unwritten[os.write(descriptor, unwritten) :]
        _lines.task_done()


threading.Thread(target=_print, daemon=True, name="terminal").start()


class AccessLog:
    """An ASGI application before another, which says a line for each request: never a query or a token.

    Of paths that begin with `unless` it says nothing.
    """

    def __init__(self, app: ASGIApp, *, unless: tuple[str, ...]) -> None:
        self._app, self._unless = app, unless

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(self._unless):
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            took = (time.perf_counter() - started) * 1000
            path = scope["raw_path"].decode("latin-1")
            say(f"{time.strftime('%H:%M:%S')} {scope['method']} {path} {status} {took:.0f} ms")
