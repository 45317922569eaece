"""What lands between another's read and its commit: calls that are done there, or the test is wrong."""

from typing import Any

from tests.roles.custom import edit, give, made
from tests.world import Caller, Reply, Team, World

TRANSACTION = "TransactWriteItems"


def leave(person: Caller, team: Team) -> None:
    assert person.post(team.path("leave")).status == 204


def change_roles(actor: Caller, target: Caller, team: Team, *roles: str) -> None:
    assert actor.put(team.path("members", target.id, "roles"), {"roles": list(roles)}).status == 200


def invite_eve(actor: Caller, team: Team) -> None:
    team.invite("eve@example.com", "viewer", by=actor)


def remove(team: Team, member: Caller) -> None:
    assert team.founder.delete(team.path("members", member.id)).status == 204


def delete(team: Team) -> None:
    assert team.founder.delete(team.path()).status == 204


def transfer(team: Team, giver: Caller, heir: Caller) -> None:
    assert giver.post(team.path("transfer"), {"user_id": heir.id}).status == 200


def accept(person: Caller, path: str) -> None:
    assert person.post(path).status == 200


def sign_in(person: Caller) -> None:
    assert person.put("/me").status == 200


def erase(world: World, person: Caller) -> None:
    assert world.machine("roster/users").delete(f"/users/{person.id}").status == 204


def accepting(team: Team, person: Caller, *roles: str) -> str:
    """Invite somebody, and return where they accept."""
    return team.path("invitations", team.invite(person.email, *roles)["id"], "accept")


def moving_in(team: Team, person: Caller, email: str, *roles: str) -> Reply:
    """Let a machine move somebody in."""
    machine, body = team.world.machine("roster/provision"), {"email": email, "roles": list(roles)}
    return machine.put(team.path("members", person.id), body)


def provision(team: Team, person: Caller, email: str, *roles: str) -> None:
    assert moving_in(team, person, email, *roles).status == 201


def make_role(team: Team, title: str) -> None:
    made(team, title=title)


def delete_role(team: Team, role: str) -> None:
    assert team.founder.delete(team.path("roles", role)).status == 204


def edit_role(team: Team, role: str, **changes: Any) -> None:
    assert edit(team, role, **changes).status == 200


def give_role(team: Team, person: Caller, role: str) -> None:
    assert give(team, person, role).status == 200
