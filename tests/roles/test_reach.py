"""Reach: over whom roles give a right. Nobody gives one that they lack, to themselves or to others."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.roles.custom import edit, give, made
from tests.world import Caller, Reply, Team, World

ADMINS = [
    *("organization:read", "organization:update", "members:read", "members:remove", "invitations:manage"),
    *("activity:read", "badges:create", "badges:edit", "badges:delete", "badges:upload-image"),
    *("credentials:issue", "credentials:revoke", "credentials:read", "analytics:read"),
]
PURGER: dict[str, Any] = {"title": "Purger", "permissions": ADMINS, "removes": ["admin", "issuer", "viewer"]}
INSTALLERS = ["organization:read", "members:read", "certificates:download", "certificates:install"]
CLERK: dict[str, Any] = {"title": "Clerk", "permissions": ["members:read", "organization:read"]}


def invite(team: Team, by: Caller, role: str, email: str = "second@example.com") -> Reply:
    return by.post(team.path("invitations"), {"email": email, "roles": [role]})


def in_the_way(reply: Reply) -> tuple[str, str]:
    assert reply.refusal == (403, "forbidden")
    return reply.body["reason"], reply.body["role"]


def test_an_admin_invites_nobody_to_a_custom_role_that_removes_admins(acme: Team) -> None:
    admin = acme.staff("admin")["admin"]
    purger = made(acme, **PURGER)
    assert acme.member(admin)["can"]["remove"] is True  # Ada may; but an admin may remove no admin

    assert in_the_way(invite(acme, admin, purger)) == ("role_not_allowed", purger)
    assert invite(acme, acme.founder, purger).status == 201


@pytest.mark.parametrize("right", ["invites", "removes", "assigns"])
def test_each_list_of_a_custom_role_counts(acme: Team, world: World, right: str) -> None:
    rights: dict[str, Any] = {
        "permissions": [*ADMINS, "roles:assign"],
        "invites": ["viewer"],
        "removes": ["viewer"],
        "assigns": ["viewer"],
    }
    lesser = made(acme, title="Lesser", **rights)
    equal, greater = (
        made(acme, title="Equal", **rights),
        made(acme, title="Greater", **rights | {right: ["issuer", "viewer"]}),
    )
    bob = acme.join(world.person("Bob"), lesser)
    eve, zoe = (acme.join(world.person(name), role) for name, role in (("Eve", equal), ("Zoe", greater)))

    assert invite(acme, bob, equal).status == 201
    assert give(acme, eve, "viewer", by=bob).status == 200
    assert in_the_way(invite(acme, bob, greater, "other@example.com")) == ("role_not_allowed", greater)
    assert in_the_way(give(acme, eve, greater, by=bob)) == ("role_not_allowed", greater)
    assert in_the_way(give(acme, zoe, "viewer", by=bob)) == ("role_not_allowed", greater)
    assert in_the_way(give(acme, bob, greater, by=bob)) == ("role_not_allowed", greater)
    assert in_the_way(bob.delete(acme.path("members", zoe.id))) == ("role_not_allowed", greater)
    assert acme.member(zoe, bob)["can"] == {
        "remove": False,
        "change_roles": False,
        "leave": False,
        "receive_ownership": False,
        "assignable_roles": [],
    }
    assert acme.member(eve, bob)["can"]["assignable_roles"] == ["viewer", lesser, equal]
    assert bob.delete(acme.path("members", eve.id)).status == 204


def test_nobody_gives_themselves_a_wider_reach_beside_their_own(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    permissions = ["members:read", "roles:assign", "members:remove"]
    lead = made(team, title="Lead", permissions=permissions, assigns=["installer"], removes=["installer"])
    boss = made(team, title="Boss", permissions=permissions, assigns=["installer"], removes=["billing"])
    bob = team.join(world.person("Bob"), lead)

    assert in_the_way(give(team, bob, lead, boss, by=bob)) == ("role_not_allowed", boss)
    assert give(team, bob, lead, boss).status == 200  # by the owner, who has both


def test_reach_is_judged_over_all_roles_together(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    permissions = ["members:read", "invitations:manage", "members:remove"]
    lists: dict[str, Any] = {"invites": ["installer"], "removes": ["installer"]}
    inviter = made(team, title="Inviter", permissions=permissions, invites=["installer"])
    remover = made(team, title="Remover", permissions=permissions, removes=["installer"])
    both = made(team, title="Both", permissions=permissions, **lists)
    installing = made(team, title="Installing", permissions=INSTALLERS)
    bob = team.join(world.person("Bob"), inviter, installing)
    assert in_the_way(invite(team, bob, both))[1] == both

    assert give(team, bob, inviter, remover, installing).status == 200

    assert invite(team, bob, both).status == 201


def test_a_custom_role_hands_out_no_built_in_one_of_wider_reach(acme: Team, world: World) -> None:
    deputy = made(
        acme,
        title="Deputy",
        permissions=[*ADMINS, "roles:assign"],
        invites=["admin", "viewer"],
        assigns=["admin", "viewer"],
    )
    bob, eve = acme.join(world.person("Bob"), deputy), acme.join(world.person("Eve"), "viewer")

    assert in_the_way(invite(acme, bob, "admin")) == ("role_not_allowed", "admin")
    assert in_the_way(give(acme, eve, "admin", by=bob)) == ("role_not_allowed", "admin")
    assert in_the_way(give(acme, bob, "admin", by=bob)) == ("role_not_allowed", "admin")
    assert "admin" not in acme.member(eve, bob)["can"]["assignable_roles"]
    wider: dict[str, Any] = {
        "permissions": [*ADMINS, "roles:assign"],
        "removes": ["issuer", "viewer"],
        "assigns": ["admin", "viewer"],
    }
    assert edit(acme, deputy, invites=["admin", "issuer", "viewer"], **wider).status == 200
    assert give(acme, eve, "admin", by=bob).status == 200


def test_an_open_invitation_is_void_once_its_role_reaches_beyond_who_invited(acme: Team, world: World) -> None:
    admin, clerk = acme.staff("admin")["admin"], made(acme, **CLERK)
    invitation = acme.invite("eve@example.com", clerk, by=admin)
    path = acme.path("invitations", invitation["id"])

    assert edit(acme, clerk, **PURGER | CLERK | {"removes": ["admin"]}).status == 200

    assert acme.founder.get(path).body["status"] == "void"
    assert admin.get(path).body["can"] == {"resend": False, "cancel": True, "copy_link": False}
    assert world.person("Eve").post(f"{path}/accept").refusal == (410, "invitation_void")
    assert acme.founder.post(f"{path}/resend").status == 200
    assert world.person("Eve").post(f"{path}/accept").status == 200


def test_a_list_without_its_permission_counts_as_another_role_may_bring_that(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    permissions = ["members:read", "members:remove", "roles:assign"]
    remover = made(team, title="Remover", permissions=permissions, assigns=["installer"])
    idle = made(team, title="Idle", permissions=["members:read"], removes=["billing"])
    installing = made(team, title="Installing", permissions=INSTALLERS)
    bob = team.join(world.person("Bob"), remover, installing)

    assert in_the_way(give(team, bob, remover, installing, idle, by=bob)) == ("role_not_allowed", idle)
    assert give(team, bob, remover, installing, "installer", by=bob).status == 200


def test_nobody_writes_into_a_role_a_reach_that_they_lack_the_permission_for(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    read = ["organization:read", "members:read"]
    remover = made(team, title="Remover", permissions=[*read, "members:remove"])
    harmless = made(team, title="Harmless", permissions=read)
    designer = made(team, title="Designer", permissions=[*read, "roles:customize"], removes=["billing"])
    dee = team.join(world.person("Dee"), designer)
    rem = team.join(world.person("Rem"), remover, harmless)
    vic = team.join(world.person("Vic"), "billing")

    refused = edit(team, harmless, by=dee, permissions=read, removes=["billing"])

    assert refused.refusal == (403, "forbidden")
    assert (refused.body["reason"], refused.body["role"]) == ("permission_missing", "billing")
    assert rem.delete(team.path("members", vic.id)).status == 403


def test_nobody_wakes_a_reach_that_they_lack_by_giving_the_permission_for_it(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    read = ["organization:read", "members:read"]
    billing = [*read, "billing:manage", "transactions:read", "refunds:request"]
    idle = made(team, title="Idle", permissions=billing, invites=["billing"])
    plain = made(team, title="Plain", permissions=read)
    designer = made(
        team,
        title="Designer",
        permissions=[*read, "roles:customize", "invitations:manage", "roles:assign"],
        invites=["installer"],
        assigns=["installer"],
    )
    ed, eve = team.join(world.person("Ed"), designer), team.join(world.person("Eve"), idle, plain)
    assert in_the_way(invite(team, ed, "billing"))[1] == "billing"

    assert edit(team, plain, by=ed, permissions=[*read, "invitations:manage"]).status == 200

    assert in_the_way(invite(team, eve, "billing")) == ("role_not_allowed", "billing")
    assert edit(team, idle, permissions=[*billing, "invitations:manage"], invites=["billing"]).status == 200
    assert invite(team, eve, "billing").status == 201
