"""The table's stream: the mails about each new event. Each is claimed once and sent through SES."""

import traceback
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from pynamodb.exceptions import UpdateError

from roster import links
from roster.api.problems import NotFound
from roster.mail.once import CONDITION_FAILED, error_code, send_once, ses
from roster.mail.scene import NotDue
from roster.mail.told import TOLD, Suppressed
from roster.membership.delivery import Sending, move_on
from roster.metrics import count
from roster.table.connections import open_all
from roster.table.items import Event, Invitation

if TYPE_CHECKING:  # Powertools' batches, with all they import, would take a twentieth of a cold start
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse

# What an invitation's mail that came to this, now or before, means for its delivery.
DELIVERY = {"sent": "sent", "refused": "bounced", "suppressed": "suppressed"}

logger = Logger()
open_all()
ses()
links.prepare()


def handler(event: dict[str, Any], context: LambdaContext) -> "PartialItemFailureResponse":
    """Send the mails for a batch of the stream's records. A record that fails is reported, and Lambda retries it."""
    failed: list[str] = []
    for record in event["Records"]:
        try:
            deliver(record, context.aws_request_id)
        except Exception:  # noqa: BLE001 (what failed is logged there, and the others' mails go out)
            failed.append(record["dynamodb"]["SequenceNumber"])
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def deliver(record: dict[str, Any], request_id: str) -> None:
    """Send the mails about a new event, if there are any."""
    stored = record["dynamodb"].get("NewImage", {})
    if record["eventName"] != "INSERT" or stored.get("kind") != {"S": "event"}:
        return
    about: dict[str, object] = {
        "event_type": stored.get("type", {}).get("S"),
        "event_id": stored["sk"]["S"],
        "organization_id": stored["pk"]["S"].removeprefix("LOG#"),
    }
    try:
        event = Event.from_raw_data(stored)
        if event.type not in TOLD:
            return
        outcomes = _tell(event, request_id)
    except Exception as error:
        # Never the error's own words: SES quotes addresses.
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        fault: dict[str, object] = {"error": type(error).__name__, "code": error_code(error), "where": where}
        logger.warning("The mail comes again.", extra=about | fault)
        count("MailsFailing")
        raise
    logger.info("The mail is done.", extra=about | {"outcomes": outcomes or ["not due"]})


def _tell(event: Event, request_id: str) -> list[str]:
    """Send what can be sent, so that nobody waits for somebody else's mail, and then raise what was met first."""
    try:
        mails = TOLD[event.type](event)
    except Suppressed:
        _set_delivery(event, "suppressed")
        return []
    except (NotDue, NotFound):
        return []
    outcomes: list[str] = []
    errors: list[Exception] = []
    for mail in mails:
        try:
            outcomes.append(send_once(event.id, mail))
        except Exception as error:  # noqa: BLE001 (the record fails by it in the end)
            errors.append(error)
        else:
            count("Mails", kind=mail.template, outcome=outcomes[-1])
            if mail.tags:  # it is an invitation's, and SES will tell more of it
                _keep_delivery(event, DELIVERY[outcomes[-1].removesuffix(" before")], request_id)
    if errors:
        raise errors[0]
    return outcomes


def _keep_delivery(event: Event, delivery: str, request_id: str) -> None:
    """Keep what became of an invitation's mail. One that SES never takes came back, as one that bounces later."""
    if delivery == "bounced":
        move_on(Sending(event.organization_id, event.target_id, event.id), delivery, request_id=request_id)
    else:
        _set_delivery(event, delivery)


def _set_delivery(event: Event, delivery: str) -> None:
    """Keep what became of an invitation's mail, unless there is newer word of it, or a newer mail. The stamp stays."""
    still_due = (Invitation.link == event.id) & (Invitation.delivery == "queued")
    invitation = Invitation(*Invitation.key(event.organization_id, event.target_id))
    try:
        invitation.update([Invitation.delivery.set(delivery)], condition=still_due)
    except UpdateError as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise
