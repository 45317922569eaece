"""What the tests of the rules ask for, of what may be refused, and the two refusals that they meet most."""

from collections.abc import Mapping
from typing import Any

from tests.roles.custom import unused
from tests.world import Caller, Reply, Team

UPGRADE = "https://example.com/upgrade"
TRANSACTION = "TransactWriteItems"  # the one call by which a change is written


def invite(team: Team, email: str, *roles: str, by: Caller | None = None) -> Reply:
    """Invite an address."""
    return (by or team.founder).post(team.path("invitations"), {"email": email, "roles": list(roles)})


def resend(team: Team, invitation: dict[str, Any], *roles: str, by: Caller | None = None) -> Reply:
    """Send an invitation again, to other roles if any are named."""
    body = {"roles": list(roles)} if roles else None
    return (by or team.founder).post(team.path("invitations", invitation["id"], "resend"), body)


def copy_link(team: Team, invitation: dict[str, Any], by: Caller | None = None) -> Reply:
    """Ask for a link to hand over."""
    return (by or team.founder).post(team.path("invitations", invitation["id"], "link"))


def cancel(team: Team, invitation: dict[str, Any], by: Caller | None = None) -> Reply:
    """Cancel an invitation."""
    return (by or team.founder).delete(team.path("invitations", invitation["id"]))


def accept(team: Team, person: Caller, invitation: dict[str, Any], token: str | None = None) -> Reply:
    """Accept an invitation, with the token that its mail brought, or as the address that it was sent to."""
    return person.post(team.path("invitations", invitation["id"], "accept"), {"token": token})


def decline(team: Team, person: Caller, invitation: dict[str, Any], token: str | None = None) -> Reply:
    """Decline an invitation."""
    return person.post(team.path("invitations", invitation["id"], "decline"), {"token": token})


def preview(team: Team, token: str) -> Reply:
    """Look where a link leads, signed in nowhere."""
    return team.world.call("POST", "/invitations/preview", body={"token": token})


def set_roles(team: Team, person: Caller, *roles: str, by: Caller | None = None) -> Reply:
    """Give somebody exactly these roles."""
    return (by or team.founder).put(team.path("members", person.id, "roles"), {"roles": list(roles)})


def remove(team: Team, person: Caller, by: Caller | None = None) -> Reply:
    """Remove somebody."""
    return (by or team.founder).delete(team.path("members", person.id))


def leave(team: Team, person: Caller) -> Reply:
    """Leave."""
    return person.post(team.path("leave"))


def transfer(team: Team, person: Caller, by: Caller | None = None) -> Reply:
    """Transfer the ownership to somebody."""
    return (by or team.founder).post(team.path("transfer"), {"user_id": person.id})


def customize(
    team: Team, *permissions: str, by: Caller | None = None, over: Mapping[str, list[str]] | None = None
) -> Reply:
    """Make a custom role, which may do this, over those."""
    body = {"title": unused(team, "Deputy"), "permissions": list(permissions), **(over or {})}
    return (by or team.founder).post(team.path("roles"), body)


def provision(team: Team, person: Caller, *roles: str) -> Reply:
    """Let the product's machine set a member."""
    body = {"email": person.email, "roles": list(roles)}
    return team.world.machine("roster/provision").put(team.path("members", person.id), body)


def assert_refused(reply: Reply, reason: str, **named: str) -> None:
    """Hold a reply to be a 403 for this reason, which names what stood in the way."""
    assert reply.refusal == (403, "forbidden")
    assert reply.body["reason"] == reason
    assert named.items() <= reply.body.items()


def assert_full(reply: Reply, limit: str, maximum: int, plan: str) -> None:
    """Hold a reply to be the refusal of growth beyond a plan, which says where to upgrade."""
    assert reply.refusal == (409, "plan_limit")
    told = {name: reply.body[name] for name in ("limit", "maximum", "plan", "upgrade_url")}
    assert told == {"limit": limit, "maximum": maximum, "plan": plan, "upgrade_url": UPGRADE}
    assert UPGRADE in reply.body["detail"]
