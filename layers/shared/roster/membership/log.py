"""The activity log: a page of it, newest first and through filters, and its events as the API shows them."""

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from pynamodb.expressions.condition import Condition
from ulid import ULID

from roster.activity import ERASED, FORMER_ROLE, NOBODY_NAMED, NOUNS, may_be_recorded, sentence
from roster.api.fields import USER_ID, Query, Timestamp
from roster.api.shown import EventShape
from roster.clock import now, rfc3339
from roster.membership.invitations import invitation_keys
from roster.membership.people import read_named
from roster.policy.decisions import Policy
from roster.table.base import Item
from roster.table.items import Event, Organization, ProductEvent, User
from roster.table.keys import Key
from roster.table.read import Batch, Page, sift

_PEOPLE = frozenset({"member", "user"})
_ROLES = frozenset({"roles", "from", "to"})  # where data has lists of roles


class LogQuery(Query):
    """Which events: of a type or of all about a noun, by an actor, from a moment on, before another."""

    type: str | None = None
    """Only events of this type, or of all types about a noun, such as `member`."""
    actor: str | None = None
    """Only what this user or machine did."""
    since: Timestamp | None = None
    """Only what was recorded at this time or later."""
    until: Timestamp | None = None
    """Only what was recorded before this time."""


# ---- A page of it ----------------------------------------------------------------------------------------------------


def log_page(organization_id: str, query: LogQuery, *, cursor: str | None, limit: int) -> Page[Event]:
    """Read one page of the log, newest first, in one query of each partition. It may hold fewer events, even none.

    By type, it is looked for in several queries of one partition. The cursor is the id of the last event looked at:
    what happens meanwhile has a later one.
    """
    within = _range(query, cursor)
    partitions = _partitions(organization_id, query) if within is not None else []
    if query.type is not None:
        found, end = _of_type(partitions, within, query, limit)
        return Page(_kept(found), end)
    ranges = [_newest_first(partition, within, query, limit) for partition in partitions]
    events = list(islice(heapq.merge(*ranges, key=attrgetter("id"), reverse=True), limit + 1))
    return Page(_kept(events[:limit]), events[limit - 1].id if len(events) > limit else None)


def _partitions(organization_id: str, query: LogQuery) -> list[str]:
    """Return what may hold the events asked for: an actor's partition of gsi1, or Roster's own and the product's."""
    if query.actor is not None:
        known = USER_ID.fullmatch(query.actor)
        return [Event.actor_partition(organization_id, query.actor)] if known else []
    own, products = (kind.key(organization_id, "").pk for kind in (Event, ProductEvent))
    if query.type is None:
        return [own, products]
    return [own if query.type.partition(".")[0] in NOUNS else products]


def _range(query: LogQuery, cursor: str | None) -> Condition | None:
    """Return between which ids the events are that are asked for; None if nothing can be there."""
    first = "0" if query.since is None else _earliest_id(query.since)
    ends = ["~"]
    if query.until is not None:
        ends.append(_earliest_id(query.until)[:-1])  # shorter than an id, so that it is just below it
    if cursor is not None:
        ends.append(f"{cursor[:-1]}{chr(ord(cursor[-1]) - 1)}~")  # just below it
    if first > min(ends):  # which DynamoDB refuses
        return None
    sort_key = Item.sk if query.actor is None else Item.gsi1sk
    return sort_key.between(first, min(ends))


def _newest_first(partition: str, within: Condition | None, query: LogQuery, limit: int) -> Iterator[Event]:
    """Query a partition as far as it is asked for; one more than is shown tells whether there is another page."""
    return iter(
        Event.query(
            partition,
            within,
            index_name=None if query.actor is None else Item.by_owner.Meta.index_name,
            consistent_read=query.actor is None,
            scan_index_forward=False,
            page_size=limit + 1,
        )
    )


