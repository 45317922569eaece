"""POST /organizations: create an organization; for somebody else, if a machine does it."""

from roster.api.answers import Created, created
from roster.api.app import App
from roster.api.fields import Address, Body, ExternalName, Locale, Metadata, Name, UserId
from roster.api.problems import Conflict, PlanLimit, TooManyRequests
from roster.api.request import Request
from roster.api.shown import OrganizationShape
from roster.clock import now
from roster.membership.ownership import FirstOwner, creating
from roster.membership.people import named_by_machine, told_by_token
from roster.membership.quotas import creations_so_far, enough
from roster.membership.shapes import organization_shape
from roster.policy.pack import deployed_pack
from roster.table.items import ExternalId, Organization, User
from roster.table.keys import day_of

handler = App()


class NewOrganization(Body):
    """What a person creates an organization with."""

    name: Name
    """Its name."""
    locale: Locale | None = None
    """The language of its mails, as a BCP 47 tag."""


@handler.route("POST", "/organizations", raises=(PlanLimit, TooManyRequests))
def create(request: Request, body: NewOrganization) -> Created[OrganizationShape]:
    """Create an organization, with the caller as its owner.

    It is on the first plan.
    """
    caller, pack = request.caller, deployed_pack()
    user = request.read(User.key(caller.user_id))[User.key(caller.user_id)]
    moment = now()
    created_today = creations_so_far(user, moment)

    counted = {"creations_on": day_of(moment), "creations_that_day": created_today + 1}
    values = {**told_by_token(caller, user), **counted}
    owner = FirstOwner(caller.user_id, user, values, caller.verified_email)
    change, organization = creating(request, owner, body.name, {"locale": body.locale})
    if created_today >= pack.organizations_per_day:
        raise enough("organizations_per_day", pack.organizations_per_day, moment)
    return request.commit(change, _created(organization))


class Owner(Body):
    """Whom a machine creates an organization for. The machine vouches for the address."""

    user_id: UserId
    """Their user id: the `sub` of their tokens."""
    email: Address
    """Their e-mail address."""
    name: Name | None = None
    """Their name."""


class ProvisionedOrganization(NewOrganization):
    """What a machine creates an organization with."""

    owner: Owner
    """Who will own it."""
    external_id: ExternalName | None = None
    """The product's own id for it. No two organizations have the same."""
    metadata: Metadata | None = None
    """What the product wants to keep with it: at most 4 KB of JSON."""


@handler.route("POST", "/organizations", scope="roster/provision", raises=(Conflict, PlanLimit))
def provision(request: Request, body: ProvisionedOrganization) -> Created[OrganizationShape]:
    """Create an organization with somebody else as its owner."""
    owner, external_id = body.owner, body.external_id
    user_key = User.key(owner.user_id)
    external_key = None if external_id is None else ExternalId.key(external_id)
    batch = request.read(user_key, *([] if external_key is None else [external_key]))
    user = batch[user_key]
    if external_key is not None and batch[external_key] is not None:
        raise Conflict("Another organization has this external_id. Read it with ?external_id=, or name another one.")

    first_owner = FirstOwner(owner.user_id, user, named_by_machine(owner.name, user), owner.email)
    more = {"locale": body.locale, "external_id": external_id, "metadata": body.metadata}
    change, organization = creating(request, first_owner, body.name, more, owner=owner.user_id)
    if external_key is not None:
        change.create(ExternalId(*external_key, organization_id=organization.id))
    return request.commit(change, _created(organization))


def _created(organization: Organization) -> Created[OrganizationShape]:
    return created(organization_shape(organization), f"/organizations/{organization.id}", organization)
