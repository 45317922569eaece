"""PUT /me: what a client calls after signing in. It keeps the person, and the log has each sign-in once."""

from collections.abc import Callable

import pytest

from roster.table.items import User
from roster.table.read import read
from tests.world import Caller, Team, World


def signed_in(world: World, team: Team) -> list[str | None]:
    """Who signed in, by the log of an organization, oldest first."""
    return [event.actor_id for event in world.events(team.id) if event.type == "user.signed_in"]


def again(person: Caller, **claims: object) -> Caller:
    """The same person with another token."""
    told = person.claims | claims
    return Caller(person.world, {claim: value for claim, value in told.items() if value is not None})


def test_it_keeps_the_name_and_the_verified_address(team: Team, world: World) -> None:
    later = again(team.founder, name="Ada Byron", email="Ada.Byron@Example.com")

    reply = later.put("/me")

    assert reply.status == 200
    assert reply.body == {
        "user_id": team.founder.id,
        "email": "ada.byron@example.com",
        "email_verified": True,
        "token_email": "ada.byron@example.com",
        "name": "Ada Byron",
        "locale": None,
        "email_notifications": True,
        "active_organization_id": team.id,
        "can": {"create_organization": True},
    }
    assert team.member(team.founder)["name"] == "Ada Byron"


def test_what_a_token_lacks_leaves_what_is_kept(team: Team) -> None:
    reply = again(team.founder, name=None, email=None).put("/me")

    assert (reply.body["name"], reply.body["email"]) == ("Ada", "ada@example.com")


def test_an_unverified_address_is_told_to_who_brings_it_and_kept_nowhere(world: World) -> None:
    ada = world.person("Ada", verified=False)

    first, again = ada.put("/me", Idempotency_Key="k"), ada.put("/me", Idempotency_Key="k")

    told = {"email": None, "email_verified": False, "token_email": "ada@example.com"}
    assert told.items() <= first.body.items()
    assert (again.status, again.body) == (first.status, first.body)
    assert "ada@example.com" not in str(world.items())


def test_what_a_token_says_of_its_address_stands_beside_what_is_kept(team: Team) -> None:
    for claims, kept, told in (
        ({"email": "new@example.com", "email_verified": False}, "ada@example.com", (False, "new@example.com")),
        ({"email": None}, "ada@example.com", (True, None)),
        ({"email": "New@Example.com"}, "new@example.com", (True, "new@example.com")),
        ({"email": "new@example.com", "email_verified": False}, None, (False, "new@example.com")),
    ):
        me = again(team.founder, **claims).put("/me").body
        assert (me["email"], me["email_verified"], me["token_email"]) == (kept, *told)


def test_before_there_is_an_organization_it_keeps_the_person_alone(world: World) -> None:
    ada = world.person("Ada", auth_time=1000)

    reply = ada.put("/me")

    assert reply.status == 200
    assert reply.body["active_organization_id"] is None
    assert [item["pk"]["S"] for item in world.items()] == ["ADDRESS#ada@example.com", f"USER#{ada.id}"]


def test_a_sign_in_is_recorded_once_however_often_it_is_told(team: Team, world: World) -> None:
    ada = again(team.founder, auth_time=1000)

    first = ada.put("/me")
    done = world.items()

    assert [ada.put("/me").body for _ in range(3)] == [first.body] * 3
    assert world.items() == done
    assert signed_in(world, team) == [ada.id]


def test_another_sign_in_is_another_event_and_an_earlier_one_does_not_come_back(team: Team, world: World) -> None:
    for auth_time in (1000, 2000, "1000", 1500, "2000.0", 1500):
        assert again(team.founder, auth_time=auth_time).put("/me").status == 200

    assert signed_in(world, team) == [team.founder.id] * 3


def test_of_many_devices_each_sign_in_is_recorded_once(team: Team, world: World) -> None:
    devices = [again(team.founder, auth_time=1000 + number) for number in range(25)]

    for device in [*devices, *devices]:
        device.put("/me")

    assert len(signed_in(world, team)) == 25


def test_without_a_time_of_signing_in_each_day_is_one_sign_in(team: Team, world: World) -> None:
    for issued in (1000, 1000, 2000):
        again(team.founder, iat=issued, exp=issued + 500).put("/me")
    with world.later(hours=11, minutes=59):
        team.founder.put("/me")
    assert len(signed_in(world, team)) == 1

    with world.later(hours=12):
        team.founder.put("/me")
    assert len(signed_in(world, team)) == 2


