"""Erasing a person: all that they have a part in ends, their name and address are gone, and the logs stay whole."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.wire import Wire, refuse
from tests.world import Caller, Reply, Team, World


@pytest.fixture
def machine(world: World) -> Caller:
    return world.machine("roster/users")


def erase(machine: Caller, person: Caller, **headers: str) -> Reply:
    return machine.delete(f"/users/{person.id}", **headers)


def left(world: World, *words: str) -> list[dict[str, Any]]:
    """Every item that still holds one of these words; idempotency records end with their day."""
    kept = [item for item in world.items() if not item["pk"]["S"].startswith("IDEM#")]
    return [item for item in kept if any(word.lower() in str(item).lower() for word in words)]


def test_name_and_address_are_gone_from_every_item_and_the_log_stays(team: Team, world: World, machine: Caller) -> None:
    bob = world.person("Bob Baker", email="bob@secret.example.com")
    team.join(bob, "admin")
    second, third = (Team.found(world, world.person(name), name) for name in ("Second", "Third"))
    second.invite(bob.email, "viewer", message="Come along")
    third.founder.delete(third.path("invitations", third.invite(bob.email, "viewer")["id"]))
    own = Team.found(world, bob, "His")
    own.invite("eve@example.com", "viewer")
    gone = Team.found(world, bob, "Gone")
    gone.founder.delete(gone.path())
    team.invite("zoe@example.com", "viewer", by=bob)
    assert left(world, "Baker", "bob@secret")
    log = [event["id"] for event in team.founder.get(team.path("activity")).body["items"]]

    assert erase(machine, bob).status == 204

    assert left(world, "Baker", "bob@secret") == []
    events = team.founder.get(team.path("activity")).body["items"]
    assert [event["id"] for event in events[1:]] == log
    assert events[0]["sentence"] == "Billing removed a former user."
    assert events[1]["sentence"] == "A former user invited zoe@example.com as Viewer."
    assert events[1]["actor"] == {"type": "user", "id": bob.id, "name": None, "email": None}
    assert bob.get(team.path()).refusal == (404, "not_found")
    assert bob.get("/me/organizations").body["items"] == []


def test_each_membership_ends_with_its_event_and_its_seat(team: Team, world: World, machine: Caller) -> None:
    bob = world.person("Bob")
    teams = [team, Team.found(world, world.person("Eve"), "Second"), Team.found(world, world.person("Kim"), "Third")]
    for one in teams:
        one.join(bob, "viewer")

    assert erase(machine, bob).status == 204

    for one in teams:
        assert one.organization()["member_count"] == 1
        event = one.founder.get(one.path("activity")).body["items"][0]
        assert (event["type"], event["target"]) == ("member.removed", {"type": "member", "id": bob.id, "name": None})
        assert (event["actor"]["type"], event["via"]) == ("machine", None)
        assert one.founder.get(one.path("members", bob.id)).status == 404


def test_an_organization_that_nobody_else_is_in_goes_with_them(team: Team, world: World, machine: Caller) -> None:
    world.machine("roster/provision").patch(team.path(), {"external_id": "crm-1", "metadata": {"owner": "Ada"}})
    invitation, zoe = team.invite("zoe@example.com", "viewer"), world.person("Zoe")

    assert erase(machine, team.founder).status == 204

    assert zoe.post(team.path("invitations", invitation["id"], "accept")).refusal == (404, "not_found")
    assert world.machine("roster/read").get(team.path()).refusal == (404, "not_found")
    assert world.machine("roster/read").get("/organizations", external_id="crm-1").body["items"] == []
    assert world.events(team.id)[-1].type == "organization.deleted"
    assert left(world, "ada@example.com") == []
    assert "Acme" not in str(world.items())
    with world.later(hours=2):
        assert world.invoke("cleanup/expire", {})["purged"] > 0


def test_where_others_would_be_left_without_an_owner_nothing_is_done(team: Team, world: World, machine: Caller) -> None:
    team.join(world.person("Bob"), "admin")
    other = Team.found(world, team.founder, "Other")
    other.join(world.person("Eve"), "viewer")
    Team.found(world, team.founder, "Alone")
    Team.found(world, world.person("Kim"), "Kim's").join(team.founder, "admin")
    before = world.items()

    reply = erase(machine, team.founder)

    assert reply.refusal == (409, "last_owner")
    assert reply.body["organizations"] == [
        {"id": one.id, "name": name, "pack": "credentials", "plan": "free"}
        for one, name in ((team, "Acme"), (other, "Other"))
    ]
    assert world.items() == before


def test_an_owner_among_others_goes(team: Team, world: World, machine: Caller) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), "owner")

    assert erase(machine, team.founder).status == 204

    assert bob.get(team.path()).body["owner_count"] == 1
    assert erase(machine, bob).status == 204
    assert bob.get(team.path()).status == 404


def test_open_invitations_are_cancelled_with_an_event_each_and_all_are_gone(
    team: Team, world: World, machine: Caller
) -> None:
    zoe = world.person("Zoe")
    zoe.put("/me")
    open_one = team.invite(zoe.email, "viewer")
    declined = Team.found(world, world.person("Eve"), "Second")
    zoe.post(declined.path("invitations", declined.invite(zoe.email, "viewer")["id"], "decline"))
    types = declined.event_types()
    token = team.token(open_one["id"])

    assert erase(machine, zoe).status == 204

    event = team.founder.get(team.path("activity")).body["items"][0]
    assert (event["type"], event["target"]["name"]) == ("invitation.canceled", None)
    assert event["sentence"] == "Billing canceled the invitation of an address no longer kept."
    assert declined.event_types() == types
    assert team.founder.get(team.path("invitations")).body["items"] == []
    for path in ("accept", "decline"):
        reply = world.person("Kim").post(team.path("invitations", open_one["id"], path), {"token": token})
        assert reply.refusal == (404, "not_found")
    assert left(world, zoe.email) == []


def test_invitations_to_the_address_that_they_joined_by_go_too(team: Team, world: World, machine: Caller) -> None:
    bob = world.person("Bob", email="bob@home.example.com")
    invitation = team.invite("bob@work.example.com", "viewer")
    path = team.path("invitations", invitation["id"], "accept")
    assert bob.post(path, {"token": team.token(invitation["id"])}).status == 200
    other = Team.found(world, world.person("Eve"), "Second")
    other.invite("bob@work.example.com", "viewer")

    assert erase(machine, bob).status == 204

    assert left(world, "bob@work", "bob@home") == []


def test_their_address_can_be_invited_and_they_can_come_back_as_somebody_new(
    team: Team, world: World, machine: Caller
) -> None:
    bob = team.join(world.person("Bob"), "admin")
    erase(machine, bob)

    team.join(bob, "viewer")

    assert team.member(bob)["roles"] == ["viewer"]


def test_whom_nobody_knows_is_erased_already(world: World, machine: Caller) -> None:
    before = world.items()

    for user_id in ("nobody", "me", ".", "..", "a b", "x" * 500):
        assert machine.delete(f"/users/{user_id.replace(' ', '%20')}").status == 204
    assert world.items() == before


def test_an_id_with_a_control_character_is_not_found(world: World, machine: Caller) -> None:
    assert machine.delete("/users/%C2%8B").refusal == (404, "not_found")
    assert world.machine("roster/move").post("/users/%00/move", {"to": "ann"}).refusal == (404, "not_found")


def test_twice_is_as_once(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    assert erase(machine, bob).status == 204
    before = world.items()

    assert erase(machine, bob).status == 204
    assert world.items() == before


def test_who_holds_a_custom_role_holds_it_no_more(team: Team, world: World, machine: Caller) -> None:
    team.plan("enterprise")
    role = team.founder.post(team.path("roles"), {"title": "Auditor", "permissions": ["activity:read"]}).body["id"]
    bob = team.join(world.person("Bob"), role)

    erase(machine, bob)

    assert team.founder.delete(team.path("roles", role)).status == 204


def test_a_team_that_was_named_for_them_loses_their_name(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    ada, bob = world.person("Ada Archer", auth_time=1), world.person("Bob")
    team = Team(world, ada.put("/me").body["active_organization_id"], ada)
    team.join(bob, "billing")
    assert ada.post(team.path("transfer"), {"user_id": bob.id}).status == 200

    assert erase(world.machine("roster/users"), ada).status == 204

    assert bob.get(team.path()).body["name"] == "A former user's team"
    assert left(world, "archer") == []
    assert bob.get(team.path("activity"), type="organization.updated").body["items"][0]["actor"]["type"] == "machine"


@pytest.mark.parametrize("deleter", ["Ada Archer", "Bob"])
def test_a_deleted_team_that_was_named_for_them_loses_their_name(deploy: Callable[[str], World], deleter: str) -> None:
    world = deploy("teams")
    ada, bob = world.person("Ada Archer", auth_time=1), world.person("Bob")
    team = Team(world, ada.put("/me").body["active_organization_id"], ada)
    if deleter == "Bob":
        team.join(bob, "billing")
        assert ada.post(team.path("transfer"), {"user_id": bob.id}).status == 200
    assert (ada if deleter != "Bob" else bob).delete(team.path()).status == 204
    before = team.event_types()

    assert erase(world.machine("roster/users"), ada).status == 204

    assert left(world, "archer") == []
    assert team.event_types() == before


def test_a_name_that_somebody_gave_it_stays(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    ada, bob = world.person("Ada", auth_time=1), world.person("Bob")
    team = Team(world, ada.put("/me").body["active_organization_id"], ada)
    team.join(bob, "billing")
    ada.patch(team.path(), {"name": "The Archers"})
    ada.post(team.path("transfer"), {"user_id": bob.id})

    erase(world.machine("roster/users"), ada)

    assert bob.get(team.path()).body["name"] == "The Archers"


def test_a_new_life_begins_with_a_default_team_again(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    ada = world.person("Ada")
    first = ada.put("/me").body["active_organization_id"]

    assert erase(world.machine("roster/users"), ada).status == 204

    second = ada.put("/me").body["active_organization_id"]
    assert second not in {None, first}


def test_what_is_cut_off_in_the_middle_goes_on_with_the_next_call(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    second = Team.found(world, world.person("Eve"), "Second")
    second.join(bob, "viewer")
    wire.before("TransactWriteItems", lambda: None, *[refuse("ThrottlingException")] * 8)

    assert erase(machine, bob).refusal == (503, "try_again")
    assert [one.organization()["member_count"] for one in (team, second)].count(1) == 1
    assert erase(machine, bob).status == 204

    assert [one.organization()["member_count"] for one in (team, second)] == [1, 1]
    assert left(world, bob.email) == []
    assert all(item["pk"]["S"].startswith(("LOG#", "MAIL#")) for item in left(world, bob.id))


def test_of_more_invitations_than_a_page_holds_all_are_gone(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    for number in range(32):
        Team.found(world, world.person(f"Owner {number}"), f"Team {number}").invite(bob.email, "viewer")

    assert erase(machine, bob).status == 204

    assert left(world, bob.email) == []


def test_what_the_index_does_not_have_yet_ends_too(deploy: Callable[[str], World], wire: Wire) -> None:
    world = deploy("teams")
    machine, bob = world.machine("roster/users"), world.person("Bob Baker", auth_time=1)
    bob.put("/me")
    for number in range(3):
        other = Team.found(world, world.person(f"Owner {number}"), f"Team {number}")
        other.join(bob, "billing")
    wire.after("Query", *[lambda reply: reply.update(Items=[], Count=0)] * 10)

    assert erase(machine, bob).status == 204

    wire.clear()
    assert left(world, "bob@", "Baker") == []


def test_who_owns_a_team_that_the_index_does_not_have_yet_is_not_erased(
    deploy: Callable[[str], World], wire: Wire
) -> None:
    world = deploy("teams")
    ada = world.person("Ada")
    team = Team.found(world, ada)
    team.join(world.person("Bob"), "billing")
    wire.after("Query", lambda reply: reply.update(Items=[], Count=0))

    assert erase(world.machine("roster/users"), ada).refusal == (409, "last_owner")


def test_who_joins_meanwhile_is_not_left_there(team: Team, world: World, machine: Caller, wire: Wire) -> None:
    bob = world.person("Bob")
    bob.put("/me")
    path = team.path("invitations", team.invite(bob.email, "viewer")["id"], "accept")
    bob.put("/me")

    def accept() -> None:
        assert bob.post(path).status == 200

    wire.before("TransactWriteItems", accept)

    assert erase(machine, bob).status == 204

    assert left(world, bob.email) == []
    assert team.organization()["member_count"] == 1


def test_nothing_is_done_either_where_it_is_refused_only_at_the_commit(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    bob, ada = world.person("Bob"), team.founder
    path = team.path("invitations", team.invite(bob.email, "viewer")["id"], "accept")
    second, third = (Team.found(world, world.person(name), name) for name in ("Second", "Third"))
    second.join(ada, "viewer")
    invitation = third.invite(ada.email, "viewer")

    def join() -> None:
        assert bob.post(path).status == 200

    wire.before("TransactWriteItems", join)

    assert erase(machine, ada).refusal == (409, "last_owner")

    assert second.member(ada)["roles"] == ["viewer"]
    assert third.founder.get(third.path("invitations", invitation["id"])).body["status"] == "pending"
    assert team.organization()["owner_count"] == 1


def test_an_address_is_not_forgotten_when_what_it_joined_by_is_gone_already(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    team.plan("enterprise")
    bob = world.person("Bob", email="bob@home.example.com")
    path = team.path("invitations", team.invite("bob@work.example.com", "admin")["id"], "accept")
    reader = world.person("Bob", sub=bob.id, email="bob@work.example.com")
    assert reader.post(path).status == 200
    bob.put("/me")
    team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["owner"]})
    other = Team.found(world, world.person("Eve"), "Second")
    other.invite("bob@work.example.com", "viewer")
    wire.before("TransactWriteItems", *[lambda: None] * 2, *[refuse("ThrottlingException")] * 8)

    assert erase(machine, bob).refusal == (503, "try_again")
    assert team.organization()["member_count"] == 1
    assert erase(machine, bob).status == 204

    assert left(world, "bob@") == []


def test_what_they_were_answered_is_gone_and_what_others_were_stays_for_its_day(
    team: Team, world: World, machine: Caller
) -> None:
    bob = world.person("Bob Baker")
    path = team.path("invitations", team.invite(bob.email, "viewer")["id"], "accept")
    assert bob.post(path, Idempotency_Key="accepted").status == 200
    for number in range(101):
        assert bob.put("/me", Idempotency_Key=f"signed-in-{number}").status == 200
    changed = team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["admin"]}, Idempotency_Key="changed")
    assert len(answers(world, bob)) == 102

    assert erase(machine, bob, Idempotency_Key="erased").status == 204

    assert answers(world, bob) == []
    assert bob.post(path, Idempotency_Key="accepted").refusal == (404, "not_found")
    again = team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["admin"]}, Idempotency_Key="changed")
    assert again.body == changed.body
    assert again.body["name"] == "Bob Baker"


def test_a_machine_that_erases_itself_is_answered_once(world: World, machine: Caller) -> None:
    path = f"/users/{machine.id}"
    for key in ("first", "second"):
        assert machine.delete(path, Idempotency_Key=key).status == 204
    assert len(answers(world, machine)) == 1
    with world.later(days=2):
        assert machine.delete(path, Idempotency_Key="second").status == 204


def answers(world: World, person: Caller) -> list[dict[str, Any]]:
    """What is kept for the Idempotency-Keys of somebody."""
    return [item for item in world.items() if item["pk"]["S"] == f"IDEM#{person.id}"]
