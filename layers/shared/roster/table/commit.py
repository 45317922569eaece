"""Committing: one TransactWriteItems has a change, its one event, and a check of every item that the decision used."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite
from ulid import ULID

from roster import clock
from roster.metrics import count
from roster.policy.decisions import Growth
from roster.table import turns
from roster.table.base import Item
from roster.table.conditions import at_most, has_room, move, set_to, unchanged
from roster.table.connections import commits
from roster.table.faults import (
    AWS_ERRORS,
    CONFLICT,
    SENDING,
    Busy,
    in_request,
    is_conflict,
    is_fault,
    is_unknown,
    pauses,
)
from roster.table.items import CustomRoles, DayCounts, Event, Organization
from roster.table.keys import Key
from roster.table.mails import MailCount
from roster.table.read import read

TRIES = 8
SENT = ("check", "delete", "put", "update")  # the order in which pynamodb sends operations

type Verb = Literal["check", "delete", "put", "update"]


class LostRace(Exception):
    """An item that the decision used has changed since it was read: read again, decide again."""


@dataclass(frozen=True)
class _Operation:
    verb: Verb
    item: Item
    condition: Condition | None
    actions: list[Action]


class Transaction:
    """Operations that are done together or not at all.

    DynamoDB takes one operation on an item: a check that comes before another operation on it becomes a part of that
    one's condition. `id` and `at` (whole seconds) are drawn once; `id` is the stamp of what is changed.
    """

    def __init__(self) -> None:
        now = clock.now()
        self.id = str(ULID.from_datetime(now))
        self.at: datetime = clock.whole_seconds(now)
        self._operations: dict[Key[Item], _Operation] = {}
        self._checked: set[Key[Item]] = set()
        self._rewritten: set[Key[Item]] = set()  # what was read, and is to have another stamp

    def check(self, item: Item) -> None:
        """Require that an item is as it was read. Asked again, it asks no more."""
        key = item.primary_key
        if key not in self._checked:
            self._checked.add(key)
            self._add("check", item, unchanged(item))

    def check_absent(self, item: Item) -> None:
        """Require that still nothing stands under this item's key."""
        self._add("check", item, Item.pk.does_not_exist())

    def require(self, item: Item, condition: Condition) -> None:
        """Require a condition of the caller's own."""
        self._add("check", item, condition)

    def create(self, item: Item) -> None:
        """Put an item where none stands."""
        self.put_if(item, Item.pk.does_not_exist())

    def replace(self, old: Item, new: Item) -> None:
        """Put an item in the place of one that is as it was read."""
        self._rewritten.add(old.primary_key)
        self.put_if(new, unchanged(old))

    def put(self, item: Item) -> None:
        """Put an item, whatever stands under its key."""
        self._add("put", item, None)

    def put_if(self, item: Item, condition: Condition) -> None:
        """Put an item on a condition of the caller's own."""
        item.stamp = self.id
        self._add("put", item, condition)

    def update(self, item: Item, values: Mapping[str, Any]) -> None:
        """Set attributes of an item that is as it was read, in the table and on `item`; None removes one."""
        self._rewritten.add(item.primary_key)
        self.set_if(item, {**values, "stamp": self.id}, unchanged(item))

    def set_if(self, item: Item, values: Mapping[str, Any], condition: Condition) -> None:
        """Set attributes on a condition of the caller's own; the stamp stays."""
        self._add("update", item, condition, [set_to(item, name, value) for name, value in values.items()])
        for name, value in values.items():
            setattr(item, name, value)

    def add_if(self, item: Item, counts: Mapping[str, int], condition: Condition) -> None:
        """Move counts of an item on a condition; the stamp stays."""
        self._add("update", item, condition, [getattr(type(item), name).add(by) for name, by in counts.items()])
        for name, by in counts.items():
            setattr(item, name, getattr(item, name) + by)

    def tally(self, item: DayCounts, day: str, counts: Mapping[str, int], bounds: Mapping[str, int]) -> None:
        """Move counts of an item's day, which begin anew with each, while those named are no more; the stamp stays."""
        if item.counted_on == day:
            condition: Condition = Item.pk.exists() & (DayCounts.counted_on == day)
            for name, bound in bounds.items():
                condition &= at_most(DayCounts.counts[name], bound)
            actions = [move(DayCounts.counts[name], by) for name, by in counts.items()]
        else:
            # Never back to an earlier day: what is committed late, past midnight, is decided again.
            condition = Item.pk.exists() & (DayCounts.counted_on.does_not_exist() | (DayCounts.counted_on < day))
            actions = [DayCounts.counted_on.set(day), DayCounts.counts.set(dict(counts))]
        self._add("update", item, condition, actions)

    def count_mail(self, item: MailCount, maximum: int) -> None:
        """Count one mail more, whether or not there is a count yet, while there were fewer than `maximum`."""
        condition = MailCount.mails.does_not_exist() | (MailCount.mails < maximum)
        actions = [MailCount.mails.add(1), MailCount.ttl.set(item.ttl), MailCount.kind.set(MailCount)]
        self._add("update", item, condition, actions)

    def delete(self, item: Item) -> None:
        """Delete an item that is as it was read."""
        self._rewritten.add(item.primary_key)
        self._add("delete", item, unchanged(item))

    def discard(self, item: Item) -> None:
        """Delete whatever stands under an item's key, if anything does."""
        self._add("delete", item, None)

    def room(self, organization: Organization, growth: Growth) -> None:
        """Require that the organization exists and that its plan has room for this."""
        self._add("check", organization, has_room(organization, growth))

    def grow(self, organization: Organization, growth: Growth) -> None:
        """Move the organization's counts, within its plan's limits and never below one owner."""
        moves = {name: by for name, by in (("members", growth.members), ("owners", growth.owners)) if by}
        if moves:
            self.add_if(organization, moves, has_room(organization, growth))
        elif growth.custom:
            self.room(organization, growth)

    def hold(self, custom: CustomRoles, moves: Mapping[str, int]) -> None:
        """Move the counts of holders of custom roles, if the roles are as they were read; the stamp stays."""
        actions = [move(CustomRoles.holders[name], by) for name, by in moves.items()]
        self._add("update", custom, unchanged(custom), actions)

    def retire(self, custom: CustomRoles, name: str) -> None:
        """Delete a custom role that nobody holds, from roles that are as they were read."""
        self._rewritten.add(custom.primary_key)
        held = CustomRoles.holders[name]
        others = {other: role for other, role in custom.roles.items() if other != name}
        actions = [CustomRoles.roles.set(others), CustomRoles.stamp.set(self.id), held.remove()]
        self._add("update", custom, unchanged(custom) & (held.does_not_exist() | (held == 0)), actions)

    def commit(self) -> None:
        """Do it all, or nothing.

        In a request, what conflicts waits for its turn until the request's time is over; all else, and everything
        outside of requests, is tried TRIES times. Raises LostRace if a condition failed, and Busy in the end.
        """
        waits = pauses(TRIES)
        conflicts = 0
        unknown = False  # whether some sending so far has had an unknown outcome
        while True:
            try:
                self._send()
            except AWS_ERRORS as error:
                unknown |= is_unknown(error)
                if unknown and self._happened():
                    return
                if "ConditionalCheckFailed" in _reasons(error):
                    raise LostRace from error
                if not is_fault(error):
                    raise
                count("Retries", reason="unknown" if is_unknown(error) else "conflict")
                if is_conflict(error) and in_request():
                    if not unknown and self._is_outrun(error):
                        raise LostRace from error
                    conflicts += 1
                    turns.wait(self._organization_id(), turns.SENDING, tries=conflicts, reserve=SENDING)
                    continue
                pause = next(waits, None)
                if pause is None:
                    raise Busy from error
                time.sleep(pause)
            else:
                return

    def _organization_id(self) -> str | None:
        """Return the organization that this changes, of whose changes one is made at a time. Without an event, none."""
        return None

    def _happened(self) -> bool:
        """Tell whether an earlier sending was done after all. Without an event nothing tells: it is sent again."""
        return False

    def _is_outrun(self, error: Exception) -> bool:
        """Tell whether somebody else is at an item just now that this rewrites as it was read.

        It is another one by the time that it is this one's turn, and the decision is made anew then.
        """
        sent = sorted(self._operations.items(), key=lambda one: SENT.index(one[1].verb))
        met = {key for (key, _), reason in zip(sent, _reasons(error), strict=False) if reason == CONFLICT}
        return not met.isdisjoint(self._rewritten)

    def _send(self) -> None:
        with TransactWrite(connection=commits, client_request_token=self.id) as transaction:
            for operation in self._operations.values():
                item, condition = operation.item, operation.condition
                match operation.verb:
                    case "check":
                        transaction.condition_check(type(item), item.pk, item.sk, condition=condition)
                    case "delete":
                        transaction.delete(item, condition=condition)
                    case "put":
                        transaction.save(item, condition=condition)
                    case "update":
                        transaction.update(item, actions=operation.actions, condition=condition)

    def _add(self, verb: Verb, item: Item, condition: Condition | None, actions: Iterable[Action] = ()) -> None:
        key = item.primary_key
        earlier = self._operations.get(key)
        if earlier is not None:
            if earlier.verb != "check":
                raise ValueError(f"{key} is changed already: check it before the change")
            condition = earlier.condition if condition is None else earlier.condition & condition
        self._operations[key] = _Operation(verb, item, condition, list(actions))


