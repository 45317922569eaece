"""Races for custom roles: one is what it is at the commit, is there, and is on a plan that has it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.roles.custom import edit, give, made, make
from tests.table.moves import (
    TRANSACTION,
    accept,
    delete_role,
    edit_role,
    give_role,
    leave,
    make_role,
    remove,
)
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World

# Who holds it may invite and remove viewers, and make issuers of them: it has all that these have.
CLERK: dict[str, Any] = {
    "title": "Clerk",
    "permissions": [
        *("analytics:read", "credentials:read", "invitations:manage", "members:read", "members:remove"),
        *("organization:read", "organization:update", "roles:assign"),
        *("badges:create", "badges:upload-image", "credentials:issue"),
    ],
    "invites": ["viewer"],
    "removes": ["viewer"],
    "assigns": ["issuer", "viewer"],
}
# What a clerk may do to a viewer, called Bob, or about an invitation.
DEEDS: dict[str, Callable[[Team, Caller, str, str], Reply]] = {
    "invite": lambda team, clerk, _bob, _invited: clerk.post(
        team.path("invitations"), {"email": "new@example.com", "roles": ["viewer"]}
    ),
    "resend": lambda team, clerk, _bob, invited: clerk.post(team.path("invitations", invited, "resend")),
    "copy": lambda team, clerk, _bob, invited: clerk.post(team.path("invitations", invited, "link")),
    "cancel": lambda team, clerk, _bob, invited: clerk.delete(team.path("invitations", invited)),
    "remove": lambda team, clerk, bob, _invited: clerk.delete(team.path("members", bob)),
    "assign": lambda team, clerk, bob, _invited: clerk.put(team.path("members", bob, "roles"), {"roles": ["issuer"]}),
    "rename": lambda team, clerk, _bob, _invited: clerk.patch(team.path(), {"name": "Other"}),
}


@pytest.fixture
def acme(team: Team) -> Team:
    """Acme, on a plan that has custom roles."""
    team.plan("enterprise")
    return team


@pytest.fixture
def auditor(acme: Team) -> str:
    """A role that nobody holds yet."""
    return made(acme)


@pytest.fixture
def clerk(acme: Team, world: World) -> Caller:
    """Somebody who does what they do by a custom role."""
    return acme.join(world.person("Clerk"), made(acme, **CLERK))


def role_of(team: Team, person: Caller) -> str:
    (role,) = team.member(person)["roles"]
    return str(role)


def refused_for_the_plan(reply: Reply) -> None:
    assert reply.refusal == (409, "plan_limit")
    assert reply.body["limit"] == "custom_roles"
    assert reply.body["plan"] == "professional"


def test_a_role_is_not_given_that_is_deleted_meanwhile(acme: Team, auditor: str, world: World, wire: Wire) -> None:
    bob = acme.join(world.person("Bob"), "viewer")

    wire.before(TRANSACTION, lambda: delete_role(acme, auditor))

    assert give(acme, bob, auditor).fields == ["roles"]
    assert role_of(acme, bob) == "viewer"


def test_a_role_is_not_deleted_that_is_given_meanwhile(acme: Team, auditor: str, world: World, wire: Wire) -> None:
    bob = acme.join(world.person("Bob"), "viewer")

    wire.before(TRANSACTION, lambda: give_role(acme, bob, auditor))

    deleting = acme.founder.delete(acme.path("roles", auditor))
    assert deleting.refusal == (409, "conflict")
    assert deleting.body["holders"] == 1


def test_a_role_is_not_deleted_that_somebody_joins_by_meanwhile(
    acme: Team, auditor: str, world: World, wire: Wire
) -> None:
    bob = world.person("Bob")
    path = acme.path("invitations", acme.invite(bob.email, auditor)["id"], "accept")

    wire.before(TRANSACTION, lambda: accept(bob, path))

    assert acme.founder.delete(acme.path("roles", auditor)).body["holders"] == 1


def test_nobody_is_invited_to_or_moved_into_a_role_that_is_deleted_meanwhile(acme: Team, wire: Wire) -> None:
    first, second = made(acme), made(acme)
    body = {"email": "bob@example.com", "roles": [first]}
    machine = acme.world.machine("roster/provision")

    wire.before(TRANSACTION, lambda: delete_role(acme, first))
    assert acme.founder.post(acme.path("invitations"), body).fields == ["roles"]

    wire.before(TRANSACTION, lambda: delete_role(acme, second))
    assert machine.put(acme.path("members", "user-9"), body | {"roles": [second]}).fields == ["roles"]


@pytest.mark.parametrize(("answer", "refusal"), [("accept", (410, "invitation_void")), ("resend", (409, "conflict"))])
def test_an_invitation_to_a_role_that_is_deleted_meanwhile_is_dead(
    acme: Team, auditor: str, wire: Wire, answer: str, refusal: tuple[int, str]
) -> None:
    bob = acme.world.person("Bob")
    path = acme.path("invitations", acme.invite(bob.email, auditor)["id"], answer)

    wire.before(TRANSACTION, lambda: delete_role(acme, auditor))

    assert (bob if answer == "accept" else acme.founder).post(path).refusal == refusal


def test_who_goes_by_two_ways_at_once_is_counted_out_once(acme: Team, auditor: str, world: World, wire: Wire) -> None:
    bob, eve = (acme.join(world.person(name), auditor) for name in ("Bob", "Eve"))

    wire.before(TRANSACTION, lambda: remove(acme, bob))

    assert bob.post(acme.path("leave")).refusal == (404, "not_found")
    assert acme.founder.delete(acme.path("roles", auditor)).body["holders"] == 1
    leave(eve, acme)
    delete_role(acme, auditor)


def test_who_is_given_two_roles_at_once_is_counted_with_the_last(
    acme: Team, auditor: str, world: World, wire: Wire
) -> None:
    bob, other = acme.join(world.person("Bob"), "viewer"), made(acme, title="Other")

    wire.before(TRANSACTION, lambda: give_role(acme, bob, auditor))

    give_role(acme, bob, other)
    assert acme.founder.delete(acme.path("roles", other)).body["holders"] == 1
    delete_role(acme, auditor)


@pytest.mark.parametrize("deed", DEEDS)
def test_who_acts_by_a_role_that_loses_the_permission_meanwhile_is_refused(
    acme: Team, clerk: Caller, world: World, wire: Wire, deed: str
) -> None:
    bob = acme.join(world.person("Bob"), "viewer")
    invited = acme.invite("eve@example.com", "viewer")["id"]
    before = acme.event_types()

    wire.before(TRANSACTION, lambda: edit_role(acme, role_of(acme, clerk), **CLERK | {"permissions": ["members:read"]}))

    assert DEEDS[deed](acme, clerk, bob.id, invited).body["reason"] == "permission_missing"
    assert acme.event_types() == [*before, "role.updated"]


def test_nobody_gives_a_role_that_grows_beyond_them_meanwhile(
    acme: Team, auditor: str, clerk: Caller, world: World, wire: Wire
) -> None:
    bob, lesser = acme.join(world.person("Bob"), "viewer"), made(acme, permissions=["members:read"])

    wire.before(TRANSACTION, lambda: edit_role(acme, lesser, permissions=["billing:manage"]))

    reply = give(acme, bob, lesser, by=clerk)
    assert (reply.refusal, reply.body["role"]) == ((403, "forbidden"), lesser)
    assert role_of(acme, bob) == "viewer"


def test_nobody_takes_a_role_that_grows_beyond_them_meanwhile(
    acme: Team, clerk: Caller, world: World, wire: Wire
) -> None:
    lesser = made(acme, permissions=["members:read"])
    bob = acme.join(world.person("Bob"), lesser)

    wire.before(TRANSACTION, lambda: edit_role(acme, lesser, permissions=["billing:manage"]))
    assert give(acme, bob, "viewer", by=clerk).body["role"] == lesser

    edit_role(acme, lesser, permissions=["members:read"])
    wire.before(TRANSACTION, lambda: edit_role(acme, lesser, permissions=["billing:manage"]))
    assert clerk.delete(acme.path("members", bob.id)).body["role"] == lesser


def test_nobody_joins_by_who_may_not_invite_to_that_any_more(
    acme: Team, clerk: Caller, world: World, wire: Wire
) -> None:
    bob, eve, lesser = world.person("Bob"), world.person("Eve"), made(acme, permissions=["members:read"])
    paths = [
        acme.path("invitations", acme.invite(person.email, role, by=clerk)["id"], "accept")
        for person, role in ((bob, lesser), (eve, "viewer"))
    ]

    wire.before(TRANSACTION, lambda: edit_role(acme, lesser, permissions=["billing:manage"]))
    assert bob.post(paths[0]).refusal == (410, "invitation_void")

    wire.before(TRANSACTION, lambda: edit_role(acme, role_of(acme, clerk), **CLERK | {"invites": []}))
    assert eve.post(paths[1]).refusal == (410, "invitation_void")


def test_a_link_does_not_let_in_to_a_role_that_changes_roles_meanwhile(
    acme: Team, auditor: str, world: World, wire: Wire
) -> None:
    invitation = acme.invite("bob@example.com", auditor)
    path, token = acme.path("invitations", invitation["id"], "accept"), acme.token(invitation["id"])

    wire.before(TRANSACTION, lambda: edit_role(acme, auditor, permissions=["roles:assign"]))

    assert world.person("Eve").post(path, {"token": token}).body["reason"] == "invited_address_only"


def test_nobody_makes_a_role_of_what_they_lose_meanwhile(acme: Team, world: World, wire: Wire) -> None:
    maker = made(acme, permissions=["roles:customize", "billing:manage"])
    bob, lesser = acme.join(world.person("Bob"), maker), {"permissions": ["billing:manage"]}

    wire.before(TRANSACTION, lambda: edit_role(acme, maker, permissions=["roles:customize"]))

    reply = make(acme, bob, **lesser)
    assert (reply.refusal, reply.body["permission"]) == ((403, "forbidden"), "billing:manage")


def test_nobody_edits_or_deletes_a_role_that_grows_beyond_them_meanwhile(acme: Team, world: World, wire: Wire) -> None:
    maker, lesser = made(acme, permissions=["roles:customize"]), made(acme, permissions=["roles:customize"])
    bob, back = acme.join(world.person("Bob"), maker), {"title": "Back", "permissions": ["roles:customize"]}

    wire.before(TRANSACTION, lambda: edit_role(acme, lesser, permissions=["billing:manage"]))
    assert edit(acme, lesser, by=bob, **back).body["permission"] == "billing:manage"

    edit_role(acme, lesser, **back)
    wire.before(TRANSACTION, lambda: edit_role(acme, lesser, permissions=["billing:manage"]))
    assert bob.delete(acme.path("roles", lesser)).body["permission"] == "billing:manage"


def test_without_the_plan_no_role_is_made_edited_given_or_invited_to(
    acme: Team, auditor: str, world: World, wire: Wire
) -> None:
    bob, eve = acme.join(world.person("Bob"), "viewer"), {"email": "eve@example.com", "roles": [auditor]}
    invited = acme.invite("kim@example.com", auditor)["id"]
    machine = world.machine("roster/provision")

    calls: list[Callable[[], Reply]] = [
        lambda: make(acme),
        lambda: edit(acme, auditor, title="Other"),
        lambda: give(acme, bob, auditor),
        lambda: acme.founder.post(acme.path("invitations"), eve),
        lambda: acme.founder.post(acme.path("invitations", invited, "resend")),
        lambda: machine.put(acme.path("members", "user-9"), eve),
        lambda: machine.put(acme.path("members", bob.id), eve),
    ]

    for call in calls:
        acme.plan("enterprise")
        wire.before(TRANSACTION, lambda: acme.plan("professional"))
        refused_for_the_plan(call())


def test_who_accepts_while_the_plan_is_lost_is_told_no_plan(acme: Team, auditor: str, world: World, wire: Wire) -> None:
    bob = world.person("Bob")
    path = acme.path("invitations", acme.invite(bob.email, auditor)["id"])

    wire.before(TRANSACTION, lambda: acme.plan("professional"))

    accepting = bob.post(f"{path}/accept")
    assert accepting.refusal == (409, "plan_limit")
    assert accepting.body["limit"] == "custom_roles"
    assert not accepting.body.keys() & {"plan", "upgrade_url"}
    assert acme.founder.get(path).body["status"] == "pending"
    acme.plan("enterprise")
    accept(bob, f"{path}/accept")


def test_two_first_roles_at_once_are_both_there(acme: Team, wire: Wire) -> None:
    wire.before(TRANSACTION, lambda: make_role(acme, "First"))

    made(acme, title="Second")

    items = acme.founder.get(acme.path("roles")).body["items"]
    assert [role["title"] for role in items if role["custom"]] == ["First", "Second"]


def test_the_twentieth_role_is_made_once(acme: Team, wire: Wire) -> None:
    for number in range(19):
        made(acme, title=f"Role {number}")

    wire.before(TRANSACTION, lambda: make_role(acme, "Twentieth"))

    refused = make(acme, title="Another")
    assert refused.refusal == (409, "plan_limit")
    assert refused.body["maximum"] == 20
