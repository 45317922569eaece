"""The table's stream: who is told what of an event, each mail claimed once and sent through SES."""

import hashlib
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from email_validator import validate_email
from pynamodb.exceptions import PutError, UpdateError

from roster import clock, links
from roster.activity import NOBODY_NAMED
from roster.api.invited import status_of
from roster.api.problems import NotFound
from roster.api.request import see, visible
from roster.mail import compose, plain, readable
from roster.policy.decisions import Policy
from roster.table.faults import is_unknown
from roster.table.items import Event, Invitation, MailClaim, Member, User
from roster.table.read import read

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

TEMPLATES = Path(__file__).with_name("templates")
LEASE = timedelta(minutes=5)  # longer than any run may take
CLAIM_KEPT = timedelta(days=30)
CONDITION_FAILED = "ConditionalCheckFailedException"
# What SES says to a mail that it never takes, however often it is sent.
REFUSED = frozenset({"BadRequestException", "MessageRejected"})

logger = Logger()


class Held(Exception):
    """Another run has claimed this mail, and may be sending it."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail to one person, whom its claim knows by `recipient`: their id, or the hash of their address."""

    recipient: str
    address: str
    template: str
    words: Mapping[str, Any]
    invitation: Invitation | None = None  # whose delivery this is


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Send the mails of a batch of the stream's records. One that fails is reported, and comes again."""
    processor = BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    return process_partial_response(event, deliver, processor, context)


def deliver(record: DynamoDBRecord) -> None:
    """Send the mails that tell of a new event, if there are any."""
    stored = record.raw_event["dynamodb"].get("NewImage", {})
    if record.raw_event["eventName"] != "INSERT" or stored.get("kind") != {"S": "event"}:
        return
    event = Event.from_raw_data(stored)
    if event.type not in TOLD:
        return
    try:
        outcomes = [_send_once(event, mail) for mail in TOLD[event.type](event)]
    except Exception as error:
        # Never the error's own words: SES quotes addresses.
        frames = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        fault = {"error": type(error).__name__, "code": _code(error), "where": where}
        logger.warning("The mail comes again.", extra=_about(event) | fault)
        raise
    logger.info("The mail is done.", extra=_about(event) | {"outcomes": outcomes or ["not due"]})


def _about(event: Event) -> dict[str, object]:
    return {"event_type": event.type, "event_id": event.id, "organization_id": event.organization_id}


# ---- Who is told what ------------------------------------------------------------------------------------------------


def _invitation(event: Event) -> list[Mail]:
    """Tell who is invited, while the invitation is open and this event's link is its current one."""
    key = Invitation.key(event.organization_id, event.target_id)
    member_key, user_key = Member.key(event.organization_id, str(event.actor_id)), User.key(str(event.actor_id))
    batch = read([*visible(event.organization_id), key, member_key, user_key])
    try:
        organization, policy = see(batch, event.organization_id)
    except NotFound:
        return []
    invitation, inviter = batch[key], batch[user_key]
    if invitation is None or invitation.link != event.id or invitation.delivery != "queued":
        return []
    if status_of(invitation, batch[member_key], policy) != "pending":
        return []
    if not organization.email_notifications:
        _set_delivery(invitation, "suppressed")
        return []
    token = links.make(organization.id, invitation.id, invitation.email, event.id)
    words = {
        "to": invitation.email,
        "inviter": _called(inviter),
        "inviter_address": inviter and inviter.email,
        "organization": plain(organization.name),
        "roles": _roles(policy, invitation.roles),
        "address_only": policy.guarded(invitation.roles),
        "message": [plain(line) for line in (invitation.message or "").splitlines()],
        "expires": readable(invitation.expires_at),
        "again": event.type == "invitation.resent",
        "link": f"{os.environ['APP_URL']}/invitation#{token}",
    }
    recipient = hashlib.sha256(invitation.email.encode()).hexdigest()
    return [
        Mail(recipient=recipient, address=invitation.email, template="invitation", words=words, invitation=invitation)
    ]


