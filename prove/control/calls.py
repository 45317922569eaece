"""Calls of AWS: every client of the product is asked here before it sends anything, and nothing is ever sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from roster import aws
from roster.transport import Reply


@dataclass(frozen=True)
class Call:
    """What somebody is about to ask of AWS."""

    service: str
    operation: str
    body: bytes

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked, as AWS reads it."""
        asked: dict[str, Any] = json.loads(self.body)
        return asked

    def __str__(self) -> str:
        return f"{self.service} {self.operation}"


@dataclass(frozen=True)
class Answer:
    """What AWS answers."""

    status: int
    body: bytes


type Outcome = Answer | BaseException


class Asked(Protocol):
    """Who decides what comes of a call."""

    def __call__(self, call: Call) -> Outcome:
        """Return what AWS answers, or the error that the caller meets instead."""


_in_control: list[Asked] = []


@contextmanager
def control(asked: Asked) -> Iterator[None]:
    """Let this decide all calls meanwhile."""
    _in_control.append(asked)
    try:
        yield
    finally:
        _in_control.pop()


def _before_send(event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
    if not _in_control:
        return None
    service, operation = event_name.split(".")[1:]
    body: Any = request.body or b""
    outcome = _in_control[-1](Call(service, operation, body.encode() if isinstance(body, str) else bytes(body)))
    if isinstance(outcome, BaseException):
        raise outcome
    headers: Any = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse(request.url, outcome.status, headers, Reply(outcome.status, headers, outcome.body))


def _choose_signer(**_: object) -> object:
    """Nobody looks at signatures here, and they would be a tenth of all work."""
    return UNSIGNED if _in_control else None


# Clients take over their session's handlers when they are made: this is imported before the first of them is.
aws.session().register("before-send", _before_send)  # type: ignore[arg-type] # it is given more
aws.session().register("choose-signer", _choose_signer)  # type: ignore[arg-type] # what it returns is the signer
