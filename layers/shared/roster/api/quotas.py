"""How much may be sent and founded in a day (UTC)."""

from datetime import datetime, timedelta

from roster.api.problems import TooManyRequests
from roster.policy.pack import Pack
from roster.table.commit import Change
from roster.table.items import QUOTA_KEPT, InvitationAttributes, Organization, Quota, day_of


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


def count_sending(change: Change, pack: Pack, organization: Organization, quota: Quota | None) -> None:
    """Count one more invitation sent on the change's day, within the plan's share."""
    if quota is None:
        ends = int((change.at + QUOTA_KEPT).timestamp())
        change.create(Quota(*Quota.key(organization.id, day_of(change.at)), sent=1, ttl=ends))
    else:
        change.add_if(quota, {"sent": 1}, Quota.sent < pack.plans[organization.plan].invitations_per_day)


def enough(limit: str, maximum: int, moment: datetime) -> TooManyRequests:
    """Return the refusal of more than a day's share, which begins anew at midnight, UTC."""
    midnight = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = max(1, int((midnight - moment).total_seconds()) + 1)
    sentence = f"At most {maximum} in a day. It begins anew at midnight, UTC."
    return TooManyRequests(sentence, {"limit": limit}, retry_after=seconds)
