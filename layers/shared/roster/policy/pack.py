"""Policy packs: roles, plans and rules of one product, read from TOML and refused unless every entry makes sense."""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from roster.policy.faults import faults_of, misshapen, unread
from roster.policy.permissions import PERMISSION

PACKS = Path(__file__).parent / "packs"

DURATION = re.compile(r"([1-9][0-9]*) (days|hours)")


class PackError(ValueError):
    """A pack that cannot be used: a sentence for each fault, naming file and entry."""


class PackUnread(PackError):
    """A pack whose file cannot be read as text."""


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


@dataclass(frozen=True, eq=False)
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

    def plan(self, name: str) -> Plan:
        """Return a plan by its name. One that the pack does not know grants no more than each of the pack's plans does.

        Its title is its name, and of the log nothing is lost: events are kept as long as the longest of them keeps one.
        """
        known = self.plans.get(name)
        return self._least(name) if known is None else known

    def _least(self, name: str) -> Plan:
        plans = self.plans.values()
        kept = [plan.activity_kept for plan in plans]
        return Plan(
            name=name,
            title=name,
            owners=_smallest(plan.owners for plan in plans),
            members=_smallest(plan.members for plan in plans),
            organizations=_smallest(plan.organizations for plan in plans),
            custom_roles=all(plan.custom_roles for plan in plans),
            invitations_per_day=min(plan.invitations_per_day for plan in plans),
            activity_kept=None if None in kept else max(one for one in kept if one is not None),
        )

    @property
    def caps_organizations(self) -> bool:
        """Whether it matters how many organizations one user owns."""
        return any(plan.organizations is not None for plan in self.plans.values())


def _smallest(caps: Iterable[int | None]) -> int | None:
    return min((cap for cap in caps if cap is not None), default=None)


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
    except (OSError, UnicodeDecodeError) as error:
        raise PackUnread(f"{path.name} cannot be read: {unread(error)}.") from error
    except ValueError as error:
        raise PackError(f"{path.name} cannot be read: {error}.") from error
    if "name" in entries:
        raise PackError(f"{path.name}: name is not a key of a pack: its file's name is.")
    try:
        pack = _SHAPE.validate_python(entries | {"name": path.stem})
    except ValidationError as error:
        faults = list(misshapen(error))
    else:
        faults = faults_of(pack)
    if faults:
        raise PackError("\n".join(f"{path.name}: {fault}." for fault in faults))
    return pack
