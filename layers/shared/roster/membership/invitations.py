"""Invitations as they stand: their worked-out status, and who may touch them."""

from collections.abc import Collection, Iterable
from typing import Any

from roster.api.problems import AlreadyInvited, NotFound, NotPending
from roster.api.shown import InvitationCan
from roster.clock import now
from roster.membership.quotas import sends_so_far
from roster.membership.requirements import has_room
from roster.membership.standing import Standing, View
from roster.policy.decisions import Policy
from roster.table.base import Item
from roster.table.commit import Change
from roster.table.items import (
    INVITATION_KEPT,
    Invitation,
    InvitationAttributes,
    JoinedAddress,
    Member,
)
from roster.table.keys import Key, day_of, due_index, invitation_id
from roster.table.read import Batch

# What an invitation is kept as while it can be sent again or cancelled: open, expired or void.
RENEWABLE = frozenset({"pending", "expired"})


def status_of(invitation: InvitationAttributes, inviter: Member | None, policy: Policy) -> str:
    """Return an invitation's status at this moment, even if nothing has recorded yet that it expired or became void."""
    if invitation.status != "pending":
        return invitation.status
    if now() >= invitation.expires_at:
        return "expired"
    return "pending" if _still_invites(invitation, inviter, policy) else "void"


def _still_invites(invitation: InvitationAttributes, inviter: Member | None, policy: Policy) -> bool:
    """Tell whether who invited still may. A membership that ended does not come back: returning is another one."""
    return (
        inviter is not None
        and inviter.joined == invitation.inviter_joined
        and not policy.unfit(invitation.roles)
        and bool(policy.may_invite(inviter.roles, invitation.roles))
    )


def inviter_key(invitation: InvitationAttributes) -> Key[Member]:
    """Return where the membership of who invited stands."""
    return Member.key(invitation.organization_id, invitation.invited_by)


def invitation_keys(organization_id: str, invitation_id: str) -> tuple[Key[Invitation], Key[JoinedAddress]]:
    """Return where an invitation stands: before it is accepted, and then."""
    return Invitation.key(organization_id, invitation_id), JoinedAddress.key(organization_id, invitation_id)


def address_keys(organization_id: str, address: str) -> tuple[Key[Invitation], Key[JoinedAddress]]:
    """Return where what an organization keeps of an address stands, as `invitation_keys`: its invitation, or member."""
    return invitation_keys(organization_id, invitation_id(organization_id, address))


def invitation_in(batch: Batch, organization_id: str, invitation_id: str) -> InvitationAttributes | None:
    """Return an invitation whose keys were read, or None if there is none: a founder was not invited."""
    open_key, joined_key = invitation_keys(organization_id, invitation_id)
    invitation = batch[open_key] or batch[joined_key]
    return None if invitation is None or invitation.link is None else invitation


def find_invitation(batch: Batch, organization_id: str, invitation_id: str) -> InvitationAttributes:
    """Return an invitation whose keys were read. Raises NotFound if there is none."""
    invitation = invitation_in(batch, organization_id, invitation_id)
    if invitation is None:
        raise NotFound
    return invitation


def require_renewable(invitation: InvitationAttributes) -> Invitation:
    """Return an invitation that can be sent again or cancelled; raise NotPending if it was answered or cancelled."""
    if not isinstance(invitation, Invitation) or invitation.status not in RENEWABLE:
        raise NotPending(str(invitation.status), to_invited=False)
    return invitation


def can_to_invitation(
    view: View, invitation: InvitationAttributes, verified: str | None, *, status: str, had: bool = False
) -> InvitationCan:
    """Tell what the caller may do to an invitation now, by its worked-out status; `had`: a member has its address."""
    policy = view.policy
    manages = invitation.status in RENEWABLE and bool(policy.may(view.roles, "invitations:manage"))
    invites = (
        manages and verified is not None and bool(policy.may_invite(view.roles, policy.roles.keys() & invitation.roles))
    )
    return {
        "resend": invites and not had and _finds_room(view, invitation),
        "cancel": manages,
        "copy_link": invites and status == "pending" and policy.pack.copy_links,
    }


