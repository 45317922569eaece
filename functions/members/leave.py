"""POST /organizations/{organization_id}/leave: the caller leaves."""

from roster.api.answers import Answer, no_content
from roster.api.app import App
from roster.api.members import end_membership
from roster.api.request import Request
from roster.api.standing import require_owner_left

handler = App()


@handler.route("POST", "/organizations/{organization_id}/leave")
def leave(request: Request, organization_id: str) -> Answer:
    """End the caller's own membership, unless they are the last owner."""
    standing = request.standing(organization_id)
    roles = standing.policy.in_order(standing.actor.roles)
    require_owner_left(standing.organization, losing=standing.policy.owns(roles))

    change = request.change(standing.organization, "member.left", ("member", request.caller.user_id), roles=roles)
    end_membership(change, standing, standing.actor)
    return request.commit(change, no_content())
