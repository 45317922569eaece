"""The network between a browser and what is served: a proxy that adds pages of the tests' own, and faults.

A browser asks everything through it, so that CORS is real, faults are those of a network, and no request goes unseen.
"""

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import parse_headers
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Lock, Semaphore, Thread
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

PATIENCE = 60  # seconds: what hangs fails, and what is slow on a busy machine does not
CHUNK = 1 << 16
EXPOSED = "etag, location, link, retry-after, apigw-requestid"


class Served(NamedTuple):
    """A page or a file of the tests' own."""

    content_type: str
    body: bytes
    headers: Mapping[str, str] = {}


@dataclass
class Asked:
    """A request, and the status that it was answered with: 0 if the browser got no answer.

    `order` counts the requests before it, and `until` those that had come when its answer did.
    """

    method: str
    url: str
    headers: Message
    body: bytes
    status: int = 0
    faulty: bool = False
    order: int = 0
    until: int = 0

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def overlaps(self, other: "Asked") -> bool:
        """Return whether one of them was asked before the other was answered, and the other way round."""
        return self.order < other.until and other.order < self.until

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Fault:
    """What becomes of requests: `play` answers whether the request may go on to the server."""

    method: str
    path: re.Pattern[str]
    times: int
    answer: bytes | None = None  # instead of the server's
    delivered: bool = False  # the server is asked, but its answer is lost
    gate: Event | None = None  # the request waits for it
    met: Semaphore = field(default_factory=lambda: Semaphore(0))  # one for each request

    def fits(self, asked: Asked) -> bool:
        return self.times != 0 and self.method in {asked.method, "*"} and self.path.search(asked.path) is not None


