"""The rules of `credentials`, digital badges and credentials: who may do what, and over whom."""

import pytest

from tests.rules.asking import TRANSACTION, assert_refused, invite, leave, provision, remove, set_roles, transfer
from tests.rules.plans import assert_lives, assert_no_home, assert_one_role_each
from tests.rules.products import CREDENTIALS, assert_does_exactly, assert_roles, of, permitted
from tests.wire import Wire
from tests.world import Caller, Team, World

pytestmark = of(CREDENTIALS)

MAY = permitted("""
permission                  owner  admin  issuer  viewer
organization:read           yes    yes    yes     yes
organization:update         yes    yes    -       -
organization:delete         yes    -      -       -
organization:notifications  yes    -      -       -
members:read                yes    yes    yes     yes
invitations:manage          yes    yes    -       -
members:remove              yes    yes    -       -
roles:assign                yes    -      -       -
roles:customize             yes    -      -       -
ownership:transfer          yes    -      -       -
activity:read               yes    yes    -       -
signing-keys:generate       yes    -      -       -
badges:create               yes    yes    yes     -
badges:edit                 yes    yes    -       -
badges:delete               yes    yes    -       -
badges:upload-image         yes    yes    yes     -
credentials:issue           yes    yes    yes     -
credentials:revoke          yes    yes    -       -
credentials:read            yes    yes    yes     yes
analytics:read              yes    yes    yes     yes
api-keys:manage             yes    -      -       -
billing:manage              yes    -      -       -
domains:verify              yes    -      -       -
""")


def test_its_roles_are_owner_admin_issuer_and_viewer(team: Team) -> None:
    assert_roles(team, "owner", "admin", "issuer", "viewer")


def test_a_member_has_exactly_one_role(acme: Team, world: World) -> None:
    bob = acme.join(world.person("Bob"), "viewer")

    assert_one_role_each(acme, bob, ["issuer", "viewer"], ["owner", "admin"])


def test_who_creates_an_organization_is_its_owner(team: Team) -> None:
    assert team.member(team.founder)["roles"] == ["owner"]


def test_a_new_user_gets_no_organization(world: World) -> None:
    assert_no_home(world)


def test_an_invitation_lives_for_seven_days(team: Team) -> None:
    assert_lives(team, "viewer", CREDENTIALS.life)


@pytest.mark.parametrize("role", CREDENTIALS.roles)
def test_each_role_may_do_what_the_table_says_and_nothing_else(acme: Team, role: str) -> None:
    assert_does_exactly(acme, role, MAY[role], known=MAY["owner"])


def test_owners_invite_to_any_role(acme: Team) -> None:
    for role in ("owner", "admin", "issuer", "viewer"):
        assert invite(acme, f"{role}@example.com", role).status == 201


def test_admins_invite_admins_issuers_and_viewers_and_no_owner(acme: Team, people: dict[str, Caller]) -> None:
    admin = people["admin"]

    for role in ("admin", "issuer", "viewer"):
        acme.invite(f"another.{role}@example.com", role, by=admin)
    refused = invite(acme, "another.owner@example.com", "owner", by=admin)

    assert_refused(refused, "role_not_allowed", role="owner")


def test_owners_remove_admins_issuers_and_viewers(acme: Team, people: dict[str, Caller]) -> None:
    for role in ("admin", "issuer", "viewer"):
        assert remove(acme, people[role], by=people["owner"]).status == 204
    assert acme.organization()["member_count"] == 2


def test_admins_remove_issuers_and_viewers_and_no_admin(acme: Team, people: dict[str, Caller], world: World) -> None:
    bea = acme.join(world.person("Bea"), "admin")

    assert [remove(acme, people[role], by=bea).status for role in ("issuer", "viewer")] == [204, 204]
    assert_refused(remove(acme, people["admin"], by=bea), "role_not_allowed", role="admin")
    assert acme.member(people["admin"])["roles"] == ["admin"]


def test_nobody_removes_an_owner(acme: Team, people: dict[str, Caller]) -> None:
    for role in ("owner", "admin"):
        assert_refused(remove(acme, acme.founder, by=people[role]), "role_protected", role="owner")
    for role in ("issuer", "viewer"):
        assert_refused(remove(acme, acme.founder, by=people[role]), "permission_missing")
    assert acme.member(acme.founder)["roles"] == ["owner"]


def test_only_owners_change_roles(acme: Team, people: dict[str, Caller]) -> None:
    for role in ("admin", "issuer", "viewer"):
        refused = set_roles(acme, people["viewer"], "issuer", by=people[role])
        assert_refused(refused, "permission_missing", permission="roles:assign")

    assert set_roles(acme, people["viewer"], "issuer", by=people["owner"]).body["roles"] == ["issuer"]


def test_nobody_changes_the_roles_of_another_owner(acme: Team, people: dict[str, Caller]) -> None:
    assert_refused(set_roles(acme, people["owner"], "admin"), "role_protected", role="owner")
    assert_refused(set_roles(acme, people["owner"], "admin", by=people["admin"]), "permission_missing")
    assert provision(acme, people["owner"], "admin").body["reason"] == "role_protected"
    assert acme.member(people["owner"])["roles"] == ["owner"]


def test_an_owner_may_step_down_while_another_owner_remains(acme: Team, people: dict[str, Caller]) -> None:
    assert set_roles(acme, acme.founder, "viewer").body["roles"] == ["viewer"]

    assert set_roles(acme, people["owner"], "admin", by=people["owner"]).refusal == (409, "last_owner")
    assert acme.member(people["owner"])["roles"] == ["owner"]


def test_who_transfers_the_ownership_becomes_an_admin(acme: Team, people: dict[str, Caller]) -> None:
    assert transfer(acme, people["viewer"]).body["roles"] == ["owner"]

    assert acme.member(acme.founder)["roles"] == ["admin"]
    assert transfer(acme, people["issuer"], by=people["owner"]).status == 200
    assert_refused(transfer(acme, people["issuer"]), "permission_missing", permission="ownership:transfer")


def test_everybody_may_leave_but_the_last_owner(acme: Team, people: dict[str, Caller]) -> None:
    for person in people.values():
        assert leave(acme, person).status == 204

    assert leave(acme, acme.founder).refusal == (409, "last_owner")
    assert (acme.organization()["owner_count"], acme.organization()["member_count"]) == (1, 1)


def test_of_two_owners_who_leave_at_once_one_stays(acme: Team, people: dict[str, Caller], wire: Wire) -> None:
    def other_leaves() -> None:
        assert leave(acme, people["owner"]).status == 204

    wire.before(TRANSACTION, other_leaves)

    assert leave(acme, acme.founder).refusal == (409, "last_owner")
    assert acme.organization()["owner_count"] == 1
