"""DELETE /users/{user_id}: a machine erases a person. What they did stays in the logs, as a former user's doing."""

from collections.abc import Collection, Iterable, Iterator

from roster.activity import ERASED
from roster.api.answers import NoContent, no_content
from roster.api.app import App
from roster.api.fields import USER_ID
from roster.api.problems import LastOwner, few
from roster.api.request import Request
from roster.membership.changes import caller_change
from roster.membership.members import Part, end_membership, forget_address, parts_of, release_handed_over
from roster.membership.ownership import default_name, mark_deleted
from roster.membership.people import hold_address, identities
from roster.membership.requirements import require_own_pack
from roster.membership.shapes import organization_brief
from roster.membership.standing import View, living, visible
from roster.policy.pack import deployed_pack
from roster.table.base import Item
from roster.table.commit import Transaction
from roster.table.faults import require_time
from roster.table.items import (
    AddressHolders,
    IdempotencyRecord,
    Invitation,
    InvitationAttributes,
    JoinedAddress,
    Member,
    Organization,
    RemovedAddress,
    User,
)
from roster.table.read import pages, read

handler = App()

NAMED = "{name}'s organization"  # where the pack has no such name any more
TOGETHER = 100  # items that are deleted at once: as many as DynamoDB takes
PAGE = 30  # of invitations, with what tells of their organizations: within one batch


@handler.route("DELETE", "/users/{user_id}", scope="roster/users", if_match=False, raises=(LastOwner,))
def erase(request: Request, user_id: str) -> NoContent:
    """Erase a person. Their memberships, name and address are gone; what they did stays in the logs, without a name.

    Organizations that nobody else is in are deleted. If others would be left without an owner, nothing is done.
    """
    # Each step is whole. What could still be refused goes first, and who somebody is last: what is cut off in the
    # middle, the next call goes on with.
    if not USER_ID.fullmatch(user_id):
        return no_content()
    me = User.key(user_id)
    people = identities(request.read(me)[me])
    user_ids = [user.id for user in people] or [user_id]
    parts = parts_of(user_ids, people)
    _require_owners_left(parts)

    joined_by = {str(member.address) for part in parts for member in part.members if member.address is not None}
    addresses = sorted(joined_by | _known(people))
    if people and not joined_by <= _known(people):
        _remember(people[0], addresses)
    for part in (part for part in parts if part.owners):
        _end(request, part)
    for organization_id in sorted({user.default_organization for user in people if user.default_organization}):
        _rename_default(request, organization_id, user_ids, parts)
    for address in addresses:
        for invitation, view in _invitations(address):
            _forget_invitation(request, invitation, view)
    for part in (part for part in parts if not part.owners):
        _end(request, part)
    for one in user_ids:
        _forget_all(RemovedAddress, User.key(one).pk, RemovedAddress.PREFIX)
        _forget_all(IdempotencyRecord, IdempotencyRecord.partition(one))  # answers, many with their name and address
    if not people:
        return request.nothing_to_do(no_content())
    return request.keep(_forget(people), no_content())


def _known(people: Iterable[User]) -> set[str]:
    """Return what is known of somebody's addresses beside those that they joined by."""
    return {one for user in people for one in (*(user.addresses or ()), user.email) if one is not None}


def _remember(user: User, addresses: list[str]) -> None:
    """Keep the addresses with the person, for the memberships that have them go before the invitations do."""
    transaction = Transaction()
    transaction.update(user, {"addresses": addresses})
    transaction.commit()


def _forget(people: list[User]) -> Transaction:
    """Delete a person under every id: as they were read, or where they joined meanwhile would not be found."""
    transaction = Transaction()
    user_ids = {user.id for user in people}
    keys = [AddressHolders.key(email) for email in sorted({user.email for user in people if user.email is not None})]
    held = read(keys)
    for key in keys:
        holders = held[key]
        hold_address(transaction, key, holders, set() if holders is None else {*holders.user_ids} - user_ids)
    for user in people:
        transaction.delete(user)
    return transaction


