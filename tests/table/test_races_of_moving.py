"""Races for a person who is moved to another id: they are one person in the end, in one of two orders."""

from collections.abc import Callable

import pytest

from roster.table.items import User
from roster.table.read import read
from tests.table.moves import TRANSACTION, accepting, change_roles, delete, erase, leave, sign_in, transfer
from tests.wire import Hook, Wire, drop, refuse
from tests.world import Caller, Reply, Team, World

NEW = "new-id"


@pytest.fixture
def machine(world: World) -> Caller:
    return world.machine("roster/move", "roster/users", "roster/provision")


@pytest.fixture
def bob(team: Team, world: World) -> Caller:
    """A member of two organizations."""
    bob = team.join(world.person("Bob"), "viewer")
    return Team.found(world, world.person("Eve"), "Second").join(bob, "admin")


def move(machine: Caller, old: str, new: str = NEW) -> Reply:
    return machine.post(f"/users/{old}/move", {"to": new})


def moved(machine: Caller, person: Caller, new: str = NEW) -> Hook:
    """A move that is done between another's read and its commit."""

    def succeed() -> None:
        assert move(machine, person.id, new).status == 204

    return succeed


def after(steps: int, *then: Hook) -> list[Hook]:
    """What happens before the transaction that follows so many."""
    return [*[lambda: None] * steps, *then]


def cut(wire: Wire, steps: int) -> None:
    """Let no transaction through after so many, until it is cleared."""
    wire.before(TRANSACTION, *after(steps, *[refuse("ThrottlingException")] * 20))


def organizations_of(person: Caller) -> list[str]:
    return sorted(item["organization"]["name"] for item in person.get("/me/organizations").body["items"])


def as_new(person: Caller, sub: str = NEW) -> Caller:
    return Caller(person.world, person.claims | {"sub": sub})


def ids_in(team: Team) -> list[str]:
    return sorted(item["user_id"] for item in team.founder.get(team.path("members")).body["items"])


@pytest.mark.parametrize("steps", range(4))
def test_cut_off_anywhere_it_is_gone_on_with_and_done_once(
    team: Team, machine: Caller, bob: Caller, wire: Wire, steps: int
) -> None:
    cut(wire, steps)
    assert move(machine, bob.id).refusal == (503, "try_again")
    wire.clear()

    assert move(machine, bob.id).status == 204

    assert organizations_of(as_new(bob)) == ["Acme", "Second"]
    assert ids_in(team) == sorted([team.founder.id, NEW])
    assert team.event_types().count("member.moved") == 1
    assert team.organization()["member_count"] == 2
    assert bob.put("/me").body["reason"] == "subject_moved"


@pytest.mark.parametrize("steps", range(4))
def test_a_reply_lost_at_any_step_does_nothing_twice(
    team: Team, machine: Caller, bob: Caller, wire: Wire, steps: int
) -> None:
    wire.after(TRANSACTION, *[lambda _: None] * steps, drop)

    assert move(machine, bob.id).status == 204

    assert organizations_of(as_new(bob)) == ["Acme", "Second"]
    assert team.event_types().count("member.moved") == 1
    assert bob.put("/me").body["reason"] == "subject_moved"


def test_half_way_the_old_id_joins_and_creates_nothing(
    team: Team, world: World, machine: Caller, bob: Caller, wire: Wire
) -> None:
    third = Team.found(world, world.person("Kim"), "Third")
    path = accepting(third, bob, "viewer")
    cut(wire, 1)
    assert move(machine, bob.id).status == 503
    wire.clear()

    body = {"email": "bob@work.example.com", "roles": ["viewer"]}
    for reply in (
        bob.post(path),
        bob.post("/organizations", {"name": "His"}),
        machine.put(third.path("members", bob.id), body),
        machine.post("/organizations", {"name": "His", "owner": {"user_id": bob.id, "email": "b@example.com"}}),
    ):
        assert reply.refusal == (503, "try_again")
        assert reply.headers["retry-after"]
    assert bob.get(team.path("members", "me")).status == 200
    assert third.organization()["member_count"] == 1


def test_half_way_another_id_is_refused_with_the_one_that_is_under_way(
    machine: Caller, bob: Caller, wire: Wire
) -> None:
    cut(wire, 2)
    move(machine, bob.id)
    wire.clear()

    for refused in (move(machine, bob.id, "third-id"), move(machine, NEW, "third-id"), move(machine, NEW, bob.id)):
        assert refused.refusal == (409, "conflict")
    assert move(machine, bob.id, "third-id").body["to"] == NEW
    assert move(machine, bob.id).status == 204


