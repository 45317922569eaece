"""Each mail once: whoever sends one claims it first, and says on its claim what became of it.

With its first claim, a mail is counted, and one beyond what its address gets in a day is not sent.
"""

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, cast
from uuid import uuid4

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.condition import Condition

from roster import aws, clock
from roster.api.addresses import ascii_form
from roster.mail.compose import compose
from roster.mail.language import Language
from roster.mail.places import Named
from roster.mail.plain import plain
from roster.table.commit import LostRace, Transaction
from roster.table.faults import is_fault, is_unknown, pauses
from roster.table.keys import day_of
from roster.table.mails import CLAIM_KEPT, MAIL_COUNT_KEPT, MailClaim, MailCount
from roster.table.read import read

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client
    from types_boto3_sesv2.type_defs import SendEmailRequestTypeDef

LEASE = timedelta(minutes=5)  # longer than any run may take
TRIES = 6
CONDITION_FAILED = "ConditionalCheckFailedException"
# What SES says to a mail that it never takes, however often it is sent.
REFUSED = frozenset({"BadRequestException", "MessageRejected"})

type Fate = Literal["sent", "refused", "suppressed"]
type Outcome = Fate | Literal["sent before", "refused before", "suppressed before", "no address"]


class Held(Exception):
    """Another run has claimed this mail, and may be sending it."""


class Share(NamedTuple):
    """How many mails of a kind one address gets in a day (UTC)."""

    kind: tuple[str, ...]
    maximum: int


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail to one person, whom its claim knows by `recipient`: their id, or their invitation's."""

    recipient: str
    address: str | None
    template: str
    words: Mapping[str, object]
    language: Language
    shares: tuple[Share, ...]  # it takes from each of these
    tags: Mapping[str, str] = field(default_factory=dict)  # SES puts them on what it tells of the mail's fate
    reply_to: str | None = None  # whom an answer goes to, if not the support
    optional: bool = False  # its reader can switch mails of this kind off


def send_once(event_id: str, mail: Mail) -> Outcome:
    """Send a mail that has not been sent, and return what became of it. If this raises, the mail must be retried."""
    if mail.address is None:
        return "no address"
    to = _in_headers(mail.address)
    if to is None:
        return "refused"
    message = compose(
        mail.template,
        {**mail.words, "to": Named(plain(mail.address))},
        mail.language,
        to=to,
        event_id=event_id,
        reply_to=None if mail.reply_to is None else _in_headers(mail.reply_to),
        optional=mail.optional,
    )
    now = clock.now()
    claim = MailClaim(
        *MailClaim.key(event_id, mail.recipient),
        lease=uuid4().hex,
        leased_until=now + LEASE,
        ttl=int((now + CLAIM_KEPT).timestamp()),
    )
    standing = _claim(claim, mailbox(to), mail.shares, now)
    if standing.outcome is not None:
        return cast("Outcome", standing.outcome if standing is claim else f"{standing.outcome} before")
    outcome: Fate = "sent"
    try:
        _send(message, to, mail.tags)
    except (BotoCoreError, ClientError) as error:
        if not _is_refused(error):
            if not is_unknown(error):
                _release(claim)
            raise  # with the claim, if the mail may have gone out: the next try waits until the lease has run out
        outcome = "refused"
    _close(claim, outcome)
    return outcome


def mailbox(address: str) -> str:
    """Return an address without the part between + and @: one person reads all these spellings."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def error_code(error: Exception) -> str | None:
    """Return AWS's word for an error, if it is one of AWS's."""
    return error.response["Error"].get("Code") if isinstance(error, ClientError) else None


def _in_headers(address: str) -> str | None:
    """Return an address (ASCII) as headers can have it, if they can."""
    written = ascii_form(address)
    # SES takes no letters beyond ASCII before the @, and "=?" may be read as the start of an encoded word, so that the
    # header would name somebody else.
    return None if written is None or "=?" in written else written


def _send(message: bytes, to: str, tags: Mapping[str, str]) -> None:
    request: SendEmailRequestTypeDef = {
        "FromEmailAddress": os.environ["MAIL_FROM"],
        "Destination": {"ToAddresses": [to]},  # SES goes by this, whatever a header may say
        "Content": {"Raw": {"Data": message}},
    }
    if tags:
        request["EmailTags"] = [{"Name": name, "Value": value} for name, value in tags.items()]
    if configuration_set := os.environ.get("CONFIGURATION_SET"):
        request["ConfigurationSetName"] = configuration_set
    ses().send_email(**request)


@cache
def ses() -> "SESV2Client":
    """Make the client of SES: the mailer does at its start."""
    # It does not try again by itself: after a time-out, that would be a second mail.
    config = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 1})
    made: SESV2Client = aws.client("sesv2", config)
    return made


def _is_refused(error: Exception) -> bool:
    """Tell whether SES refused the mail for good. That it has yet to verify our own address is not the mail's fault."""
    return error_code(error) in REFUSED and "not verified" not in str(error)


def _claim(claim: MailClaim, address: str, shares: Iterable[Share], now: datetime) -> MailClaim:
    """Claim a mail for this run; return the claim, or the one that tells what became of the mail.

    The first claim of a mail takes from its shares, in one transaction: however often it is tried, it counts once. One
    for which a share has nothing left is claimed as suppressed. Raises Held while another run has the mail.
    """
    first = Transaction()
    first.create(claim)
    for kind, maximum in shares:
        mails = MailCount(*MailCount.key(day_of(now), address, *kind), ttl=int((now + MAIL_COUNT_KEPT).timestamp()))
        first.count_mail(mails, maximum)
    try:
        first.commit()
    except LostRace:
        if _standing(claim) is not None:  # it has been counted
            return _take(claim, MailClaim.outcome.does_not_exist() & (MailClaim.leased_until <= now))
        claim.outcome = "suppressed"
        return _take(claim, MailClaim.pk.does_not_exist())
    return claim


def _take(claim: MailClaim, free: Condition) -> MailClaim:
    """Write a claim where it is free for this run, or return the one that tells what became of the mail."""
    ours = MailClaim.lease == claim.lease  # pynamodb repeats a call whose reply was lost
    try:
        claim.save(free | ours)
    except PutError as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise
        standing = _standing(claim)
        if standing is None or standing.outcome is None:
            raise Held from error
        return standing
    return claim


def _standing(claim: MailClaim) -> MailClaim | None:
    """Read the claim that stands in the place of this one."""
    key = MailClaim.key(claim.pk.removeprefix("MAIL#"), claim.sk)
    return read([key])[key]


def _close(claim: MailClaim, outcome: Fate) -> None:
    """Say on a claim what became of its mail. Said twice, it does no harm; unsaid, the mail would go out again."""
    waits = pauses(TRIES)
    while True:
        try:
            claim.update([MailClaim.outcome.set(outcome)], condition=MailClaim.lease == claim.lease)
        except UpdateError as error:
            pause = next(waits, None) if is_fault(error) else None
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def _release(claim: MailClaim) -> None:
    """Leave a mail to the next run."""
    claim.update([MailClaim.leased_until.set(clock.now())], condition=MailClaim.lease == claim.lease)
