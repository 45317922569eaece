"""A link to copy: who is given one, what it proves, and how long it works."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from roster.api.problems import Forbidden
from roster.membership.invitations import can_to_invitation
from roster.membership.requirements import require_copying
from roster.membership.standing import Standing
from roster.policy.pack import load
from roster.table.items import Invitation, Member, Organization
from roster.table.read import Batch
from tests.policy.kingdom import KINGDOM, kingdom
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World


@pytest.fixture
def invitation(team: Team) -> dict[str, Any]:
    return team.invite("eve@example.com", "viewer")


def copy(team: Team, invitation: dict[str, Any], by: Caller | None = None, **headers: str) -> Reply:
    return (by or team.founder).post(team.path("invitations", invitation["id"], "link"), **headers)


def offered(team: Team, invitation: dict[str, Any], by: Caller | None = None) -> bool:
    """Whether a client is told that copying works, in the list and alone."""
    reader = by or team.founder
    alone = reader.get(team.path("invitations", invitation["id"])).body["can"]["copy_link"]
    listed = reader.get(team.path("invitations")).body["items"]
    assert all(one["can"]["copy_link"] is alone for one in listed if one["id"] == invitation["id"])
    return bool(alone)


def test_it_leads_to_the_app_as_the_mailed_one_does_and_ends_with_the_invitation(
    team: Team, invitation: dict[str, Any], world: World
) -> None:
    reply = copy(team, invitation)

    assert (reply.status, reply.body.keys()) == (200, {"link", "expires_at"})
    address, _, token = reply.body["link"].partition("#")
    assert (address, len(token.split("."))) == ("https://app.example.com/invitation", 4)
    assert reply.body["expires_at"] == invitation["expires_at"]
    shown = world.call("POST", "/invitations/preview", body={"token": token}).body
    assert (shown["invitation_id"], shown["email"]) == (invitation["id"], "eve@example.com")
    assert (
        world.person("Sam").post(team.path("invitations", invitation["id"], "decline"), {"token": token}).status == 204
    )


def test_it_is_recorded_and_changes_nothing_else(team: Team, invitation: dict[str, Any], world: World) -> None:
    path = team.path("invitations", invitation["id"])
    tag, before = team.founder.get(path).headers["etag"], world.items()

    assert copy(team, invitation).body == copy(team, invitation).body

    (first, second) = [item for item in world.items() if item not in before]
    assert {first["kind"]["S"], second["kind"]["S"]} == {"event"}
    assert [item for item in before if item not in world.items()] == []
    event = team.founder.get(team.path("activity")).body["items"][0]
    assert (event["type"], event["actor"]["id"], event["data"]) == ("invitation.link_copied", team.founder.id, {})
    assert event["target"] == {"type": "invitation", "id": invitation["id"], "name": "eve@example.com"}
    assert event["sentence"] == "Ada copied a link to the invitation of eve@example.com."
    assert team.founder.get(path).headers["etag"] == tag


def test_it_is_given_to_who_may_invite_to_the_roles_with_a_verified_address(team: Team, world: World) -> None:
    team.plan("professional")
    bea = team.join(world.person("Bea"), "admin")
    ours, owners = team.invite("eve@example.com", "viewer"), team.invite("fay@example.com", "owner")
    unverified = Caller(world, bea.claims | {"email_verified": "false"})

    assert copy(team, ours, bea).status == 200
    assert copy(team, owners, bea).body["reason"] == "role_not_allowed"
    assert copy(team, ours, unverified).refusal == (403, "email_not_verified")
    assert [offered(team, ours, by) for by in (team.founder, bea, unverified)] == [True, True, False]
    assert [offered(team, owners, by) for by in (team.founder, bea)] == [True, False]


def test_the_order_of_judging(team: Team, invitation: dict[str, Any], world: World) -> None:
    bea, vic = (team.join(world.person(name), role) for name, role in (("Bea", "admin"), ("Vic", "viewer")))
    team.plan("professional")
    dead = team.invite("fay@example.com", "owner")
    assert team.founder.delete(team.path("invitations", dead["id"])).status == 204
    nowhere, unverified = {"id": "none"}, {"email_verified": "false"}

    def told(by: Caller, of: dict[str, Any], body: object = None) -> str:
        reply = by.post(team.path("invitations", of["id"], "link"), body)
        return str(reply.body.get("reason") or reply.refusal[1])

    assert told(world.person("Sam"), nowhere, {"roles": ["viewer"]}) == "invalid_request"
    assert told(world.person("Sam"), invitation) == "not_found"
    assert told(Caller(world, vic.claims | unverified), nowhere) == "permission_missing"
    assert told(Caller(world, bea.claims | unverified), nowhere) == "email_not_verified"
    assert told(bea, nowhere) == "not_found"
    assert told(bea, dead) == "role_not_allowed"
    assert told(team.founder, dead) == "not_pending"
    assert told(world.machine("roster/provision", "roster/read"), invitation) == "scope_missing"


@pytest.mark.parametrize("state", ["accepted", "declined", "canceled", "expired", "void"])
def test_there_is_one_to_an_open_invitation_only(team: Team, world: World, state: str) -> None:
    bea, eve = team.join(world.person("Bea"), "admin"), world.person("Eve")
    invitation = team.invite(eve.email, "viewer", by=bea)
    path = team.path("invitations", invitation["id"])
    ends: dict[str, Callable[[], object]] = {
        "accepted": lambda: eve.post(f"{path}/accept"),
        "declined": lambda: eve.post(f"{path}/decline"),
        "canceled": lambda: team.founder.delete(path),
        "void": lambda: bea.post(team.path("leave")),
    }
    ends.get(state, lambda: None)()
    before = world.items()

    with world.later(days=8 if state == "expired" else 0):
        refused = copy(team, invitation)

        assert (refused.refusal, refused.body["invitation_status"]) == ((409, "not_pending"), state)
        assert not offered(team, invitation)
    assert world.items() == before


def test_one_to_a_role_that_is_gone_is_void(team: Team) -> None:
    team.plan("enterprise")
    role = {"title": "Reader", "permissions": ["organization:read"]}
    role_id = team.founder.post(team.path("roles"), role).body["id"]
    invitation = team.invite("eve@example.com", role_id)
    assert copy(team, invitation).status == 200

    assert team.founder.delete(team.path("roles", role_id)).status == 204

    assert copy(team, invitation).body["invitation_status"] == "void"
    assert not offered(team, invitation)


def test_a_pack_without_copied_links_gives_none_and_offers_none() -> None:
    monarch = Member(*Member.key("o", "ann"), roles={"monarch"})
    organization = Organization(*Organization.key("o"), owners=1, members=1)
    invitation = Invitation(*Invitation.key("o", "i"), status="pending", roles={"peasant"}, email="eve@example.com")
    standing = Standing(organization, kingdom(), Batch(), monarch)

    with pytest.raises(Forbidden) as refused:
        require_copying(KINGDOM)

    assert refused.value.members == {"reason": "links_not_copied"}
    can = can_to_invitation(standing, invitation, "ann@example.com", status="pending")
    assert can == {"resend": True, "cancel": True, "copy_link": False}
    require_copying(load("credentials"))


def test_room_in_the_plan_is_judged_when_it_is_used(team: Team, world: World) -> None:
    team.plan("professional")
    eve = world.person("Eve")
    invitation = team.invite(eve.email, "owner")
    team.plan("free")

    assert offered(team, invitation)
    token = team.copied(invitation["id"])

    accept = team.path("invitations", invitation["id"], "accept")
    assert eve.post(accept, {"token": token}).refusal == (409, "plan_limit")
    team.plan("professional")
    assert eve.post(accept, {"token": token}).status == 200


def test_an_organization_that_mails_nothing_hands_its_invitations_over(team: Team, world: World) -> None:
    assert team.founder.patch(team.path(), {"email_notifications": False}).status == 200
    invitation = team.invite("eve@example.com", "viewer")
    assert (invitation["delivery"], invitation["can"]["copy_link"]) == ("suppressed", True)

    token = team.copied(invitation["id"])

    joined = world.person("Sam").post(team.path("invitations", invitation["id"], "accept"), {"token": token})
    assert (joined.status, joined.body["email"]) == (200, "sam@example.com")


def test_copying_is_no_sending(team: Team, invitation: dict[str, Any], world: World) -> None:
    for _ in range(10):
        assert copy(team, invitation).status == 200

    path = team.path("invitations", invitation["id"])
    assert team.founder.get(path).body == invitation
    for sends in (2, 3, 4, 5):
        assert team.founder.post(f"{path}/resend").body["sends"] == sends
    assert team.founder.post(f"{path}/resend").refusal == (429, "too_many_requests")
    assert copy(team, invitation).status == 200  # the day's share of the address is spent, and nothing is mailed


def test_a_key_is_not_looked_at_and_the_link_is_kept_nowhere(
    team: Team, invitation: dict[str, Any], world: World, wire: Wire
) -> None:
    first, second = (copy(team, invitation, Idempotency_Key="k") for _ in range(2))

    assert (first.status, second.status) == (200, 200)
    assert team.event_types().count("invitation.link_copied") == 2
    code = first.body["link"].rpartition(".")[2]
    assert code not in str(world.items())
    assert not any("IDEM" in str(params) for _, params in wire.calls)
    assert copy(team, invitation, Idempotency_Key="no\tkey").status == 200
    assert copy(team, invitation, If_Match="malformed").status == 200  # nor is this: nothing of it changes


def test_it_dies_with_the_mailed_one_at_the_next_resend(team: Team, invitation: dict[str, Any], world: World) -> None:
    path, old = team.path("invitations", invitation["id"]), team.copied(invitation["id"])
    assert team.founder.post(f"{path}/resend").status == 200
    sam = world.person("Sam")

    for verb in ("accept", "decline"):
        refused = sam.post(f"{path}/{verb}", {"token": old})
        assert refused.refusal == (410, "link_replaced")
        assert refused.body["organization_name"] == "Acme"
    new = team.copied(invitation["id"])
    assert new != old
    assert sam.post(f"{path}/accept", {"token": new}).status == 200
    assert sam.post(f"{path}/accept", {"token": new}).refusal == (409, "already_member")


def test_it_works_no_longer_than_the_invitation(team: Team, invitation: dict[str, Any], world: World) -> None:
    reply = copy(team, invitation)
    token, path = reply.body["link"].partition("#")[2], team.path("invitations", invitation["id"])

    with world.at(datetime.fromisoformat(reply.body["expires_at"])):
        assert world.person("Sam").post(f"{path}/accept", {"token": token}).refusal == (410, "invitation_expired")
