"""GET /organizations/{organization_id}/members, and one of them: who is in, and what the caller may do to them."""

from roster.api.answers import Answer, etag_of, ok
from roster.api.app import App
from roster.api.fields import USER_ID
from roster.api.pages import Page, after, listed
from roster.api.request import Request
from roster.api.shown import ListedMember, SingleMember
from roster.membership.members import member_of
from roster.membership.search import MemberQuery, find_members
from roster.membership.shapes import member_shapes, read_people, single_shape
from roster.membership.standing import view_of
from roster.table.items import Member

handler = App()


@handler.route("GET", "/organizations/{organization_id}/members")
@handler.route("GET", "/organizations/{organization_id}/members", scope="roster/read")
def read_all(request: Request, organization_id: str, query: MemberQuery) -> Answer[Page[ListedMember]]:
    """List the members of an organization, or find some by role or words."""
    cursor = after(query, USER_ID)
    view = view_of(request, organization_id)
    view.require("members:read")
    found = find_members(view, query, cursor)
    shown = zip(member_shapes(view, found.members, found.people), found.members, strict=True)
    shapes: list[ListedMember] = [{**shape, "etag": etag_of(member)} for shape, member in shown]
    return listed(query, shapes, found.next_cursor)


@handler.route("GET", "/organizations/{organization_id}/members/{user_id}")
@handler.route("GET", "/organizations/{organization_id}/members/{user_id}", scope="roster/read")
def read_one(request: Request, organization_id: str, user_id: str) -> Answer[SingleMember]:
    """Show one member.

    Of their own membership, everybody may see it, with what they may do and to which roles they may invite.
    """
    view = view_of(request, organization_id, Member.key(organization_id, user_id))
    if user_id != request.caller.user_id:
        view.require("members:read")
    member = member_of(view, user_id)
    people = read_people([user_id, member.invited_by])
    return ok(single_shape(view, member, people, request.caller.verified_email), member)
