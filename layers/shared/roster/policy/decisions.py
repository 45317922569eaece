"""What roles let their holders do: pure decisions, each with its reason. Anything undefined is refused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Literal, NamedTuple

from roster.policy.pack import Pack, Role
from roster.policy.permissions import BUILT_IN_ONLY, MANAGING, RIGHTS

type Right = Literal["invites", "removes", "assigns"]


class Reason(StrEnum):
    """Stable words of the HTTP contract."""

    GRANTED = "granted"
    NOT_GRANTED = "not_granted"
    UNKNOWN_PERMISSION = "unknown_permission"
    NOT_A_MEMBER = "not_a_member"
    PERMISSION_MISSING = "permission_missing"
    ROLE_NOT_ALLOWED = "role_not_allowed"
    ROLE_PROTECTED = "role_protected"
    TRANSFER_ONLY = "transfer_only"


class Decision(NamedTuple):
    """Allowed or refused, why, and the permission or the first role that stood in the way. True when allowed."""

    allowed: bool
    reason: Reason
    permission: str | None = None
    role: str | None = None

    def __bool__(self) -> bool:
        return self.allowed


GRANTED = Decision(allowed=True, reason=Reason.GRANTED)


class Growth(NamedTuple):
    """What an organization grows by: members and owners (fewer, if negative), and whether a custom role is given."""

    members: int = 0
    owners: int = 0
    custom: bool = False


@dataclass(frozen=True, eq=False)
class Policy:
    """What holds in one organization: its pack, and the roles that it made itself. Everybody is given as role ids."""

    pack: Pack
    custom: Mapping[str, Role] = field(default_factory=dict)
    # What was found of an actor's roles: a list asks it of the same actor for each of its rows.
    _reaches: dict[tuple[frozenset[str], Right], frozenset[str]] = field(init=False, repr=False, default_factory=dict)

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """All roles by id, the pack's first. A custom one replaces none of them, and holds only what the pack knows."""
        built_in = self.pack.roles.keys()
        custom = {
            name: replace(
                role,
                permissions=role.permissions & self.pack.permissions,
                invites=role.invites & built_in,
                removes=role.removes & built_in,
                assigns=role.assigns & built_in,
            )
            for name, role in self.custom.items()
        }
        return {**self.pack.roles, **custom, **self.pack.roles}

    def permissions_of(self, roles: Collection[str]) -> frozenset[str]:
        """Everything that these roles permit together."""
        return frozenset().union(*(self.roles[name].permissions for name in roles if name in self.roles))

    def owns(self, roles: Collection[str]) -> bool:
        """Whether somebody with these roles is an owner."""
        return self.pack.owner in roles

    def is_custom(self, name: str) -> bool:
        """Whether the organization made this role itself."""
        return name in self.roles and name not in self.pack.roles

    def stands_alone(self, name: str) -> bool:
        """Whether nobody holds another role beside this one."""
        return not self.pack.several_roles or (self.pack.owner_alone and name == self.pack.owner)

    def unknown(self, roles: Collection[str]) -> frozenset[str]:
        """The roles among these that neither the pack nor the organization knows any more: they permit nothing."""
        return frozenset(roles) - self.roles.keys()

    def growth(self, given: Collection[str] = (), taken: Collection[str] = (), *, members: int = 0) -> Growth:
        """What the organization grows by when somebody who held `taken` holds `given`."""
        custom = any(self.is_custom(name) for name in given if name not in taken)
        return Growth(members, self.owns(given) - self.owns(taken), custom)

    def guarded(self, roles: Collection[str]) -> bool:
        """Whether an invitation to these is for the verified address alone: they own, or manage people."""
        return self.owns(roles) or not MANAGING.isdisjoint(self.permissions_of(roles))

    def in_order(self, roles: Collection[str]) -> list[str]:
        """Each once: the pack's in its order, then custom ones in theirs, then unknown ones."""
        return [name for name in self.roles if name in roles] + sorted(set(roles) - self.roles.keys())

    def unfit(self, roles: Collection[str]) -> list[str]:
        """Why nobody could hold exactly these, a sentence each; nothing when somebody could."""
        held = set(roles)
        faults = [f"There is no role {name!r}." for name in sorted(held - self.roles.keys())]
        if not held:
            faults.append("Give at least one role.")
        elif len(held) > 1 and not self.pack.several_roles:
            faults.append("A member has exactly one role.")
        elif len(held) > 1 and self.pack.owner_alone and self.owns(held):
            faults.append(f"{self.roles[self.pack.owner].title} cannot be combined with another role.")
        return faults

    def may(self, actor: Collection[str], permission: str) -> Decision:
        """Whether the actor holds the permission."""
        for name in actor:
            role = self.roles.get(name)
            if role is not None and permission in role.permissions:
                return GRANTED
        return Decision(allowed=False, reason=Reason.PERMISSION_MISSING, permission=permission)

    def access(self, actor: Collection[str] | None, permission: str) -> Decision:
        """Answer a product that asks what somebody may do; None stands for somebody who is not a member."""
        if actor is None:
            reason = Reason.NOT_A_MEMBER
        elif permission not in self.pack.permissions:
            reason = Reason.UNKNOWN_PERMISSION
        elif self.may(actor, permission):
            return GRANTED
        else:
            reason = Reason.NOT_GRANTED
        return Decision(allowed=False, reason=reason, permission=permission)

    def may_invite(self, actor: Collection[str], roles: Collection[str]) -> Decision:
        """Whether the actor may invite somebody to these roles."""
        return self._over(actor, "invites", roles)

    def may_remove(self, actor: Collection[str], target: Collection[str]) -> Decision:
        """Whether the actor may remove somebody else, who holds these roles."""
        return self._over(actor, "removes", target, protected=self.pack.protected, taken=target)

    def may_assign(
        self, actor: Collection[str], current: Collection[str], new: Collection[str], *, own: bool = False
    ) -> Decision:
        """Whether the actor may replace these roles of somebody by those; own, the actor's: laying down is free."""
        if own:
            return self._over(actor, "assigns", set(new).difference(current))
        taken = set(current).difference(new)
        protected = self.pack.protected.intersection(current)
        return self._over(actor, "assigns", {*current, *new}, protected=protected, taken=taken)

    def assignable_roles(self, actor: Collection[str], current: Collection[str], *, own: bool = False) -> list[str]:
        """Each role that the actor could set, alone or among others, on who holds these; none if nothing can change."""
        if own and self.pack.transfer_only and self.owns(current):
            return []  # the only owner, who cannot step down
        if not self.may_assign(actor, current, [], own=own):
            return []
        reach = self._reach(actor, "assigns")
        found = [name for name in self.roles if name in reach or (own and name in current)]
        return [] if len(found) == 1 and {*found} == {*current} else found

    def may_provision(self, current: Collection[str], new: Collection[str]) -> Decision:
        """Whether the product's machines may replace these roles of somebody by those: what the pack lets nobody do."""
        for name in self.in_order({*current} ^ {*new}):
            if self.pack.transfer_only and name == self.pack.owner:
                return Decision(allowed=False, reason=Reason.TRANSFER_ONLY, role=name)
            if name in self.pack.protected and name in current:
                return Decision(allowed=False, reason=Reason.ROLE_PROTECTED, role=name)
        return GRANTED

    def may_customize(self, actor: Collection[str], role: Role) -> Decision:
        """Whether the actor may make, edit or delete this custom role: nothing of it goes beyond what they hold."""
        permitted = self.may(actor, "roles:customize")
        if not permitted:
            return permitted
        for permission in sorted(role.permissions - (self.permissions_of(actor) - BUILT_IN_ONLY)):
            return Decision(allowed=False, reason=Reason.PERMISSION_MISSING, permission=permission)
        for right in RIGHTS:
            for name in self.in_order(getattr(role, right) - self._reached(actor, right)):
                return Decision(allowed=False, reason=Reason.PERMISSION_MISSING, role=name)
        return GRANTED

    def after_giving(self, roles: Collection[str]) -> list[str]:
        """What an owner holds once they have transferred the ownership."""
        kept = {*roles} - {self.pack.owner} if self.pack.several_roles else set[str]()
        return self.in_order({*kept, self.pack.after_transfer})

    def after_receiving(self, roles: Collection[str]) -> list[str]:
        """What somebody holds once the ownership was transferred to them."""
        kept = set[str]() if self.stands_alone(self.pack.owner) else {*roles}
        return self.in_order({*kept, self.pack.owner})

    def _over(
        self,
        actor: Collection[str],
        right: Right,
        roles: Collection[str],
        *,
        protected: Collection[str] = (),
        taken: Collection[str] = (),
    ) -> Decision:
        """Judge the permission first, then one role after the other; of those that are taken, some may be unknown."""
        permitted = self.may(actor, RIGHTS[right])
        if not permitted:
            return permitted
        reach = self._reach(actor, right)
        if self._reaches_most(actor, right):
            reach |= self.unknown(taken)
        for name in self.in_order(roles):
            if name not in reach or name in protected:
                return Decision(allowed=False, reason=self._in_the_way(right, name, protected), role=name)
        return GRANTED

    def _reach(self, actor: Collection[str], right: Right) -> frozenset[str]:
        """Return the roles that the actor may invite to, remove or assign: found once."""
        key = frozenset(actor), right
        if key not in self._reaches:
            self._reaches[key] = frozenset(self._find_reach(actor, right))
        return self._reaches[key]

    def _find_reach(self, actor: Collection[str], right: Right) -> set[str]:
        """Find the roles that the actor may invite to, remove or assign.

        Nobody gives a role that has a permission or a reach over people beyond their own. Over a custom role has a
        right who has it over some built-in one, and whose own go as far as that role's.
        """
        within = self._within(actor)
        reach = self._reached(actor, right)
        if right != "removes":
            reach &= within
            if self.pack.transfer_only:
                reach.discard(self.pack.owner)
        return reach | (within - self.pack.roles.keys()) if reach else reach

    def _reaches_most(self, actor: Collection[str], right: Right) -> bool:
        """Tell whether the actor has a right over all roles that anybody has it over, by the founder's role.

        What an unknown role was, nobody knows: maybe a high one. So only who has the widest reach takes it away, and
        removes who holds it.
        """
        widest = self._reach([self.pack.founder], right) & self.pack.roles.keys()
        return bool(widest) and widest <= self._reach(actor, right)

    def _within(self, actor: Collection[str]) -> set[str]:
        """Find the roles that give nothing beyond what the actor's own roles give together."""
        held, reached = self.permissions_of(actor), {right: self._reached(actor, right) for right in RIGHTS}
        return {
            name
            for name, role in self.roles.items()
            if role.permissions <= held and all(getattr(role, right) <= reached[right] for right in RIGHTS)
        }

    def _reached(self, actor: Collection[str], right: str) -> set[str]:
        """Find the built-in roles over which the actor has a right.

        An entry counts only in a role that itself has the permission for it. If another role could bring the
        permission, whoever gave that one would wake a reach that they may lack themselves.
        """
        roles = [self.roles[name] for name in actor if self.may([name], RIGHTS[right])]
        return {other for role in roles for other in getattr(role, right)}

    def _in_the_way(self, right: Right, name: str, protected: Collection[str]) -> Reason:
        if right != "removes" and self.pack.transfer_only and name == self.pack.owner:
            return Reason.TRANSFER_ONLY
        known = name in self.roles
        if name not in protected and any(
            name in self._reach([other], right) if known else self._reaches_most([other], right)
            for other in self.pack.roles
        ):
            return Reason.ROLE_NOT_ALLOWED
        return Reason.ROLE_PROTECTED
