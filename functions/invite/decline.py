"""POST /organizations/{organization_id}/invitations/{invitation_id}/decline: the invited person declines."""

from roster import links
from roster.api.answers import NoContent, no_content
from roster.api.app import App
from roster.api.request import Request
from roster.membership.answering import REFUSALS, Reply, open_invitation
from roster.membership.changes import caller_change
from roster.membership.invitations import check_inviter, close
from roster.table.items import Member

handler = App()
links.prepare()


@handler.route("POST", "/organizations/{organization_id}/invitations/{invitation_id}/decline", raises=REFUSALS)
def decline(request: Request, organization_id: str, invitation_id: str, body: Reply) -> NoContent:
    """Decline an invitation. Its link never works again."""
    opened = open_invitation(request, organization_id, invitation_id, body.token)

    # By a copied link, it may be anybody: then nobody says that who was invited has declined.
    how = {} if opened.proven else {"copied_link": True}
    change = caller_change(
        request, opened.view.organization, "invitation.declined", ("invitation", invitation_id), **how
    )
    change.check_absent(Member(*Member.key(organization_id, request.caller.user_id)))
    check_inviter(change, opened.view, opened.invitation, opened.inviter)
    close(change, opened.invitation, "declined")
    return request.commit(change, no_content())
