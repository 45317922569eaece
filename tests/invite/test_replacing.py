"""Sending an invitation again with other roles, another message, another language."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.world import Caller, Reply, Team, World

MESSAGE = "Come along"
NO_ROLES: list[object] = [[], "viewer", [""], [None], [1], {}, [f"r{number}" for number in range(17)]]


@pytest.fixture
def invited(team: Team) -> str:
    """An invitation of Eve's as a viewer, with a message and a language."""
    return str(team.invite("eve@example.com", "viewer", message=MESSAGE, locale="de")["id"])


def resend(team: Team, invitation: str, body: object = None, *, by: Caller | None = None, **headers: str) -> Reply:
    return (by or team.founder).post(team.path("invitations", invitation, "resend"), body, **headers)


def shown(team: Team, invitation: str) -> dict[str, Any]:
    """What of an invitation can be replaced, as it is read."""
    body = team.founder.get(team.path("invitations", invitation)).body
    return {name: body[name] for name in ("roles", "message", "locale")}


def last_event(team: Team) -> dict[str, Any]:
    event: dict[str, Any] = team.founder.get(team.path("activity"), limit=1).body["items"][0]
    return event


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (None, {}),
        ({}, {}),
        ({"roles": None}, {}),
        ({"roles": ["admin", "admin"]}, {"roles": ["admin"]}),
        ({"message": " Do come! "}, {"message": "Do come!"}),
        ({"message": None}, {"message": None}),
        ({"message": " \n"}, {"message": None}),
        ({"locale": "PT-br"}, {"locale": "pt-BR"}),
        ({"locale": None}, {"locale": None}),
        (
            {"roles": ["issuer"], "message": "Hello", "locale": "fr"},
            {"roles": ["issuer"], "message": "Hello", "locale": "fr"},
        ),
    ],
    ids=repr,
)
def test_what_is_sent_along_replaces_what_it_had_and_all_else_stays(
    team: Team, invited: str, body: object, changed: dict[str, object]
) -> None:
    reply = resend(team, invited, body)

    expected = {"roles": ["viewer"], "message": MESSAGE, "locale": "de"} | changed
    assert reply.status == 200
    assert reply.body.items() >= expected.items()
    assert shown(team, invited) == expected


def test_who_accepts_gets_the_new_roles_and_no_longer_the_old_ones(team: Team, world: World, invited: str) -> None:
    path, eve = team.path("invitations", invited, "accept"), world.person("Eve")
    assert resend(team, invited, {"roles": ["issuer"], "locale": "fr"}).status == 200

    refused = eve.post(path, {"roles": ["viewer"]})
    assert (refused.refusal, refused.body["roles"]) == ((409, "conflict"), ["issuer"])
    assert eve.post(path, {"roles": ["issuer"]}).body["roles"] == ["issuer"]
    assert shown(team, invited) == {"roles": ["issuer"], "message": MESSAGE, "locale": "fr"}


def test_an_invitation_made_one_that_manages_people_is_for_the_address_alone(
    team: Team, world: World, invited: str
) -> None:
    assert resend(team, invited, {"roles": ["admin"]}).status == 200

    link = {"token": team.token(invited)}
    assert world.call("POST", "/invitations/preview", body=link).body["invited_address_only"] is True
    refused = world.person("Sam").post(team.path("invitations", invited, "accept"), link)
    assert refused.body["reason"] == "invited_address_only"


def test_the_log_tells_which_roles_became_which_and_nothing_where_they_stay(team: Team, invited: str) -> None:
    resend(team, invited, {"roles": ["admin"], "message": "Private words"})

    event = last_event(team)
    assert (event["type"], event["data"]) == ("invitation.resent", {"from": ["viewer"], "to": ["admin"]})
    assert event["sentence"] == "Ada sent the invitation of eve@example.com again, as Admin instead of Viewer."

    resend(team, invited, {"roles": ["admin"], "locale": "fr"})
    event = last_event(team)
    assert event["data"] == {}
    assert event["sentence"] == "Ada sent the invitation of eve@example.com again."


@pytest.mark.parametrize("roles", [["emperor"], ["viewer", "issuer"], ["viewer", "emperor"], ["owner", "viewer"]])
def test_roles_that_nobody_could_hold_are_refused_by_the_field(team: Team, invited: str, roles: list[str]) -> None:
    before = team.world.items()

    assert set(resend(team, invited, {"roles": roles}).fields) == {"roles"}
    assert team.world.items() == before


def test_it_takes_the_right_to_invite_to_the_roles_that_it_had_and_to_those_that_it_gets(
    team: Team, world: World, invited: str
) -> None:
    team.plan("enterprise")
    bea = team.join(world.person("Bea"), "admin")
    to_owner = team.invite("fay@example.com", "owner")["id"]
    before = world.items()

    for invitation, role in ((invited, "owner"), (to_owner, "viewer"), (to_owner, "owner")):
        refused = resend(team, invitation, {"roles": [role]}, by=bea)
        assert (refused.body["reason"], refused.body["role"]) == ("role_not_allowed", "owner")
    assert world.items() == before

    assert resend(team, to_owner, {"roles": ["viewer"]}).status == 200
    assert resend(team, to_owner, {"roles": ["admin"]}, by=bea).status == 200


