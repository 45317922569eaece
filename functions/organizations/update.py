"""PATCH /organizations/{organization_id}: rename it, switch its mail."""

from pydantic import StrictBool

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import Body, Name
from roster.api.request import Request
from roster.api.shapes import organization_shape

handler = App()

PERMISSIONS = {"name": "organization:update", "email_notifications": "organization:notifications"}


class OrganizationUpdate(Body):
    """What of an organization its members may change."""

    name: Name | None = None
    email_notifications: StrictBool | None = None


@handler.route("PATCH", "/organizations/{organization_id}")
def update(request: Request, organization_id: str, body: OrganizationUpdate) -> Answer:
    """Change the details named; each by who may."""
    standing = request.standing(organization_id)
    organization = standing.organization
    wanted = body.model_dump(exclude_unset=True)
    for permission in [PERMISSIONS[name] for name in wanted] or ["organization:update"]:
        standing.require(permission)
    changed = {name: value for name, value in wanted.items() if getattr(organization, name) != value}
    if not changed:
        return request.nothing_to_do(ok(organization_shape(organization), organization))
    request.if_match.require(organization)

    switched = {name: value for name, value in changed.items() if name == "email_notifications"}
    target = "organization", organization_id
    change = request.change(organization, "organization.updated", target, changed=sorted(changed), **switched)
    change.check(standing.actor)
    change.update(organization, changed)
    return request.commit(change, ok(organization_shape(organization), organization))
