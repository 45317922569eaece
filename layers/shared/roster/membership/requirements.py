"""Requirements: what must hold for a change, each with the refusal of a request that does not meet it."""

from collections.abc import Collection

from roster.api.problems import EmailNotVerified, Forbidden, InvalidRequest, LastOwner, OtherPack, PlanLimit
from roster.policy.decisions import Decision, Growth, Policy, Reason
from roster.policy.pack import Pack, deployed_pack
from roster.table.items import Organization

_DETAILS = {
    Reason.PERMISSION_MISSING: "Your role does not allow this. Ask somebody whose role does.",
    Reason.ROLE_NOT_ALLOWED: "Your role does not allow this for that role. Ask somebody whose role does.",
    Reason.ROLE_PROTECTED: "Nobody can do this with that role. Only its holder can give it up.",
    Reason.TRANSFER_ONLY: "This role is only given and taken away by a transfer of ownership.",
}
_SENTENCES = {
    "owners": "The organization's plan allows {maximum} owner{s}.",
    "members": "The organization's plan allows {maximum} member{s}.",
    "custom_roles": "An organization may have {maximum} custom role{s}.",
    "no_custom_roles": "The organization's plan has no custom roles.",
    "organizations": "One person may own {maximum} organization{s} on this plan.",
}


def refuse_unless(decision: Decision) -> None:
    """Raise Forbidden, with the decision's reason and what stood in the way, unless it allows."""
    if decision:
        return
    in_the_way = "permission" if decision.permission else "role"
    members = {"reason": str(decision.reason), in_the_way: decision.permission or decision.role}
    raise Forbidden(_DETAILS[decision.reason], members)


def require_own_pack(organization: Organization) -> None:
    """Raise OtherPack unless the organization is of the pack that this deployment runs: nothing is decided by another.

    While it moves from one pack to another in several transactions, it is of neither. Who may not know of the
    organization must have been sent away before.
    """
    deployed = deployed_pack().name
    if organization.pack != deployed or organization.moving is not None:
        raise OtherPack(organization.pack, deployed, moving=organization.moving is not None)


def require_fit(policy: Policy, roles: Collection[str]) -> None:
    """Raise InvalidRequest on `roles` unless somebody could hold exactly these."""
    sentences = policy.unfit(roles)
    if sentences:
        raise InvalidRequest(*(("roles", sentence) for sentence in sentences))


def require_verified(email: str | None) -> str:
    """Return a caller's verified address. Raises EmailNotVerified if there is none."""
    if email is None:
        raise EmailNotVerified
    return email


def require_copying(pack: Pack) -> None:
    """Raise Forbidden unless the pack lets links of invitations be copied."""
    if not pack.copy_links:
        sentence = "Invitations go out by mail alone here. Resend the invitation instead."
        raise Forbidden(sentence, {"reason": "links_not_copied"})


def require_owner_left(organization: Organization, *, losing: bool) -> None:
    """Raise LastOwner if the organization loses an owner and has no other."""
    if losing and organization.owners <= 1:
        raise LastOwner


def require_room(organization: Organization, policy: Policy, growth: Growth, *, tell_plan: bool = True) -> None:
    """Raise PlanLimit unless the plan has room for this; only members and machines are told which plan that is."""
    cap = _cap_in_the_way(organization, policy, growth)
    if cap is not None:
        raise plan_limit(policy.pack, organization.plan, *cap, tell_plan=tell_plan)


def has_room(organization: Organization, policy: Policy, growth: Growth) -> bool:
    """Tell whether the plan has room for this."""
    return _cap_in_the_way(organization, policy, growth) is None


def plan_limit(pack: Pack, plan: str, limit: str, maximum: int, *, tell_plan: bool = True) -> PlanLimit:
    """Return the refusal of what goes beyond a plan's limit, by its name."""
    sentence = _SENTENCES[limit if maximum else f"no_{limit}"].format(maximum=maximum, s="" if maximum == 1 else "s")
    if not tell_plan:
        return PlanLimit(f"{sentence} Ask your inviter to make room.", {"limit": limit, "maximum": maximum})
    members = {"limit": limit, "maximum": maximum, "plan": plan, "upgrade_url": pack.upgrade_url}
    return PlanLimit(f"{sentence} Make room, or move to a larger plan if there is one: {pack.upgrade_url}", members)


def _cap_in_the_way(organization: Organization, policy: Policy, growth: Growth) -> tuple[str, int] | None:
    for limit, more, held, maximum in (
        ("owners", growth.owners, organization.owners, organization.max_owners),
        ("members", growth.members, organization.members, organization.max_members),
    ):
        if more > 0 and maximum is not None and held + more > maximum:
            return limit, int(maximum)
    if growth.custom and not policy.pack.plan(organization.plan).custom_roles:
        return "custom_roles", 0
    return None
