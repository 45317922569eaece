"""Sending an invitation: who may, to which roles, and what comes of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.world import Caller, Team, World

PLANS = {"credentials": "professional", "teams": "standard", "certificates": "basic"}  # with room for an owner more
# Pack, who invites; then each role that is tried, with the reason of the refusal, or none.
MATRIX = [
    ("credentials", "owner", {"owner": "", "admin": "", "issuer": "", "viewer": ""}),
    ("credentials", "admin", {"owner": "role_not_allowed", "admin": "", "issuer": "", "viewer": ""}),
    ("teams", "owner", {"owner": "transfer_only", "account_admin": "", "billing validation": ""}),
    ("teams", "account_admin", {"owner": "transfer_only", "account_admin": "", "billing installer": ""}),
    ("certificates", "admin", {"admin": "", "manager": "", "user": ""}),
]
# Roles that invite nobody, not even to the least role.
NOBODY = [
    ("credentials", "issuer viewer", "viewer"),
    ("teams", "billing validation installer", "installer"),
    ("certificates", "manager user", "user"),
]
FOUNDERS = {"credentials": "owner", "teams": "owner", "certificates": "admin"}


def founded(world: World) -> Team:
    team = Team.found(world, world.person("Ada"))
    team.plan(PLANS[world.pack])
    return team


@pytest.mark.parametrize(("pack", "role", "tried"), MATRIX)
def test_who_may_invite_to_which_role(
    pack: str, role: str, tried: dict[str, str], deploy: Callable[[str], World]
) -> None:
    world = deploy(pack)
    team = founded(world)
    actor = team.founder if role == FOUNDERS[pack] else team.join(world.person("Bea"), role)
    before = len(team.event_types())

    for number, (roles, reason) in enumerate(tried.items()):
        wanted = {"email": f"new{number}@example.com", "roles": roles.split()}
        reply = actor.post(team.path("invitations"), wanted)

        if reason:
            assert reply.refusal == (403, "forbidden")
            assert (reply.body["reason"], reply.body["role"]) == (reason, "owner")
        else:
            assert reply.status == 201
    assert team.event_types()[before:] == ["invitation.sent"] * [*tried.values()].count("")


@pytest.mark.parametrize(("pack", "roles", "tried"), NOBODY)
def test_who_may_invite_nobody(pack: str, roles: str, tried: str, deploy: Callable[[str], World]) -> None:
    world = deploy(pack)
    team = founded(world)

    for role in roles.split():
        actor = team.join(world.person(role), role)
        reply = actor.post(team.path("invitations"), {"email": "eve@example.com", "roles": [tried]})

        assert reply.refusal == (403, "forbidden")
        assert (reply.body["reason"], reply.body["permission"]) == ("permission_missing", "invitations:manage")


def test_an_invitation_shows_all_that_was_asked(team: Team) -> None:
    wanted = {"email": "eve@example.com", "roles": ["viewer"], "message": " Come along,\nEve! ", "locale": "PT-br"}
    reply = team.founder.post(team.path("invitations"), wanted)
    body = reply.body

    assert reply.status == 201
    assert body == {
        "id": body["id"],
        "organization_id": team.id,
        "email": "eve@example.com",
        "roles": ["viewer"],
        "message": "Come along,\nEve!",
        "locale": "pt-BR",
        "status": "pending",
        "invited_by": {"user_id": team.founder.id, "name": "Ada", "email": "ada@example.com"},
        "sent_at": body["sent_at"],
        "expires_at": body["expires_at"],
        "sends": 1,
        "delivery": "queued",
        "can": {"resend": True, "cancel": True, "copy_link": True},
    }
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", body["id"])
    assert all(re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", body[name]) for name in ("sent_at", "expires_at"))
    address = team.path("invitations", body["id"])
    assert reply.headers["location"] == f"https://api.example.com{address}"
    again = team.founder.get(address)
    assert (again.status, again.body, again.headers["etag"]) == (200, body, reply.headers["etag"])


def test_sending_leaves_one_event_that_names_the_invitation_and_its_roles(team: Team) -> None:
    invitation = team.invite("eve@example.com", "viewer")

    event = team.world.events(team.id)[-1]
    assert (event.type, event.actor_type, event.actor_id) == ("invitation.sent", "user", team.founder.id)
    assert (event.target_type, event.target_id) == ("invitation", invitation["id"])
    assert event.data == {"roles": ["viewer"]}


def test_without_a_message_there_is_none(team: Team) -> None:
    assert team.invite("eve@example.com", "viewer")["message"] is None
    assert team.invite("fay@example.com", "viewer", message=None)["message"] is None


@pytest.mark.parametrize(
    ("pack", "role", "days"), [("credentials", "viewer", 7), ("teams", "billing", 3), ("certificates", "user", 7)]
)
def test_an_invitation_lives_as_long_as_the_pack_says(
    pack: str, role: str, days: int, deploy: Callable[[str], World]
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    if pack == "certificates":
        team.plan("basic")

    invitation = team.invite("eve@example.com", role)

    sent, expires = (datetime.fromisoformat(invitation[name]) for name in ("sent_at", "expires_at"))
    assert expires - sent == timedelta(days=days)


def test_a_message_has_up_to_500_characters_and_line_breaks(team: Team) -> None:
    for number, message in enumerate(("x" * 500, f"  {'x' * 500}\n", "two\nlines\r\nand three", "naïve 日本語 🎉")):
        invitation = team.invite(f"new{number}@example.com", "viewer", message=message)

        assert invitation["message"] == message.strip()


def test_a_message_has_no_link_and_no_control_character(team: Team) -> None:
    links = ["see https://example.com", "see WWW.example.com", "see tel://1"]
    controls = [f"one{control}two" for control in "\a\t\0\x7f\x85\u2028\u2029"]

    for message in ("x" * 501, *links, *controls, 7, ["hello"], {}):
        reply = team.founder.post(
            team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"], "message": message}
        )

        assert set(reply.fields) == {"message"}


@pytest.mark.parametrize(
    ("pack", "asked", "found"),
    [
        ("credentials", "viewer", "viewer"),
        ("credentials", "viewer viewer viewer", "viewer"),
        ("teams", "installer billing installer", "billing installer"),
        ("teams", "account_admin validation billing", "account_admin billing validation"),
        ("certificates", "user", "user"),
    ],
)
def test_roles_are_shown_each_once_in_the_order_of_the_pack(
    pack: str, asked: str, found: str, deploy: Callable[[str], World]
) -> None:
    team = founded(deploy(pack))

    assert team.invite("eve@example.com", *asked.split())["roles"] == found.split()


@pytest.mark.parametrize(
    ("pack", "refused"),
    [
        ("credentials", [["viewer", "issuer"], ["owner", "viewer"], ["billing"]]),
        ("credentials", [[], [""], "viewer", [None], None, 7, ["viewer", 7], {"viewer": True}]),
        ("teams", [["owner", "billing"], ["billing", "viewer"]]),
        ("certificates", [["user", "manager"], ["owner"]]),
    ],
)
def test_roles_that_nobody_could_hold_here_are_refused(
    pack: str, refused: list[object], deploy: Callable[[str], World]
) -> None:
    team = founded(deploy(pack))

    for roles in refused:
        reply = team.founder.post(team.path("invitations"), {"email": "eve@example.com", "roles": roles})

        assert set(reply.fields) == {"roles"}


def test_all_that_is_wrong_is_named(team: Team) -> None:
    wrong = {"email": "eve", "roles": [], "message": "www.", "expires_at": "never"}
    unknown = {"email": "eve@example.com", "roles": ["emperor", "pope"]}

    assert sorted(team.founder.post(team.path("invitations"), wrong).fields) == sorted(wrong)
    assert sorted(team.founder.post(team.path("invitations"), {}).fields) == ["email", "roles"]
    told = " ".join(error["message"] for error in team.founder.post(team.path("invitations"), unknown).body["errors"])
    assert "emperor" in told
    assert "pope" in told


def test_who_invites_must_have_a_verified_address_themselves(team: Team, world: World) -> None:
    for claims in ({"email_verified": False}, {"email_verified": "yes"}, {"email": "not an address"}):
        ada = Caller(world, team.founder.claims | claims)

        reply = ada.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["viewer"]})

        assert reply.refusal == (403, "email_not_verified")


def test_an_address_that_a_member_joined_by_is_a_member_already(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    eve = team.invite("eve@example.com", "viewer")  # which Sam answers, who got hold of Eve's mail
    sam = world.person("Sam")
    link = {"token": team.token(eve["id"])}
    assert sam.post(team.path("invitations", eve["id"], "accept"), link).status == 200

    for address, member in ((team.founder.email, team.founder), (bob.email, bob), ("eve@example.com", sam)):
        reply = team.founder.post(team.path("invitations"), {"email": address, "roles": ["viewer"]})
        assert reply.refusal == (409, "already_member")
        assert reply.body["user_id"] == member.id


def test_after_leaving_or_being_removed_an_address_can_be_invited_again(team: Team, world: World) -> None:
    for leaves in (
        lambda bob: bob.post(team.path("leave")),
        lambda bob: team.founder.delete(team.path("members", bob.id)),
    ):
        bob = team.join(world.person("Bob"), "viewer")
        assert leaves(bob).status == 204
    assert team.join(world.person("Bob"), "admin").id


def test_a_founder_who_left_can_be_invited_again(team: Team, world: World) -> None:
    team.plan("professional")
    bob = team.join(world.person("Bob"), "owner")
    assert team.founder.post(team.path("leave")).status == 204

    invitation = team.invite("ada@example.com", "viewer", by=bob)

    assert team.founder.post(team.path("invitations", invitation["id"], "accept")).status == 200


def test_an_address_has_one_live_invitation_in_an_organization(team: Team, world: World) -> None:
    other = Team.found(world, team.founder, "Other")
    first = team.invite("eve@example.com", "viewer")

    again = team.founder.post(team.path("invitations"), {"email": "eve@example.com", "roles": ["admin"]})

    assert again.refusal == (409, "already_invited")
    assert team.founder.get(team.path("invitations", first["id"])).body == first
    assert other.invite("eve@example.com", "viewer")["id"] != first["id"]


@pytest.mark.parametrize("death", ["declined", "canceled", "expired", "void"])
def test_inviting_anew_replaces_a_dead_invitation_under_the_same_id(death: str, team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    first = team.invite("eve@example.com", "viewer", by=bea, message="First")
    address = team.path("invitations", first["id"])
    assert bea.post(f"{address}/resend").status == 200
    old = bea.get(address)
    match death:
        case "declined":
            assert world.person("Eve").post(f"{address}/decline").status == 204
        case "canceled":
            assert team.founder.delete(address).status == 204
        case "void":
            assert bea.post(team.path("leave")).status == 204

    with world.later(days=7 if death == "expired" else 0):
        assert team.founder.get(address).body["status"] == death
        second = team.invite("eve@example.com", "issuer")

        now = team.founder.get(address)
        assert second["id"] == first["id"]
        assert now.headers["etag"] != old.headers["etag"]
        assert now.body == second
        told = {name: second[name] for name in ("status", "roles", "message", "sends", "delivery")}
        assert told == {"status": "pending", "roles": ["issuer"], "message": None, "sends": 1, "delivery": "queued"}
        assert second["invited_by"]["user_id"] == team.founder.id
        accepted = world.person("Eve").post(f"{address}/accept")
        assert accepted.body["roles"] == ["issuer"]
        assert accepted.body["invited_by"]["user_id"] == team.founder.id


def test_who_was_demoted_or_removed_is_refused_at_the_first_request(team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    wanted = {"email": "eve@example.com", "roles": ["viewer"]}

    assert team.founder.put(team.path("members", bea.id, "roles"), {"roles": ["issuer"]}).status == 200
    assert bea.post(team.path("invitations"), wanted).refusal == (403, "forbidden")
    assert team.founder.delete(team.path("members", bea.id)).status == 204
    assert bea.post(team.path("invitations"), wanted).refusal == (404, "not_found")
