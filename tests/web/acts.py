"""What can be done in an organization, and by which call: what a page does not offer is to be refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from tests.web.offers import Offer
from tests.web.people import Person, Seeded, Shape

numbers = count()


class Attempt(NamedTuple):
    """Something that somebody could try to do by the API, and whether the page offers it."""

    what: str
    offered: bool
    call: Callable[[], Any]


@dataclass
class Scene:
    """Somebody in front of the Team page, and what they see there."""

    seeded: Seeded
    person: Person
    offers: list[Offer]  # of all tabs
    choices: dict[str, set[str]]  # what dialogs let choose, by whom or what they are about

    def names(self, *keys: str | None) -> set[str]:
        """What is offered in the row of somebody or something."""
        return {one.name for one in self.offers if any(key and key in one.row for key in keys)}

    def offered(self, name: str) -> bool:
        return any(one.name == name for one in self.offers)

    def chooses(self, about: str, name: str) -> bool:
        """Whether a dialog lets choose it. What describes it may follow its name."""
        return any(choice.startswith(name) for choice in self.choices.get(about, ()))

    def attempts(self) -> Iterator[Attempt]:
        """Everything that could be tried, but what would change nothing."""
        yield from self._members()
        yield from self._invitations()
        yield from self._roles()
        yield from self._organization()

    def _ask(self, method: str, *path: str, body: Any = None) -> Callable[[], Any]:
        return lambda: self.person.asks(method, self.seeded.team.path(*path), body)

    def _members(self) -> Iterator[Attempt]:
        team, roles = self.seeded.team, self.seeded.team.roles()
        for member in team.members():
            id_, name = member["user_id"], member["name"]
            own = id_ == self.person.id
            names = self.names(member["email"], name)
            yield Attempt(f"remove {name}", "Remove" in names, self._ask("DELETE", "members", id_))
            for role in roles:
                if [role["id"]] != member["roles"]:
                    change = self._ask("PUT", "members", id_, "roles", body={"roles": [role["id"]]})
                    yield Attempt(
                        f"make {name} {role['title']}",
                        "Change role" in names and self.chooses(name, role["title"]),
                        change,
                    )
            if not own:
                transfer = self._ask("POST", "transfer", body={"user_id": id_})
                yield Attempt(f"transfer to {name}", self.chooses("Transfer ownership", name), transfer)
        yield Attempt("leave", self.offered("Leave organization"), self._ask("POST", "leave"))

    def _invitations(self) -> Iterator[Attempt]:
        for one in self.seeded.team.invitations():
            names, path = self.names(one["email"]), ("invitations", one["id"])
            what = f"{one['status']} invitation of {one['email']}"
            yield Attempt(f"resend the {what}", "Resend" in names, self._ask("POST", *path, "resend"))
            yield Attempt(f"cancel the {what}", "Cancel invitation" in names, self._ask("DELETE", *path))
            yield Attempt(f"copy the link of the {what}", "Copy link" in names, self._ask("POST", *path, "link"))
        for role in self.seeded.team.roles():
            body = {"email": f"new.{next(numbers)}@example.com", "roles": [role["id"]]}
            yield Attempt(
                f"invite to {role['title']}",
                self.chooses("Invite", role["title"]),
                self._ask("POST", "invitations", body=body),
            )

    def _roles(self) -> Iterator[Attempt]:
        read = ["organization:read"]
        made = {"title": f"Role {next(numbers)}", "permissions": read}
        yield Attempt("create a role", self.offered("Create role"), self._ask("POST", "roles", body=made))
        for role in self.seeded.team.roles():
            names, changed = self.names(role["title"]), {"title": f"Role {next(numbers)}", "permissions": read}
            yield Attempt(
                f"edit {role['title']}", "Edit role" in names, self._ask("PUT", "roles", role["id"], body=changed)
            )
            yield Attempt(f"delete {role['title']}", "Delete role" in names, self._ask("DELETE", "roles", role["id"]))

    def _organization(self) -> Iterator[Attempt]:
        team: Shape = self.seeded.team.owner.call("GET", self.seeded.team.path())
        switch = {"email_notifications": not team["email_notifications"]}
        yield Attempt("rename", self.offered("Organization name"), self._ask("PATCH", body={"name": "Another"}))
        yield Attempt("switch mail", self.offered("Mail of the organization"), self._ask("PATCH", body=switch))
        yield Attempt("set the language", self.offered("Language"), self._ask("PATCH", body={"locale": "fr"}))
        yield Attempt("read the log", self.offered("Export CSV"), self._ask("GET", "activity"))
        yield Attempt("export the log", self.offered("Export CSV"), self._ask("GET", "activity.csv"))
        yield Attempt("delete", self.offered("Delete organization"), self._ask("DELETE"))
