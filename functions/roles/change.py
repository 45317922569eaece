"""PUT /organizations/{organization_id}/members/{user_id}/roles: change what somebody may do, or step down."""

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import Body, Roles
from roster.api.members import member_of
from roster.api.request import Request
from roster.api.shapes import member_shape, read_people
from roster.api.standing import refuse_unless, require_fit, require_owner_left, require_room
from roster.table.items import Member
from roster.table.keys import owner_index

handler = App()


class RoleChoice(Body):
    """All the roles that the member is to have."""

    roles: Roles


@handler.route("PUT", "/organizations/{organization_id}/members/{user_id}/roles")
def change_roles(request: Request, organization_id: str, user_id: str, body: RoleChoice) -> Answer:
    """Replace the roles of a member."""
    standing = request.standing(organization_id, Member.key(organization_id, user_id))
    policy, organization, actor = standing.policy, standing.organization, standing.actor
    standing.require("roles:assign")
    member = member_of(standing, user_id)
    require_fit(policy, body.roles)
    old, new = policy.in_order(member.roles), policy.in_order(body.roles)
    people = read_people([user_id, member.invited_by])
    if new == old:
        return request.nothing_to_do(ok(member_shape(standing, member, people), member))
    refuse_unless(policy.may_assign(actor.roles, old, new, own=standing.is_actor(member)))
    request.if_match.require(member)
    owners = policy.owns(new) - policy.owns(old)
    require_owner_left(organization, losing=owners < 0)
    require_room(organization, policy, owners=owners)

    change = request.change(organization, "member.roles_changed", ("member", user_id), **{"from": old, "to": new})
    change.check(actor)
    change.update(member, {"roles": set(new), **owner_index(organization_id, user_id, owns=policy.owns(new))})
    if owners:
        change.seats(organization, owners=owners)
    return request.commit(change, ok(member_shape(standing, member, people), member))