class Change(Transaction):
    """A transaction with its one activity event: there is no other way to change an organization.

    An unknown outcome is never decided anew, or a success would be answered as a refusal. The event is there, and it
    is done; or the same transaction is sent again, and only if that fails without the event is it a lost race.
    """

    def __init__(self, event: Event, *, kept: timedelta | None) -> None:
        """Begin a change that `event` tells of; the event is kept this long, or for good."""
        super().__init__()
        self.event = event
        event.sk, event.at = self.id, self.at
        event.gsi1sk = None if event.gsi1pk is None else self.id
        event.ttl = None if kept is None else int((self.at + kept).timestamp())
        self.create(event)

    def _organization_id(self) -> str | None:
        return self.event.organization_id

    def _happened(self) -> bool:
        key = self.event.primary_key
        try:
            return read([key])[key] is not None
        except (Busy, *AWS_ERRORS) as error:
            if isinstance(error, Busy) or is_fault(error):
                return False  # not known yet: the same transaction is sent again, which does nothing twice
            raise


def _reasons(error: Exception) -> list[str | None]:
    """Return why each operation was refused, in the order in which they were sent: of whichever, None if it was not."""
    reasons = error.cancellation_reasons if isinstance(error, TransactWriteError) else []
    return [None if reason is None else reason.code for reason in reasons]
