"""Migrating one organization to the present pack: what differs, and the transactions that change it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched, chain
from typing import Any

from roster.membership.changes import system_change
from roster.membership.invitations import RENEWABLE
from roster.membership.standing import View, living, visible
from roster.policy.pack import Pack
from roster.policy.permissions import RIGHTS
from roster.table.base import Item
from roster.table.commit import Change
from roster.table.items import CustomRoles, Invitation, Member, Organization
from roster.table.keys import owner_index
from roster.table.read import pages, read

TOGETHER = 90  # members and invitations in one transaction, which takes 100 items: with these, the event and its like
PAGE = 500


class Refused(Exception):
    """An organization cannot be migrated so: nothing of it is changed."""


@dataclass(frozen=True)
class Wanted:
    """The present pack, from which packs organizations come to it, and what plans and roles are called in it."""

    pack: Pack
    earlier: frozenset[str] = frozenset()
    plans: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def takes(self, organization: Organization) -> bool:
        """Tell whether an organization is of this pack, or to come to it."""
        return organization.pack in {self.pack.name, *self.earlier}

    def renames(self, organization: Organization) -> bool:
        """Tell whether its names are old ones: where some come from another pack, this one's own have new ones."""
        return not self.earlier or organization.pack in self.earlier


@dataclass
class Difference:
    """What an organization has, and what changes of it."""

    view: View
    values: dict[str, Any] = field(default_factory=dict)  # of its item
    custom: dict[str, Any] | None = None  # its custom roles as they will be, if that is not as they are
    roles: Counter[str] = field(default_factory=Counter)  # by id: who holds them
    invited: Counter[str] = field(default_factory=Counter)  # open invitations to them
    members: int = 0  # that change
    invitations: int = 0
    owners: int = 0  # that there will be
    gains: int = 0  # of owners
    losses: int = 0
    unfit: int = 0  # members whose roles nobody may hold together
    first: list["_Step"] = field(default_factory=list)  # of what changes, as many as one transaction takes

    @property
    def is_none(self) -> bool:
        """Whether all is as it is to be."""
        return not (self.values or self.custom or self.members or self.invitations)

    @property
    def transactions(self) -> int:
        """How many it takes."""
        return 0 if self.is_none else max(1, -(-(self.members + self.invitations) // TOGETHER))


@dataclass(frozen=True)
class _Step:
    """One item and its new roles; of a member, by how much the owners grow."""

    item: Member | Invitation
    roles: frozenset[str]
    owners: int = 0
    owns: bool = False


def view_of(organization_id: str) -> View | None:
    """Read an organization; None if it is deleted."""
    return living(read(visible(organization_id)), organization_id)


def difference(wanted: Wanted, view: View) -> Difference:
    """Find what changes of an organization. Raises Refused if it would have no owner, or several where one is to be."""
    found = Difference(view, _values(wanted, view.organization), _custom(wanted, view))
    for member in _members(view):
        step = _member_step(wanted, view, member)
        found.roles.update(member.roles)
        found.members += _noted(found, step)
        found.owners += step.owns
        found.gains += step.owners > 0
        found.losses += step.owners < 0
        found.unfit += bool(view.policy.unfit(step.roles)) and not view.policy.unknown(step.roles)
    for invitation in _invitations(view):
        found.invited.update(invitation.roles)
        found.invitations += _noted(found, _invitation_step(wanted, view, invitation))
    if found.owners == 0:
        raise Refused(f"would have no owner: nobody in it would be {wanted.pack.owner!r}")
    if wanted.pack.transfer_only and found.owners > 1:
        raise Refused(f"would have {found.owners} owners, where the pack allows one")
    return found


def migrate(wanted: Wanted, found: Difference) -> None:
    """Change an organization: members and open invitations first, and with the last of them what holds for all.

    Each transaction has its event. Raises LostRace if somebody was faster, and Busy: what is done stays done, and the
    next difference is the rest.
    """
    whole = found.members + found.invitations <= TOGETHER
    steps = batched(found.first if whole else _steps(wanted, found), TOGETHER, strict=False)
    some: tuple[_Step, ...] | None = next(steps, ())
    while some is not None:
        following = next(steps, None)
        _begun(wanted, found, some, last=following is None).commit()
        some = following


def _begun(wanted: Wanted, found: Difference, some: tuple[_Step, ...], *, last: bool) -> Change:
    organization = found.view.organization
    values = found.values if last else {}
    custom = found.view.custom if last and found.custom is not None else None
    owners = sum(step.owners for step in some)
    told = _told(wanted, organization, values, some) | ({} if last else {"continues": True})
    change = system_change(
        organization, "organization.migrated", ("organization", organization.id), request_id=None, **told
    )
    as_read = (Organization.stamp == organization.stamp) & Organization.deleted_at.does_not_exist()
    if owners:
        as_read &= Organization.owners == organization.owners
        values = {**values, "owners": organization.owners + owners}
    if values:
        change.set_if(organization, values | ({"stamp": change.id} if last else {}), as_read)
    else:
        change.require(organization, as_read)
    for step in some:
        _write(change, step)
    if custom is not None:
        change.update(custom, {"roles": found.custom})
    elif found.view.custom is not None:  # by which it is known which roles are whose
        change.check(found.view.custom)
    else:  # none that was created meanwhile names roles by their old names
        change.check_absent(CustomRoles(*CustomRoles.key(organization.id)))
    return change


def _write(change: Change, step: _Step) -> None:
    if isinstance(step.item, Invitation):
        change.update(step.item, {"roles": {*step.roles}})
        return
    member = step.item
    index = owner_index(member.organization_id, member.user_id, owns=step.owns)
    # Whoever is told of what happened before, as an owner, is told of it still.
    change.update(member, {"roles": {*step.roles}, "unmoved_stamp": member.changed_by, **index})


def _told(
    wanted: Wanted, organization: Organization, values: Mapping[str, Any], some: tuple[_Step, ...]
) -> dict[str, Any]:
    """Return what the event tells: only what is changed with it."""
    told: dict[str, Any] = {
        name: {"from": getattr(organization, name), "to": values[name]} for name in ("pack", "plan") if name in values
    }
    limits = {"owners": "max_owners", "members": "max_members"}
    if any(name in values for name in limits.values()):
        before = {limit: _whole(getattr(organization, name)) for limit, name in limits.items()}
        after = {limit: values.get(name, before[limit]) for limit, name in limits.items()}
        told["limits"] = {"from": before, "to": after}
    renamed = sorted({old for step in some for old in step.item.roles if old not in step.roles})
    if renamed:
        told["roles"] = {old: wanted.roles[old] for old in renamed}
    for name, kind in (("members", Member), ("invitations", Invitation)):
        number = sum(isinstance(step.item, kind) for step in some)
        if number:
            told[name] = number
    return told


def _values(wanted: Wanted, organization: Organization) -> dict[str, Any]:
    """Return what changes of the organization's item: its pack, its plan, and the caps of that, if the pack has it."""
    renamed = wanted.plans if wanted.renames(organization) else {}
    name = renamed.get(organization.plan, organization.plan)
    values: dict[str, Any] = {"pack": wanted.pack.name, "plan": name}
    plan = wanted.pack.plans.get(name)
    if plan is not None:
        values |= {"max_owners": plan.owners, "max_members": plan.members}
    return {name: value for name, value in values.items() if getattr(organization, name) != value}


def _custom(wanted: Wanted, view: View) -> dict[str, Any] | None:
    if view.custom is None:
        return None
    roles = {
        name: role | {right: sorted({_renamed(wanted, view, one) for one in role[right]}) for right in RIGHTS}
        for name, role in view.custom.roles.items()
    }
    return None if roles == view.custom.roles else roles


def _renamed(wanted: Wanted, view: View, role: str) -> str:
    """Return what a role is called in the present pack; a custom one is the organization's own."""
    kept = view.policy.is_custom(role) or not wanted.renames(view.organization)
    return role if kept else wanted.roles.get(role, role)


def _member_step(wanted: Wanted, view: View, member: Member) -> _Step:
    roles = frozenset(_renamed(wanted, view, role) for role in member.roles)
    # While nobody knows what a role of theirs was, who is counted as an owner is one.
    owns = view.policy.owns(roles) or (member.owns and bool(view.policy.unknown(roles)))
    return _Step(member, roles, owns - member.owns, owns)


def _invitation_step(wanted: Wanted, view: View, invitation: Invitation) -> _Step:
    return _Step(invitation, frozenset(_renamed(wanted, view, role) for role in invitation.roles))


def _changes(step: _Step) -> bool:
    return step.roles != step.item.roles or step.owners != 0


def _noted(found: Difference, step: _Step) -> bool:
    """Tell whether something changes, and keep the first of it: most organizations are not read a second time."""
    changes = _changes(step)
    if changes and len(found.first) < TOGETHER:
        found.first.append(step)
    return changes


def _steps(wanted: Wanted, found: Difference) -> Iterator[_Step]:
    """Yield what is to be changed, new owners before those who are one no longer: there is always one."""
    view = found.view

    def members(wanted_now: Callable[[_Step], bool]) -> Iterator[_Step]:
        steps = (_member_step(wanted, view, member) for member in _members(view))
        return (step for step in steps if _changes(step) and wanted_now(step))

    parts = [members(lambda step: step.owners > 0), members(lambda step: step.owners <= 0)]
    if not (found.gains and found.losses):
        parts = [members(lambda _: True)]
    invitations = (_invitation_step(wanted, view, one) for one in _invitations(view))
    return chain(*parts, (step for step in invitations if _changes(step)))


def _members(view: View) -> Iterator[Member]:
    yield from _all(Member, view.organization.pk, Member.PREFIX)


def _invitations(view: View) -> Iterator[Invitation]:
    """Yield the invitations that can be accepted or sent again. What is over stays as it was."""
    found = _all(Invitation, view.organization.pk, Invitation.PREFIX)
    return (invitation for invitation in found if invitation.status in RENEWABLE)


def _all[I: Item](kind: type[I], partition: str, prefix: str) -> Iterator[I]:
    for some in pages(kind, partition, prefix, size=PAGE):
        yield from some


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
