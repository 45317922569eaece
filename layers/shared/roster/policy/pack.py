"""Policy packs: roles, plans and rules of one product, read from TOML and refused unless every entry makes sense."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

PACKS = Path(__file__).parent / "packs"

# What Roster's own routes ask for, by name. A pack adds its product's.
ROSTER_PERMISSIONS = frozenset(
    {
        "organization:read",
        "organization:update",
        "organization:delete",
        "organization:notifications",
        "members:read",
        "members:remove",
        "invitations:manage",
        "roles:assign",
        "roles:customize",
        "ownership:transfer",
        "activity:read",
    }
)
# What no custom role ever holds, whoever makes it.
BUILT_IN_ONLY = frozenset({"ownership:transfer", "organization:delete", "organization:notifications"})
# The lists that say over whom a role has a right, and the permission that each is nothing without.
RIGHTS: Mapping[str, str] = {
    "invites": "invitations:manage",
    "removes": "members:remove",
    "assigns": "roles:assign",
}
# Who holds one of these manages people: an invitation to such a role is for the invited address alone, verified.
MANAGING = frozenset({*RIGHTS.values(), "roles:customize"})
PERMISSION = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*:[a-z][a-z0-9]*(-[a-z0-9]+)*")  # noun:verb
DURATION = re.compile(r"([1-9][0-9]*) (days|hours)")


class PackError(ValueError):
    """A pack that cannot be used: a sentence for each fault, naming file and entry."""


def _permission(text: str) -> str:
    if not PERMISSION.fullmatch(text):
        raise ValueError(f"{text!r} is no permission: write noun:verb, in lower case, with hyphens")
    return text


def _duration(value: object) -> timedelta:
    match = DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError(f'{value!r} is no duration: write it as "7 days" or "72 hours"')
    return timedelta(**{match[2]: int(match[1])})


def _by(key: str) -> BeforeValidator:
    """Turn an array of tables into a mapping, in the file's order; refuse two of one name."""

    def keyed(tables: object) -> dict[str, object]:
        if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
            raise ValueError(f"at least one table is needed, each with its {key}")
        named: dict[str, object] = {}
        for number, table in enumerate(tables, start=1):
            name = str(table.get(key, f"number {number}"))
            if name in named:
                raise ValueError(f"two have the {key} {name!r}")
            named[name] = table
        return named

    return BeforeValidator(keyed)


def _none_if(word: str) -> BeforeValidator:
    """TOML has no null, and what is left out is refused: so that there is none must be written."""
    return BeforeValidator(lambda value: None if value == word else value)


type Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
type Text = Annotated[str, Field(min_length=1)]
type Flag = Annotated[bool, Field(strict=True)]
type Count = Annotated[int, Field(strict=True, gt=0)]
type Cap = Annotated[Count | None, _none_if("unlimited")]
type Duration = Annotated[timedelta, BeforeValidator(_duration)]
type NamedForSomebody = Annotated[str, Field(pattern=r"^[^{}]*\{name\}[^{}]*$", max_length=40)]
type Permission = Annotated[str, AfterValidator(_permission)]


@dataclass(frozen=True, slots=True)
class Role:
    """What its holders may do, and which roles they may invite to, remove and assign (ids)."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: Name
    title: Text
    description: Text
    permissions: frozenset[Permission]
    invites: frozenset[str]
    removes: frozenset[str]
    assigns: frozenset[str]
    custom: Flag = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organization may grow to. None: unlimited, or kept for good."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Name
    title: Text
    owners: Cap
    members: Cap
    organizations: Cap  # that one user may own
    custom_roles: Flag
    invitations_per_day: Count
    activity_kept: Annotated[Duration | None, _none_if("for good")]


@dataclass(frozen=True)
class Pack:
    """The rules of one product. Roles are in its order; its first plan is a new organization's."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Name
    title: Text
    roles: Annotated[Mapping[str, Role], _by("id")]
    permission_titles: Mapping[Permission, Text]
    plans: Annotated[Mapping[str, Plan], _by("name")]
    founder: str
    owner: str
    protected: frozenset[str]  # whose holders nobody else may change or remove
    transfer_only: Flag  # exactly one owner, who is never invited or assigned
    after_transfer: str
    several_roles: Flag
    owner_alone: Flag  # an owner holds no role beside it
    invitation_lifetime: Duration
    copy_links: Flag  # an invitation's link may be copied, and handed over without mail
    default_organization: Annotated[NamedForSomebody | None, _none_if("none")]  # a new user's own, by what it is called
    upgrade_url: Annotated[str, Field(pattern=r"^https://")]
    invitations_per_address: Count  # a day, in one organization
    organizations_per_day: Count  # by one person

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Every permission that some role holds: there are no others."""
        return frozenset().union(*(role.permissions for role in self.roles.values()))

    @property
    def first_plan(self) -> Plan:
        """The plan of a new organization."""
        return next(iter(self.plans.values()))

    @property
    def caps_organizations(self) -> bool:
        """Whether it matters how many organizations one user owns."""
        return any(plan.organizations is not None for plan in self.plans.values())


_SHAPE = TypeAdapter(Pack)


def available() -> list[str]:
    """Names of the packs that come with Roster."""
    return sorted(path.stem for path in PACKS.glob("*.toml"))


@cache
def load(name: str) -> Pack:
    """Read a pack that comes with Roster. Raises PackError."""
    if name not in available():
        raise PackError(f"There is no pack {name!r}: the packs are {', '.join(available())}.")
    return load_file(PACKS / f"{name}.toml")


def deployed_pack() -> Pack:
    """Return the pack that this deployment runs: the parameter Pack of the template. Raises PackError."""
    return load(os.environ["PACK"])


def load_file(path: Path) -> Pack:
    """Read a pack, named like its file. Raises PackError with every fault found."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackError(f"{path.name} cannot be read: {error}.") from error
    if "name" in entries:
        raise PackError(f"{path.name}: name is not a key of a pack: its file's name is.")
    try:
        pack = _SHAPE.validate_python(entries | {"name": path.stem})
    except ValidationError as error:
        faults = list(_misshapen(error))
    else:
        faults = [*_undefined(pack)] or [*_untitled(pack), *_contradictions(pack)]
    if faults:
        raise PackError("\n".join(f"{path.name}: {fault}." for fault in faults))
    return pack


