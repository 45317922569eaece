"""What the plans of `certificates` bring, and that nothing goes beyond them."""

import pytest

from roster.table.items import Organization
from tests.rules.asking import TRANSACTION, accept, assert_full, invite, provision, remove, resend, set_roles
from tests.rules.plans import (
    CROWD,
    assert_custom_roles,
    assert_members_uncapped,
    assert_organizations_uncapped,
    assert_plans,
    assert_sends,
    days_kept,
)
from tests.rules.products import CERTIFICATES, of
from tests.wire import Wire
from tests.world import Caller, Team, World

pytestmark = of(CERTIFICATES)


def test_its_plans_are_free_basic_pro_and_enterprise(team: Team) -> None:
    assert_plans(team, "free", "basic", "pro", "enterprise")


def test_admins_are_the_owners_and_no_plan_caps_them(acme: Team, world: World) -> None:
    guests = [acme.join(world.person(name), "user") for name in ("Bob", "Cat", "Dan", "Eve")]

    for plan, guest in zip(("free", "basic", "pro", "enterprise"), guests, strict=True):
        acme.plan(plan)
        Organization.get(*Organization.key(acme.id)).update([Organization.owners.set(CROWD)])
        assert set_roles(acme, guest, "admin").status == 200
        assert acme.organization()["limits"]["owners"] is None
        assert acme.organization()["owner_count"] == CROWD + 1


def test_the_free_plan_is_single_user_and_says_where_to_upgrade(team: Team) -> None:
    for role in ("admin", "manager", "user"):
        assert_full(invite(team, "eve@example.com", role), "members", 1, "free")
    assert team.event_types() == ["organization.created"]


def test_basic_has_five_members_and_pro_and_enterprise_any_number(team: Team, world: World) -> None:
    team.plan("basic")
    for name in ("Bob", "Cat", "Dan", "Eve"):
        team.join(world.person(name), "user")

    assert_full(invite(team, "fay@example.com", "user"), "members", 5, "basic")

    assert_members_uncapped(team, "user", "pro", "enterprise")


def test_no_path_leads_beyond_the_members_of_a_plan(acme: Team, people: dict[str, Caller], world: World) -> None:
    eve = world.person("Eve")
    waiting = acme.invite(eve.email, "user")
    acme.join(world.person("Bob"), "user")
    acme.plan("basic")
    before = world.items()

    assert_full(invite(acme, "fay@example.com", "user"), "members", 5, "basic")
    assert_full(resend(acme, waiting), "members", 5, "basic")
    assert accept(acme, eve, waiting).refusal == (409, "plan_limit")
    assert_full(provision(acme, world.person("Fay"), "user"), "members", 5, "basic")

    assert world.items() == before


def test_the_last_seat_goes_to_one_of_two_who_accept_at_once(team: Team, world: World, wire: Wire) -> None:
    team.plan("basic")
    eve, fay = world.person("Eve"), world.person("Fay")
    invitations = [team.invite(guest.email, "user") for guest in (eve, fay)]
    Organization.get(*Organization.key(team.id)).update([Organization.members.set(4)])

    def fay_accepts() -> None:
        assert accept(team, fay, invitations[1]).status == 200

    wire.before(TRANSACTION, fay_accepts)

    assert accept(team, eve, invitations[0]).refusal == (409, "plan_limit")
    assert team.organization()["member_count"] == 5


def test_a_smaller_plan_removes_nobody_and_takes_nobody_until_there_is_room(
    acme: Team, people: dict[str, Caller]
) -> None:
    acme.plan("free")

    assert acme.organization()["member_count"] == 4
    assert all(person.get(acme.path()).status == 200 for person in people.values())
    assert set_roles(acme, people["user"], "manager").status == 200
    assert_full(invite(acme, "eve@example.com", "user"), "members", 1, "free")
    assert remove(acme, people["user"]).status == 204
    assert_full(invite(acme, "eve@example.com", "user"), "members", 1, "free")
    acme.plan("basic")
    assert invite(acme, "eve@example.com", "user").status == 201


def test_a_user_may_own_any_number_of_organizations(world: World) -> None:
    assert_organizations_uncapped(world)


def test_custom_roles_come_with_enterprise(team: Team) -> None:
    assert_custom_roles(team, ["free", "basic", "pro"])


@pytest.mark.parametrize(("plan", "maximum"), [("free", 10), ("basic", 50), ("pro", 500), ("enterprise", 5000)])
def test_10_or_50_or_500_or_5000_invitations_go_out_in_a_day_by_plan(team: Team, plan: str, maximum: int) -> None:
    team.plan(plan)
    # On free nobody is invited anyway. Its share of the day is seen where it has a seat.
    Organization.get(*Organization.key(team.id)).update([Organization.max_members.remove()])

    assert_sends(team, "user", maximum)


def test_activity_is_kept_for_30_days_or_90_or_365_or_for_good_by_plan(team: Team) -> None:
    days = [days_kept(team, plan) for plan in ("free", "basic", "pro", "enterprise")]

    assert days == [30, 90, 365, None]
