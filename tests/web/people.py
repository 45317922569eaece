"""People and their organizations, made by calls of the served API: cheaper for a test than to seed anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, cycle
from typing import Any
from urllib.parse import quote

from roster.policy import pack
from roster.policy.pack import Pack
from tests.local.test_server import PATIENCE, Client, demo_origin, started

type Shape = dict[str, Any]

# Each one's id and address is nobody else's, in whichever test, and as long as theirs.
numbers = count(1000)
NAMES = (
    "Ada Lovelace",
    "Ben Okri",
    "Clara Schumann",
    "Djamila Sahraoui",
    "Emil Nolde",
    "Fatima al-Fihri",
    "Grace Hopper",
    "Henrik Ibsen",
    "Ingrid Bergman",
    "Joan Clarke",
    "Kenzo Tange",
    "Lise Meitner",
    "Maryam Mirzakhani",
    "Nadia Boulanger",
)


@dataclass
class System:
    """What `make run` serves of one pack, for all tests of a process."""

    pack: Pack
    client: Client
    api: str
    app: str
    # In each test the first person has the first name, whatever ran before.
    names: Iterator[str] = field(default_factory=lambda: cycle(NAMES), init=False, repr=False)

    def person(self, name: str = "", **claims: Any) -> "Person":
        """Somebody who signs in, with a verified address of their own."""
        named = name or next(self.names)
        id_ = f"{named.lower().replace(' ', '.')}.{next(numbers)}".encode("ascii", "ignore").decode()
        return Person(self, {"sub": id_, "name": named, "email": f"{id_}@example.com", **claims})

    def team(self, plan: str = "", name: str = "Acme", **claims: Any) -> "Team":
        """An organization of a new owner, on a plan: the largest, unless it is told."""
        owner = self.person(**claims)
        made = owner.call("POST", "/organizations", {"name": name})
        team = Team(self, made["id"], owner)
        team.plan(plan or [*self.pack.plans][-1])
        return team

    def machine(self, method: str, path: str, body: Any = None, *, scope: str) -> Any:
        """Call as the product's own back end."""
        headers = self.client.headers_of(client_id="tests", scope=scope)
        return _done(self.client.request(method, path, json=body, headers=headers))

    def seeded(self) -> "Seeded":
        """Delete everything, and make the demo's people and organizations anew. It takes a second."""
        told = _done(self.client.post("/_local/seed"))
        people = [
            Person(self, {"sub": one["user_id"], "name": one["name"], "email": one["email"]}) for one in told["people"]
        ]
        first = told["organizations"][0]["id"]
        members = [person for person, one in zip(people, told["people"], strict=True) if first in one["roles"]]
        return Seeded(Team(self, first, people[0]), members, people)

    def mailed(self, to: str) -> list[Shape]:
        """Send every mail that is due, and return those to an address."""
        self.client.post("/_local/run/notify/send").raise_for_status()
        items: list[Shape] = self.client.get("/_local/mailbox", params={"to": to}).json()["items"]
        return items


@dataclass
class Person:
    """Somebody who can sign in."""

    system: System = field(repr=False)
    claims: Shape

    @property
    def id(self) -> str:
        return str(self.claims["sub"])

    @property
    def name(self) -> str:
        return str(self.claims["name"])

    @property
    def email(self) -> str:
        return str(self.claims["email"])

    @cached_property
    def token(self) -> str:
        return str(self.system.client.post("/_local/token", json=self.claims).json()["access_token"])

    def asks(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call, and return the answer, whatever it is."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        signed = {"Authorization": f"Bearer {self.token}", **named}
        return self.system.client.request(method, path, json=body, headers=signed)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call what must succeed, and return what is answered."""
        return _done(self.asks(method, path, body, **headers))

    def list(self, path: str) -> "list[Shape]":
        """Everything in a list, over all its pages."""
        items, cursor = [], ""
        while True:
            page = self.call("GET", f"{path}{'&' if '?' in path else '?'}limit=100{cursor}")
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = f"&cursor={quote(page['next_cursor'])}"


@dataclass
class Team:
    """An organization and its people."""

    system: System = field(repr=False)
    id: str
    owner: Person

    def path(self, *rest: str) -> str:
        """The address of a part of it."""
        return "/".join((f"/organizations/{self.id}", *(quote(part, safe="@:+=|~") for part in rest)))

    def plan(self, name: str) -> None:
        """Put it on a plan."""
        self.system.machine("PUT", self.path("plan"), {"plan": name}, scope="roster/billing")

    def invite(self, email: str, *roles: str, by: Person | None = None, **more: Any) -> Shape:
        """Invite an address."""
        body = {"email": email, "roles": [*roles], **more}
        invited: Shape = (by or self.owner).call("POST", self.path("invitations"), body)
        return invited

    def add(self, *roles: str, name: str = "", **claims: Any) -> Person:
        """Let somebody in, by an invitation to roles."""
        person = self.system.person(name, **claims)
        invited = self.invite(person.email, *roles)
        person.call("POST", self.path("invitations", invited["id"], "accept"))
        return person

    def move_in(self, *roles: str, name: str = "", **claims: Any) -> Person:
        """Let somebody in by one call of a machine: for teams of many."""
        person = self.system.person(name, **claims)
        body = {"email": person.email, "name": person.name, "roles": [*roles]}
        self.system.machine("PUT", self.path("members", person.id), body, scope="roster/provision")
        return person

    def link(self, invitation: Shape) -> str:
        """The link that was mailed with an invitation."""
        mails = self.system.mailed(invitation["email"])
        return str(next(link for mail in reversed(mails) for link in mail["links"] if "#" in link))

    def roles(self) -> list[Shape]:
        """Its roles, as its owner sees them."""
        roles: list[Shape] = self.owner.call("GET", self.path("roles"))["items"]
        return roles

    def invitable(self) -> list[str]:
        """The roles that its owner can invite to."""
        roles: list[str] = self.owner.call("GET", self.path("members", "me"))["invitable_roles"]
        return roles

    def members(self, by: Person | None = None) -> list[Shape]:
        return (by or self.owner).list(self.path("members"))

    def invitations(self, by: Person | None = None) -> list[Shape]:
        return (by or self.owner).list(self.path("invitations"))


@dataclass
class Seeded:
    """What the demo begins with: an organization with somebody in each role, and invitations in every state."""

    team: Team
    members: list[Person]  # of it; the first owns it
    people: list[Person]


@contextmanager
def serving(name: str) -> Iterator[System]:
    """Serve a pack as `make run` does, seeded, on any port."""
    with (
        started("--seed", "--pack", name, "--workers", "1") as (_, api),
        Client(base_url=api, timeout=PATIENCE) as client,
    ):
        yield System(pack.load(name), client, api, demo_origin(api))


def _done(answer: Any) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None
