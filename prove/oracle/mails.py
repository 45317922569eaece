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
    sent = list(sent)
    yield from astray(sent, commits, end, pack_name, may_repeat=may_repeat)
    yield from missing(sent, commits, end, pack_name)


def astray(
    sent: Iterable[Sent], commits: Mapping[str, Commit], end: State, pack_name: str, *, may_repeat: bool
) -> Iterator[str]:
    """Yield which mails went to somebody whom they are not for, or came twice."""
    counted = Counter(sent)
    for mail, times in counted.items():
        commit = commits.get(mail.event_id)
        if commit is None:
            continue  # of what was before the run
        if mail.address not in set(_recipients(commit, end, pack_name)):
            yield f"The mail of {commit.event.type} went to {mail.address}."
        if times > _holders(commit, end, mail.address) and not may_repeat:
            yield f"{mail.address} got the mail of {commit.event.type} {times} times."


def missing(sent: Iterable[Sent], commits: Mapping[str, Commit], end: State, pack_name: str) -> Iterator[str]:
    """Yield which mails did not go out."""
    gone = set(sent)
    for commit in commits.values():
        if (address := _due(commit, end, pack_name)) is not None and Sent(commit.event.id, address) not in gone:
            yield f"The mail of {commit.event.type} did not go to {address}."


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


def _holders(commit: Commit, end: State, address: str) -> int:
    """Return how many people an address is, each of whom gets a mail of their own: one at least."""
    place = commit.event.organization_id
    organizations = [
        (state, state.organizations[place]) for state in (*commit[:2], end) if place in state.organizations
    ]
    people = {
        user_id
        for state, organization in organizations
        for user_id in organization.members
        if address in state.address_of(place, user_id)
    }
    return max(1, len(people))


def _invitations(commit: Commit, states: Iterable[State]) -> Iterator[Invitation]:
    for state in states:
        if found := state.organizations[commit.event.organization_id].invitations.get(commit.event.target_id):
            yield found


def _due(commit: Commit, end: State, pack_name: str) -> str | None:
    """Return where a mail must have gone: that of an invitation that is open at the end, and not sent again since.

    What was sent while the organization's mail was off, is not mailed when it is on again.
    """
    organization = end.organizations.get(commit.event.organization_id)
    if commit.event.type not in {"invitation.sent", "invitation.resent"} or organization is None:
        return None
    invitation = organization.invitations.get(commit.event.target_id)
    switched_on = organization.mails and commit.after.organizations[organization.id].mails
    if invitation is None or organization.deleted or not switched_on or invitation.status != "pending":
        return None
    if invitation.link != commit.event.id or is_void(organization, invitation, PACKS[pack_name]):
        return None
    return invitation.email
