"""Creating for somebody: machines move an existing product's organizations in."""

from typing import Any

import pytest

from roster.table.items import User
from roster.table.read import read
from tests.world import Caller, Reply, Team, World


def found(machine: Caller, owner: dict[str, Any] | None = None, **more: object) -> Reply:
    owner = {"user_id": "zoe", "email": "zoe@example.com", "name": "Zoe"} | (owner or {})
    return machine.post("/organizations", {"name": "Acme", "owner": owner, **more})


def test_an_organization_is_created_for_somebody(world: World, machine: Caller) -> None:
    reply = found(machine, external_id="crm-1", metadata={"tier": "gold"})

    assert reply.status == 201
    assert reply.headers["location"] == f"https://api.example.com/organizations/{reply.body['id']}"
    told = {"plan": "free", "external_id": "crm-1", "metadata": {"tier": "gold"}, "owner_count": 1}
    assert told.items() <= reply.body.items()
    team = Team(world, reply.body["id"], world.person(None, sub="zoe", email=None))
    member = team.member(team.founder)
    assert (member["roles"], member["name"], member["email"]) == (["owner"], "Zoe", "zoe@example.com")
    event = team.founder.get(team.path("activity")).body["items"][0]
    assert (event["type"], event["actor"]["type"], event["actor"]["id"]) == (
        "organization.created",
        "machine",
        "billing",
    )
    assert event["data"] == {"owner": "zoe"}
    inviting = team.founder.post(team.path("invitations"), {"email": "zoe@example.com", "roles": ["viewer"]})
    assert inviting.refusal == (403, "email_not_verified")


def test_the_address_that_its_owner_joined_by_is_a_members(world: World, machine: Caller) -> None:
    team = Team(world, found(machine).body["id"], world.person("Zoe", sub="zoe"))

    reply = team.founder.post(team.path("invitations"), {"email": "zoe@example.com", "roles": ["viewer"]})
    assert reply.refusal == (409, "already_member")


def test_a_machine_creates_any_number_in_a_day(machine: Caller) -> None:
    assert [found(machine).status for _ in range(12)] == [201] * 12


def test_what_a_machine_tells_fills_in_what_no_token_has(world: World, machine: Caller) -> None:
    world.person("Zoe Byron", sub="zoe", email="zoe.byron@example.com").put("/me")

    found(machine)

    key = User.key("zoe")
    user = read([key])[key]
    assert user is not None
    assert (user.name, user.email) == ("Zoe Byron", "zoe.byron@example.com")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"owner": None}, ["owner"]),
        ({"owner": "zoe"}, ["owner"]),
        ({"owner": {}}, ["owner.user_id", "owner.email"]),
        ({"owner": {"user_id": "a b", "email": "zoe@example.com"}}, ["owner.user_id"]),
        ({"owner": {"user_id": "zoe\n", "email": "zoe@example.com"}}, ["owner.user_id"]),
        ({"owner": {"user_id": "zoe", "email": "zoe"}}, ["owner.email"]),
        ({"owner": {"user_id": "zoe", "email": "zoe@example.com", "name": ""}}, ["owner.name"]),
        ({"owner": {"user_id": "zoe", "email": "zoe@example.com", "role": "admin"}}, ["owner.role"]),
        ({"external_id": ""}, ["external_id"]),
        ({"external_id": "x" * 129}, ["external_id"]),
        ({"external_id": "a\nb"}, ["external_id"]),
        ({"external_id": 1}, ["external_id"]),
        ({"metadata": "gold"}, ["metadata"]),
        ({"metadata": {"tier": 1}}, ["metadata.tier"]),
        ({"metadata": {"tier": None}}, ["metadata.tier"]),
        ({"metadata": {"tier": "x" * 4_096}}, ["metadata"]),
        ({"plan": "enterprise"}, ["plan"]),
    ],
    ids=repr,
)
def test_what_creates_nothing_is_refused_by_the_fields_name(
    world: World, machine: Caller, body: dict[str, object], fields: list[str]
) -> None:
    owner = {"user_id": "zoe", "email": "zoe@example.com"}

    assert machine.post("/organizations", {"name": "Acme", "owner": owner} | body).fields == fields
    assert world.items() == []


def test_what_only_a_scope_adds_is_unknown_to_a_person(team: Team) -> None:
    body = {"name": "Acme", "owner": {"user_id": "u", "email": "u@example.com"}, "external_id": "1", "metadata": {}}

    assert team.founder.post("/organizations", body).fields == ["owner", "external_id", "metadata"]
    assert team.founder.patch(team.path(), {"external_id": "1", "metadata": {}}).fields == ["external_id", "metadata"]
