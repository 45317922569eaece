"""Who joins by a copied link: by their own verified address or by none, and never by the invited one."""

from typing import Any

import pytest

from tests.table.moves import TRANSACTION, erase, provision
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World

EVE = "eve@example.com"


@pytest.fixture
def invitation(team: Team) -> dict[str, Any]:
    return team.invite(EVE, "viewer")


@pytest.fixture
def sam(team: Team, invitation: dict[str, Any], world: World) -> Caller:
    """Somebody who joined by the copied link of the invitation, and has an address of their own."""
    return hand_over(team, invitation, world.person("Sam"))


def hand_over(team: Team, invitation: dict[str, Any], person: Caller) -> Caller:
    token = team.copied(invitation["id"])
    reply = person.post(team.path("invitations", invitation["id"], "accept"), {"token": token})
    assert reply.status == 200, reply.text
    return person


def invite(team: Team, email: str) -> Reply:
    return team.founder.post(team.path("invitations"), {"email": email, "roles": ["viewer"]})


def kept(world: World, text: str) -> list[str]:
    """What the table holds of somebody, beside the log."""
    return [item["sk"]["S"] for item in world.items() if text in str(item) and "LOG#" not in item["pk"]["S"]]


def again(person: Caller, **claims: object) -> Caller:
    """The same person, signed in with a token that says something else."""
    told = Caller(person.world, {name: claim for name, claim in (person.claims | claims).items() if claim is not None})
    assert told.put("/me").status == 200
    return told


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"email": "sam@example.com"}, "sam@example.com"),
        ({"email": "sam@example.com", "email_verified": False}, None),
        ({"email": None}, None),
        ({"email": EVE, "email_verified": False}, None),
        ({"email": EVE}, EVE),
    ],
    ids=["a verified address", "an unverified one", "none", "the invited one, unverified", "the invited one"],
)
def test_they_are_shown_with_their_verified_address_or_with_none(
    team: Team, invitation: dict[str, Any], world: World, claims: dict[str, Any], email: str | None
) -> None:
    sam = hand_over(team, invitation, world.person("Sam", **claims))

    shown = team.member(sam)
    assert (shown["email"], shown["roles"], shown["name"]) == (email, ["viewer"], "Sam")
    assert shown["invited_by"]["user_id"] == team.founder.id
    (listed,) = [one for one in team.founder.get(team.path("members")).body["items"] if one["user_id"] == sam.id]
    assert listed["email"] == email


def test_their_own_address_is_joined_by_and_the_invited_one_is_free(team: Team, sam: Caller) -> None:
    again(sam, email="samuel@example.com")

    for address in ("sam@example.com", "samuel@example.com"):
        refused = invite(team, address)
        assert (refused.refusal, refused.body["user_id"]) == ((409, "already_member"), sam.id)
    assert invite(team, EVE).status == 201
    assert team.founder.post(team.path("leave")).refusal == (409, "last_owner")
    assert sam.post(team.path("leave")).status == 204
    assert invite(team, "sam@example.com").status == 201


def test_who_has_the_invited_address_joins_by_it_whatever_link_they_bring(
    team: Team, invitation: dict[str, Any], world: World
) -> None:
    eve = hand_over(team, invitation, world.person("Eve"))
    again(eve, email="evelyn@example.com")

    assert invite(team, EVE).body["user_id"] == eve.id


def test_the_accepted_invitation_is_read_while_they_stay_and_goes_with_them(
    team: Team, invitation: dict[str, Any], sam: Caller, world: World
) -> None:
    path = team.path("invitations", invitation["id"])

    shown = team.founder.get(path).body
    nothing = {"resend": False, "cancel": False, "copy_link": False}
    assert shown == invitation | {"status": "accepted", "can": nothing}
    assert team.founder.get(team.path("invitations")).body["items"] == []

    assert team.founder.delete(team.path("members", sam.id)).status == 204
    assert team.founder.get(path).refusal == (404, "not_found")
    assert kept(world, EVE) == []


def test_who_has_no_verified_address_leaves_nothing_of_the_invited_one_either(
    team: Team, invitation: dict[str, Any], world: World
) -> None:
    sam = hand_over(team, invitation, world.person("Sam", email=None))

    assert sam.post(team.path("leave")).status == 204

    assert kept(world, EVE) == []


