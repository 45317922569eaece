"""The wire between Roster and AWS: what is asked is counted, and faults are put on it, by botocore's own events."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore import handlers
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from botocore.hooks import BaseEventHooks
from botocore.model import OperationModel
from botocore.parsers import ResponseParserError

from tests import permissions

type Hook = Callable[[], None]
type Tamper = Callable[[dict[str, Any]], None]


class Wire:
    """Every call to AWS passes here. A fault waits for the next call of its operation."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._before: list[tuple[str, Hook]] = []
        self._after: list[tuple[str, Tamper]] = []

    def before(self, operation: str, *hooks: Hook) -> None:
        """Run a hook before each of the next calls of an operation; what it raises is their outcome."""
        self._before += [(operation, hook) for hook in hooks]

    def after(self, operation: str, *hooks: Tamper) -> None:
        """Give each of the next replies to an operation to a hook, once the call has done its work."""
        self._after += [(operation, hook) for hook in hooks]

    def clear(self) -> None:
        """Forget everything."""
        self.calls.clear()
        self._before.clear()
        self._after.clear()

    @property
    def counts(self) -> Counter[str]:
        """How often each operation was called."""
        return Counter(operation for operation, _ in self.calls)

    def items_written(self) -> list[int]:
        """How many items each transaction had."""
        return [len(params["TransactItems"]) for operation, params in self.calls if operation == "TransactWriteItems"]

    @contextmanager
    def counted(self) -> Iterator[Counter[str]]:
        """Count the calls made inside."""
        before = len(self.calls)
        found: Counter[str] = Counter()
        yield found
        found.update(operation for operation, _ in self.calls[before:])

    def _ask(self, params: dict[str, Any], model: OperationModel, **_: object) -> None:
        self.calls.append((model.name, json.loads(json.dumps(params, default=str))))
        hook = _next(self._before, model.name)
        if hook is not None:
            with permissions.at_work(None):
                hook()

    def _answer(self, parsed: dict[str, Any], model: OperationModel, **_: object) -> None:
        tamper = _next(self._after, model.name)
        if tamper is not None:
            with permissions.at_work(None):
                tamper(parsed)


def _next[F](waiting: list[tuple[str, F]], operation: str) -> F | None:
    for place, (wanted, hook) in enumerate(waiting):
        if wanted == operation:
            del waiting[place]
            return hook
    return None


def refuse(code: str, *reasons: str, status: int = 400) -> Hook:
    """A call that DynamoDB refuses, with a transaction's reasons if it has any."""

    def hook() -> None:
        response: Any = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        if reasons:
            response["CancellationReasons"] = [{"Code": reason} for reason in reasons]
        raise ClientError(response, "TransactWriteItems")

    return hook


def drop(*_: object) -> None:
    """A reply that never arrives."""
    raise ReadTimeoutError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com")


def unreachable() -> None:
    """A call that does not get through."""
    raise ConnectTimeoutError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com")


def garbled(*_: object) -> None:
    """A reply that is cut short."""
    raise ResponseParserError("Unable to parse response")


def failed(*_: object) -> None:
    """A reply of the service's front, which says nothing of what was done."""
    refuse("503", status=503)()


@contextmanager
def own_session() -> Iterator[BaseEventHooks]:
    """Give the clients that are made inside a session of their own, and yield its events, for answers to hook into."""
    boto3.setup_default_session()
    yield session_events()
    boto3.setup_default_session()


def session_events() -> BaseEventHooks:
    """Return the events of the session that clients are made in now."""
    session = boto3.DEFAULT_SESSION
    assert session is not None
    return session.events


wire = Wire()
# Clients take over botocore's built-in handlers when they are made: this stands before the first of them.
handlers.BUILTIN_HANDLERS += [("before-parameter-build", wire._ask), ("after-call", wire._answer)]

# The simulator listens to the session that Roster's clients are of: it makes it, with these handlers in it.
import prove.control.calls  # noqa: E402, F401
