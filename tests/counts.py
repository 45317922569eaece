"""The day's counts of an organization or a person, as tests set and read them."""

from collections.abc import Mapping

from roster.clock import now
from roster.table.items import DayCounts, Organization, User
from roster.table.keys import day_of
from tests.world import Caller, Team


def of(sender: Team | Caller) -> DayCounts:
    """The item that has the counts of an organization, or of a person."""
    if isinstance(sender, Team):
        return Organization.get(*Organization.key(sender.id), consistent_read=True)
    return User.get(*User.key(sender.id), consistent_read=True)


def today(sender: Team | Caller, counts: Mapping[str, int]) -> None:
    """Let the day have counted so much."""
    of(sender).update([DayCounts.counted_on.set(day_of(now())), DayCounts.counts.set(dict(counts))])


def counted(sender: Team | Caller, *names: str) -> tuple[int, ...]:
    """What the day has counted of each."""
    found, day = of(sender), day_of(now())
    return tuple(found.counted(day, name) for name in names)