@pytest.mark.parametrize("nonsense", ["", "yesterday", "nan", "inf", "1e999", "[1 2]", "9" * 5_000])
def test_a_time_of_signing_in_that_is_none_counts_as_absent(team: Team, world: World, nonsense: str) -> None:
    for _ in range(2):
        assert again(team.founder, auth_time=nonsense, iat=1000).put("/me").status == 200

    assert len(signed_in(world, team)) == 1


def test_a_sign_in_is_one_event_in_the_active_organizations_log(team: Team, world: World) -> None:
    other = Team.found(world, team.founder, "Other")
    team.founder.put("/me/active-organization", {"organization_id": other.id})

    again(team.founder, auth_time=1000).put("/me")

    assert (signed_in(world, team), signed_in(world, other)) == ([], [team.founder.id])
    event = other.founder.get(other.path("activity")).body["items"][0]
    assert event["type"] == "user.signed_in"
    assert event["actor"]["id"] == event["target"]["id"] == team.founder.id
    assert event["via"] is None
    assert event["sentence"] == "Ada signed in."


@pytest.mark.parametrize("pack", ["credentials", "certificates"])
def test_where_the_pack_wants_none_no_organization_is_created(deploy: Callable[[str], World], pack: str) -> None:
    ada = deploy(pack).person("Ada")

    assert ada.put("/me").body["active_organization_id"] is None
    assert ada.get("/me/organizations").body["items"] == []


def test_a_new_user_of_teams_gets_one_named_for_them_once_in_their_life(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    ada = world.person("Ada", auth_time=1000)

    first = ada.put("/me")
    (own,) = ada.get("/me/organizations").body["items"]
    team = Team(world, own["organization"]["id"], ada)

    assert own["organization"] == {"id": team.id, "name": "Ada's team", "pack": "teams", "plan": "standard"}
    assert (own["roles"], own["active"], first.body["active_organization_id"]) == (["owner"], True, team.id)
    assert team.event_types() == ["organization.created", "user.signed_in"]
    assert ada.put("/me").body == first.body
    assert ada.delete(team.path()).status == 204
    assert ada.put("/me").body["active_organization_id"] is None
    assert ada.get("/me/organizations").body["items"] == []


def test_who_joined_a_team_before_gets_their_own_besides_and_stays_where_they_are(
    deploy: Callable[[str], World],
) -> None:
    world = deploy("teams")
    team = Team.found(world, world.person("Ada"))
    bob = team.join(world.person("Bob"), "billing")

    reply = bob.put("/me")

    assert reply.body["active_organization_id"] == team.id
    listed = bob.get("/me/organizations").body["items"]
    assert [item["organization"]["name"] for item in listed] == ["Acme", "Bob's team"]


@pytest.mark.parametrize(
    ("name", "called"),
    [
        (None, "Someone's team"),
        ("{name} {0} {}", "{name} {0} {}'s team"),
        ("x" * 100, f"{'x' * 93}'s team"),
        (f"{'x' * 92} Byron", f"{'x' * 92}'s team"),
    ],
    ids=["nameless", "braces", "long", "cut at a space"],
)
def test_a_default_team_has_a_name_that_any_organization_could_have(
    deploy: Callable[[str], World], name: str | None, called: str
) -> None:
    ada = deploy("teams").person(name, email="ada@example.com")

    ada.put("/me")

    assert ada.get("/me/organizations").body["items"][0]["organization"]["name"] == called


def test_it_has_no_fields(world: World) -> None:
    assert world.person("Ada").put("/me", {"name": "Eve"}).fields == ["name"]
    assert world.person("Ada").put("/me", {}).status == 200


def test_a_first_sign_in_that_is_cut_off_is_made_whole_by_the_next(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    ada = world.person("Ada", auth_time=1000)
    ada.put("/me")
    key = User.key(ada.id)
    user = read([key])[key]
    assert user is not None
    user.update([User.sign_ins.remove()])  # as if the second of its two changes had never been made

    assert ada.put("/me").status == 200

    (own,) = ada.get("/me/organizations").body["items"]
    types = Team(world, own["organization"]["id"], ada).event_types()
    assert types == ["organization.created", "user.signed_in", "user.signed_in"]
