"""Activity: the types of event, and the sentence of each, said once for the log, the export and the mails."""

from collections.abc import Callable, Mapping
from typing import Any

NOBODY_NAMED = "Someone"
ERASED = "a former user"

type Sentence = Callable[[str, str, Mapping[str, Any]], str]


def _listed(roles: list[str]) -> str:
    return " and ".join(roles) if roles else "no role"


# Event type: (actor, target, data) -> what happened, in the past tense.
SENTENCES: dict[str, Sentence] = {
    "organization.created": lambda actor, target, _data: f"{actor} founded {target}.",
    "organization.updated": lambda actor, target, data: f"{actor} changed {_changes(data)} of {target}.",
    "organization.plan_changed": lambda actor, target, data: (
        f"{actor} moved {target} from the plan {data.get('from')} to {data.get('to')}."
    ),
    "organization.deleted": lambda actor, target, _data: f"{actor} deleted {target}.",
    "invitation.sent": lambda actor, target, data: f"{actor} invited {target} as {_listed(data.get('roles', []))}.",
    "invitation.resent": lambda actor, target, _data: f"{actor} sent the invitation of {target} again.",
    "invitation.accepted": lambda actor, _target, data: f"{actor} joined as {_listed(data.get('roles', []))}.",
    "invitation.declined": lambda _actor, target, _data: f"{target} declined the invitation.",
    "invitation.canceled": lambda actor, target, _data: f"{actor} canceled the invitation of {target}.",
    "member.removed": lambda actor, target, _data: f"{actor} removed {target}.",
    "member.left": lambda actor, _target, _data: f"{actor} left.",
    "member.roles_changed": lambda actor, target, data: (
        f"{actor} changed the roles of {target} from {_listed(data.get('from', []))} to {_listed(data.get('to', []))}."
    ),
}


def sentence(event_type: str, actor: str, target: str, data: Mapping[str, Any]) -> str:
    """Say what an event tells, of an actor and a target as they are called."""
    text = SENTENCES[event_type](actor, target, data)
    return text[0].upper() + text[1:]


def _changes(data: Mapping[str, Any]) -> str:
    named = {"name": "the name", "email_notifications": "the mail setting"}
    return " and ".join(named.get(field, field) for field in data.get("changed", [])) or "the details"