def test_inviting_the_address_anew_replaces_the_invitation_that_was_handed_over(
    team: Team, invitation: dict[str, Any], sam: Caller, world: World
) -> None:
    eve, path = world.person("Eve"), team.path("invitations", invitation["id"])
    tag = team.founder.get(team.path("members", sam.id)).headers["etag"]

    new = team.invite(EVE, "issuer")
    assert (new["id"], new["sends"]) == (invitation["id"], 1)
    assert team.founder.get(path).body == new
    assert team.founder.get(team.path("members", sam.id)).headers["etag"] == tag

    assert eve.post(f"{path}/accept").status == 200
    assert sam.post(team.path("leave")).status == 204  # what they joined by is Eve's by now
    assert team.founder.get(path).body["status"] == "accepted"
    assert invite(team, EVE).body["user_id"] == eve.id
    assert team.organization()["member_count"] == 2


def test_the_address_has_its_share_of_the_day_whoever_joined(team: Team, world: World) -> None:
    for number in range(5):
        hand_over(team, team.invite(EVE, "viewer"), world.person(f"Sam {number}"))

    refused = invite(team, EVE)
    assert (refused.refusal, refused.body["limit"]) == ((429, "too_many_requests"), "invitations_per_address")


def test_a_machine_moves_the_invited_address_in(
    team: Team, invitation: dict[str, Any], sam: Caller, world: World
) -> None:
    eve = world.person("Eve")

    provision(team, eve, EVE, "viewer")

    assert team.founder.get(team.path("invitations", invitation["id"])).refusal == (404, "not_found")
    assert sam.post(team.path("leave")).status == 204
    assert invite(team, EVE).body["user_id"] == eve.id


def test_an_own_invitation_stays_open_beside(team: Team, invitation: dict[str, Any], world: World) -> None:
    own = team.invite("sam@example.com", "issuer")
    path = team.path("invitations", own["id"])

    sam = hand_over(team, invitation, world.person("Sam"))

    assert team.founder.get(path).body["status"] == "pending"
    assert sam.post(f"{path}/accept").refusal == (409, "already_member")
    assert invite(team, "sam@example.com").body["user_id"] == sam.id
    other = world.person("Sammy", email="sam@example.com")  # two people may have one address
    assert other.post(f"{path}/accept").body["email"] == "sam@example.com"
    for person in (sam, other):
        assert person.post(team.path("leave")).status == 204
    assert [one for one in kept(world, "@example.com") if "JOINED#" in one] == [joined_of(team, world, "ada")]


@pytest.mark.parametrize("end", ["canceled", "declined", "expired"])
def test_an_own_invitation_that_is_dead_is_no_hindrance(
    team: Team, invitation: dict[str, Any], world: World, end: str
) -> None:
    sam, path = world.person("Sam"), team.path("invitations", team.invite("sam@example.com", "issuer")["id"])
    if end == "declined":
        assert sam.post(f"{path}/decline").status == 204
    elif end == "canceled":
        assert team.founder.delete(path).status == 204

    with world.later(days=8 if end == "expired" else 0):
        again_invited = team.founder.post(team.path("invitations", invitation["id"], "resend"))
        hand_over(team, again_invited.body, sam)

        assert team.member(sam)["email"] == "sam@example.com"
        assert invite(team, "sam@example.com").refusal == (409, "already_member")
        assert sam.post(team.path("leave")).status == 204
        assert invite(team, "sam@example.com").status == 201


def test_an_address_that_another_member_joined_by_stays_theirs(
    team: Team, invitation: dict[str, Any], world: World
) -> None:
    bob = team.join(world.person("Bob", email="office@example.com"), "viewer")
    sam = hand_over(team, invitation, world.person("Sam", email="office@example.com"))
    assert team.member(sam)["email"] == "office@example.com"

    assert sam.post(team.path("leave")).status == 204

    again(bob, email="bob@example.com")
    assert invite(team, "office@example.com").body["user_id"] == bob.id


def test_an_address_whose_invitation_somebody_else_accepted_by_a_copied_link_has_no_second_place(
    team: Team, invitation: dict[str, Any], sam: Caller, world: World
) -> None:
    own = team.invite("max@example.com", "viewer")
    zoe = hand_over(team, own, world.person("Zoe"))
    second = team.invite("fay@example.com", "viewer")

    hand_over(team, second, world.person("Max"))

    assert team.founder.get(team.path("invitations", own["id"])).body["status"] == "accepted"
    assert zoe.post(team.path("leave")).status == 204
    assert invite(team, "max@example.com").refusal == (409, "already_member")


