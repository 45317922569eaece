"""Faults of DynamoDB: which may be tried again, and how long to wait before that."""

import random
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from pynamodb.exceptions import PynamoDBException, VerboseClientError

AWS_ERRORS = (PynamoDBException, BotoCoreError, ClientError)

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


class Busy(Exception):
    """DynamoDB cannot serve this now. Nothing is half done; the caller may try again."""


def pauses(tries: int, base: float = 0.02, cap: float = 0.6) -> Iterator[float]:
    """Yield the seconds to wait between `tries` tries, with full jitter, so that rivals do not meet again."""
    for attempt in range(tries - 1):
        yield random.uniform(0, min(cap, base * 2**attempt))  # noqa: S311 (no secret hangs on it)


def is_throttled(error: Exception) -> bool:
    """Tell whether DynamoDB refused for now, having done nothing."""
    cause = _cause(error)
    if not isinstance(cause, ClientError):
        return False
    reasons = cause.cancellation_reasons if isinstance(cause, VerboseClientError) else []
    codes = {reason.code for reason in reasons if reason} or {cause.response["Error"].get("Code", "")}
    return codes <= THROTTLED


def is_unknown(error: Exception) -> bool:
    """Tell whether the outcome is unknown: no reply came, or one that does not say."""
    cause = _cause(error)
    if isinstance(cause, ClientError):
        status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return cause.response["Error"].get("Code", "") in UNKNOWN or status >= SERVER_ERROR
    return isinstance(cause, HTTPClientError)


def is_fault(error: Exception) -> bool:
    """Tell whether an error is the trouble of a moment, and no mistake of ours."""
    return is_throttled(error) or is_unknown(error)


def _cause(error: Exception) -> BaseException | None:
    return error.cause if isinstance(error, PynamoDBException) else error
