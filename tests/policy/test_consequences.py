"""The mechanism of decisions, with invented roles: machines, transfers, making roles, and what is counted."""

from dataclasses import replace

import pytest

from roster.policy.decisions import Growth
from tests.policy.kingdom import BAILIFF, JEWELLER, KINGDOM, MILLER, custom, kingdom, refusal

# Machines


def test_machines_give_and_take_roles_over_which_nobody_has_a_right() -> None:
    policy = kingdom(MILLER)

    assert policy.may_provision([], ["monarch"])
    assert policy.may_provision(["heir", "miller"], ["noble"])
    assert policy.may_provision(["noble"], ["monarch"])


def test_machines_take_no_protected_role_away() -> None:
    policy = kingdom()

    assert refusal(policy.may_provision(["monarch"], ["noble"])) == ("role_protected", "monarch")
    assert policy.may_provision(["monarch", "peasant"], ["monarch"])
    assert kingdom(pack=replace(KINGDOM, protected=frozenset())).may_provision(["monarch"], ["noble"])


def test_machines_neither_give_nor_take_an_ownership_that_is_only_transferred() -> None:
    policy = kingdom(pack=replace(KINGDOM, transfer_only=True, protected=frozenset()))

    assert refusal(policy.may_provision([], ["monarch"])) == ("transfer_only", "monarch")
    assert refusal(policy.may_provision(["monarch"], ["noble"])) == ("transfer_only", "monarch")
    assert policy.may_provision(["monarch"], ["monarch"])
    assert policy.may_provision(["peasant"], ["noble"])


# Transfers


def test_who_gives_ownership_away_keeps_their_other_roles() -> None:
    policy = kingdom(pack=replace(KINGDOM, owner_alone=False))

    assert policy.after_giving(["monarch"]) == ["noble"]
    assert policy.after_giving(["peasant", "monarch"]) == ["noble", "peasant"]


def test_who_receives_ownership_keeps_their_roles_unless_an_owner_has_one() -> None:
    assert kingdom(pack=replace(KINGDOM, owner_alone=False)).after_receiving(["peasant"]) == ["monarch", "peasant"]
    assert kingdom().after_receiving(["peasant"]) == ["monarch"]


def test_a_transfer_leaves_one_role_to_each_where_the_pack_has_one() -> None:
    policy = kingdom(pack=replace(KINGDOM, several_roles=False, owner_alone=False))

    assert policy.after_giving(["monarch", "heir"]) == ["noble"]
    assert policy.after_receiving(["heir", "peasant"]) == ["monarch"]


def test_a_role_stands_alone_if_it_owns_or_the_pack_has_one_for_each() -> None:
    assert kingdom().stands_alone("monarch")
    assert not kingdom().stands_alone("noble")
    assert not kingdom(pack=replace(KINGDOM, owner_alone=False)).stands_alone("monarch")
    assert kingdom(pack=replace(KINGDOM, several_roles=False, owner_alone=False)).stands_alone("noble")


# Making roles


def test_making_a_role_takes_the_permission() -> None:
    assert refusal(kingdom().may_customize(["noble"], MILLER)) == ("permission_missing", "roles:customize")


def test_a_role_is_made_by_who_holds_all_that_it_permits() -> None:
    policy = kingdom(custom("steward", {"roles:customize", "fields:plough"}))

    assert policy.may_customize(["monarch"], JEWELLER)
    assert policy.may_customize(["steward"], MILLER)
    assert refusal(policy.may_customize(["steward"], JEWELLER)) == ("permission_missing", "crowns:wear")


def test_a_role_is_made_by_who_has_a_right_over_all_that_it_lists() -> None:
    policy = kingdom(custom("steward", {"roles:customize", "taxes:collect", "members:remove"}))

    assert policy.may_customize(["monarch"], BAILIFF)
    assert policy.may_customize(["steward", "noble"], BAILIFF)
    assert refusal(policy.may_customize(["steward"], BAILIFF)) == ("permission_missing", "peasant")


@pytest.mark.parametrize("permission", ["organization:delete", "organization:notifications", "ownership:transfer"])
def test_what_is_kept_for_built_in_roles_is_in_none_that_is_made(permission: str) -> None:
    regent = custom("regent", {permission})

    assert refusal(kingdom().may_customize(["monarch"], regent)) == ("permission_missing", permission)


# Unknown roles


def test_nobody_removes_who_holds_an_unknown_role_where_nobody_removes_anybody() -> None:
    roles = {name: replace(role, removes=frozenset()) for name, role in KINGDOM.roles.items()}
    policy = kingdom(pack=replace(KINGDOM, roles=roles))

    assert refusal(policy.may_remove(["monarch"], ["pope"])) == ("role_protected", "pope")


# What is counted


def test_an_organization_grows_by_members_and_owners() -> None:
    policy = kingdom()

    assert policy.growth() == Growth(members=0, owners=0, custom=False)
    assert policy.growth(["peasant"], members=1) == Growth(1)
    assert policy.growth(["monarch"], ["noble"]) == Growth(owners=1)
    assert policy.growth(["monarch"], ["monarch"]) == Growth()
    assert policy.growth([], ["monarch"], members=-1) == Growth(-1, -1)


def test_a_custom_role_counts_where_it_is_given_and_not_where_it_is_kept() -> None:
    policy = kingdom(MILLER, BAILIFF)

    assert policy.growth(["peasant", "miller"], ["peasant"]).custom
    assert policy.growth(["miller", "bailiff"], ["miller"]).custom
    assert policy.growth(["miller", "peasant"], ["bailiff"]).custom
    assert not policy.growth(["miller", "peasant"], ["miller"]).custom
    assert not policy.growth(["peasant"], ["miller"]).custom


def test_custom_is_a_role_that_the_organization_made() -> None:
    policy = kingdom(MILLER)

    assert policy.is_custom("miller")
    assert not policy.is_custom("peasant")
    assert not policy.is_custom("pope")
