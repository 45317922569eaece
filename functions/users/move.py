"""POST /users/{user_id}/move: the product's sign-in knows a person under another id from now on."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from roster.api.answers import NoContent, no_content
from roster.api.app import App
from roster.api.fields import Body, UserId
from roster.api.problems import Conflict, few
from roster.api.request import Request
from roster.membership.changes import caller_change
from roster.membership.members import joining, parts_of
from roster.membership.ownership import owned_with
from roster.membership.people import holder_keys, joins, write_person
from roster.membership.quotas import counted_together
from roster.membership.shapes import organization_brief
from roster.membership.standing import View
from roster.policy.decisions import Growth
from roster.table.commit import Transaction
from roster.table.faults import require_time
from roster.table.items import JoinedAddress, Member, Organization, User
from roster.table.keys import Key, invitation_id, owner_index
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
    ("sign_ins", "signed_in_at"),
)
# What the old id no longer has afterwards. It keeps what helps to find all that was theirs: which organization may
# still be named for the person, and where they were members.
GONE = {name: None for names in ALONG for name in names if name != "default_organization"} | dict.fromkeys(
    ("addresses", "counted_on", "counts", "creations_on", "creations_that_day", "owned", "moved_from", "moving_to")
)


class NewId(Body):
    """Under which id the product's sign-in knows the person from now on."""

    to: UserId
    """The new user id."""


class Person(NamedTuple):
    """Somebody under their old id, which is marked as one that moves, and under their new one."""

    old: User
    new: User


@handler.route("POST", "/users/{user_id}/move", scope="roster/move", raises=(Conflict,))
def move(request: Request, user_id: str, body: NewId) -> NoContent:
    """Move a person to another user id. All that is theirs goes along, and the old id is refused from then on.

    What is cut off in the middle, the next call goes on with.
    """
    # Each step is whole. The mark comes first: from then on the old id joins nothing, so that one person never becomes
    # two.
    keys = User.key(user_id), User.key(body.to)
    batch = request.read(*keys)
    old, new = (batch[key] for key in keys)
    if user_id == body.to:
        return request.nothing_to_do(no_content())
    earlier = [] if old is None else read(map(User.key, old.moved_from or ())).of(User)
    _require_free(user_id, old, new, earlier, body.to)
    memberships = _memberships(user_id, [*([] if old is None else [old]), *earlier])
    if not memberships and (old is None or old.moved_to == body.to):
        return request.nothing_to_do(no_content())
    joined = _require_apart(memberships, body.to)
    person = _mark(user_id, old, new, body.to, memberships)

    for member, view in memberships:
        _move_membership(request, person, member, view, joined)
    others = [one for one in earlier if one.id != body.to]
    for organization_id in sorted(filter(None, {one.default_organization for one in (person.old, *others)})):
        _name_for(person, organization_id)
    for one in others:
        require_time()
        transaction = Transaction()
        transaction.update(one, {"moved_to": body.to})
        transaction.commit()
    return request.keep(_finished(person), no_content())


def _require_free(user_id: str, old: User | None, new: User | None, earlier: Iterable[User], to: str) -> None:
    """Raise Conflict while another move of one of these ids is under way, or if one of them was moved elsewhere."""
    elsewhere = None if old is None else old.moving_to or old.moved_to
    if elsewhere not in {None, to}:
        raise Conflict("This person has the id in `to` by now, or is being moved to it.", {"to": elsewhere})
    if new is not None and new.moving_to is not None:
        raise Conflict("The new id is itself being moved to the one in `to`.", {"to": new.moving_to})
    if new is not None and new.moved_to not in {None, user_id}:
        raise Conflict("The new id was itself moved to the one in `to`. Name that one.", {"to": new.moved_to})
    if any(one.moving_to == user_id for one in earlier):
        raise Conflict("Another id is being moved to this one. Repeat that until it succeeds, then repeat this.")


def _memberships(user_id: str, people: list[User]) -> list[tuple[Member, View]]:
    """Read what somebody is in under an id: in all organizations too that they were in under earlier ones."""
    parts = parts_of([user_id, *(one.id for one in people if one.id != user_id)], people)
    found = [(member, part.view) for part in parts for member in part.members if part.view is not None]
    return [(member, view) for member, view in found if member.user_id == user_id]


