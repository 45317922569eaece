"""What the product calls an organization, and keeps with it: set by machines, read by members, found by machines."""

import pytest

from tests.world import Caller, Reply, Team, World


@pytest.fixture
def reader(world: World) -> Caller:
    return world.machine("roster/read")


def name(machine: Caller, team: Team, external_id: str, **headers: str) -> Reply:
    return machine.patch(team.path(), {"external_id": external_id}, **headers)


def called(reader: Caller, external_id: str) -> list[str]:
    """The ids of the organizations that the product calls so."""
    page = reader.get("/organizations", external_id=external_id)
    assert page.status == 200
    assert page.body.keys() == {"items", "next_cursor"}
    assert page.body["next_cursor"] is None
    return [organization["id"] for organization in page.body["items"]]


def test_it_is_set_shown_and_found(team: Team, world: World, machine: Caller, reader: Caller) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    reply = machine.patch(team.path(), {"external_id": "CRM 1/ä", "metadata": {"tier": "gold", "": ""}})

    assert reply.status == 200
    assert (reply.body["external_id"], reply.body["metadata"]) == ("CRM 1/ä", {"tier": "gold", "": ""})
    assert bob.get(team.path()).body == reply.body
    assert bob.get(team.path()).headers["etag"] == reply.headers["etag"]
    assert called(reader, "CRM 1/ä") == [team.id]
    assert reader.get("/organizations", external_id="CRM 1/ä").body["items"] == [
        reply.body | {"etag": reply.headers["etag"]}
    ]
    assert called(reader, "crm 1/ä") == called(reader, "CRM 2") == []
    event = team.founder.get(team.path("activity")).body["items"][0]
    assert (event["type"], event["data"]) == ("organization.updated", {"changed": ["external_id", "metadata"]})
    assert event["sentence"] == "Billing changed the external id and the metadata of Acme."


def test_one_name_is_one_organizations(team: Team, world: World, machine: Caller, reader: Caller) -> None:
    other = Team.found(world, world.person("Eve"), "Other")
    name(machine, team, "crm-1")
    before = world.items()

    assert name(machine, other, "crm-1").refusal == (409, "conflict")
    owner = {"user_id": "zoe", "email": "zoe@example.com"}
    founding = machine.post("/organizations", {"name": "Third", "owner": owner, "external_id": "crm-1"})
    assert founding.refusal == (409, "conflict")
    assert world.items() == before
    assert called(reader, "crm-1") == [team.id]


def test_another_name_frees_the_first(team: Team, world: World, machine: Caller, reader: Caller) -> None:
    other = Team.found(world, world.person("Eve"), "Other")
    name(machine, team, "crm-1")

    assert name(machine, team, "crm-2").status == 200

    assert called(reader, "crm-1") == []
    assert name(machine, other, "crm-1").status == 200
    assert (called(reader, "crm-1"), called(reader, "crm-2")) == ([other.id], [team.id])


def test_a_deleted_organization_leaves_its_name(team: Team, world: World, machine: Caller, reader: Caller) -> None:
    name(machine, team, "crm-1")

    team.founder.delete(team.path())

    assert called(reader, "crm-1") == []
    assert name(machine, Team.found(world, world.person("Eve"), "Other"), "crm-1").status == 200


def test_metadata_is_replaced_whole_and_neither_is_removed_by_null(team: Team, machine: Caller) -> None:
    machine.patch(team.path(), {"external_id": "crm-1", "metadata": {"tier": "gold", "region": "eu"}})

    assert machine.patch(team.path(), {"metadata": {"tier": "silver"}}).body["metadata"] == {"tier": "silver"}
    before = team.world.items()
    nulls: dict[str, object] = {"external_id": None, "metadata": None}
    for body in ({}, nulls, {"external_id": "crm-1"}, {"metadata": {"tier": "silver"}}):
        reply = machine.patch(team.path(), body)
        assert (reply.status, reply.body["external_id"]) == (200, "crm-1")
    assert team.world.items() == before
    assert machine.patch(team.path(), {"metadata": {}}).body["metadata"] == {}


def test_a_member_who_renames_it_leaves_both(team: Team, machine: Caller) -> None:
    machine.patch(team.path(), {"external_id": "crm-1", "metadata": {"tier": "gold"}})

    renamed = team.founder.patch(team.path(), {"name": "Acme Two"}).body

    assert (renamed["external_id"], renamed["metadata"]) == ("crm-1", {"tier": "gold"})


@pytest.mark.parametrize(
    "body",
    [
        {"external_id": ""},
        {"external_id": "x" * 129},
        {"external_id": "\u0007"},
        {"external_id": ["crm-1"]},
        {"metadata": {"tier": "x" * 4_096}},
        {"metadata": ["gold"]},
        {"name": "Acme Two"},
        {"email_notifications": False},
    ],
    ids=lambda body: str(body)[:30],
)
def test_what_a_machine_may_not_set_is_refused_by_the_fields_name(
    team: Team, machine: Caller, body: dict[str, object]
) -> None:
    assert machine.patch(team.path(), body).fields == list(body)


def test_the_longest_name_and_the_largest_metadata_are_kept(team: Team, machine: Caller, reader: Caller) -> None:
    longest, largest = "ä" * 128, {"tier": "x" * (4_096 - len('{"tier":""}'))}

    assert machine.patch(team.path(), {"external_id": longest, "metadata": largest}).body["metadata"] == largest
    assert called(reader, longest) == [team.id]


def test_if_match_guards_it(team: Team, machine: Caller) -> None:
    tag = team.founder.get(team.path()).headers["etag"]
    team.founder.patch(team.path(), {"name": "Acme Two"})

    assert name(machine, team, "crm-1", If_Match=tag).refusal == (412, "precondition_failed")


@pytest.mark.parametrize("query", [{"external_id": ""}, {"external_id": "x" * 129}, {"external_id": "a\tb"}])
def test_what_nothing_is_called_is_no_question(reader: Caller, query: dict[str, str]) -> None:
    assert reader.get("/organizations", **query).fields == ["external_id"]


def test_people_do_not_look_for_organizations(team: Team) -> None:
    reply = team.founder.get("/organizations", external_id="crm-1")

    assert (reply.refusal, reply.body["reason"]) == ((403, "forbidden"), "scope_missing")
