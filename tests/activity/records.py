"""What the tests of the log share: recording an event as a product does, reading, and a crowd of events."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ulid import ULID

from roster.clock import whole_seconds
from roster.table.items import Event, ProductEvent
from tests.world import Caller, Reply, Team


def product(team: Team) -> Caller:
    """The product's back end."""
    return Caller(team.world, {"sub": "certs", "client_id": "certs", "scope": "roster/activity"})


def record(team: Team, event_type: str = "certificate.issued", **more: object) -> Reply:
    """Record an event of the product's."""
    return product(team).post(team.path("activity"), {"type": event_type} | more)


def recorded(team: Team, event_type: str = "certificate.issued", **more: object) -> dict[str, Any]:
    """Record an event that is taken."""
    reply = record(team, event_type, **more)
    assert reply.status == 201, reply.text
    body: dict[str, Any] = reply.body
    return body


def log(team: Team, by: Caller | None = None, **query: object) -> list[dict[str, Any]]:
    """What one page of the log shows, newest first."""
    items: list[dict[str, Any]] = (by or team.founder).get(team.path("activity"), **query).body["items"]
    return items


def crowd(team: Team, moments: Iterable[datetime], event_type: str = "certificate.issued", **more: Any) -> list[str]:
    """Put events of the product's into the table, one for each moment, and return their ids."""
    events = [
        ProductEvent(
            *ProductEvent.key(team.id, str(ULID.from_datetime(moment))),
            at=whole_seconds(moment),
            **{
                "type": event_type,
                "actor_type": "machine",
                "actor_id": "certs",
                "target_type": "certificate",
                "target_id": "4711",
                "gsi1pk": Event.actor_partition(team.id, "certs"),
            }
            | more,
        )
        for moment in moments
    ]
    with Event.batch_write() as batch:
        for event in events:
            event.gsi1sk = event.gsi1pk and event.sk
            batch.save(event)
    return [event.id for event in events]
