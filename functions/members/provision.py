"""PUT /organizations/{organization_id}/members/{user_id}: a machine adds an existing product's members."""

from urllib.parse import quote

from roster.api.answers import Answer, Created, created
from roster.api.app import App
from roster.api.fields import USER_ID, Address, Body, Name, Roles
from roster.api.problems import AlreadyInvited, AlreadyMember, Conflict, LastOwner, NotFound, PlanLimit
from roster.api.request import Request
from roster.api.shown import MemberShape
from roster.membership.changes import caller_change
from roster.membership.invitations import check_dead, doubted_keys, invitation_keys, require_dead
from roster.membership.members import (
    count,
    having_keys,
    joined_address,
    joining,
    release_handed_over,
    replace_roles,
    require_no_member,
)
from roster.membership.people import joins, keep_person, named_by_machine
from roster.membership.requirements import refuse_unless, require_fit, require_room
from roster.membership.shapes import member_shape
from roster.membership.standing import view_of
from roster.table.items import AddressHolders, Invitation, Member, User
from roster.table.keys import invitation_id
from roster.table.read import Batch, read

handler = App()


class ProvisionedMember(Body):
    """Who a member is, and all the roles that they are to have. The machine vouches for the address."""

    email: Address
    """Their e-mail address."""
    name: Name | None = None
    """Their name."""
    roles: Roles
    """All the roles by id that they are to have."""


@handler.route(
    "PUT",
    "/organizations/{organization_id}/members/{user_id}",
    scope="roster/provision",
    raises=(AlreadyMember, AlreadyInvited, Conflict, LastOwner, PlanLimit),
)
def provision(
    request: Request, organization_id: str, user_id: str, body: ProvisionedMember
) -> Answer[MemberShape] | Created[MemberShape]:
    """Add a member without an invitation. Of somebody who is a member already, only the roles are set.

    The machine vouches for the address. Nobody is mailed.
    """
    open_key, joined_key = invitation_keys(organization_id, invitation_id(organization_id, body.email))
    member_key, user_key = Member.key(organization_id, user_id), User.key(user_id)
    holders_key = AddressHolders.key(body.email)
    view = view_of(request, organization_id, member_key, user_key, open_key, joined_key, holders_key)
    organization, policy, roles = view.organization, view.policy, view.policy.in_order(body.roles)
    if not USER_ID.fullmatch(user_id):
        raise NotFound
    require_fit(policy, roles)
    member = view.batch[member_key]
    if member is not None:
        return replace_roles(request, view, member, roles, policy.may_provision(view.judged(member), roles))
    refuse_unless(policy.may_provision((), roles))
    request.if_match.require(None)
    dead = view.batch[open_key]
    holders = view.batch[holders_key]
    more = read([*having_keys(view, holders), *doubted_keys(dead)])
    joined = view.batch[joined_key]
    require_no_member(view, joined, holders, more)
    inviter = require_dead(view, dead, more)
    require_room(organization, policy, policy.growth(roles, members=1))

    change = caller_change(request, organization, "member.added", ("member", user_id), roles=roles)
    view.check(change, *roles)
    check_dead(change, view, dead, inviter)
    count(change, view, given=roles, members=1)
    if dead is None:
        change.check_absent(Invitation(*open_key))
    else:
        change.delete(dead)  # or it could be sent again, to one who is in
    member = joining(change, view, user_id, roles=roles, address=body.email)
    change.create(member)
    if joined is None:
        change.create(joined_address(member))
    else:
        change.replace(joined, joined_address(member))
        release_handed_over(change, joined)
    user = view.batch[user_key]
    kept = {**named_by_machine(body.name, user), **joins(user, organization_id)}
    user = keep_person(change, user_id, user, kept)
    shape = member_shape(view, member, Batch([user]))
    return request.commit(
        change, created(shape, f"/organizations/{organization_id}/members/{quote(user_id, safe='')}", member)
    )
