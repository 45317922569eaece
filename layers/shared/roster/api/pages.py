"""Pages of a list. A cursor names the filters that it goes with, and the end of the last sort key shown.

It is in base64url, so that nobody builds on what is in it.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import TypedDict

from roster.api.answers import Answer, ok
from roster.api.fields import CursorQuery
from roster.api.problems import MalformedRequest
from roster.table.keys import digest

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
MARK_LENGTH = 8  # against mistakes, and no secret: a cursor cannot show what the same caller could not see without it


def after(query: CursorQuery, pattern: re.Pattern[str]) -> str | None:
    """Return the end of the sort key that a page begins behind, or None for the first.

    Raises MalformedRequest if the cursor cannot have come from this list with these filters.
    """
    if query.cursor is None:
        return None
    try:
        text = urlsafe_b64decode(query.cursor.encode() + b"=" * (-len(query.cursor) % 4)).decode("ascii")
    except (Error, UnicodeError):
        raise MalformedRequest from None
    end = text.partition("#")[2]
    if not pattern.fullmatch(end) or cursor_of(query, end) != query.cursor:
        raise MalformedRequest
    return end


class Page[Shape](TypedDict):
    """One page of a list. It may hold fewer than asked for, even none."""

    items: list[Shape]
    """What is on this page."""
    next_cursor: str | None
    """Send it as `cursor` for the next page. Null ends the list."""


def listed[Shape](query: CursorQuery, items: list[Shape], next_cursor: str | None) -> Answer[Page[Shape]]:
    """Answer one page of what was asked for; a next_cursor of None ends the list."""
    return ok(Page(items=items, next_cursor=None if next_cursor is None else cursor_of(query, next_cursor)))


def cursor_of(query: CursorQuery, end: str) -> str:
    """Return the cursor that goes on behind the end of a sort key, with the same filters."""
    return urlsafe_b64encode(f"{_mark(query)}#{end}".encode()).decode().rstrip("=")


def _mark(query: CursorQuery) -> str:
    """Return a short hash of the filters, as they were understood: one moment in two spellings is one filter."""
    filters = query.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    return digest(json.dumps(filters, default=str))[:MARK_LENGTH]
