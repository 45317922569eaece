"""The rules of `teams`, who buy and install TLS certificates: who may do what, and over whom."""

import pytest

from roster.table.items import User
from tests.rules.asking import (
    TRANSACTION,
    assert_refused,
    cancel,
    invite,
    provision,
    remove,
    resend,
    set_roles,
    transfer,
)
from tests.rules.plans import assert_lives
from tests.rules.products import TEAMS, assert_does_exactly, assert_roles, of, permitted
from tests.wire import Wire
from tests.world import Caller, Team, World

pytestmark = of(TEAMS)

MAY = permitted("""
permission                  owner  account_admin  billing  validation  installer
organization:read           yes    yes            yes      yes         yes
organization:update         yes    yes            -        -           -
organization:delete         yes    -              -        -           -
organization:notifications  yes    -              -        -           -
members:read                yes    yes            yes      yes         yes
invitations:manage          yes    yes            -        -           -
members:remove              yes    yes            -        -           -
roles:assign                yes    yes            -        -           -
roles:customize             yes    yes            -        -           -
ownership:transfer          yes    -              -        -           -
activity:read               yes    yes            -        -           -
billing:manage              yes    yes            yes      -           -
transactions:read           yes    yes            yes      -           -
refunds:request             yes    yes            yes      -           -
validation:manage           yes    yes            -        yes         -
documents:upload            yes    yes            -        yes         -
certificates:download       yes    yes            -        -           yes
certificates:install        yes    yes            -        -           yes
""")


def test_its_roles_are_owner_account_admin_billing_validation_and_installer(team: Team) -> None:
    assert_roles(team, "owner", "account_admin", "billing", "validation", "installer")


def test_a_member_may_hold_several_roles_and_others_in_another_team(team: Team, world: World) -> None:
    other = Team.found(world, team.founder, "Other")
    bob = team.join(world.person("Bob"), "billing", "installer")
    other.join(bob, "validation")

    assert set_roles(team, bob, "validation", "installer", "billing").status == 200

    assert team.member(bob)["roles"] == ["billing", "validation", "installer"]
    assert other.member(bob)["roles"] == ["validation"]
    mine = {one["organization"]["id"]: one["roles"] for one in bob.get("/me/organizations").body["items"]}
    assert mine == {team.id: ["billing", "validation", "installer"], other.id: ["validation"]}
    both = {"permissions": ["documents:upload", "certificates:install"]}
    for place, allowed in ((team, [True, True]), (other, [True, False])):
        assert [one["allowed"] for one in bob.post(place.path("access"), both).body["decisions"]] == allowed


def test_an_owner_stands_alone_without_another_role(acme: Team, people: dict[str, Caller]) -> None:
    assert set_roles(acme, acme.founder, "owner", "billing").fields == ["roles"]
    assert invite(acme, "eve@example.com", "owner", "billing").fields == ["roles"]

    assert transfer(acme, people["billing"]).body["roles"] == ["owner"]


def test_who_creates_a_team_is_its_owner(team: Team) -> None:
    assert team.member(team.founder)["roles"] == ["owner"]


def test_a_new_user_gets_a_team_of_their_own(world: World) -> None:
    ada = world.person("Ada")

    home = ada.put("/me").body["active_organization_id"]

    assert ada.put("/me").body["active_organization_id"] == home
    (mine,) = ada.get("/me/organizations").body["items"]
    assert mine["organization"] == {"id": home, "name": "Ada's team", "pack": "teams", "plan": "standard"}
    assert (mine["roles"], mine["active"]) == (["owner"], True)


def test_an_invitation_to_a_team_lives_for_72_hours(team: Team) -> None:
    assert_lives(team, "installer", TEAMS.life)


def test_the_owner_may_do_everything(team: Team) -> None:
    assert_does_exactly(team, "owner", MAY["owner"], known=MAY["owner"])


def test_an_account_admin_may_do_everything_that_is_not_the_owners_alone(team: Team) -> None:
    owners_alone = {"ownership:transfer", "organization:notifications", "organization:delete"}
    assert MAY["owner"] - MAY["account_admin"] == owners_alone

    assert_does_exactly(team, "account_admin", MAY["account_admin"], known=MAY["owner"])


def test_billing_pays_sees_transactions_and_asks_for_refunds(team: Team) -> None:
    assert_does_exactly(team, "billing", MAY["billing"], known=MAY["owner"])


def test_validation_sees_validation_through_and_uploads_documents(team: Team) -> None:
    assert_does_exactly(team, "validation", MAY["validation"], known=MAY["owner"])


def test_an_installer_downloads_and_installs_certificates(team: Team) -> None:
    assert_does_exactly(team, "installer", MAY["installer"], known=MAY["owner"])


