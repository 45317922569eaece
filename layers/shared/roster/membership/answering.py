"""Answering an invitation: what accept, decline and preview share, which judge what somebody brings in one way."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple, cast

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
    Problem,
)
from roster.api.request import Request
from roster.membership.invitations import address_keys, invitation_in, invitation_keys, inviter_key, status_of
from roster.membership.people import follow_moved, holder_keys, told_by_token
from roster.membership.requirements import require_own_pack
from roster.membership.shapes import person
from roster.membership.standing import View, living, visible
from roster.table.items import Invitation, InvitationAttributes, JoinedAddress, Member, User
from roster.table.keys import Key
from roster.table.read import Batch, read

# What answering an invitation may be refused with, beside what every request may be.
REFUSALS = (EmailNotVerified, AlreadyMember, NotPending, InvitationExpired, InvitationVoid, LinkReplaced)
# While it is so, verifying the address would help.
_VERIFYING_HELPS = frozenset({"pending", "expired", "void"})


class Reply(Body):
    """The link's token; not needed if the caller is signed in with the invited address, verified."""

    token: Token | None = None
    """The token of the link. Who is signed in with the invited address, verified, needs none."""


class Opened(NamedTuple):
    """A pending invitation before the person it is meant for, what was read with it, and where their link is from.

    `proven` says whether the invited address is theirs: it is their verified one, or they have the link that was mailed
    there. Who has a copied link joins by their own address, or by none.
    """

    view: View
    invitation: Invitation
    inviter: Member
    people: Batch
    origin: Mapping[str, object]
    proven: bool


class _Proof(NamedTuple):
    """What somebody brings: the invited address, verified or not, and a link, mailed or copied."""

    address: bool
    unverified_address: bool
    current_link: bool
    replaced_link: bool
    mailed_link: bool  # the current one, from the mail


def open_invitation(
    request: Request, organization_id: str, invitation_id: str, token: str | None, *, accepting: bool = False
) -> Opened:
    """Read an invitation for who answers it, and judge whether it is theirs, and open.

    Raises the problem of the first row of the contract's table that fits; NotFound for whom it is not. AWS is asked the
    same whether there is such an invitation or not, so that the time it takes tells nothing either.
    """
    caller = request.caller
    member_key = Member.key(organization_id, caller.user_id)
    wanted = (
        *visible(organization_id),
        *invitation_keys(organization_id, invitation_id),
        member_key,
        User.key(caller.user_id),
    )
    batch = request.read(*wanted)
    found = invitation_in(batch, organization_id, invitation_id)
    if found is None:
        # A batch is no snapshot: read while it is being accepted, an invitation may seem to stand in neither place.
        batch = request.read(*wanted)
        found = invitation_in(batch, organization_id, invitation_id)
    user = batch[User.key(caller.user_id)]
    kept = [*holder_keys(user, told_by_token(caller, user)), *_own_keys(found, caller)] if accepting else []
    people = Batch() if found is None else read([inviter_key(found), User.key(found.invited_by), *kept])
    proof = _prove(found, caller, token)
    view = living(batch, organization_id)
    if view is None or found is None:
        raise NotFound
    inviter = people[inviter_key(found)]
    if proof.address or proof.current_link or proof.replaced_link:  # whoever proves nothing is told nothing
        require_own_pack(view.organization)
    origin = _origin(view, found, follow_moved(people)) if proof.current_link or proof.replaced_link else {}
    with naming(origin):
        _judge(
            proof,
            status=status_of(found, inviter, view.policy),
            is_member=batch[member_key] is not None,
            address_alone=accepting and view.policy.guarded(found.roles),
            no_token=token is None,
            taken=isinstance(found, JoinedAddress) and bool(found.copied),
        )
    proven = proof.address or proof.mailed_link
    return Opened(view, cast("Invitation", found), cast("Member", inviter), people, origin, proven)


@contextmanager
def naming(origin: Mapping[str, object]) -> Iterator[None]:
    """Add to a refusal whom the caller can ask: the inviter, and the organization."""
    try:
        yield
    except Problem as refusal:
        if refusal.status in {HTTPStatus.CONFLICT, HTTPStatus.GONE}:
            refusal.members = {**origin, **refusal.members}
        raise


def _own_keys(invitation: InvitationAttributes | None, caller: Caller) -> list[Key[Any]]:
    """Return what tells whether the caller may join by an address of their own, if that is not the invited one."""
    own = caller.verified_email
    if invitation is None or own is None or own == invitation.email:
        return []
    return [*address_keys(invitation.organization_id, own)]


def _origin(view: View, invitation: InvitationAttributes, people: Batch) -> dict[str, object]:
    return {
        "organization_id": view.organization.id,
        "organization_name": view.organization.name,
        "invited_by": person(people, invitation.invited_by),
    }


def _prove(invitation: InvitationAttributes | None, caller: Caller, token: str | None) -> _Proof:
    """Judge what was brought. KMS is asked about each token in the right form, even if there is no invitation."""
    link = None if token is None else links.parse(token)
    right = link is not None and links.verified(link, None if invitation is None else invitation.email)
    if invitation is None:
        return _Proof(*[False] * len(_Proof._fields))
    names = None if link is None else (link.organization_id, link.invitation_id)
    known = right and names == (invitation.organization_id, invitation.id)
    current = known and link is not None and link.link == invitation.link
    return _Proof(
        address=caller.verified_email == invitation.email,
        unverified_address=caller.unverified_email == invitation.email,
        current_link=current,
        replaced_link=known and not current,
        mailed_link=current and link is not None and link.purpose is links.Purpose.MAILED,
    )


def _judge(proof: _Proof, *, status: str, is_member: bool, address_alone: bool, no_token: bool, taken: bool) -> None:
    """Raise the first problem that fits; a pending invitation before its person raises none."""
    known = proof.address or proof.current_link
    if known and is_member and status in {"pending", "accepted"}:
        raise AlreadyMember("You are a member already. To join with another account, sign in with that one.")
    if status == "pending" and address_alone and proof.current_link and not proof.address:
        if proof.unverified_address:
            raise EmailNotVerified
        raise Forbidden("Sign in with the address that was invited.", {"reason": "invited_address_only"})
    if known:
        _require_pending(status, taken=taken)
    elif proof.replaced_link:
        raise LinkReplaced
    elif proof.unverified_address and no_token and status in _VERIFYING_HELPS:
        raise EmailNotVerified
    else:
        raise NotFound


def _require_pending(status: str, *, taken: bool) -> None:
    if status == "expired":
        raise InvitationExpired
    if status == "void":
        raise InvitationVoid
    if status != "pending":
        raise NotPending(status, to_invited=True, taken=taken)
