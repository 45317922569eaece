"""Answering an invitation: what accept, decline and preview share, which judge what somebody brings in one way."""

from typing import NamedTuple, cast

from roster import links
from roster.api.caller import Caller
from roster.api.fields import Body, Token
from roster.api.problems import (
    AlreadyMember,
    EmailNotVerified,
    Forbidden,
    InvitationExpired,
    InvitationVoid,
    LinkReplaced,
    NotFound,
    NotPending,
)
from roster.api.request import Request
from roster.membership.invitations import find_invitation, invitation_keys, inviter_key, status_of
from roster.membership.people import holder_keys, told_by_token
from roster.membership.standing import View, see, visible
from roster.table.items import Invitation, InvitationAttributes, Member, User
from roster.table.read import Batch, read


class Reply(Body):
    """The token from the mail; not needed by who is signed in with the invited address, verified."""

    token: Token | None = None


class Opened(NamedTuple):
    """A pending invitation before the person it is meant for, and what was read with it."""

    view: View
    invitation: Invitation
    inviter: Member
    people: Batch


class _Proof(NamedTuple):
    """What somebody brings: the invited address, verified or not, and a link."""

    address: bool
    unverified_address: bool
    current_link: bool
    replaced_link: bool


def open_invitation(
    request: Request, organization_id: str, invitation_id: str, token: str | None, *, accepting: bool = False
) -> Opened:
    """Read an invitation for who answers it, and judge whether it is theirs, and open.

    Raises the problem of the first row of the contract's table that fits; NotFound for whom it is not.
    """
    caller = request.caller
    member_key = Member.key(organization_id, caller.user_id)
    keys = invitation_keys(organization_id, invitation_id)
    wanted = (*visible(organization_id), *keys, member_key, User.key(caller.user_id))
    batch = request.read(*wanted)
    if not any(batch[key] for key in keys):
        # A batch is no snapshot: read while it is being accepted, an invitation may seem to stand in neither place.
        batch = request.read(*wanted)
    view = see(batch, organization_id)
    invitation = find_invitation(batch, organization_id, invitation_id)
    user = batch[User.key(caller.user_id)]
    kept = holder_keys(user, told_by_token(caller, user)) if accepting else []
    people = read([inviter_key(invitation), User.key(invitation.invited_by), *kept])
    inviter = people[inviter_key(invitation)]
    status = status_of(invitation, inviter, view.policy)
    _judge(
        _prove(invitation, caller, token),
        status=status,
        is_member=batch[member_key] is not None,
        address_alone=accepting and view.policy.guarded(invitation.roles),
        no_token=token is None,
    )
    return Opened(view, cast("Invitation", invitation), cast("Member", inviter), people)


def _prove(invitation: InvitationAttributes, caller: Caller, token: str | None) -> _Proof:
    """Judge what was brought; KMS is asked only about a link that is needed, and could be of this invitation."""
    address = caller.verified_email == invitation.email
    link = None if token is None or address else links.parse(token)
    known = (
        link is not None
        and (link.organization_id, link.invitation_id) == (invitation.organization_id, invitation.id)
        and links.verified(link, invitation.email)
    )
    current = known and link is not None and link.link == invitation.link
    return _Proof(address, caller.unverified_email == invitation.email, current, known and not current)


def _judge(proof: _Proof, *, status: str, is_member: bool, address_alone: bool, no_token: bool) -> None:
    """Raise the first problem that fits; a pending invitation before its person raises none."""
    known = proof.address or proof.current_link
    if known and is_member and status in {"pending", "accepted"}:
        raise AlreadyMember("You are a member already. To join with another account, sign in with that one.")
    if status == "pending" and address_alone and proof.current_link:
        if proof.unverified_address:
            raise EmailNotVerified
        raise Forbidden("Sign in with the address that was invited.", {"reason": "invited_address_only"})
    if known:
        _require_pending(status)
    elif proof.replaced_link:
        raise LinkReplaced
    elif proof.unverified_address and no_token:
        raise EmailNotVerified
    else:
        raise NotFound


def _require_pending(status: str) -> None:
    if status == "expired":
        raise InvitationExpired
    if status == "void":
        raise InvitationVoid
    if status != "pending":
        raise NotPending(status, to_invited=True)
