"""What an operation answers: successes by its return type, refusals by what it raises and by how its route is made."""

from collections.abc import Iterable
from http import HTTPStatus
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from local.template import Route
from roster.api import answers, problems
from roster.api.app import Entry
from roster.api.problems import Problem
from tools.openapi.schemas import Schemas, ref
from tools.openapi.words import WORDS, Json

ALWAYS = {problems.MalformedRequest, problems.TooLarge, problems.InvalidRequest, problems.TryAgain}
ALIKE = {400, 401, 412, 413, 500, 503}  # said once in the document
GATEWAYS = {413, 429, 500, 503}  # what it may say itself, whatever the route
# By its type: the status of an answer, the headers that it has, and what it is.
SUCCESSES: dict[object, tuple[int, list[str], str]] = {
    answers.Answer: (200, [], "It is as shown."),
    answers.Text: (200, ["Content-Disposition", "Link"], "A part of it, as text."),
    answers.Created: (201, ["Location"], "It was created, and is as shown."),
    answers.Recorded: (201, [], "It was recorded, and is as shown."),
    answers.NoContent: (204, [], "It is done."),
}


def successes(entries: list[Entry], schemas: Schemas) -> dict[str, Json]:
    """Return what operations answer when all is well, by the types that they return."""
    found: dict[str, Json] = {}
    for entry in entries:
        hint = get_type_hints(entry.operation)["return"]
        for answer in _options(hint):
            kind, shapes = get_origin(answer) or answer, get_args(answer)
            status, headers, words = SUCCESSES[kind]
            said: dict[str, Json] = {"description": words}
            if shapes and all(map(_has_etag, _options(shapes[0]))):
                headers = [*headers, "ETag"]
            if headers:
                said["headers"] = _headers(*headers)
            if kind is answers.Text:
                said["content"] = {one: {"schema": {"type": "string"}} for one in get_args(shapes[0])}
            elif shapes:
                said["content"] = {"application/json": {"schema": schemas.of(shapes[0])}}
            found[str(status)] = said
    return found


def _options(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401 (a type)
    return get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)


def _has_etag(shape: object) -> bool:
    bases = getattr(shape, "__orig_bases__", ())
    return answers.Versioned in bases or any(map(_has_etag, bases))


def refusals(route: Route, entries: list[Entry], schemas: Schemas) -> dict[str, Json]:
    """Return what they refuse: what they say themselves, and what the way a route is made brings along."""
    kinds: set[type[Problem]] = ALWAYS.union(*(entry.raises for entry in entries))
    gateways = set(GATEWAYS)
    if route.signed_in:
        kinds.add(problems.Forbidden)
        gateways.add(401)
    if "{" in route.path:
        kinds.add(problems.NotFound)  # for an id with a control character, whatever the operation would say of it
        gateways.add(404)  # for an empty id
    if entries[0].takes.if_match:
        kinds.add(problems.PreconditionFailed)
    if entries[0].takes.idempotency_key and any("body" in entry.arguments for entry in entries):  # which may differ
        kinds.add(problems.IdempotencyKeyReused)
    return {
        str(status): _refusal(status, {kind for kind in kinds if kind.status == status}, schemas, status in gateways)
        for status in gateways | {int(kind.status) for kind in kinds}
    }


def _refusal(status: int, kinds: set[type[Problem]], schemas: Schemas, by_gateway: bool) -> Json:  # noqa: FBT001
    headers = {401: ["WWW-Authenticate"], 429: ["Retry-After"], 503: ["Retry-After"]}.get(status)
    content = {}
    if kinds:
        content["application/problem+json"] = {"schema": schemas.problems(kinds)}
    if by_gateway:
        content["application/json"] = {"schema": ref("GatewayMessage")}
    words = {"description": WORDS["status"][str(status)]}
    return {**words, **({"headers": _headers(*headers)} if headers else {}), "content": content}


def shared_refusals(operations: Iterable[Json]) -> dict[str, Json]:
    """Let operations refer to the refusals that are alike everywhere, and return these by name."""
    shared: dict[str, Json] = {}
    for one in operations:
        for status, response in one["responses"].items():
            if int(status) in ALIKE:
                name = HTTPStatus(int(status)).phrase.title().replace(" ", "")
                if shared.setdefault(name, response) != response:
                    raise AssertionError(f"{status} is not alike everywhere")
                one["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return shared


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