def test_everybody_reads_the_team_its_members_and_its_roles(acme: Team, people: dict[str, Caller]) -> None:
    for person in (acme.founder, *people.values()):
        assert person.get(acme.path()).body["name"] == "Acme"
        assert len(person.get(acme.path("members")).body["items"]) == 5
        assert [role["id"] for role in person.get(acme.path("roles")).body["items"]] == list(TEAMS.roles)


@pytest.mark.parametrize("role", ["owner", "account_admin"])
def test_owner_and_account_admin_invite_cancel_resend_remove_and_change_roles(
    acme: Team, people: dict[str, Caller], world: World, role: str
) -> None:
    actor = acme.founder if role == "owner" else acme.join(world.person("Bea"), role)

    for given in TEAMS.invited:
        invitation = acme.invite(f"another.{given}@example.com", given, by=actor)
        assert resend(acme, invitation, by=actor).status == 200
        assert cancel(acme, invitation, by=actor).status == 204
        assert set_roles(acme, people["installer"], given, by=actor).status == 200
    for person in people.values():
        assert remove(acme, person, by=actor).status == 204


def test_billing_validation_and_installer_invite_remove_and_change_nobody(
    acme: Team, people: dict[str, Caller]
) -> None:
    for role in ("billing", "validation", "installer"):
        actor = people[role]
        refused = invite(acme, "eve@example.com", "installer", by=actor)
        assert_refused(refused, "permission_missing", permission="invitations:manage")
        refused = remove(acme, people["account_admin"], by=actor)
        assert_refused(refused, "permission_missing", permission="members:remove")
        refused = set_roles(acme, people["billing"], "installer", by=actor)
        assert_refused(refused, "permission_missing", permission="roles:assign")


def test_an_account_admin_never_touches_the_owner(acme: Team, people: dict[str, Caller]) -> None:
    bea = people["account_admin"]
    before = acme.world.items()

    assert_refused(remove(acme, acme.founder, by=bea), "role_protected", role="owner")
    assert_refused(set_roles(acme, acme.founder, "installer", by=bea), "transfer_only", role="owner")
    assert_refused(set_roles(acme, people["billing"], "owner", by=bea), "transfer_only", role="owner")
    assert_refused(set_roles(acme, bea, "owner", by=bea), "transfer_only", role="owner")
    assert_refused(invite(acme, "eve@example.com", "owner", by=bea), "transfer_only", role="owner")
    assert_refused(transfer(acme, bea, by=bea), "permission_missing", permission="ownership:transfer")

    assert acme.world.items() == before


def test_ownership_moves_only_by_a_transfer(acme: Team, people: dict[str, Caller], world: World) -> None:
    bea = people["account_admin"]

    assert_refused(invite(acme, "eve@example.com", "owner"), "transfer_only", role="owner")
    assert_refused(set_roles(acme, bea, "owner"), "transfer_only", role="owner")
    assert_refused(provision(acme, bea, "owner"), "transfer_only", role="owner")
    assert_refused(provision(acme, world.person("Eve"), "owner"), "transfer_only", role="owner")

    assert transfer(acme, bea).status == 200
    assert acme.member(bea)["roles"] == ["owner"]


def test_a_transfer_is_one_swap_and_the_old_owner_becomes_account_admin(
    acme: Team, people: dict[str, Caller], wire: Wire
) -> None:
    bob = people["installer"]

    with wire.counted() as calls:
        reply = transfer(acme, bob)

    assert (reply.status, reply.body["user_id"], reply.body["roles"]) == (200, bob.id, ["owner"])
    assert calls[TRANSACTION] == 1
    assert acme.member(acme.founder)["roles"] == ["account_admin"]
    assert (acme.organization()["owner_count"], acme.event_types()[-1]) == (1, "organization.ownership_transferred")


def test_the_active_team_is_stored_returned_and_switched_by_one_call(team: Team, world: World) -> None:
    ada = team.founder
    other = Team.found(world, ada, "Other")
    assert ada.put("/me").body["active_organization_id"] == team.id

    switched = ada.put("/me/active-organization", {"organization_id": other.id})

    assert (switched.status, switched.body["active_organization_id"]) == (200, other.id)
    assert ada.put("/me").body["active_organization_id"] == other.id
    active = {one["organization"]["id"]: one["active"] for one in ada.get("/me/organizations").body["items"]}
    assert active[other.id]
    assert sum(active.values()) == 1
    assert User.get(*User.key(ada.id)).active_organization == other.id


def test_of_two_transfers_at_once_one_is_done(acme: Team, people: dict[str, Caller], wire: Wire) -> None:
    def transfer_to_billing() -> None:
        assert transfer(acme, people["billing"]).status == 200

    wire.before(TRANSACTION, transfer_to_billing)

    assert_refused(transfer(acme, people["installer"]), "permission_missing", permission="ownership:transfer")
    owners = acme.founder.get(acme.path("members"), role="owner").body["items"]
    assert [one["user_id"] for one in owners] == [people["billing"].id]
