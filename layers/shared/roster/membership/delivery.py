"""What becomes of an invitation's mail: its delivery moves on; a bounce or complaint is recorded and counted once."""

import time
from typing import NamedTuple

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition

from roster.membership.changes import system_change
from roster.membership.invitations import invitation_keys
from roster.membership.people import read_named
from roster.membership.quotas import count_feedback
from roster.membership.requirements import require_own_pack
from roster.metrics import count
from roster.table.commit import TRIES, LostRace, Transaction
from roster.table.faults import pauses
from roster.table.items import Event, InvitationAttributes, Organization, User
from roster.table.mails import CAME_BACK_KEPT, CameBack
from roster.table.read import Batch, read

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

    A bounce or a complaint is one event in the log. It counts against who sent the mail, even if the organization is
    deleted since, or the invitation was sent again or has gone with its member: or that would be the way out. Raises
    LostRace or Busy if the table cannot take it now, OtherPack if the organization is of another pack.
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
    keys = invitation_keys(sending.organization_id, sending.invitation_id)
    sent_key, back_key = Event.key(sending.organization_id, sending.link), CameBack.key(sending.link, delivery)
    batch = read([organization_key, *keys, sent_key, back_key])
    if batch[back_key] is not None:
        return "known"
    organization = batch[organization_key]
    living = None if organization is None or organization.deleted_at is not None else organization
    if living is not None:
        require_own_pack(living)  # it comes again, and ends in the dead letters, where nothing of it is lost
    invitation = None if living is None else _current(batch, sending)
    if living is None or invitation is None:
        if delivery in COUNTED and batch[sent_key] is not None:  # who sent it answers for it all the same
            transaction = Transaction()
            _count(transaction, sending, delivery, living, batch[sent_key])
            transaction.commit()
        return "gone" if living is None else "not the current mail"
    earlier = [one for one, rank in RANKS.items() if rank < RANKS[delivery]]
    if invitation.delivery not in earlier:
        return "known"

    still = (InvitationAttributes.link == sending.link) & InvitationAttributes.delivery.is_in(*earlier)
    if delivery not in COUNTED:
        _set_delivery(invitation, delivery, still)
        return delivery
    # In one transaction: heard twice, or killed anywhere, it counts once.
    target = ("invitation", sending.invitation_id)
    change = system_change(living, f"invitation.{delivery}", target, request_id=request_id)
    change.set_if(invitation, {"delivery": delivery}, still)
    _count(change, sending, delivery, living, batch[sent_key])
    change.commit()
    count("Changes", type=change.event.type)
    return delivery


def _current(batch: Batch, sending: Sending) -> InvitationAttributes | None:
    """Return the invitation, if this mail is its latest one."""
    open_key, joined_key = invitation_keys(sending.organization_id, sending.invitation_id)
    invitation = batch[open_key] or batch[joined_key]
    if invitation is None:  # a batch is no snapshot: it may be on its way from the one key to the other
        invitation = read([joined_key])[joined_key]
    return invitation if invitation is not None and invitation.link == sending.link else None


def _count(
    transaction: Transaction, sending: Sending, delivery: str, organization: Organization | None, sent: Event | None
) -> None:
    """Count once what came back, against the organization and who sent it: the actor of the event that did."""
    key = None if sent is None or sent.actor_id is None else User.key(sent.actor_id)
    sender = None if key is None else read_named([key])[key]
    ttl = int((transaction.at + CAME_BACK_KEPT).timestamp())
    transaction.create(CameBack(*CameBack.key(sending.link, delivery), ttl=ttl))
    count_feedback(transaction, organization, sender, COUNTED[delivery])


def _set_delivery(invitation: InvitationAttributes, delivery: str, still: Condition) -> None:
    try:
        invitation.update([InvitationAttributes.delivery.set(delivery)], condition=still)
    except UpdateError as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise
        raise LostRace from error
