"""Accepting, declining and previewing: what comes of each."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.world import Caller, Team, World


def test_who_accepts_is_a_member_as_the_stored_invitation_says(team: Team, world: World) -> None:
    invitation = team.invite("eve@example.com", "issuer")
    eve = world.person("Eve")

    reply = eve.post(team.path("invitations", invitation["id"], "accept"))

    assert reply.status == 200
    assert reply.body == {
        "user_id": eve.id,
        "email": "eve@example.com",
        "name": "Eve",
        "roles": ["issuer"],
        "joined_at": reply.body["joined_at"],
        "last_signed_in_at": None,
        "invited_by": {"user_id": team.founder.id, "name": "Ada", "email": "ada@example.com"},
        "can": {
            "remove": False,
            "change_roles": False,
            "leave": True,
            "receive_ownership": False,
            "assignable_roles": [],
        },
    }
    read = eve.get(team.path("members", "me"))
    assert read.headers["etag"] == reply.headers["etag"]
    assert reply.body.items() <= read.body.items()
    assert (team.organization()["member_count"], team.organization()["owner_count"]) == (2, 1)
    assert [one["organization"]["id"] for one in eve.get("/me/organizations").body["items"]] == [team.id]
    event = world.events(team.id)[-1]
    assert (event.type, event.actor_id, event.data) == ("invitation.accepted", eve.id, {"roles": ["issuer"]})
    assert (event.target_type, event.target_id) == ("invitation", invitation["id"])


@pytest.mark.parametrize(
    ("pack", "plan", "roles"),
    [
        ("credentials", "professional", "owner"),
        ("credentials", "free", "admin"),
        ("teams", "standard", "account_admin billing"),
        ("teams", "standard", "validation installer"),
        ("certificates", "basic", "admin"),
        ("certificates", "basic", "manager"),
    ],
)
def test_the_roles_are_those_invited_to_and_owners_are_counted(
    pack: str, plan: str, roles: str, deploy: Callable[[str], World]
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan(plan)

    eve = team.join(world.person("Eve"), *roles.split())

    assert team.member(eve)["roles"] == roles.split()
    assert team.organization()["member_count"] == 2
    owns = (pack, roles) in {("credentials", "owner"), ("certificates", "admin")}
    assert team.organization()["owner_count"] == 1 + owns


def test_a_body_says_nothing_but_the_token_and_what_was_shown(team: Team, world: World) -> None:
    address = team.path("invitations", team.invite("eve@example.com", "viewer")["id"], "accept")
    eve = world.person("Eve")

    assert eve.post(address, {"user_id": "x", "email": "x@example.com"}).fields == ["user_id", "email"]
    assert eve.post(address, {"token": 7, "roles": "viewer"}).fields == ["token", "roles"]
    assert eve.post(address, {"roles": []}).fields == ["roles"]
    assert eve.post(address, {"token": None}).status == 200


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"email": "sam@example.com"}, "sam@example.com"),
        ({"email": "sam@example.com", "email_verified": False}, "eve@example.com"),
        ({"email": None}, "eve@example.com"),
    ],
)
def test_a_members_address_is_the_verified_one_of_their_token_else_where_the_invitation_went(
    claims: dict[str, Any], email: str, team: Team, world: World
) -> None:
    invitation = team.invite("eve@example.com", "viewer")
    sam = world.person("Sam", **claims)
    link = {"token": team.token(invitation["id"])}

    joined = sam.post(team.path("invitations", invitation["id"], "accept"), link)

    assert (joined.status, joined.body["email"], joined.body["name"]) == (200, email, "Sam")
    assert team.member(sam)["email"] == email


def test_accepting_keeps_name_and_verified_address_and_what_a_token_lacks_stays_kept(team: Team, world: World) -> None:
    other = Team.found(world, team.founder, "Other")
    eve = team.join(world.person("Eve"), "viewer")
    address = other.path("invitations", other.invite(eve.email, "viewer")["id"], "accept")
    nameless = Caller(world, {name: claim for name, claim in eve.claims.items() if name != "name"})

    assert nameless.post(address).body["name"] == "Eve"
    third = Team.found(world, team.founder, "Third")
    renamed = Caller(world, eve.claims | {"name": "Eve Adams"})
    assert renamed.post(third.path("invitations", third.invite(eve.email, "viewer")["id"], "accept")).status == 200
    assert team.member(eve)["name"] == "Eve Adams"


def test_who_declined_is_no_member_and_the_inviter_sees_it(team: Team, world: World) -> None:
    invitation = team.invite("eve@example.com", "viewer")
    address = team.path("invitations", invitation["id"])
    eve = world.person("Eve")

    reply = eve.post(f"{address}/decline")

    assert (reply.status, reply.text) == (204, "")
    assert eve.get(team.path()).refusal == (404, "not_found")
    assert team.organization()["member_count"] == 1
    read = team.founder.get(address).body
    assert read == invitation | {"status": "declined", "can": {"resend": False, "cancel": False, "copy_link": False}}
    event = world.events(team.id)[-1]
    assert (event.type, event.actor_id, event.target_id) == ("invitation.declined", eve.id, invitation["id"])
    assert eve.post(f"{address}/accept").refusal == (409, "not_pending")


def test_a_preview_shows_what_accepting_would_mean_and_changes_nothing(team: Team, world: World) -> None:
    invitation = team.invite("eve@example.com", "viewer", message="Welcome!")
    before = world.items()

    reply = world.call("POST", "/invitations/preview", body={"token": team.token(invitation["id"])})

    assert reply.status == 200
    assert reply.body == {
        "organization_id": team.id,
        "invitation_id": invitation["id"],
        "organization_name": "Acme",
        "invited_by": {"user_id": team.founder.id, "name": "Ada", "email": "ada@example.com"},
        "roles": ["viewer"],
        "role_titles": ["Viewer"],
        "email": "eve@example.com",
        "invited_address_only": False,
        "message": "Welcome!",
        "expires_at": invitation["expires_at"],
    }
    assert world.items() == before


def test_a_preview_needs_a_token(world: World) -> None:
    for body in (None, {}, {"token": None}, {"token": 7}):
        assert world.call("POST", "/invitations/preview", body=body).fields == ["token"]


def test_a_link_serves_once(team: Team, world: World) -> None:
    invitation = team.invite("eve@example.com", "viewer")
    address, link = team.path("invitations", invitation["id"]), {"token": team.token(invitation["id"])}
    assert world.person("Sam").post(f"{address}/accept", link).status == 200

    refused = world.person("Max").post(f"{address}/accept", link)

    assert (refused.refusal, refused.body["invitation_status"]) == ((409, "not_pending"), "accepted")
    assert team.organization()["member_count"] == 2


def test_who_was_removed_joins_again_by_a_new_invitation_only(team: Team, world: World) -> None:
    invitation = team.invite("eve@example.com", "viewer")
    address, link = team.path("invitations", invitation["id"], "accept"), {"token": team.token(invitation["id"])}
    eve = world.person("Eve")
    assert eve.post(address, link).status == 200
    first = team.member(eve)
    assert team.founder.delete(team.path("members", eve.id)).status == 204

    assert eve.post(address).refusal == (404, "not_found")
    assert eve.post(address, link).refusal == (404, "not_found")
    team.invite("eve@example.com", "issuer")
    assert eve.post(address, link).status == 200  # the verified address: a wrong token does not hurt
    assert team.member(eve)["roles"] != first["roles"]
    assert team.organization()["member_count"] == 2


def test_who_accepts_says_to_which_roles_and_joins_to_no_others(team: Team, world: World) -> None:
    eve = world.person("Eve")
    invitation = team.invite(eve.email, "viewer")
    brought = {"token": team.token(invitation["id"]), "roles": ["viewer"]}
    address = team.path("invitations", invitation["id"])
    team.founder.delete(address)
    assert team.invite(eve.email, "issuer")["id"] == invitation["id"]
    before = world.items()

    refused = eve.post(f"{address}/accept", brought)
    assert refused.refusal == (409, "conflict")
    assert refused.body["roles"] == ["issuer"]
    assert world.items() == before
    for others in (["issuer", "viewer"], ["king"]):
        assert eve.post(f"{address}/accept", {"roles": others}).body["roles"] == ["issuer"]

    assert eve.post(f"{address}/accept", {"roles": refused.body["roles"]}).body["roles"] == ["issuer"]


def test_the_roles_that_were_shown_may_be_named_in_any_order(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    eve = world.person("Eve")
    address = team.path("invitations", team.invite(eve.email, "billing", "installer")["id"])

    refused = eve.post(f"{address}/accept", {"roles": ["billing"]})
    assert (refused.refusal, refused.body["roles"]) == ((409, "conflict"), ["billing", "installer"])
    reply = eve.post(f"{address}/accept", {"roles": ["installer", "billing", "installer"]})
    assert (reply.status, reply.body["roles"]) == (200, ["billing", "installer"])


def test_other_roles_are_told_before_a_plan_that_has_no_room(team: Team, world: World) -> None:
    team.plan("professional")
    eve = world.person("Eve")
    invitation = team.invite(eve.email, "owner")
    team.plan("free")
    address = team.path("invitations", invitation["id"], "accept")
    token = team.token(invitation["id"])

    refused = eve.post(address, {"token": token, "roles": ["viewer"]})
    assert refused.refusal == (409, "conflict")
    told = {"organization_id": team.id, "organization_name": "Acme", "roles": ["owner"]}
    assert told.items() <= refused.body.items()
    assert eve.post(address, {"token": token, "roles": ["owner"]}).refusal == (409, "plan_limit")


def test_declining_asks_for_no_roles(team: Team, world: World) -> None:
    address = team.path("invitations", team.invite("eve@example.com", "viewer")["id"], "decline")

    assert world.person("Eve").post(address, {"roles": ["viewer"]}).fields == ["roles"]


@pytest.mark.parametrize("pack", ["credentials", "teams", "certificates"])
def test_a_preview_tells_whether_the_link_is_enough_to_accept(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    titles = {role["id"]: role["title"] for role in team.founder.get(team.path("roles")).body["items"]}
    me = team.founder.get(team.path("members", "me")).body

    for role in me["invitable_roles"]:
        invitation = team.invite(f"{role}@example.com", role)
        brought = {"token": team.token(invitation["id"])}
        shown = world.call("POST", "/invitations/preview", body=brought).body
        assert (shown["role_titles"], shown["message"]) == ([titles[role]], None)
        reply = world.person("Eve").post(team.path("invitations", invitation["id"], "accept"), brought)
        assert (reply.status == 200) is not shown["invited_address_only"]
        if shown["invited_address_only"]:
            assert reply.body["reason"] == "invited_address_only"
