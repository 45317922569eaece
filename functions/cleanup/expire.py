"""Every 15 minutes, the sweep: invitations past their time become expired, deleted organizations are purged."""

import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched, zip_longest
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from roster.clock import now, rfc3339
from roster.membership.changes import system_change
from roster.membership.ownership import NAMELESS
from roster.membership.requirements import require_own_pack
from roster.metrics import count
from roster.table.base import Item
from roster.table.commit import LostRace, Transaction
from roster.table.connections import open_all
from roster.table.items import Invitation, Organization
from roster.table.keys import DUE_SHARDS, Key
from roster.table.purge import purge_page
from roster.table.read import indexed, read

PAGE = 50  # of what is due: with its organizations, one batch
RESERVE = 20_000  # ms, which the last commit or page of a run may take
EMPTY_PASSES = 2

logger = Logger()
open_all()


def handler(_event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """Sweep until nothing is due, or the time is nearly up. The next run continues.

    Returns how many invitations expired, and how many items of deleted organizations were deleted.
    """
    sweep = Sweep(context)
    sweep.run()
    done = {"expired": sweep.expired, "purged": sweep.purged}
    count("Expired", sweep.expired)
    count("Purged", sweep.purged)
    count("SweepsUnfinished", int(sweep.left))
    count("Lag", sweep.lag.total_seconds(), MetricUnit.Seconds)
    logger.info("swept", extra={**done, "failed": sweep.failed, "left": sweep.left})
    if sweep.failed:
        raise RuntimeError(f"{sweep.failed} could not be swept")  # so that the alarm rings: each is logged
    return done


@dataclass
class Sweep:
    """One run, and what it has done. If two run at once, conditions let only one of them do each thing."""

    context: LambdaContext
    expired: int = 0
    purged: int = 0
    failed: int = 0
    left: bool = False  # whether there is more to do than there was time for
    lag: timedelta = timedelta()  # by which the oldest was late

    def in_time(self, reserve: int = RESERVE) -> bool:
        """Tell whether there is time for one thing more, if so many milliseconds are to be left."""
        return self.context.get_remaining_time_in_millis() > reserve

    def run(self) -> None:
        """Expire what is due, and purge. Each gets half of the time, and what the other does not need."""
        due, deleted = _due(), deque[Organization]()
        for reserve in (max(RESERVE, self.context.get_remaining_time_in_millis() // 2), RESERVE):
            while self.in_time(reserve) and (found := next(due, None)) is not None:
                match found:
                    case Organization(deleted_at=datetime()) as organization, _:
                        deleted.append(organization)
                    case Invitation() as invitation, organization:
                        self._attempt(self._expire, invitation, organization)
            while self.in_time() and deleted:
                self._attempt(self._purge, deleted.popleft())
        self.left = self.left or bool(deleted) or next(due, None) is not None

    def _attempt[*Arguments](self, act: Callable[[*Arguments], None], *arguments: *Arguments) -> None:
        """Do one thing. What fails holds up nothing else, and is due at the next run again."""
        try:
            act(*arguments)
        except LostRace:
            pass  # somebody was faster: there is nothing left to do, or it is no longer due
        except Exception as error:  # noqa: BLE001 (whatever is wrong with one, the others are due as well)
            self.failed += 1
            where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            # Never the error's own words, which may quote what it was about.
            logger.error("not swept", extra={"error": type(error).__name__, "where": where})  # noqa: TRY400

    def _expire(self, invitation: Invitation, organization: Organization | None) -> None:
        """Let an invitation expire, unless it was answered, canceled or sent again since the index was read."""
        if organization is None or organization.deleted_at is not None:
            return
        require_own_pack(organization)  # it stays due, and the alarm rings
        target = ("invitation", invitation.id)
        change = system_change(organization, "invitation.expired", target, request_id=self.context.aws_request_id)
        late = change.at - invitation.expires_at
        if invitation.status != "pending" or late < timedelta():
            return
        self.lag = max(self.lag, late)
        # The stamp stays: nobody has changed anything. So another run is told by the status alone.
        still_pending = (Item.stamp == invitation.stamp) & (Invitation.status == "pending")
        change.set_if(invitation, {"status": "expired", "gsi2pk": None, "gsi2sk": None}, still_pending)
        change.commit()
        count("Changes", type=change.event.type)
        self.expired += 1

    def _purge(self, organization: Organization) -> None:
        """Delete all that stands beside the tombstone, page by page, and then its name.

        It falls due when nothing can be added any more. The log is elsewhere, and has its own time.
        """
        empty_passes = items = 0
        while empty_passes < EMPTY_PASSES and self.in_time():
            found = purge_page(Organization.key(organization.id))
            items += found
            self.purged += found
            empty_passes = 0 if found else empty_passes + 1
        done = empty_passes == EMPTY_PASSES
        self.left |= not done
        if done:
            finish = Transaction()
            empty = {**NAMELESS, "gsi2pk": None, "gsi2sk": None}
            finish.set_if(organization, empty, Organization.deleted_at.exists())
            finish.commit()
        logger.info("purged", extra={"organization_id": organization.id, "items": items, "done": done})


def _due() -> Iterator[tuple[Item, Organization | None]]:
    """Yield what is due, each with its organization; what is gone meanwhile is passed over."""
    for keys in batched(_due_keys(), PAGE, strict=False):
        batch = read([*keys, *map(_organization_of, keys)])
        yield from ((item, batch[_organization_of(key)]) for key in keys if (item := batch[key]) is not None)


def _due_keys() -> Iterator[Key[Any]]:
    """Yield the keys of what is due, of all shards in turn, the longest overdue first."""
    before = f"{rfc3339(now())}$"  # just behind what falls due in this second: "$" comes after "#"
    shards = (indexed(f"DUE#{shard}", before=before) for shard in range(DUE_SHARDS))
    return (key for row in zip_longest(*shards) for key in row if key is not None)


def _organization_of(key: Key[Any]) -> Key[Organization]:
    return Organization.key(key.pk.removeprefix("ORG#"))
