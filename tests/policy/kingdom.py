"""An invented pack, roles that its organizations might make, and how to ask: for the tests of the mechanism."""

from pathlib import Path

from roster.policy.decisions import Decision, Policy
from roster.policy.pack import Pack, Role, load_file

KINGDOM = load_file(Path(__file__).parent / "kingdom.toml")


def custom(name: str, permissions: set[str], **lists: set[str]) -> Role:
    rights = {right: frozenset(lists.get(right, ())) for right in ("invites", "removes", "assigns")}
    return Role(name, name.title(), "Made here.", frozenset(permissions), **rights, custom=True)


MILLER = custom("miller", {"fields:plough"})
BAILIFF = custom("bailiff", {"taxes:collect", "members:remove"}, removes={"peasant"})
JEWELLER = custom("jeweller", {"crowns:wear"})


def kingdom(*roles: Role, pack: Pack = KINGDOM) -> Policy:
    return Policy(pack, {role.id: role for role in roles})


def refusal(decision: Decision) -> tuple[str, str | None]:
    assert not decision
    assert not decision.allowed
    return decision.reason, decision.role or decision.permission
