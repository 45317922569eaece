"""GET /organizations/{organization_id}, GET /organizations and GET /me/organizations."""

from typing import TypedDict

from roster.api.answers import Answer, etag_of, ok
from roster.api.app import App
from roster.api.fields import ExternalName, PageQuery
from roster.api.pages import ULID, Page, after, listed
from roster.api.request import Request
from roster.api.shown import ListedOrganization, OrganizationBrief, OrganizationShape, Time
from roster.clock import rfc3339
from roster.membership.people import first_joined, membership, membership_keys
from roster.membership.requirements import require_own_pack
from roster.membership.shapes import organization_brief, organization_shape, titles
from roster.membership.standing import living, view_of, visible
from roster.table.base import Item
from roster.table.items import ExternalId, Member, Organization, User
from roster.table.keys import ORGANIZATIONS, Key
from roster.table.read import indexed_page, page, read

handler = App()


@handler.route("GET", "/organizations/{organization_id}")
@handler.route("GET", "/organizations/{organization_id}", scope="roster/read")
def read_one(request: Request, organization_id: str) -> Answer[OrganizationShape]:
    """Show an organization."""
    view = view_of(request, organization_id)
    view.require("organization:read")
    return ok(organization_shape(view.organization), view.organization)


class OrganizationQuery(PageQuery):
    """Which organizations: the one that the product calls so, or all."""

    external_id: ExternalName | None = None
    """Only the one with this id of the product's own."""


@handler.route("GET", "/organizations", scope="roster/read")
def read_all(request: Request, query: OrganizationQuery) -> Answer[Page[ListedOrganization]]:
    """List all organizations, or find one by its external id. They are in the order in which they were created."""
    cursor = after(query, ULID)
    if query.external_id is None:
        keys, end = indexed_page(ORGANIZATIONS, limit=query.limit, cursor=cursor)
    else:
        keys, end = _named(request, query.external_id), None
    batch = read(keys)
    found = [one for key in keys if (one := batch[key]) is not None and one.deleted_at is None]  # the index lags
    for one in found:
        require_own_pack(one)
    shapes: list[ListedOrganization] = [{**organization_shape(one), "etag": etag_of(one)} for one in found]
    return listed(query, shapes, end)


def _named(request: Request, external_id: str) -> list[Key[Organization]]:
    """Return where the organization stands that the product calls so, if there is one."""
    key = ExternalId.key(external_id)
    named = request.read(key)[key]
    return [] if named is None else [Organization.key(named.organization_id)]


class MembershipShape(TypedDict):
    """One of the caller's organizations, and what they are in it."""

    organization: OrganizationBrief
    """The organization."""
    roles: list[str]
    """The caller's roles by id, in the pack's order."""
    role_titles: list[str]
    """The names of the roles for people, in the order of `roles`."""
    active: bool
    """Whether this is the active organization: one of them is."""
    joined_at: Time
    """When the caller joined."""


@handler.route("GET", "/me/organizations")
def read_mine(request: Request, query: PageQuery) -> Answer[Page[MembershipShape]]:
    """List the caller's organizations, in the order of joining."""
    user_id = request.caller.user_id
    cursor = after(query, ULID)
    user = request.read(User.key(user_id))[User.key(user_id)]
    chosen = user.active_organization if user else None
    chosen_keys = membership_keys(chosen, user_id) if chosen else ()
    while True:
        joined = page(Member, f"USER#{user_id}", "JOINED#", limit=query.limit, cursor=cursor, index=Item.by_owner)
        batch = read([*(key for one in joined.items for key in visible(one.organization_id)), *chosen_keys])
        views = [(one, view) for one in joined.items if (view := living(batch, one.organization_id)) is not None]
        cursor = joined.next_cursor
        if views or cursor is None:  # a page of deleted ones alone, not purged yet, would show nothing to work in
            break
    for _, view in views:
        require_own_pack(view.organization)
    # What was chosen and is no longer the caller's gives way to what they joined first.
    active = (membership(batch, chosen, user_id) if chosen else None) or first_joined(user_id)

    items: list[MembershipShape] = [
        {
            "organization": organization_brief(view.organization),
            "roles": view.policy.in_order(member.roles),
            "role_titles": titles(view.policy, member.roles),
            "active": active is not None and view.organization.id == active.organization.id,
            "joined_at": rfc3339(member.joined_at),
        }
        for member, view in views
    ]
    return listed(query, items, cursor)
