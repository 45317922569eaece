"""GET /organizations/{organization_id}/activity.csv: the log for a spreadsheet, or as lines of JSON."""

import csv
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import StringIO
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from pydantic_core import to_json

from roster.api.answers import Text
from roster.api.app import App
from roster.api.fields import CursorQuery
from roster.api.pages import ULID, after, cursor_of
from roster.api.request import Request
from roster.api.shown import EventShape
from roster.membership.log import LogQuery, event_shapes, log_page
from roster.membership.standing import View, view_of

handler = App()

# A part of the log ends with its 10,000th row or its 4 MB, and is read in steps.
ROWS = 10_000
LARGEST = 4_000_000
STEP = 1_000

COLUMNS = (
    *("id", "type", "at", "occurred_at", "actor_type", "actor_id", "actor_name", "actor_email", "via"),
    *("target_type", "target_id", "target_name", "data", "sentence", "request_id"),
)
# By which a spreadsheet knows that a file is UTF-8, and not what its country had before.
BYTE_ORDER_MARK = "\ufeff"
# Where a spreadsheet takes a cell for a formula, or, if it splits cells there, what stands behind a semicolon or a tab,
# in quotes too. The signs count in full width as well.
FORMULA = re.compile(r"""^(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])|(?<=[;\t])(?="*[=+\-@\uff1d\uff0b\uff0d\uff20])""")


class ExportQuery(LogQuery, CursorQuery):
    """Which events, and where the last part ended."""


class Form(NamedTuple):
    """A form that the log goes out in."""

    content_type: str
    extension: str
    header: str
    line: Callable[[EventShape], str]


@handler.route("GET", "/organizations/{organization_id}/activity.csv")
@handler.route("GET", "/organizations/{organization_id}/activity.csv", scope="roster/read")
def export(
    request: Request, organization_id: str, query: ExportQuery
) -> Text[Literal["text/csv", "application/x-ndjson"]]:
    """Export the activity log as a file, newest first.

    It is CSV for a spreadsheet or, with `Accept: application/x-ndjson`, one JSON object a line. One answer holds at
    most 10,000 rows or 4 MB; the header `Link` leads to the rest.
    """
    cursor = after(query, ULID)
    view = view_of(request, organization_id)
    view.require("activity:read")
    form = LINES if _asks_for_lines(request.accept) else CSV
    lines, end = _part(view, query, cursor, form)
    headers = {
        "Content-Type": form.content_type,
        "Content-Disposition": f'attachment; filename="activity-{organization_id}.{form.extension}"',
    }
    if end is not None:
        rest = query.model_dump(mode="json", exclude_none=True) | {"cursor": cursor_of(query, end)}
        headers["Link"] = f"/organizations/{organization_id}/activity.csv?{urlencode(rest)}"
    return Text(HTTPStatus.OK, None, headers, form.header + "".join(lines))


def _part(view: View, query: LogQuery, cursor: str | None, form: Form) -> tuple[list[str], str | None]:
    """Return the lines of one part, and the id of the event that the rest comes after, if there is a rest."""
    lines: list[str] = []
    size = len(to_json(form.header))
    for _ in range(ROWS // STEP):
        found = log_page(view.organization.id, query, cursor=cursor, limit=STEP)
        for event in event_shapes(found.items, view.organization, view.policy):
            line = form.line(event)
            size += len(to_json(line))  # as it travels: what Lambda answers is JSON, and cut at 6 MB
            if size > LARGEST:
                return lines, cursor
            lines.append(line)
            cursor = event["id"]
        cursor = found.next_cursor
        if cursor is None:
            break
    return lines, cursor


def _asks_for_lines(accept: str) -> bool:
    """Tell whether an Accept header asks for lines of JSON, and not as much for CSV."""
    weights: dict[str, float] = {}
    for named in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in named.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        weights[media_type] = float(quality) if quality.replace(".", "", 1).isdecimal() else 0
    return weights.get("application/x-ndjson", 0) > weights.get("text/csv", 0)


def _json_line(event: EventShape) -> str:
    return to_json(event).decode() + "\n"


def _csv_line(event: EventShape) -> str:
    parts = {"actor": event["actor"], "target": event["target"]}
    flat = {f"{name}_{key}": value for name, part in parts.items() for key, value in part.items()}
    cells: dict[str, Any] = {**event, **flat, "data": to_json(event["data"]).decode()}
    return _csv(_guarded(cells[column] or "") for column in COLUMNS)


def _guarded(cell: str) -> str:
    return FORMULA.sub("'", cell)


def _csv(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


CSV = Form("text/csv; charset=utf-8; header=present", "csv", BYTE_ORDER_MARK + _csv(COLUMNS), _csv_line)
LINES = Form("application/x-ndjson", "ndjson", "", _json_line)
