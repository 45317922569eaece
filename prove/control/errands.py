"""Errands: what somebody does by one request, or what AWS does by one invocation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from local import events
from local.routing import Router

HOST = "api.example.com"
CLOCK = "clock"  # in place of a function, and of a service of AWS


@dataclass(frozen=True)
class Errand:
    """A function is invoked, and again if nothing came of it: by the client, by the stream or by the schedule."""

    name: str
    function: str
    payload: Mapping[str, Any]
    is_request: bool
    reads: bool = False  # and changes nothing

    @cached_property
    def digest(self) -> bytes:
        """What tells errands apart."""
        return blake2b(f"{self.function} {self.name} {json.dumps(self.payload)}".encode(), digest_size=16).digest()

    @property
    def is_batch(self) -> bool:
        """Whether it is several changes, each on its own."""
        return self.is_request and self.payload["routeKey"].endswith("/batch")

    def event(self, number: int) -> dict[str, Any]:
        """Return what the function is invoked with: the first time 0."""
        event: dict[str, Any] = json.loads(json.dumps(self.payload))
        if self.is_request:
            event["requestContext"]["requestId"] = f"{self.name}-{number}"
        return event

    def is_over(self, reply: Mapping[str, Any]) -> bool:
        """Tell whether nobody repeats this: a client repeats what was not answered, or is to be tried again."""
        if self.is_request:
            return int(reply["statusCode"]) < HTTPStatus.INTERNAL_SERVER_ERROR
        return not reply.get("batchItemFailures")


def request(
    router: Router,
    name: str,
    call: str,
    *,
    claims: Mapping[str, Any] | None = None,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Errand:
    """Return a request, such as `POST /organizations`, under an Idempotency-Key of its own."""
    method, asked = call.split(" ")
    path, _, query = asked.partition("?")
    route, parameters = router.find(method, path)
    if route is None:
        raise LookupError(f"no route {call}")
    sent = {"host": HOST, "content-type": "application/json", "idempotency-key": name.replace(" ", "-")}
    built = events.event(
        events.request(method, path, sent | dict(headers or {}), dict(parse_qsl(query))),
        b"" if body is None else json.dumps(body).encode(),
        route,
        parameters,
        None if claims is None else dict(claims),
    )
    return Errand(name, route.function.name, built, is_request=True)


def invocation(name: str, function: str, payload: Mapping[str, Any]) -> Errand:
    """Return an invocation by the schedule, the stream or the event bus."""
    return Errand(name, function, payload, is_request=False)


def passing(name: str, seconds: float) -> Errand:
    """Return that time passes: nobody does it, and it may happen between any two calls."""
    return Errand(name, CLOCK, {"seconds": seconds}, is_request=False)
