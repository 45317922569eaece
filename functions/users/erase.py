"""DELETE /users/{user_id}: a machine erases a person. What they did stays in the logs, as a former user's doing."""

from collections.abc import Iterable, Iterator, Mapping

from roster.activity import ERASED
from roster.api.answers import Answer, no_content
from roster.api.app import App
from roster.api.caller import USER_ID
from roster.api.members import end_membership, forget_address
from roster.api.ownership import default_name, mark_deleted
from roster.api.people import memberships
from roster.api.problems import LastOwner, NotFound
from roster.api.request import Request, see, visible
from roster.api.shapes import organization_brief
from roster.api.standing import View
from roster.table.base import Item
from roster.table.commit import Transaction
from roster.table.faults import Busy, out_of_patience
from roster.table.items import Invitation, Member, Organization, User
from roster.table.read import Batch, page, read

handler = App()

PAGE = 30  # of memberships or invitations, with what tells of their organizations: within one batch


@handler.route("DELETE", "/users/{user_id}", scope="roster/users", if_match=False)
def erase(request: Request, user_id: str) -> Answer:
    """End all that somebody has a part in, or nothing, where others would be left without an owner.

    Each step is whole. One that fails leaves the rest to the next call: who somebody is goes last.
    """
    if not USER_ID.fullmatch(user_id):
        return no_content()
    me = User.key(user_id)
    user = request.read(me)[me]
    members = [member for member, _ in memberships(user_id)]
    views = _views(member.organization_id for member in members)
    _require_owners_left(members, views)

    if user is not None and user.default_organization is not None:
        _rename_default(request, user, members)
    known = {member.address for member in members} | {None if user is None else user.email}
    for address in sorted(address for address in known if address is not None):
        for invitation, view in _invitations(address):
            _forget_invitation(request, invitation, view)
    for member in members:
        _end(request, member, views[member.organization_id])
    if members and next(memberships(user_id), None) is not None:
        raise Busy  # they joined somewhere meanwhile: the next call ends that too
    if user is None:
        return request.nothing_to_do(no_content())
    transaction = Transaction()
    transaction.delete(user)
    return request.keep(transaction, no_content())


def _views(organization_ids: Iterable[str]) -> dict[str, View | None]:
    """Read organizations as they are; None stands for one that is deleted."""
    ids = list(organization_ids)
    batch = read(key for one in ids for key in visible(one))
    return {one: _view(batch, one) for one in ids}


def _view(batch: Batch, organization_id: str) -> View | None:
    try:
        return see(batch, organization_id)
    except NotFound:
        return None


def _require_owners_left(members: Iterable[Member], views: Mapping[str, View | None]) -> None:
    """Raise LastOwner, with the organizations that others are in and this person alone owns."""
    owned = [view for one in members if (view := views[one.organization_id]) and view.policy.owns(one.roles)]
    stuck = [view.organization for view in owned if view.organization.owners <= 1 < view.organization.members]
    if stuck:
        briefs = [organization_brief(organization) for organization in stuck]
        raise LastOwner(
            "Transfer the ownership of these organizations, or delete them, first.", {"organizations": briefs}
        )


def _rename_default(request: Request, user: User, members: Iterable[Member]) -> None:
    """Take somebody's name off the organization that Roster named for them, unless it goes with them."""
    organization_id = str(user.default_organization)
    view = _view(read(visible(organization_id)), organization_id)
    if view is None or view.organization.named_for != user.id:
        return
    if view.organization.members == 1 and any(one.organization_id == organization_id for one in members):
        return
    organization, target = view.organization, ("organization", organization_id)
    change = request.change(organization, "organization.updated", target, changed=["name"])
    change.update(organization, {"name": default_name(request.pack, ERASED.capitalize()), "named_for": None})
    request.commit_step(change)


def _invitations(address: str) -> Iterator[tuple[Invitation, View | None]]:
    """Yield all that was ever sent to an address and is still kept, with its organization."""
    cursor = None
    while True:
        found = page(Invitation, f"EMAIL#{address}", "ORG#", limit=PAGE, cursor=cursor, index=Item.by_owner)
        keys = [(Invitation.key(one.organization_id, one.id), one.organization_id) for one in found.items]
        batch = read(key for own, organization_id in keys for key in (own, *visible(organization_id)))
        for own, organization_id in keys:
            invitation = batch[own]
            if invitation is not None:
                yield invitation, _view(batch, organization_id)
        cursor = found.next_cursor
        if cursor is None:
            return


def _forget_invitation(request: Request, invitation: Invitation, view: View | None) -> None:
    """Cancel an invitation that is open, and delete it: it is full of an address."""
    _require_time()
    if view is None or invitation.status != "pending":
        transaction = Transaction()
        transaction.delete(invitation)
        transaction.commit()
        return
    change = request.change(view.organization, "invitation.canceled", ("invitation", invitation.id))
    change.require(invitation, Invitation.status == "pending")  # the sweep leaves the stamp
    change.delete(invitation)
    request.commit_step(change)


def _end(request: Request, member: Member, view: View | None) -> None:
    """End a membership; an organization that nobody else is in ends with it."""
    _require_time()
    if view is None:
        transaction = Transaction()
        transaction.delete(member)
        forget_address(transaction, member)
        transaction.commit()
        return
    organization, roles = view.organization, view.policy.in_order(member.roles)
    if organization.members == 1:
        change = request.change(organization, "organization.deleted", ("organization", organization.id))
        change.require(organization, Organization.members == 1)
        mark_deleted(change, organization)
        change.delete(member)
        forget_address(change, member)
    else:
        change = request.change(organization, "member.removed", ("member", member.user_id), roles=roles)
        view.lean(change, *roles)
        end_membership(change, view, member)
    request.commit_step(change)


def _require_time() -> None:
    if out_of_patience():
        raise Busy