def _finds_room(view: View, invitation: InvitationAttributes) -> bool:
    """Tell whether there is room for an invitation as it is or, if its role is gone, with some other one."""
    policy, had = view.policy, invitation.roles
    choices: Iterable[Collection[str]] = [[name] for name in policy.roles] if policy.unfit(had) else [had]
    return any(
        policy.may_invite(view.roles, roles) and has_room(view.organization, policy, policy.growth(roles, members=1))
        for roles in choices
    )


def sending(
    change: Change, standing: Standing, old: InvitationAttributes | None, *, invitation_id: str, sends: int
) -> dict[str, Any]:
    """Return what sending by this change sets: a new expiry, a new link, and the caller as the sender."""
    organization, actor, pack = standing.organization, standing.actor, standing.policy.pack
    expires_at = change.at + pack.invitation_lifetime
    return {
        "status": "pending",
        "invited_by": actor.user_id,
        "inviter_joined": actor.joined,
        "link": change.id,
        "sent_at": change.at,
        "expires_at": expires_at,
        "sends": sends,
        "sends_on": day_of(change.at),
        "sends_that_day": sends_so_far(old, change.at) + 1,
        "delivery": "queued" if organization.email_notifications else "suppressed",
        "ttl": int((expires_at + INVITATION_KEPT).timestamp()),
        **due_index(organization.id, invitation_id, expires_at),
    }


def close(change: Change, invitation: Invitation, status: str) -> None:
    """End an invitation that nobody accepted. It stays readable for a while, and no longer falls due."""
    change.require(invitation, Invitation.status == invitation.status)  # the sweep leaves the stamp
    change.update(invitation, {"status": status, "gsi2pk": None, "gsi2sk": None})


def accepted(invitation: Invitation, user_id: str, *, copied: bool) -> JoinedAddress:
    """Return an invitation as it is kept once accepted: as long as its member stays, without index keys and ttl.

    `copied` says that it was by a copied link, which proves nothing of its address: whoever has that is erased with the
    invitation, and so the index still finds it.
    """
    lost = Item.get_attributes().keys()  # its key, its place in the indexes, its ttl
    kept = {name: value for name, value in invitation.attribute_values.items() if name not in lost}
    answered: dict[str, Any] = {"status": "accepted", "user_id": user_id, "copied": copied or None}
    if copied:
        answered |= {"gsi1pk": invitation.gsi1pk, "gsi1sk": invitation.gsi1sk}
    return JoinedAddress(*JoinedAddress.key(invitation.organization_id, invitation.id), **kept | answered)


def check_inviter(change: Change, view: View, invitation: InvitationAttributes, inviter: Member | None) -> None:
    """Require that what an invitation's status was worked out by is as it was read.

    That is who invited, still the same member or still a stranger, and the custom ones among their roles and the
    invitation's.
    """
    if inviter is None:
        change.check_absent(Member(*inviter_key(invitation)))
    else:
        change.check(inviter)
    view.check(change, *invitation.roles, *([] if inviter is None else inviter.roles))


def doubted_keys(earlier: Invitation | None) -> list[Key[Member]]:
    """Return what tells whether an earlier invitation to an address lives: who sent it, if it is open."""
    return [inviter_key(earlier)] if earlier is not None and earlier.status == "pending" else []


def require_dead(view: View, earlier: Invitation | None, batch: Batch) -> Member | None:
    """Return who sent an earlier invitation to an address, if that one is void. Raises AlreadyInvited if it lives.

    `batch` has its `doubted_keys`.
    """
    if earlier is None or earlier.status != "pending":
        return None
    inviter = batch[inviter_key(earlier)]
    if status_of(earlier, inviter, view.policy) == "pending":
        raise AlreadyInvited
    return inviter


def check_dead(change: Change, view: View, earlier: Invitation | None, inviter: Member | None) -> None:
    """Require that what makes an earlier invitation dead is as it was read."""
    if earlier is not None and earlier.status == "pending":
        check_inviter(change, view, earlier, inviter)
