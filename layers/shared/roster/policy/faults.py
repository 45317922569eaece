"""What is wrong with a pack whose entries are of the right kinds, a sentence for each fault."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import ValidationError

from roster.policy.permissions import RIGHTS, ROSTER_PERMISSIONS

if TYPE_CHECKING:
    from roster.policy.pack import Pack, Role


# What to write instead of a value of another kind, by pydantic's word for the fault.
_INSTEAD = {
    "bool_type": "write true or false, without quotes",
    "frozen_set_type": 'write a list in brackets, such as ["admin", "viewer"], or []',
    "dict_type": "write a table",
    "greater_than": "write a whole number from 1 on",
    "string_too_short": "write at least one character",
    "string_too_long": "write fewer characters",
    "string_type": "write text in quotes",
}
_PATTERNS = {
    "upgrade_url": 'write an address that begins with "https://"',
    "default_organization": 'write "none", or text with {name} in it once, such as "{name}\'s team"',
    "name": "write a-z, 0-9 and _ alone, first a letter; of the pack, it is the name of the file",
    "id": "write a-z, 0-9 and _ alone, first a letter",
}
_CAPPED = frozenset({"owners", "members", "organizations"})


def unread(error: OSError | UnicodeDecodeError) -> str:
    """Say why a file cannot be read."""
    match error:
        case UnicodeDecodeError():
            return "it is not UTF-8. Save it as UTF-8"
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "it is a folder"
        case PermissionError():
            return "you have no permission to read it"
    return str(error.strerror).lower()


def misshapen(error: ValidationError) -> Iterator[str]:
    """Find the entries that are missing, unknown or of another kind, and say what to write."""
    for fault in error.errors():
        entry, last = ".".join(map(str, fault["loc"])), str(fault["loc"][-1])
        match fault["type"]:
            case "missing":
                yield f"{entry} is missing"
            case "extra_forbidden" | "unexpected_keyword_argument":
                yield f"{entry} is not a key of a pack"
            case "string_pattern_mismatch" if last in _PATTERNS:
                yield f"{entry}: {_PATTERNS[last]}"
            case "int_type" | "int_parsing" | "int_from_float":
                unlimited = ', or "unlimited"' if last in _CAPPED else ""
                yield f"{entry}: write a whole number without quotes{unlimited}"
            case kind:
                yield f"{entry}: {_INSTEAD.get(kind, fault['msg'].removeprefix('Value error, '))}"


def faults_of(pack: "Pack") -> list[str]:
    """Find all that could not work as it is written. What names roles that nobody defines is judged no further."""
    return [*_undefined(pack)] or [*_untitled(pack), *_contradictions(pack)]


def _undefined(pack: "Pack") -> Iterator[str]:
    """Find the roles that some entry names and nothing defines."""
    named = {"founder": {pack.founder}, "owner": {pack.owner}, "after_transfer": {pack.after_transfer}}
    lists = {f"roles.{role.id}.{right}": getattr(role, right) for role in pack.roles.values() for right in RIGHTS}
    for entry, roles in {**named, "protected": pack.protected, **lists}.items():
        for role in sorted(roles - pack.roles.keys()):
            yield f"{entry} names {role!r}, a role that nothing defines"


def _untitled(pack: "Pack") -> Iterator[str]:
    """Find the permissions that nobody could read, and the titles of none."""
    titled = pack.permission_titles.keys()
    yield from (f"permission_titles: {permission} has no title" for permission in sorted(pack.permissions - titled))
    for unknown in sorted(titled - pack.permissions):
        yield f"permission_titles names {unknown!r}, a permission that no role holds"


def _contradictions(pack: "Pack") -> Iterator[str]:
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


def _overreach(pack: "Pack", role: "Role") -> Iterator[str]:
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


def _beyond(role: "Role", other: "Role") -> Iterator[tuple[str, str]]:
    """Find what a role has and another lacks: permissions, and the roles that its lists name."""
    for entry in ("permissions", *RIGHTS):
        for lacking in sorted(getattr(role, entry) - getattr(other, entry)):
            yield entry, lacking
