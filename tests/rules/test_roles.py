"""What holds for roles in every product: nobody goes beyond their own, custom ones included."""

import pytest

from tests.rules.asking import assert_full, assert_refused, customize, invite, remove, set_roles
from tests.rules.products import Product
from tests.world import Caller, Team, World


@pytest.fixture
def deputy(acme: Team, product: Product, world: World) -> Caller:
    """Somebody who may do to the least role what the founder may do to all, and who holds nothing else."""
    (least,) = (role for role in acme.founder.get(acme.path("roles")).body["items"] if role["id"] == product.least)
    own = ("members:remove", "invitations:manage", "roles:assign", "roles:customize")
    over = {right: [product.least] for right in ("invites", "removes", "assigns")}
    made = customize(acme, *least["permissions"], *own, over=over)
    assert made.status == 201, made.text
    return acme.join(world.person("Dee"), made.body["id"])


def test_nobody_gives_changes_or_removes_a_role_that_their_own_are_not_allowed_to(
    acme: Team, people: dict[str, Caller], deputy: Caller, product: Product
) -> None:
    other, least = people[product.other], people[product.least]
    before = acme.world.items()

    assert_refused(invite(acme, "eve@example.com", product.other, by=deputy), "role_not_allowed", role=product.other)
    assert_refused(set_roles(acme, least, product.other, by=deputy), "role_not_allowed", role=product.other)
    assert_refused(set_roles(acme, other, product.least, by=deputy), "role_not_allowed", role=product.other)
    assert_refused(set_roles(acme, deputy, product.other, by=deputy), "role_not_allowed", role=product.other)
    assert_refused(remove(acme, other, by=deputy), "role_not_allowed", role=product.other)

    assert acme.world.items() == before
    assert invite(acme, "eve@example.com", product.least, by=deputy).status == 201
    assert remove(acme, least, by=deputy).status == 204


def test_nobody_makes_a_custom_role_with_a_permission_that_they_lack(
    acme: Team, deputy: Caller, product: Product
) -> None:
    payer = customize(acme, "billing:manage").body["id"]
    modest = {"title": "Modest", "permissions": ["members:read"]}
    before = acme.world.items()

    refused = customize(acme, "members:read", "billing:manage", by=deputy)
    assert_refused(refused, "permission_missing", permission="billing:manage")
    refused = customize(acme, "invitations:manage", by=deputy, over={"invites": [product.other]})
    assert_refused(refused, "permission_missing", role=product.other)
    assert_refused(deputy.put(acme.path("roles", payer), modest), "permission_missing", permission="billing:manage")
    assert_refused(deputy.delete(acme.path("roles", payer)), "permission_missing", permission="billing:manage")
    for permission in ("ownership:transfer", "organization:delete", "organization:notifications"):
        assert_refused(customize(acme, permission), "permission_missing", permission=permission)

    assert acme.world.items() == before
    assert customize(acme, "members:read", by=deputy).status == 201


def test_nobody_hands_out_a_custom_role_with_a_permission_that_they_lack(
    acme: Team, deputy: Caller, product: Product, world: World
) -> None:
    bob, cat = (acme.join(world.person(name), product.least) for name in ("Bob", "Cat"))
    payer, reader = (customize(acme, permission).body["id"] for permission in ("billing:manage", "members:read"))

    assert_refused(invite(acme, "eve@example.com", payer, by=deputy), "role_not_allowed", role=payer)
    assert_refused(set_roles(acme, bob, payer, by=deputy), "role_not_allowed", role=payer)
    assert_refused(set_roles(acme, deputy, payer, by=deputy), "role_not_allowed", role=payer)
    # A right over a role is nothing without what that role may do.
    over = {"invites": [product.other], "assigns": [product.other]}
    herald = customize(acme, "invitations:manage", "roles:assign", over=over).body["id"]
    assert set_roles(acme, cat, herald).status == 200
    assert_refused(invite(acme, "eve@example.com", product.other, by=cat), "role_not_allowed", role=product.other)
    assert_refused(set_roles(acme, cat, product.other, by=cat), "role_not_allowed", role=product.other)

    assert set_roles(acme, bob, reader, by=deputy).body["roles"] == [reader]
    assert invite(acme, "eve@example.com", reader, by=deputy).status == 201


def test_nobody_hands_out_or_removes_a_custom_role_of_wider_reach_than_their_own(
    acme: Team, deputy: Caller, product: Product, world: World
) -> None:
    own = ("members:read", "invitations:manage", "members:remove", "roles:assign")
    for right in ("invites", "removes", "assigns"):
        alike, wider = (
            customize(acme, *own, over={right: over}).body["id"] for over in ([product.least], [product.other])
        )
        bob, cat = (acme.join(world.person(f"{name} {right}"), role) for name, role in (("Bob", alike), ("Cat", wider)))

        assert_refused(invite(acme, "eve@example.com", wider, by=deputy), "role_not_allowed", role=wider)
        assert_refused(set_roles(acme, bob, wider, by=deputy), "role_not_allowed", role=wider)
        assert_refused(set_roles(acme, deputy, wider, by=deputy), "role_not_allowed", role=wider)
        assert_refused(set_roles(acme, cat, product.least, by=deputy), "role_not_allowed", role=wider)
        assert_refused(remove(acme, cat, by=deputy), "role_not_allowed", role=wider)
        assert invite(acme, f"{right}@example.com", alike, by=deputy).status == 201
        assert remove(acme, bob, by=deputy).status == 204


def test_after_a_downgrade_custom_roles_work_on_and_are_given_to_nobody_else(
    acme: Team, product: Product, world: World
) -> None:
    bob, cat = (acme.join(world.person(name), product.least) for name in ("Bob", "Cat"))
    auditor = customize(acme, "activity:read").body["id"]
    assert set_roles(acme, bob, auditor).status == 200

    acme.plan(product.plans[0])

    assert bob.get(acme.path("activity")).status == 200
    assert_full(set_roles(acme, cat, auditor), "custom_roles", 0, product.plans[0])
    assert set_roles(acme, bob, product.least).body["roles"] == [product.least]
    assert acme.founder.delete(acme.path("roles", auditor)).status == 204


def test_no_two_roles_of_an_organization_are_called_alike(acme: Team) -> None:
    assert acme.founder.post(acme.path("roles"), {"title": "Auditor", "permissions": ["members:read"]}).status == 201
    titles = [role["title"] for role in acme.founder.get(acme.path("roles")).body["items"]]
    before = acme.world.items()

    for title in titles:
        role = {"title": title.upper(), "permissions": ["members:read"]}
        assert acme.founder.post(acme.path("roles"), role).refusal == (409, "conflict")
    assert acme.world.items() == before
