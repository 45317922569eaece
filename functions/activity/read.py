"""GET /organizations/{organization_id}/activity: who did what, newest first."""

from collections.abc import Iterable
from typing import Any

from roster.activity import ERASED, NOBODY_NAMED, sentence
from roster.api.answers import Answer
from roster.api.app import App
from roster.api.fields import PageQuery
from roster.api.invited import invitation_keys
from roster.api.pages import ULID, after, listed
from roster.api.request import Request
from roster.clock import rfc3339
from roster.table.items import Event, Key, Organization, User
from roster.table.read import Batch, page, read

handler = App()


@handler.route("GET", "/organizations/{organization_id}/activity")
def read_activity(request: Request, organization_id: str, query: PageQuery) -> Answer:
    """List what happened in an organization."""
    cursor = after(query, ULID)
    standing = request.standing(organization_id)
    standing.require("activity:read")
    found = page(Event, f"LOG#{organization_id}", limit=query.limit, cursor=cursor, newest_first=True)
    named = read(_named(found.items)).with_item(standing.organization)
    return listed([_shape(event, named) for event in found.items], found.next_cursor)


def _named(events: Iterable[Event]) -> list[Key[Any]]:
    """Return where the names stand that these events need: of people, and of the addresses invited."""
    keys: list[Key[Any]] = []
    for event in events:
        if event.actor_type == "user" and event.actor_id is not None:
            keys.append(User.key(event.actor_id))
        if event.target_type == "member":
            keys.append(User.key(event.target_id))
        elif event.target_type == "invitation":
            keys += invitation_keys(event.organization_id, event.target_id)
    return keys


def _shape(event: Event, named: Batch) -> dict[str, Any]:
    actor = named[User.key(event.actor_id)] if event.actor_type == "user" and event.actor_id else None
    target_name, target_spoken = _target(event, named)
    return {
        "id": event.id,
        "type": event.type,
        "at": rfc3339(event.at),
        "occurred_at": rfc3339(event.at),
        "actor": {
            "type": event.actor_type,
            "id": event.actor_id,
            "name": actor and actor.name,
            "email": actor and actor.email,
        },
        "via": event.via,
        "target": {"type": event.target_type, "id": event.target_id, "name": target_name},
        "data": event.data,
        "sentence": sentence(event.type, _spoken(event.actor_type, event.actor_id, actor), target_spoken, event.data),
        "request_id": event.request_id,
    }


def _target(event: Event, named: Batch) -> tuple[str | None, str]:
    """Return the target's name, and how a sentence calls it."""
    if event.target_type == "organization":
        organization = named[Organization.key(event.target_id)]
        return (organization.name, organization.name) if organization else (None, "the organization")
    if event.target_type == "invitation":
        open_key, joined_key = invitation_keys(event.organization_id, event.target_id)
        invitation = named[open_key] or named[joined_key]
        return (invitation.email, invitation.email) if invitation else (None, "an address no longer kept")
    user = named[User.key(event.target_id)]
    return (user.name if user else None), _spoken("user", event.target_id, user)


def _spoken(actor_type: str, actor_id: str | None, user: User | None) -> str:
    """Return how a sentence calls who did something: by their name, or by what they are."""
    if actor_type != "user":
        return actor_id or "Roster"
    return ERASED if user is None else user.name or NOBODY_NAMED
