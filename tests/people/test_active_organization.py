"""The active organization: chosen by one call, and never one that is not the person's."""

from collections.abc import Callable

import pytest

from tests.routes import pages_of
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World


def switch(person: Caller, organization_id: object) -> Reply:
    return person.put("/me/active-organization", {"organization_id": organization_id})


def active(person: Caller) -> str | None:
    """The active organization, which PUT /me and the list agree on."""
    found: str | None = person.put("/me").body["active_organization_id"]
    listed = [item for item in person.get("/me/organizations").body["items"] if item["active"]]
    assert [item["organization"]["id"] for item in listed] == ([] if found is None else [found])
    return found


@pytest.fixture
def teams(deploy: Callable[[str], World]) -> tuple[Caller, list[Team]]:
    """Bob, and three teams of Ada's that he is in, in the order of joining."""
    world = deploy("credentials")
    ada, bob = world.person("Ada"), world.person("Bob")
    teams = [Team.found(world, ada, name) for name in ("First", "Second", "Third")]
    for team in teams:
        team.join(bob, "viewer")
    return bob, teams


def test_what_somebody_joined_first_is_active_until_they_choose(teams: tuple[Caller, list[Team]]) -> None:
    bob, (first, second, _) = teams

    assert active(bob) == first.id
    assert switch(bob, second.id).body == bob.put("/me").body
    assert switch(bob, second.id).body["token_email"] == bob.email
    assert active(bob) == second.id


def test_choosing_what_is_chosen_already_is_nothing_to_do(teams: tuple[Caller, list[Team]]) -> None:
    bob, (_, second, _) = teams
    switch(bob, second.id)
    before = bob.world.items()

    assert switch(bob, second.id).status == 200
    assert bob.world.items() == before


def test_choosing_is_no_change_of_an_organization(teams: tuple[Caller, list[Team]]) -> None:
    bob, (_, second, _) = teams
    before = second.event_types()

    switch(bob, second.id)

    assert second.event_types() == before


def test_what_is_no_longer_theirs_gives_way_to_what_they_joined_first(teams: tuple[Caller, list[Team]]) -> None:
    bob, (first, second, third) = teams
    switch(bob, second.id)

    second.founder.delete(second.path("members", bob.id))
    assert active(bob) == first.id
    first.founder.delete(first.path())
    assert active(bob) == third.id
    bob.post(third.path("leave"))
    assert active(bob) is None


def test_what_is_theirs_again_is_active_again(teams: tuple[Caller, list[Team]]) -> None:
    bob, (_, second, _) = teams
    switch(bob, second.id)
    bob.post(second.path("leave"))

    second.join(bob, "admin")

    assert active(bob) == second.id


def test_the_active_one_is_marked_on_whichever_page_it_is(teams: tuple[Caller, list[Team]]) -> None:
    bob, (first, second, third) = teams
    for chosen in (first, second, third):
        switch(bob, chosen.id)
        items = [item for page in pages_of(bob, "/me/organizations", limit=1) for item in page]

        assert [item["active"] for item in items] == [team.id == chosen.id for team in (first, second, third)]


def test_the_first_page_shows_the_active_one_behind_however_many_deleted_ones(
    teams: tuple[Caller, list[Team]], wire: Wire
) -> None:
    bob, (first, second, third) = teams
    for team in (first, second):
        team.founder.delete(team.path())
    wire.clear()

    page = bob.get("/me/organizations", limit=1).body

    assert [(item["organization"]["id"], item["active"]) for item in page["items"]] == [(third.id, True)]
    assert page["next_cursor"] is None
    # Three pages of one, each with its organizations; who is asking before, and what was joined first behind.
    assert wire.counts == {"BatchGetItem": 1 + 3 + 1, "Query": 3 + 1}


def test_a_page_of_which_a_part_is_deleted_is_shorter(teams: tuple[Caller, list[Team]]) -> None:
    bob, (first, second, third) = teams
    first.founder.delete(first.path())

    pages = list(pages_of(bob, "/me/organizations", limit=2))

    shown = [[(item["organization"]["id"], item["active"]) for item in page] for page in pages]
    assert shown == [[(second.id, True)], [(third.id, False)]]


def test_where_all_are_deleted_the_list_ends_with_nothing(teams: tuple[Caller, list[Team]]) -> None:
    bob, joined = teams
    for team in joined:
        team.founder.delete(team.path())

    assert bob.get("/me/organizations", limit=1).body == {"items": [], "next_cursor": None}
    assert active(bob) is None


def test_nobody_chooses_what_they_are_not_in(teams: tuple[Caller, list[Team]]) -> None:
    bob, (first, second, _) = teams
    second.founder.delete(second.path())
    eves = Team.found(bob.world, bob.world.person("Eve"), "Eve's")
    before = bob.world.items()

    for nothing in (eves.id, second.id, "nonsense", "", "ORG#x", "x" * 5_000):
        assert switch(bob, nothing).refusal == (404, "not_found"), nothing
    assert bob.world.items() == before
    assert active(bob) == first.id


def test_ones_roles_are_listed_in_the_order_that_everything_else_has(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    role = {"permissions": ["activity:read"]}
    roles = [role | {"title": f"Reader {number}"} for number in range(5)]
    made = [team.founder.post(team.path("roles"), role).body["id"] for role in roles]
    bob = team.join(world.person("Bob"), "billing", *made)

    (row,) = bob.get("/me/organizations").body["items"]

    assert row["roles"] == ["billing", *made]
    assert row["role_titles"] == ["Billing", *(f"Reader {number}" for number in range(5))]
