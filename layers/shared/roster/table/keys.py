"""Keys: where items stand in the table and its indexes, and the ids that are derived."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import NamedTuple

from roster.clock import rfc3339

# What falls due, and all organizations, are spread over a few shards of gsi2, so that no single partition takes every
# write.
DUE_SHARDS = 4
ORGANIZATION_SHARDS = 4
ORGANIZATIONS = [f"ORGANIZATIONS#{shard}" for shard in range(ORGANIZATION_SHARDS)]


class Key[I](NamedTuple):
    """The primary key of one item; its parameter says which kind of item stands there."""

    pk: str
    sk: str


def invitation_id(organization_id: str, address: str) -> str:
    """Derive the one id that an address has in an organization: two live invitations cannot stand side by side.

    Organization ids are random, so the id tells nobody the address.
    """
    return digest(organization_id, address)


def owner_index(organization_id: str, user_id: str, *, owns: bool) -> dict[str, str | None]:
    """Return the sparse index keys by which an organization's owners are found, or none."""
    return {
        "gsi2pk": f"OWNERS#{organization_id}" if owns else None,
        "gsi2sk": user_id if owns else None,
    }


def due_index(organization_id: str, item_id: str, due: datetime) -> dict[str, str]:
    """Return the sparse index keys by which the sweep finds what falls due."""
    shard = _shard(f"{organization_id}{item_id}", DUE_SHARDS)
    return {"gsi2pk": f"DUE#{shard}", "gsi2sk": f"{rfc3339(due)}#{organization_id}#{item_id}"}


def created_index(organization_id: str, created: str) -> dict[str, str]:
    """Return the index keys by which all organizations are found, in the order of these ULIDs.

    They stay as they are until the organization is deleted: the index has only keys, so that no other change writes it.
    """
    return {"gsi2pk": ORGANIZATIONS[_shard(organization_id, ORGANIZATION_SHARDS)], "gsi2sk": created}


def _shard(text: str, shards: int) -> int:
    return hashlib.sha256(text.encode()).digest()[0] % shards


def day_of(moment: datetime) -> str:
    """Return the day (UTC) that quotas count by."""
    return moment.date().isoformat()


def digest(*parts: str) -> str:
    """Hash length-prefixed parts to 32 characters of `A-Z a-z 0-9 _ -`."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:24]).decode()
