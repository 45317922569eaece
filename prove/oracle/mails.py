"""Mails: each to whom it is for, and once; what a mail is about, its X-Entity-Ref-ID says."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from email import message_from_bytes
from typing import NamedTuple

from prove.oracle.authority import is_void
from prove.oracle.model import Event, Invitation, State
from prove.oracle.packs import PACKS


class Sent(NamedTuple):
    """A mail: the event that it tells of, and where it went."""

    event_id: str
    address: str


class Commit(NamedTuple):
    """What was before and after an event."""

    before: State
    after: State
    event: Event


def read(raw: bytes, to: Iterable[str]) -> Sent:
    """Read a mail as SES was given it."""
    (address,) = to
    return Sent(str(message_from_bytes(raw)["X-Entity-Ref-ID"]), address)


def wrong(
    sent: Iterable[Sent], commits: Mapping[str, Commit], end: State, pack_name: str, *, may_repeat: bool
) -> Iterator[str]:
    """Yield which mails went to somebody whom they are not for, came twice, or are missing."""
    counted = Counter(sent)
    for mail, times in counted.items():
        commit = commits.get(mail.event_id)
        if commit is None:
            continue  # of what was before the run
        if mail.address not in set(_recipients(commit, end, pack_name)):
            yield f"The mail of {commit.event.type} went to {mail.address}."
        if times > 1 and not may_repeat:
            yield f"{mail.address} got the mail of {commit.event.type} {times} times."
    for commit in commits.values():
        if (missing := _due(commit, end, pack_name)) is not None and counted[Sent(commit.event.id, missing)] == 0:
            yield f"The mail of {commit.event.type} did not go to {missing}."


def _recipients(commit: Commit, end: State, pack_name: str) -> Iterator[str]:
    """Yield every address that the mail of an event may go to."""
    before, after, event = commit
    states = [state for state in (before, after, end) if event.organization_id in state.organizations]

    def reach(*user_ids: str | None) -> Iterator[str]:
        for state in states:
            for user_id in user_ids:
                if user_id is not None:
                    yield from state.address_of(event.organization_id, user_id)

    owner = PACKS[pack_name].owner
    owners = [
        member.user_id
        for state in states
        for member in state.organizations[event.organization_id].members.values()
        if owner in member.roles
    ]
    match event.type:
        case "invitation.sent" | "invitation.resent":
            yield from (found.email for found in _invitations(commit, states))
        case "invitation.accepted" | "invitation.declined":
            yield from reach(*(found.invited_by for found in _invitations(commit, states)))
        case "member.removed" | "member.roles_changed":
            yield from reach(event.target_id if event.target_id != event.actor_id else None)
        case "member.left" | "organization.deleted":
            yield from reach(*(one for one in owners if one != event.actor_id))
        case "organization.ownership_transferred" | "organization.updated":
            yield from reach(*owners, event.actor_id, event.target_id)


def _invitations(commit: Commit, states: Iterable[State]) -> Iterator[Invitation]:
    for state in states:
        if found := state.organizations[commit.event.organization_id].invitations.get(commit.event.target_id):
            yield found


def _due(commit: Commit, end: State, pack_name: str) -> str | None:
    """Return where a mail must have gone: that of an invitation that is open at the end, and not sent again since."""
    organization = end.organizations.get(commit.event.organization_id)
    if commit.event.type not in {"invitation.sent", "invitation.resent"} or organization is None:
        return None
    invitation = organization.invitations.get(commit.event.target_id)
    if invitation is None or organization.deleted or not organization.mails or invitation.status != "pending":
        return None
    if invitation.link != commit.event.id or is_void(organization, invitation, PACKS[pack_name]):
        return None
    return invitation.email
