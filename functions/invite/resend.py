"""POST /organizations/{organization_id}/invitations/{invitation_id}/resend: a new expiry and a new link."""

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.problems import Conflict
from roster.api.request import Request
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
from roster.membership.requirements import refuse_unless, require_room, require_verified
from roster.membership.shapes import invitation_shape
from roster.membership.standing import standing_of
from roster.table.items import AddressHolders, User
from roster.table.read import read

handler = App()


@handler.route("POST", "/organizations/{organization_id}/invitations/{invitation_id}/resend", if_match=True)
def resend(request: Request, organization_id: str, invitation_id: str) -> Answer:
    """Send an invitation again: the caller becomes its sender, and the old link stops working."""
    me = User.key(request.caller.user_id)
    standing = standing_of(request, organization_id, *invitation_keys(organization_id, invitation_id), me)
    policy, organization = standing.policy, standing.organization
    standing.require("invitations:manage")
    require_verified(request.caller.verified_email)
    found = find_invitation(standing.batch, organization_id, invitation_id)
    refuse_unless(policy.may_invite(standing.roles, [role for role in found.roles if role in policy.roles]))
    request.if_match.require(found)
    if found.status != "accepted":
        key = AddressHolders.key(found.email)
        holders = read([key])[key]
        require_no_member(standing, None, holders, read(having_keys(standing, holders)))
    invitation = require_renewable(found)
    if policy.unfit(invitation.roles):
        raise Conflict("The role of this invitation no longer exists. Cancel it, and invite to another role.")
    growth = policy.growth(invitation.roles, members=1)
    require_room(organization, policy, growth)
    require_sendable(policy.pack, organization, standing.batch[me], invitation, now())

    change = caller_change(request, organization, "invitation.resent", ("invitation", invitation_id))
    standing.check(change, *invitation.roles)
    change.room(organization, growth)
    sends = int(invitation.sends) + 1
    change.update(invitation, sending(change, standing, invitation, invitation_id=invitation_id, sends=sends))
    count_sending(change, policy.pack, organization, request.caller.user_id, standing.batch[me])
    can = can_to_invitation(standing, invitation, request.caller.verified_email)
    shape = invitation_shape(policy, invitation, standing.batch, status="pending", can=can)
    return request.commit(change, ok(shape, invitation))
