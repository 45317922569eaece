"""Pages of a list. A cursor is the end of the last sort key shown, in base64url so that nobody builds on it."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

from roster.api.answers import Answer, ok
from roster.api.fields import CursorQuery
from roster.api.problems import MalformedRequest

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def after(query: CursorQuery, pattern: re.Pattern[str]) -> str | None:
    """Return the end of the sort key that a page begins behind, or None for the first.

    Raises MalformedRequest if the cursor cannot have come from this list.
    """
    if query.cursor is None:
        return None
    try:
        end = urlsafe_b64decode(query.cursor.encode() + b"=" * (-len(query.cursor) % 4)).decode("ascii")
    except (Error, UnicodeError):
        raise MalformedRequest from None
    if not pattern.fullmatch(end) or cursor_of(end) != query.cursor:
        raise MalformedRequest
    return end


def listed(items: list[dict[str, Any]], next_cursor: str | None) -> Answer:
    """Answer one page; a next_cursor of None ends the list."""
    return ok({"items": items, "next_cursor": None if next_cursor is None else cursor_of(next_cursor)})


def cursor_of(end: str) -> str:
    """Return the cursor that goes on behind the end of a sort key."""
    return urlsafe_b64encode(end.encode()).decode().rstrip("=")
