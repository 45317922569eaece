"""What the plans of `teams` bring, and that nothing goes beyond them."""

import pytest

from tests.rules.asking import TRANSACTION, assert_full, assert_refused, leave, set_roles, transfer
from tests.rules.plans import assert_custom_roles, assert_members_uncapped, assert_plans, assert_sends, days_kept
from tests.rules.products import TEAMS, of
from tests.wire import Wire
from tests.world import Caller, Team, World

pytestmark = of(TEAMS)


def test_its_plans_are_standard_and_enterprise(team: Team) -> None:
    assert_plans(team, "standard", "enterprise")


@pytest.mark.parametrize("plan", ["standard", "enterprise"])
def test_a_team_has_exactly_one_owner_on_any_plan(acme: Team, people: dict[str, Caller], plan: str) -> None:
    acme.plan(plan)

    assert set_roles(acme, acme.founder, "account_admin").refusal == (409, "last_owner")
    assert leave(acme, acme.founder).refusal == (409, "last_owner")
    assert_refused(set_roles(acme, people["account_admin"], "owner"), "transfer_only", role="owner")

    assert acme.organization()["limits"]["owners"] == 1
    owners = acme.founder.get(acme.path("members"), role="owner").body["items"]
    assert [one["user_id"] for one in owners] == [acme.founder.id]


def test_no_plan_caps_the_members_of_a_team(team: Team) -> None:
    assert_members_uncapped(team, "installer", "standard", "enterprise")


def test_a_user_owns_three_teams_and_with_enterprise_any_number(team: Team, world: World) -> None:
    ada = team.founder
    teams = [team, *(Team.found(world, ada) for _ in range(2))]
    assert_full(ada.post("/organizations", {"name": "Fourth"}), "organizations", 3, "standard")

    teams[1].plan("enterprise")

    for _ in range(3):
        Team.found(world, ada)


def test_no_path_leads_beyond_the_teams_that_a_user_may_own(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "account_admin")
    for _ in range(3):
        Team.found(world, bob)
    before = world.items()

    assert_full(bob.post("/organizations", {"name": "Fourth"}), "organizations", 3, "standard")
    owner = {"user_id": bob.id, "email": bob.email}
    provisioned = world.machine("roster/provision").post("/organizations", {"name": "Fourth", "owner": owner})
    assert_full(provisioned, "organizations", 3, "standard")
    assert_full(transfer(team, bob), "organizations", 3, "standard")
    support = {"user_id": bob.id, "from": team.founder.id}
    settled = world.machine("roster/support").post(team.path("transfer"), support)
    assert_full(settled, "organizations", 3, "standard")

    assert world.items() == before
    assert bob.put("/me").status == 200  # the team of a user's own is theirs all the same
    assert len(bob.get("/me/organizations").body["items"]) == 5


def test_of_two_teams_created_at_once_the_third_is_one(team: Team, world: World, wire: Wire) -> None:
    Team.found(world, team.founder, "Second")

    def found_the_third() -> None:
        Team.found(world, team.founder, "Third")

    wire.before(TRANSACTION, found_the_third)

    refused = team.founder.post("/organizations", {"name": "Third too"})
    assert_full(refused, "organizations", 3, "standard")


def test_a_smaller_plan_takes_no_team_away_and_adds_none_until_there_is_room(acme: Team, world: World) -> None:
    ada = acme.founder
    others = [Team.found(world, ada) for _ in range(3)]
    bob = acme.join(world.person("Bob"), "billing")

    acme.plan("standard")

    assert all(ada.get(one.path()).status == 200 for one in (acme, *others))
    assert bob.get(acme.path()).status == 200
    assert_full(ada.post("/organizations", {"name": "Fifth"}), "organizations", 3, "standard")
    assert ada.delete(others[0].path()).status == 204
    assert_full(ada.post("/organizations", {"name": "Fifth"}), "organizations", 3, "standard")
    assert ada.delete(others[1].path()).status == 204
    Team.found(world, ada)


def test_custom_roles_of_a_team_come_with_enterprise(team: Team) -> None:
    assert_custom_roles(team, ["standard"])


@pytest.mark.parametrize(("plan", "maximum"), [("standard", 200), ("enterprise", 5000)])
def test_200_or_5000_invitations_go_out_in_a_day_by_plan(team: Team, plan: str, maximum: int) -> None:
    team.plan(plan)

    assert_sends(team, "installer", maximum)


def test_activity_of_a_team_is_kept_for_365_days_or_for_good_by_plan(team: Team) -> None:
    assert [days_kept(team, plan) for plan in ("standard", "enterprise")] == [365, None]
