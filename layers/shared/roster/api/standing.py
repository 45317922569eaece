"""The caller's standing in an organization: what every route of an organization reads first."""

from collections.abc import Collection
from dataclasses import dataclass

from roster.api.problems import EmailNotVerified, Forbidden, InvalidRequest, LastOwner, PlanLimit
from roster.policy.decisions import Decision, Growth, Policy, Reason
from roster.policy.pack import Pack
from roster.table.commit import Change
from roster.table.items import CustomRoles, Member, Organization
from roster.table.read import Batch

_DETAILS = {
    Reason.PERMISSION_MISSING: "Your role does not allow this. Ask somebody whose role does.",
    Reason.ROLE_NOT_ALLOWED: "Your role does not reach this one. Ask somebody whose role does.",
    Reason.ROLE_PROTECTED: "Nobody else may touch this role: only who holds it may lay it down.",
    Reason.TRANSFER_ONLY: "Ownership is neither given nor taken here: its owner transfers it.",
}
_SENTENCES = {
    "owners": "The organization's plan allows {maximum} owner{s}.",
    "members": "The organization's plan allows {maximum} member{s}.",
    "custom_roles": "An organization may have {maximum} custom role{s}.",
    "no_custom_roles": "The organization's plan has no custom roles.",
    "organizations": "One person may own {maximum} organization{s} on this plan.",
}


@dataclass(frozen=True)
class View:
    """An organization that the caller may see, what holds in it, and what was read beside."""

    organization: Organization
    policy: Policy
    batch: Batch

    @property
    def roles(self) -> frozenset[str]:
        """The caller's own roles: none, but for a member."""
        return frozenset()

    @property
    def custom(self) -> CustomRoles | None:
        """The item of the custom roles, if the organization ever made one."""
        return self.batch[CustomRoles.key(self.organization.id)]

    def is_actor(self, _member: Member) -> bool:
        """Tell whether a membership is the caller's own."""
        return False

    def lean(self, change: Change, *roles: str) -> None:
        """Require that what the decision leaned on is as it was read: the custom ones among these roles."""
        if self.custom is not None and any(self.policy.is_custom(name) for name in roles):
            change.check(self.custom)


class MachineView(View):
    """What a machine sees."""

    def require(self, _permission: str) -> None:
        """Ask nothing more: the machine's scope was judged by its token."""


@dataclass(frozen=True)
class Standing(View):
    """What a member sees, and their membership."""

    actor: Member

    @property
    def roles(self) -> frozenset[str]:
        """The caller's own roles."""
        return frozenset(self.actor.roles)

    def require(self, permission: str) -> None:
        """Raise Forbidden unless the caller's roles hold the permission."""
        refuse_unless(self.policy.may(self.roles, permission))

    def is_actor(self, member: Member) -> bool:
        """Tell whether a membership is the caller's own."""
        return member.sk == self.actor.sk

    def lean(self, change: Change, *roles: str) -> None:
        """Require that the caller's membership is as it was read, and the custom ones among their roles and these."""
        change.check(self.actor)
        super().lean(change, *self.roles, *roles)


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
        return PlanLimit(f"{sentence} Ask who invited you to make room.", {"limit": limit, "maximum": maximum})
    members = {"limit": limit, "maximum": maximum, "plan": plan, "upgrade_url": pack.upgrade_url}
    return PlanLimit(f"{sentence} Make room, or move to a larger plan if there is one: {pack.upgrade_url}", members)


def _cap_in_the_way(organization: Organization, policy: Policy, growth: Growth) -> tuple[str, int] | None:
    for limit, more, held, maximum in (
        ("owners", growth.owners, organization.owners, organization.max_owners),
        ("members", growth.members, organization.members, organization.max_members),
    ):
        if more > 0 and maximum is not None and held + more > maximum:
            return limit, int(maximum)
    if growth.custom and not policy.pack.plans[organization.plan].custom_roles:
        return "custom_roles", 0
    return None
