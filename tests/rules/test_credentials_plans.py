"""What the plans of `credentials` bring, and that nothing goes beyond them."""

import pytest

from roster.table.items import Organization
from tests.rules.asking import TRANSACTION, accept, assert_full, invite, provision, resend, set_roles
from tests.rules.plans import (
    CROWD,
    assert_custom_roles,
    assert_members_uncapped,
    assert_organizations_uncapped,
    assert_plans,
    assert_sends,
    days_kept,
)
from tests.rules.products import CREDENTIALS, of
from tests.wire import Wire
from tests.world import Caller, Team, World

pytestmark = of(CREDENTIALS)


def test_its_plans_are_free_professional_and_enterprise(team: Team) -> None:
    assert_plans(team, "free", "professional", "enterprise")


def test_free_has_one_owner_professional_two_and_enterprise_any_number(team: Team, world: World) -> None:
    bob, cat, dan = (team.join(world.person(name), "admin") for name in ("Bob", "Cat", "Dan"))

    assert_full(set_roles(team, bob, "owner"), "owners", 1, "free")
    team.plan("professional")
    assert set_roles(team, bob, "owner").status == 200
    assert_full(set_roles(team, cat, "owner"), "owners", 2, "professional")
    team.plan("enterprise")
    Organization.get(*Organization.key(team.id)).update([Organization.owners.set(CROWD)])
    assert set_roles(team, cat, "owner").status == set_roles(team, dan, "owner").status == 200


def test_promoting_to_owner_counts_against_the_plans_owners(team: Team, world: World) -> None:
    team.plan("professional")
    bob, cat = (team.join(world.person(name), "viewer") for name in ("Bob", "Cat"))

    assert set_roles(team, bob, "owner").status == 200

    assert team.organization()["owner_count"] == 2
    assert_full(set_roles(team, cat, "owner"), "owners", 2, "professional")


def test_no_path_leads_beyond_the_owners_of_a_plan(team: Team, world: World) -> None:
    team.plan("professional")
    eve, fay = world.person("Eve"), world.person("Fay")
    waiting = team.invite(fay.email, "owner")
    bob = team.join(world.person("Bob"), "admin")
    team.join(eve, "owner")
    before = world.items()

    assert_full(invite(team, "gus@example.com", "owner"), "owners", 2, "professional")
    assert_full(resend(team, waiting), "owners", 2, "professional")
    assert accept(team, fay, waiting).refusal == (409, "plan_limit")
    assert_full(set_roles(team, bob, "owner"), "owners", 2, "professional")
    assert_full(provision(team, bob, "owner"), "owners", 2, "professional")
    assert_full(provision(team, world.person("Gus"), "owner"), "owners", 2, "professional")

    assert world.items() == before


def test_of_two_who_become_the_last_owner_that_a_plan_allows_one_does(team: Team, world: World, wire: Wire) -> None:
    team.plan("professional")
    bob, eve = team.join(world.person("Bob"), "admin"), world.person("Eve")
    invitation = team.invite(eve.email, "owner")

    def bob_is_promoted() -> None:
        assert set_roles(team, bob, "owner").status == 200

    wire.before(TRANSACTION, bob_is_promoted)

    assert accept(team, eve, invitation).refusal == (409, "plan_limit")
    assert team.organization()["owner_count"] == 2


def test_a_smaller_plan_removes_no_owner_and_takes_none_until_there_is_room(
    acme: Team, people: dict[str, Caller]
) -> None:
    acme.plan("free")

    assert acme.organization()["owner_count"] == 2
    assert people["owner"].patch(acme.path(), {"name": "Globex"}).status == 200
    assert_full(set_roles(acme, people["admin"], "owner"), "owners", 1, "free")
    assert set_roles(acme, people["owner"], "viewer", by=people["owner"]).status == 200
    assert_full(set_roles(acme, people["admin"], "owner"), "owners", 1, "free")
    acme.plan("professional")
    assert set_roles(acme, people["admin"], "owner").status == 200


def test_no_plan_caps_the_members_of_an_organization(team: Team) -> None:
    assert_members_uncapped(team, "viewer", "free", "professional", "enterprise")


def test_a_user_may_own_any_number_of_organizations(world: World) -> None:
    assert_organizations_uncapped(world)


def test_custom_roles_come_with_enterprise(team: Team) -> None:
    assert_custom_roles(team, ["free", "professional"])


@pytest.mark.parametrize(("plan", "maximum"), [("free", 50), ("professional", 500), ("enterprise", 5000)])
def test_50_or_500_or_5000_invitations_go_out_in_a_day_by_plan(team: Team, plan: str, maximum: int) -> None:
    team.plan(plan)

    assert_sends(team, "viewer", maximum)


def test_activity_is_kept_for_90_days_or_365_or_for_good_by_plan(team: Team) -> None:
    assert [days_kept(team, plan) for plan in ("free", "professional", "enterprise")] == [90, 365, None]
