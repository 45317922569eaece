"""How much may be sent and created in a day (UTC)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from roster.api.problems import TooManyRequests
from roster.policy.pack import Pack
from roster.table.commit import Change
from roster.table.items import QUOTA_KEPT, InvitationAttributes, Organization, Quota
from roster.table.keys import day_of

# Who mails so many dead or unwilling addresses endangers everybody's mail: SES judges the account as a whole.
BOUNCES_JUDGED_FROM = 20  # invitations mailed that day
BOUNCES_ALLOWED = 20  # one in so many: 5 %
COMPLAINTS_ALLOWED = 1


def sends_so_far(invitation: InvitationAttributes | None, moment: datetime) -> int:
    """Return how often an address was sent an invitation on this day, by what its invitation remembers."""
    if invitation is None or invitation.sends_on != day_of(moment):
        return 0
    return int(invitation.sends_that_day)


def require_sendable(
    pack: Pack,
    organization: Organization,
    invitation: InvitationAttributes | None,
    quota: Quota | None,
    moment: datetime,
) -> None:
    """Raise TooManyRequests if the address, or the organization, has had its share of the day."""
    if sends_so_far(invitation, moment) >= pack.invitations_per_address:
        raise enough("invitations_per_address", pack.invitations_per_address, moment)
    maximum = pack.plans[organization.plan].invitations_per_day
    if quota is not None and quota.sent >= maximum:
        raise enough("invitations_per_day", maximum, moment)
    if quota is not None and quota.mailed >= BOUNCES_JUDGED_FROM and quota.bounces * BOUNCES_ALLOWED > quota.mailed:
        raise _refusal("bounces", "Too many of today's invitations could not be delivered.", moment)
    if quota is not None and quota.complaints > COMPLAINTS_ALLOWED:
        raise _refusal("complaints", "Too many people complained of today's invitations.", moment)


def count_sending(change: Change, pack: Pack, organization: Organization, quota: Quota | None) -> None:
    """Count one more invitation sent on the change's day: within the plan's share, and while no more come back."""
    counts = {"sent": 1, "mailed": int(organization.email_notifications)}
    if quota is None:
        change.create(_first(change, organization, counts))
    else:
        judged = (Quota.bounces <= quota.bounces) & (Quota.complaints <= quota.complaints)
        change.add_if(quota, counts, (Quota.sent < pack.plans[organization.plan].invitations_per_day) & judged)


def count_feedback(change: Change, organization: Organization, quota: Quota | None, count: str) -> None:
    """Count one more of the `bounces` or `complaints` of the change's day."""
    if quota is None:
        change.create(_first(change, organization, {count: 1}))
    else:
        change.add_if(quota, {count: 1}, Quota.pk.exists())


def _first(change: Change, organization: Organization, counts: Mapping[str, int]) -> Quota:
    key = Quota.key(organization.id, day_of(change.at))
    return Quota(*key, **cast("Any", counts), ttl=int((change.at + QUOTA_KEPT).timestamp()))


def enough(limit: str, maximum: int, moment: datetime) -> TooManyRequests:
    """Return the refusal of more than a day's share."""
    return _refusal(limit, f"At most {maximum} in a day.", moment)


def _refusal(limit: str, sentence: str, moment: datetime) -> TooManyRequests:
    """Refuse until midnight, UTC, when the counts begin anew."""
    midnight = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = max(1, int((midnight - moment).total_seconds()) + 1)
    return TooManyRequests(f"{sentence} It begins anew at midnight, UTC.", {"limit": limit}, retry_after=seconds)
