"""The rules of `certificates`, lists of certificates with their categories and templates: who does what, to whom."""

from tests.rules.asking import TRANSACTION, assert_refused, invite, leave, provision, remove, set_roles, transfer
from tests.rules.plans import assert_lives, assert_no_home, assert_one_role_each
from tests.rules.products import CERTIFICATES, assert_does_exactly, assert_roles, granted, of, permitted
from tests.wire import Wire
from tests.world import Caller, Team, World

pytestmark = of(CERTIFICATES)

MAY = permitted("""
permission                  admin  manager  user
organization:read           yes    yes      yes
organization:update         yes    -        -
organization:delete         yes    -        -
organization:notifications  yes    -        -
members:read                yes    yes      yes
invitations:manage          yes    -        -
members:remove              yes    -        -
roles:assign                yes    -        -
roles:customize             yes    -        -
ownership:transfer          yes    -        -
activity:read               yes    -        -
billing:manage              yes    -        -
certificates:create         yes    yes      yes
certificates:edit           yes    yes      -
certificates:delete         yes    yes      -
certificates:read           yes    yes      yes
categories:manage           yes    yes      -
categories:read             yes    yes      yes
templates:manage            yes    yes      -
templates:read              yes    yes      yes
reports:read                yes    yes      -
settings:read               yes    yes      yes
""")


def record(team: Team, event_type: str, person: Caller, certificate: str = "4711") -> None:
    """Let the product's back end record what a member did to a certificate."""
    body = {"type": event_type, "user_id": person.id, "target": {"type": "certificate", "id": certificate}}
    reply = team.world.machine("roster/activity").post(team.path("activity"), body)
    assert (reply.status, reply.body["actor"]["id"], reply.body["via"]) == (201, person.id, "billing")


def log(team: Team, **query: object) -> list[tuple[str, str]]:
    """What happened and who did it, oldest first."""
    items = team.founder.get(team.path("activity"), **query).body["items"]
    return [(event["type"], event["actor"]["id"]) for event in reversed(items)]


def test_its_roles_are_admin_manager_and_user(team: Team) -> None:
    assert_roles(team, "admin", "manager", "user")


def test_a_member_has_exactly_one_role(acme: Team, world: World) -> None:
    bob = acme.join(world.person("Bob"), "user")

    assert_one_role_each(acme, bob, ["manager", "user"], ["admin", "manager"])


def test_who_creates_an_organization_is_its_admin(team: Team) -> None:
    assert team.member(team.founder)["roles"] == ["admin"]


def test_a_new_user_gets_no_organization(world: World) -> None:
    assert_no_home(world)


def test_an_invitation_lives_for_seven_days(acme: Team) -> None:
    assert_lives(acme, "user", CERTIFICATES.life)


def test_an_admin_has_full_control_with_billing_and_people(acme: Team) -> None:
    assert_does_exactly(acme, "admin", MAY["admin"], known=MAY["admin"])


def test_a_manager_runs_certificates_categories_templates_and_reports(acme: Team) -> None:
    assert_does_exactly(acme, "manager", MAY["manager"], known=MAY["admin"])


def test_a_user_creates_certificates_and_reads_what_they_are_made_with(acme: Team) -> None:
    assert_does_exactly(acme, "user", MAY["user"], known=MAY["admin"])


def test_everybody_reads_the_organization_its_members_and_its_roles(acme: Team, people: dict[str, Caller]) -> None:
    for person in people.values():
        assert person.get(acme.path()).body["name"] == "Acme"
        assert len(person.get(acme.path("members")).body["items"]) == 4
        assert [role["id"] for role in person.get(acme.path("roles")).body["items"]] == ["admin", "manager", "user"]


def test_only_admins_invite_change_roles_remove_and_see_the_log(acme: Team, people: dict[str, Caller]) -> None:
    for role in ("manager", "user"):
        actor = people[role]
        for refused, permission in (
            (invite(acme, "eve@example.com", "user", by=actor), "invitations:manage"),
            (set_roles(acme, people["user"], "manager", by=actor), "roles:assign"),
            (remove(acme, people["admin"], by=actor), "members:remove"),
            (actor.get(acme.path("activity")), "activity:read"),
        ):
            assert_refused(refused, "permission_missing", permission=permission)
    admin = people["admin"]
    assert invite(acme, "eve@example.com", "admin", by=admin).status == 201
    assert set_roles(acme, people["user"], "manager", by=admin).status == 200
    assert remove(acme, people["manager"], by=admin).status == 204
    assert admin.get(acme.path("activity")).status == 200


