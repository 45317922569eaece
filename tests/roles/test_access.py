"""Access: a product asks what somebody may do, and is told why not."""

from collections.abc import Callable

import pytest

from roster.policy.pack import load
from tests.roles.custom import made
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World


def ask(caller: Caller, team: Team, *permissions: str, **about: str) -> Reply:
    return caller.post(team.path("access"), {"permissions": list(permissions), **about})


def reasons(reply: Reply) -> list[str]:
    """The reasons, of which `granted` alone comes with a yes."""
    decisions = reply.body["decisions"]
    assert all(decision["allowed"] == (decision["reason"] == "granted") for decision in decisions)
    return [decision["reason"] for decision in decisions]


def test_a_member_asks_what_they_may_do_themselves_in_the_order_asked(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "issuer")
    asked = ("credentials:issue", "badges:delete", "nonsense", "badges:create", "credentials:issue", "")

    reply = ask(bob, team, *asked)

    assert reply.status == 200
    assert (reply.body["user_id"], reply.body["roles"]) == (bob.id, ["issuer"])
    assert [decision["permission"] for decision in reply.body["decisions"]] == list(asked)
    expected = ["granted", "not_granted", "unknown_permission", "granted", "granted", "unknown_permission"]
    assert reasons(reply) == expected
    assert ask(bob, team, *asked, user_id=bob.id).body == reply.body


def test_a_machine_asks_about_anybody(team: Team, world: World) -> None:
    bob, machine = team.join(world.person("Bob"), "issuer"), world.machine("roster/access")

    reply = ask(machine, team, "credentials:issue", "signing-keys:generate", user_id=bob.id)
    assert (reply.body["user_id"], reply.body["roles"]) == (bob.id, ["issuer"])
    assert reasons(reply) == ["granted", "not_granted"]


@pytest.mark.parametrize("somebody", ["user-99", "Me", "...", "x" * 128])
def test_who_is_no_member_may_do_nothing(team: Team, world: World, somebody: str) -> None:
    reply = ask(world.machine("roster/access"), team, "badges:create", "nonsense", user_id=somebody)

    assert reply.status == 200
    assert (reply.body["user_id"], reply.body["roles"]) == (somebody, [])
    assert reasons(reply) == ["not_a_member"] * 2


def test_a_machine_that_names_nobody_asks_about_itself_which_is_no_member(team: Team, world: World) -> None:
    reply = ask(world.machine("roster/access"), team, "badges:create")

    assert (reply.body["user_id"], reply.body["roles"], reasons(reply)) == ("billing", [], ["not_a_member"])


def test_a_person_asks_about_nobody_else(team: Team, world: World) -> None:
    bob, eve = team.join(world.person("Bob"), "admin"), world.person("Eve")

    for caller in (team.founder, eve):
        reply = ask(caller, team, "badges:create", user_id=bob.id)
        assert reply.refusal == (403, "forbidden")
        assert reply.body["reason"] == "scope_missing"


def test_a_stranger_and_who_was_removed_are_told_of_nothing(team: Team, world: World) -> None:
    bob, machine = team.join(world.person("Bob"), "admin"), world.machine("roster/access")
    team.founder.delete(team.path("members", bob.id))

    for stranger in (bob, world.person("Eve")):
        assert ask(stranger, team, "badges:create").refusal == (404, "not_found")
    assert reasons(ask(machine, team, "badges:create", user_id=bob.id)) == ["not_a_member"]
    team.founder.delete(team.path())
    assert ask(machine, team, "badges:create", user_id=team.founder.id).refusal == (404, "not_found")


@pytest.mark.parametrize("permissions", [[], ["x:y"] * 51, "x:y", [1], [None], [["x:y"]], {"x": 1}], ids=repr)
def test_one_to_fifty_permissions_are_asked_about_at_once(team: Team, permissions: object) -> None:
    assert team.founder.post(team.path("access"), {"permissions": permissions}).fields[0] == "permissions"


def test_fifty_cost_one_read(team: Team, wire: Wire) -> None:
    wire.clear()

    assert len(reasons(ask(team.founder, team, *[f"badges:b{number}" for number in range(50)]))) == 50
    assert wire.counts == {"BatchGetItem": 1}


def test_several_roles_permit_together_what_each_does(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    bob = team.join(world.person("Bob"), "billing", "installer")

    reply = ask(bob, team, "billing:manage", "certificates:install", "validation:manage")

    assert reasons(reply) == ["granted", "granted", "not_granted"]


def test_custom_roles_count(acme: Team, world: World) -> None:
    role = made(acme, permissions=["badges:create"])
    bob = acme.join(world.person("Bob"), role)

    reply = ask(bob, acme, "badges:create", "badges:edit")

    assert (reply.body["roles"], reasons(reply)) == ([role], ["granted", "not_granted"])


@pytest.mark.parametrize("pack", ["credentials", "teams", "certificates"])
def test_it_says_what_the_list_of_ones_own_permissions_says(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), list(load(pack).roles)[-1])
    known = sorted(load(pack).permissions)

    for person in (team.founder, bob):
        granted = [one["permission"] for one in ask(person, team, *known).body["decisions"] if one["allowed"]]
        assert granted == person.get(team.path("members", "me")).body["permissions"]


def test_asking_takes_no_key_and_leaves_no_trace(team: Team, world: World) -> None:
    before = world.items()

    for permission in ("badges:create", "badges:edit"):
        reply = team.founder.post(team.path("access"), {"permissions": [permission]}, Idempotency_Key="k" * 300)
        assert reply.status == 200
    assert world.items() == before
