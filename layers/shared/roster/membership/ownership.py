"""Organizations and their owners: creating one, deleting one, and how many one person may own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from roster.api.request import Request
from roster.api.words import NAME_LENGTH
from roster.membership.changes import caller_change
from roster.membership.members import joined_address, joining
from roster.membership.people import holder_keys, joins, keep_person
from roster.membership.requirements import plan_limit
from roster.membership.standing import View
from roster.policy.decisions import Policy
from roster.policy.pack import Pack, deployed_pack
from roster.table.commit import Change
from roster.table.items import PURGED_AFTER, ExternalId, Organization, User
from roster.table.keys import Key, created_index, due_index
from roster.table.read import Batch, read

NAMELESS = {"name": "", "named_for": None}


@dataclass(frozen=True)
class FirstOwner:
    """Whose a new organization will be: what is known of them, what is to be kept besides, their verified address."""

    user_id: str
    user: User | None
    values: Mapping[str, Any]
    address: str | None


def creating(
    request: Request,
    first: FirstOwner,
    name: str,
    more: Mapping[str, Any] | None = None,
    *,
    default: bool = False,
    **data: object,
) -> tuple[Change, Organization]:
    """Begin the change that creates an organization on the pack's first plan.

    `more` are attributes of it, `data` is what its event tells besides. Raises PlanLimit if its owner may own no more,
    unless it is their default one, which they get once.
    """
    pack, user, user_id = deployed_pack(), first.user, first.user_id
    organization = _new(pack, name, {**(more or {}), **({"named_for": user_id} if default else {})})
    change = caller_change(request, organization, "organization.created", ("organization", organization.id), **data)
    organization.created_at = change.at
    organization.gsi2pk, organization.gsi2sk = created_index(organization.id, change.id).values()
    change.create(organization)
    view = View(organization, Policy(pack), Batch())
    member = joining(change, view, user_id, roles={pack.founder}, address=first.address)
    change.create(member)
    if member.address is not None:
        change.create(joined_address(member))
    at_cap = [] if default else owned_keys(pack, user, organization.plan)
    batch = read([*at_cap, *holder_keys(user, first.values)])
    owned = owning(change, pack, user, organization, None if default else batch)
    once = {"default_organization": organization.id} if default else {}
    keep_person(change, user_id, user, {**joins(user, organization.id), **owned, **once, **first.values}, batch)
    return change, organization


def _new(pack: Pack, name: str, more: Mapping[str, Any]) -> Organization:
    plan = pack.first_plan
    return Organization(
        *Organization.key(uuid4().hex),
        name=name,
        pack=pack.name,
        plan=plan.name,
        owners=1,
        members=1,
        max_owners=plan.owners,
        max_members=plan.members,
        **more,
    )


def default_name(pattern: str, name: str) -> str:
    """Return what a person's default organization is called, by the pack's pattern."""
    return pattern.format(name=name[: NAME_LENGTH - len(pattern.format(name=""))].strip())


def mark_deleted(change: Change, organization: Organization, *, keep_name: bool) -> None:
    """Mark an organization deleted and free its external id; the sweep purges what it held.

    Its name is kept until then, for the mail to its other owners, or forgotten at once.
    """
    if organization.external_id is not None:
        change.discard(ExternalId(*ExternalId.key(organization.external_id)))
    words = {"external_id": None, "metadata": None, **({} if keep_name else NAMELESS)}  # of people, perhaps
    due = due_index(organization.id, "ORG", change.at + PURGED_AFTER)
    change.update(organization, {**words, "deleted_at": change.at, **due})


def owned_keys(pack: Pack, user: User | None, plan: str) -> list[Key[Organization]]:
    """Return what must be read before a person owns one more on a plan: nothing, unless they are at its cap."""
    cap = pack.plan(plan).organizations
    owned = () if user is None else user.owned or ()
    return [] if cap is None or len(owned) < cap else [Organization.key(one) for one in owned]


def may_own_one_more(pack: Pack, user: User | None, batch: Batch) -> bool:
    """Tell whether a person may own a new organization beside their others. `batch` has their `owned_keys`."""
    plan = pack.first_plan.name
    keys = owned_keys(pack, user, plan)
    living = _living(keys, batch)
    return not keys or any(_allows(pack, one, len(living)) for one in (plan, *(owned.plan for owned in living)))


def owning(
    change: Change, pack: Pack, user: User | None, organization: Organization, batch: Batch | None
) -> dict[str, set[str]]:
    """Return what is kept of a person who owns an organization from this change on.

    `batch` has their `owned_keys`; without it, nothing is capped. Raises PlanLimit if they own as many already as the
    plan of this one and the plans of all those allow.
    """
    if not pack.caps_organizations:
        return {}
    owned = set[str]() if user is None else set(user.owned or ())
    keys = owned_keys(pack, user, organization.plan)
    if keys and batch is not None:
        living = _living(keys, batch)
        owned = {one.id for one in living}
        _require_larger_plan(change, pack, organization, living)
    return {"owned": {*owned, organization.id}}


def owned_with(pack: Pack, user: User, organization_id: str) -> dict[str, set[str]]:
    """Return what is kept of a person who owns one organization more, whatever their plan allows: as it is theirs."""
    return {"owned": {*(user.owned or ()), organization_id}} if pack.caps_organizations else {}


def _living(keys: list[Key[Organization]], batch: Batch) -> list[Organization]:
    return [one for key in keys if (one := batch[key]) is not None and one.deleted_at is None]


def _allows(pack: Pack, plan: str, owned: int) -> bool:
    """Tell whether who owns an organization on this plan, and so many, may own one more."""
    cap = pack.plan(plan).organizations
    return cap is None or cap > owned


def _require_larger_plan(change: Change, pack: Pack, organization: Organization, living: list[Organization]) -> None:
    """Find a plan that allows for one more, of this organization or of one that is owned, and require that one's."""
    for one in (organization, *living):
        if _allows(pack, one.plan, len(living)):
            if one is not organization:
                change.require(one, (Organization.plan == one.plan) & Organization.deleted_at.does_not_exist())
            return
    caps = [pack.plan(one.plan).organizations or 0 for one in (organization, *living)]
    raise plan_limit(pack, organization.plan, "organizations", max(caps))


def disowning(pack: Pack, user: User | None, organization_id: str) -> dict[str, set[str] | None]:
    """Return what is kept of a person who no longer owns an organization."""
    if user is None or not pack.caps_organizations:
        return {}
    return {"owned": {*(user.owned or ())} - {organization_id} or None}  # there is no empty set
