"""Beginning a change of an organization: its one event says who did it, the caller or Roster by itself."""

from typing import Any

from roster.api.request import Request
from roster.policy.pack import deployed_pack
from roster.table.commit import Change
from roster.table.items import Event, Organization


def caller_change(
    request: Request, organization: Organization, event_type: str, target: tuple[str, str], **data: object
) -> Change:
    """Begin a change: its event tells what the caller did, to which (type, id)."""
    return _change(
        organization,
        event_type,
        target,
        actor_type="machine" if request.caller.is_machine else "user",
        actor_id=request.caller.user_id,
        data=data,
        request_id=request.id,
        gsi1pk=Event.actor_partition(organization.id, request.caller.user_id),
    )


def system_change(
    organization: Organization, event_type: str, target: tuple[str, str], *, request_id: str | None, **data: object
) -> Change:
    """Begin a change that time, a mail's fate or a changed pack brings: its event names the system as its actor."""
    return _change(organization, event_type, target, actor_type="system", data=data, request_id=request_id)


def _change(organization: Organization, event_type: str, target: tuple[str, str], **more: Any) -> Change:  # noqa: ANN401
    key = Event.key(organization.id, "")  # the change fills in the rest: its id
    event = Event(*key, type=event_type, target_type=target[0], target_id=target[1], **more)
    return Change(event, kept=deployed_pack().plan(organization.plan).activity_kept)
