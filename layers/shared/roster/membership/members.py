"""Memberships: finding a member, joining, ending a membership, and the counts that move with them."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from roster.api.answers import Answer, ok
from roster.api.problems import AlreadyMember, NotFound
from roster.api.request import Request
from roster.api.shown import MemberShape
from roster.membership.changes import caller_change
from roster.membership.people import indexed_organizations
from roster.membership.requirements import refuse_unless, require_own_pack, require_owner_left, require_room
from roster.membership.shapes import member_shape, read_people
from roster.membership.standing import View, living, visible
from roster.policy.decisions import Decision
from roster.table.commit import Change, Transaction
from roster.table.items import AddressHolders, JoinedAddress, Member, User
from roster.table.keys import Key, invitation_id, owner_index
from roster.table.read import Batch, read


class Part(NamedTuple):
    """An organization that somebody is in, None for a deleted one, and their membership: one for each of their ids."""

    view: View | None
    members: list[Member]

    @property
    def alone(self) -> bool:
        """Whether nobody else is in the organization."""
        return self.view is not None and self.view.organization.members == len(self.members)

    @property
    def owners(self) -> int:
        """How many of the organization's owners they are."""
        return 0 if self.view is None else sum(member.owns for member in self.members)


def parts_of(user_ids: Collection[str], people: Iterable[User]) -> list[Part]:
    """Read all that somebody is in under these ids, in the order of joining.

    It looks at what the index has, late, and at what the items of these ids name. `people` are those that are kept.
    """
    ids = {one for user_id in user_ids for found in indexed_organizations(user_id) for one in found}
    ids |= {one for user in people for one in (*(user.lately_joined or ()), *(user.owned or ()))}
    keys = {one: [Member.key(one, user_id) for user_id in user_ids] for one in ids}
    batch = read(key for one in ids for key in (*visible(one), *keys[one]))
    parts = [
        Part(living(batch, one), members)
        for one in ids
        if (members := [member for key in keys[one] if (member := batch[key]) is not None])
    ]
    for part in parts:
        if part.view is not None:
            require_own_pack(part.view.organization)
    return sorted(parts, key=lambda part: min(str(member.gsi1sk) for member in part.members))


def member_of(view: View, user_id: str) -> Member:
    """Return a member whose key was read with the view. Raises NotFound if there is none."""
    member = view.batch[Member.key(view.organization.id, user_id)]
    if member is None:
        raise NotFound
    return member


def having_keys(view: View, holders: AddressHolders | None) -> list[Key[Member]]:
    """Return where the memberships of those would stand who have an address now."""
    user_ids = [] if holders is None else sorted(holders.user_ids)
    return [Member.key(view.organization.id, user_id) for user_id in user_ids]


def had_by_members(view: View, addresses: Iterable[str], holders: Batch) -> set[str]:
    """Find the addresses that members have now, by the AddressHolders that were read: a batch more, if any."""
    keys = {address: having_keys(view, holders[AddressHolders.key(address)]) for address in addresses}
    members = read(key for some in keys.values() for key in some)
    return {address for address, some in keys.items() if any(members[key] is not None for key in some)}


def require_no_member(
    view: View, joined: JoinedAddress | None, holders: AddressHolders | None, memberships: Batch
) -> None:
    """Raise AlreadyMember if a member joined by an address, or has it now; it names them to who may see members.

    It is judged now, and not kept true afterwards. `memberships` has the `having_keys`.
    """
    had_by = [memberships[key] for key in having_keys(view, holders)]
    joined_by = None if joined is None or joined.copied else joined
    user_ids = [one.user_id for one in (joined_by, *had_by) if one is not None]
    if user_ids:
        raise AlreadyMember(members={"user_id": user_ids[0]} if view.may("members:read") else {})


def count(
    change: Change, view: View, *, given: Collection[str] = (), taken: Collection[str] = (), members: int = 0
) -> None:
    """Move what is counted when somebody who held `taken` holds `given`: seats, owners, holders of custom roles.

    What is checked of the organization and of its custom roles must be checked before.
    """
    change.grow(view.organization, view.policy.growth(given, taken, members=members))
    count_holders(change, view, given=given, taken=taken)


