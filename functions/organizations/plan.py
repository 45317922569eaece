"""PUT /organizations/{organization_id}/plan: the product's billing says which plan an organization is on."""

from pydantic import StrictStr

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import Body
from roster.api.problems import InvalidRequest
from roster.api.request import Request
from roster.api.shown import OrganizationShape
from roster.membership.changes import caller_change
from roster.membership.shapes import organization_shape
from roster.membership.standing import view_of
from roster.policy.pack import deployed_pack

handler = App()


class PlanChoice(Body):
    """The plan, by its name in the pack."""

    plan: StrictStr
    """The plan, by its name in the pack."""


@handler.route("PUT", "/organizations/{organization_id}/plan", scope="roster/billing")
def plan(request: Request, organization_id: str, body: PlanChoice) -> Answer[OrganizationShape]:
    """Put an organization on a plan. Its limits hold from now on, and nobody is removed."""
    organization, plans = view_of(request, organization_id).organization, deployed_pack().plans
    chosen = plans.get(body.plan)
    if chosen is None:
        raise InvalidRequest(("plan", f"The plans are {', '.join(plans)}."))
    values = {"plan": chosen.name, "max_owners": chosen.owners, "max_members": chosen.members}
    if all(getattr(organization, name) == value for name, value in values.items()):
        return request.nothing_to_do(ok(organization_shape(organization), organization))
    request.if_match.require(organization)

    moved = {"from": organization.plan, "to": chosen.name}
    change = caller_change(
        request, organization, "organization.plan_changed", ("organization", organization_id), **moved
    )
    change.update(organization, values)
    return request.commit(change, ok(organization_shape(organization), organization))
