"""The order of judging: each request below has at least two faults, and the first that counts is told."""

import pytest

from tests.world import Caller, Reply, Team, World

STALE = '"stale"'
UNKNOWN = "no-such-thing"


def told(reply: Reply) -> str:
    """A refusal in a word: its code, and its reason if it has one."""
    return reply.body.get("reason") or reply.refusal[1]


@pytest.fixture
def cast(team: Team, world: World) -> dict[str, Caller]:
    """Ada and Olga own, Bea is an admin, Vic a viewer; Sam is a stranger."""
    team.plan("professional")
    return {
        "owner": team.founder,
        "other owner": team.join(world.person("Olga"), "owner"),
        "admin": team.join(world.person("Bea"), "admin"),
        "viewer": team.join(world.person("Vic"), "viewer"),
        "stranger": world.person("Sam"),
    }


def unverified(caller: Caller) -> Caller:
    return Caller(caller.world, caller.claims | {"email_verified": "false"})


def test_sending(team: Team, cast: dict[str, Caller]) -> None:
    owner, admin = cast["owner"], cast["admin"]

    def send(by: Caller, email: str, *roles: str) -> str:
        return told(by.post(team.path("invitations"), {"email": email, "roles": list(roles)}))

    eve = team.path("invitations", team.invite("eve@example.com", "viewer")["id"])
    for _ in range(4):
        assert owner.post(f"{eve}/resend").status == 200

    assert send(cast["stranger"], "eve") == "invalid_request"
    assert send(unverified(cast["stranger"]), "eve@example.com", "emperor") == "not_found"
    assert send(unverified(cast["viewer"]), "eve@example.com", "emperor") == "permission_missing"
    assert send(unverified(admin), "eve@example.com", "emperor") == "email_not_verified"
    assert send(admin, "eve@example.com", "owner", "emperor") == "invalid_request"
    assert send(admin, "ada@example.com", "owner") == "role_not_allowed"
    assert send(admin, "eve@example.com", "owner") == "role_not_allowed"
    assert send(owner, "ada@example.com", "owner") == "already_member"
    assert send(owner, "eve@example.com", "owner") == "already_invited"
    assert owner.delete(eve).status == 204
    assert send(owner, "eve@example.com", "owner") == "plan_limit"
    assert send(owner, "eve@example.com", "viewer") == "too_many_requests"


def test_resending(team: Team, world: World, cast: dict[str, Caller]) -> None:
    owner, admin = cast["owner"], cast["admin"]
    team.plan("enterprise")
    eve, fay = (team.invite(f"{name}@example.com", "owner")["id"] for name in ("eve", "fay"))
    gus = team.invite("gus@example.com", "viewer")["id"]
    for _ in range(4):
        assert owner.post(team.path("invitations", eve, "resend")).status == 200
    assert world.person("Fay").post(team.path("invitations", fay, "decline")).status == 204
    team.plan("professional")

    def resend(by: Caller, invitation_id: str, body: object = None, **headers: str) -> str:
        return told(by.post(team.path("invitations", invitation_id, "resend"), body, **headers))

    assert resend(cast["stranger"], UNKNOWN, {"roles": []}) == "invalid_request"
    assert resend(cast["stranger"], UNKNOWN, {"roles": ["viewer"]}, If_Match="malformed") == "invalid_request"
    assert resend(unverified(cast["stranger"]), eve, If_Match=STALE) == "not_found"
    assert resend(unverified(cast["viewer"]), UNKNOWN, If_Match=STALE) == "permission_missing"
    assert resend(admin, UNKNOWN, If_Match=STALE) == "not_found"
    assert resend(unverified(admin), fay, If_Match=STALE) == "email_not_verified"
    assert resend(admin, UNKNOWN, {"roles": ["emperor"]}) == "not_found"
    assert resend(admin, fay, {"roles": ["emperor"]}, If_Match=STALE) == "invalid_request"
    assert resend(admin, fay, {"roles": ["viewer"]}, If_Match=STALE) == "role_not_allowed"
    assert resend(admin, gus, {"roles": ["owner"]}, If_Match=STALE) == "role_not_allowed"
    assert resend(admin, fay, If_Match=STALE) == "role_not_allowed"
    assert resend(owner, fay, If_Match=STALE) == "precondition_failed"
    assert resend(owner, fay) == "not_pending"
    assert resend(owner, eve, If_Match=STALE) == "precondition_failed"
    assert resend(owner, gus, {"roles": ["owner"]}, If_Match=STALE) == "precondition_failed"
    assert resend(owner, gus, {"roles": ["owner"]}) == "plan_limit"
    assert resend(owner, eve) == "plan_limit"
    assert resend(owner, eve, {"roles": ["viewer"]}) == "too_many_requests"
    team.plan("enterprise")
    assert resend(owner, eve) == "too_many_requests"


