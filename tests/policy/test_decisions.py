"""The mechanism of decisions, with invented roles: permissions, inviting and removing."""

from dataclasses import replace

import pytest

from roster.policy.decisions import GRANTED
from tests.policy.kingdom import BAILIFF, JEWELLER, KINGDOM, MILLER, custom, kingdom, refusal

# Permissions


def test_a_role_permits_what_it_holds_and_nothing_else() -> None:
    policy = kingdom()

    assert policy.may(["noble"], "taxes:collect") == GRANTED
    assert refusal(policy.may(["noble"], "crowns:wear")) == ("permission_missing", "crowns:wear")


def test_several_roles_permit_what_any_of_them_holds() -> None:
    policy = kingdom(JEWELLER)

    assert policy.may(["peasant", "jeweller"], "crowns:wear")
    assert policy.permissions_of(["peasant", "jeweller"]) == {"fields:plough", "crowns:wear"}


def test_roles_that_nothing_defines_grant_nothing() -> None:
    policy = kingdom()

    assert policy.permissions_of(["pope"]) == frozenset()
    assert not policy.may(["pope"], "fields:plough")
    assert not policy.may([], "fields:plough")


def test_a_custom_role_adds_no_permission_that_the_pack_does_not_know() -> None:
    policy = kingdom(custom("pirate", {"fields:plough", "ships:board"}))

    assert policy.permissions_of(["pirate"]) == {"fields:plough"}
    assert not policy.may(["pirate"], "ships:board")
    assert policy.access(["pirate"], "ships:board").reason == "unknown_permission"


def test_a_custom_role_never_stands_in_for_a_built_in_one() -> None:
    policy = kingdom(replace(JEWELLER, id="peasant"))

    assert policy.roles["peasant"] == KINGDOM.roles["peasant"]
    assert not policy.may(["peasant"], "crowns:wear")


@pytest.mark.parametrize(
    ("actor", "permission", "reason"),
    [
        (["noble"], "taxes:collect", "granted"),
        (["noble"], "crowns:wear", "not_granted"),
        (["noble"], "crowns:steal", "unknown_permission"),
        (["pope"], "taxes:collect", "not_granted"),
        ([], "taxes:collect", "not_granted"),
        (None, "taxes:collect", "not_a_member"),
        (None, "crowns:steal", "not_a_member"),
    ],
)
def test_access_is_answered_with_its_reason(actor: list[str] | None, permission: str, reason: str) -> None:
    decision = kingdom().access(actor, permission)

    assert decision.reason == reason
    assert bool(decision) == (reason == "granted")


# Roles


def test_roles_are_listed_the_packs_first() -> None:
    policy = kingdom(MILLER, BAILIFF)

    assert list(policy.roles) == ["monarch", "noble", "heir", "peasant", "miller", "bailiff"]


def test_roles_are_put_in_order_each_once_with_unknown_ones_last() -> None:
    policy = kingdom(MILLER, BAILIFF)

    ordered = policy.in_order(["pope", "bailiff", "miller", "abbot", "peasant", "noble", "peasant"])

    assert ordered == ["noble", "peasant", "miller", "bailiff", "abbot", "pope"]


def test_owners_are_those_with_the_role_that_owns() -> None:
    policy = kingdom()

    assert policy.owns(["monarch"])
    assert not policy.owns(["noble", "peasant"])


@pytest.mark.parametrize("permission", ["roles:assign", "roles:customize", "invitations:manage", "members:remove"])
def test_guarded_is_a_role_that_owns_or_manages_people(permission: str) -> None:
    policy = kingdom(MILLER, custom("herald", {permission}))

    assert policy.guarded(["monarch"])
    assert policy.guarded(["peasant", "noble"])
    assert policy.guarded(["herald"])
    assert not policy.guarded(["heir", "peasant", "miller", "pope"])


@pytest.mark.parametrize(
    ("roles", "faults"),
    [
        (["monarch"], []),
        (["noble", "peasant", "miller"], []),
        (["peasant", "peasant"], []),
        ([], ["Give at least one role."]),
        (["pope", "abbot"], ["There is no role 'abbot'.", "There is no role 'pope'."]),
        (["monarch", "noble"], ["Monarch cannot be combined with another role."]),
        (
            ["monarch", "pope"],
            ["There is no role 'pope'.", "Monarch cannot be combined with another role."],
        ),
    ],
)
def test_what_nobody_could_hold_is_unfit(roles: list[str], faults: list[str]) -> None:
    assert kingdom(MILLER).unfit(roles) == faults


def test_two_roles_are_unfit_where_the_pack_has_one() -> None:
    policy = kingdom(pack=replace(KINGDOM, several_roles=False))

    assert policy.unfit(["noble", "peasant"]) == ["A member has exactly one role."]
    assert policy.unfit(["noble"]) == []


def test_an_owner_may_hold_more_where_the_pack_lets_them() -> None:
    policy = kingdom(pack=replace(KINGDOM, owner_alone=False))

    assert policy.unfit(["monarch", "noble"]) == []


# Inviting


def test_inviting_takes_the_permission_before_all_else() -> None:
    policy = kingdom()

    assert refusal(policy.may_invite(["peasant"], ["pope"])) == ("permission_missing", "invitations:manage")
    assert refusal(policy.may_invite(["peasant"], ["monarch"])) == ("permission_missing", "invitations:manage")