def _misshapen(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        entry = ".".join(map(str, fault["loc"]))
        match fault["type"]:
            case "missing":
                yield f"{entry} is missing"
            case "extra_forbidden" | "unexpected_keyword_argument":
                yield f"{entry} is not a key of a pack"
            case _:
                yield f"{entry}: {fault['msg'].removeprefix('Value error, ')}"


def _undefined(pack: Pack) -> Iterator[str]:
    """Find the roles that some entry names and nothing defines."""
    named = {"founder": {pack.founder}, "owner": {pack.owner}, "after_transfer": {pack.after_transfer}}
    lists = {f"roles.{role.id}.{right}": getattr(role, right) for role in pack.roles.values() for right in RIGHTS}
    for entry, roles in {**named, "protected": pack.protected, **lists}.items():
        for role in sorted(roles - pack.roles.keys()):
            yield f"{entry} names {role!r}, a role that nothing defines"


def _untitled(pack: Pack) -> Iterator[str]:
    """Find the permissions that nobody could read, and the titles of none."""
    titled = pack.permission_titles.keys()
    yield from (f"permission_titles: {permission} has no title" for permission in sorted(pack.permissions - titled))
    for unknown in sorted(titled - pack.permissions):
        yield f"permission_titles names {unknown!r}, a permission that no role holds"


def _contradictions(pack: Pack) -> Iterator[str]:
    """Find what could never work as written, or would break a rule that holds in every pack."""
    if pack.founder != pack.owner:
        yield f"founder: {pack.founder} does not own, so that a new organization would have no owner"
    if pack.after_transfer == pack.owner:
        yield f"after_transfer: {pack.owner} is the role that a transfer gives away"
    for permission in sorted(ROSTER_PERMISSIONS - pack.roles[pack.founder].permissions):
        yield f"roles.{pack.founder}.permissions: the founder's role lacks {permission}"
    for role in pack.roles.values():
        yield from (f"roles.{role.id}.{fault}" for fault in _overreach(pack, role))
    for plan in pack.plans.values():
        if pack.transfer_only and plan.owners != 1:
            yield f"plans.{plan.name}.owners is not 1, though ownership is only transferred"
        if plan.organizations is not None and not pack.transfer_only:
            yield f"plans.{plan.name}.organizations is capped, which needs exactly one owner to each (transfer_only)"


def _overreach(pack: Pack, role: Role) -> Iterator[str]:
    """Find what a role may not hold, or may not hand out."""
    if role.custom:
        yield "custom: a role of a pack is built in"
    # Everybody's roles come down from the founder, and nobody gives what they lack.
    for entry, lacking in _beyond(role, pack.roles[pack.founder]):
        yield f"{entry}: nobody could give {lacking}, as the founder's role lacks it"
    for right, permission in RIGHTS.items():
        if getattr(role, right) and permission not in role.permissions:
            yield f"{right} is of no use without the permission {permission}"
    for right in ("invites", "assigns"):
        for given in sorted(getattr(role, right)):
            if pack.transfer_only and given == pack.owner:
                yield f"{right}: {given} is a role that only a transfer gives"
            for entry, lacking in _beyond(pack.roles[given], role):
                yield f"{right}: {given} has {lacking} in its {entry}, which {role.id} lacks"
    for removed in sorted(role.removes & pack.protected):
        yield f"removes: {removed} is protected"


def _beyond(role: Role, other: Role) -> Iterator[tuple[str, str]]:
    """Find what a role has and another lacks: permissions, and the roles that its lists name."""
    for entry in ("permissions", *RIGHTS):
        for lacking in sorted(getattr(role, entry) - getattr(other, entry)):
            yield entry, lacking