def test_erasing_them_leaves_nothing_of_them(team: Team, invitation: dict[str, Any], sam: Caller, world: World) -> None:
    erase(world, sam)

    assert kept(world, sam.id) == kept(world, "sam@example.com") == kept(world, EVE) == []
    assert team.founder.get(team.path("invitations", invitation["id"])).refusal == (404, "not_found")


def test_who_leaves_while_the_address_is_invited_anew_takes_nothing_of_it_along(
    team: Team, invitation: dict[str, Any], sam: Caller, world: World, wire: Wire
) -> None:
    eve = world.person("Eve")

    def joins() -> None:
        team.join(eve, "viewer")

    wire.before(TRANSACTION, joins)
    assert sam.post(team.path("leave")).status == 204

    assert invite(team, EVE).body["user_id"] == eve.id
    assert team.founder.get(team.path("invitations", invitation["id"])).body["status"] == "accepted"


def test_the_address_is_invited_anew_while_they_leave(team: Team, sam: Caller, world: World, wire: Wire) -> None:
    def leaves() -> None:
        assert sam.post(team.path("leave")).status == 204

    wire.before(TRANSACTION, leaves)
    assert invite(team, EVE).status == 201
    assert world.person("Eve").get("/me/invitations").body["items"] != []


def test_an_address_that_is_invited_while_they_join_by_it_stays_open(
    team: Team, invitation: dict[str, Any], world: World, wire: Wire
) -> None:
    sam, token = world.person("Sam"), team.copied(invitation["id"])

    def invited() -> None:
        team.invite(sam.email, "issuer")

    wire.before(TRANSACTION, invited)

    joined = sam.post(team.path("invitations", invitation["id"], "accept"), {"token": token})

    assert (joined.status, joined.body["roles"]) == (200, ["viewer"])
    (open_one,) = team.founder.get(team.path("invitations")).body["items"]
    assert (open_one["email"], open_one["status"]) == (sam.email, "pending")
    path, other = team.path("invitations", open_one["id"]), world.person("Sammy", email=sam.email)
    assert other.post(f"{path}/accept").status == 200
    assert sam.post(team.path("leave")).status == 204
    assert team.founder.get(path).body["status"] == "accepted"


def joined_of(team: Team, world: World, name: str) -> str:
    """Where it stands that somebody joined by their address."""
    return next(one for one in kept(world, f"{name}@example.com") if one.startswith("JOINED#"))


def test_erasing_who_was_invited_finds_the_invitation_that_was_handed_over(
    team: Team, world: World, sam: Caller, invitation: dict[str, Any]
) -> None:
    eve = world.person("Eve")
    eve.put("/me")

    erase(world, eve)

    assert kept(world, EVE) == []
    assert team.member(sam)["roles"] == ["viewer"]
    assert team.founder.get(team.path("invitations", invitation["id"])).status == 404
    assert sam.post(team.path("leave")).status == 204


def test_who_was_invited_is_told_whom_to_ask_when_somebody_else_has_joined(
    team: Team, world: World, sam: Caller, invitation: dict[str, Any]
) -> None:
    refused = world.person("Eve").post(team.path("invitations", invitation["id"], "accept"))

    assert refused.refusal == (409, "not_pending")
    assert refused.body["invitation_status"] == "accepted"
    assert "Ask the person who invited you" in refused.body["detail"]


def test_nobody_says_that_who_was_invited_declined_if_somebody_did_by_a_copied_link(
    team: Team, world: World, invitation: dict[str, Any]
) -> None:
    path = team.path("invitations", invitation["id"], "decline")

    assert world.person("Sam").post(path, {"token": team.copied(invitation["id"])}).status == 204

    event = team.founder.get(team.path("activity")).body["items"][0]
    assert event["data"] == {"copied_link": True}
    assert event["sentence"] == "Somebody declined the invitation of eve@example.com by a copied link."


def test_a_dead_invitation_to_their_own_address_does_not_take_it_from_them(
    team: Team, world: World, invitation: dict[str, Any]
) -> None:
    sam = world.person("Sam")
    dead = team.path("invitations", team.invite(sam.email, "viewer")["id"])
    assert team.founder.delete(dead).status == 204

    hand_over(team, invitation, sam)
    again(sam, email="new@example.com")

    assert invite(team, "sam@example.com").refusal == (409, "already_member")
    assert team.founder.post(f"{dead}/resend").refusal[0] in {404, 409}
