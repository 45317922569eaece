"""Faults of AWS: what they say about whether anything was done, and how long to wait before trying again."""

import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004 (botocore's)
from botocore.parsers import ResponseParserError
from pynamodb.exceptions import PynamoDBException, VerboseClientError

AWS_ERRORS = (PynamoDBException, BotoCoreError, ClientError, ResponseParserError)

CONFLICT = "TransactionConflict"  # the reason of an operation: somebody else's change was under way
# Refused before anything was done; in a cancelled transaction, the reasons of its operations.
THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        CONFLICT,
    }
)
# The reply says nothing about whether it was done.
UNKNOWN = frozenset({"InternalServerError", "ServiceUnavailable", "TransactionInProgressException"})
SERVER_ERROR = 500
# Seconds of its function's time that a request still needs, at worst,
ROUND = 15  # to read, decide and send once more
SENDING = 6  # to send once more what it has decided: what conflicts is answered at once

_milliseconds_left: Callable[[], int] | None = None  # of a request's time


class Busy(Exception):
    """AWS cannot serve this now. Nothing is half done; the caller may try again."""


@contextmanager
def patience(milliseconds_left: Callable[[], int]) -> Iterator[None]:
    """Bound all that is tried again inside by what is left of a function's time, which serves one request at a time."""
    global _milliseconds_left  # noqa: PLW0603 (the process' own, as its clock is)
    before, _milliseconds_left = _milliseconds_left, milliseconds_left
    try:
        yield
    finally:
        _milliseconds_left = before


def in_request() -> bool:
    """Tell whether somebody waits for this, who knows how long."""
    return _milliseconds_left is not None


def time_left() -> float:
    """Return the seconds that are left of the function's time; no end of them outside of requests."""
    return math.inf if _milliseconds_left is None else _milliseconds_left() / 1000


def out_of_patience() -> bool:
    """Tell whether the time has run out in which this request may still begin something."""
    return time_left() < ROUND


def require_time() -> None:
    """Raise Busy once the time has run out: nothing is begun then, and who repeats the request goes on from there."""
    if out_of_patience():
        raise Busy


def pauses(tries: int, base: float = 0.02, cap: float = 0.6) -> Iterator[float]:
    """Yield the seconds to wait between `tries` tries, with full jitter, so that rivals do not meet again."""
    for attempt in range(tries - 1):
        if out_of_patience():
            return
        yield random.uniform(0, min(cap, base * 2**attempt))  # noqa: S311 (no secret hangs on it)


def is_undone(error: Exception) -> bool:
    """Tell whether AWS surely did nothing, and may do it later: it was not reached, or refused for now."""
    cause = _cause(error)
    if not isinstance(cause, ClientError):
        return isinstance(cause, ConnectionError)
    return (_reasons(cause) or {cause.response["Error"].get("Code")}) <= THROTTLED


def is_conflict(error: Exception) -> bool:
    """Tell whether somebody else's change was under way, which is over soon, and nothing else stood in the way."""
    return is_undone(error) and CONFLICT in _reasons(_cause(error))


def is_unknown(error: Exception) -> bool:
    """Tell whether the outcome is unknown: no reply came, or one that does not say."""
    cause = _cause(error)
    if isinstance(cause, ClientError):
        status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return cause.response["Error"].get("Code") in UNKNOWN or status >= SERVER_ERROR
    return isinstance(cause, HTTPClientError | ResponseParserError)


def is_fault(error: Exception) -> bool:
    """Tell whether an error is the trouble of a moment, and no mistake of ours."""
    return is_undone(error) or is_unknown(error)


def _reasons(cause: BaseException | None) -> set[str | None]:
    """Return why the operations of a transaction were refused."""
    told = cause.response.get("CancellationReasons", []) if isinstance(cause, ClientError) else []
    return {reason.get("Code") for reason in told} - {"None", None}


def _cause(error: BaseException | None) -> BaseException | None:
    """Return what botocore said: pynamodb wraps it, twice, and keeps less of it."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    return cause.__cause__ if isinstance(cause, VerboseClientError) else cause
