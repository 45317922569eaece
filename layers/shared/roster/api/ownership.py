"""Organizations and whose they are: founding one, deleting one, and how many one person may own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from roster.api.members import joined_address, joining
from roster.api.people import first_home, keep_person
from roster.api.request import Request
from roster.api.standing import View, plan_limit
from roster.policy.decisions import Policy
from roster.policy.pack import Pack
from roster.table.commit import Change
from roster.table.items import ExternalId, Organization, User
from roster.table.keys import due_index
from roster.table.read import Batch, read


@dataclass(frozen=True)
class Founder:
    """Whose the organization will be: what is known of them, what is to be kept besides, their verified address."""

    user_id: str
    user: User | None
    values: Mapping[str, Any]
    address: str | None


def found(
    request: Request,
    founder: Founder,
    name: str,
    *,
    default: bool = False,
    external_id: str | None = None,
    metadata: dict[str, str] | None = None,
) -> tuple[Change, Organization]:
    """Begin the change that founds an organization on the pack's first plan.

    Raises PlanLimit if its owner may own no more, unless it is their default one, which they get once.
    """
    pack, user_id = request.pack, founder.user_id
    plan = next(iter(pack.plans.values()))
    organization = Organization(
        *Organization.key(uuid4().hex),
        name=name,
        pack=pack.name,
        plan=plan.name,
        owners=1,
        members=1,
        max_owners=plan.owners,
        max_members=plan.members,
        external_id=external_id,
        metadata=metadata,
    )
    change = request.change(organization, "organization.created", ("organization", organization.id))
    organization.created_at = change.at
    change.create(organization)
    view = View(organization, Policy(pack), Batch())
    change.create(joining(change, view, user_id, roles={pack.founder}, address=founder.address))
    if founder.address is not None:
        change.create(joined_address(organization.id, founder.address))
    once = {"default_organization": organization.id} if default else {}
    owned = owning(change, pack, founder.user, organization, capped=not default)
    home = first_home(founder.user, organization.id)
    keep_person(change, user_id, founder.user, {**home, **owned, **once, **founder.values})
    return change, organization


def mark_deleted(change: Change, organization: Organization) -> None:
    """Let an organization not exist any more, and what the product calls it be free; the sweep purges what it held."""
    change.update(organization, {"deleted_at": change.at, **due_index(organization.id, "ORG", change.at)})
    if organization.external_id is not None:
        change.discard(ExternalId(*ExternalId.key(organization.external_id)))


def owning(
    change: Change, pack: Pack, user: User | None, organization: Organization, *, capped: bool = True
) -> dict[str, set[str]]:
    """Return what is kept of a person who owns an organization from this change on.

    Raises PlanLimit if they own as many already as the plan of this one and the plans of all those allow.
    """
    cap = pack.plans[organization.plan].organizations
    if not pack.caps_organizations:
        return {}
    owned = set[str]() if user is None else set(user.owned or ())
    if capped and cap is not None and len(owned) >= cap:
        batch = read(map(Organization.key, owned))
        found = [batch[Organization.key(one)] for one in owned]
        living = [one for one in found if one is not None and one.deleted_at is None]
        owned = {one.id for one in living}
        if len(owned) >= cap:
            _require_larger_plan(change, pack, organization, living, cap)
    return {"owned": {*owned, organization.id}}


def _require_larger_plan(
    change: Change, pack: Pack, organization: Organization, living: list[Organization], cap: int
) -> None:
    """Find one that is owned and on a plan which allows for one more, and require that it stays on that."""
    caps = {one.id: pack.plans[one.plan].organizations for one in living}
    for one in living:
        most = caps[one.id]
        if most is None or most > len(living):
            change.require(one, (Organization.plan == one.plan) & Organization.deleted_at.does_not_exist())
            return
    raise plan_limit(pack, organization.plan, "organizations", max(cap, *(most or 0 for most in caps.values())))


def disowning(pack: Pack, user: User | None, organization_id: str) -> dict[str, set[str] | None]:
    """Return what is kept of a person who no longer owns an organization."""
    if user is None or not pack.caps_organizations:
        return {}
    return {"owned": {*(user.owned or ())} - {organization_id} or None}  # there is no empty set
