"""GET …/invitations, one of them, and GET /me/invitations: what is open, what has died, and why."""

from collections.abc import Iterable

from roster.api.answers import Answer, etag_of, ok
from roster.api.app import OPAQUE_ID, App
from roster.api.fields import PageQuery
from roster.api.pages import Page, after, listed
from roster.api.problems import EmailNotVerified
from roster.api.request import Request
from roster.api.shown import InvitationCan, InvitationShape, ListedInvitation, ReceivedInvitation, Status
from roster.membership.invitations import (
    RENEWABLE,
    can_to_invitation,
    find_invitation,
    invitation_keys,
    inviter_key,
    status_of,
)
from roster.membership.members import had_by_members
from roster.membership.people import follow_moved, read_named
from roster.membership.requirements import require_own_pack, require_verified
from roster.membership.shapes import invitation_shape, organization_brief, titles
from roster.membership.standing import living, view_of, visible
from roster.table.base import Item
from roster.table.items import AddressHolders, Invitation, InvitationAttributes, Member, User
from roster.table.keys import Key
from roster.table.read import page, read

handler = App()

NOT_A_MEMBER_MAY: InvitationCan = {"resend": False, "cancel": False, "copy_link": False}


class InvitationQuery(PageQuery):
    """Which invitations: those with a status, or all."""

    status: Status | None = None
    """Only those with this status."""


@handler.route("GET", "/organizations/{organization_id}/invitations")
@handler.route("GET", "/organizations/{organization_id}/invitations", scope="roster/read")
def read_all(request: Request, organization_id: str, query: InvitationQuery) -> Answer[Page[ListedInvitation]]:
    """List the invitations of an organization. Those that were accepted are left out, and the order may change."""
    cursor = after(query, OPAQUE_ID)
    view = view_of(request, organization_id)
    view.require("invitations:manage")
    found = page(Invitation, view.organization.pk, Invitation.PREFIX, limit=query.limit, cursor=cursor)
    people = read_named([*_inviters(found.items), *_holders(found.items)])
    had = had_by_members(view, (invitation.email for invitation in found.items), people)
    verified = request.caller.verified_email
    shapes: list[ListedInvitation] = []
    for invitation in found.items:
        status = status_of(invitation, people[inviter_key(invitation)], view.policy)
        if query.status is None or status == query.status:
            had_by_member = invitation.email in had
            can = can_to_invitation(view, invitation, verified, status=status, had=had_by_member)
            shape = invitation_shape(view.policy, invitation, people, status=status, can=can)
            shapes.append({**shape, "etag": etag_of(invitation)})
    return listed(query, shapes, found.next_cursor)


@handler.route("GET", "/organizations/{organization_id}/invitations/{invitation_id}")
@handler.route("GET", "/organizations/{organization_id}/invitations/{invitation_id}", scope="roster/read")
def read_one(request: Request, organization_id: str, invitation_id: str) -> Answer[InvitationShape]:
    """Show one invitation. An accepted one is shown while its member stays."""
    view = view_of(request, organization_id, *invitation_keys(organization_id, invitation_id))
    view.require("invitations:manage")
    invitation = find_invitation(view.batch, organization_id, invitation_id)
    people = read_named([*_inviters([invitation]), *_holders([invitation])])
    status = status_of(invitation, people[inviter_key(invitation)], view.policy)
    had = bool(had_by_members(view, [invitation.email], people))
    can = can_to_invitation(view, invitation, request.caller.verified_email, status=status, had=had)
    return ok(invitation_shape(view.policy, invitation, people, status=status, can=can), invitation)


@handler.route("GET", "/me/invitations", raises=(EmailNotVerified,))
def read_mine(request: Request, query: PageQuery) -> Answer[Page[ReceivedInvitation]]:
    """List the open invitations to the caller's verified address, without those to organizations that they are in."""
    cursor = after(query, OPAQUE_ID)
    me = User.key(request.caller.user_id)
    if request.caller.verified_email is None:
        request.refuse_moved(read([me]))
    address = require_verified(request.caller.verified_email)
    found = page(Invitation, f"EMAIL#{address}", "ORG#", limit=query.limit, cursor=cursor, index=Item.by_owner)
    caller_id, organizations = request.caller.user_id, {invitation.organization_id for invitation in found.items}
    seen = [key for one in organizations for key in (*visible(one), Member.key(one, caller_id))]
    batch = follow_moved(request.read(*seen, *_inviters(found.items), me))
    shapes: list[ReceivedInvitation] = []
    for invitation in found.items:
        view = living(batch, invitation.organization_id)
        if view is None or batch[Member.key(view.organization.id, caller_id)] is not None:
            continue  # deleted, and not purged yet; or the caller is in by another address
        if invitation.status == "pending":
            require_own_pack(view.organization)
        status = status_of(invitation, batch[inviter_key(invitation)], view.policy)
        if status == "pending":
            shape = invitation_shape(view.policy, invitation, batch, status=status, can=NOT_A_MEMBER_MAY)
            shapes.append(
                {
                    **shape,
                    "etag": etag_of(invitation),
                    "organization": organization_brief(view.organization),
                    "role_titles": titles(view.policy, invitation.roles),
                }
            )
    return listed(query, shapes, found.next_cursor)


def _inviters(invitations: Iterable[InvitationAttributes]) -> list[Key[Member] | Key[User]]:
    """Return where those who invited stand: their memberships tell the status, and they have names."""
    return [key for one in invitations for key in (inviter_key(one), User.key(one.invited_by))]


def _holders(invitations: Iterable[InvitationAttributes]) -> list[Key[AddressHolders]]:
    """Return where it stands who has the addresses invited, of what may be sent again."""
    return [AddressHolders.key(one.email) for one in invitations if one.status in RENEWABLE]
