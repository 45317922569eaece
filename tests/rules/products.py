"""The three products in a few words, and what each role of them does: in the product, and by Roster's own routes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import pytest

from tests.rules.asking import assert_refused
from tests.world import Caller, Team


@dataclass(frozen=True, repr=False)
class Product:
    """A pack, in the words that a rule of every pack needs."""

    pack: str
    roles: tuple[str, ...]
    plans: tuple[str, ...]
    owner: str  # what its founder is
    inviter: str  # the highest role to which one is invited on every plan that has room; it invites too
    other: str  # two that neither invite nor change roles
    least: str
    life: timedelta  # of an invitation
    invited: tuple[str, ...]  # all roles but those that only a transfer gives
    powerful: str  # one of these that manages people

    def __repr__(self) -> str:
        return self.pack


CREDENTIALS = Product(
    pack="credentials",
    roles=("owner", "admin", "issuer", "viewer"),
    plans=("free", "professional", "enterprise"),
    owner="owner",
    inviter="admin",
    other="issuer",
    least="viewer",
    life=timedelta(days=7),
    invited=("owner", "admin", "issuer", "viewer"),
    powerful="owner",
)
TEAMS = Product(
    pack="teams",
    roles=("owner", "account_admin", "billing", "validation", "installer"),
    plans=("standard", "enterprise"),
    owner="owner",
    inviter="account_admin",
    other="billing",
    least="installer",
    life=timedelta(hours=72),
    invited=("account_admin", "billing", "validation", "installer"),
    powerful="account_admin",
)
CERTIFICATES = Product(
    pack="certificates",
    roles=("admin", "manager", "user"),
    plans=("free", "basic", "pro", "enterprise"),
    owner="admin",
    inviter="admin",
    other="manager",
    least="user",
    life=timedelta(days=7),
    invited=("admin", "manager", "user"),
    powerful="admin",
)
PRODUCTS = (CREDENTIALS, TEAMS, CERTIFICATES)


def of(*products: Product) -> pytest.MarkDecorator:
    """Tell of which products a rule is; without it, a rule is of all."""
    return pytest.mark.parametrize("product", products, indirect=True, ids=str)


class Use(NamedTuple):
    """A use of one of Roster's own permissions that changes nothing, and what it is answered where it is allowed."""

    permission: str
    method: str
    path: str
    body: dict[str, object] | None
    status: int


# What is allowed meets a stale If-Match, or names what is not there.
USES = [
    Use("organization:read", "GET", "", None, 200),
    Use("organization:update", "PATCH", "", {"name": "Globex"}, 412),
    Use("organization:delete", "DELETE", "", None, 412),
    Use("organization:notifications", "PATCH", "", {"email_notifications": False}, 412),
    Use("members:read", "GET", "/members", None, 200),
    Use("members:read", "GET", "/roles", None, 200),
    Use("members:remove", "DELETE", "/members/nobody", None, 404),
    Use("invitations:manage", "GET", "/invitations", None, 200),
    Use("invitations:manage", "POST", "/invitations", {"email": "eve@example.com", "roles": ["king"]}, 422),
    Use("invitations:manage", "POST", "/invitations/none/resend", None, 404),
    Use("invitations:manage", "POST", "/invitations/none/link", None, 404),
    Use("invitations:manage", "DELETE", "/invitations/none", None, 404),
    Use("roles:assign", "PUT", "/members/nobody/roles", {"roles": ["king"]}, 404),
    Use("roles:customize", "POST", "/roles", {"title": "King", "permissions": ["crowns:wear"]}, 422),
    Use("roles:customize", "DELETE", "/roles/none", None, 404),
    Use("ownership:transfer", "POST", "/transfer", {"user_id": "nobody"}, 404),
    Use("activity:read", "GET", "/activity", None, 200),
    Use("activity:read", "GET", "/activity.csv", None, 200),
]


def permitted(text: str) -> dict[str, set[str]]:
    """Read a table of who may do what: the permissions of each role."""
    (_, *roles), *rows = (line.split() for line in text.strip().splitlines())
    return {role: {row[0] for row in rows if row[column] == "yes"} for column, role in enumerate(roles, 1)}


def assert_does_exactly(team: Team, role: str, permissions: set[str], known: Iterable[str]) -> None:
    """Hold who has a role to do these things and nothing else: as the product is told, and as the routes act."""
    founds = role in team.member(team.founder)["roles"]
    person = team.founder if founds else team.join(team.world.person("Bob"), role)
    before = team.world.items()

    assert granted(team, person, known) == permissions
    assert set(team.member(person, by=person)["permissions"]) == permissions
    assert_served_by_routes(team, person, permissions)
    assert team.world.items() == before


def assert_served_by_routes(team: Team, person: Caller, permissions: set[str]) -> None:
    """Hold the routes to serve somebody where these permissions are enough, and nowhere else."""
    for use in USES:
        headers = {"If-Match": '"stale"'} if use.status == 412 else {}
        reply = team.world.call(use.method, team.path() + use.path, caller=person, body=use.body, headers=headers)
        if use.permission in permissions:
            assert reply.status == use.status, use
        else:
            assert_refused(reply, "permission_missing", permission=use.permission)


def granted(team: Team, person: Caller, permissions: Iterable[str]) -> set[str]:
    """What of these the product is told that somebody may do."""
    reply = person.post(team.path("access"), {"permissions": sorted(permissions)})
    assert reply.status == 200, reply.text
    return {decision["permission"] for decision in reply.body["decisions"] if decision["allowed"]}


def assert_roles(team: Team, *roles: str) -> None:
    """Hold these to be the built-in roles, in this order, and no others."""
    assert [role["id"] for role in team.founder.get(team.path("roles")).body["items"]] == list(roles)
