"""What is published: each of Roster's own events once it has happened, in order, and again where that is not sure."""

import json
from typing import Any

import pytest

from roster.clock import rfc3339
from tests.deployment import TABLE
from tests.notify.publisher import Publisher, number
from tests.wire import Wire, drop, refuse
from tests.world import Team, World

PUT = "PutEvents"


@pytest.fixture
def teams(world: World, publisher: Publisher) -> list[Team]:
    """Three organizations, each with two events beside its creation, all of it published."""
    teams = [Team.found(world, world.person(name), name) for name in ("Ada", "Bob", "Eve")]
    for name in ("one", "two"):
        for team in teams:
            team.invite(f"{name}@example.com", "viewer")
    return teams


def reject(*places: int, code: str = "ThrottlingException") -> Any:
    """An answer of EventBridge that takes all entries but those at these places."""

    def tamper(answer: dict[str, Any]) -> None:
        for place in places:
            answer["Entries"][place] = {"ErrorCode": code, "ErrorMessage": "grace@example.com"}
        answer["FailedEntryCount"] = len(places)

    return tamper


def test_an_event_reaches_the_bus_as_a_rule_sees_it(team: Team, publisher: Publisher) -> None:
    invitation = team.invite("grace@example.com", "viewer")
    stored = team.world.events(team.id)[-1]

    assert publisher.deliver() == []

    event = publisher.published[-1]
    assert (event["source"], event["detail-type"]) == ("roster", "invitation.sent")
    assert event["time"] == int(stored.at.timestamp())
    (table,) = event["resources"]
    assert table.endswith(f":table/{TABLE}")
    assert event["detail"] == {
        "version": 1,
        "id": stored.id,
        "type": "invitation.sent",
        "organization_id": team.id,
        "at": rfc3339(stored.at),
        "occurred_at": rfc3339(stored.at),
        "actor": {"type": "user", "id": team.founder.id},
        "via": None,
        "target": {"type": "invitation", "id": invitation["id"]},
        "data": {"roles": ["viewer"]},
        "request_id": stored.request_id,
    }


def test_an_event_is_published_as_the_log_shows_it_without_names(team: Team, publisher: Publisher) -> None:
    team.plan("enterprise")
    team.join(team.world.person("Grace"), "viewer")
    publisher.deliver()

    shown = team.founder.get(team.path("activity")).body["items"]

    for event, detail in zip(reversed(shown), publisher.details, strict=True):
        for named in (event["actor"], event["target"]):
            named.pop("name")
        del event["sentence"], event["actor"]["email"]
        assert detail == event | {"version": 1, "organization_id": team.id}


def test_what_the_product_records_is_not_published(team: Team, publisher: Publisher) -> None:
    reply = team.world.machine("roster/activity").post(team.path("activity"), {"type": "badge.created"})
    assert reply.status == 201

    publisher.deliver()

    assert [detail["type"] for detail in publisher.details] == ["organization.created"]


def test_a_record_delivered_twice_is_published_under_the_same_id(team: Team, publisher: Publisher) -> None:
    publisher.deliver()
    publisher.deliver()

    first, second = publisher.details

    assert first == second


def test_each_organizations_events_are_put_one_after_the_other(
    teams: list[Team], publisher: Publisher, wire: Wire
) -> None:
    assert publisher.deliver() == []

    for team in teams:
        ids = [detail["id"] for detail in publisher.details if detail["organization_id"] == team.id]
        assert ids == [event.id for event in team.world.events(team.id)]
    calls = [params["Entries"] for operation, params in wire.calls if operation == PUT]
    assert [len(entries) for entries in calls] == [3, 3, 3]  # an organization's next in the next call


def test_what_the_bus_does_not_take_is_reported_with_what_follows_it(
    teams: list[Team], publisher: Publisher, wire: Wire
) -> None:
    of_bob = [record for record in publisher.records() if teams[1].id in record["dynamodb"]["Keys"]["pk"]["S"]]
    publisher.deliver(publisher.records()[:3])
    wire.after(PUT, reject(1))

    assert publisher.deliver(publisher.records()[3:]) == [number(record) for record in of_bob[1:]]

    told = [detail["organization_id"] for detail in publisher.details]
    assert (told.count(teams[0].id), told.count(teams[2].id)) == (3, 3)


@pytest.mark.parametrize(
    "fault",
    [drop, refuse("ThrottlingException"), refuse("InternalException", status=500)],
    ids=["a time-out", "throttling", "an outage"],
)
def test_a_call_that_fails_leaves_its_events_to_the_next_try(
    team: Team, publisher: Publisher, wire: Wire, fault: Any
) -> None:
    wire.before(PUT, fault)

    assert publisher.deliver() == [number(record) for record in publisher.records()]
    assert publisher.deliver() == []

    assert [detail["type"] for detail in publisher.details] == ["organization.created"]


def test_a_poison_record_does_not_hold_up_others(teams: list[Team], publisher: Publisher) -> None:
    records = publisher.records()
    del records[4]["dynamodb"]["NewImage"]["at"]

    poison, behind = records[4], records[7]

    assert publisher.deliver(records) == [number(poison), number(behind)]
    assert len(publisher.details) == 7


def test_no_call_is_larger_than_eventbridge_takes(teams: list[Team], publisher: Publisher, wire: Wire) -> None:
    records = publisher.records()[:3]
    for record in records:
        roles = ",".join(f'"{number:0100}"' for number in range(1000))
        record["dynamodb"]["NewImage"]["data"] = {"S": f'{{"roles":[{roles}]}}'}

    assert publisher.deliver(records) == []

    calls = [params["Entries"] for operation, params in wire.calls if operation == PUT]
    assert [len(entries) for entries in calls] == [2, 1]


def test_the_log_tells_what_was_published_and_what_was_not_and_of_no_person(
    team: Team, publisher: Publisher, wire: Wire, log: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    event = team.world.events(team.id)[-1]
    log.clear()
    wire.after(PUT, reject(0))
    publisher.deliver()
    publisher.deliver()

    about = {"event_id": event.id, "event_type": event.type, "organization_id": team.id}
    first, second = [json.loads(line) for line in dict.fromkeys(log)]
    assert first.items() >= (about | {"level": "WARNING", "code": "ThrottlingException"}).items()
    assert second.items() >= (about | {"level": "INFO", "message": "The event is published."}).items()
    said = "".join(log) + capsys.readouterr().out
    assert '"EventsFailing":[1.0]' in said
    assert '"EventsPublished":[1.0]' in said
    assert "example.com" not in said
