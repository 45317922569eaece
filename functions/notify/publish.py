"""The table's stream: each new event is put on an EventBridge bus, with ids and no names, for others to know."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from roster import aws, started
from roster.clock import rfc3339
from roster.metrics import count
from roster.table.items import Event

if TYPE_CHECKING:
    # Powertools' batches, with all they import, would take a twentieth of a cold start.
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

type Record = dict[str, Any]

SOURCE = "roster"
VERSION = 1  # of the detail's shape: docs/events.md says what moves it
# What an event's data may tell outside: ids and stable words. What people wrote, such as a role's title, stays inside.
SHOWN = frozenset(
    {
        *("changed", "copied_link", "email_notifications", "from", "roles", "to"),
        *("continues", "invitations", "limits", "members", "pack", "plan"),
    }
)
# What one call to PutEvents takes.
MOST_ENTRIES = 10
MOST_BYTES = 256_000

logger = Logger()
# Where an answer is lost, the event may be published twice: at least once is what is promised.
_bus: "EventBridgeClient" = aws.client(
    "events", Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
)
started()


class Told(NamedTuple):
    """An event, the number of its record, and what EventBridge is given for it."""

    event: Event
    number: str
    entry: "PutEventsRequestEntryTypeDef"

    @property
    def size(self) -> int:
        """How much of a call it takes, in bytes, as EventBridge reckons: the time is 14."""
        texts = [self.entry["Source"], self.entry["DetailType"], self.entry["Detail"], *self.entry["Resources"]]
        return 14 + sum(len(text.encode()) for text in texts)


def handler(event: dict[str, Any], context: LambdaContext) -> "PartialItemFailureResponse":  # noqa: ARG001 (Lambda's)
    """Put a batch of the stream's events on the bus. A record that fails is reported, and Lambda retries it.

    An organization's events are put one after the other: where one fails, those behind it wait. Nobody else's do.
    """
    lines = _by_organization(record for record in event["Records"] if _is_new_event(record))
    failed: list[Record] = []
    while lines:
        refused = _put([line[0] for line in lines])
        failed += [record for line in lines if _number(line[0]) in refused for record in line]
        lines = [line[1:] for line in lines if len(line) > 1 and _number(line[0]) not in refused]
    return {"batchItemFailures": [{"itemIdentifier": _number(record)} for record in failed]}


def detail_of(event: Event) -> dict[str, Any]:
    """Show an event as the API does, but with nobody's name or address, and no word that somebody wrote."""
    return {
        "version": VERSION,
        "id": event.id,
        "type": event.type,
        "organization_id": event.organization_id,
        "at": rfc3339(event.at),
        "occurred_at": rfc3339(event.occurred_at or event.at),
        "actor": {"type": event.actor_type, "id": event.actor_id},
        "via": event.via,
        "target": {"type": event.target_type, "id": event.target_id},
        "data": {name: value for name, value in event.data.items() if name in SHOWN},
        "request_id": event.request_id,
    }


def _is_new_event(record: Record) -> bool:
    return bool(record["eventName"] == "INSERT" and record["dynamodb"]["NewImage"].get("kind") == {"S": "event"})


def _by_organization(records: Iterable[Record]) -> list[list[Record]]:
    lines: dict[str, list[Record]] = {}
    for record in records:
        lines.setdefault(record["dynamodb"]["Keys"]["pk"]["S"], []).append(record)
    return [*lines.values()]


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _put(records: Sequence[Record]) -> set[str]:
    """Put events of as many organizations on the bus, and return the numbers of those that it did not take."""
    told: list[Told] = []
    refused: set[str] = set()
    for record in records:
        try:
            told.append(_told(record))
        except Exception as error:  # noqa: BLE001 (whatever is wrong with one record, the others are put)
            refused.add(_number(record))
            logger.warning("The record is no event.", extra={"key": record["dynamodb"]["Keys"], "error": _name(error)})
            count("EventsFailing")
    for call in _calls(told):
        for one, fault in zip(call, _faults(call), strict=True):
            about = {"event_type": one.event.type, "event_id": one.event.id}
            about["organization_id"] = one.event.organization_id
            if fault is None:
                logger.info("The event is published.", extra=about)
                count("EventsPublished")
            else:
                refused.add(one.number)
                logger.warning("The event comes again.", extra=about | {"code": fault})
                count("EventsFailing")
    return refused


def _told(record: Record) -> Told:
    event = Event.from_raw_data(record["dynamodb"]["NewImage"])
    entry: PutEventsRequestEntryTypeDef = {
        "EventBusName": os.environ["EVENT_BUS"],
        "Source": SOURCE,
        "DetailType": event.type,
        "Time": event.at,
        "Resources": [record["eventSourceARN"].partition("/stream/")[0]],  # the table, and so the deployment
        "Detail": json.dumps(detail_of(event)),
    }
    return Told(event, _number(record), entry)


def _calls(told: Iterable[Told]) -> Iterator[list[Told]]:
    """Split events into calls that EventBridge takes. One that is too large for any is alone, and refused by itself."""
    call: list[Told] = []
    for one in told:
        if call and (len(call) == MOST_ENTRIES or sum(part.size for part in [*call, one]) > MOST_BYTES):
            yield call
            call = []
        call.append(one)
    if call:
        yield call


def _faults(call: Sequence[Told]) -> list[str | None]:
    """Make a call, and return for each event AWS's word for what was wrong with it, or None."""
    try:
        answer = _bus.put_events(Entries=[one.entry for one in call])
    except (BotoCoreError, ClientError) as error:
        return [_name(error)] * len(call)
    return [entry.get("ErrorCode") for entry in answer["Entries"]]


def _name(error: Exception) -> str:
    """Return the code of an error of AWS's, or the kind of another: never its own words, which may quote a record."""
    code = error.response["Error"].get("Code") if isinstance(error, ClientError) else None
    return code or type(error).__name__
