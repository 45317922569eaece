"""Who is told what about an event: for each type that is mailed about, the mails to send for it."""

import os
from collections.abc import Callable, Mapping

from roster import links
from roster.mail.language import nearest
from roster.mail.once import Mail, Share
from roster.mail.places import Named, Quoted
from roster.mail.plain import plain
from roster.mail.scene import NotDue, Scene, about, look, look_with_owners
from roster.membership.invitations import status_of
from roster.policy.pack import deployed_pack
from roster.table.items import Event, Invitation, InvitationAttributes, JoinedAddress, RemovedAddress

# What one address gets in a day: invitations over all organizations, and of those from one person.
INVITATIONS, INVITATIONS_BY_ONE = 20, 5


class Suppressed(NotDue):
    """An invitation is not mailed for one reason alone: the mail of its organization is off."""


def _invitation(event: Event) -> list[Mail]:
    """Tell who is invited, while the invitation is open and this event's link is its current one."""
    key, inviter = Invitation.key(event.organization_id, event.target_id), str(event.actor_id)
    scene = look(event, key, *about(event, inviter), always=True)
    invitation = scene.batch[key]
    if invitation is None or invitation.link != event.id or invitation.delivery != "queued":
        raise NotDue
    if status_of(invitation, scene.member(inviter), scene.policy) != "pending":
        raise NotDue
    if not scene.organization.email_notifications:
        raise Suppressed
    token = links.make(links.Purpose.MAILED, scene.organization.id, invitation.id, invitation.email, event.id)
    words = scene.words(
        roles=scene.roles(invitation.roles),
        address_only=scene.policy.guarded(invitation.roles),
        message=Quoted(tuple(plain(line) for line in (invitation.message or "").splitlines())),
        expires=invitation.expires_at,
        again=event.type == "invitation.resent",
        link=links.url(token),
    )
    tags = {"organization": scene.organization.id, "invitation": invitation.id, "link": event.id}
    shares = (Share(("invitations",), INVITATIONS), Share(("invitations", inviter), INVITATIONS_BY_ONE))
    mail = Mail(
        recipient=invitation.id,
        address=invitation.email,
        template="invitation",
        words=words,
        language=nearest(invitation.locale, scene.organization.locale),
        shares=shares,
        reply_to=scene.verified_address(inviter) if os.environ["REPLY_TO_INVITER"] == "true" else None,
        tags=tags,
    )
    return [mail]


def _accepted(event: Event) -> list[Mail]:
    """Tell who invited somebody that they have joined, unless they are gone again."""
    guest, key = str(event.actor_id), JoinedAddress.key(event.organization_id, event.target_id)
    scene = look(event, key, *about(event, guest))
    member, invitation = scene.member(guest), scene.batch[key]
    if member is None or member.joined != event.id or invitation is None:
        raise NotDue
    roles = scene.roles(event.data["roles"])
    return _answered(scene, "accepted", invitation, proven=not invitation.copied, roles=roles)


def _declined(event: Event) -> list[Mail]:
    """Tell who invited somebody that they have declined, unless that address is invited again."""
    key = Invitation.key(event.organization_id, event.target_id)
    scene = look(event, key)
    invitation = scene.batch[key]
    if invitation is None or invitation.stamp != event.id:
        raise NotDue
    return _answered(scene, "declined", invitation, proven=not event.data.get("copied_link"))


def _answered(
    scene: Scene, template: str, invitation: InvitationAttributes, *, proven: bool, **words: object
) -> list[Mail]:
    """Tell who sent an invitation last, while they are a member. Nobody answers their own: they are in already.

    `proven` says whether the invited address is theirs who answered. By a copied link, it may be anybody's.
    """
    inviter, address = invitation.invited_by, plain(invitation.email)
    scene = scene.with_person(inviter)
    if scene.member(inviter) is None:
        raise NotDue
    # Of who declines by a link, maybe nothing is kept, not even a name.
    user = scene.user(scene.event.actor_id)
    name = "" if user is None else plain(user.name or "")
    guest = Named(name or (address if proven else ""))
    return scene.mails([inviter], template, guest=guest, address=Named(address), named=guest.name != address, **words)


def _roles_changed(event: Event) -> list[Mail]:
    """Tell a member whose roles somebody else changed. What a machine sets (provisioning) is recorded alone."""
    if event.actor_type != "user" or event.actor_id == event.target_id:
        raise NotDue
    scene = look(event, *about(event, event.target_id))
    if scene.member(event.target_id) is None:
        raise NotDue
    old, new = event.data["from"], event.data["to"]
    roles = scene.roles(new)
    if not roles.roles:
        raise NotDue  # they are deleted, so somebody has changed the member's roles since: that is told by itself
    owned = scene.policy.owns(old) or event.data.get("owner")
    promoted = scene.policy.owns(new) and not owned
    template = "promoted" if promoted else "roles_changed"
    return scene.mails([event.target_id], template, roles=roles, old_roles=scene.roles(old))


def _removed(event: Event) -> list[Mail]:
    """Tell who was removed by somebody, unless they are back. What a machine does (erasing) is recorded alone."""
    if event.actor_type != "user":
        raise NotDue
    removed = RemovedAddress.key(event.target_id, event.organization_id)
    scene = look(event, *about(event, event.target_id), removed)
    if scene.member(event.target_id) is not None:
        raise NotDue
    return scene.mails([event.target_id], "removed")


def _left(event: Event) -> list[Mail]:
    """Tell the owners who remain that one of them has left."""
    if deployed_pack().owner not in event.data.get("roles", []) and not event.data.get("owner"):
        raise NotDue
    scene, owners = look_with_owners(event)
    left = scene.organization.owners
    return scene.mails([owner for owner in owners if owner != event.target_id], "left", owners=left)


def _transferred(event: Event) -> list[Mail]:
    """Tell both the old owner and the new one."""
    old, new = event.data["from"], event.data["to"]
    scene = look(event, *about(event, old, new))
    pack, words = scene.policy.pack, {"old": scene.person(old), "new": scene.person(new)}
    words["by_owner"] = old == event.actor_id
    told = (new, "received", pack.owner), (old, "handed_over", pack.after_transfer)
    return [
        mail
        for user_id, template, role in told
        if scene.member(user_id) is not None
        for mail in scene.mails([user_id], template, roles=scene.roles([role]), **words)
    ]


def _switched(event: Event) -> list[Mail]:
    """Tell all owners, the one who did it too, that the organization's mail is off, or on again."""
    if "email_notifications" not in event.data:
        raise NotDue
    scene, owners = look_with_owners(event, always=True)
    return scene.mails(owners, "switched", on=event.data["email_notifications"])


def _deleted(event: Event) -> list[Mail]:
    """Tell the other owners that the organization is deleted. What erasing deletes had nobody else in it."""
    if event.actor_type != "user":
        raise NotDue
    scene, owners = look_with_owners(event, gone=True)
    return scene.mails([owner for owner in owners if owner != event.actor_id], "deleted")


TOLD: Mapping[str, Callable[[Event], list[Mail]]] = {
    "invitation.sent": _invitation,
    "invitation.resent": _invitation,
    "invitation.accepted": _accepted,
    "invitation.declined": _declined,
    "member.roles_changed": _roles_changed,
    "member.removed": _removed,
    "member.left": _left,
    "organization.ownership_transferred": _transferred,
    "organization.updated": _switched,
    "organization.deleted": _deleted,
}
