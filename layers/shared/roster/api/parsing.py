"""What came in: body, query and headers, checked together, so that one answer names everything that is wrong."""

from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from roster.api.caller import Caller
from roster.api.preconditions import Idempotency, IfMatch
from roster.api.problems import InvalidRequest, MalformedRequest, TooLarge
from roster.api.request import Request

LARGEST_BODY = 64 * 1024
# In plain words, where pydantic's own do not say what to do.
SENTENCES = {
    "extra_forbidden": "Nothing of this name is taken here: leave it out.",
    "missing": "Send this, too.",
}


class Takes(NamedTuple):
    """What a route takes: its shapes, and the headers that it honours."""

    body: type[BaseModel]
    query: type[BaseModel]
    if_match: bool
    idempotency_key: bool


def parse(event: Mapping[str, Any], caller: Caller, takes: Takes) -> tuple[Request, dict[str, BaseModel]]:
    """Return the request, and its body and query in their shapes.

    Raises TooLarge, MalformedRequest or InvalidRequest, which names every field at fault.
    """
    http = event["requestContext"]["http"]
    body = _json(event)
    errors: list[tuple[str, str]] = []
    shaped: dict[str, BaseModel] = {}
    for name, model, value in (
        ("body", takes.body, body),
        ("query", takes.query, event.get("queryStringParameters") or {}),
    ):
        try:
            shaped[name] = model.model_validate(value)
        except ValidationError as error:
            errors += named(error, name)
    errors += [(name, "Send this once.") for name in _repeated(event.get("rawQueryString", ""))]
    headers = event.get("headers", {})
    try:
        if_match = IfMatch(headers.get("if-match") if takes.if_match else None)
    except ValueError as error:
        errors.append(("If-Match", str(error)))
    try:
        idempotency = Idempotency(
            headers.get("idempotency-key") if takes.idempotency_key else None,
            user_id=caller.user_id,
            method=http["method"],
            path=event["rawPath"],
            body=body,
        )
    except ValueError as error:
        errors.append(("Idempotency-Key", str(error)))
    if errors:
        raise InvalidRequest(*errors)
    request_id, accept = event["requestContext"]["requestId"], headers.get("accept", "")
    return Request(request_id, caller, if_match, idempotency, accept), shaped


def named(error: ValidationError, whole: str) -> list[tuple[str, str]]:
    """Name the fields of a validation error; a place in a list goes by the list's name."""
    return [
        (
            ".".join(part for part in fault["loc"] if isinstance(part, str)) or whole,
            SENTENCES.get(fault["type"]) or fault["msg"].removeprefix("Value error, "),
        )
        for fault in error.errors(include_url=False, include_input=False)
    ]


def _repeated(query: str) -> list[str]:
    """Return the query parameters that came more than once: the gateway joins them to one that nobody meant."""
    counts = Counter(name for name, _ in parse_qsl(query, keep_blank_values=True))
    return [name for name, times in counts.items() if times > 1]


def _json(event: Mapping[str, Any]) -> object:
    """Read the body as JSON; nothing, and null, is an empty object. Its size is judged before what is in it."""
    text = event.get("body") or ""
    raw = b64decode(text) if event.get("isBase64Encoded") else text.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST_BODY:
        raise TooLarge
    if not raw.strip():
        return {}
    try:
        body = from_json(raw, allow_inf_nan=False)
    except ValueError:
        raise MalformedRequest from None
    return {} if body is None else body
