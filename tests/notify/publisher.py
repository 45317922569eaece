"""The publisher as tests see it: the stream as moto keeps it goes in, and what the bus was given comes out."""

from collections.abc import Sequence
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.events.models import events_backends

from tests.deployment import PARAMETERS, client
from tests.notify.mailer import Record, streamed
from tests.world import World

ARCHIVE = "all"


class Publisher:
    """`notify/publish`, fed as Lambda feeds it, and the bus, which keeps all in an archive."""

    def __init__(self, world: World) -> None:
        self._world = world
        bus = client("events").create_event_bus(Name=PARAMETERS["EventBus"])
        client("events").create_archive(ArchiveName=ARCHIVE, EventSourceArn=bus["EventBusArn"])

    def records(self) -> list[Record]:
        """All that the stream holds for the publisher, oldest first."""
        return streamed("notify/publish")

    def deliver(self, records: Sequence[Record] | None = None) -> list[str]:
        """Deliver records, or else all that the stream holds, again too; return those that are reported as failed."""
        given = self.records() if records is None else records
        reply = self._world.invoke("notify/publish", {"Records": given})
        return [failure["itemIdentifier"] for failure in reply["batchItemFailures"]]

    @property
    def published(self) -> list[dict[str, Any]]:
        """What the bus hands to a rule's target, oldest first."""
        return [dict(event) for event in events_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].archives[ARCHIVE].events]

    @property
    def details(self) -> list[dict[str, Any]]:
        """What was published, without what the bus wraps it in."""
        return [event["detail"] for event in self.published]


def number(record: Record) -> str:
    """The number by which a record is reported as failed."""
    return str(record["dynamodb"]["SequenceNumber"])
