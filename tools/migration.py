"""Migrating one organization to the present pack: what differs, and the transactions that change it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched, chain, islice
from typing import Any

from roster.membership.changes import system_change
from roster.membership.invitations import RENEWABLE
from roster.membership.standing import View, living, visible
from roster.policy.permissions import RIGHTS
from roster.table.base import Item
from roster.table.commit import Change
from roster.table.items import CustomRoles, Invitation, Member, Organization
from roster.table.keys import owner_index
from roster.table.read import pages, read
from tools.wanted import Wanted, options

TOGETHER = 90  # members and invitations in one transaction, which takes 100 items: with these, the event and its like
PAGE = 500

type Named = tuple[str, str]  # what something is called, and will be


class Refused(Exception):
    """An organization cannot be migrated so: nothing of it is changed."""


@dataclass
class Difference:
    """What an organization has, and what changes of it."""

    view: View
    values: dict[str, Any] = field(default_factory=dict)  # of its item
    custom: dict[str, Any] | None = None  # its custom roles as they will be, if that is not as they are
    roles: Counter[Named] = field(default_factory=Counter)  # the pack's: who holds them
    invited: Counter[Named] = field(default_factory=Counter)  # open invitations to them
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
    def plan(self) -> Named:
        """The plan."""
        name = self.view.organization.plan
        return name, self.values.get("plan", name)

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
    """Find what changes of an organization.

    Raises Refused if it would have no owner, or several where one is to be, or is on its way with other names.
    """
    mark = view.organization.moving
    if mark is not None and not wanted.begun(mark):
        raise Refused(f"is half moved, with {options(mark)}: go on with these")
    found = Difference(view, _values(wanted, view.organization), _custom(wanted, view))
    for member in _members(view):
        step = _member_step(wanted, view, member)
        found.roles.update(_named(wanted, view, member))
        found.members += _noted(found, step)
        found.owners += step.owns
        found.gains += step.owners > 0
        found.losses += step.owners < 0
        found.unfit += bool(view.policy.unfit(step.roles)) and not view.policy.unknown(step.roles)
    for invitation in _invitations(view):
        found.invited.update(_named(wanted, view, invitation))
        found.invitations += _noted(found, _invitation_step(wanted, view, invitation))
    if found.owners == 0:
        raise Refused(f"would have no owner: nobody in it would be {wanted.pack.owner!r}")
    if wanted.pack.transfer_only and found.owners > 1:
        raise Refused(f"would have {found.owners} owners, where the pack allows one")
    return found


def changes(wanted: Wanted, found: Difference) -> Iterator[Change]:
    """Yield the transactions that change an organization, each with its event; commit one before the next is made.

    Where it takes several, these are all but the last, which has what holds for all. What is left for it is found by
    reading once more: what somebody has changed meanwhile is among it.
    """
    if found.transactions == 1:
        yield _change(wanted, found, found.first, last=True)
        return
    for some in islice(batched(_steps(wanted, found), TOGETHER, strict=False), found.transactions - 1):
        yield _change(wanted, found, some, last=False)


def _change(wanted: Wanted, found: Difference, some: Iterable[_Step], *, last: bool) -> Change:
    organization = found.view.organization
    told = _told(wanted, found, some, last=last)
    organization.plan = found.plan[1]  # by the plan that it will have, it is known how long the event is kept
    change = system_change(
        organization, "organization.migrated", ("organization", organization.id), request_id=None, **told
    )
    as_read = (Organization.stamp == organization.stamp) & Organization.deleted_at.does_not_exist()
    values = _begun(wanted, organization, change) if not last else found.values
    values = {**values, "stamp": change.id} if values else {}
    owners = sum(step.owners for step in some)
    if owners:
        as_read &= Organization.owners == organization.owners
        values["owners"] = organization.owners + owners
    if values:
        change.set_if(organization, values, as_read)
    else:
        change.require(organization, as_read)
    stamp = change.id if organization.moving is None else organization.moving["id"]
    for step in some:
        _write(change, step, stamp)
    custom = found.view.custom
    if custom is None:  # none that was created meanwhile names roles by their old names
        change.check_absent(CustomRoles(*CustomRoles.key(organization.id)))
    elif last and found.custom is not None:
        change.update(custom, {"roles": found.custom})
    else:  # by which it is known which roles are whose
        change.check(custom)
    return change


def _begun(wanted: Wanted, organization: Organization, change: Change) -> dict[str, Any]:
    """Return the mark of an organization from another pack, with the first of its transactions."""
    begins = wanted.comes(organization) and organization.moving is None
    return {"moving": wanted.mark(change.id)} if begins else {}


def _write(change: Change, step: _Step, stamp: str) -> None:
    values: dict[str, Any] = {"roles": {*step.roles}, "stamp": stamp}
    if isinstance(step.item, Member):
        values |= owner_index(step.item.organization_id, step.item.user_id, owns=step.owns)
        # Whoever is told of what happened before, as an owner, is told of it still.
        values["unmoved_stamp"] = step.item.changed_by
    change.set_if(step.item, values, Item.stamp == step.item.stamp)


def _told(wanted: Wanted, found: Difference, some: Iterable[_Step], *, last: bool) -> dict[str, Any]:
    """Return what the event tells: only what is changed with it."""
    organization, values = found.view.organization, found.values if last else {}
    told: dict[str, Any] = {
        name: {"from": getattr(organization, name), "to": values[name]} for name in ("pack", "plan") if name in values
    }
    limits = {"owners": "max_owners", "members": "max_members"}
    if any(name in values for name in limits.values()):
        before = {limit: _whole(getattr(organization, name)) for limit, name in limits.items()}
        after = {limit: values.get(name, before[limit]) for limit, name in limits.items()}
        told["limits"] = {"from": before, "to": after}
    renamed = {(old, new) for step in some for old, new in _named(wanted, found.view, step.item) if old != new}
    if renamed:
        told["roles"] = dict(sorted(renamed))
    for name, kind in (("members", Member), ("invitations", Invitation)):
        number = sum(isinstance(step.item, kind) for step in some)
        if number:
            told[name] = number
    return told | ({} if last else {"continues": True})


def _values(wanted: Wanted, organization: Organization) -> dict[str, Any]:
    """Return what changes of the organization's item at last: pack, plan, and the plan's caps, if the pack has it."""
    renamed = wanted.plans if wanted.renames(organization) else {}
    name = renamed.get(organization.plan, organization.plan)
    values: dict[str, Any] = {"pack": wanted.pack.name, "plan": name}
    plan = wanted.pack.plans.get(name)
    if plan is not None:
        values |= {"max_owners": plan.owners, "max_members": plan.members}
    values["moving"] = None
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


def _roles(wanted: Wanted, view: View, item: Member | Invitation) -> dict[str, str]:
    """Return what each role of somebody will be called: as it is, where the organization's mark says that it is new."""
    mark = view.organization.moving
    done = mark is not None and item.stamp == mark["id"]
    return {role: role if done else _renamed(wanted, view, role) for role in item.roles}


def _named(wanted: Wanted, view: View, item: Member | Invitation) -> Iterator[Named]:
    """Yield the pack's roles among somebody's, with what they will be called."""
    return (named for named in _roles(wanted, view, item).items() if not view.policy.is_custom(named[0]))


def _member_step(wanted: Wanted, view: View, member: Member) -> _Step:
    roles = frozenset(_roles(wanted, view, member).values())
    # While nobody knows what a role of theirs was, who is counted as an owner is one.
    owns = view.policy.owns(roles) or (member.owns and bool(view.policy.unknown(roles)))
    return _Step(member, roles, owns - member.owns, owns)


def _invitation_step(wanted: Wanted, view: View, invitation: Invitation) -> _Step:
    return _Step(invitation, frozenset(_roles(wanted, view, invitation).values()))


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
