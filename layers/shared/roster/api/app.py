"""The app of one function: its routes, the order in which a request is judged, and lost races decided again."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Any, NamedTuple, get_type_hints

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic_core import to_json

from roster.api.answers import Answer
from roster.api.caller import ANYBODY, Caller, caller_from
from roster.api.fields import USER_ID, Body, Query
from roster.api.parsing import Takes, parse
from roster.api.problems import Forbidden, NotFound, Problem, TryAgain
from roster.api.request import Replay, Request
from roster.metrics import count
from roster.table import turns
from roster.table.commit import LostRace
from roster.table.connections import open_all
from roster.table.faults import AWS_ERRORS, ROUND, Busy, is_fault, patience

OPAQUE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
UNCHECKED = '{"message":"This route checks no token"}'  # in the gateway's form, and no words of its own
FOUNDING = "POST /organizations"  # which a person does, unless a machine may provision
NOWHERE = "?"  # stands for an id that no item can have, so that it is looked for in its turn, and not found

logger = Logger()

type Operation = Callable[..., Answer[Any]]


class NoAuthorizer(Exception):
    """The gateway let a request through to a route that is not public, without having checked a token."""


class Entry(NamedTuple):
    """An operation of a route: who it is for, and what it takes."""

    operation: Operation
    scope: str | None
    public: bool
    takes: Takes
    arguments: AbstractSet[str]
    raises: Collection[type[Problem]]


class App:
    """The routes of one function. Lambda calls it with API Gateway's events."""

    def __init__(self) -> None:
        open_all()
        self._resolver = APIGatewayHttpResolver()
        self._resolver.not_found(lambda _error: _refused(NotFound(), self._request_id))
        self._entries: dict[tuple[str, str], list[Entry]] = {}

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer one request."""
        return self._resolver.resolve(event, context)

    def route(
        self,
        method: str,
        path: str,
        *,
        scope: str | None = None,
        public: bool = False,
        if_match: bool | None = None,
        idempotency_key: bool | None = None,
        raises: Collection[type[Problem]] = (),
    ) -> Callable[[Operation], Operation]:
        """Register an operation: `operation(request, **ids of the path, body=, query=)`.

        With a `scope` it is for machines that have it, else for people; a route may have one for each. A public one
        knows no caller. The annotations of `body` and `query` say what it takes; without one of `body`, it takes none.
        PUT, PATCH and DELETE honour If-Match, and all but GET take an Idempotency-Key, unless these say otherwise.
        `raises` tells the API's description what it may refuse beside what follows from all this.
        """

        def register(operation: Operation) -> Operation:
            hints = get_type_hints(operation)
            takes = Takes(
                body=hints.get("body", Body),
                query=hints.get("query", Query),
                if_match=method in {"PUT", "PATCH", "DELETE"} if if_match is None else if_match,
                idempotency_key=method != "GET" and not public if idempotency_key is None else idempotency_key,
            )
            entries = self._entries.setdefault((method, path), [])
            if not entries:

                def respond(**ids: str) -> Response[str]:
                    return self._respond(method, path, entries, ids)

                self._resolver.route(path.replace("{", "<").replace("}", ">"), method=method)(respond)
            entries.append(Entry(operation, scope, public, takes, hints.keys() & {"body", "query"}, raises))
            return operation

        return register

    @property
    def _request_id(self) -> str:
        return str(self._resolver.current_event.raw_event["requestContext"]["requestId"])

    def _respond(self, method: str, path: str, entries: Iterable[Entry], ids: Mapping[str, str]) -> Response[str]:
        event, request_id = self._resolver.current_event.raw_event, self._request_id
        told: dict[str, object] = {
            "function": self._resolver.lambda_context.function_name,
            "route": f"{method} {path}",
            "request_id": request_id,
        }
        try:
            caller, entry = _admit(event, f"{method} {path}", entries)
            ids = _resolve(path, ids, caller)
            told |= {"actor_id": caller.user_id, "organization_id": ids.get("organization_id")}
            request, shaped = parse(event, caller, entry.takes)
            with patience(self._resolver.lambda_context.get_remaining_time_in_millis):
                answer = decide(entry.operation, request, **ids, **{name: shaped[name] for name in entry.arguments})
        except Problem as problem:
            logger.info("refused", extra=told | {"status": int(problem.status), "code": problem.code})
            count("Refusals", code=problem.code)
            return _refused(problem, request_id)
        except NoAuthorizer:
            status = HTTPStatus.UNAUTHORIZED
            logger.error("no authorizer", extra=told | {"status": int(status)})  # noqa: TRY400 (a trace tells nothing)
            return Response(status, "application/json", UNCHECKED, {"WWW-Authenticate": "Bearer"})
        logger.info("answered", extra=told | {"status": int(answer.status)})
        return _answered(answer, _public_address(event))


def _admit(event: Mapping[str, Any], route: str, entries: Iterable[Entry]) -> tuple[Caller, Entry]:
    """Judge the token: find the operation that is for people or, with its scope, for machines."""
    public = next((entry for entry in entries if entry.public), None)
    if public is not None:
        return ANYBODY, public
    try:
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    except (KeyError, TypeError):
        raise NoAuthorizer from None
    caller = caller_from(claims)
    entry = next((one for one in entries if (one.scope is not None) == caller.is_machine), None)
    if entry is not None and (entry.scope is None or entry.scope in caller.scopes):
        return caller, entry
    scopes = " or ".join(one.scope for one in entries if one.scope is not None)
    if caller.is_machine and (route == FOUNDING or " /me" in route):
        raise Forbidden("Only a person can do this. Sign in as one.", {"reason": "not_a_person"})
    if not scopes:
        raise Forbidden("Machines cannot do this, whatever scopes they have.", {"reason": "scope_missing"})
    raise Forbidden(f"This is for machines whose token has the scope {scopes}.", {"reason": "scope_missing"})


def _resolve(path: str, ids: Mapping[str, str], caller: Caller) -> dict[str, str]:
    """Read the ids of the path: `me` is the caller, a person, and what cannot be an id is nowhere."""
    resolved = dict(ids)
    if resolved.get("user_id") == "me" and "/members/" in path:
        resolved["user_id"] = NOWHERE if caller.is_machine else caller.user_id
    patterns = {name: USER_ID if name == "user_id" else OPAQUE_ID for name in resolved}
    return {name: value if patterns[name].fullmatch(value) else NOWHERE for name, value in resolved.items()}


def decide[A: Answer[Any]](operation: Callable[..., A], request: Request, **arguments: Any) -> A:  # noqa: ANN401
    """Run an operation; as often as it loses a race, it reads and decides again when it is its turn.

    Raises TryAgain once there is no time for that any more, or if AWS cannot serve it now.
    """
    lost = 0
    try:
        while True:
            try:
                return operation(request, **arguments)
            except LostRace:
                lost += 1
                count("Retries", reason="lost_race")
                turns.wait(arguments.get("organization_id"), turns.DECIDING, tries=lost, reserve=ROUND)
    except Replay as replay:
        answer: A = replay.answer
        return answer
    except Busy as busy:
        raise TryAgain from busy
    except AWS_ERRORS as error:
        if is_fault(error):
            raise TryAgain from error
        raise


def _public_address(event: Mapping[str, Any]) -> str:
    """Return where clients reach the API: the deployment's word or the gateway's own name, never a header's."""
    return os.environ.get("PUBLIC_URL") or f"https://{event['requestContext']['domainName']}"


def _answered(answer: Answer[Any], public_address: str) -> Response[str]:
    headers = dict(answer.headers)
    if "Location" in headers:
        headers["Location"] = public_address + headers["Location"]
    if "Link" in headers:
        headers["Link"] = f'<{public_address}{headers["Link"]}>; rel="next"'
    if answer.body is None:
        return Response(answer.status, body=answer.text, headers=headers)
    return Response(answer.status, "application/json", to_json(answer.body).decode(), headers)


def _refused(problem: Problem, request_id: str) -> Response[str]:
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    return Response(problem.status, "application/problem+json", to_json(problem.shown(request_id)).decode(), headers)
