"""GET /organizations/{organization_id} and GET /me/organizations: one organization, and the caller's own."""

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import PageQuery
from roster.api.pages import ULID, after, listed
from roster.api.request import Request
from roster.api.shapes import organization_brief, organization_shape
from roster.clock import rfc3339
from roster.policy.decisions import Policy
from roster.table.items import Item, Member, Organization, User
from roster.table.read import Batch, page, read

handler = App()


@handler.route("GET", "/organizations/{organization_id}")
def read_one(request: Request, organization_id: str) -> Answer:
    """Show an organization to its members."""
    standing = request.standing(organization_id)
    standing.require("organization:read")
    return ok(organization_shape(standing.organization), standing.organization)


@handler.route("GET", "/me/organizations")
def read_mine(request: Request, query: PageQuery) -> Answer:
    """List the caller's memberships, in the order of joining."""
    user_id = request.caller.user_id
    cursor = after(query, ULID)
    user = read([User.key(user_id)])[User.key(user_id)]
    memberships = page(Member, f"USER#{user_id}", "JOINED#", limit=query.limit, cursor=cursor, index=Item.by_owner)

    chosen = user.active_organization if user else None
    organization_ids = [member.organization_id for member in memberships.items]
    chosen_keys = [Organization.key(chosen), Member.key(chosen, user_id)] if chosen else []
    batch = read([*map(Organization.key, organization_ids), *chosen_keys])
    rows = [
        (member, organization)
        for member in memberships.items
        if (organization := _living(batch, member.organization_id)) is not None
    ]
    # What was chosen and is no longer the caller's gives way to what they joined first.
    active = chosen if chosen and _living(batch, chosen) and batch[Member.key(chosen, user_id)] else None
    if active is None and cursor is None and rows:
        active = rows[0][1].id

    policy = Policy(request.pack)
    items = [
        {
            "organization": organization_brief(organization),
            "roles": policy.in_order(member.roles),
            "active": organization.id == active,
            "joined_at": rfc3339(member.joined_at),
        }
        for member, organization in rows
    ]
    return listed(items, memberships.next_cursor)


def _living(batch: Batch, organization_id: str) -> Organization | None:
    """Return an organization that was read, unless it is deleted."""
    organization = batch[Organization.key(organization_id)]
    return None if organization is None or organization.deleted_at is not None else organization