class Held:
    """Requests that wait."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault

    def wait(self, count: int = 1) -> None:
        """Wait until so many more have come."""
        for _ in range(count):
            assert self._fault.met.acquire(timeout=PATIENCE), "nothing came that could be held"

    def release(self) -> None:
        """Let them go on, and all that come later."""
        self._fault.times = 0
        if self._fault.gate:
            self._fault.gate.set()


class Network:
    """The network of one test. Only these hosts can be reached."""

    def __init__(self, app: str, api: str) -> None:
        self.app, self.api = app, api
        self.asked: list[Asked] = []
        self._pages: dict[str, Served] = {}
        self._faults: list[Fault] = []
        self._lock = Lock()
        self._server = _Server(self)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.lift()
        self._server.shutdown()
        self._server.server_close()

    # ---- What is served ----------------------------------------------------------------------------------------------

    def serve(self, url: str, content_type: str, body: bytes | str, **headers: str) -> str:
        """Serve a page or a file of the test's own at a URL, and return that."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._pages[url] = Served(content_type, body.encode() if isinstance(body, str) else body, named)
        return url

    # ---- What was asked ----------------------------------------------------------------------------------------------

    def calls(self, method: str = "", path: str = "") -> list[Asked]:
        """What the API was asked, without preflights and what is local: by this method, if any, on a path like this."""
        return [
            one
            for one in self.asked
            if one.url.startswith(self.api)
            and one.method != "OPTIONS"
            and not one.path.startswith("/_local/")
            and method in {"", one.method}
            and re.search(path, one.path)
        ]

    # ---- Faults ------------------------------------------------------------------------------------------------------

    def refuse(
        self,
        status: int,
        method: str,
        path: str,
        *,
        times: int = 1,
        code: str = "",
        retry_after: int | None = None,
        **more: Any,
    ) -> None:
        """Answer with a problem, or without a code as the gateway does, instead of asking the server."""
        title = f"Refused with {status}"
        members = {"type": "about:blank", "title": title, "status": status, "detail": f"{title}.", "code": code, **more}
        body = json.dumps({**members, "request_id": "fault"} if code else {"message": title})
        headers = {
            "content-type": "application/problem+json" if code else "application/json",
            "access-control-allow-origin": self.app,
            "access-control-expose-headers": EXPOSED,
            **({} if retry_after is None else {"retry-after": str(retry_after)}),
        }
        self._add(Fault(method, re.compile(path), times, answer=_answer(status, body.encode(), headers)))

    def lose_request(self, method: str, path: str, *, times: int = 1) -> None:
        """Break connections before the server is asked; times=-1 is always."""
        self._add(Fault(method, re.compile(path), times, answer=b""))

    def lose_answer(self, method: str, path: str, *, times: int = 1) -> None:
        """Let the server do what it is asked, and break the connection before its answer is heard."""
        self._add(Fault(method, re.compile(path), times, answer=b"", delivered=True))

    def lift(self) -> None:
        """End all faults."""
        for fault in self._faults:
            Held(fault).release()

    @contextmanager
    def down(self, method: str = "*", path: str = "") -> Iterator[None]:
        """Break each connection to the API for a while."""
        fault = Fault(method, re.compile(path), -1, answer=b"")
        self._add(fault)
        yield
        fault.times = 0

    @contextmanager
    def held(self, method: str, path: str) -> Iterator[Held]:
        """Let requests wait until the end of this, or their release."""
        held = Held(fault := Fault(method, re.compile(path), -1, gate=Event()))
        self._add(fault)
        try:
            yield held
        finally:
            held.release()

    def _add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    # ---- How a request is treated ------------------------------------------------------------------------------------

    def treat(self, asked: Asked, raw: bytes, write: Callable[[bytes], object]) -> None:
        """Answer a request, or let the server answer it."""
        with self._lock:
            asked.order = len(self.asked)
            self.asked.append(asked)
            fault = self._fault_of(asked)
        if page := self._pages.get(asked.url.partition("?")[0]):
            asked.status = 200
            write(_answer(200, page.body, {"content-type": page.content_type, **page.headers}))
            return
        host = next((host for host in (self.api, self.app) if asked.url.startswith(f"{host}/")), None)
        if host is None:
            return
        if fault and fault.gate:
            fault.met.release()
            assert fault.gate.wait(PATIENCE), f"{asked.method} {asked.path} was held and never released"
        if fault is None or fault.answer is None:
            self._forward(host, raw, asked, write)
            return
        asked.faulty = True
        if fault.delivered:
            self._forward(host, raw, asked, lambda _: None)
        elif fault.answer:
            asked.status = int(fault.answer[9:12])
        write(fault.answer)

    def _fault_of(self, asked: Asked) -> Fault | None:
        if asked.method == "OPTIONS" or not asked.url.startswith(self.api):
            return None
        fault = next((fault for fault in self._faults if fault.fits(asked)), None)
        if fault and fault.times > 0:
            fault.times -= 1
        return fault

    def _forward(self, host: str, raw: bytes, asked: Asked, write: Callable[[bytes], object]) -> None:
        parts = urlsplit(host)
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE) as server:
            server.sendall(raw)
            while part := server.recv(CHUNK):
                if not asked.status:
                    asked.status, asked.until = int(part[9:12]), len(self.asked)
                write(part)


def _answer(status: int, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", "connection: close", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, network: Network) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.network = network

    def handle_error(self, *_: object) -> None:
        """Leave it to the test: what the browser has asked is not answered."""


class _Connection(StreamRequestHandler):
    def handle(self) -> None:
        """Treat the one request of a connection."""
        assert isinstance(self.server, _Server)
        line = self.rfile.readline().decode("latin-1").split()
        if len(line) != len(("GET", "http://localhost/", "HTTP/1.1")):
            return  # a browser opens connections that it may not need
        method, url, _ = line
        headers = parse_headers(self.rfile)
        body = self.rfile.read(int(headers.get("content-length", "0")))
        asked = Asked(method, url, headers, body)
        with suppress(ConnectionError):  # a browser may go away
            self.server.network.treat(asked, _without_proxy(asked), self.wfile.write)


def _without_proxy(asked: Asked) -> bytes:
    """Return the request as a server gets it."""
    kept = [(name, value) for name, value in asked.headers.items() if not name.lower().startswith(("proxy-", "connec"))]
    head = [f"{asked.method} {asked.path} HTTP/1.1", *(f"{name}: {value}" for name, value in kept), "Connection: close"]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + asked.body
