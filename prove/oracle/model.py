"""The model: what the items of the table say, without the names that they are stored under."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

type Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Member:
    user_id: str
    roles: frozenset[str]
    joined: str
    address: str | None


@dataclass(frozen=True)
class Invitation:
    id: str
    status: str
    email: str
    roles: frozenset[str]
    invited_by: str
    inviter_joined: str
    link: str
    expires_at: str


@dataclass(frozen=True)
class Event:
    id: str
    organization_id: str
    type: str
    actor_type: str
    actor_id: str | None
    target_id: str
    data: Mapping[str, Any]
    at: str


@dataclass
class Organization:
    id: str
    plan: str = ""
    owners: int = 0
    members_counted: int = 0
    deleted: bool = False
    mails: bool = True
    members: dict[str, Member] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)  # addresses joined by: whose, by the invitation's id
    custom: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    holders: dict[str, int] = field(default_factory=dict)


@dataclass
class State:
    """All that there is at one moment."""

    organizations: dict[str, Organization] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)  # verified, by user id
    holders: dict[str, frozenset[str]] = field(default_factory=dict)  # who is kept as having an address
    people: set[str] = field(default_factory=set)  # ids under which something is kept of somebody
    owned: dict[str, frozenset[str]] = field(default_factory=dict)  # organizations that are kept as a person's own
    moved: set[str] = field(default_factory=set)  # ids that somebody was moved away from
    partial: set[str] = field(default_factory=set)  # items that lack what each item has

    def address_of(self, organization_id: str, user_id: str) -> set[str]:
        """Return where mail about an organization may reach somebody."""
        member = self.organizations[organization_id].members.get(user_id)
        found = {self.addresses.get(user_id), member.address if member else None}
        return {address for address in found if address is not None}


def read(items: Iterable[Item]) -> State:
    """Read a table."""
    state = State()
    organizations: dict[str, Organization] = {}
    for item in items:
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        if "kind" not in item:
            state.partial.add(f"{pk} {sk}")
            continue
        kind = item["kind"]["S"]
        if kind == "event":
            event = _event(pk.removeprefix("LOG#"), item)
            state.events[event.id] = event
        elif kind == "user":
            _read_user(state, pk.removeprefix("USER#"), item)
        elif kind == "address":
            state.holders[pk.removeprefix("ADDRESS#")] = frozenset(item["user_ids"]["SS"])
        elif pk.startswith("ORG#"):
            organization = organizations.setdefault(pk, Organization(pk.removeprefix("ORG#")))
            _read_part(organization, kind, sk.partition("#")[2], item)
            if kind == "organization":
                state.organizations[organization.id] = organization
    return state


def _read_user(state: State, user_id: str, item: Item) -> None:
    if address := _text(item, "email"):
        state.addresses[user_id] = address
    if "moved_to" in item:
        state.moved.add(user_id)
    else:
        state.people.add(user_id)
        state.owned[user_id] = frozenset(item["owned"]["SS"] if "owned" in item else ())


def _read_part(organization: Organization, kind: str, name: str, item: Item) -> None:
    match kind:
        case "organization":
            _read_organization(organization, item)
        case "member":
            roles = frozenset(item["roles"]["SS"])
            organization.members[name] = Member(name, roles, item["joined"]["S"], _text(item, "address"))
        case "invitation":
            organization.invitations[name] = _invitation(name, item)
        case "joined" if "copied" not in item:
            organization.joined[name] = item["user_id"]["S"]
        case "roles":
            organization.custom = json.loads(item["roles"]["S"]) if "roles" in item else {}
            held = item.get("holders", {"M": {}})["M"]
            organization.holders = {role: int(count["N"]) for role, count in held.items()}


def _read_organization(organization: Organization, item: Item) -> None:
    organization.plan = item["plan"]["S"]
    organization.owners, organization.members_counted = int(item["owners"]["N"]), int(item["members"]["N"])
    organization.deleted = "deleted_at" in item
    organization.mails = item.get("email_notifications", {"BOOL": True})["BOOL"]


def _invitation(invitation_id: str, item: Item) -> Invitation:
    texts = ("status", "email", "invited_by", "inviter_joined", "link", "expires_at")
    status, email, by, joined, link, expires = (_text(item, name) or "" for name in texts)
    return Invitation(invitation_id, status, email, frozenset(item["roles"]["SS"]), by, joined, link, expires)


def _event(organization_id: str, item: Item) -> Event:
    return Event(
        item["sk"]["S"],
        organization_id,
        item["type"]["S"],
        item["actor_type"]["S"],
        _text(item, "actor_id"),
        item["target_id"]["S"],
        json.loads(item["data"]["S"]) if "data" in item else {},
        item["at"]["S"],
    )


def _text(item: Item, name: str) -> str | None:
    return item[name]["S"] if name in item else None
