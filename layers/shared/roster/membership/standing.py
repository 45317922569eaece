"""The caller's standing in an organization: what every route of an organization reads first."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from roster.api.problems import NotFound
from roster.api.request import Request
from roster.membership.requirements import refuse_unless, require_own_pack
from roster.policy.decisions import Policy
from roster.policy.pack import Pack, Role, deployed_pack
from roster.table.commit import Change
from roster.table.items import CustomRoles, Member, Organization, User
from roster.table.keys import Key
from roster.table.read import Batch, read


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
    def owns(self) -> bool:
        """Whether the caller has an ownership that they may transfer: nobody has, but a member."""
        return False

    @property
    def custom(self) -> CustomRoles | None:
        """The item of the custom roles, if the organization ever made one."""
        return self.batch[CustomRoles.key(self.organization.id)]

    def may(self, permission: str) -> bool:
        """Tell whether the caller's roles hold the permission."""
        return bool(self.policy.may(self.roles, permission))

    @property
    def reads_log(self) -> bool:
        """Whether the caller may read the activity log, and so see when somebody signed in."""
        return self.may("activity:read")

    def is_actor(self, _member: Member) -> bool:
        """Tell whether a membership is the caller's own."""
        return False

    def counted(self, member: Member) -> frozenset[str]:
        """Return the roles that a member counts for: the owner's exactly if they are counted as an owner.

        These differ from what they hold where the pack has renamed that role: no count drifts by it, and the last owner
        stays the last.
        """
        owner = {self.policy.pack.owner}
        return frozenset(member.roles) - owner | (owner if member.owns else set())

    def judged(self, member: Member) -> frozenset[str]:
        """Return the roles by which it is judged who may change or remove a member: an owner is one by any name."""
        return self.counted(member) | frozenset(member.roles)

    def owner_by_another_name(self, member: Member) -> dict[str, bool]:
        """Return what an event tells of an owner whose roles do not tell it, as the pack has renamed the role."""
        return {"owner": True} if member.owns and not self.policy.owns(member.roles) else {}

    def check(self, change: Change, *roles: str) -> None:
        """Check in the change's transaction that the custom ones among these roles are as they were read."""
        if self.custom is not None and any(self.policy.is_custom(name) for name in roles):
            change.check(self.custom)


@dataclass(frozen=True)
class MachineView(View):
    """What a machine sees."""

    scopes: frozenset[str]

    @property
    def reads_log(self) -> bool:
        """Whether the machine's token has the scope for it."""
        return "roster/read" in self.scopes

    def may(self, _permission: str) -> bool:
        """Tell that it may: the machine's scope was judged by its token."""
        return True

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

    @property
    def owns(self) -> bool:
        """Whether the caller has an ownership that they may transfer."""
        return self.actor.owns and self.may("ownership:transfer")

    def require(self, permission: str) -> None:
        """Raise Forbidden unless the caller's roles hold the permission."""
        refuse_unless(self.policy.may(self.roles, permission))

    def is_actor(self, member: Member) -> bool:
        """Tell whether a membership is the caller's own."""
        return member.sk == self.actor.sk

    def check(self, change: Change, *roles: str) -> None:
        """Check there the caller's membership, too, and the custom ones among their own roles."""
        change.check(self.actor)
        super().check(change, *self.roles, *roles)


def standing_of(request: Request, organization_id: str, *keys: Key[Any]) -> Standing:
    """Read the caller's standing, and what stands under more keys, in one round trip.

    Raises NotFound if there is no such organization, or the caller has no part in it; then one more round trip looks
    whether their id was moved, which is Forbidden. Raises OtherPack if the organization is of another pack.
    """
    actor, me = Member.key(organization_id, request.caller.user_id), User.key(request.caller.user_id)
    batch = request.read(*visible(organization_id), actor, *keys)
    view, member = living(batch, organization_id), batch[actor]
    if view is None or member is None:
        request.refuse_moved(read([me]))
        raise NotFound
    require_own_pack(view.organization)
    return Standing(view.organization, view.policy, view.batch, member)


def view_of(request: Request, organization_id: str, *keys: Key[Any]) -> Standing | MachineView:
    """Read what the caller sees: a machine, the organization; a person, their standing. As `standing_of`."""
    if request.caller.is_machine:
        view = see(request.read(*visible(organization_id), *keys), organization_id)
        require_own_pack(view.organization)
        return MachineView(view.organization, view.policy, view.batch, request.caller.scopes)
    return standing_of(request, organization_id, *keys)


def visible(organization_id: str) -> tuple[Key[Organization], Key[CustomRoles]]:
    """Return the keys that tell what an organization is and what holds in it."""
    return Organization.key(organization_id), CustomRoles.key(organization_id)


def living(batch: Batch, organization_id: str) -> View | None:
    """Return an organization that was read, and what holds in it; None if it is not there, or deleted."""
    view = _view(batch, organization_id)
    return None if view is None or view.organization.deleted_at is not None else view


def deleted(batch: Batch, organization_id: str) -> View | None:
    """Return a deleted organization as it was, while nothing is purged yet; None if it is not there, or lives.

    This is for the mail about its deletion alone: for everybody else it does not exist.
    """
    view = _view(batch, organization_id)
    return None if view is None or view.organization.deleted_at is None else view


def _view(batch: Batch, organization_id: str) -> View | None:
    organization = batch[Organization.key(organization_id)]
    if organization is None:
        return None
    pack, custom = deployed_pack(), batch[CustomRoles.key(organization_id)]
    return View(organization, _built_in(pack) if custom is None else Policy(pack, _roles(custom)), batch)


@cache
def _built_in(pack: Pack) -> Policy:
    """Return what holds in organizations without roles of their own: what is found of a member's is found once."""
    return Policy(pack)


def see(batch: Batch, organization_id: str) -> View:
    """Return an organization that was read, and what holds in it. Raises NotFound if it is not there, or deleted."""
    view = living(batch, organization_id)
    if view is None:
        raise NotFound
    return view


def _roles(custom: CustomRoles) -> dict[str, Role]:
    rights = ("permissions", "invites", "removes", "assigns")
    return {
        name: Role(
            id=name,
            title=role["title"],
            description=role["description"],
            custom=True,
            **{right: frozenset(role[right]) for right in rights},
        )
        for name, role in custom.roles.items()
    }
