"""The whole life of a membership, in every pack."""

import pytest
from tests.world import Team, World


def test_a_membership_lives_from_the_invitation_to_the_removal(team: Team, world: World) -> None:
    bob = world.person("Bob")

    invitation = team.invite(bob.email, "admin", message="Come along")
    assert invitation["status"] == "pending"
    preview = world.call("POST", "/invitations/preview", body={"token": team.token(invitation["id"])})
    assert preview.status == 200, preview.text
    member = bob.post(team.path("invitations", invitation["id"], "accept"))
    assert member.status == 200, member.text
    assert member.body["roles"] == ["admin"]

    changed = team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["viewer"]})
    assert changed.status == 200, changed.text
    refused = bob.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"]})
    assert refused.refusal == (403, "forbidden")
    assert team.founder.delete(team.path("members", bob.id)).status == 204
    assert bob.get(team.path()).refusal == (404, "not_found")
    assert team.founder.post(team.path("leave")).refusal == (409, "last_owner")

    print(team.founder.get(team.path("activity")).text)
    print(team.founder.get(team.path("members")).text, team.founder.get("/me/organizations").text)
    print(team.founder.get(team.path("invitations")).text, bob.get("/me/invitations").text)
    assert team.event_types() == []
