"""The whole life of a membership, in every pack."""

from collections.abc import Callable

import pytest

from tests.world import Team, World

LIVES = [
    pytest.param("credentials", "enterprise", "admin", "viewer", "owner", id="credentials"),
    pytest.param("teams", "enterprise", "account_admin", "installer", None, id="teams"),
    pytest.param("certificates", "enterprise", "admin", "user", "admin", id="certificates"),
]


@pytest.mark.parametrize(("pack", "plan", "higher", "lower", "owner"), LIVES)
def test_a_membership_lives_from_the_invitation_to_the_removal(
    deploy: Callable[[str], World], pack: str, plan: str, higher: str, lower: str, owner: str | None
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan(plan)
    bob = world.person("Bob")

    invitation = team.invite(bob.email, lower, message="Come along")
    preview = world.call("POST", "/invitations/preview", body={"token": team.token(invitation["id"])})
    assert (preview.body["organization_name"], preview.body["email"]) == ("Acme", bob.email)
    joined = bob.post(team.path("invitations", invitation["id"], "accept"))
    assert (joined.status, joined.body["roles"]) == (200, [lower])

    refused = bob.post(team.path("invitations"), {"email": "eve@example.com", "roles": [lower]})
    assert refused.refusal == (403, "forbidden")
    promoted = team.founder.put(team.path("members", bob.id, "roles"), {"roles": [higher]})
    assert (promoted.status, promoted.body["roles"]) == (200, [higher])
    assert bob.post(team.path("invitations"), {"email": "eve@example.com", "roles": [lower]}).status == 201

    assert team.founder.put(team.path("members", bob.id, "roles"), {"roles": [lower]}).status == 200
    assert team.founder.delete(team.path("members", bob.id)).status == 204
    assert bob.get(team.path()).refusal == (404, "not_found")
    assert team.founder.post(team.path("leave")).refusal == (409, "last_owner")

    assert team.event_types() == [
        "organization.created",
        "organization.plan_changed",
        "invitation.sent",
        "invitation.accepted",
        "member.roles_changed",
        "invitation.sent",
        "member.roles_changed",
        "member.removed",
    ]
    if owner is not None:
        team.join(bob, owner)
        assert team.founder.put(team.path("members", "me", "roles"), {"roles": [lower]}).status == 200
        assert bob.post(team.path("leave")).refusal == (409, "last_owner")
        assert team.founder.post(team.path("leave")).status == 204
