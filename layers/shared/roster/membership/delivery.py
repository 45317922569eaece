"""How an invitation's mail fares: its delivery moves on, and a mail that came back is recorded and counted, once."""

import time
from typing import NamedTuple

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition

from roster.membership.changes import system_change
from roster.membership.invitations import invitation_keys
from roster.membership.quotas import count_feedback
from roster.metrics import count
from roster.table.commit import TRIES, LostRace
from roster.table.faults import pauses
from roster.table.items import InvitationAttributes, Organization, User
from roster.table.read import read

CONDITION_FAILED = "ConditionalCheckFailedException"
# SES's events come in any order, and again: a delivery moves up only. If SES has it, no mail was suppressed after all.
RANKS = {"suppressed": 0, "queued": 0, "sent": 1, "delivered": 2, "bounced": 3, "complained": 3}
# What the log tells of, and the day's count of each.
COUNTED = {"bounced": "bounces", "complained": "complaints"}


class Sending(NamedTuple):
    """One mail of an invitation: `link` is the id of the event that sent it."""

    organization_id: str
    invitation_id: str
    link: str


def move_on(sending: Sending, delivery: str, *, request_id: str) -> str:
    """Move the delivery of an invitation's current mail up to this one; return what became of it.

    A bounce or a complaint is one event in the log. Raises LostRace or Busy if the table cannot take it now.
    """
    waits = pauses(TRIES)
    while True:
        try:
            return _move(sending, delivery, request_id)
        except LostRace:
            pause = next(waits, None)
            if pause is None:
                raise
            time.sleep(pause)


def _move(sending: Sending, delivery: str, request_id: str) -> str:
    organization_key = Organization.key(sending.organization_id)
    open_key, joined_key = invitation_keys(sending.organization_id, sending.invitation_id)
    batch = read([organization_key, open_key, joined_key])
    organization, invitation = batch[organization_key], batch[open_key] or batch[joined_key]
    if invitation is None:  # a batch is no snapshot: it may be on its way from the one key to the other
        invitation = read([joined_key])[joined_key]
    if organization is None or organization.deleted_at is not None:
        return "gone"
    if invitation is None or invitation.link != sending.link:
        return "not the current mail"
    earlier = [one for one, rank in RANKS.items() if rank < RANKS[delivery]]
    if invitation.delivery not in earlier:
        return "known"

    still = (InvitationAttributes.link == sending.link) & InvitationAttributes.delivery.is_in(*earlier)
    if delivery not in COUNTED:
        _set_delivery(invitation, delivery, still)
        return delivery
    sender_key = User.key(str(invitation.invited_by))
    sender = read([sender_key])[sender_key]
    # In one transaction: heard twice, or killed anywhere, it counts once.
    target = ("invitation", sending.invitation_id)
    change = system_change(organization, f"invitation.{delivery}", target, request_id=request_id)
    change.set_if(invitation, {"delivery": delivery}, still)
    count_feedback(change, organization, sender, COUNTED[delivery])
    change.commit()
    count("Changes", type=change.event.type)
    return delivery


def _set_delivery(invitation: InvitationAttributes, delivery: str, still: Condition) -> None:
    try:
        invitation.update([InvitationAttributes.delivery.set(delivery)], condition=still)
    except UpdateError as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise
        raise LostRace from error
