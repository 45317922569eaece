"""The mechanism of decisions, with invented roles: changing roles, stepping down, and custom roles."""

from dataclasses import replace

from tests.policy.kingdom import BAILIFF, JEWELLER, KINGDOM, MILLER, custom, kingdom, refusal

# Assigning


def test_changing_roles_takes_the_right_over_old_and_new() -> None:
    policy = kingdom()

    assert policy.may_assign(["monarch"], ["peasant"], ["monarch"])
    assert policy.may_assign(["monarch"], ["noble", "peasant"], ["heir"])
    assert policy.may_assign(["noble"], ["peasant"], ["peasant"])
    assert refusal(policy.may_assign(["noble"], ["peasant"], ["heir"])) == ("role_not_allowed", "heir")
    assert refusal(policy.may_assign(["noble"], ["noble"], ["peasant"])) == ("role_not_allowed", "noble")
    assert refusal(policy.may_assign(["noble"], ["noble", "peasant"], ["noble"])) == ("role_not_allowed", "noble")
    assert refusal(policy.may_assign(["heir"], ["peasant"], ["noble"])) == ("permission_missing", "roles:assign")


def test_nobody_changes_who_holds_a_protected_role() -> None:
    policy = kingdom()

    assert refusal(policy.may_assign(["monarch"], ["monarch"], ["noble"])) == ("role_protected", "monarch")
    assert refusal(policy.may_assign(["noble"], ["monarch"], ["noble"])) == ("role_protected", "monarch")
    assert policy.assignable_roles(["monarch"], ["monarch"]) == []


def test_owners_change_each_other_where_none_is_protected() -> None:
    policy = kingdom(pack=replace(KINGDOM, protected=frozenset()))

    assert policy.may_assign(["monarch"], ["monarch"], ["noble"])
    assert refusal(policy.may_assign(["noble"], ["monarch"], ["noble"])) == ("role_not_allowed", "monarch")


def test_ownership_that_is_only_transferred_is_never_assigned() -> None:
    policy = kingdom(pack=replace(KINGDOM, transfer_only=True))

    assert refusal(policy.may_assign(["monarch"], ["noble"], ["monarch"])) == ("transfer_only", "monarch")
    assert refusal(policy.may_assign(["noble"], ["monarch"], ["peasant"])) == ("transfer_only", "monarch")
    assert policy.assignable_roles(["monarch"], ["noble"]) == ["noble", "heir", "peasant"]


def test_nobody_assigns_a_role_with_a_permission_that_they_lack() -> None:
    policy = kingdom(custom("herald", {"roles:assign", "fields:plough"}, assigns={"noble", "peasant"}))

    assert policy.may_assign(["herald"], ["peasant"], ["peasant"])
    assert refusal(policy.may_assign(["herald"], ["peasant"], ["noble"])) == ("role_not_allowed", "noble")


def test_nobody_assigns_a_role_that_nothing_defines_though_some_take_it_away() -> None:
    policy = kingdom()

    assert policy.may_assign(["monarch"], ["pope"], ["peasant"])
    assert refusal(policy.may_assign(["monarch"], ["peasant"], ["pope"])) == ("role_not_allowed", "pope")
    assert refusal(policy.may_assign(["noble"], ["pope"], ["peasant"])) == ("role_not_allowed", "pope")


# Stepping down


def test_who_changes_roles_lays_down_any_of_their_own() -> None:
    policy = kingdom()

    assert policy.may_assign(["monarch"], ["monarch"], ["noble"], own=True)
    assert policy.may_assign(["noble"], ["noble"], ["peasant"], own=True)
    assert policy.may_assign(["noble", "heir"], ["noble", "heir"], ["noble"], own=True)


def test_stepping_down_takes_the_permission() -> None:
    decision = kingdom().may_assign(["heir"], ["heir"], ["peasant"], own=True)

    assert refusal(decision) == ("permission_missing", "roles:assign")


