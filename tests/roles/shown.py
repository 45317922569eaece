"""What the API shows of an organization at one moment. What follows from it is worked out here, not asked of Roster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roster.table.items import CustomRoles, Organization
from roster.table.read import read
from tests.world import Team

TAKES = {"invites": "invitations:manage", "removes": "members:remove", "assigns": "roles:assign"}
KINDS = ("permissions", *TAKES)  # what a role gives
ASIDE = {"holders", "can"}  # what is shown beside a role, and is no part of it


@dataclass(frozen=True)
class Shown:
    """Roles by id, and members' roles by user id, as they are shown; the plan and what is counted, as it is kept."""

    roles: Mapping[str, Mapping[str, Any]]
    members: Mapping[str, frozenset[str]]
    kept: Mapping[str, Mapping[str, Any]]  # the custom roles
    plan: str
    member_count: int
    owner_count: int
    holders: Mapping[str, int]

    @classmethod
    def of(cls, team: Team, earlier: "Shown | None" = None) -> "Shown":
        """Look; for the roles only if those that are kept are others than earlier."""
        reader, keys = team.world.machine("roster/read"), (Organization.key(team.id), CustomRoles.key(team.id))
        batch = read(keys)
        organization, custom = batch[keys[0]], batch[keys[1]] or CustomRoles(*keys[1])
        assert organization is not None
        if earlier is not None and earlier.kept == custom.roles:
            roles = earlier.roles
        else:
            roles = {
                role["id"]: {name: value for name, value in role.items() if name not in ASIDE}
                for role in reader.get(team.path("roles")).body["items"]
            }
        return cls(
            roles,
            {one["user_id"]: frozenset(one["roles"]) for one in reader.get(team.path("members")).body["items"]},
            custom.roles,
            organization.plan,
            int(organization.members),
            int(organization.owners),
            {name: custom.held_by(name) for name in custom.roles},
        )

    @property
    def built_in(self) -> list[str]:
        """The pack's roles."""
        return [name for name, role in self.roles.items() if not role["custom"]]

    @property
    def custom(self) -> list[str]:
        """The organization's own roles."""
        return [name for name, role in self.roles.items() if role["custom"]]

    @property
    def permissions(self) -> frozenset[str]:
        """All that there are: some built-in role grants each."""
        return frozenset().union(*(self.granted(name) for name in self.built_in))

    def granted(self, role: str) -> frozenset[str]:
        """What a role permits."""
        return frozenset(self.roles[role]["permissions"])

    def held(self, user_id: str) -> frozenset[str]:
        """What somebody may do: all that their roles permit together."""
        return frozenset().union(*(self.granted(name) for name in self.members.get(user_id, ())))

    def listed(self, user_id: str, right: str) -> frozenset[str]:
        """Over which built-in roles somebody's own roles together give a right; or what they permit."""
        return frozenset().union(*(self.roles[name][right] for name in self.members.get(user_id, ())))

    def power(self, *roles: str) -> frozenset[str]:
        """What roles give together: permissions, and each entry of a list that says over whom they have a right."""
        return frozenset(f"{kind} {one}" for name in roles for kind in KINDS for one in self.roles[name][kind])

    def wields(self, user_id: str) -> frozenset[str]:
        """What somebody has by their roles together."""
        return self.power(*self.members.get(user_id, ()))

    def reaches(self, user_id: str) -> frozenset[str]:
        """What of that is of use: an entry counts only in a role that has the permission for it."""
        idle = {
            f"{kind} {one}"
            for kind, takes in TAKES.items()
            for one in self.listed(user_id, kind)
            if not any(self.of_use(name, kind, one) for name in self.members.get(user_id, ()))
        }
        return self.wields(user_id) - idle

    def of_use(self, name: str, kind: str, one: str) -> bool:
        """Tell whether an entry of a role counts."""
        return one in self.roles[name][kind] and TAKES[kind] in self.roles[name]["permissions"]

    def below(self, user_id: str) -> list[str]:
        """The custom roles that give nothing beyond what somebody has: no permission, and no reach over people."""
        return [name for name in self.custom if self.power(name) <= self.reaches(user_id)]

    def reach(self, user_id: str, right: str) -> list[str]:
        """Every role over which somebody could have a right."""
        return sorted(self.listed(user_id, right)) + self.below(user_id)

    def holding(self, role: str) -> int:
        """How many members hold a role."""
        return sum(role in roles for roles in self.members.values())