def test_cancelling(team: Team, cast: dict[str, Caller]) -> None:
    eve = team.invite("eve@example.com", "viewer")["id"]
    assert team.founder.delete(team.path("invitations", eve)).status == 204

    def cancel(by: Caller, invitation_id: str, **headers: str) -> str:
        return told(by.delete(team.path("invitations", invitation_id), **headers))

    assert cancel(cast["stranger"], UNKNOWN, If_Match="malformed") == "invalid_request"
    assert cancel(cast["stranger"], eve, If_Match=STALE) == "not_found"
    assert cancel(cast["viewer"], UNKNOWN, If_Match=STALE) == "permission_missing"
    assert cancel(cast["admin"], UNKNOWN, If_Match=STALE) == "not_found"
    assert cancel(cast["admin"], eve, If_Match=STALE) == "precondition_failed"
    assert cancel(cast["admin"], eve) == "not_pending"


def test_accepting(team: Team, world: World, cast: dict[str, Caller]) -> None:
    team.plan("enterprise")
    invitation_id = team.invite("eve@example.com", "owner")["id"]
    team.plan("professional")
    link = {"token": team.token(invitation_id)}

    def accept(by: Caller, body: object = None, where: str = invitation_id) -> str:
        return told(by.post(team.path("invitations", where, "accept"), body))

    eve = world.person("Eve")
    assert accept(cast["stranger"], {"token": 7}, UNKNOWN) == "invalid_request"
    assert accept(cast["viewer"], link) == "already_member"
    assert accept(cast["stranger"], link) == "invited_address_only"
    assert accept(unverified(eve), link) == "email_not_verified"
    with world.later(days=7):
        assert accept(eve) == "invitation_expired"
    assert accept(eve) == "plan_limit"


def test_changing_roles(team: Team, cast: dict[str, Caller]) -> None:
    owner, olga, bea = cast["owner"], cast["other owner"], cast["admin"]

    def change(by: Caller, user_id: str, *roles: str, **headers: str) -> str:
        return told(by.put(team.path("members", user_id, "roles"), {"roles": list(roles)}, **headers))

    assert change(cast["stranger"], UNKNOWN, If_Match="malformed") == "invalid_request"
    assert change(cast["stranger"], bea.id, "emperor", If_Match=STALE) == "not_found"
    assert change(bea, UNKNOWN, "emperor", If_Match=STALE) == "permission_missing"
    assert change(owner, UNKNOWN, "emperor", If_Match=STALE) == "not_found"
    assert change(owner, olga.id, "emperor", If_Match=STALE) == "invalid_request"
    assert change(owner, olga.id, "viewer", If_Match=STALE) == "role_protected"
    assert change(owner, bea.id, "owner", If_Match=STALE) == "precondition_failed"
    assert change(owner, bea.id, "owner") == "plan_limit"
    assert olga.post(team.path("leave")).status == 204
    assert change(owner, "me", "viewer", If_Match=STALE) == "precondition_failed"
    assert change(owner, "me", "viewer") == "last_owner"


def test_what_is_nothing_to_do_is_judged_right_after_the_permission(team: Team, cast: dict[str, Caller]) -> None:
    def change(by: Caller, user_id: str, role: str) -> int:
        return by.put(team.path("members", user_id, "roles"), {"roles": [role]}, If_Match=STALE).status

    olga, vic = cast["other owner"], cast["viewer"]
    before = team.world.items()

    assert change(team.founder, olga.id, "owner") == 200  # nobody changes another owner, and the tag is stale
    assert change(team.founder, vic.id, "viewer") == 200
    assert change(vic, vic.id, "viewer") == 403
    assert team.world.items() == before


def test_removing(team: Team, cast: dict[str, Caller]) -> None:
    owner, olga, bea = cast["owner"], cast["other owner"], cast["admin"]

    def remove(by: Caller, user_id: str, **headers: str) -> str:
        return told(by.delete(team.path("members", user_id), **headers))

    assert remove(cast["stranger"], UNKNOWN, If_Match="malformed") == "invalid_request"
    assert remove(cast["stranger"], bea.id, If_Match=STALE) == "not_found"
    assert remove(cast["viewer"], UNKNOWN, If_Match=STALE) == "permission_missing"
    assert remove(owner, UNKNOWN, If_Match=STALE) == "not_found"
    assert remove(owner, olga.id, If_Match=STALE) == "role_protected"
    assert remove(bea, bea.id, If_Match=STALE) == "self"
    assert remove(owner, bea.id, If_Match=STALE) == "precondition_failed"
    assert olga.post(team.path("leave")).status == 204
    assert remove(owner, "me", If_Match=STALE) == "self"
