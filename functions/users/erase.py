"""DELETE /users/{user_id}: a machine erases a person. What they did stays in the logs, as a former user's doing."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from roster.activity import ERASED
from roster.api.answers import Answer, no_content
from roster.api.app import App
from roster.api.fields import USER_ID
from roster.api.problems import LastOwner, few
from roster.api.request import Request
from roster.membership.changes import caller_change
from roster.membership.members import end_membership, forget_address
from roster.membership.ownership import default_name, mark_deleted
from roster.membership.people import hold_address, holder_keys, indexed_organizations
from roster.membership.shapes import organization_brief
from roster.membership.standing import View, living, visible
from roster.policy.pack import deployed_pack
from roster.table.base import Item
from roster.table.commit import Transaction
from roster.table.faults import Busy, out_of_patience
from roster.table.items import IdempotencyRecord, Invitation, Member, Organization, RemovedAddress, User
from roster.table.read import pages, read

handler = App()

NAMELESS = "{name}'s organization"  # where the pack has no such name any more
FORGOTTEN = {"email": None}
TOGETHER = 100  # items that are deleted at once: as many as DynamoDB takes
PAGE = 30  # of invitations, with what tells of their organizations: within one batch


class Part(NamedTuple):
    """Somebody's membership, and its organization; None is one that is deleted."""

    member: Member
    view: View | None

    @property
    def alone(self) -> bool:
        """Whether nobody else is in the organization."""
        return self.view is not None and self.view.organization.members == 1

    @property
    def owns(self) -> bool:
        """Whether they own it."""
        return self.view is not None and self.view.policy.owns(self.member.roles)


@handler.route("DELETE", "/users/{user_id}", scope="roster/users", if_match=False)
def erase(request: Request, user_id: str) -> Answer:
    """End all memberships of a person, or change nothing if other members would be left without an owner.

    Each step is whole. What could still be refused goes first, and who somebody is last: what is cut off in the middle,
    the next call goes on with.
    """
    if not USER_ID.fullmatch(user_id):
        return no_content()
    me = User.key(user_id)
    user = request.read(me)[me]
    parts = _parts(user_id, user)
    _require_owners_left(parts)

    known = {str(part.member.address) for part in parts if part.member.address is not None}
    addresses = sorted(known | _addresses(user))
    if user is not None and not known <= _addresses(user):
        user = _remember(user, addresses)
    for part in (part for part in parts if part.owns):
        _end(request, part)
    if user is not None and user.default_organization is not None:
        _rename_default(request, user, parts)
    for address in addresses:
        for invitation, view in _invitations(address):
            _forget_invitation(request, invitation, view)
    for part in (part for part in parts if not part.owns):
        _end(request, part)
    _forget_all(RemovedAddress, me.pk, RemovedAddress.PREFIX)
    _forget_all(IdempotencyRecord, IdempotencyRecord.partition(user_id))  # answers, many with their name and address
    if user is None:
        return request.nothing_to_do(no_content())
    transaction = Transaction()
    holders = read(holder_keys(user, FORGOTTEN))
    for key in holder_keys(user, FORGOTTEN):
        hold_address(transaction, key, holders[key], user_id, gets=False)
    transaction.delete(user)  # as it was read: where they joined meanwhile is found when this is decided again
    return request.keep(transaction, no_content())


def _parts(user_id: str, user: User | None) -> list[Part]:
    """Read all that somebody is in, in the order of joining: what the index has, late, and what their item names."""
    ids = {one for page_of_ids in indexed_organizations(user_id) for one in page_of_ids}
    if user is not None:
        ids |= {*(user.lately_joined or ()), *(user.owned or ())}
    batch = read(key for one in ids for key in (*visible(one), Member.key(one, user_id)))
    members = [member for one in ids if (member := batch[Member.key(one, user_id)]) is not None]
    members.sort(key=lambda member: member.joined)
    return [Part(member, living(batch, member.organization_id)) for member in members]


def _addresses(user: User | None) -> set[str]:
    """Return what is known of somebody's addresses beside those that they joined by."""
    return set() if user is None else {*(user.addresses or ()), *([] if user.email is None else [user.email])}


def _remember(user: User, addresses: list[str]) -> User:
    """Keep the addresses with the person, for the memberships that have them go before the invitations do."""
    transaction = Transaction()
    transaction.update(user, {"addresses": addresses})
    transaction.commit()
    return user


def _require_owners_left(parts: Iterable[Part]) -> None:
    """Raise LastOwner, with the organizations that others are in and this person alone owns."""
    owned = [part.view.organization for part in parts if part.view is not None and part.owns and not part.alone]
    stuck = [organization_brief(organization) for organization in owned if organization.owners <= 1]
    if stuck:
        sentence = "These organizations have other members. Transfer or delete them, then repeat this."
        raise LastOwner(sentence, few("organizations", stuck))


def _rename_default(request: Request, user: User, parts: Iterable[Part]) -> None:
    """Take somebody's name off the organization that Roster named for them, unless it goes with them."""
    organization_id = str(user.default_organization)
    view = living(read(visible(organization_id)), organization_id)
    if view is None or view.organization.named_for != user.id:
        return
    if any(part.alone and part.member.organization_id == organization_id for part in parts):
        return
    _require_time()
    organization, target = view.organization, ("organization", organization_id)
    change = caller_change(request, organization, "organization.updated", target, changed=["name"])
    name = default_name(deployed_pack().default_organization or NAMELESS, ERASED.capitalize())
    change.update(organization, {"name": name, "named_for": None})
    request.commit_step(change)


def _invitations(address: str) -> Iterator[tuple[Invitation, View | None]]:
    """Yield all that was ever sent to an address and is still kept, with its organization."""
    for found in pages(Invitation, f"EMAIL#{address}", "ORG#", size=PAGE, index=Item.by_owner):
        keys = [(Invitation.key(one.organization_id, one.id), one.organization_id) for one in found]
        batch = read(key for own, organization_id in keys for key in (own, *visible(organization_id)))
        for own, organization_id in keys:
            invitation = batch[own]
            if invitation is not None:
                yield invitation, living(batch, organization_id)


def _forget_invitation(request: Request, invitation: Invitation, view: View | None) -> None:
    """Cancel an invitation that is open, and delete it: it is full of an address."""
    _require_time()
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
        _require_time()
        transaction = Transaction()
        for item in found:
            transaction.discard(item)
        if found:
            transaction.commit()


def _end(request: Request, part: Part) -> None:
    """End a membership; an organization that nobody else is in ends with it."""
    _require_time()
    member, view = part
    if view is None:
        transaction = Transaction()
        transaction.delete(member)
        forget_address(transaction, member)
        transaction.commit()
        return
    organization, roles = view.organization, view.policy.in_order(member.roles)
    if part.alone:
        change = caller_change(request, organization, "organization.deleted", ("organization", organization.id))
        change.require(organization, Organization.members == 1)
        mark_deleted(change, organization)
        change.delete(member)
        forget_address(change, member)
    else:
        change = caller_change(request, organization, "member.removed", ("member", member.user_id), roles=roles)
        view.check(change, *roles)
        end_membership(change, view, member)
    request.commit_step(change)


def _require_time() -> None:
    """Begin nothing for which there may be no time: the next call goes on."""
    if out_of_patience():
        raise Busy
