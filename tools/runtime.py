"""Runs a function as Lambda does: under AWS's own runtime client, which asks a Runtime API for its events.

What AWS says of that API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

API = "/2018-06-01/runtime"
CLIENT = ["awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"]  # AWS's client, and what it needs
STARTS = 60  # seconds that a start may take. Lambda begins anew after 10; a busy machine here is given longer.
REGION, ACCOUNT = "us-east-1", "000000000000"
# As Lambda starts a function: its own folder, the layer, and what the runtime has, in this order.
START = """
import sys
sys.path[:0] = sys.argv.pop(1).split(":")
from awslambdaric.__main__ import main
main(sys.argv)
"""


class FunctionFailed(Exception):
    """A function that gave no answer. It says which one, and why."""


class Said(NamedTuple):
    """What a function's process told its Runtime API: `next`, `response`, `error`, `init/error` or, last, `exit`."""

    kind: str
    body: bytes = b""


class Event(NamedTuple):
    """An event on its way, with the headers that go before it."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Function:
    """A started function: one execution environment, that takes one event at a time."""

    handler: str
    timeout: float  # seconds
    api: "RuntimeApi"
    process: subprocess.Popen[bytes]


class RuntimeApi(ThreadingHTTPServer):
    """The Runtime API of one function, on the loopback."""

    daemon_threads = True  # nobody waits for one that still talks to a function

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.address = f"127.0.0.1:{self.server_port}"
        self.events: SimpleQueue[Event | None] = SimpleQueue()  # None: there will be no more
        self.said: SimpleQueue[Said] = SimpleQueue()
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def handle_error(self, *call: Any) -> None:  # noqa: ANN401 - what socketserver hands over
        """Pass over a function that hung up: whoever waits for it is told of its end."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*call)

    def close(self) -> None:
        """Let go of whoever waits for an event, and listen no more."""
        self.events.put(None)
        self.shutdown()
        self.server_close()


class _Call(BaseHTTPRequestHandler):
    """A call of the runtime client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer is one packet, headers and all
    server: RuntimeApi

    def do_GET(self) -> None:
        """Hand over the next event, when there is one."""
        if self.path != f"{API}/invocation/next":
            self._answer(404)
            return
        self.server.said.put(Said("next"))
        event = self.server.events.get()
        if event is None:
            self.close_connection = True
        else:
            self._answer(200, *event)

    def do_POST(self) -> None:
        """Take an answer, or what went wrong."""
        kind = self.path.removeprefix(f"{API}/")
        kind = kind if kind == "init/error" else kind.rpartition("/")[2]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.said.put(Said(kind, body))  # before the answer, after which the process may end
        self._answer(202 if kind in {"response", "error", "init/error"} else 404)

    def _answer(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of each call."""


def start(
    handler: str,
    paths: Iterable[Path],
    environment: Mapping[str, str],
    *,
    timeout: float = 25,
    memory: int = 1024,
    log: Path = Path(os.devnull),
) -> Function:
    """Start a function, and return when it is ready. Raises FunctionFailed, if it cannot be imported.

    `paths` are what it sees: its own folder first, then layers, then what the runtime has (`CLIENT` among it). It sees
    nothing of this environment, neither packages nor variables. An event may take it `timeout` seconds. What it logs
    goes to `log`.
    """
    own, *others = paths
    api = RuntimeApi()
    # -I -S: neither the environment's variables, nor this folder, nor any installed package.
    # -B: on Lambda, code lies on a disk that cannot be written, so no start leaves bytecode for the next one.
    command = [sys.executable, "-I", "-S", "-B", "-c", START, ":".join(map(str, (own, *others))), handler]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=own,
            env={**_environment(handler, own, memory), **environment, "AWS_LAMBDA_RUNTIME_API": api.address},
            start_new_session=True,  # Ctrl-C is for who started it
        )
    Thread(target=lambda: api.said.put(Said("exit", str(process.wait()).encode())), daemon=True).start()
    function = Function(handler, timeout, api, process)
    try:
        _hear(function, "next", STARTS)
    except BaseException:
        stop(function)
        raise
    return function


def invoke(function: Function, event: object) -> Any:  # noqa: ANN401 - JSON
    """Let a function answer an event. Raises FunctionFailed, if it raises, ends or takes too long; then stop it."""
    request = uuid.uuid4()
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": str(request),
        "Lambda-Runtime-Deadline-Ms": str(int((time.time() + function.timeout) * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{_name(function.handler)}",
        "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{request.hex[:24]};Sampled=0",
    }
    function.api.events.put(Event(headers, json.dumps(event).encode()))
    answer = _hear(function, "response", function.timeout)
    _hear(function, "next", STARTS)
    return json.loads(answer)


def stop(function: Function) -> None:
    """End a function, whatever it is doing."""
    function.process.kill()
    function.process.wait()
    function.api.close()


def _hear(function: Function, wanted: str, within: float) -> bytes:
    """Wait so many seconds for what a function has to say next."""
    try:
        said = function.api.said.get(timeout=within)
    except Empty:
        raise FunctionFailed(f"{function.handler} timed out after {within:g} s.") from None
    if said.kind == wanted:
        return said.body
    if said.kind == "exit":
        raise FunctionFailed(f"{function.handler} ended its process, with code {said.body.decode()}.")
    if said.kind in {"error", "init/error"}:
        told = json.loads(said.body)
        where = "".join(["\n", *told["stackTrace"]]).rstrip()
        begun = " could not be started" if said.kind == "init/error" else ""
        raise FunctionFailed(f"{function.handler}{begun}: {told['errorType']}: {told['errorMessage']}{where}")
    raise FunctionFailed(f"{function.handler} said {said.kind}, and not {wanted}.")


def _name(handler: str) -> str:
    return "roster-" + "-".join(handler.split(".")[:-1])


def _environment(handler: str, own: Path, memory: int) -> dict[str, str]:
    """Return what Lambda itself sets, for a function that logs JSON."""
    return {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python{}.{}".format(*sys.version_info),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory),
        "AWS_LAMBDA_FUNCTION_NAME": _name(handler),
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_REGION": REGION,
        "LAMBDA_TASK_ROOT": str(own),
        "LANG": "en_US.UTF-8",
        "PATH": os.environ["PATH"],
        "TZ": ":UTC",
        "_HANDLER": handler,
    }
