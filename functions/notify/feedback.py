"""Reports of SES about mails, by EventBridge: they move a delivery on; bounces and complaints are recorded."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from roster.membership.delivery import Sending, move_on
from roster.table.connections import open_all

logger = Logger()
open_all()


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, str]:
    """Handle one event. If this raises, Lambda retries it; an event that cannot be read is not retried."""
    told: dict[str, str] = {}  # never the event's own words: it is full of addresses
    match event:
        case {"detail-type": str(kind), "detail": {"mail": {"tags": {"invitation": _} as tags}} as detail}:
            outcome = "malformed"
            sending, delivery = _sending(tags), _delivery(kind, detail)
            if sending is not None:
                told = {"organization_id": sending.organization_id, "invitation_id": sending.invitation_id}
                outcome = "moves nothing"
                if delivery is not None:
                    outcome = move_on(sending, delivery, request_id=context.aws_request_id)
        case {"detail-type": str(), "detail": {"mail": {}}}:
            outcome = "not of an invitation"
        case _:
            outcome = "malformed"
    log = logger.error if outcome == "malformed" else logger.info
    log("heard", extra={**told, "outcome": outcome})
    return {"outcome": outcome}


def _sending(tags: Mapping[str, Any]) -> Sending | None:
    match tags:
        case {"organization": [str(organization)], "invitation": [str(invitation)], "link": [str(link)]}:
            return Sending(organization, invitation, link)
    return None


def _delivery(kind: str, detail: Mapping[str, Any]) -> str | None:
    """Return what an event makes of a delivery; None for what moves nothing, as a transient bounce does."""
    match kind, detail:
        case "Email Sent", _:
            return "sent"
        case "Email Delivered", _:
            return "delivered"
        case ("Email Bounced", {"bounce": {"bounceType": "Permanent"}}) | ("Email Rejected", _):  # for a virus
            return "bounced"
        case "Email Complaint Received", {"complaint": {"complaintFeedbackType": "not-spam"}}:
            return None
        case "Email Complaint Received", _:
            return "complained"
    return None
