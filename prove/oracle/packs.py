"""Who may do what in the three packs, as the product's description has it: typed in, and read from no pack."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

# Nobody's custom role holds these.
OWNERS_ALONE = frozenset({"ownership:transfer", "organization:delete", "organization:notifications"})
MANAGING = OWNERS_ALONE | {"roles:assign", "roles:customize", "invitations:manage", "members:remove"}
# What it takes to use a reach over people, in the same role.
REACH = {"invites": "invitations:manage", "removes": "members:remove", "assigns": "roles:assign"}


@dataclass(frozen=True)
class Role:
    """What its holders may do, and to holders of which roles: invite to, remove from, give and take."""

    permissions: frozenset[str]
    invites: frozenset[str]
    removes: frozenset[str]
    assigns: frozenset[str]

    @staticmethod
    def of(permissions: str, invites: str = "", removes: str = "", assigns: str = "") -> "Role":
        return Role(*(frozenset(text.split()) for text in (permissions, invites, removes, assigns)))


@dataclass(frozen=True)
class Pack:
    """A pack: its roles, its owners' role, and its plans with their caps of owners and members; None is no cap."""

    owner: str
    roles: Mapping[str, Role]
    caps: Mapping[str, tuple[int | None, int | None]]
    invitations_per_day: Mapping[str, int]  # by plan
    one_role_each: bool
    one_owner: bool
    custom_on: str  # the plan that has custom roles
    owners_are_protected: bool = True  # nobody changes another owner's roles


_SEES = "organization:read members:read"
_ALL = (
    f"{_SEES} organization:update organization:delete invitations:manage members:remove roles:assign "
    "ownership:transfer organization:notifications roles:customize activity:read"
)
_CREDENTIALS = {
    "owner": Role.of(
        f"{_ALL} signing-keys:generate badges:create badges:edit badges:delete badges:upload-image credentials:issue "
        "credentials:revoke credentials:read analytics:read api-keys:manage billing:manage domains:verify",
        "owner admin issuer viewer",
        "admin issuer viewer",
        "owner admin issuer viewer",
    ),
    "admin": Role.of(
        f"{_SEES} organization:update invitations:manage members:remove activity:read badges:create badges:edit "
        "badges:delete badges:upload-image credentials:issue credentials:revoke credentials:read analytics:read",
        "admin issuer viewer",
        "issuer viewer",
    ),
    "issuer": Role.of(f"{_SEES} badges:create badges:upload-image credentials:issue credentials:read analytics:read"),
    "viewer": Role.of(f"{_SEES} credentials:read analytics:read"),
}
_TEAM = "account_admin billing validation installer"
_WORK = (
    "billing:manage transactions:read refunds:request validation:manage documents:upload certificates:download "
    "certificates:install"
)
_TEAMS = {
    "owner": Role.of(f"{_ALL} {_WORK}", _TEAM, _TEAM, _TEAM),
    "account_admin": Role.of(
        f"{_SEES} organization:update invitations:manage members:remove roles:assign roles:customize activity:read "
        f"{_WORK}",
        _TEAM,
        _TEAM,
        _TEAM,
    ),
    "billing": Role.of(f"{_SEES} billing:manage transactions:read refunds:request"),
    "validation": Role.of(f"{_SEES} validation:manage documents:upload"),
    "installer": Role.of(f"{_SEES} certificates:download certificates:install"),
}
_CERTIFICATES = {
    "admin": Role.of(
        f"{_ALL} billing:manage certificates:create certificates:edit certificates:delete certificates:read "
        "categories:manage templates:manage reports:read settings:read categories:read templates:read",
        *(["admin manager user"] * 3),
    ),
    "manager": Role.of(
        f"{_SEES} certificates:create certificates:edit certificates:delete certificates:read categories:manage "
        "templates:manage reports:read categories:read templates:read settings:read"
    ),
    "user": Role.of(f"{_SEES} certificates:create certificates:read categories:read templates:read settings:read"),
}
PACKS = {
    "credentials": Pack(
        "owner",
        _CREDENTIALS,
        {"free": (1, None), "professional": (2, None), "enterprise": (None, None)},
        {"free": 50, "professional": 500, "enterprise": 5000},
        one_role_each=True,
        one_owner=False,
        custom_on="enterprise",
    ),
    "teams": Pack(
        "owner",
        _TEAMS,
        {"standard": (None, None), "enterprise": (None, None)},
        {"standard": 200, "enterprise": 5000},
        one_role_each=False,
        one_owner=True,
        custom_on="enterprise",
    ),
    "certificates": Pack(
        "admin",
        _CERTIFICATES,
        {"free": (None, 1), "basic": (None, 5), "pro": (None, None), "enterprise": (None, None)},
        {"free": 10, "basic": 50, "pro": 500, "enterprise": 5000},
        one_role_each=True,
        one_owner=False,
        custom_on="enterprise",
        owners_are_protected=False,
    ),
}


class Standing:
    """What somebody may do by their roles, the custom ones of an organization among them."""

    def __init__(self, pack: Pack, custom: Mapping[str, Mapping[str, Any]], held: Collection[str]) -> None:
        self._pack = pack
        self._custom = {name: _custom(role) for name, role in custom.items()}
        self._held = [role for name in held if (role := self.role(name)) is not None]
        self.permissions = frozenset().union(*(role.permissions for role in self._held))

    def role(self, name: str) -> Role | None:
        """Return a role, if there is one of this name."""
        return self._pack.roles.get(name) or self._custom.get(name)

    def reaches(self, how: str, names: Collection[str]) -> bool:
        """Tell whether they may invite to all of these roles, remove or change who has them: `invites`, `removes`, …

        Nobody gives a role that has more than they have. Over a custom role is who has all that is in it, and may do
        that to some built-in role.
        """
        return all(self._reaches(how, name) for name in names)

    def _reaches(self, how: str, name: str) -> bool:
        role = self.role(name)
        if role is None:
            return False
        if name in self._pack.roles:
            return name in self.reach(how) and (how == "removes" or self.includes(role))
        return self.includes(role) and any(self._reaches(how, other) for other in self._pack.roles)

    def includes(self, role: Role) -> bool:
        """Tell whether they have all that a role has: no permission and no reach over people is beyond their own."""
        within = role.permissions <= self.permissions
        return within and all(getattr(role, how) <= self.reach(how) for how in REACH)

    def reach(self, how: str) -> frozenset[str]:
        """Return the built-in roles over which they have this reach: it counts in a role with the permission for it."""
        return frozenset().union(*(getattr(role, how) for role in self._held if REACH[how] in role.permissions))


def _custom(role: Mapping[str, Any]) -> Role:
    return Role(*(frozenset(role.get(part) or ()) for part in ("permissions", "invites", "removes", "assigns")))
