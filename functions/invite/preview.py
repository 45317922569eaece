"""POST /invitations/preview: what a link invites to; no sign-in, and nothing changes."""

from roster import links
from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import Body, Token
from roster.api.problems import NotFound
from roster.api.request import Request
from roster.clock import rfc3339
from roster.membership.answering import open_invitation
from roster.membership.shapes import person, titles

handler = App()


class LinkToken(Body):
    """The token of a link, mailed or copied."""

    token: Token


@handler.route("POST", "/invitations/preview", public=True)
def preview(request: Request, body: LinkToken) -> Answer:
    """Show what accepting would mean."""
    link = links.parse(body.token)
    if link is None:
        raise NotFound
    opened = open_invitation(request, link.organization_id, link.invitation_id, body.token)
    view, invitation = opened.view, opened.invitation
    return ok(
        {
            "organization_id": view.organization.id,
            "invitation_id": invitation.id,
            "organization_name": view.organization.name,
            "invited_by": person(opened.people, invitation.invited_by),
            "roles": view.policy.in_order(invitation.roles),
            "role_titles": titles(view.policy, invitation.roles),
            "email": invitation.email,
            "invited_address_only": view.policy.guarded(invitation.roles),
            "message": invitation.message,
            "expires_at": rfc3339(invitation.expires_at),
        }
    )
