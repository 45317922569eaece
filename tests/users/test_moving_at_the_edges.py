"""Moving a person where something is late, cut off, or there twice: nobody is lost, and erasing finds all of them."""

from typing import Any

import pytest

from roster.table.items import User
from roster.table.read import read
from tests.notify.ses import ses_event
from tests.wire import Wire, refuse
from tests.world import Caller, Reply, Team, World

TRANSACTION = "TransactWriteItems"
NEW = "new-id"


@pytest.fixture
def machine(world: World) -> Caller:
    return world.machine("roster/move", "roster/users", "roster/activity", "roster/read")


@pytest.fixture
def traveler(team: Team, world: World) -> Caller:
    """A member of more organizations than are remembered beside the index."""
    bob = team.join(world.person("Bob"), "viewer")
    for number in range(11):
        Team.found(world, world.person(f"Owner {number}"), f"Team {number}").join(bob, "viewer")
    return bob


def move(machine: Caller, old: str, new: str = NEW) -> Reply:
    return machine.post(f"/users/{old}/move", {"to": new})


def as_new(person: Caller, sub: str = NEW, **claims: object) -> Caller:
    return Caller(person.world, person.claims | {"sub": sub} | claims)


def cut(wire: Wire, machine: Caller, person: Caller, steps: int) -> None:
    """Begin to move somebody, and get no further than so many steps."""
    wire.before(TRANSACTION, *[lambda: None] * steps, *[refuse("ThrottlingException")] * 20)
    assert move(machine, person.id).refusal == (503, "try_again")
    wire.clear()


def late(wire: Wire, user_id: str) -> None:
    """Let the index not know yet what an id has become a member of."""

    def without(parsed: dict[str, Any]) -> None:
        parsed["Items"] = [item for item in parsed["Items"] if item["sk"]["S"] != f"MEMBER#{user_id}"]

    wire.after("Query", *[without] * 10)


def kept(world: World, words: str) -> list[str]:
    return [item["pk"]["S"] + item["sk"]["S"] for item in world.items() if words in str(item)]


# ---- The index is late -----------------------------------------------------------------------------------------------


def test_who_is_moved_on_at_once_takes_all_memberships_along(
    team: Team, machine: Caller, traveler: Caller, wire: Wire
) -> None:
    assert move(machine, traveler.id).status == 204
    late(wire, NEW)

    assert move(machine, NEW, "third-id").status == 204

    wire.clear()
    assert len(as_new(traveler, "third-id").get("/me/organizations").body["items"]) == 12
    assert as_new(traveler).get(team.path()).body["reason"] == "subject_moved"


def test_who_is_erased_right_after_the_move_is_gone_everywhere(
    team: Team, world: World, machine: Caller, traveler: Caller, wire: Wire
) -> None:
    assert move(machine, traveler.id).status == 204
    late(wire, NEW)

    assert machine.delete(f"/users/{traveler.id}").status == 204

    assert kept(world, "bob@example.com") == []
    assert team.organization()["member_count"] == 1


