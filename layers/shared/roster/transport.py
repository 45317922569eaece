"""The way to AWS: connections that all clients share. Sending takes a third of the CPU of botocore's own way."""

import socket
import ssl
from contextlib import suppress
from functools import cached_property
from http.client import HTTPException, HTTPResponse
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from botocore import exceptions
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import get_cert_path
from botocore.utils import get_environ_proxies
from urllib3.util import wait_for_read

PORTS = {"http": 80, "https": 443}
ASIDE = ("Expect", "Transfer-Encoding")  # headers of requests that botocore sends itself


class Transport:
    """Sends requests as botocore's own session does, and fails as it does: with the same errors for the same reasons.

    It sends nothing twice. Connections wait for their next request until the other side closes them. It is for one
    thread, as a function serves one request at a time.
    """

    def __init__(self, authorities: str | None = None) -> None:
        """Trust a file of authorities, or those that botocore does."""
        self._authorities = authorities
        # By where they lead, with TLS or without; None where a proxy is between.
        self._idle: dict[tuple[str, str], list[socket.socket] | None] = {}

    def send(self, request: AWSPreparedRequest) -> AWSResponse | None:
        """Send a request and return the reply, or do nothing and return None: botocore has to send this itself."""
        url = urlsplit(request.url)
        context: dict[str, Any] = getattr(request, "context", None) or {}  # older ones of botocore tell none
        config = context.get("client_config")
        origin = url.scheme, url.netloc
        if origin not in self._idle:
            self._idle[origin] = None if get_environ_proxies(request.url) else []
        idle = self._idle[origin]
        if idle is None or config is None or config.proxies or config.client_cert or not _is_plain(request):
            return None
        tls = self._tls if url.scheme == "https" else None
        connection = _kept(idle) or _opened(url, config.connect_timeout)
        try:
            if tls is not None and not isinstance(connection, ssl.SSLSocket):
                connection = tls.wrap_socket(connection, server_hostname=url.hostname)
            connection.settimeout(context.get("read_timeout") or config.read_timeout)
            reply = _exchange(connection, idle, request, url)
        except TimeoutError as error:
            raise exceptions.ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except ssl.SSLError as error:
            raise exceptions.SSLError(endpoint_url=request.url, error=error) from error
        except (OSError, HTTPException, ValueError) as error:
            raise exceptions.ConnectionClosedError(endpoint_url=request.url, request=request, error=error) from error
        headers: Any = reply.headers
        return AWSResponse(request.url, reply.status, headers, reply)

    def close(self) -> None:
        """Close the connections that wait."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=self._authorities or get_cert_path(verify=True))
        made.verify_flags &= ~ssl.VERIFY_X509_STRICT  # as botocore's: authorities of companies are not always strict
        return made


class Reply(NamedTuple):
    """A whole reply, which botocore reads like a stream."""

    status: int
    headers: dict[str, str]
    body: bytes

    def stream(self) -> tuple[bytes]:
        """Return the body as botocore reads one."""
        return (self.body,)


def _is_plain(request: AWSPreparedRequest) -> bool:
    """Tell whether a request is sent and answered whole."""
    whole = isinstance(request.body, bytes | None) and not request.stream_output
    measured = not request.body or "Content-Length" in request.headers
    return whole and measured and not any(name in request.headers for name in ASIDE)


def head_of(request: AWSPreparedRequest, url: SplitResult) -> bytes:
    """Return what comes before the body. The host is the one that was signed: without a port that its scheme has."""
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    fields: dict[str, Any] = {
        "Host": url.netloc.removesuffix(f":{PORTS[url.scheme]}"),
        "Accept-Encoding": "identity",  # else the other side may compress
        **request.headers,
    }
    lines = [f"{request.method} {target} HTTP/1.1"]
    for name, value in fields.items():
        lines.append(f"{name}: {value.decode('latin-1') if isinstance(value, bytes) else value}")
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break in a header")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _opened(url: SplitResult, timeout: float) -> socket.socket:
    try:
        connection = socket.create_connection((url.hostname or "", url.port or PORTS[url.scheme]), timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except TimeoutError as error:
        raise exceptions.ConnectTimeoutError(endpoint_url=url.geturl(), error=error) from error
    except OSError as error:
        raise exceptions.EndpointConnectionError(endpoint_url=url.geturl(), error=error) from error
    return connection


def _kept(idle: list[socket.socket]) -> socket.socket | None:
    """Take a connection that waits. One that has something to read was closed by the other side."""
    while idle:
        connection = idle.pop()
        if not wait_for_read(connection, timeout=0):
            return connection
        connection.close()
    return None


def _exchange(
    connection: socket.socket, idle: list[socket.socket], request: AWSPreparedRequest, url: SplitResult
) -> Reply:
    sent = kept = False
    try:
        body: Any = request.body or b""
        said = head_of(request, url) + body
        with suppress(BrokenPipeError, ConnectionResetError):  # there may be a reply that tells why
            connection.sendall(said)
            sent = True
        with HTTPResponse(connection, method=request.method) as response:
            response.begin()
            if response.length is None and not response.chunked:
                raise HTTPException("the reply does not say where it ends: it may be cut")  # those of AWS all do
            read = response.read()
            kept = sent and not response.will_close
            headers = response.getheaders()
    finally:
        if kept:
            idle.append(connection)
        else:
            connection.close()
    found: dict[str, str] = {}
    for name, value in headers:
        found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
    return Reply(response.status, found, read)
