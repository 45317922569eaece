"""Who is told what about an event: for each type that is mailed about, the mails to send for it."""

import os
from collections.abc import Callable, Mapping

from roster import links
from roster.mail.compose import plain, readable
from roster.mail.once import Mail, Share
from roster.mail.scene import NotDue, about, look, look_with_owners
from roster.membership.invitations import status_of
from roster.policy.pack import deployed_pack
from roster.table.items import Event, Invitation, RemovedAddress

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
        message=[plain(line) for line in (invitation.message or "").splitlines()],
        expires=readable(invitation.expires_at),
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
        shares=shares,
        tags=tags,
    )
    return [mail]


def _roles_changed(event: Event) -> list[Mail]:
    """Tell a member whose roles somebody else changed. What a machine sets (provisioning) is recorded alone."""
    if event.actor_type != "user" or event.actor_id == event.target_id:
        raise NotDue
    scene = look(event, *about(event, event.target_id))
    if scene.member(event.target_id) is None:
        raise NotDue
    old, new = event.data["from"], event.data["to"]
    promoted = scene.policy.owns(new) and not scene.policy.owns(old)
    template = "promoted" if promoted else "roles_changed"
    return [scene.mail(event.target_id, template, roles=scene.roles(new), old_roles=scene.roles(old))]


def _removed(event: Event) -> list[Mail]:
    """Tell who was removed by somebody, unless they are back. What a machine does (erasing) is recorded alone."""
    if event.actor_type != "user":
        raise NotDue
    removed = RemovedAddress.key(event.target_id, event.organization_id)
    scene = look(event, *about(event, event.target_id), removed)
    if scene.member(event.target_id) is not None:
        raise NotDue
    return [scene.mail(event.target_id, "removed")]


def _left(event: Event) -> list[Mail]:
    """Tell the owners who remain that one of them has left."""
    if deployed_pack().owner not in event.data.get("roles", []):
        raise NotDue
    scene, owners = look_with_owners(event)
    others = int(scene.organization.owners) - 1
    return [scene.mail(owner, "left", others=others) for owner in owners if owner != event.target_id]


def _transferred(event: Event) -> list[Mail]:
    """Tell both the old owner and the new one."""
    old, new = event.data["from"], event.data["to"]
    scene = look(event, *about(event, old, new))
    pack, words = scene.policy.pack, {"old": scene.person(old), "new": scene.person(new)}
    told = (new, "received", pack.owner), (old, "handed_over", pack.after_transfer)
    return [
        scene.mail(user_id, template, roles=scene.roles([role]), **words)
        for user_id, template, role in told
        if scene.member(user_id) is not None
    ]


def _switched(event: Event) -> list[Mail]:
    """Tell all owners, the one who did it too, that the organization's mail is off, or on again."""
    if "email_notifications" not in event.data:
        raise NotDue
    scene, owners = look_with_owners(event, always=True)
    return [scene.mail(owner, "switched", on=event.data["email_notifications"]) for owner in owners]


TOLD: Mapping[str, Callable[[Event], list[Mail]]] = {
    "invitation.sent": _invitation,
    "invitation.resent": _invitation,
    "member.roles_changed": _roles_changed,
    "member.removed": _removed,
    "member.left": _left,
    "organization.ownership_transferred": _transferred,
    "organization.updated": _switched,
}
