"""The caller's standing in an organization: what every route of an organization reads first."""

from collections.abc import Collection
from dataclasses import dataclass

from roster.api.problems import EmailNotVerified, Forbidden, InvalidRequest, LastOwner, PlanLimit
from roster.policy.decisions import Decision, Policy, Reason
from roster.table.items import Member, Organization
from roster.table.read import Batch

_DETAILS = {
    Reason.PERMISSION_MISSING: "Your role does not allow this. Ask somebody whose role does.",
    Reason.ROLE_NOT_ALLOWED: "Your role does not reach this one. Ask somebody whose role does.",
    Reason.ROLE_PROTECTED: "Nobody else may touch this role: only who holds it may lay it down.",
    Reason.TRANSFER_ONLY: "Ownership is neither given nor taken here: its owner transfers it.",
}


@dataclass(frozen=True)
class Standing:
    """An organization that the caller may see, what holds in it, the caller's membership, and what was read beside."""

    organization: Organization
    policy: Policy
    actor: Member
    batch: Batch

    def require(self, permission: str) -> None:
        """Raise Forbidden unless the caller's roles hold the permission."""
        refuse_unless(self.policy.may(self.actor.roles, permission))

    def is_actor(self, member: Member) -> bool:
        """Tell whether a membership is the caller's own."""
        return member.sk == self.actor.sk


def refuse_unless(decision: Decision) -> None:
    """Raise Forbidden, with the decision's reason and what stood in the way, unless it allows."""
    if decision:
        return
    in_the_way = "permission" if decision.permission else "role"
    members = {"reason": str(decision.reason), in_the_way: decision.permission or decision.role}
    raise Forbidden(_DETAILS[decision.reason], members)


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


def require_owner_left(organization: Organization, *, losing: bool) -> None:
    """Raise LastOwner if the organization loses an owner and has no other."""
    if losing and organization.owners <= 1:
        raise LastOwner


def require_room(
    organization: Organization, policy: Policy, *, members: int = 0, owners: int = 0, tell_plan: bool = True
) -> None:
    """Raise PlanLimit unless the plan has room for this many more; only members are told which plan that is."""
    cap = _cap_in_the_way(organization, members, owners)
    if cap is not None:
        limit, maximum = cap
        plan = {"plan": organization.plan, "upgrade_url": policy.pack.upgrade_url} if tell_plan else {}
        raise PlanLimit(_no_room(limit, maximum, told=tell_plan), {"limit": limit, "maximum": maximum, **plan})


def has_room(organization: Organization, *, members: int = 0, owners: int = 0) -> bool:
    """Tell whether the plan has room for this many more."""
    return _cap_in_the_way(organization, members, owners) is None


def _cap_in_the_way(organization: Organization, members: int, owners: int) -> tuple[str, int] | None:
    for limit, more, held, maximum in (
        ("owners", owners, organization.owners, organization.max_owners),
        ("members", members, organization.members, organization.max_members),
    ):
        if more > 0 and maximum is not None and held + more > maximum:
            return limit, int(maximum)
    return None


def _no_room(limit: str, maximum: int, *, told: bool) -> str:
    sentence = f"The organization's plan allows {maximum} {limit if maximum != 1 else limit.removesuffix('s')}."
    return (
        f"{sentence} Move to a larger plan, or make room." if told else f"{sentence} Ask who invited you to make room."
    )
