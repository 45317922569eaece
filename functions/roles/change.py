"""PUT /organizations/{organization_id}/members/{user_id}/roles: change what somebody may do, or step down."""

from roster.api.answers import Answer
from roster.api.app import App
from roster.api.fields import Body, Roles
from roster.api.problems import LastOwner, PlanLimit
from roster.api.request import Request
from roster.api.shown import MemberShape
from roster.membership.members import member_of, replace_roles
from roster.membership.requirements import require_fit
from roster.membership.standing import standing_of
from roster.table.items import Member

handler = App()


class RoleChoice(Body):
    """All the roles that the member is to have."""

    roles: Roles
    """All the roles by id that the member is to have."""


@handler.route("PUT", "/organizations/{organization_id}/members/{user_id}/roles", raises=(LastOwner, PlanLimit))
def change_roles(request: Request, organization_id: str, user_id: str, body: RoleChoice) -> Answer[MemberShape]:
    """Change the roles of a member, or lay down one's own."""
    standing = standing_of(request, organization_id, Member.key(organization_id, user_id))
    standing.require("roles:assign")
    member = member_of(standing, user_id)
    require_fit(standing.policy, body.roles)
    own = standing.is_actor(member)
    current = member.roles if own else standing.judged(member)
    decision = standing.policy.may_assign(standing.roles, current, body.roles, own=own)
    return replace_roles(request, standing, member, body.roles, decision)