def count_holders(change: Change, view: View, *, given: Iterable[str], taken: Iterable[str]) -> None:
    """Move the counts of who holds custom roles; a role that several people gain or lose is named as often."""
    moves = Counter(given)
    moves.subtract(taken)
    moved = {name: by for name, by in moves.items() if by and view.policy.is_custom(name)}
    if moved and view.custom is not None:
        change.hold(view.custom, moved)


def joining(change: Change, view: View, user_id: str, *, roles: Collection[str], address: str | None) -> Member:
    """Return the membership of a person who joins by this change."""
    organization_id = view.organization.id
    index: dict[str, Any] = owner_index(organization_id, user_id, owns=view.policy.owns(roles))
    return Member(
        *Member.key(organization_id, user_id),
        roles=set(roles),
        joined=change.id,
        joined_at=change.at,
        address=address,
        gsi1pk=f"USER#{user_id}",
        gsi1sk=f"JOINED#{change.id}",
        **index,
    )


def joined_address(member: Member) -> JoinedAddress:
    """Return the address that a member joins by without an invitation to it, as it is kept while they stay."""
    address = str(member.address)
    key = JoinedAddress.key(member.organization_id, invitation_id(member.organization_id, address))
    return JoinedAddress(*key, email=address, user_id=member.user_id)


def release_handed_over(transaction: Transaction, handed_over: JoinedAddress) -> None:
    """Detach a member from the invitation that they accepted by a copied link, as its address is used again, or erased.

    The same transaction replaces or deletes that invitation. The member stays.
    """
    member = Member(*Member.key(handed_over.organization_id, handed_over.user_id))
    transaction.set_if(member, {"handed_over": None}, Member.handed_over == handed_over.id)


def replace_roles(
    request: Request, view: View, member: Member, roles: Collection[str], decision: Decision
) -> Answer[MemberShape]:
    """Give a member exactly these roles, if the decision allows it."""
    policy, organization = view.policy, view.organization
    old, new = policy.in_order(member.roles), policy.in_order(roles)
    people = read_people([member.user_id, member.invited_by])
    if new == old:
        return request.nothing_to_do(ok(member_shape(view, member, people), member))
    refuse_unless(decision)
    request.if_match.require(member)
    held = view.counted(member)
    growth = policy.growth(new, held)
    require_owner_left(organization, losing=growth.owners < 0)
    require_room(organization, policy, growth)

    told = {"from": old, "to": new, **view.owner_by_another_name(member)}
    change = caller_change(request, organization, "member.roles_changed", ("member", member.user_id), **told)
    view.check(change, *old, *new)
    write_roles(change, view, member, new)
    count(change, view, given=new, taken=held)
    return request.commit(change, ok(member_shape(view, member, people), member))


def write_roles(change: Change, view: View, member: Member, roles: Collection[str]) -> None:
    """Write the roles of a member, without what is counted."""
    owns = owner_index(view.organization.id, member.user_id, owns=view.policy.owns(roles))
    change.update(member, {"roles": set(roles), "unmoved_stamp": None, **owns})


def end_membership(change: Change, view: View, member: Member) -> None:
    """End a membership. Its place is free, and the address that the member joined by can be invited again."""
    count(change, view, taken=view.counted(member), members=-1)
    change.delete(member)
    forget_address(change, member)


def forget_address(transaction: Transaction, member: Member) -> None:
    """Discard the address that a member who goes joined by, and the invitation that was handed over to them."""
    if member.address is not None:
        transaction.discard(joined_address(member))
    if member.handed_over is not None:
        kept = JoinedAddress(*JoinedAddress.key(member.organization_id, member.handed_over))
        theirs = JoinedAddress.user_id == member.user_id  # it may have given way since, to who joined by its address
        transaction.require(kept, JoinedAddress.pk.does_not_exist() | theirs)
        transaction.discard(kept)
