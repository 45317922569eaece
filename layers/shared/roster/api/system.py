"""What Roster does by itself, asked by nobody: a change whose event names the system as its actor."""

from roster.api.request import deployed_pack
from roster.table.commit import Change
from roster.table.items import Event, Organization


def system_change(
    organization: Organization, event_type: str, target: tuple[str, str], *, request_id: str | None
) -> Change:
    """Begin a change of an organization that time, or a mail's fate, brings: to which (type, id)."""
    return Change(
        Event(
            f"LOG#{organization.id}",
            type=event_type,
            actor_type="system",
            target_type=target[0],
            target_id=target[1],
            request_id=request_id,
        ),
        kept=deployed_pack().plans[organization.plan].activity_kept,
    )
