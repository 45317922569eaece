"""One execution environment: imports every handler, then serves one invocation at a time from stdin until it closes."""

import importlib
import json
import os
import select
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO

from roster import clock


@dataclass
class Context:
    """What Lambda passes as a handler's second argument."""

    aws_request_id: str
    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    deadline: float  # of time.monotonic()
    function_version: str = "$LATEST"
    log_group_name: str = ""
    log_stream_name: str = ""
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may still take."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


def invoke(invocation: dict[str, Any]) -> dict[str, Any]:
    """Run a handler, and return its reply or the trace of what it raised."""
    clock.offset = timedelta(seconds=invocation["clock_offset"])
    deadline = time.monotonic() + invocation["timeout"]
    try:
        handler = importlib.import_module(invocation["module"]).handler
        reply = handler(invocation["event"], Context(**invocation["context"], deadline=deadline))
        return {"reply": json.loads(json.dumps(reply))}  # Lambda, too, knows no more than JSON
    except (Exception, SystemExit):  # noqa: BLE001 - whatever it is, it is the caller's 500
        return {"trace": traceback.format_exc()}


def import_all(modules: list[str]) -> dict[str, Any]:
    """Import every handler, so that no request waits for it, and return the traces of those that cannot be."""
    traces = []
    for module in modules:
        try:
            importlib.import_module(module)
        except (Exception, SystemExit):  # noqa: BLE001 - the other functions serve all the same
            traces.append(traceback.format_exc())
    return {"traces": traces}


def send(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Write one message: its length in four bytes, then JSON."""
    body = json.dumps(message).encode()
    stream.write(len(body).to_bytes(4) + body)
    stream.flush()


def end_with_the_server(pipe: BinaryIO) -> None:
    """Wait until the server has closed the pipe, and end, even in the middle of an invocation."""
    closed = select.poll()
    closed.register(pipe, select.POLLHUP)
    closed.poll()
    os._exit(0)


def main() -> None:
    """Serve until the server has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2 if os.environ.get("VERBOSE") else nothing, 1)  # what handlers print is their log
    threading.Thread(target=end_with_the_server, args=(requests,), daemon=True).start()
    send(replies, import_all(sys.argv[1:]))
    while length := requests.read(4):
        send(replies, invoke(json.loads(requests.read(int.from_bytes(length)))))


if __name__ == "__main__":
    main()