def test_half_way_what_the_new_id_joined_meanwhile_is_refused_and_the_rest_stays_moved(
    team: Team, world: World, machine: Caller, bob: Caller, wire: Wire
) -> None:
    kim = world.person("Kim")
    cut(wire, 2)
    move(machine, bob.id, kim.id)
    wire.clear()
    here, there = organizations_of(kim), organizations_of(bob)
    assert len(here) == len(there) == 1
    assert here == ["Acme"]
    second = next(item["organization"]["id"] for item in bob.get("/me/organizations").body["items"])
    owner = world.person("Eve", sub="user-3")
    Team(world, second, owner).join(kim, "viewer")

    refused = move(machine, bob.id, kim.id)

    assert refused.refusal == (409, "conflict")
    assert [one["name"] for one in refused.body["organizations"]] == there
    assert organizations_of(kim) == ["Acme", "Second"]
    assert owner.delete(f"/organizations/{second}/members/{kim.id}").status == 204
    assert move(machine, bob.id, kim.id).status == 204


@pytest.mark.parametrize("earlier", range(4))
def test_two_machines_that_move_somebody_to_the_same_id_at_once_move_them_once(
    team: Team, machine: Caller, bob: Caller, wire: Wire, earlier: int
) -> None:
    wire.before(TRANSACTION, *after(earlier, moved(machine, bob)))

    assert move(machine, bob.id).status == 204

    assert team.event_types().count("member.moved") == 1
    assert organizations_of(as_new(bob)) == ["Acme", "Second"]


def test_of_two_machines_that_move_somebody_to_different_ids_at_once_the_first_one_does(
    team: Team, machine: Caller, bob: Caller, wire: Wire
) -> None:
    wire.before(TRANSACTION, moved(machine, bob, "third-id"))

    refused = move(machine, bob.id)

    assert refused.refusal == (409, "conflict")
    assert refused.body["to"] == "third-id"
    assert organizations_of(as_new(bob, "third-id")) == ["Acme", "Second"]
    assert organizations_of(as_new(bob)) == []


@pytest.mark.parametrize("earlier", [1, 2, 3])
def test_who_is_being_moved_is_not_moved_elsewhere_meanwhile(
    machine: Caller, bob: Caller, wire: Wire, earlier: int
) -> None:
    answers: list[Reply] = []
    wire.before(TRANSACTION, *after(earlier, lambda: answers.append(move(machine, bob.id, "third-id"))))

    assert move(machine, bob.id).status == 204

    assert [(answer.status, answer.body["to"]) for answer in answers] == [(409, NEW)]
    assert organizations_of(as_new(bob)) == ["Acme", "Second"]


def test_two_people_moved_crosswise_at_once_do_not_change_places(
    world: World, machine: Caller, bob: Caller, wire: Wire
) -> None:
    kim = world.person("Kim")
    Team.found(world, kim, "Third")
    wire.before(TRANSACTION, moved(machine, kim, bob.id))

    assert move(machine, bob.id, kim.id).status == 204  # which is moving back

    assert organizations_of(kim) == ["Acme", "Second", "Third"]
    assert bob.put("/me").body["reason"] == "subject_moved"


def test_who_is_moved_while_they_accept_is_told_so(
    team: Team, world: World, machine: Caller, bob: Caller, wire: Wire
) -> None:
    third = Team.found(world, world.person("Kim"), "Third")
    path = accepting(third, bob, "viewer")
    wire.before(TRANSACTION, moved(machine, bob))

    assert bob.post(path).body["reason"] == "subject_moved"

    assert third.organization()["member_count"] == 1
    assert as_new(bob).post(path).status == 200


@pytest.mark.parametrize("earlier", range(4))
def test_who_accepts_while_they_are_moved_is_one_person(
    world: World, machine: Caller, bob: Caller, wire: Wire, earlier: int
) -> None:
    third = Team.found(world, world.person("Kim"), "Third")
    path, answers = accepting(third, bob, "viewer"), list[int]()
    wire.before(TRANSACTION, *after(earlier, lambda: answers.append(bob.post(path).status)))

    assert move(machine, bob.id).status == 204

    assert answers == [200 if earlier == 0 else 503]
    assert organizations_of(as_new(bob)) == ["Acme", "Second", *(["Third"] if earlier == 0 else [])]
    assert third.organization()["member_count"] == 1 + (earlier == 0)


@pytest.mark.parametrize("earlier", range(4))
def test_who_leaves_while_they_are_moved_is_out_or_is_told_that_they_moved(
    team: Team, machine: Caller, bob: Caller, wire: Wire, earlier: int
) -> None:
    answers = list[int]()
    wire.before(TRANSACTION, *after(earlier, lambda: answers.append(bob.post(team.path("leave")).status)))

    assert move(machine, bob.id).status == 204

    left = answers == [204]
    assert left or answers in ([403], [404])
    assert organizations_of(as_new(bob)) == (["Second"] if left else ["Acme", "Second"])
    assert team.organization()["member_count"] == (1 if left else 2)


def test_who_is_moved_while_they_leave_is_told_so(team: Team, machine: Caller, bob: Caller, wire: Wire) -> None:
    wire.before(TRANSACTION, moved(machine, bob))

    assert bob.post(team.path("leave")).body["reason"] == "subject_moved"

    assert ids_in(team) == sorted([team.founder.id, NEW])


