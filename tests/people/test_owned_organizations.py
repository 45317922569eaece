"""How many organizations one person may own, where the pack caps that, and how many they found in a day."""

from collections.abc import Callable

import pytest

from roster.table.items import User
from roster.table.read import read
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World


@pytest.fixture
def teams(deploy: Callable[[str], World]) -> World:
    """A deployment whose pack lets one person own three."""
    return deploy("teams")


def found(world: World, owner: Caller, number: int) -> list[Team]:
    return [Team.found(world, owner, f"Team {count}") for count in range(1, number + 1)]


def assert_told(person: Caller, *, creates: bool) -> None:
    """Hold what PUT /me, and switching, tell of creating an organization to be what is then done, and do it."""
    theirs = {"organization_id": person.get("/me/organizations").body["items"][0]["organization"]["id"]}
    told = person.put("/me").body["can"]
    assert told == {"create_organization": creates}
    assert person.put("/me/active-organization", theirs).body["can"] == told
    reply = person.post("/organizations", {"name": "One more"})
    assert (reply.status == 201) is creates, reply.text


def refused(reply: Reply) -> None:
    assert reply.refusal == (409, "plan_limit")
    told = {"limit": "organizations", "maximum": 3, "plan": "standard"}
    assert told.items() <= reply.body.items()
    assert reply.body["upgrade_url"].startswith("https://")


def test_the_fourth_is_refused(teams: World) -> None:
    ada = teams.person("Ada")
    found(teams, ada, 3)
    before = teams.items()

    refused(ada.post("/organizations", {"name": "Team 4"}))

    assert teams.items() == before
    assert teams.person("Bob").post("/organizations", {"name": "Bob's"}).status == 201


def test_one_on_enterprise_lifts_the_cap_as_long_as_it_is_on_it(teams: World) -> None:
    ada = teams.person("Ada")
    first, *_ = found(teams, ada, 3)

    first.plan("enterprise")
    assert found(teams, ada, 2)

    first.plan("standard")
    refused(ada.post("/organizations", {"name": "Team 6"}))
    assert len(ada.get("/me/organizations").body["items"]) == 5


def test_one_is_told_whether_one_may_create_another(teams: World) -> None:
    ada = teams.person("Ada")
    ada.put("/me")  # which makes the default one
    first, *_ = found(teams, ada, 1)
    assert_told(ada, creates=True)
    assert_told(ada, creates=False)

    first.plan("enterprise")
    assert_told(ada, creates=True)
    first.plan("standard")
    assert_told(ada, creates=False)
    for item in ada.get("/me/organizations").body["items"][2:]:
        ada.delete(f"/organizations/{item['organization']['id']}")
    assert_told(ada, creates=True)
    assert_told(ada, creates=False)


