"""Making custom roles, and giving them: what the tests of them do most."""

from typing import Any

from tests.world import Caller, Reply, Team

AUDITOR: dict[str, Any] = {"title": "Auditor", "permissions": ["organization:read", "members:read", "activity:read"]}


def make(team: Team, by: Caller | None = None, **role: Any) -> Reply:
    return (by or team.founder).post(team.path("roles"), AUDITOR | role)


def made(team: Team, by: Caller | None = None, **role: Any) -> str:
    reply = make(team, by, **role)
    assert reply.status == 201, reply.text
    return str(reply.body["id"])


def edit(team: Team, role: str, by: Caller | None = None, **changes: Any) -> Reply:
    return (by or team.founder).put(team.path("roles", role), AUDITOR | changes)


def give(team: Team, person: Caller, *roles: str, by: Caller | None = None) -> Reply:
    return (by or team.founder).put(team.path("members", person.id, "roles"), {"roles": list(roles)})


def listed(team: Team) -> list[dict[str, Any]]:
    """The custom roles, as a member sees them."""
    items = team.founder.get(team.path("roles")).body["items"]
    return [role for role in items if role["custom"]]
