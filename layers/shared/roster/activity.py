"""Activity: the types of event, and the sentence of each, said once for the log, the export and the mails."""

import re
from collections.abc import Callable, Mapping
from typing import Any

NOBODY_NAMED = "Someone"
ERASED = "a former user"
FORMER_ROLE = "a former role"

type Sentence = Callable[[str, str, Mapping[str, Any]], str]


def _listed(roles: list[str]) -> str:
    return " and ".join(roles) if roles else "no role"


# Roster's own event types: (actor, target, data) -> what happened, in the past tense.
SENTENCES: dict[str, Sentence] = {
    "organization.created": lambda actor, target, _data: f"{actor} created {target}.",
    "organization.updated": lambda actor, target, data: f"{actor} changed {_changes(data)} of {target}.",
    "organization.plan_changed": lambda actor, target, data: (
        f"{actor} moved {target} from the plan {data.get('from')} to {data.get('to')}."
    ),
    "organization.ownership_transferred": lambda actor, target, _data: (
        f"{actor} transferred the ownership to {target}."
    ),
    "organization.migrated": lambda actor, target, data: f"{actor} moved {target} to a changed pack{_called(data)}.",
    "organization.deleted": lambda actor, target, _data: f"{actor} deleted {target}.",
    "invitation.sent": lambda actor, target, data: f"{actor} invited {target} as {_listed(data.get('roles', []))}.",
    "invitation.resent": lambda actor, target, data: f"{actor} sent the invitation of {target} again{_instead(data)}.",
    "invitation.link_copied": lambda actor, target, _data: f"{actor} copied a link to the invitation of {target}.",
    "invitation.accepted": lambda actor, _target, data: f"{actor} joined as {_listed(data.get('roles', []))}.",
    "invitation.declined": lambda _actor, target, data: (
        f"Somebody declined the invitation of {target} by a copied link."
        if data.get("copied_link")
        else f"{target} declined the invitation."
    ),
    "invitation.canceled": lambda actor, target, _data: f"{actor} canceled the invitation of {target}.",
    "invitation.expired": lambda _actor, target, _data: f"The invitation of {target} expired.",
    "invitation.bounced": lambda _actor, target, _data: f"The mail to {target} came back.",
    "invitation.complained": lambda _actor, target, _data: f"The mail to {target} was reported as unwanted.",
    "member.added": lambda actor, target, data: f"{actor} added {target} as {_listed(data.get('roles', []))}.",
    "member.removed": lambda actor, target, _data: f"{actor} removed {target}.",
    "member.left": lambda actor, _target, _data: f"{actor} left.",
    "member.roles_changed": lambda actor, target, data: (
        f"{actor} changed the roles of {target} from {_listed(data.get('from', []))} to {_listed(data.get('to', []))}."
    ),
    "member.moved": lambda actor, target, _data: f"{actor} moved {target} to another user id.",
    "role.created": lambda actor, target, _data: f"{actor} created the role {target}.",
    "role.updated": lambda actor, target, _data: f"{actor} changed the role {target}.",
    "role.deleted": lambda actor, target, _data: f"{actor} deleted the role {target}.",
    "user.signed_in": lambda actor, _target, _data: f"{actor} signed in.",
}
# What Roster's own types are about: a product's are about something else.
NOUNS = frozenset(event_type.partition(".")[0] for event_type in SENTENCES)

_PRODUCT_TYPE = re.compile(r"[a-z][a-z0-9_-]{0,49}\.[a-z][a-z0-9_-]{0,49}")


def is_product_type(event_type: str) -> bool:
    """Tell whether a product may record events of this type: `noun.verb`, with a noun that is not Roster's."""
    return bool(_PRODUCT_TYPE.fullmatch(event_type)) and event_type.partition(".")[0] not in NOUNS


def may_be_recorded(asked: str) -> bool:
    """Tell whether there can be events of a type, or about a noun."""
    noun, dot, verb = asked.partition(".")
    return bool(_PRODUCT_TYPE.fullmatch(f"{noun}.{verb if dot else noun}"))


def sentence(event_type: str, actor: str, target: str, data: Mapping[str, Any]) -> str:
    """Say what an event tells, of an actor and a target as they are called."""
    said = SENTENCES.get(event_type)
    text = _product_sentence(event_type, actor, target) if said is None else said(actor, target, data)
    return text[0].upper() + text[1:]


def _product_sentence(event_type: str, actor: str, target: str) -> str:
    """Say `certificate.issued` of a certificate: Ada issued the certificate (Wildcard)."""
    noun, _, verb = event_type.translate({ord("_"): " ", ord("-"): " "}).partition(".")
    return f"{actor} {verb} the {noun} ({target})."


def _instead(data: Mapping[str, Any]) -> str:
    """Say which roles an invitation is to now, if they are others than before."""
    return f", as {_listed(data['to'])} instead of {_listed(data.get('from', []))}" if "to" in data else ""


def _called(data: Mapping[str, Any]) -> str:
    """Say what an organization's plan is called from now on, if that is new."""
    return f", where its plan is called {data['plan'].get('to')}" if isinstance(data.get("plan"), dict) else ""


def _changes(data: Mapping[str, Any]) -> str:
    named = {
        "name": "the name",
        "locale": "the language",
        "email_notifications": "the mail setting",
        "external_id": "the external id",
        "metadata": "the metadata",
    }
    return " and ".join(named.get(field, field) for field in data.get("changed", [])) or "the details"
