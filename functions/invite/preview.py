"""POST /invitations/preview: what a link invites to; no sign-in, and nothing changes."""

from typing import TypedDict

from roster import links
from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import Body, Token
from roster.api.problems import InvitationExpired, InvitationVoid, LinkReplaced, NotFound, NotPending
from roster.api.request import Request
from roster.api.shown import Person, Time
from roster.clock import rfc3339
from roster.membership.answering import open_invitation
from roster.membership.shapes import person, titles

handler = App()
links.prepare()


class LinkToken(Body):
    """The token of a link, mailed or copied."""

    token: Token
    """The token of the link: what stands behind its #."""


class PreviewShape(TypedDict):
    """What accepting an invitation would mean."""

    organization_id: str
    """The organization that it invites to."""
    invitation_id: str
    """The invitation, for accepting or declining it."""
    organization_name: str
    """The organization's name."""
    invited_by: Person | None
    """Who sent it."""
    roles: list[str]
    """The roles by id that the invited person will have. Send them when accepting."""
    role_titles: list[str]
    """The names of the roles for people, in the order of `roles`."""
    email: str
    """The address that was invited."""
    invited_address_only: bool
    """Whether only an account with the invited address, verified, can accept."""
    message: str | None
    """What the inviter wrote."""
    expires_at: Time
    """Until when it can be accepted."""


@handler.route(
    "POST",
    "/invitations/preview",
    public=True,
    raises=(NotFound, NotPending, InvitationExpired, InvitationVoid, LinkReplaced),
)
def preview(request: Request, body: LinkToken) -> Answer[PreviewShape]:
    """Show what an invitation is to, by the token of its link. Nobody needs to sign in for it."""
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
