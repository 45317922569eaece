"""Authority: nobody does what they may not do at the moment of the commit, nor gives what they have not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prove.oracle.model import Event, Invitation, Member, Organization, State
from prove.oracle.packs import MANAGING, OWNERS_ALONE, PACKS, Pack, Standing


@dataclass(frozen=True)
class Step:
    """One commit: the organization before and after it, its event, and the person who did it, if one did."""

    pack: Pack
    before: Organization
    after: Organization
    event: Event
    addresses: dict[str, str]  # verified, by user id, afterwards

    @property
    def actor(self) -> Member | None:
        """The membership that the actor has just before."""
        return self.before.members.get(self.event.actor_id or "")

    def standing(self, member: Member) -> Standing:
        """Return what a member may do just before."""
        return Standing(self.pack, self.before.custom, member.roles)

    def lacks(self, *permissions: str) -> Iterator[str]:
        """Yield which of these the actor has not: one who is no member has none."""
        held = self.standing(self.actor).permissions if self.actor else frozenset()
        for permission in permissions:
            if permission not in held:
                yield f"they had no {permission}."

    def cannot(self, how: str, roles: frozenset[str]) -> Iterator[str]:
        """Yield that the actor does not reach all of these roles."""
        if self.actor is None or not self.standing(self.actor).reaches(how, roles):
            yield f"they reach not all of {sorted(roles)}: {how}."


type Ask = Callable[[Step], Iterator[str]]


def unauthorized(before: State, after: State, event: Event, pack_name: str) -> Iterator[str]:
    """Yield what is wrong with one commit: who did what they may not do, or what was no longer open."""
    old, new = before.organizations.get(event.organization_id), after.organizations.get(event.organization_id)
    if old is None or new is None:
        return
    ask = _ASKED.get(event.type, _anybody)
    for wrong in ask(Step(PACKS[pack_name], old, new, event, after.addresses)):
        yield f"{event.type} by {event.actor_id or event.actor_type} in {event.organization_id}: {wrong}"
    if old.deleted and event.type in _SEATS:
        yield f"{event.type} in {event.organization_id}, which was deleted."
    if event.type in _GIVES and old.plan != PACKS[pack_name].custom_on:
        for user, member in new.members.items():
            if given := (member.roles - _roles_of(old, user)) & new.custom.keys():
                yield f"{event.type} in {event.organization_id}: {user} got {sorted(given)} without the plan for it."


def _roles_of(organization: Organization, user_id: str) -> frozenset[str]:
    member = organization.members.get(user_id)
    return frozenset() if member is None else member.roles


def _anybody(_: Step) -> Iterator[str]:
    """Yield nothing: who asked is no member, such as a machine, or need not be one."""
    yield from ()


def _if_person(step: Step, *permissions: str) -> Iterator[str]:
    """Yield which of these a person has not, who did it. A machine needs none."""
    if step.event.actor_type == "user":
        yield from step.lacks(*permissions)


def _updated(step: Step) -> Iterator[str]:
    switched = step.before.mails != step.after.mails
    yield from _if_person(step, "organization:update", *(["organization:notifications"] if switched else []))


def _deleted(step: Step) -> Iterator[str]:
    yield from _if_person(step, "organization:delete")
    if step.event.actor_type != "user" and step.after.members:  # by erasing somebody, whose memberships go with it
        yield f"others were in it: {sorted(step.after.members)}."


def _sent(step: Step) -> Iterator[str]:
    invitation, earlier = (one.invitations.get(step.event.target_id) for one in (step.after, step.before))
    yield from step.lacks("invitations:manage")
    if invitation is None:
        yield "there is no such invitation afterwards."
        return
    resent = step.event.type == "invitation.resent" and earlier is not None
    known = frozenset(role for role in (earlier.roles if resent and earlier else ()) if _exists(step, role))
    yield from step.cannot("invites", invitation.roles | known)
    if step.pack.one_owner and step.pack.owner in invitation.roles:
        yield "ownership moves only by a transfer."
    if not resent and earlier is not None and not any(_open(step, earlier)):
        yield "an invitation to that address was open already."
    if invitation.email in {member.address for member in step.before.members.values()}:
        yield f"{invitation.email} is a member's address."


def _exists(step: Step, role: str) -> bool:
    return role in step.pack.roles or role in step.before.custom


def _canceled(step: Step) -> Iterator[str]:
    invitation = step.before.invitations.get(step.event.target_id)
    yield from _if_person(step, "invitations:manage")
    if invitation is None or invitation.status not in {"pending", "expired"}:
        yield "the invitation was neither open nor expired."


def _copied(step: Step) -> Iterator[str]:
    yield from step.lacks("invitations:manage")
    if invitation := step.before.invitations.get(step.event.target_id):
        yield from step.cannot("invites", invitation.roles)


def _open(step: Step, invitation: Invitation) -> Iterator[str]:
    """Yield why an invitation could not be answered."""
    if invitation.status != "pending":
        yield f"the invitation was {invitation.status}."
    if step.event.at >= invitation.expires_at:
        yield "the invitation was past its time."
    if is_void(step.before, invitation, step.pack):
        yield "who invited had left, or might not invite to that any more."


def is_void(organization: Organization, invitation: Invitation, pack: Pack) -> bool:
    """Tell whether who invited has left since, or may not invite to these roles any more."""
    inviter = organization.members.get(invitation.invited_by)
    if inviter is None or inviter.joined != invitation.inviter_joined:
        return True
    standing = Standing(pack, organization.custom, inviter.roles)
    return "invitations:manage" not in standing.permissions or not standing.reaches("invites", invitation.roles)


def _accepted(step: Step) -> Iterator[str]:
    invitation = step.before.invitations.get(step.event.target_id)
    member = step.after.members.get(step.event.actor_id or "")
    if invitation is None or member is None:
        yield "there was no open invitation, or there is no member now."
        return
    yield from _open(step, invitation)
    if member.roles != invitation.roles:
        yield f"they got {sorted(member.roles)} by an invitation to {sorted(invitation.roles)}."
    if step.actor is not None:
        yield "they were a member already."
    manages = bool(MANAGING & Standing(step.pack, step.before.custom, invitation.roles).permissions)
    if manages and step.addresses.get(member.user_id) != invitation.email:
        yield "the role manages people, and their own address was not the invited one."


def _declined(step: Step) -> Iterator[str]:
    if invitation := step.before.invitations.get(step.event.target_id):
        yield from _open(step, invitation)


def _expired(step: Step) -> Iterator[str]:
    invitation = step.before.invitations.get(step.event.target_id)
    if invitation is None or invitation.status != "pending" or step.event.at < invitation.expires_at:
        yield "the invitation was not past its time, or not pending."


def _removed(step: Step) -> Iterator[str]:
    target = step.before.members.get(step.event.target_id)
    if target is None:
        yield "they were no member."
    elif step.event.actor_type == "user":
        yield from step.lacks("members:remove")
        yield from step.cannot("removes", target.roles)
        if step.event.actor_id == target.user_id:
            yield "nobody removes themselves."


def _left(step: Step) -> Iterator[str]:
    if step.actor is None or step.event.target_id != step.event.actor_id:
        yield "they were no member, or somebody else."


def _changed(step: Step) -> Iterator[str]:
    old, new = (one.members.get(step.event.target_id) for one in (step.before, step.after))
    if old is None or new is None:
        yield "they were no member."
        return
    if step.event.actor_type != "user":
        return
    yield from step.lacks("roles:assign")
    own = step.actor is not None and old.user_id == step.actor.user_id
    given, taken = new.roles - old.roles, old.roles - new.roles
    yield from step.cannot("assigns", given if own else given | taken)
    if step.pack.owner in old.roles and not own and step.pack.owners_are_protected:
        yield "nobody changes another owner's roles."
    yield from _not_beyond(step, given)


def _not_beyond(step: Step, given: frozenset[str]) -> Iterator[str]:
    """Yield that a role is given which holds a permission that the giver lacks."""
    if step.actor is None:
        return
    own = step.standing(step.actor).permissions
    for name in given:
        role = step.standing(step.actor).role(name)
        if role is None:
            yield f"there is no role {name}."
        elif beyond := role.permissions - own:
            yield f"{name} holds {sorted(beyond)}, which the giver lacks."


def _transferred(step: Step) -> Iterator[str]:
    if step.event.actor_type == "user":
        yield from step.lacks("ownership:transfer")
        if step.actor is None or step.pack.owner not in step.actor.roles:
            yield "they owned nothing."
    if len(step.before.members) != len(step.after.members):
        yield "a transfer moves nobody in or out."


def _role_made(step: Step) -> Iterator[str]:
    yield from step.lacks("roles:customize")
    if step.before.plan != step.pack.custom_on:
        yield f"{step.before.plan} has no custom roles."
    role = Standing(step.pack, step.after.custom, []).role(step.event.target_id)
    if role is None:
        yield "there is no such role afterwards."
        return
    if role.permissions & OWNERS_ALONE:
        yield f"the role holds {sorted(role.permissions & OWNERS_ALONE)}, which no custom role does."
    if step.actor is None or not step.standing(step.actor).includes(role):
        yield "the role holds a permission, or a reach over people, that its maker lacks."


def _role_deleted(step: Step) -> Iterator[str]:
    yield from step.lacks("roles:customize")
    if holders := [member.user_id for member in step.before.members.values() if step.event.target_id in member.roles]:
        yield f"{sorted(holders)} had the role."


# What needs the organization to be there at that moment. All else that comes late in a deleted one is seen by nobody.
_SEATS = {
    "invitation.sent",
    "invitation.resent",
    "invitation.accepted",
    "member.added",
    "member.removed",
    "member.left",
}
_GIVES = {"invitation.accepted", "member.added", "member.roles_changed", "organization.ownership_transferred"}
_ASKED: dict[str, Ask] = {
    "organization.updated": _updated,
    "organization.deleted": _deleted,
    "organization.ownership_transferred": _transferred,
    "invitation.sent": _sent,
    "invitation.resent": _sent,
    "invitation.link_copied": _copied,
    "invitation.accepted": _accepted,
    "invitation.declined": _declined,
    "invitation.canceled": _canceled,
    "invitation.expired": _expired,
    "member.removed": _removed,
    "member.left": _left,
    "member.roles_changed": _changed,
    "role.created": _role_made,
    "role.updated": _role_made,
    "role.deleted": _role_deleted,
}