def test_a_membership_of_somebody_who_is_not_kept_moves_too(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    User(*User.key(bob.id)).delete()

    assert move(machine, bob.id).status == 204

    assert team.founder.get(team.path("members", NEW)).status == 200
    assert team.founder.get(team.path("members", bob.id)).status == 404


# ---- Half way --------------------------------------------------------------------------------------------------------


def test_half_way_the_old_id_signs_in_and_works_and_chooses_nothing(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    bob = team.join(world.person("Bob", auth_time=1), "admin")
    cut(wire, machine, bob, 1)

    assert bob.put("/me").status == 200
    assert team.event_types()[-1] == "user.signed_in"
    assert bob.post(team.path("invitations"), {"email": "zoe@example.com", "roles": ["viewer"]}).status == 201
    assert bob.patch("/me", {"locale": "de"}).refusal == (503, "try_again")


def test_half_way_ownership_is_transferred_all_the_same(deploy: Any, wire: Wire) -> None:
    world: World = deploy("teams")
    machine, team = world.machine("roster/move"), Team.found(world, world.person("Ada"))
    bob = team.join(world.person("Bob"), "billing")
    cut(wire, machine, team.founder, 1)

    assert team.founder.post(team.path("transfer"), {"user_id": bob.id}).status == 200

    assert move(machine, team.founder.id).status == 204
    assert as_new(team.founder).get(team.path("members", "me")).body["roles"] == ["account_admin"]
    assert read([User.key(NEW)])[User.key(NEW)].owned is None  # type: ignore[union-attr]


def test_half_way_in_one_organization_under_both_ids_the_only_person_is_erased_with_it(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    ada, both = team.founder, as_new(team.founder, email="ada2@example.com")
    cut(wire, machine, ada, 1)
    invitation = team.invite("ada2@example.com", "viewer")["id"]
    assert both.post(team.path("invitations", invitation, "accept")).status == 200

    assert machine.delete(f"/users/{NEW}").status == 204

    assert world.events(team.id)[-1].type == "organization.deleted"
    assert kept(world, "ada") == []


def test_half_way_owning_under_both_ids_where_others_are_nothing_is_erased(
    team: Team, world: World, machine: Caller, wire: Wire
) -> None:
    team.plan("professional")
    zoe = team.join(world.person("Zoe"), "viewer")
    both = as_new(team.founder, email="ada2@example.com")
    cut(wire, machine, team.founder, 1)
    invitation = team.invite("ada2@example.com", "owner")["id"]
    assert both.post(team.path("invitations", invitation, "accept")).status == 200
    before = world.items()

    refused = machine.delete(f"/users/{NEW}")

    assert refused.refusal == (409, "last_owner")
    assert [one["id"] for one in refused.body["organizations"]] == [team.id]
    assert world.items() == before
    assert zoe.get(team.path()).body["owner_count"] == 2


# ---- What is kept of a person ----------------------------------------------------------------------------------------


def test_an_address_that_gave_way_to_the_new_ids_is_found_by_erasing(team: Team, world: World, machine: Caller) -> None:
    bob, kim = world.person("Bob"), world.person("Kim")
    for person in (bob, kim):
        person.put("/me")
    team.invite(bob.email, "viewer")
    assert move(machine, bob.id, kim.id).status == 204

    assert machine.delete(f"/users/{kim.id}").status == 204

    assert kept(world, "bob@example.com") == []


def test_what_both_ids_did_today_counts_together(world: World, machine: Caller) -> None:
    bob, kim = world.person("Bob"), world.person("Kim")
    for person in (bob, kim):
        for number in range(2):
            team = Team.found(world, person, f"Team {number}")
            team.invite(f"{person.id}-{number}@example.com", "viewer")

    assert move(machine, bob.id, kim.id).status == 204

    user = read([User.key(kim.id)])[User.key(kim.id)]
    assert user is not None
    assert user.creations_that_day == 4
    assert user.counted(str(user.counted_on), "mailed") == 4


@pytest.mark.parametrize(("first", "then", "sent"), [("bob", "kim", 1), ("kim", "bob", 2)])
def test_of_two_days_the_later_one_counts(world: World, machine: Caller, first: str, then: str, sent: int) -> None:
    people = {name: world.person(name) for name in ("bob", "kim")}
    shares = {"kim": 1, "bob": 2}
    teams = {name: Team.found(world, person, name) for name, person in people.items()}
    for name, days in ((first, 0), (then, 1)):
        with world.later(days=days):
            for number in range(shares[name]):
                teams[name].invite(f"{name}-{number}@example.com", "viewer")

    assert move(machine, people["bob"].id, people["kim"].id).status == 204

    key = User.key(people["kim"].id)
    user = read([key])[key]
    assert user is not None
    assert user.counted(str(user.counted_on), "mailed") == sent


def test_what_comes_back_after_the_move_counts_against_the_new_id(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    invitation = team.invite("zoe@example.com", "viewer", by=bob)["id"]
    link = team.token(invitation).split(".")[2]
    assert move(machine, bob.id).status == 204

    tags = {"organization": team.id, "invitation": invitation, "link": link}
    world.invoke("notify/feedback", ses_event("Email Complaint Received", tags))

    user = read([User.key(NEW)])[User.key(NEW)]
    assert user is not None
    assert user.counted(str(user.counted_on), "complaints") == 1


def test_what_a_product_records_about_an_old_id_is_answered_as_it_is_listed(
    team: Team, world: World, machine: Caller
) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    move(machine, bob.id)

    body = {"type": "badge.issued", "target": {"type": "user", "id": bob.id}}
    recorded = machine.post(team.path("activity"), body).body

    assert recorded == machine.get(team.path("activity")).body["items"][0]
    assert recorded["target"]["name"] == "Bob"
