"""Faults of AWS: what they say about whether anything was done, and how long to wait before trying again."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004 (botocore's)
from botocore.parsers import ResponseParserError
from pynamodb.exceptions import PynamoDBException, VerboseClientError

AWS_ERRORS = (PynamoDBException, BotoCoreError, ClientError, ResponseParserError)

# Refused before anything was done; in a cancelled transaction, the reasons of its operations.
THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
    }
)
# The reply says nothing about whether it was done.
UNKNOWN = frozenset({"InternalServerError", "ServiceUnavailable", "TransactionInProgressException"})
SERVER_ERROR = 500
PATIENCE = 10  # seconds: what a request tries again, and one more round of it, fits into its function's time

_deadline = float("inf")


class Busy(Exception):
    """AWS cannot serve this now. Nothing is half done; the caller may try again."""


@contextmanager
def patience() -> Iterator[None]:
    """Bound all that is tried again inside to PATIENCE together. A function serves one request at a time."""
    global _deadline  # noqa: PLW0603 (the process' own, as its clock is)
    _deadline = time.monotonic() + PATIENCE
    try:
        yield
    finally:
        _deadline = float("inf")


def out_of_patience() -> bool:
    """Tell whether the time has run out in which this request may still begin something."""
    return time.monotonic() > _deadline


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
    reasons = {reason.get("Code") for reason in cause.response.get("CancellationReasons", [])} - {"None", None}
    return (reasons or {cause.response["Error"].get("Code")}) <= THROTTLED


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


def _cause(error: BaseException | None) -> BaseException | None:
    """Return what botocore said: pynamodb wraps it, twice, and keeps less of it."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    return cause.__cause__ if isinstance(cause, VerboseClientError) else cause