def _require_apart(memberships: list[tuple[Member, View]], to: str) -> Batch:
    """Raise Conflict if the new id is a member where the old one is; return the addresses that they joined by."""
    theirs = [(view.organization, Member.key(view.organization.id, to)) for _, view in memberships]
    joined = [key for member, _ in memberships for key in _joined_keys(member)]
    batch = read([*(key for _, key in theirs), *joined])
    shared = [organization_brief(organization) for organization, key in theirs if batch[key] is not None]
    if shared:
        sentence = "Both ids are members of these organizations. Remove one of the two from each, then repeat this."
        raise Conflict(sentence, few("organizations", shared))
    return batch


def _mark(
    user_id: str, old: User | None, new: User | None, to: str, memberships: Iterable[tuple[Member, View]]
) -> Person:
    """Mark the old id as one that moves, and give the new one what is known of the person: it is theirs already."""
    if old is not None and new is not None and old.id in (new.moved_from or ()):
        return Person(old, new)
    transaction = Transaction()
    # The index is late, and an id that moves soon after this one, or is erased, must find them all.
    places = sorted({view.organization.id for _, view in memberships})
    known = [] if old is None else [one for one in old.lately_joined or () if one not in places]
    old = write_person(transaction, user_id, old, {"moving_to": to, "lately_joined": [*places, *known]})
    moved_from = {user_id, *(old.moved_from or ()), *(() if new is None else new.moved_from or ())} - {to}
    # A new id that was moved here before is in use again.
    values = {**_along(old, new), "moved_from": moved_from, "moved_to": None}
    new = write_person(transaction, to, new, values, read(holder_keys(new, values)))
    transaction.commit()
    return Person(old, new)


def _along(old: User, new: User | None) -> dict[str, Any]:
    """Return what a person takes along to their new id."""
    along = {
        name: value
        for names in ALONG
        if new is None or getattr(new, names[0]) is None
        for name in names
        if (value := getattr(old, name)) is not None
    }
    # An address that gives way to the new id's was theirs: erasing them looks for what was sent there.
    others = {*(old.addresses or ()), *([] if old.email is None else [old.email])} - {along.get("email")}
    others |= set() if new is None else {*(new.addresses or ())}
    return along | counted_together(old, new) | ({"addresses": sorted(others)} if others else {})


def _move_membership(request: Request, person: Person, member: Member, view: View, joined: Batch) -> None:
    """End a membership under the old id and begin it under the new one: no seat, no owner and no role is counted."""
    require_time()
    old, new = person
    organization = view.organization
    moved = {"from": old.id, "to": new.id}
    change = caller_change(request, organization, "member.moved", ("member", new.id), **moved)
    change.check(old)
    change.room(organization, Growth())
    change.delete(member)
    successor = joining(change, view, new.id, roles=member.roles, address=member.address)
    successor.joined_at, successor.invited_by = member.joined_at, member.invited_by
    successor.gsi1sk = member.gsi1sk  # its place in the order of joining
    successor.unmoved_stamp = member.changed_by
    for name, value in owner_index(organization.id, new.id, owns=member.owns).items():
        setattr(successor, name, value)
    for key in _joined_keys(member):
        kept = joined[key]
        if kept is not None and kept.user_id == old.id:  # an invitation that was handed over may have given way
            change.update(kept, {"user_id": new.id})
            successor.handed_over = kept.id if kept.copied else successor.handed_over
    change.create(successor)
    owned = owned_with(view.policy.pack, new, organization.id) if member.owns else {}
    write_person(change, new.id, new, {**joins(new, organization.id), **owned})
    request.commit_step(change)


def _name_for(person: Person, organization_id: str) -> None:
    """Let an organization that is named for the old id be named for the new one, so that erasing finds it."""
    require_time()
    key = Organization.key(organization_id)
    organization = read([key])[key]
    if organization is not None and organization.named_for == person.old.id:
        transaction = Transaction()
        transaction.set_if(organization, {"named_for": person.new.id}, Organization.named_for == person.old.id)
        transaction.commit()


def _finished(person: Person) -> Transaction:
    """Return the last step: the old id is known as moved from now on, and has nothing any more."""
    old, new = person
    transaction = Transaction()
    transaction.check(new)
    write_person(transaction, old.id, old, {**GONE, "moved_to": new.id}, read(holder_keys(old, GONE)))
    return transaction


def _joined_keys(member: Member) -> list[Key[JoinedAddress]]:
    """Return where the address stands that a member joined by, and the invitation that was handed over to them."""
    ids = [] if member.address is None else [invitation_id(member.organization_id, member.address)]
    if member.handed_over is not None:
        ids.append(member.handed_over)
    return [JoinedAddress.key(member.organization_id, one) for one in ids]
