"""GET /organizations/{organization_id}/roles: the roles that members can hold."""

from collections.abc import Mapping
from typing import TypedDict

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.request import Request
from roster.api.shown import RoleShape
from roster.membership.custom import can_create_role
from roster.membership.shapes import role_shape
from roster.membership.standing import view_of

handler = App()


class RolesShape(TypedDict):
    """The roles of an organization."""

    items: list[RoleShape]
    """The roles: the pack's own first, in its order, then the custom ones."""
    can_create: bool
    """Whether the caller may create one more custom role now."""
    permission_titles: Mapping[str, str]
    """Each permission of the pack, with its name for people."""


@handler.route("GET", "/organizations/{organization_id}/roles")
@handler.route("GET", "/organizations/{organization_id}/roles", scope="roster/read")
def read(request: Request, organization_id: str) -> Answer[RolesShape]:
    """List the roles of an organization. The titles of all permissions come along."""
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
