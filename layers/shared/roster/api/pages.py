"""Pages of a list. A cursor is the end of the last sort key shown, in base64url so that nobody builds on it."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

from roster.api.answers import Answer, ok
from roster.api.fields import PageQuery
from roster.api.problems import MalformedRequest

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def after(query: PageQuery, pattern: re.Pattern[str]) -> str | None:
    """Return the end of the sort key that a page begins behind, or None for the first.

    Raises MalformedRequest if the cursor cannot have come from this list.
    """
    if query.cursor is None:
        return None
    try:
        end = urlsafe_b64decode(query.cursor.encode() + b"=" * (-len(query.cursor) % 4)).decode("ascii")
    except (Error, UnicodeError):
        raise MalformedRequest from None
    if not pattern.fullmatch(end):
        raise MalformedRequest
    return end


def listed(items: list[dict[str, Any]], next_cursor: str | None) -> Answer:
    """Answer one page; a next_cursor of None ends the list."""
    cursor = None if next_cursor is None else urlsafe_b64encode(next_cursor.encode()).decode().rstrip("=")
    return ok({"items": items, "next_cursor": cursor})
