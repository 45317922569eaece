"""POST /organizations/{organization_id}/invitations/{invitation_id}/link: a link to hand over without mail."""

from typing import TypedDict

from roster import links
from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.problems import EmailNotVerified, NotPending
from roster.api.request import Request
from roster.api.shown import Time, Url
from roster.clock import rfc3339
from roster.membership.changes import caller_change
from roster.membership.invitations import check_inviter, find_invitation, invitation_keys, inviter_key, status_of
from roster.membership.requirements import refuse_unless, require_copying, require_verified
from roster.membership.standing import standing_of
from roster.table.items import Invitation
from roster.table.read import read

handler = App()
links.prepare()


class LinkShape(TypedDict):
    """A link to an invitation."""

    link: Url
    """The link. Who has it can accept the invitation, unless only the invited address may."""
    expires_at: Time
    """Until when the invitation can be accepted."""


# What it answers is kept nowhere, and so under no Idempotency-Key either.
@handler.route(
    "POST",
    "/organizations/{organization_id}/invitations/{invitation_id}/link",
    idempotency_key=False,
    raises=(EmailNotVerified, NotPending),
)
def copy_link(request: Request, organization_id: str, invitation_id: str) -> Answer[LinkShape]:
    """Get a link to an open invitation, to hand over without mail.

    It proves the invitation, but no address. It ends with the mailed link, when the invitation is sent again.
    """
    standing = standing_of(request, organization_id, *invitation_keys(organization_id, invitation_id))
    policy = standing.policy
    standing.require("invitations:manage")
    require_copying(policy.pack)
    require_verified(request.caller.verified_email)
    invitation = find_invitation(standing.batch, organization_id, invitation_id)
    refuse_unless(policy.may_invite(standing.roles, [role for role in invitation.roles if role in policy.roles]))
    key = inviter_key(invitation)
    inviter = read([key])[key]
    status = status_of(invitation, inviter, policy)
    if status != "pending":
        raise NotPending(status, to_invited=False)

    change = caller_change(request, standing.organization, "invitation.link_copied", ("invitation", invitation_id))
    check_inviter(change, standing, invitation, inviter)  # and the caller's own membership
    change.require(invitation, Invitation.status == invitation.status)  # the sweep leaves the stamp
    change.check(invitation)
    link = str(invitation.link)
    token = links.make(links.Purpose.COPIED, organization_id, invitation_id, invitation.email, link)
    return request.commit(change, ok({"link": links.url(token), "expires_at": rfc3339(invitation.expires_at)}))