def _require_owners_left(parts: Iterable[Part]) -> None:
    """Raise LastOwner, with the organizations that others are in and this person alone owns."""
    owned = [(part.view.organization, part.owners) for part in parts if part.view and part.owners and not part.alone]
    stuck = [organization_brief(organization) for organization, owners in owned if organization.owners <= owners]
    if stuck:
        sentence = "These organizations have other members. Transfer or delete them, then repeat this."
        raise LastOwner(sentence, few("organizations", stuck))


def _rename_default(request: Request, organization_id: str, user_ids: Collection[str], parts: Iterable[Part]) -> None:
    """Take somebody's name off an organization that Roster named for them, unless it goes with them."""
    key = Organization.key(organization_id)
    organization = read([key])[key]
    if organization is None or organization.named_for not in user_ids:
        return
    if any(part.alone and part.view and part.view.organization.id == organization_id for part in parts):
        return
    require_own_pack(organization)
    require_time()
    name = default_name(deployed_pack().default_organization or NAMED, ERASED.capitalize())
    renamed = {"name": name, "named_for": None}
    if organization.deleted_at is not None:  # the mail about that may still be under way
        transaction = Transaction()
        transaction.update(organization, renamed)
        transaction.commit()
        return
    target = ("organization", organization_id)
    change = caller_change(request, organization, "organization.updated", target, changed=["name"])
    change.update(organization, renamed)
    request.commit_step(change)


def _invitations(address: str) -> Iterator[tuple[InvitationAttributes, View | None]]:
    """Yield all that was ever sent to an address and is still kept, with its organization."""
    for found in pages(InvitationAttributes, f"EMAIL#{address}", "ORG#", size=PAGE, index=Item.by_owner):
        keys = [(one.primary_key, one.organization_id) for one in found]
        batch = read(key for own, organization_id in keys for key in (own, *visible(organization_id)))
        for own, organization_id in keys:
            invitation = batch[own]
            view = living(batch, organization_id)
            if view is not None:
                require_own_pack(view.organization)
            if isinstance(invitation, InvitationAttributes):
                yield invitation, view


def _forget_invitation(request: Request, invitation: InvitationAttributes, view: View | None) -> None:
    """Cancel an invitation that is open, and delete it: it is full of an address."""
    require_time()
    if isinstance(invitation, JoinedAddress):  # handed over to somebody else, who stays
        transaction = Transaction()
        transaction.delete(invitation)
        if view is not None:
            release_handed_over(transaction, invitation)
        transaction.commit()
        return
    if view is None or invitation.status != "pending":
        transaction = Transaction()
        transaction.delete(invitation)
        transaction.commit()
        return
    change = caller_change(request, view.organization, "invitation.canceled", ("invitation", invitation.id))
    change.require(invitation, Invitation.status == "pending")  # the sweep leaves the stamp
    change.delete(invitation)
    request.commit_step(change)


def _forget_all(kind: type[Item], partition: str, prefix: str = "") -> None:
    """Delete what a collection keeps of somebody."""
    for found in pages(kind, partition, prefix, size=TOGETHER):
        require_time()
        transaction = Transaction()
        for item in found:
            transaction.discard(item)
        if found:
            transaction.commit()


def _end(request: Request, part: Part) -> None:
    """End what somebody is a part of; an organization that nobody else is in ends with it."""
    if part.view is None or part.alone:
        _end_with_all(request, part)
        return
    for member in part.members:
        require_time()
        organization, roles = part.view.organization, part.view.policy.in_order(member.roles)
        change = caller_change(request, organization, "member.removed", ("member", member.user_id), roles=roles)
        part.view.check(change, *roles)
        end_membership(change, part.view, member)
        request.commit_step(change)


def _end_with_all(request: Request, part: Part) -> None:
    """End an organization of theirs alone; of one that is deleted, only their memberships are left."""
    require_time()
    if part.view is None:
        transaction = Transaction()
        _forget_members(transaction, part.members)
        transaction.commit()
        return
    organization = part.view.organization
    change = caller_change(request, organization, "organization.deleted", ("organization", organization.id))
    change.require(organization, Organization.members == len(part.members))
    mark_deleted(change, organization, keep_name=False)
    _forget_members(change, part.members)
    request.commit_step(change)


def _forget_members(transaction: Transaction, members: Iterable[Member]) -> None:
    for member in members:
        transaction.delete(member)
        forget_address(transaction, member)
