"""A product that uses Roster: lists of certificates. It stores no members and no roles, and asks Roster about both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from examples.story import Caller, NotAsTold, Organization, Person, expect


class Denied(Exception):
    """Somebody may not do this, for the reason that Roster gave."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Certificates:
    """The product's back end and its database: the titles of certificates by id, for each organization's id.

    A certificate belongs to the organization. Who made it is not even kept: Roster's log has it.
    """

    back_end: Caller  # with the scopes roster/access and roster/activity
    titles: dict[str, dict[str, str]] = field(default_factory=dict)

    def create(self, organization: Organization, person: Person, number: str, title: str) -> None:
        self._require(organization, person, "certificates:create")
        self.titles.setdefault(organization.id, {})[number] = title
        self.record(organization, person, "certificate.created", number, title)

    def edit(self, organization: Organization, person: Person, number: str, title: str) -> None:
        self._require(organization, person, "certificates:edit")
        self.titles[organization.id][number] = title
        self.record(organization, person, "certificate.edited", number, title)

    def delete(self, organization: Organization, person: Person, number: str) -> None:
        self._require(organization, person, "certificates:delete")
        title = self.titles[organization.id].pop(number)
        self.record(organization, person, "certificate.deleted", number, title)

    def read(self, organization: Organization, person: Person) -> list[str]:
        self._require(organization, person, "certificates:read")
        return list(self.titles.get(organization.id, {}).values())

    def record(
        self,
        organization: Organization,
        person: Person,
        happened: str,
        number: str,
        title: str,
        *,
        key: str | None = None,
    ) -> None:
        """Record in Roster's log what a member did here. To repeat a call that may have been lost, give its key."""
        target = {"type": "certificate", "id": number, "name": title}
        event = {"type": happened, "user_id": person.id, "target": target, "data": {"title": title}}
        recorded = self.back_end.post(f"{organization.path}/activity", event, key=key or uuid4().hex)
        recorded.expect(201, type=happened, target=target, actor={"type": "user", "id": person.id}, via="certificates")

    def _require(self, organization: Organization, person: Person, permission: str) -> None:
        """Raise Denied unless the person holds the permission now. Nothing is remembered: it may be gone any moment."""
        question = {"permissions": [permission], "user_id": person.id}
        answer = self.back_end.post(f"{organization.path}/access", question).expect(200, user_id=person.id)
        (decision,) = answer["decisions"]
        if not decision["allowed"]:
            raise Denied(decision["reason"])


@contextmanager
def denied(reason: str) -> Iterator[None]:
    """Raise NotAsTold unless what is done inside is denied for this reason."""
    try:
        yield
    except Denied as error:
        expect("Why it was denied", error.reason, reason)
    else:
        raise NotAsTold(f"The product did what it should have denied ({reason}).")