def _of_type(partitions: list[str], within: Condition | None, query: LogQuery, limit: int) -> Page[Event]:
    """Look for the events of a type: they can be in one partition only, or in none."""
    if not partitions or within is None or query.type is None or not may_be_recorded(query.type):
        return Page([], None)
    index = None if query.actor is None else Item.by_owner
    wanted = (Event.type == query.type) | Event.type.startswith(f"{query.type}.")
    (partition,) = partitions
    return sift(Event, partition, within, wanted, limit=limit, index=index, newest_first=True)


def _earliest_id(moment: datetime) -> str:
    """Return the lowest id of an event with an `at`, which is in whole seconds, from this moment on."""
    milliseconds = max(0, math.ceil(moment.timestamp()) * 1000)
    return str(ULID.from_bytes(milliseconds.to_bytes(6) + bytes(10)))


def _kept(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if not _is_past_its_time(event)]


def _is_past_its_time(event: Event) -> bool:
    """Tell whether an event is no longer kept: DynamoDB's TTL is only the bin behind that, and days late."""
    return event.ttl is not None and now().timestamp() >= event.ttl


# ---- Its events ------------------------------------------------------------------------------------------------------


def event_shapes(events: Iterable[Event], organization: Organization, policy: Policy) -> list[EventShape]:
    """Show events, with names joined in: one round trip for each 100 people and invitations in them."""
    events = list(events)
    names = read_named(name_keys(events)).with_item(organization)
    return [event_shape(event, names, policy) for event in events]


def name_keys(events: Iterable[Event]) -> list[Key[Any]]:
    """Return where the names stand that these events need: of people, and of the addresses invited."""
    keys: list[Key[Any]] = []
    for event in events:
        if event.actor_type == "user" and event.actor_id is not None:
            keys.append(User.key(event.actor_id))
        if event.target_type in _PEOPLE:
            keys.append(User.key(event.target_id))
        elif event.target_type == "invitation":
            keys += invitation_keys(event.organization_id, event.target_id)
    return keys


def event_shape(event: Event, names: Batch, policy: Policy) -> EventShape:
    """Show an event, with the names as they are now: of who is erased, of a role that is gone, there is none."""
    actor = names[User.key(event.actor_id)] if event.actor_type == "user" and event.actor_id else None
    actor_spoken = _spoken(actor) if event.actor_type == "user" else event.actor_id or "Roster"
    target_name, target_spoken = _target(event, names, policy)
    return {
        "id": event.id,
        "type": event.type,
        "at": rfc3339(event.at),
        "occurred_at": rfc3339(event.occurred_at or event.at),
        "actor": {
            "type": event.actor_type,
            "id": event.actor_id,
            "name": actor.name if actor else None,
            "email": actor.email if actor else None,
        },
        "via": event.via,
        "target": {"type": event.target_type, "id": event.target_id, "name": target_name},
        "data": event.data,
        "sentence": sentence(event.type, actor_spoken, target_spoken, _titled(event.data, policy)),
        "request_id": event.request_id,
    }


def _titled(data: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """Return an event's data with roles by their titles, as its sentence calls them; one that is gone has none."""
    titles = {name: role.title for name, role in policy.roles.items()}
    return {
        key: [titles.get(str(one), FORMER_ROLE) for one in value]
        if key in _ROLES and isinstance(value, list)
        else value
        for key, value in data.items()
    }


def _target(event: Event, names: Batch, policy: Policy) -> tuple[str | None, str]:
    """Return the target's name, and how a sentence calls it."""
    match event.target_type:
        case "member" | "user":
            user = names[User.key(event.target_id)]
            return (user.name if user else None), _spoken(user)
        case "organization":
            organization = names[Organization.key(event.target_id)]
            return (organization.name, organization.name) if organization else (None, "the organization")
        case "invitation":
            open_key, joined_key = invitation_keys(event.organization_id, event.target_id)
            invitation = names[open_key] or names[joined_key]
            return (invitation.email, invitation.email) if invitation else (None, "an address no longer kept")
        case "role":
            role = policy.roles.get(event.target_id)
            title = role.title if role else event.data.get("title")  # of one that is gone, as it was
            return title, title or event.target_id
    return event.target_name, event.target_name or event.target_id


def _spoken(user: User | None) -> str:
    return ERASED if user is None else user.name or NOBODY_NAMED
