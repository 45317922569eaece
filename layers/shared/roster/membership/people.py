"""People: what their tokens tell of them, and the organization that is theirs to work in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from roster.api.caller import Caller
from roster.api.problems import Conflict
from roster.membership.requirements import require_own_pack
from roster.table.base import Item
from roster.table.commit import Transaction
from roster.table.faults import Busy
from roster.table.items import AddressHolders, Member, Organization, User
from roster.table.keys import Key
from roster.table.read import Batch, pages, read

PAGE = 50  # memberships that are read in one batch, with their organizations
_NOTHING = Batch()
LATELY = 10  # organizations that a person is known to have joined last: within the second by which the index lags


def told_by_token(caller: Caller, user: User | None) -> dict[str, str | None]:
    """Return what the token tells of its person and the table does not know yet. What a token lacks stays as it is.

    A token that brings the kept address unverified takes it away: whoever can sign in with it no longer proves it.
    """
    told = {"name": caller.name, "email": caller.verified_email, "token_locale": caller.locale}
    lost: dict[str, str | None] = {}
    if user is not None and user.email is not None and user.email == caller.unverified_email:
        lost = {"email": None}
    return lost | {
        name: value
        for name, value in told.items()
        if value is not None and (user is None or getattr(user, name) != value)
    }


def named_by_machine(name: str | None, user: User | None) -> dict[str, str]:
    """Return the name that a machine gives a person, if nobody has given one: what their own token said goes before it.

    An address that it gives stands with the membership alone, so that no other organization is shown it.
    """
    return {"name": name} if name is not None and (user is None or user.name is None) else {}


def joins(user: User | None, organization_id: str) -> dict[str, Any]:
    """Return what is kept of a person who joins an organization: it is their active one, if it is their first."""
    lately = [] if user is None else list(user.lately_joined or ())
    home = {} if user is not None and user.active_organization else {"active_organization": organization_id}
    return {"lately_joined": [*lately, organization_id][-LATELY:], **home}


def holder_keys(user: User | None, values: Mapping[str, Any]) -> list[Key[AddressHolders]]:
    """Return what must be read before these values are kept of a person: who has the address that they lose, or get."""
    return [AddressHolders.key(address) for address in _moving(user, values)]


def _moving(user: User | None, values: Mapping[str, Any]) -> list[str]:
    """Return the addresses that a person loses and gets by these values."""
    if "email" not in values:
        return []
    return [one for one in (None if user is None else user.email, values["email"]) if one is not None]


def keep_person(
    transaction: Transaction,
    user_id: str,
    user: User | None,
    values: Mapping[str, Any],
    batch: Batch = _NOTHING,
) -> User:
    """Write what is known of a person with the change, and return them as they are then.

    They must be as they were read: two creations at once are both counted, and who is being erased joins nothing. With
    another address among the values, `batch` has their `holder_keys`. Raises Busy while they are being moved to another
    id, and Conflict once they were: one person never becomes two.
    """
    if user is not None and user.moving_to is not None:
        raise Busy
    if user is not None and user.moved_to is not None:
        raise Conflict("This person has another user id by now, which is in `to`. Use that one.", {"to": user.moved_to})
    return write_person(transaction, user_id, user, values, batch)


def write_person(
    transaction: Transaction, user_id: str, user: User | None, values: Mapping[str, Any], batch: Batch = _NOTHING
) -> User:
    """Write what is known of a person, as `keep_person`, even while they are being moved."""
    for address in _moving(user, values):
        key = AddressHolders.key(address)
        holders = batch[key]
        others = set[str]() if holders is None else {*holders.user_ids} - {user_id}
        hold_address(transaction, key, holders, others | ({user_id} if address == values["email"] else set()))
    if user is None:
        user = User(*User.key(user_id), **values)
        transaction.create(user)
    else:
        transaction.update(user, values)
    return user


def hold_address(
    transaction: Transaction, key: Key[AddressHolders], holders: AddressHolders | None, user_ids: set[str]
) -> None:
    """Let these people have an address, and nobody else. Of one that nobody has, nothing is kept."""
    if holders is None:
        if user_ids:
            transaction.create(AddressHolders(*key, user_ids=user_ids))
    elif user_ids:
        transaction.update(holders, {"user_ids": user_ids})
    else:
        transaction.delete(holders)


def read_named(keys: Iterable[Key[Any]]) -> Batch:
    """Read items by key to show the names in them: as `read`, and one round trip more if anybody was moved."""
    return follow_moved(read(keys))


def follow_moved(batch: Batch) -> Batch:
    """Return what was read to show names, where who was moved to another id reads as who they are now."""
    moved = {User.key(user.id): User.key(user.moved_to) for user in batch.of(User) if user.moved_to is not None}
    if not moved:
        return batch
    now = read(moved.values())
    return batch.with_items({old: now[new] for old, new in moved.items()})


def identities(user: User | None) -> list[User]:
    """Return a person as they are kept under every id: the newest one, those before, and one of a move under way.

    It takes a round trip for each id on the way from `user` to the newest, and one for the others.
    """
    if user is None:
        return []
    known = {user.id: user}
    newest = user
    while (newer := newest.moved_to or newest.moving_to) is not None and newer not in known:
        found = read([User.key(newer)])[User.key(newer)]
        if found is None:
            break
        newest = known[newer] = found
    earlier = [User.key(one) for one in newest.moved_from or () if one not in known]
    return [*known.values(), *read(earlier).of(User)]


class Membership(NamedTuple):
    """An organization that lives, and somebody's membership in it."""

    organization: Organization
    member: Member


def membership_keys(organization_id: str, user_id: str) -> tuple[Key[Organization], Key[Member]]:
    """Return what tells whether somebody is a member of an organization."""
    return Organization.key(organization_id), Member.key(organization_id, user_id)


def membership(batch: Batch, organization_id: str, user_id: str) -> Membership | None:
    """Return a membership whose keys were read, unless it has ended or the organization is deleted.

    Raises OtherPack if the organization is of another pack.
    """
    organization_key, member_key = membership_keys(organization_id, user_id)
    organization, member = batch[organization_key], batch[member_key]
    if organization is None or organization.deleted_at is not None or member is None:
        return None
    require_own_pack(organization)
    return Membership(organization, member)


def indexed_organizations(user_id: str) -> Iterator[list[str]]:
    """Yield the ids of the organizations that somebody is in, in the order of joining: as the index has them, late."""
    for members in pages(Member, f"USER#{user_id}", "JOINED#", size=PAGE, index=Item.by_owner):
        yield [member.organization_id for member in members]


def first_joined(user_id: str) -> Membership | None:
    """Return the membership in a living organization that somebody has had longest."""
    for ids in indexed_organizations(user_id):
        batch = read(key for one in ids for key in membership_keys(one, user_id))
        first = next((theirs for one in ids if (theirs := membership(batch, one, user_id))), None)
        if first is not None:
            return first
    return None


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