@pytest.mark.parametrize("pack", ["credentials", "teams"])
@pytest.mark.parametrize("earlier", range(3))
def test_somebody_who_is_made_the_owner_while_they_are_moved_owns_it_in_the_end(
    deploy: Callable[[str], World], wire: Wire, pack: str, earlier: int
) -> None:
    world = deploy(pack)
    machine, team = world.machine("roster/move"), Team.found(world, world.person("Ada"))
    bob = team.join(world.person("Bob"), "viewer" if pack == "credentials" else "billing")
    answers = list[int]()
    body = {"user_id": bob.id}
    wire.before(
        TRANSACTION, *after(earlier, lambda: answers.append(team.founder.post(team.path("transfer"), body).status))
    )

    assert move(machine, bob.id).status == 204

    new = as_new(bob)
    owner = new if answers == [200] else team.founder
    assert owner is new or answers in ([404], [503])
    assert owner.get(team.path()).body["owner_count"] == 1
    assert owner.get(team.path("members", "me")).body["roles"] == ["owner"]
    assert new.get(team.path()).body["member_count"] == 2


def test_an_owner_who_is_moved_while_they_transfer_still_owns_it(
    team: Team, machine: Caller, bob: Caller, wire: Wire
) -> None:
    ada = team.founder
    wire.before(TRANSACTION, moved(machine, ada, "ada-2"))

    assert ada.post(team.path("transfer"), {"user_id": bob.id}).body["reason"] == "subject_moved"

    new = as_new(ada, "ada-2")
    assert new.get(team.path()).body["owner_count"] == 1
    assert new.post(team.path("transfer"), {"user_id": bob.id}).status == 200


@pytest.mark.parametrize("erased", ["old", "new"])
@pytest.mark.parametrize("earlier", range(4))
def test_who_is_erased_while_they_are_moved_is_gone_under_both_ids(
    team: Team, world: World, machine: Caller, bob: Caller, wire: Wire, earlier: int, erased: str
) -> None:
    """Erased under an id that nobody has yet, nothing is erased."""
    user_id = bob.id if erased == "old" else NEW
    wire.before(TRANSACTION, *after(earlier, lambda: erase(world, as_new(bob, user_id))))

    assert move(machine, bob.id).status == 204

    users = read([User.key(bob.id), User.key(NEW)])
    if (erased, earlier) == ("new", 0):
        assert organizations_of(as_new(bob)) == ["Acme", "Second"]
    else:
        assert not users.of(User)
        assert ids_in(team) == [team.founder.id]
        assert "bob@example.com" not in str(world.items())


@pytest.mark.parametrize(("erased", "earlier"), [("old", 0), ("old", 1), ("old", 2), ("new", 0)])
def test_who_is_moved_while_they_are_erased_is_gone_under_both_ids(
    team: Team, world: World, machine: Caller, bob: Caller, wire: Wire, earlier: int, erased: str
) -> None:
    if erased == "new":
        sign_in(as_new(bob))
        leave(bob, team)
    begun: list[int] = []
    wire.before(TRANSACTION, *after(earlier, lambda: begun.append(move(machine, bob.id).status)))

    erase(world, as_new(bob, bob.id if erased == "old" else NEW))

    assert begun == [204]
    assert not read([User.key(bob.id), User.key(NEW)]).of(User)
    assert ids_in(team) == [team.founder.id]
    assert "bob@example.com" not in str(world.items())


def test_roles_that_change_while_somebody_is_moved_are_the_ones_that_they_have(
    team: Team, machine: Caller, bob: Caller, wire: Wire
) -> None:
    wire.before(TRANSACTION, *after(1, lambda: change_roles(team.founder, bob, team, "issuer")))

    assert move(machine, bob.id).status == 204

    assert team.member(as_new(bob))["roles"] == ["issuer"]


def test_an_organization_that_is_deleted_meanwhile_holds_up_no_move(
    team: Team, machine: Caller, bob: Caller, wire: Wire
) -> None:
    wire.before(TRANSACTION, *after(1, lambda: delete(team)))

    assert move(machine, bob.id).status == 204

    assert organizations_of(as_new(bob)) == ["Second"]


def test_a_person_who_is_moved_back_while_they_are_moved_in_elsewhere_is_one_person(
    team: Team, world: World, machine: Caller, bob: Caller, wire: Wire
) -> None:
    third = Team.found(world, world.person("Kim"), "Third")
    assert move(machine, bob.id).status == 204
    body = {"email": bob.email, "roles": ["viewer"]}
    wire.before(TRANSACTION, moved(machine, as_new(bob), bob.id))

    answer = machine.put(third.path("members", NEW), body)

    assert answer.refusal == (409, "conflict")
    assert answer.body["to"] == bob.id
    assert organizations_of(bob) == ["Acme", "Second"]


def test_somebody_who_is_moved_out_while_they_are_made_the_only_owner_stays(
    team: Team, machine: Caller, bob: Caller, wire: Wire
) -> None:
    wire.before(TRANSACTION, lambda: transfer(team, team.founder, bob))

    assert machine.delete(team.path("members", bob.id)).refusal == (409, "last_owner")

    assert bob.get(team.path()).body["owner_count"] == 1
