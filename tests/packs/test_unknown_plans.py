"""A plan that the pack does not know: nothing is granted by it, nothing is lost, and billing repairs it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.policy.pack import Pack, available, load
from roster.table.items import Organization
from tests.packs.changing import Edit
from tests.rules.asking import UPGRADE, customize, invite
from tests.rules.products import USES, Product
from tests.world import Team, World

NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=64)
PACKS = [load(name) for name in available()]


def put_on(team: Team, plan: str) -> None:
    """Leave a team on a plan that the pack does not have, as a pack that renames one does."""
    Organization.get(*Organization.key(team.id)).update([Organization.plan.set(plan)])


def at_most(cap: int | None, other: int | None) -> bool:
    return other is None or (cap is not None and cap <= other)


@given(st.sampled_from(PACKS), NAMES)
def test_any_plan_that_a_pack_does_not_know_grants_no_more_than_each_that_it_knows(pack: Pack, name: str) -> None:
    plan = pack.plan(f"former_{name}")

    assert (plan.name, plan.title) == (f"former_{name}", f"former_{name}")
    for known in pack.plans.values():
        assert at_most(plan.owners, known.owners)
        assert at_most(plan.members, known.members)
        assert at_most(plan.organizations, known.organizations)
        assert plan.invitations_per_day <= known.invitations_per_day
        assert known.custom_roles or not plan.custom_roles
        assert plan.activity_kept is None or (known.activity_kept or timedelta.max) <= plan.activity_kept


@given(NAMES)
@settings(max_examples=12)
def test_on_any_such_plan_no_route_fails_and_billing_repairs_it(team: Team, world: World, name: str) -> None:
    unknown = f"former_{name}"
    for use in USES:
        put_on(team, unknown)
        headers = {"If-Match": '"stale"'} if use.status == 412 else {}
        reply = world.call(use.method, team.path() + use.path, caller=team.founder, body=use.body, headers=headers)
        assert reply.status < 500, (use, reply.text)
    put_on(team, unknown)
    assert team.organization()["plan"] == unknown

    last = [*load(world.pack).plans][-1]
    team.plan(last)

    assert team.organization()["plan"] == last
    moved = [event for event in world.events(team.id) if event.type == "organization.plan_changed"]
    assert moved[-1].data == {"from": unknown, "to": last}


def test_its_id_is_shown_and_its_caps_stay(team: Team, product: Product, world: World) -> None:
    team.plan(product.plans[0])
    before = team.organization()

    put_on(team, "gold")

    shown = {"plan": "gold", "plan_title": "gold", "upgrade_url": UPGRADE}
    assert team.organization() == before | shown
    (listed,) = team.founder.get("/me/organizations").body["items"]
    assert listed["organization"]["plan"] == "gold"
    (one,) = world.machine("roster/read").get("/organizations").body["items"]
    assert one["plan_title"] == "gold"


def test_a_plan_that_is_renamed_loses_nobody_and_takes_custom_roles_away_from_nobody(
    team: Team, product: Product, world: World, edit: Edit
) -> None:
    team.plan("enterprise")
    role = customize(team, "organization:read").body["id"]
    bob = team.join(world.person("Bob"), role)

    edit(product.pack, ('"enterprise"', '"business"'))

    assert bob.get(team.path()).body["plan"] == "enterprise"
    assert team.organization()["member_count"] == 2
    assert customize(team, "organization:read").refusal == (409, "plan_limit")
    assert invite(team, "eve@example.com", role).refusal == (409, "plan_limit")


def test_as_many_invitations_go_out_as_on_the_smallest_plan(team: Team, product: Product, world: World) -> None:
    team.plan("enterprise")
    put_on(team, "gold")
    least = min(plan.invitations_per_day for plan in load(product.pack).plans.values())
    organization = Organization.get(*Organization.key(team.id))
    day = f"{world.events(team.id)[0].at:%Y-%m-%d}"
    organization.update([Organization.counted_on.set(day), Organization.counts.set({"sent": least - 1})])

    assert invite(team, "eve@example.com", product.least).status == 201
    assert invite(team, "mallory@example.com", product.least).body["limit"] == "invitations_per_day"


def test_what_happens_on_it_is_kept_as_long_as_any_plan_keeps_it(team: Team, world: World) -> None:
    put_on(team, "gold")

    assert team.founder.patch(team.path(), {"name": "Apex"}).status == 200

    (event,) = (event for event in world.events(team.id) if event.type == "organization.updated")
    assert event.ttl is None


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_plan_that_the_pack_knows_is_that_plan(pack: Pack) -> None:
    assert [pack.plan(name) for name in pack.plans] == [*pack.plans.values()]
