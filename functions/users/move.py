"""POST /users/{user_id}/move: the product's sign-in knows a person under another id from now on."""

from collections.abc import Iterable
from typing import NamedTuple

from roster.api.answers import Answer, no_content
from roster.api.app import App
from roster.api.fields import Body, UserId
from roster.api.problems import Conflict, few
from roster.api.request import Request
from roster.membership.changes import caller_change
from roster.membership.members import joining, parts_of
from roster.membership.ownership import owned_with
from roster.membership.people import holder_keys, joins, write_person
from roster.membership.shapes import organization_brief
from roster.membership.standing import View
from roster.policy.decisions import Growth
from roster.table.commit import Transaction
from roster.table.faults import require_time
from roster.table.items import JoinedAddress, Member, Organization, User
from roster.table.keys import Key, invitation_id
from roster.table.read import Batch, read

handler = App()

# What a person takes along, each only if their new id has none. What stands together goes together.
ALONG = (
    ("name",),
    ("email",),
    ("locale",),
    ("token_locale",),
    ("email_notifications",),
    ("active_organization",),
    ("default_organization",),
    ("addresses",),
    ("sign_ins", "signed_in_at"),
    ("counted_on", "counts"),
    ("creations_on", "creations_that_day"),
)
# What the old id keeps of it: which organization may still be named for the person.
KEPT = {"default_organization"}
GONE = {name: None for names in ALONG for name in names if name not in KEPT} | dict.fromkeys(
    ("lately_joined", "owned", "moved_from", "moving_to")
)


class NewId(Body):
    """Under which id the product's sign-in knows the person from now on."""

    to: UserId


class Ids(NamedTuple):
    """A person under their old id, marked as one who is being moved, and under their new one."""

    old: User
    new: User


@handler.route("POST", "/users/{user_id}/move", scope="roster/move")
def move(request: Request, user_id: str, body: NewId) -> Answer:
    """Give a person another id: with their name and address, their memberships and what they own.

    Each step is whole. The mark comes first: from then on the old id joins nothing, so that one person never becomes
    two. What is cut off in the middle, the next call goes on with.
    """
    keys = User.key(user_id), User.key(body.to)
    batch = request.read(*keys)
    old, new = (batch[key] for key in keys)
    if old is None or body.to in {user_id, old.moved_to}:
        return request.nothing_to_do(no_content())
    earlier = [one for one in read(map(User.key, old.moved_from or ())).of(User) if one.id != body.to]
    _require_free(old, new, earlier, body.to)
    parts = [(part.member, part.view) for part in parts_of(user_id, old) if part.view is not None]
    beside = _require_apart(parts, body.to)
    ids = _mark(old, new, body.to)

    for member, view in parts:
        _move_membership(request, ids, member, view, beside)
    for organization_id in sorted({one.default_organization for one in (old, *earlier) if one.default_organization}):
        _name_for(ids, organization_id)
    for one in earlier:
        require_time()
        transaction = Transaction()
        transaction.update(one, {"moved_to": body.to})
        transaction.commit()
    transaction = Transaction()
    transaction.check(ids.new)
    write_person(transaction, user_id, ids.old, {**GONE, "moved_to": body.to}, read(holder_keys(ids.old, GONE)))
    return request.keep(transaction, no_content())


def _require_free(old: User, new: User | None, earlier: Iterable[User], to: str) -> None:
    """Raise Conflict while another move of one of these ids is under way, or if one of them was moved elsewhere."""
    elsewhere = old.moving_to or old.moved_to
    if elsewhere not in {None, to}:
        raise Conflict("This person has the id in `to` now, or is being moved to it.", {"to": elsewhere})
    if new is not None and (new.moving_to is not None or new.moved_to not in {None, old.id}):
        raise Conflict("The new id was itself moved to the one in `to`.", {"to": new.moving_to or new.moved_to})
    if any(one.moving_to == old.id for one in earlier):
        raise Conflict("Another id is being moved to this one. Repeat that until it succeeds, then repeat this.")


def _require_apart(parts: Iterable[tuple[Member, View]], to: str) -> Batch:
    """Raise Conflict if the new id is a member where the old one is; return the addresses that they joined by."""
    theirs = {view.organization.id: (view.organization, Member.key(view.organization.id, to)) for _, view in parts}
    batch = read([*(key for _, key in theirs.values()), *(key for member, _ in parts for key in _joined_keys(member))])
    shared = [organization_brief(organization) for organization, key in theirs.values() if batch[key] is not None]
    if shared:
        sentence = "Both ids are members of these organizations. Remove one of the two from each, then repeat this."
        raise Conflict(sentence, few("organizations", shared))
    return batch


def _mark(old: User, new: User | None, to: str) -> Ids:
    """Mark the old id as one that moves, and give the new one what is known of the person: it is theirs already."""
    if old.moving_to == to and new is not None and old.id in (new.moved_from or ()):
        return Ids(old, new)
    along = {
        name: value
        for names in ALONG
        if new is None or getattr(new, names[0]) is None
        for name in names
        if (value := getattr(old, name)) is not None
    }
    moved_from = {old.id, *(old.moved_from or ()), *(() if new is None else new.moved_from or ())} - {to}
    values = {**along, "moved_from": moved_from, "moved_to": None}
    transaction = Transaction()
    transaction.update(old, {"moving_to": to})
    new = write_person(transaction, to, new, values, read(holder_keys(new, values)))
    transaction.commit()
    return Ids(old, new)


def _move_membership(request: Request, ids: Ids, member: Member, view: View, beside: Batch) -> None:
    """End a membership under the old id and begin it under the new one: no seat, no owner and no role is counted."""
    require_time()
    old, new = ids
    organization, owns = view.organization, view.policy.owns(member.roles)
    moved = {"from": old.id, "to": new.id}
    change = caller_change(request, organization, "member.moved", ("member", new.id), **moved)
    change.check(old)
    change.room(organization, Growth())
    change.delete(member)
    there = joining(change, view, new.id, roles=member.roles, address=member.address)
    there.joined_at, there.invited_by = member.joined_at, member.invited_by
    there.gsi1sk = member.gsi1sk  # its place in the order of joining
    for key in _joined_keys(member):
        kept = beside[key]
        if kept is not None and kept.user_id == old.id:  # an invitation that was handed over may have given way
            change.update(kept, {"user_id": new.id})
            there.handed_over = kept.id if kept.copied else there.handed_over
    change.create(there)
    owned = owned_with(view.policy.pack, new, organization.id) if owns else {}
    write_person(change, new.id, new, {**joins(new, organization.id), **owned})
    request.commit_step(change)


def _name_for(ids: Ids, organization_id: str) -> None:
    """Let an organization that is named for the old id be named for the new one, so that erasing finds it."""
    require_time()
    key = Organization.key(organization_id)
    organization = read([key])[key]
    if organization is not None and organization.named_for == ids.old.id:
        transaction = Transaction()
        transaction.set_if(organization, {"named_for": ids.new.id}, Organization.named_for == ids.old.id)
        transaction.commit()


def _joined_keys(member: Member) -> list[Key[JoinedAddress]]:
    """Return where the address stands that a member joined by, and the invitation that was handed over to them."""
    ids = [] if member.address is None else [invitation_id(member.organization_id, member.address)]
    if member.handed_over is not None:
        ids.append(member.handed_over)
    return [JoinedAddress.key(member.organization_id, one) for one in ids]