def test_nobody_gives_themselves_a_role_that_they_do_not_assign() -> None:
    policy = kingdom()

    assert refusal(policy.may_assign(["noble"], ["noble"], ["monarch"], own=True)) == ("role_not_allowed", "monarch")
    assert refusal(policy.may_assign(["noble"], ["noble"], ["noble", "heir"], own=True)) == (
        "role_not_allowed",
        "heir",
    )


def test_what_one_could_step_down_to_includes_what_one_holds() -> None:
    policy = kingdom()

    assert policy.assignable_roles(["monarch"], ["monarch"], own=True) == ["monarch", "noble", "heir", "peasant"]
    assert policy.assignable_roles(["noble"], ["noble"], own=True) == ["noble", "peasant"]
    assert policy.assignable_roles(["peasant"], ["peasant"], own=True) == []


def test_an_only_owner_by_rule_cannot_step_down() -> None:
    policy = kingdom(pack=replace(KINGDOM, transfer_only=True))

    assert policy.assignable_roles(["monarch"], ["monarch"], own=True) == []
    assert policy.assignable_roles(["noble"], ["noble"], own=True) == ["noble", "peasant"]


def test_nothing_is_assignable_where_nothing_could_change() -> None:
    policy = kingdom()

    assert policy.assignable_roles(["noble"], ["peasant"]) == []
    assert policy.assignable_roles(["noble"], ["heir"]) == []
    assert policy.assignable_roles(["peasant"], ["peasant"]) == []


def test_who_holds_several_roles_can_lay_some_down_where_no_other_is_assignable() -> None:
    assert kingdom().assignable_roles(["noble", "peasant"], ["noble", "peasant"], own=True) == ["noble", "peasant"]


def test_a_single_assignable_role_can_replace_one_that_nothing_defines() -> None:
    roles = {name: replace(role, assigns=role.assigns & {"peasant"}) for name, role in KINGDOM.roles.items()}
    policy = kingdom(pack=replace(KINGDOM, roles=roles))

    assert policy.assignable_roles(["monarch"], ["pope"]) == ["peasant"]
    assert policy.assignable_roles(["monarch"], ["peasant"]) == []


# Custom roles


def test_a_custom_role_is_handed_out_by_who_holds_all_that_it_permits() -> None:
    policy = kingdom(MILLER, BAILIFF, JEWELLER)

    assert policy.may_invite(["noble"], ["miller", "bailiff"])
    assert policy.may_assign(["noble"], ["peasant"], ["miller"])
    assert policy.may_remove(["noble"], ["bailiff"])
    assert refusal(policy.may_invite(["noble"], ["jeweller"])) == ("role_not_allowed", "jeweller")
    assert refusal(policy.may_assign(["noble"], ["jeweller"], ["peasant"])) == ("role_not_allowed", "jeweller")
    assert refusal(policy.may_remove(["noble"], ["jeweller"])) == ("role_not_allowed", "jeweller")
    assert policy.assignable_roles(["noble"], ["peasant"]) == ["peasant", "miller", "bailiff"]


def test_a_custom_role_takes_a_right_over_some_built_in_role() -> None:
    crier = custom("crier", {"invitations:manage", "fields:plough"})
    policy = kingdom(MILLER, crier)

    assert refusal(policy.may_invite(["crier"], ["miller"])) == ("role_not_allowed", "miller")


def test_a_custom_role_does_what_its_own_lists_say() -> None:
    policy = kingdom(MILLER, BAILIFF, JEWELLER)

    assert policy.may_remove(["bailiff"], ["peasant"])
    assert refusal(policy.may_remove(["bailiff"], ["noble"])) == ("role_not_allowed", "noble")
    assert policy.may_remove(["bailiff"], ["bailiff"])
    assert refusal(policy.may_remove(["bailiff"], ["miller"])) == ("role_not_allowed", "miller")


def test_a_custom_role_that_is_listed_by_another_is_not_reached_by_that() -> None:
    crier = custom("crier", {"invitations:manage", "fields:plough"}, invites={"miller", "pope"})
    policy = kingdom(MILLER, crier)

    assert refusal(policy.may_invite(["crier"], ["miller"])) == ("role_not_allowed", "miller")
    assert not policy.may_invite(["crier"], ["pope"])
