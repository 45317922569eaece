"""What AWS is asked about a link: the same calls whether there is such an invitation or not."""

from collections.abc import Callable
from typing import Any

import pytest

from roster import links
from tests.invite.test_answers import Scene
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World

READS = ["BatchGetItem", "BatchGetItem"]  # the invitation and all about it; who invited, or once more if it is nowhere
OPERATIONS = ["preview", "accept", "decline"]
NOWHERE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"  # in the form of an id that Roster makes


def ask(world: World, operation: str, token: str, by: Caller) -> Reply:
    """Ask about a token: accept and decline, of the organization and the invitation that it names."""
    if operation == "preview":
        return world.call("POST", "/invitations/preview", body={"token": token})
    organization_id, invitation_id, *_ = token.split(".")
    return by.post(f"/organizations/{organization_id}/invitations/{invitation_id}/{operation}", {"token": token})


def calls[**P](
    wire: Wire, asking: Callable[P, Reply], *args: P.args, **named: P.kwargs
) -> tuple[list[str], tuple[int, str]]:
    """What was asked of AWS, in order, and how the request was refused."""
    wire.clear()
    refusal = asking(*args, **named).refusal
    return [operation for operation, _ in wire.calls], refusal


def founding(world: World, team: Team) -> str:
    """The id under which the address stands that the organization was created with."""
    keys = [str(item["sk"]["S"]) for item in world.items() if item["pk"]["S"] == f"ORG#{team.id}"]
    return next(key.removeprefix("JOINED#") for key in keys if key.startswith("JOINED#"))


def gone(world: World, name: str) -> tuple[Team, str]:
    """An organization that was deleted, and the link of an invitation that was open in it."""
    team = Team.found(world, world.person(name), name)
    token = team.token(team.invite("eve@example.com", "viewer")["id"])
    assert team.founder.delete(team.path()).status == 204
    return team, token


def kept(world: World, team: Team) -> int:
    """How many invitations the table holds of an organization."""
    keys = [item["sk"]["S"] for item in world.items() if item["pk"]["S"] == f"ORG#{team.id}"]
    return sum(key.startswith("INVITE#") for key in keys)


@pytest.fixture
def unknown(world: World, team: Team) -> dict[str, str]:
    """Tokens in the right form that no mail ever had, or whose organization is gone; each by what is wrong with it."""
    purged, of_purged = gone(world, "Purged")
    with world.later(hours=2):
        assert world.invoke("cleanup/expire", {})["purged"] > 0
    deleted, of_deleted = gone(world, "Deleted")
    assert (kept(world, purged), kept(world, deleted)) == (0, 1)
    invitation_id = team.invite("eve@example.com", "viewer")["id"]
    current, another = (team.token(one) for one in (invitation_id, team.invite("fay@example.com", "viewer")["id"]))
    joined = team.invite("gil@example.com", "viewer")["id"]
    accepted = team.token(joined)
    assert world.person("Gil").post(team.path("invitations", joined, "accept")).status == 200
    rest = current.split(".", 2)[2]
    return {
        "no such organization": f"{NOWHERE}.{invitation_id}.{rest}",
        "no such invitation": f"{team.id}.{NOWHERE}.{rest}",
        "no such thing": f"{NOWHERE}.{NOWHERE}.{NOWHERE}.{'A' * 43}",
        "of a deleted organization": of_deleted,
        "of a purged organization": of_purged,
        "of a founder's address": f"{team.id}.{founding(world, team)}.{rest}",
        "of no address": links.make(links.Purpose.MAILED, team.id, NOWHERE, "", NOWHERE),
        "a wrong code": current[:-43] + current[-43:].swapcase(),
        "another one's code": current[:-43] + another[-43:],
        "a wrong code of an accepted one": accepted[:-43] + accepted[-43:].swapcase(),
    }


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_link_that_proves_nothing_costs_the_same_whatever_is_there(
    unknown: dict[str, str], world: World, wire: Wire, operation: str
) -> None:
    sam = world.person("Sam")

    found = {name: calls(wire, ask, world, operation, token, sam) for name, token in unknown.items()}

    assert found == dict.fromkeys(unknown, ([*READS, "VerifyMac"], (404, "not_found")))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("state", ["accepted", "declined", "canceled", "expired", "void"])
def test_a_link_that_is_right_costs_no_other_calls(world: World, wire: Wire, operation: str, state: str) -> None:
    scene = Scene.set(world, state)
    sam, days = world.person("Sam"), 7 if state == "expired" else 0

    for brings in ("current", "replaced"):
        token = scene.link(brings)
        assert token is not None
        with world.later(days=days):
            found, refusal = calls(wire, ask, world, operation, token, sam)

        assert found == [*READS, "VerifyMac"]
        assert refusal[0] in {409, 410}


def test_an_open_invitation_is_previewed_by_these_calls_too(team: Team, world: World, wire: Wire) -> None:
    token = team.token(team.invite("eve@example.com", "viewer")["id"])
    wire.clear()

    assert ask(world, "preview", token, team.founder).status == 200

    assert [operation for operation, _ in wire.calls] == [*READS, "VerifyMac"]


@pytest.mark.parametrize("operation", ["accept", "decline"])
def test_who_brings_no_link_learns_nothing_by_the_calls_either(
    unknown: dict[str, str], world: World, wire: Wire, operation: str
) -> None:
    callers = (world.person("Sam"), world.person("Nan", email=None), world.person("Max", verified=False))

    for token in unknown.values():
        organization_id, invitation_id, *_ = token.split(".")
        path = f"/organizations/{organization_id}/invitations/{invitation_id}/{operation}"
        for caller in callers:
            assert calls(wire, caller.post, path) == (READS, (404, "not_found"))


@pytest.mark.parametrize("operation", ["accept", "decline"])
def test_who_has_the_address_brings_a_link_by_the_same_calls(world: World, wire: Wire, operation: str) -> None:
    scene = Scene.set(world, "canceled")
    eve = world.person("Eve")

    for brings in ("current", "replaced", "forged"):
        token = scene.link(brings)
        assert token is not None
        found = calls(wire, ask, world, operation, token, eve)

        assert found == ([*READS, "VerifyMac"], (409, "not_pending"))


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c.d", "x" * 60_000])
def test_what_cannot_be_a_link_is_asked_of_nobody(team: Team, world: World, wire: Wire, token: str) -> None:
    path = team.path("invitations", team.invite("eve@example.com", "viewer")["id"], "accept")
    sam = world.person("Sam")

    assert calls(wire, world.call, "POST", "/invitations/preview", body={"token": token})[0] == []
    assert calls(wire, sam.post, path, {"token": token}) == (READS, (404, "not_found"))


def test_an_invitation_that_is_accepted_between_two_reads_is_found(team: Team, world: World, wire: Wire) -> None:
    invitation_id = team.invite("eve@example.com", "viewer")["id"]
    token, eve = team.token(invitation_id), world.person("Eve")

    def hide(reply: dict[str, Any]) -> None:
        """Show the invitation in neither place, as a batch may that is read while it moves from one to the other."""
        for items in reply["Responses"].values():
            items[:] = [item for item in items if not item["sk"]["S"].startswith("INVITE#")]
        assert eve.post(team.path("invitations", invitation_id, "accept")).status == 200

    wire.after("BatchGetItem", hide)

    reply = ask(world, "accept", token, world.person("Sam"))
    assert (reply.refusal, reply.body["invitation_status"]) == ((409, "not_pending"), "accepted")