def test_the_plan_must_have_room_for_the_new_roles_and_no_longer_for_the_old(team: Team) -> None:
    team.plan("professional")
    invitation = team.invite("fay@example.com", "owner")["id"]
    team.plan("free")
    assert resend(team, invitation).refusal == (409, "plan_limit")

    assert resend(team, invitation, {"roles": ["admin"]}).status == 200
    before = team.world.items()
    refused = resend(team, invitation, {"roles": ["owner"]})

    assert (refused.refusal, refused.body["limit"]) == ((409, "plan_limit"), "owners")
    assert team.world.items() == before


def test_several_roles_are_replaced_as_a_whole(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    invitation = team.invite("eve@example.com", "billing", "installer")["id"]

    assert resend(team, invitation, {"roles": ["validation", "installer"]}).body["roles"] == ["validation", "installer"]
    assert last_event(team)["data"] == {"from": ["billing", "installer"], "to": ["validation", "installer"]}
    assert resend(team, invitation, {"roles": ["installer", "validation"]}).status == 200
    assert last_event(team)["data"] == {}
    refused = resend(team, invitation, {"roles": ["owner"]})
    assert (refused.refusal[0], refused.body["reason"]) == (403, "transfer_only")


@pytest.fixture
def to_a_gone_role(team: Team) -> str:
    """An invitation to a role that is deleted since."""
    team.plan("enterprise")
    role = {"title": "Reader", "permissions": ["organization:read"]}
    gone = team.founder.post(team.path("roles"), role).body["id"]
    invitation = team.invite("eve@example.com", gone)["id"]
    assert team.founder.delete(team.path("roles", gone)).status == 204
    return str(invitation)


def test_an_invitation_to_a_role_that_is_gone_is_sent_again_with_another_one_only(
    team: Team, world: World, to_a_gone_role: str
) -> None:
    path = team.path("invitations", to_a_gone_role)
    (gone,) = team.founder.get(path).body["roles"]
    before = world.items()
    assert resend(team, to_a_gone_role).refusal == (409, "conflict")
    assert resend(team, to_a_gone_role, {"message": "Hello"}).refusal == (409, "conflict")
    assert resend(team, to_a_gone_role, {"roles": [gone]}).fields == ["roles"]
    assert world.items() == before

    again = resend(team, to_a_gone_role, {"roles": ["issuer"]})

    assert (again.body["status"], again.body["roles"]) == ("pending", ["issuer"])
    assert last_event(team)["sentence"] == (
        "Ada sent the invitation of eve@example.com again, as Issuer instead of a former role."
    )
    assert world.person("Eve").post(f"{path}/accept").body["roles"] == ["issuer"]


def test_where_the_role_is_gone_whoever_may_invite_to_some_other_can_resend(
    team: Team, world: World, to_a_gone_role: str
) -> None:
    path = team.path("invitations", to_a_gone_role)
    bea = team.join(world.person("Bea"), "admin")

    for person in (team.founder, bea):
        (listed,) = person.get(team.path("invitations")).body["items"]
        assert listed["can"]["resend"] is person.get(path).body["can"]["resend"] is True
    assert Caller(world, bea.claims | {"email_verified": "false"}).get(path).body["can"]["resend"] is False
    assert resend(team, to_a_gone_role, {"roles": ["viewer"]}, by=bea).status == 200


def test_where_no_other_role_has_room_either_nobody_can_resend(deploy: Callable[[str], World]) -> None:
    world = deploy("certificates")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    role = team.founder.post(team.path("roles"), {"title": "Reader", "permissions": ["organization:read"]}).body["id"]
    invitation = team.invite("eve@example.com", role)["id"]
    assert team.founder.delete(team.path("roles", role)).status == 204
    path = team.path("invitations", invitation)
    assert team.founder.get(path).body["can"]["resend"] is True

    team.plan("free")

    assert team.founder.get(path).body["can"]["resend"] is False
    assert resend(team, invitation, {"roles": ["user"]}).refusal == (409, "plan_limit")


def test_a_replacement_goes_by_the_etag_as_any_resending_does(team: Team, invited: str) -> None:
    stale = team.founder.get(team.path("invitations", invited)).headers["etag"]
    fresh = resend(team, invited, {"roles": ["issuer"]}, If_Match=stale).headers["etag"]

    assert resend(team, invited, {"roles": ["admin"]}, If_Match=stale).refusal == (412, "precondition_failed")
    assert resend(team, invited, {"message": "Hello"}, If_Match=fresh).status == 200


def test_a_replacement_counts_against_the_days_share_as_any_sending_does(team: Team, invited: str) -> None:
    for role in ("admin", "issuer", "viewer", "admin"):
        assert resend(team, invited, {"roles": [role]}).status == 200

    refused = resend(team, invited, {"roles": ["issuer"]})

    assert (refused.refusal, refused.body["limit"]) == ((429, "too_many_requests"), "invitations_per_address")
    assert shown(team, invited)["roles"] == ["admin"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *(("roles", roles) for roles in NO_ROLES),
        *(("message", message) for message in ("www.example.com", "x" * 501, 1, ["x"], "\u202e", "\u200b")),
        *(("email", "zoe@example.com"), ("status", "pending"), ("expires_at", "2030-01-01T00:00:00Z")),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_cannot_replace_anything_is_refused_by_the_field(
    team: Team, invited: str, field: str, wrong: object
) -> None:
    before = team.world.items()

    assert set(resend(team, invited, {field: wrong}).fields) == {field}
    assert team.world.items() == before
