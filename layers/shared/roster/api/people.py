"""People: what their tokens tell of them, and the organization that is theirs to work in."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from roster.api.caller import Caller
from roster.table.base import Item
from roster.table.commit import Transaction
from roster.table.items import Member, Organization, User
from roster.table.keys import Key
from roster.table.read import Batch, page, read

PAGE = 50  # memberships that are read in one batch, with their organizations


def told_by_token(caller: Caller, user: User | None) -> dict[str, str]:
    """Return what the token tells of its person and the table does not know yet. What a token lacks stays as it is."""
    told = {"name": caller.name, "email": caller.verified_email}
    return {
        name: value
        for name, value in told.items()
        if value is not None and (user is None or getattr(user, name) != value)
    }


def told_by_machine(user: User | None, *, name: str | None, email: str) -> dict[str, str]:
    """Return what a machine tells of a person and nobody has told yet: what their own token said goes before it."""
    told = {"name": name, "email": email}
    return {
        field: value
        for field, value in told.items()
        if value is not None and (user is None or getattr(user, field) is None)
    }


def first_home(user: User | None, organization_id: str) -> dict[str, str]:
    """Return what makes an organization the active one of a person who joins it, if it is the first that they join."""
    return {} if user is not None and user.active_organization else {"active_organization": organization_id}


def keep_person(transaction: Transaction, user_id: str, user: User | None, values: Mapping[str, Any]) -> User:
    """Write what is known of a person with the change, and return them as they are then."""
    if user is None:
        user = User(*User.key(user_id), **values)
        transaction.create(user)
    elif values:
        transaction.update(user, values)  # as it was read: two foundings at once are both counted
    return user


class Membership(NamedTuple):
    """An organization that lives, and somebody's membership in it."""

    organization: Organization
    member: Member


def membership_keys(organization_id: str, user_id: str) -> tuple[Key[Organization], Key[Member]]:
    """Return what tells whether somebody is a member of an organization."""
    return Organization.key(organization_id), Member.key(organization_id, user_id)


def membership(batch: Batch, organization_id: str, user_id: str) -> Membership | None:
    """Return a membership whose keys were read, unless it has ended or the organization is deleted."""
    organization_key, member_key = membership_keys(organization_id, user_id)
    organization, member = batch[organization_key], batch[member_key]
    if organization is None or organization.deleted_at is not None or member is None:
        return None
    return Membership(organization, member)


def memberships(user_id: str) -> Iterator[tuple[Member, Batch]]:
    """Yield the memberships of somebody, in the order of joining, each with the batch that its organization is in.

    The index finds them, which may lag; a membership that has ended by now is left out, one of a deleted organization
    is not.
    """
    cursor = None
    while True:
        found = page(Member, f"USER#{user_id}", "JOINED#", limit=PAGE, cursor=cursor, index=Item.by_owner)
        ids = [member.organization_id for member in found.items]
        batch = read(key for one in ids for key in membership_keys(one, user_id))
        for one in ids:
            member = batch[Member.key(one, user_id)]
            if member is not None:
                yield member, batch
        cursor = found.next_cursor
        if cursor is None:
            return


def first_joined(user_id: str) -> Membership | None:
    """Return the membership in a living organization that somebody has had longest."""
    found = (membership(batch, member.organization_id, user_id) for member, batch in memberships(user_id))
    return next((one for one in found if one is not None), None)


def active_membership(user_id: str, user: User | None) -> Membership | None:
    """Return where somebody works: what they chose, while it is theirs, else what they joined first."""
    if user is None:
        return None  # whoever joins is kept
    chosen = user.active_organization
    if chosen is not None:
        theirs = membership(read(membership_keys(chosen, user_id)), chosen, user_id)
        if theirs is not None:
            return theirs
    return first_joined(user_id)
