"""The API's description, held against every answer that a test gets, and against all that tests got.

An answer that is not described fails its test. What is described and was answered in no test fails a whole run.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import jsonschema_rs

PROBLEM = "application/problem+json"
DOCUMENT = json.loads((Path(__file__).parents[1] / "docs" / "openapi.json").read_text(encoding="utf-8"))
# What a server adds to every answer, whatever the operation.
COMMON = frozenset({"content-type", "content-length", "date", "apigw-requestid", "vary", "connection"})
CORS = "access-control-"
GATEWAY = "the gateway"
TOO_LARGE_A_HEAD = 431
# What no test can see, and why.
UNSEEN = {
    (GATEWAY, 429, ""): "there is nothing that throttles but the deployed gateway",
    ("invite_send_batch", 422, "idempotency_key_reused"): "it is answered as the problem of a row",
}


class Seen(NamedTuple):
    """A kind of answer: of an operation, or of the gateway; and a problem's code or the body's media type."""

    who: str
    status: int
    what: str = ""


seen: set[Seen] = set()


def check(method: str, path: str, status: int, headers: Mapping[str, str], text: str) -> None:
    """Hold an answer of a function against the description of its route, and note that it was seen."""
    name, described = _response(method, path, status)
    media_type = headers.get("content-type", "").partition(";")[0]
    content = described.get("content", {})
    if not content:
        assert (text, media_type) == ("", ""), f"{name} {status} has no body, as described: {text[:200]!r}"
    else:
        assert media_type in content, f"{name} {status} is not described as {media_type!r}"
    _check_headers(name, status, described, headers)
    told = media_type
    if media_type.endswith("json") and media_type != "application/x-ndjson":
        body = json.loads(text)
        _validate(method, path, status, media_type, body)
        if media_type == PROBLEM:
            told = body["code"]
            assert told not in {"too_many_requests", "try_again"} or "retry-after" in headers
    seen.add(Seen(name, int(status), told))


def check_gateway(status: int, headers: Mapping[str, str], text: str) -> None:
    """Hold an answer of the gateway's own against the description.

    That its head is too large (431), a client of this API is never told.
    """
    assert Seen(GATEWAY, status) in {*documented()} or status == TOO_LARGE_A_HEAD
    assert headers["content-type"] == "application/json"
    _gateways().validate(json.loads(text))
    seen.add(Seen(GATEWAY, int(status)))


def check_served(answer: httpx.Response) -> None:
    """Hold an answer of the served system against the description: a function's, or the gateway's own."""
    request = answer.request
    path = request.url.raw_path.decode().partition("?")[0]
    if path.startswith("/_local/"):
        return
    route = _route(request.method, path)
    if answer.headers.get("content-type") == "application/json" and answer.text.startswith('{"message":'):
        check_gateway(answer.status_code, answer.headers, answer.text)
    elif route is not None:
        check(request.method, route, answer.status_code, answer.headers, answer.text)


def _route(method: str, path: str) -> str | None:
    """Return the described path that a path is one of."""
    parts = path.split("/")
    fitting = [
        described
        for described in sorted(DOCUMENT["paths"])
        if method.lower() in DOCUMENT["paths"][described]
        and len(described.split("/")) == len(parts)
        and all(
            (named[:1] == "{" and part) or named == part
            for named, part in zip(described.split("/"), parts, strict=True)
        )
    ]
    return fitting[0] if fitting else None


def documented() -> Iterator[Seen]:
    """Yield every kind of answer that is described."""
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for status in map(int, operation["responses"]):
                name, response = _response(method, path, status)
                content = response.get("content", {"": {}})
                for media_type, described in content.items():
                    if media_type == PROBLEM:
                        yield from (Seen(name, status, code) for code in _codes(described["schema"]))
                    elif _is_gateways(described):
                        yield Seen(GATEWAY, status)
                    else:
                        yield Seen(name, status, media_type)


def unseen(answers: set[Seen]) -> list[Seen]:
    """Return what is described and is not among these answers."""
    return sorted(one for one in {*documented()} - answers if one not in UNSEEN)


@cache
def _response(method: str, path: str, status: int) -> tuple[str, Any]:
    operation = DOCUMENT["paths"][path][method.lower()]
    assert str(status) in operation["responses"], f"{operation['operationId']}: {status} is not described"
    return operation["operationId"], _resolved(operation["responses"][str(status)])


def _resolved(part: Any) -> Any:
    while "$ref" in part:
        _, *steps = part["$ref"].split("/")
        part = DOCUMENT
        for step in steps:
            part = part[step]
    return part


def _check_headers(name: str, status: int, described: Any, headers: Mapping[str, str]) -> None:
    expected = {header.lower(): _resolved(one) for header, one in described.get("headers", {}).items()}
    given = {header for header in map(str.lower, headers) if header not in COMMON and not header.startswith(CORS)}
    assert given <= expected.keys(), f"{name} {status}: {given - expected.keys()} are not described"
    missing = {header for header, one in expected.items() if one.get("required") and header not in given}
    assert not missing, f"{name} {status} lacks {missing}"


def _is_gateways(media: Any) -> bool:
    return bool(media.get("schema") == {"$ref": "#/components/schemas/GatewayMessage"})


def _codes(schema: Any) -> Iterator[str]:
    for one in schema.get("oneOf", [schema]):
        yield _resolved(one)["properties"]["code"]["const"]


@cache
def _components() -> Any:
    """Return the components, closed: an answer may have no member that is not described."""
    return {"schemas": _closed(DOCUMENT["components"]["schemas"])}


def _closed(part: Any) -> Any:
    match part:
        case {"properties": dict(), "type": "object"}:
            return {"additionalProperties": False} | {key: _closed(one) for key, one in part.items()}
        case dict():
            return {key: _closed(one) for key, one in part.items()}
        case list():
            return [_closed(one) for one in part]
    return part


@cache
def _validator(method: str, path: str, status: int, media_type: str) -> Any:
    _, response = _response(method, path, status)
    return _compiled(json.dumps(response["content"][media_type]["schema"]))


@cache
def _compiled(schema: str) -> Any:
    whole = json.loads(schema) | {"components": _components()}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _gateways() -> Any:
    return _compiled('{"$ref": "#/components/schemas/GatewayMessage"}')


def faults(schema: Any, value: Any) -> str:
    """Return how a value is not as a schema of the document says, or nothing."""
    validator = _compiled(json.dumps(schema))
    if validator.is_valid(value):
        return ""
    return "\n".join(f"{'/'.join(map(str, one.instance_path))}: {one.message}" for one in validator.iter_errors(value))


def _validate(method: str, path: str, status: int, media_type: str, body: Any) -> None:
    if not _validator(method, path, status, media_type).is_valid(body):
        _, response = _response(method, path, status)
        said = faults(response["content"][media_type]["schema"], body)
        raise AssertionError(f"{method} {path} {status} is not as described:\n{said}\n{json.dumps(body)[:2000]}")
