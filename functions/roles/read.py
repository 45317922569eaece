"""GET /organizations/{organization_id}/roles: the roles that members can hold."""

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.request import Request
from roster.api.shapes import role_shape

handler = App()


@handler.route("GET", "/organizations/{organization_id}/roles")
def read(request: Request, organization_id: str) -> Answer:
    """List the roles, the pack's own in its order first."""
    standing = request.standing(organization_id)
    standing.require("members:read")
    return ok({"items": [role_shape(standing.policy, role) for role in standing.policy.roles.values()]})
