"""How much may be sent and created in a day (UTC)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from roster.api.problems import TooManyRequests
from roster.policy.pack import Pack, Plan
from roster.table.commit import Change, Transaction
from roster.table.items import DayCounts, InvitationAttributes, Organization, User
from roster.table.keys import day_of

# Who mails so many dead or unwilling addresses endangers everybody's mail: SES judges the account as a whole.
BOUNCES_JUDGED_FROM = 20  # invitations mailed that day
BOUNCES_ALLOWED = 20  # one in so many: 5 %
COMPLAINTS_ALLOWED = 1


def sends_so_far(invitation: InvitationAttributes | None, moment: datetime) -> int:
    """Return how often an address was sent an invitation on this day, by what its invitation remembers."""
    if invitation is None or invitation.sends_on != day_of(moment):
        return 0
    return invitation.sends_that_day


def creations_so_far(user: User | None, moment: datetime) -> int:
    """Return how many organizations a person created on this day."""
    if user is None or user.creations_on != day_of(moment):
        return 0
    return user.creations_that_day or 0


def counted_together(user: User, other: User | None) -> dict[str, Any]:
    """Return what is counted of a person who has another id from now on: of the later day, or of both on the same."""
    together: dict[str, Any] = {}
    if user.counted_on is not None and (other is None or (other.counted_on or "") <= user.counted_on):
        counts = Counter(user.counts or {})
        if other is not None and other.counted_on == user.counted_on:
            counts.update(other.counts or {})
        together |= {"counted_on": user.counted_on, "counts": dict(counts)}
    if user.creations_on is not None and (other is None or (other.creations_on or "") <= user.creations_on):
        same = other is not None and other.creations_on == user.creations_on
        others = other.creations_that_day or 0 if other is not None and same else 0
        together |= {"creations_on": user.creations_on, "creations_that_day": (user.creations_that_day or 0) + others}
    return together


def require_sendable(
    pack: Pack,
    organization: Organization,
    sender: User | None,
    invitation: InvitationAttributes | None,
    moment: datetime,
) -> None:
    """Raise TooManyRequests if the address, the organization or the sender has had their share of the day.

    A person's share is that of the organization's plan, over all their organizations on it. Bounces and complaints in
    any of their organizations stop them in those on the pack's first plan: a person who pays for one is known. On a
    plan that the pack does not know, nothing is.
    """
    day, plan = day_of(moment), pack.plan(organization.plan)
    if sends_so_far(invitation, moment) >= pack.invitations_per_address:
        raise enough("invitations_per_address", pack.invitations_per_address, moment)
    if organization.counted(day, "sent") >= plan.invitations_per_day:
        raise enough("invitations_per_day", plan.invitations_per_day, moment)
    if sender is not None and sender.counted(day, _sent_on(plan)) >= plan.invitations_per_day:
        raise enough("invitations_per_person", plan.invitations_per_day, moment)
    _require_wanted(organization, day, moment)
    if sender is not None and (plan == pack.first_plan or plan.name not in pack.plans):
        _require_wanted(sender, day, moment)


def _require_wanted(sender: DayCounts, day: str, moment: datetime) -> None:
    """Raise TooManyRequests if too much of what was mailed has come back."""
    mailed = sender.counted(day, "mailed")
    if mailed >= BOUNCES_JUDGED_FROM and sender.counted(day, "bounces") * BOUNCES_ALLOWED > mailed:
        raise _refusal("bounces", "Too many of today's invitations could not be delivered.", moment)
    if sender.counted(day, "complaints") > COMPLAINTS_ALLOWED:
        raise _refusal("complaints", "Too many people complained about today's invitations.", moment)


def count_sending(change: Change, pack: Pack, organization: Organization, sender_id: str, sender: User | None) -> None:
    """Count one more invitation sent on the change's day: within the shares, and while no more come back."""
    day, plan = day_of(change.at), pack.plan(organization.plan)
    mailed = int(organization.email_notifications)
    if sender is None:  # whom nothing is known of yet
        counts = {_sent_on(plan): 1, "mailed": mailed}
        change.create(User(*User.key(sender_id), counted_on=day, counts=counts))
    for one, sent in ((organization, "sent"), (sender, _sent_on(plan))):
        if one is not None:
            back = {name: one.counted(day, name) for name in ("bounces", "complaints")}
            change.tally(one, day, {sent: 1, "mailed": mailed}, {sent: plan.invitations_per_day - 1, **back})


def count_feedback(
    transaction: Transaction, organization: Organization | None, sender: User | None, count: str
) -> None:
    """Count one more of the `bounces` or `complaints` of the day, against the organization and who sent it."""
    for one in (organization, sender):
        if one is not None:
            transaction.tally(one, day_of(transaction.at), {count: 1}, {})


def _sent_on(plan: Plan) -> str:
    """Name the count of what a person sent in organizations of a plan."""
    return f"sent on {plan.name}"


def enough(limit: str, maximum: int, moment: datetime) -> TooManyRequests:
    """Return the refusal of more than a day's share."""
    return _refusal(limit, f"The limit is {maximum} in a day.", moment)


def _refusal(limit: str, sentence: str, moment: datetime) -> TooManyRequests:
    """Refuse until midnight, UTC, when the counts begin anew."""
    midnight = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = max(1, int((midnight - moment).total_seconds()) + 1)
    return TooManyRequests(f"{sentence} It begins anew at midnight, UTC.", {"limit": limit}, retry_after=seconds)
