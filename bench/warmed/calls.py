"""Calls of AWS as they are recorded, and a server that gives the recorded answers, one after the other, for ever."""

import pickle
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from typing import Any, ClassVar, NamedTuple


class Call(NamedTuple):
    """A call of AWS: what was asked, and the answer as it came."""

    service: str
    operation: str
    params: dict[str, Any]
    status: int
    body: bytes


class Recording(NamedTuple):
    """An invocation, and the calls that it made."""

    function: str
    event: dict[str, Any]
    calls: list[Call]


def load(path: Path) -> dict[str, Recording]:
    """Read what was recorded."""
    recordings: dict[str, Recording] = pickle.loads(path.read_bytes())  # noqa: S301 (it is the bench's own)
    return recordings


class Answers(BaseHTTPRequestHandler):
    """Answers every request with the next recorded answer. GET chooses of which operation: they stand in one order."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits for the client's word that it had the one before
    recordings: ClassVar[list[Recording]] = []
    answers: ClassVar[Any] = None

    def do_GET(self) -> None:
        """Begin with the first answer of an operation, by its number."""
        Answers.answers = cycle(Answers.recordings[int(self.path.removeprefix("/"))].calls)
        self._send(200, b"")

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        call = next(Answers.answers)
        self._send(call.status, call.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _send(self, status: int, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {status} OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)


if __name__ == "__main__":
    Answers.recordings = list(load(Path(sys.argv[1])).values())
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        print(server.server_port, flush=True)
        server.serve_forever()
