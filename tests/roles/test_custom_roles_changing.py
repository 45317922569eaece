"""Custom roles that change, go, or outlive their plan, and who holds them then."""

import pytest

from tests.roles.custom import AUDITOR, edit, give, listed, made, make
from tests.world import Team, World


def test_an_edit_replaces_it_whole_and_holds_at_once(acme: Team, world: World) -> None:
    role = made(acme, description="Reads the log.", removes=["viewer"])
    bob = acme.join(world.person("Bob"), role)

    reply = edit(acme, role, title="Maker", permissions=["badges:create"])

    assert reply.status == 200
    assert reply.body == {
        **listed(acme)[0],
        "id": role,
        "title": "Maker",
        "description": None,
        "permissions": ["badges:create"],
        "removes": [],
    }
    assert bob.get(acme.path("activity")).body["reason"] == "permission_missing"
    event = acme.founder.get(acme.path("activity")).body["items"][0]
    assert (event["type"], event["sentence"]) == ("role.updated", "Ada changed the role Maker.")
    assert event["data"]["changed"] == ["description", "permissions", "removes", "title"]


def test_what_it_is_already_is_nothing_to_do(acme: Team, world: World) -> None:
    role = made(acme)
    before = world.items()

    assert edit(acme, role).status == 200
    assert world.items() == before


def test_who_edits_or_deletes_it_holds_all_that_it_was_and_becomes(acme: Team, world: World) -> None:
    keeper = made(acme, title="Keeper", permissions=["roles:customize", "badges:create"])
    above, within = made(acme, permissions=["billing:manage"]), made(acme, permissions=["badges:create"])
    lists = made(acme, permissions=["badges:create"], invites=["viewer"])
    bob = acme.join(world.person("Bob"), keeper)

    assert edit(acme, within, bob, permissions=["roles:customize"]).status == 200
    for reply in (
        edit(acme, within, bob, permissions=["billing:manage"]),
        edit(acme, above, bob, permissions=["badges:create"]),
        edit(acme, lists, bob, permissions=["badges:create"]),
        edit(acme, keeper, bob, permissions=["roles:customize", "badges:create", "billing:manage"]),
        bob.delete(acme.path("roles", above)),
        bob.delete(acme.path("roles", lists)),
    ):
        assert reply.refusal == (403, "forbidden")
        assert reply.body["reason"] == "permission_missing"
    assert bob.delete(acme.path("roles", within)).status == 204


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_a_built_in_role_is_neither_edited_nor_deleted(acme: Team, role: str) -> None:
    for reply in (edit(acme, role), acme.founder.delete(acme.path("roles", role))):
        assert reply.refusal == (403, "forbidden")
        assert (reply.body["reason"], reply.body["role"]) == ("role_built_in", role)


def test_one_that_is_not_there_is_not_found(acme: Team, world: World) -> None:
    other = Team.found(world, world.person("Eve"), "Other")
    other.plan("enterprise")
    foreign = made(other)

    for role in (foreign, "nonsense", "a b", "x" * 2_000):
        assert edit(acme, role).refusal == (404, "not_found")
        assert acme.founder.delete(acme.path("roles", role)).refusal == (404, "not_found")


def test_one_that_members_hold_stays_and_says_how_many_do(acme: Team, world: World) -> None:
    role = made(acme)
    people = [acme.join(world.person(name), role) for name in ("Bob", "Eve", "Kim", "Zoe")]

    def deleting() -> int | None:
        reply = acme.founder.delete(acme.path("roles", role))
        if reply.status == 204:
            return None
        assert reply.refusal == (409, "conflict")
        held: int = reply.body["holders"]
        return held

    assert deleting() == 4
    people[0].post(acme.path("leave"))
    assert deleting() == 3
    acme.founder.delete(acme.path("members", people[1].id))
    assert deleting() == 2
    give(acme, people[2], "viewer")
    assert deleting() == 1
    assert give(acme, people[3], made(acme, title="Another")).status == 200
    assert deleting() is None
    assert [item["title"] for item in listed(acme)] == ["Another"]


def test_an_invitation_to_one_that_is_gone_is_void_for_good(acme: Team, world: World) -> None:
    role, bob = made(acme), world.person("Bob")
    invitation = acme.invite(bob.email, role)
    path = acme.path("invitations", invitation["id"])

    assert acme.founder.delete(acme.path("roles", role)).status == 204

    assert acme.founder.get(path).body["status"] == "void"
    assert bob.post(f"{path}/accept").refusal == (410, "invitation_void")
    assert acme.founder.post(f"{path}/resend").refusal == (409, "conflict")
    assert acme.founder.delete(path).status == 204


def test_one_that_is_gone_is_remembered_by_its_title(acme: Team, world: World) -> None:
    role = made(acme)
    bob = acme.join(world.person("Bob"), role)
    give(acme, bob, "viewer")
    acme.founder.delete(acme.path("roles", role))

    deleted, changed, *_ = acme.founder.get(acme.path("activity")).body["items"]

    assert deleted["sentence"] == "Ada deleted the role Auditor."
    assert deleted["target"] == {"type": "role", "id": role, "name": "Auditor"}
    assert changed["sentence"] == "Ada changed the roles of Bob from a former role to Viewer."


def test_after_a_downgrade_those_that_exist_work_on_and_none_is_given_or_edited(acme: Team, world: World) -> None:
    role, idle = made(acme), made(acme, title="Idle")
    bob, eve, zoe = acme.join(world.person("Bob"), role), acme.join(world.person("Eve"), "viewer"), world.person("Zoe")
    pending = acme.path("invitations", acme.invite(zoe.email, role)["id"])
    acme.plan("professional")
    before = world.items()

    assert bob.get(acme.path("activity")).status == 200
    for reply in (
        make(acme),
        edit(acme, idle, title="Busy"),
        give(acme, eve, role),
        acme.founder.post(acme.path("invitations"), {"email": "kim@example.com", "roles": [role]}),
        acme.founder.post(f"{pending}/resend"),
        world.machine("roster/provision").put(
            acme.path("members", "kim"), {"email": "kim@example.com", "roles": [role]}
        ),
        world.machine("roster/provision").put(acme.path("members", eve.id), {"email": eve.email, "roles": [role]}),
    ):
        assert reply.refusal == (409, "plan_limit"), reply.text
        assert {"limit": "custom_roles", "maximum": 0, "plan": "professional"}.items() <= reply.body.items()
    accepting = zoe.post(f"{pending}/accept")
    assert accepting.refusal == (409, "plan_limit")
    assert "plan" not in accepting.body
    assert "upgrade_url" not in accepting.body
    assert world.items() == before
    assert acme.founder.get(pending).body["status"] == "pending"

    assert give(acme, bob, "viewer").status == 200
    assert acme.founder.delete(acme.path("roles", idle)).status == 204
    acme.plan("enterprise")
    assert zoe.post(f"{pending}/accept").status == 200


def test_a_permission_that_the_pack_no_longer_knows_is_worth_nothing(acme: Team) -> None:
    assert make(acme, permissions=[*AUDITOR["permissions"], "badges:fly"]).fields == ["permissions"]
