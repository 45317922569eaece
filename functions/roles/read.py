"""GET /organizations/{organization_id}/roles: the roles that members can hold."""

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.request import Request
from roster.membership.custom import can_create_role
from roster.membership.shapes import role_shape
from roster.membership.standing import view_of

handler = App()


@handler.route("GET", "/organizations/{organization_id}/roles")
@handler.route("GET", "/organizations/{organization_id}/roles", scope="roster/read")
def read(request: Request, organization_id: str) -> Answer:
    """List the roles, the pack's own in its order first, and what a custom one can be made of."""
    view = view_of(request, organization_id)
    view.require("members:read")
    policy = view.policy
    return ok(
        {
            "items": [role_shape(view, role) for role in policy.roles.values()],
            "can_create": can_create_role(view),
            "permission_titles": policy.pack.permission_titles,
        }
    )