def test_who_may_invite_a_role_invites_it() -> None:
    policy = kingdom()

    assert policy.may_invite(["monarch"], ["monarch"])
    assert policy.may_invite(["monarch"], ["noble", "peasant"])
    assert policy.may_invite(["noble"], ["peasant"])


def test_a_role_that_somebody_else_may_invite_is_not_allowed() -> None:
    assert refusal(kingdom().may_invite(["noble"], ["monarch"])) == ("role_not_allowed", "monarch")


def test_a_role_that_nobody_may_invite_is_protected() -> None:
    assert refusal(kingdom().may_invite(["monarch"], ["heir"])) == ("role_protected", "heir")


def test_the_first_role_in_the_way_is_named_in_the_packs_order() -> None:
    policy = kingdom()

    assert refusal(policy.may_invite(["noble"], ["peasant", "heir", "noble"])) == ("role_not_allowed", "noble")
    assert refusal(policy.may_invite(["noble"], ["peasant", "heir"])) == ("role_protected", "heir")


def test_ownership_that_is_only_transferred_is_never_invited_to() -> None:
    policy = kingdom(pack=replace(KINGDOM, transfer_only=True))

    assert refusal(policy.may_invite(["monarch"], ["monarch"])) == ("transfer_only", "monarch")
    assert refusal(policy.may_invite(["noble"], ["monarch"])) == ("transfer_only", "monarch")
    assert refusal(policy.may_invite(["noble"], ["noble"])) == ("role_not_allowed", "noble")
    assert refusal(policy.may_invite(["peasant"], ["monarch"])) == ("permission_missing", "invitations:manage")


def test_nobody_invites_a_role_with_a_permission_that_they_lack() -> None:
    crier = custom("crier", {"invitations:manage"}, invites={"noble", "peasant"})
    policy = kingdom(crier)

    assert refusal(policy.may_invite(["crier"], ["noble"])) == ("role_not_allowed", "noble")
    assert refusal(policy.may_invite(["crier"], ["peasant"])) == ("role_not_allowed", "peasant")
    assert policy.may_invite(["crier", "heir"], ["peasant"])


def test_nobody_invites_a_role_with_a_reach_that_they_lack() -> None:
    envoy = custom("envoy", {"invitations:manage"}, invites={"noble"})
    policy = kingdom(envoy, custom("usher", {"invitations:manage"}, invites={"peasant"}))

    assert policy.may_invite(["monarch"], ["envoy", "usher"])
    assert policy.may_invite(["noble"], ["usher"])
    assert refusal(policy.may_invite(["noble"], ["envoy"])) == ("role_not_allowed", "envoy")


def test_a_list_without_the_permission_that_it_takes_is_no_reach() -> None:
    herald = custom("herald", {"roles:assign", "fields:plough"}, assigns={"peasant"}, invites={"peasant"})
    policy = kingdom(MILLER, herald, custom("usher", {"fields:plough"}, invites={"peasant"}))

    assert policy.may_assign(["herald"], ["peasant"], ["miller"])
    assert refusal(policy.may_assign(["herald"], ["peasant"], ["usher"])) == ("role_not_allowed", "usher")


def test_a_role_that_nothing_defines_takes_nothing_from_who_holds_others() -> None:
    assert kingdom().may_invite(["pope", "noble"], ["peasant"])


def test_rights_of_several_roles_add_up() -> None:
    crier = custom("crier", {"invitations:manage", "fields:plough"}, invites={"peasant"})
    policy = kingdom(crier, custom("scribe", {"crowns:wear", "invitations:manage"}, invites={"noble"}))

    assert policy.may_invite(["crier", "scribe"], ["peasant"])
    assert refusal(policy.may_invite(["crier", "scribe"], ["noble"])) == ("role_not_allowed", "noble")
    assert policy.may_invite(["noble", "scribe"], ["noble", "peasant"])


def test_an_entry_counts_only_in_a_role_that_has_the_permission_for_it() -> None:
    policy = kingdom(custom("scribe", {"crowns:wear"}, invites={"noble"}))

    assert refusal(policy.may_invite(["noble", "scribe"], ["noble"])) == ("role_not_allowed", "noble")
    assert policy.may_invite(["noble", "scribe"], ["peasant"])


# Removing


def test_removing_takes_the_right_over_each_role_of_the_target() -> None:
    policy = kingdom()

    assert policy.may_remove(["monarch"], ["noble", "peasant"])
    assert policy.may_remove(["noble"], ["peasant"])
    assert refusal(policy.may_remove(["noble"], ["peasant", "noble"])) == ("role_not_allowed", "noble")
    assert refusal(policy.may_remove(["peasant"], ["peasant"])) == ("permission_missing", "members:remove")


def test_whom_nobody_may_remove_is_protected() -> None:
    policy = kingdom()

    assert refusal(policy.may_remove(["monarch"], ["monarch"])) == ("role_protected", "monarch")
    assert refusal(policy.may_remove(["monarch"], ["heir"])) == ("role_protected", "heir")


def test_who_holds_a_role_that_nobody_knows_is_removed_by_the_widest_reach_alone() -> None:
    policy = kingdom()

    assert policy.may_remove(["monarch"], ["pope"])
    assert refusal(policy.may_remove(["noble"], ["pope"])) == ("role_not_allowed", "pope")


def test_a_protected_role_is_not_removed_whatever_a_custom_role_says() -> None:
    policy = kingdom(custom("regicide", {"members:remove"}, removes={"monarch"}))

    assert refusal(policy.may_remove(["regicide"], ["monarch"])) == ("role_protected", "monarch")
