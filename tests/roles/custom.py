"""Making custom roles, and giving them: what the tests of them do most."""

from collections import Counter
from typing import Any

from tests.world import Caller, Reply, Team

AUDITOR: dict[str, Any] = {"title": "Auditor", "permissions": ["organization:read", "members:read", "activity:read"]}

_used: Counter[tuple[str, str]] = Counter()


def unused(team: Team, title: str) -> str:
    """Return this title at first, and then "… 2", "… 3": no two of a team's roles are called alike."""
    _used[team.id, title] += 1
    number = _used[team.id, title]
    return title if number == 1 else f"{title} {number}"


def make(team: Team, by: Caller | None = None, **role: Any) -> Reply:
    """Make a role: an auditor, but for what is told otherwise."""
    told = role if "title" in role else {"title": unused(team, AUDITOR["title"])} | role
    return (by or team.founder).post(team.path("roles"), AUDITOR | told)


def made(team: Team, by: Caller | None = None, **role: Any) -> str:
    reply = make(team, by, **role)
    assert reply.status == 201, reply.text
    return str(reply.body["id"])


def edit(team: Team, role: str, by: Caller | None = None, **changes: Any) -> Reply:
    """Make a role what an auditor is, but for its title, and for what is told otherwise."""
    titles = {one["id"]: {"title": one["title"]} for one in listed(team)}
    return (by or team.founder).put(team.path("roles", role), AUDITOR | titles.get(role, {}) | changes)


def give(team: Team, person: Caller, *roles: str, by: Caller | None = None) -> Reply:
    return (by or team.founder).put(team.path("members", person.id, "roles"), {"roles": list(roles)})


def listed(team: Team) -> list[dict[str, Any]]:
    """The custom roles, as a member sees them."""
    items = team.founder.get(team.path("roles")).body["items"]
    return [role for role in items if role["custom"]]
