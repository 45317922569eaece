"""DELETE /organizations/{organization_id}/members/{user_id}: remove somebody else; a machine moves anybody out."""

from roster.api.answers import NoContent, no_content
from roster.api.app import App
from roster.api.problems import Forbidden, LastOwner
from roster.api.request import Request
from roster.membership.changes import caller_change
from roster.membership.members import end_membership, member_of
from roster.membership.requirements import refuse_unless, require_owner_left
from roster.membership.standing import View, standing_of, view_of
from roster.table.commit import Change
from roster.table.items import REMOVED_ADDRESS_KEPT, Member, RemovedAddress, User

handler = App()


@handler.route("DELETE", "/organizations/{organization_id}/members/{user_id}", raises=(LastOwner,))
def remove(request: Request, organization_id: str, user_id: str) -> NoContent:
    """Remove somebody else from an organization."""
    person = User.key(user_id)
    standing = standing_of(request, organization_id, Member.key(organization_id, user_id), person)
    standing.require("members:remove")
    target = member_of(standing, user_id)
    if standing.is_actor(target):
        raise Forbidden("To leave the organization, call …/leave.", {"reason": "self"})
    refuse_unless(standing.policy.may_remove(standing.roles, standing.judged(target)))
    change = _removing(request, standing, target)
    _keep_address(change, target, standing.batch[person])
    return request.commit(change, no_content())


@handler.route(
    "DELETE", "/organizations/{organization_id}/members/{user_id}", scope="roster/provision", raises=(LastOwner,)
)
def move_out(request: Request, organization_id: str, user_id: str) -> NoContent:
    """Remove anybody but the last owner. Nobody is mailed."""
    view = view_of(request, organization_id, Member.key(organization_id, user_id))
    return request.commit(_removing(request, view, member_of(view, user_id)), no_content())


def _removing(request: Request, view: View, target: Member) -> Change:
    request.if_match.require(target)
    roles = view.policy.in_order(target.roles)
    require_owner_left(view.organization, losing=target.owns)
    change = caller_change(request, view.organization, "member.removed", ("member", target.user_id), roles=roles)
    view.check(change, *roles)
    end_membership(change, view, target)
    return change


def _keep_address(change: Change, member: Member, user: User | None) -> None:
    """Keep the address that somebody joined by for the mail of their removal, if they have no verified one."""
    if member.address is not None and user is not None and user.email is None:
        ttl = int((change.at + REMOVED_ADDRESS_KEPT).timestamp())
        key = RemovedAddress.key(member.user_id, member.organization_id)
        change.put(RemovedAddress(*key, email=member.address, ttl=ttl))