@pytest.mark.parametrize("pack", ["credentials", "certificates"])
def test_one_is_told_so_of_the_tenth_of_a_day_too(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    ada = world.person("Ada")
    found(world, ada, 9)

    assert_told(ada, creates=True)
    assert_told(ada, creates=False)
    with world.later(days=1):
        assert_told(ada, creates=True)


def test_at_the_cap_to_be_told_so_costs_one_read_more(deploy: Callable[[str], World], wire: Wire) -> None:
    teams = deploy("teams")
    ada, bob = teams.person("Ada"), teams.person("Bob")
    for person, number in ((ada, 2), (bob, 1)):
        person.put("/me")
        found(teams, person, number)
    costs = []

    for person in (ada, bob):
        with teams.later(days=1):  # another sign-in
            wire.clear()
            person.put("/me")
            costs.append(wire.counts)

    # The person, where they work, and at the cap what they own.
    assert costs == [{"BatchGetItem": reads, "TransactWriteItems": 1} for reads in (3, 2)]


def test_who_deletes_one_may_create_another(teams: World) -> None:
    ada = teams.person("Ada")
    first, *_ = found(teams, ada, 3)
    first.plan("enterprise")
    ada.delete(first.path())

    found(teams, ada, 1)

    refused(ada.post("/organizations", {"name": "Team 5"}))
    key = User.key(ada.id)
    user = read([key])[key]
    assert user is not None
    assert first.id not in (user.owned or ())


def test_who_transfers_one_may_create_another_and_its_new_owner_one_less(teams: World) -> None:
    ada, bob = teams.person("Ada"), teams.person("Bob")
    first, *_ = found(teams, ada, 3)
    found(teams, bob, 2)
    first.join(bob, "billing")

    assert ada.post(first.path("transfer"), {"user_id": bob.id}).status == 200

    found(teams, ada, 1)
    refused(ada.post("/organizations", {"name": "More"}))
    refused(bob.post("/organizations", {"name": "More"}))


def test_to_one_who_owns_three_nothing_is_transferred(teams: World) -> None:
    ada, bob = teams.person("Ada"), teams.person("Bob")
    team = Team.found(teams, ada)
    own, *_ = found(teams, bob, 3)
    team.join(bob, "installer")
    before = teams.items()

    refused(ada.post(team.path("transfer"), {"user_id": bob.id}))
    refused(
        teams.machine("roster/support").post(team.path("transfer"), {"user_id": bob.id, "from": ada.id}),
    )
    assert teams.items() == before

    own.plan("enterprise")
    assert ada.post(team.path("transfer"), {"user_id": bob.id}).status == 200


def test_one_on_enterprise_may_be_handed_to_whoever_owns_three(teams: World) -> None:
    ada, bob = teams.person("Ada"), teams.person("Bob")
    team = Team.found(teams, ada)
    team.plan("enterprise")
    found(teams, bob, 3)
    team.join(bob, "installer")

    assert ada.post(team.path("transfer"), {"user_id": bob.id}).status == 200
    assert bob.post("/organizations", {"name": "Team 5"}).status == 201


def test_the_default_team_counts_and_is_never_refused(teams: World) -> None:
    ada, bob = teams.person("Ada"), teams.person("Bob")
    ada.put("/me")
    found(teams, ada, 2)
    refused(ada.post("/organizations", {"name": "Team 4"}))

    found(teams, bob, 3)
    assert bob.put("/me").status == 200
    names = [item["organization"]["name"] for item in bob.get("/me/organizations").body["items"]]
    assert names == ["Team 1", "Team 2", "Team 3", "Bob's team"]


def test_whom_a_machine_creates_for_owns_no_more_than_they_may(teams: World) -> None:
    machine = teams.machine("roster/provision")
    owner = {"user_id": "zoe", "email": "zoe@example.com"}
    for number in range(3):
        assert machine.post("/organizations", {"name": f"Team {number}", "owner": owner}).status == 201

    refused(machine.post("/organizations", {"name": "Team 4", "owner": owner}))


def test_members_of_many_teams_own_none_of_them(teams: World) -> None:
    bob = teams.person("Bob")
    for team in [Team.found(teams, teams.person(f"Owner {number}")) for number in range(4)]:
        team.join(bob, "account_admin")

    found(teams, bob, 3)


@pytest.mark.parametrize("pack", ["credentials", "certificates"])
def test_elsewhere_one_person_owns_any_number_and_nothing_is_kept_of_it(
    deploy: Callable[[str], World], pack: str
) -> None:
    world = deploy(pack)
    ada = world.person("Ada")

    found(world, ada, 5)

    key = User.key(ada.id)
    user = read([key])[key]
    assert user is not None
    assert user.owned is None


def test_ten_are_created_in_a_day_and_the_next_day_others(teams: World) -> None:
    ada = teams.person("Ada")
    first, *_ = found(teams, ada, 1)
    first.plan("enterprise")
    found(teams, ada, 9)

    reply = ada.post("/organizations", {"name": "Team 11"})
    assert reply.refusal == (429, "too_many_requests")
    assert reply.body["limit"] == "organizations_per_day"
    assert 0 < int(reply.headers["retry-after"]) <= 86_400
    with teams.later(days=1):
        assert ada.post("/organizations", {"name": "Team 11"}).status == 201


def test_what_they_may_not_own_at_all_is_said_before_what_they_may_not_create_today(teams: World) -> None:
    ada = teams.person("Ada")
    first, *_ = found(teams, ada, 3)
    first.plan("enterprise")
    for team in found(teams, ada, 7):
        ada.delete(team.path())
    first.plan("standard")

    refused(ada.post("/organizations", {"name": "Team 11"}))


def test_creating_one_that_another_organizations_plan_allows_costs_one_read_and_one_item_more(
    deploy: Callable[[str], World], wire: Wire
) -> None:
    teams = deploy("teams")
    ada = teams.person("Ada")
    first, *_ = found(teams, ada, 3)
    first.plan("enterprise")
    wire.clear()

    found(teams, ada, 1)

    (written,) = [asked["TransactItems"] for operation, asked in wire.calls if operation == "TransactWriteItems"]
    assert wire.counts == {"BatchGetItem": 2, "TransactWriteItems": 1}
    assert len(written) == 6


def test_a_transfer_of_a_team_costs_at_most_eight_items(deploy: Callable[[str], World], wire: Wire) -> None:
    teams = deploy("teams")
    ada, bob = teams.person("Ada"), teams.person("Bob")
    team = Team.found(teams, ada)
    own, *_ = found(teams, bob, 3)
    own.plan("enterprise")
    team.join(bob, "installer")
    wire.clear()

    assert ada.post(team.path("transfer"), {"user_id": bob.id}, Idempotency_Key="k").status == 200

    (written,) = [asked["TransactItems"] for operation, asked in wire.calls if operation == "TransactWriteItems"]
    assert wire.counts == {"BatchGetItem": 2, "TransactWriteItems": 1}
    assert len(written) == 8
