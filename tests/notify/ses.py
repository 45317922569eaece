"""SES as EventBridge hands on what it tells of a mail, with the addresses and words that such an event is full of."""

from collections.abc import Mapping
from typing import Any

RECIPIENT = "grace@example.com"
DETAILS: dict[str, tuple[str, dict[str, Any]]] = {
    "Email Sent": ("Send", {"send": {}}),
    "Email Delivered": ("Delivery", {"delivery": {"recipients": [RECIPIENT], "smtpResponse": "250 ok"}}),
    "Email Bounced": (
        "Bounce",
        {
            "bounce": {
                "feedbackId": "0100019f-6ad1",
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [
                    {"emailAddress": RECIPIENT, "action": "failed", "status": "5.1.1", "diagnosticCode": "user unknown"}
                ],
                "timestamp": "2026-01-31T12:00:02.000Z",
                "reportingMTA": "dsn; mx.example.com",
            }
        },
    ),
    "Email Rejected": ("Reject", {"reject": {"reason": "Bad content"}}),
    "Email Complaint Received": (
        "Complaint",
        {
            "complaint": {
                "feedbackId": "0100019f-6ad2",
                "complainedRecipients": [{"emailAddress": RECIPIENT}],
                "complaintFeedbackType": "abuse",
                "timestamp": "2026-01-31T12:00:02.000Z",
            }
        },
    ),
    "Email Delivery Delayed": ("DeliveryDelay", {"deliveryDelay": {"delayType": "MailboxFull"}}),
}


def ses_event(detail_type: str, tags: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """What EventBridge hands over; `more` changes what is told, as in `bounce={"bounceType": "Transient"}`."""
    event_type, told = DETAILS[detail_type]
    return {
        "version": "0",
        "id": "12c31ab5-0b6b-4ff2-9e1c-b02f2ef86e2f",
        "detail-type": detail_type,
        "source": "aws.ses",
        "account": "000000000000",
        "time": "2026-01-31T12:00:03Z",
        "region": "us-east-1",
        "resources": ["arn:aws:ses:us-east-1:000000000000:configuration-set/MailEvents"],
        "detail": {
            "eventType": event_type,
            **{name: value | more.get(name, {}) for name, value in told.items()},
            "mail": {
                "timestamp": "2026-01-31T12:00:00.000Z",
                "source": "Badges <roster@example.com>",
                "messageId": "0100019f-6ad0",
                "destination": [RECIPIENT],
                "commonHeaders": {"to": [RECIPIENT], "subject": "Ada invites you to Acme"},
                "tags": {
                    "ses:configuration-set": ["MailEvents"],
                    "ses:from-domain": ["example.com"],
                    **{name: [value] for name, value in tags.items()},
                },
            },
        },
    }