def test_admins_change_and_remove_each_other(acme: Team, people: dict[str, Caller], world: World) -> None:
    bea = acme.join(world.person("Bea"), "admin")

    assert set_roles(acme, people["admin"], "manager", by=bea).body["roles"] == ["manager"]
    assert remove(acme, acme.founder, by=bea).status == 204
    assert bea.get(acme.path()).body["owner_count"] == 1


def test_the_last_admin_is_not_removed_or_demoted_and_cannot_leave(acme: Team, people: dict[str, Caller]) -> None:
    assert remove(acme, people["admin"]).status == 204
    before = acme.world.items()

    assert_refused(remove(acme, acme.founder), "self")
    for role in ("manager", "user"):
        assert_refused(remove(acme, acme.founder, by=people[role]), "permission_missing")
        assert set_roles(acme, acme.founder, role).refusal == (409, "last_owner")
    assert provision(acme, acme.founder, "user").refusal == (409, "last_owner")
    assert leave(acme, acme.founder).refusal == (409, "last_owner")

    assert acme.world.items() == before


def test_who_transfers_the_ownership_becomes_a_manager(acme: Team, people: dict[str, Caller]) -> None:
    assert transfer(acme, people["user"]).body["roles"] == ["admin"]

    assert acme.member(acme.founder, by=people["user"])["roles"] == ["manager"]


def test_upgrading_keeps_the_organization_its_id_and_all_that_it_has(team: Team) -> None:
    record(team, "certificate.created", team.founder)
    before, happened = team.organization(), log(team)

    team.plan("basic")

    assert team.organization() == before | {
        "plan": "basic",
        "plan_title": "Basic",
        "limits": {"owners": None, "members": 5},
    }
    assert log(team)[:-1] == happened
    assert invite(team, "eve@example.com", "user").status == 201


def test_certificates_stay_with_the_organization_when_who_made_them_is_removed(
    acme: Team, people: dict[str, Caller]
) -> None:
    theirs = {"certificates:read", "certificates:edit", "categories:manage", "templates:manage"}
    record(acme, "certificate.created", people["user"])

    assert remove(acme, people["user"]).status == 204

    assert ("certificate.created", people["user"].id) in log(acme)
    assert granted(acme, people["manager"], theirs) == theirs
    about_them = {"user_id": people["user"].id, "permissions": sorted(theirs)}
    gone = acme.world.machine("roster/access").post(acme.path("access"), about_them).body["decisions"]
    assert {one["reason"] for one in gone} == {"not_a_member"}


def test_the_log_tells_who_created_edited_or_deleted_a_certificate(acme: Team, people: dict[str, Caller]) -> None:
    done = [
        ("certificate.created", people["user"]),
        ("certificate.edited", people["manager"]),
        ("certificate.deleted", people["admin"]),
    ]
    for event_type, person in done:
        record(acme, event_type, person)

    assert log(acme, type="certificate") == [(event_type, person.id) for event_type, person in done]


def test_the_log_tells_who_signed_in(acme: Team, people: dict[str, Caller]) -> None:
    for name in ("manager", "user", "manager"):
        people[name].claims["auth_time"] = "1760000000"
        assert people[name].put("/me").status == 200

    assert log(acme, type="user.signed_in") == [("user.signed_in", people[name].id) for name in ("manager", "user")]


def test_the_log_tells_who_changed_the_team(acme: Team, people: dict[str, Caller]) -> None:
    assert set_roles(acme, people["user"], "manager", by=people["admin"]).status == 200
    assert remove(acme, people["user"], by=people["admin"]).status == 204
    assert leave(acme, people["manager"]).status == 204

    assert log(acme)[-3:] == [
        ("member.roles_changed", people["admin"].id),
        ("member.removed", people["admin"].id),
        ("member.left", people["manager"].id),
    ]


def test_of_two_admins_who_remove_each_other_at_once_one_stays(
    acme: Team, people: dict[str, Caller], wire: Wire
) -> None:
    def removed_first() -> None:
        assert remove(acme, acme.founder, by=people["admin"]).status == 204

    wire.before(TRANSACTION, removed_first)

    assert remove(acme, people["admin"]).refusal == (404, "not_found")
    assert people["admin"].get(acme.path()).body["owner_count"] == 1
