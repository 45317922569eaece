"""A pack that changes under organizations: what it no longer knows grants nothing, and all can be repaired."""

import pytest

from roster.policy.pack import load
from roster.table.items import Member
from tests.packs.changing import Edit, Migrate
from tests.rules.asking import customize, invite, leave, provision, remove, set_roles
from tests.rules.products import USES, Product, granted
from tests.world import Caller, Team, World


@pytest.fixture
def chief(acme: Team, world: World, product: Product) -> Caller:
    """A member with a role that the pack does not know any more."""
    bob = acme.join(world.person("Bob"), product.least)
    Member.get(*Member.key(acme.id, bob.id)).update([Member.roles.set({"chief"})])
    return bob


def test_a_plan_that_the_pack_no_longer_knows_grants_nothing_and_nobody_is_lost(
    acme: Team, world: World, product: Product, edit: Edit
) -> None:
    bob = acme.join(world.person("Bob"), product.least)
    before = acme.organization()

    edit(product.pack, ('"enterprise"', '"business"'))

    upgrade = load(product.pack).upgrade_url
    assert acme.organization() == before | {"plan_title": "enterprise", "upgrade_url": upgrade}
    assert customize(acme, "organization:read").refusal == (409, "plan_limit")
    assert acme.member(bob)["roles"] == [product.least]
    acme.plan("business")
    assert customize(acme, "organization:read").status == 201


def test_who_holds_a_role_that_the_pack_no_longer_knows_gets_another_from_an_owner_or_a_machine(
    acme: Team, chief: Caller, product: Product
) -> None:
    assert granted(acme, chief, load(product.pack).permissions) == set()
    assert acme.member(chief)["roles"] == ["chief"]
    assert invite(acme, "eve@example.com", "chief").fields == ["roles"]

    assert set_roles(acme, chief, product.least).body["roles"] == [product.least]

    Member.get(*Member.key(acme.id, chief.id)).update([Member.roles.set({"chief"})])
    assert provision(acme, chief, product.least).body["roles"] == [product.least]


def test_the_last_owner_stays_by_whatever_name_the_pack_calls_them(
    acme: Team, world: World, product: Product, edit: Edit
) -> None:
    eve = acme.join(world.person("Eve"), product.other)
    edit(product.pack, (f'"{product.owner}"', '"the_boss"'))

    assert leave(acme, acme.founder).refusal == (409, "last_owner")
    assert world.machine("roster/provision").delete(acme.path("members", acme.founder.id)).status == 409
    assert remove(acme, acme.founder, by=eve).status == 403
    assert provision(acme, acme.founder, "the_boss").status == 200
    assert acme.organization()["owner_count"] == 1
    assert leave(acme, acme.founder).refusal == (409, "last_owner")


def test_an_organization_of_another_pack_is_refused_in_words_and_nothing_changes(
    acme: Team, world: World, product: Product, edit: Edit
) -> None:
    before = world.items()

    edit(product.pack, named="guilds")

    for use in USES:
        reply = world.call(use.method, acme.path() + use.path, caller=acme.founder, body=use.body)
        assert reply.refusal == (503, "try_again")
        assert f"Pack={product.pack}" in reply.body["detail"]
    assert world.items() == before


def test_a_migration_lets_everybody_do_what_they_could_before(
    acme: Team, people: dict[str, Caller], world: World, product: Product, edit: Edit, migrated: Migrate
) -> None:
    def permissions() -> dict[str, list[str]]:
        return {role: one.get(acme.path("members", "me")).body["permissions"] for role, one in people.items()}

    before = permissions()
    changes = [(f'"{role}"', f'"the_{role}"') for role in product.roles]
    edit(product.pack, *changes)
    assert not any(permissions().values())

    options = [option for role in product.roles for option in ("--role", f"{role}=the_{role}")]
    assert migrated(*options, pack=product.pack) == 0

    assert permissions() == before
    assert [event.type for event in world.events(acme.id)].count("organization.migrated") == 1
