"""POST /organizations/{organization_id}/leave: the caller leaves."""

from roster.api.answers import NoContent, no_content
from roster.api.app import App
from roster.api.problems import LastOwner
from roster.api.request import Request
from roster.membership.changes import caller_change
from roster.membership.members import end_membership
from roster.membership.requirements import require_owner_left
from roster.membership.standing import standing_of

handler = App()


@handler.route("POST", "/organizations/{organization_id}/leave", raises=(LastOwner,))
def leave(request: Request, organization_id: str) -> NoContent:
    """Leave an organization. The last owner cannot."""
    standing = standing_of(request, organization_id)
    roles = standing.policy.in_order(standing.actor.roles)
    require_owner_left(standing.organization, losing=standing.actor.owns)
    owner = standing.owner_by_another_name(standing.actor)  # the others are to be told all the same

    change = caller_change(
        request, standing.organization, "member.left", ("member", request.caller.user_id), roles=roles, **owner
    )
    end_membership(change, standing, standing.actor)
    return request.commit(change, no_content())
