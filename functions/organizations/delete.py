"""DELETE /organizations/{organization_id}: from now on, and for everybody, it does not exist."""

from roster.api.answers import Answer, no_content
from roster.api.app import App
from roster.api.ownership import mark_deleted
from roster.api.request import Request

handler = App()


@handler.route("DELETE", "/organizations/{organization_id}")
def delete(request: Request, organization_id: str) -> Answer:
    """Mark an organization deleted; the sweep purges what it held."""
    standing = request.standing(organization_id)
    standing.require("organization:delete")
    request.if_match.require(standing.organization)

    change = request.change(standing.organization, "organization.deleted", ("organization", organization_id))
    standing.lean(change)
    mark_deleted(change, standing.organization)
    return request.commit(change, no_content())
