"""Permissions that the code knows by name: Roster's own, and those that manage people."""

import re
from collections.abc import Mapping

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
