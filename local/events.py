"""What passes between the gateway and a function: events of payload format 2.0, and the replies to them."""

import base64
import secrets
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from local import Json
from local.template import ACCOUNT, Route

API_ID = "local"
_TEXT = ("text/", "application/json", "application/javascript", "application/xml")
_BODILESS = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class MalformedReplyError(Exception):
    """A function's reply that the gateway can make no response of."""


def request_id() -> str:
    """Draw an id as the real gateway's look."""
    return f"{secrets.token_urlsafe(11)[:15]}="


def request(method: str, path: str, headers: Mapping[str, str], query: Mapping[str, object] | None = None) -> Request:
    """Build a request to `host` of the headers, as a server would receive it from a client of a test network."""
    return Request(
        {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": urlencode(query or {}, doseq=True).encode(),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("198.51.100.7", 4711),
            "server": (headers["host"], 443),
        }
    )


def event(
    request: Request, body: bytes, route: Route, parameters: dict[str, str], claims: dict[str, Json] | None
) -> dict[str, Any]:
    """Build what API Gateway would call the function with."""
    route_key = f"{route.method} {route.path}"
    path = unquote(_raw_path(request), errors="replace")
    query = request.scope["query_string"].decode("latin-1")
    headers = _headers(request)
    now = datetime.now(UTC)
    built: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": f"{API_ID}.execute-api.localhost",
            "domainPrefix": API_ID,
            "http": {
                "method": request.method,
                "path": path,
                "protocol": f"HTTP/{request.scope['http_version']}",
                "sourceIp": _client(request),
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id(),
            "routeKey": route_key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if claims is not None:
        said = {claim: claim_text(value) for claim, value in claims.items()}
        built["requestContext"]["authorizer"] = {"jwt": {"claims": said, "scopes": None}}
    if cookies := request.headers.getlist("cookie"):
        built["cookies"] = [cookie.strip() for header in cookies for cookie in header.split(";")]
    if query:
        built["queryStringParameters"] = _joined(parse_qsl(query, keep_blank_values=True))
    if parameters:
        built["pathParameters"] = parameters
    if body:
        built |= _body(body, headers.get("content-type", ""))
    return built


def claim_text(value: Json) -> str:
    """Write a claim as the authorizer hands it over: always a string."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return f"[{' '.join(map(claim_text, value))}]"
        case dict():
            return f"map[{' '.join(f'{key}:{claim_text(item)}' for key, item in value.items())}]"
    return str(value)


def response(reply: Json) -> Response:
    """Make the response of a function's reply; MalformedReplyError if that cannot be done."""
    try:
        status, body = HTTPStatus(reply["statusCode"]), reply.get("body")
        body = "" if body is None else body
        content = base64.b64decode(body, validate=True) if reply.get("isBase64Encoded") else body.encode()
        headers = [(_field(name.lower()), _field(value)) for name, value in (reply.get("headers") or {}).items()]
        cookies = [(b"set-cookie", _field(cookie)) for cookie in reply.get("cookies") or []]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MalformedReplyError(f"a malformed reply ({error!r}): {reply!r:.300}") from error
    if status in _BODILESS:
        content = b""
    if content and b"content-type" not in dict(headers):
        headers.append((b"content-type", b"application/json"))
    made = Response(content, status)
    own = [header for header in headers if header[0] != b"content-length"]
    made.raw_headers += own + cookies
    return made


def _field(value: Json) -> bytes:
    if not isinstance(value, str | int | float) or {"\r", "\n", "\0"} & set(str(value)):
        raise ValueError(f"a header field cannot hold {value!r}")
    return str(value).encode("latin-1")


def _raw_path(request: Request) -> str:
    raw: bytes = request.scope["raw_path"]
    return raw.decode("latin-1")


def _client(request: Request) -> str:
    return request.client.host if request.client else "127.0.0.1"


def _headers(request: Request) -> dict[str, str]:
    received = [(name, value) for name, value in request.headers.items() if name != "cookie"]
    added = [
        ("x-amzn-trace-id", f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"),
        ("x-forwarded-for", _client(request)),
        ("x-forwarded-port", str(request.scope["server"][1])),
        ("x-forwarded-proto", "http"),
    ]
    return _joined(received + added)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    # A text that is none is handed over whole, rather than with its bytes replaced.
    if not content_type or content_type.lower().startswith(_TEXT):
        try:
            return {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
