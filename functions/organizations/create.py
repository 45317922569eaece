"""POST /organizations: found an organization."""

from uuid import uuid4

from roster.api.answers import Answer, created
from roster.api.app import App
from roster.api.fields import Body, Name
from roster.api.members import joining, keep_person, told_by_token
from roster.api.quotas import enough
from roster.api.request import Request
from roster.api.shapes import organization_shape
from roster.clock import now
from roster.policy.decisions import Policy
from roster.table.items import JoinedAddress, Organization, User
from roster.table.keys import day_of, invitation_id

handler = App()


class NewOrganization(Body):
    """What an organization is founded with."""

    name: Name


@handler.route("POST", "/organizations")
def create(request: Request, body: NewOrganization) -> Answer:
    """Found an organization on the pack's first plan, with the caller as its owner."""
    caller, pack = request.caller, request.pack
    user = request.read(User.key(caller.user_id))[User.key(caller.user_id)]
    today = day_of(now())
    founded = int(user.founded_that_day or 0) if user and user.founded_on == today else 0
    if founded >= pack.organizations_founded_per_day:
        raise enough("organizations_per_day", pack.organizations_founded_per_day, now())

    plan = next(iter(pack.plans.values()))
    organization = Organization(
        *Organization.key(uuid4().hex),
        name=body.name,
        pack=pack.name,
        plan=plan.name,
        owners=1,
        members=1,
        max_owners=plan.owners,
        max_members=plan.members,
    )
    change = request.change(organization, "organization.created", ("organization", organization.id))
    organization.created_at = change.at
    change.create(organization)
    address = caller.verified_email
    change.create(joining(change, organization, Policy(pack), caller.user_id, roles={pack.founder}, address=address))
    if address is not None:
        change.create(
            JoinedAddress(*JoinedAddress.key(organization.id, invitation_id(organization.id, address)), email=address)
        )
    founding = {"founded_on": today, "founded_that_day": founded + 1}
    keep_person(change, caller.user_id, user, told_by_token(caller, user) | founding)
    return request.commit(
        change, created(organization_shape(organization), f"/organizations/{organization.id}", organization)
    )
