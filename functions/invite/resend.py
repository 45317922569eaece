"""POST /organizations/{organization_id}/invitations/{invitation_id}/resend: a new expiry, a new link, other roles."""

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import Body, Locale, Message, Roles
from roster.api.problems import AlreadyMember, Conflict, EmailNotVerified, NotPending, PlanLimit, TooManyRequests
from roster.api.request import Request
from roster.api.shown import InvitationShape
from roster.clock import now
from roster.membership.changes import caller_change
from roster.membership.invitations import (
    can_to_invitation,
    find_invitation,
    invitation_keys,
    require_renewable,
    sending,
)
from roster.membership.members import having_keys, require_no_member
from roster.membership.quotas import count_sending, require_sendable
from roster.membership.requirements import refuse_unless, require_fit, require_room, require_verified
from roster.membership.shapes import invitation_shape
from roster.membership.standing import standing_of
from roster.table.items import AddressHolders, User
from roster.table.read import read

handler = App()


class Replacement(Body):
    """What an invitation has from now on, instead of what it had."""

    NULL_TAKES_BACK = frozenset({"message", "locale"})

    roles: Roles | None = None
    """Other roles, by id."""
    message: Message | None = None
    """Another message. Null removes it."""
    locale: Locale | None = None
    """Another language of the mail, as a BCP 47 tag. Null means the organization's."""


@handler.route(
    "POST",
    "/organizations/{organization_id}/invitations/{invitation_id}/resend",
    if_match=True,
    raises=(EmailNotVerified, AlreadyMember, NotPending, Conflict, PlanLimit, TooManyRequests),
)
def resend(request: Request, organization_id: str, invitation_id: str, body: Replacement) -> Answer[InvitationShape]:
    """Send an invitation again, with a new link. The old link stops working, and the caller becomes who invited.

    What the body names replaces what the invitation had.
    """
    me = User.key(request.caller.user_id)
    standing = standing_of(request, organization_id, *invitation_keys(organization_id, invitation_id), me)
    policy, organization = standing.policy, standing.organization
    standing.require("invitations:manage")
    require_verified(request.caller.verified_email)
    found = find_invitation(standing.batch, organization_id, invitation_id)
    had, roles = policy.in_order(found.roles), policy.in_order(body.roles or found.roles)
    if body.roles is not None:
        require_fit(policy, roles)
    refuse_unless(policy.may_invite(standing.roles, policy.roles.keys() & {*had, *roles}))
    request.if_match.require(found)
    if found.status != "accepted":
        key = AddressHolders.key(found.email)
        holders = read([key])[key]
        require_no_member(standing, None, holders, read(having_keys(standing, holders)))
    invitation = require_renewable(found)
    if policy.unfit(roles):
        raise Conflict("The role of this invitation no longer exists. Choose another one, and send it again.")
    growth = policy.growth(roles, members=1)
    require_room(organization, policy, growth)
    require_sendable(policy.pack, organization, standing.batch[me], invitation, now())

    data = {} if roles == had else {"from": had, "to": roles}
    change = caller_change(request, organization, "invitation.resent", ("invitation", invitation_id), **data)
    standing.check(change, *had, *roles)
    change.room(organization, growth)
    sends = invitation.sends + 1
    sent = sending(change, standing, invitation, invitation_id=invitation_id, sends=sends)
    replaced = body.model_dump(exclude_unset=True) | {"roles": {*roles}}
    change.update(invitation, replaced | sent)
    count_sending(change, policy.pack, organization, request.caller.user_id, standing.batch[me])
    can = can_to_invitation(standing, invitation, request.caller.verified_email, status="pending")
    shape = invitation_shape(policy, invitation, standing.batch, status="pending", can=can)
    return request.commit(change, ok(shape, invitation))
