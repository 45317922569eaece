"""DELETE /organizations/{organization_id}: from now on it does not exist for anybody."""

from roster.api.answers import NoContent, no_content
from roster.api.app import App
from roster.api.request import Request
from roster.membership.changes import caller_change
from roster.membership.ownership import mark_deleted
from roster.membership.standing import standing_of

handler = App()


@handler.route("DELETE", "/organizations/{organization_id}")
def delete(request: Request, organization_id: str) -> NoContent:
    """Delete an organization. From now on it does not exist for anybody."""
    standing = standing_of(request, organization_id)
    standing.require("organization:delete")
    request.if_match.require(standing.organization)

    change = caller_change(request, standing.organization, "organization.deleted", ("organization", organization_id))
    standing.check(change)
    mark_deleted(change, standing.organization, keep_name=True)
    return request.commit(change, no_content())
