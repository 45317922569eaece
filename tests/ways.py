"""Two ways to a server: Roster's transport and botocore's own, set up alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from roster.transport import Transport

WAIT = 0.3  # seconds, for a connection and for a reply
CONFIG = Config(connect_timeout=WAIT, read_timeout=WAIT)
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"

type Send = Callable[[AWSPreparedRequest], AWSResponse | None]
type Way = Callable[..., Any]  # to a server: a context in which one can send
type Outcome = tuple[int, bytes] | str


@contextmanager
def by_roster(authorities: str | None = None) -> Iterator[Send]:
    transport = Transport(authorities)
    yield transport.send
    transport.close()


@contextmanager
def by_botocore(authorities: str | None = None) -> Iterator[Send]:
    options = [(IPPROTO_TCP, TCP_NODELAY, 1)]
    settings: Any = {"verify": authorities or True, "timeout": (WAIT, WAIT), "socket_options": options}
    session = URLLib3Session(**settings)
    yield session.send
    session.close()


both = pytest.mark.parametrize("way", [by_roster, by_botocore])


def request(address: str, method: str = "POST", config: Config = CONFIG, **headers: Any) -> AWSPreparedRequest:
    given: Any = HeadersDict({"Content-Length": "5", "X-Amz-Target": b"DynamoDB_20120810.GetItem", **headers})
    return AWSPreparedRequest(method, address, given, b"asked", stream_output=False, context={"client_config": config})


def outcome(send: Send, asked: AWSPreparedRequest) -> Outcome:
    """Send something: the answer, or the name of the error."""
    try:
        reply = send(asked)
    except BotoCoreError as error:
        return type(error).__name__
    assert reply is not None
    return reply.status_code, reply.content
