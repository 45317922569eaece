"""What a refusal tells a person to do about an invitation that is not open: each who asks, by what became of it."""

import pytest

from tests.invite.test_answers import Scene
from tests.world import Caller, Team, World

ORIGIN = {"organization_id", "organization_name", "invited_by"}

# What became of it: the sentence to who was invited, and that to who manages invitations.
SENTENCES = {
    "accepted": (
        "This invitation has been accepted. Sign in with the account that accepted it.",
        "The invited person has accepted and is a member. Change their roles, or remove them.",
    ),
    "declined": (
        "This invitation has been declined. Ask the person who invited you for a new one.",
        "The invited person has declined. To ask them again, send a new invitation.",
    ),
    "canceled": (
        "This invitation has been canceled. Ask the person who invited you for a new one.",
        "This invitation has been canceled. Send a new one instead.",
    ),
}


@pytest.fixture(params=SENTENCES)
def ended(request: pytest.FixtureRequest, team: Team, world: World) -> tuple[str, str, str]:
    """What became of an invitation, where it stands, and its link."""
    state = str(request.param)
    eve, invitation_id = world.person("Eve"), team.invite("eve@example.com", "viewer")["id"]
    path, token = team.path("invitations", invitation_id), team.token(invitation_id)
    match state:
        case "accepted":
            assert eve.post(f"{path}/accept").status == 200
        case "declined":
            assert eve.post(f"{path}/decline").status == 204
        case _:
            assert team.founder.delete(path).status == 204
    return state, path, token


def test_who_was_invited_is_told_what_became_of_it_and_what_they_can_do(
    ended: tuple[str, str, str], world: World
) -> None:
    state, path, token = ended
    link, sam = {"token": token}, world.person("Sam")

    replies = [
        world.call("POST", "/invitations/preview", body=link),
        *(sam.post(f"{path}/{answer}", link) for answer in ("accept", "decline")),
    ]

    for reply in replies:
        assert reply.refusal == (409, "not_pending")
        assert (reply.body["invitation_status"], reply.body["detail"]) == (state, SENTENCES[state][0])


def test_who_manages_invitations_is_told_what_they_can_do_instead(ended: tuple[str, str, str], team: Team) -> None:
    state, path, _ = ended

    for reply in (team.founder.delete(path), team.founder.post(f"{path}/resend")):
        assert reply.refusal == (409, "not_pending")
        assert (reply.body["invitation_status"], reply.body["detail"]) == (state, SENTENCES[state][1])


def test_who_is_a_member_already_is_told_of_themselves_and_not_of_somebody(team: Team, world: World) -> None:
    eve: Caller = team.join(world.person("Eve"), "viewer")
    invitation_id = team.invite("eve.two@example.com", "viewer")["id"]
    path, link = team.path("invitations", invitation_id), {"token": team.token(invitation_id)}

    for answer in ("accept", "decline"):
        reply = eve.post(f"{path}/{answer}", link)

        assert reply.refusal == (409, "already_member")
        assert reply.body["detail"] == "You are a member already. To join with another account, sign in with that one."


@pytest.mark.parametrize("operation", ["preview", "accept", "decline"])
@pytest.mark.parametrize("state", ["accepted", "declined", "canceled", "expired", "void", "late-void"])
def test_who_brings_a_link_that_is_right_is_told_where_it_is_from(world: World, state: str, operation: str) -> None:
    scene = Scene.set(world, state)
    inviter = "Bea" if "void" in state else "Ada"

    for brings in ("current", "replaced"):
        body = scene.refused(operation, "stranger", scene.link(brings))

        assert (body["organization_id"], body["organization_name"]) == (scene.team.id, "Acme")
        assert body["invited_by"]["name"] == inviter


@pytest.mark.parametrize("operation", ["accept", "decline"])
@pytest.mark.parametrize("state", ["pending", "declined", "expired", "void"])
def test_who_brings_no_right_link_is_told_nothing_of_it(world: World, state: str, operation: str) -> None:
    scene = Scene.set(world, state)
    asked = [("stranger", "forged"), ("stranger", "nothing"), ("unverified", "nothing"), ("invited-member", "forged")]

    for who, brings in asked:
        assert not scene.refused(operation, who, scene.link(brings)).keys() & ORIGIN


@pytest.mark.parametrize("operation", ["accept", "decline"])
def test_a_member_is_told_whose_link_they_opened(world: World, operation: str) -> None:
    scene = Scene.set(world, "pending")

    for who in ("member", "invited-member"):
        assert scene.refused(operation, who, scene.link("current")).keys() >= ORIGIN


def test_who_finds_no_room_is_told_whom_to_ask(world: World) -> None:
    scene = Scene.set(world, "protected")
    scene.team.plan("free")

    invited = scene.refused("accept", "invited", scene.link("current"))
    assert (invited["code"], invited["organization_name"]) == ("plan_limit", "Acme")
    assert not {"plan", "upgrade_url"} & invited.keys()
    assert not scene.refused("accept", "invited", None).keys() & ORIGIN
    assert not scene.refused("accept", "stranger", scene.link("current")).keys() & ORIGIN  # 403: the address is theirs


def test_whoever_invited_and_is_erased_is_an_id_without_a_name(world: World) -> None:
    scene = Scene.set(world, "void")
    inviter = scene.refused("preview", "anybody", scene.link("current"))["invited_by"]["user_id"]
    assert world.machine("roster/users").delete(f"/users/{inviter}").status == 204

    told = scene.refused("preview", "anybody", scene.link("current"))["invited_by"]
    assert told == {"user_id": inviter, "name": None, "email": None}
