"""GET /organizations/{organization_id}/activity: who did what, newest first."""

from roster.api.answers import Answer
from roster.api.app import App
from roster.api.fields import PageQuery
from roster.api.pages import ULID, Page, after, listed
from roster.api.request import Request
from roster.api.shown import EventShape
from roster.membership.log import LogQuery, event_shapes, log_page
from roster.membership.standing import view_of

handler = App()


class ActivityQuery(LogQuery, PageQuery):
    """Which events, and how many at once."""


@handler.route("GET", "/organizations/{organization_id}/activity")
@handler.route("GET", "/organizations/{organization_id}/activity", scope="roster/read")
def read(request: Request, organization_id: str, query: ActivityQuery) -> Answer[Page[EventShape]]:
    """List what happened in an organization, newest first."""
    cursor = after(query, ULID)
    view = view_of(request, organization_id)
    view.require("activity:read")
    found = log_page(organization_id, query, cursor=cursor, limit=query.limit)
    shapes = event_shapes(found.items, view.organization, view.policy)
    return listed(query, shapes, found.next_cursor)
