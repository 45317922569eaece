"""DELETE /organizations/{organization_id}/invitations/{invitation_id}: cancel an invitation."""

from roster.api.answers import NoContent, no_content
from roster.api.app import App
from roster.api.problems import NotPending
from roster.api.request import Request
from roster.membership.changes import caller_change
from roster.membership.invitations import close, find_invitation, invitation_keys, require_renewable
from roster.membership.standing import standing_of

handler = App()


@handler.route("DELETE", "/organizations/{organization_id}/invitations/{invitation_id}", raises=(NotPending,))
def cancel(request: Request, organization_id: str, invitation_id: str) -> NoContent:
    """Cancel an invitation that is open, expired or void. Its link never works again."""
    standing = standing_of(request, organization_id, *invitation_keys(organization_id, invitation_id))
    standing.require("invitations:manage")
    found = find_invitation(standing.batch, organization_id, invitation_id)
    request.if_match.require(found)
    invitation = require_renewable(found)

    change = caller_change(request, standing.organization, "invitation.canceled", ("invitation", invitation_id))
    standing.check(change)
    close(change, invitation, "canceled")
    return request.commit(change, no_content())