def _called(user: User | None) -> str:
    return plain((user and user.name) or NOBODY_NAMED) or NOBODY_NAMED


def _roles(policy: Policy, roles: set[str]) -> list[tuple[str, str]]:
    """Return the title and the description of each role."""
    named = [policy.roles[name] for name in policy.in_order(roles)]
    return [(plain(role.title), plain(role.description)) for role in named]


TOLD: Mapping[str, Callable[[Event], list[Mail]]] = {
    "invitation.sent": _invitation,
    "invitation.resent": _invitation,
}


# ---- Each mail once --------------------------------------------------------------------------------------------------


def _send_once(event: Event, mail: Mail) -> str:
    """Send a mail that nobody has sent, and return what became of it. Whatever is raised, it must come again."""
    to = validate_email(mail.address, check_deliverability=False).ascii_email
    if to is None:  # SES takes no letters beyond ASCII before the @
        _set_delivery(mail.invitation, "bounced")
        return "refused"
    message = compose(TEMPLATES, mail.template, mail.words, to=to, event_id=event.id)
    claim = _claim(event, mail)
    if claim is None:
        _set_delivery(mail.invitation, "sent")
        return "sent before"
    try:
        _send(message, to)
    except (BotoCoreError, ClientError) as error:
        if _is_refused(error):
            _set_delivery(mail.invitation, "bounced")
            _close(claim)
            return "refused"
        if not is_unknown(error):
            _release(claim)
        raise  # with the claim, if the mail may have gone out: the next try waits until the lease has run out
    _close(claim)
    _set_delivery(mail.invitation, "sent")
    return "sent"


def _send(message: bytes, to: str) -> None:
    # SES goes by the destination, whatever a header may say.
    _ses().send_email(
        FromEmailAddress=os.environ["MAIL_FROM"],
        Destination={"ToAddresses": [to]},
        Content={"Raw": {"Data": message}},
    )


@cache
def _ses() -> "SESV2Client":
    # It does not try again by itself: after a time-out, that would be a second mail.
    config = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 1})
    return boto3.client("sesv2", config=config)


def _is_refused(error: Exception) -> bool:
    """Tell whether SES refused the mail for good. That it has yet to verify our own address is not the mail's fault."""
    return _code(error) in REFUSED and "not verified" not in str(error)


def _code(error: Exception) -> str | None:
    return error.response["Error"].get("Code") if isinstance(error, ClientError) else None


def _claim(event: Event, mail: Mail) -> MailClaim | None:
    """Claim a mail for this run, or return None if it is done. Raises Held while another run has it."""
    now, key = clock.now(), MailClaim.key(event.id, mail.recipient)
    claim = MailClaim(*key, lease=uuid4().hex, leased_until=now + LEASE, ttl=int((now + CLAIM_KEPT).timestamp()))
    abandoned = MailClaim.sent_at.does_not_exist() & (MailClaim.leased_until <= now)
    ours = MailClaim.lease == claim.lease  # pynamodb repeats a call whose reply was lost
    try:
        claim.save(MailClaim.pk.does_not_exist() | abandoned | ours)
    except PutError as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise
        standing = read([key])[key]
        if standing is None or standing.sent_at is None:
            raise Held from error
        return None
    return claim


def _close(claim: MailClaim) -> None:
    """Say that a mail is done."""
    claim.update([MailClaim.sent_at.set(clock.now())], condition=MailClaim.lease == claim.lease)


def _release(claim: MailClaim) -> None:
    """Leave a mail to the next run."""
    claim.update([MailClaim.leased_until.set(clock.now())], condition=MailClaim.lease == claim.lease)


def _set_delivery(invitation: Invitation | None, delivery: str) -> None:
    """Keep what became of an invitation's mail, unless there is newer word of it, or a newer mail. The stamp stays."""
    if invitation is None:
        return
    still_due = (Invitation.link == invitation.link) & (Invitation.delivery == "queued")
    try:
        invitation.update([Invitation.delivery.set(delivery)], condition=still_due)
    except UpdateError as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise
