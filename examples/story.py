"""What the stories share: who calls the server, what it must answer, and the mail that comes of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx

UPGRADE_URL = "https://example.com/upgrade"  # as the packs have it
REFUSAL = "application/problem+json"

type Body = dict[str, Any]


class NotAsTold(Exception):
    """Something is not as the story tells it; a sentence says what was expected, and what came."""


def say(sentence: str) -> None:
    """Tell the next step. What follows it in the code is the step itself."""
    print(f"     {sentence}", flush=True)


def expect(what: str, came: object, expected: object) -> None:
    """Raise NotAsTold unless this came. Of what was expected as an object, members that are not named may be there."""
    if not _fits(came, expected):
        raise NotAsTold(f"{what}: expected {expected!r}, but {came!r} came.")


def _fits(came: object, expected: object) -> bool:
    if isinstance(came, dict) and isinstance(expected, dict):
        return all(name in came and _fits(came[name], value) for name, value in expected.items())
    if isinstance(came, list) and isinstance(expected, list):
        return len(came) == len(expected) and all(map(_fits, came, expected))
    return came == expected


# ---- What is refused, as a problem's members -------------------------------------------------------------------------


def permission_missing(permission: str) -> Body:
    return {"code": "forbidden", "reason": "permission_missing", "permission": permission}


def role_refused(reason: str, role: str) -> Body:
    return {"code": "forbidden", "reason": reason, "role": role}


def plan_limit(limit: str, maximum: int, plan: str) -> Body:
    return {"code": "plan_limit", "limit": limit, "maximum": maximum, "plan": plan, "upgrade_url": UPGRADE_URL}


# ---- Who calls -------------------------------------------------------------------------------------------------------


class Reply:
    """What came back from a call."""

    def __init__(self, call: str, response: httpx.Response) -> None:
        self._call, self.response = call, response

    def expect(self, status: int, /, **members: object) -> Body:
        """Return the body, which must have these members, and the answer this status. Raises NotAsTold."""
        came = self.response.status_code
        body: Body = self.response.json() if self.response.content else {}
        if came != status or not _fits(body, members):
            with_these = f" with {members!r}" if members else ""
            raise NotAsTold(f"{self._call}: expected {status}{with_these}, but {came} came with {body!r}.")
        if self.response.is_client_error:
            expect(f"{self._call}, its content type", self.response.headers["content-type"], REFUSAL)
        return body


class Caller:
    """Somebody with a token of the OpenID Connect provider: a person who is signed in, or one of our machines."""

    def __init__(self, server: httpx.Client, called: str, claims: Mapping[str, object]) -> None:
        token = server.post("/_local/token", json=claims).raise_for_status().json()["access_token"]
        self._server, self._called = server, called
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: str) -> Reply:
        return self._reply("GET", path, self._server.get(path, params=query, headers=self._headers))

    def post(self, path: str, body: Body | None = None, *, key: str | None = None) -> Reply:
        return self.send("POST", path, body, key=key)

    def put(self, path: str, body: Body | None = None) -> Reply:
        return self.send("PUT", path, body)

    def patch(self, path: str, body: Body) -> Reply:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Reply:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, body: Body | None = None, *, key: str | None = None) -> Reply:
        """Call; with an idempotency key, so that whoever repeats it does nothing more."""
        headers = self._headers | ({} if key is None else {"Idempotency-Key": key})
        return self._reply(method, path, self._server.request(method, path, json=body, headers=headers))

    def read(self, path: str, **query: str) -> list[Body]:
        """Read a whole list. Any page may hold fewer rows than asked for, even none: only its cursor ends it."""
        rows: list[Body] = []
        while True:
            page = self.get(path, **query).expect(200)
            rows += page["items"]
            if page["next_cursor"] is None:
                return rows
            query["cursor"] = page["next_cursor"]

    def _reply(self, method: str, path: str, response: httpx.Response) -> Reply:
        return Reply(f"{method} {path} by {self._called}", response)


class Person(Caller):
    """Somebody who is signed in, with a verified address unless told otherwise."""

    def __init__(self, server: httpx.Client, name: str, claims: Mapping[str, object]) -> None:
        self.id = name.partition(" ")[0].lower()
        self.name, self.email = name, f"{self.id}@example.com"
        self.email_notifications = True
        super().__init__(server, name, {"sub": self.id, "email": self.email, "name": name, **claims})

    def switch_off_notifications(self) -> None:
        """Switch off mail about what others do: answers to invitations, and owners who leave."""
        self.patch("/me", {"email_notifications": False}).expect(200, email_notifications=False)
        self.email_notifications = False


@dataclass(frozen=True)
class Organization:
    """An organization that a story is about."""

    id: str
    name: str

    @property
    def path(self) -> str:
        return f"/organizations/{self.id}"

    def member(self, person: Person) -> str:
        return f"{self.path}/members/{person.id}"


@dataclass(frozen=True)
class Link:
    """The link of an invitation's mail: where the invitation is, and the token that proves the mailbox."""

    invitation: str
    token: str


def log(reader: Person, organization: Organization, **query: str) -> list[str]:
    """Return the sentences of an organization's log, newest first."""
    return [event["sentence"] for event in reader.read(f"{organization.path}/activity", **query)]


# ---- The stage -------------------------------------------------------------------------------------------------------


class Story:
    """A server that is played against, and its mailbox. Each story adds its people, machines and organizations."""

    pack: ClassVar[str]

    def __init__(self, server: httpx.Client) -> None:
        self._server = server
        self._read: set[str] = set()  # ids of mails
        self._people: dict[str, Person] = {}  # by id
        self.billing = self.machine("billing", "roster/billing")

    def person(self, name: str, **claims: object) -> Person:
        person = Person(self._server, name, claims)
        self._people.setdefault(person.id, person)  # a second device is the same person
        return person

    def machine(self, name: str, *scopes: str) -> Caller:
        return Caller(self._server, f"the machine {name!r}", {"client_id": name, "scope": " ".join(scopes)})

    def found(self, founder: Person, name: str) -> Organization:
        """Let somebody create an organization."""
        reply = founder.post("/organizations", {"name": name})
        body = reply.expect(201, name=name, pack=self.pack, member_count=1, owner_count=1)
        founded = Organization(body["id"], name)
        expect("Its Location", reply.response.headers["location"], str(self._server.base_url.join(founded.path)))
        return founded

    def move_to(self, organization: Organization, plan: str, **limits: int | None) -> None:
        """Let the product's billing put an organization on a plan, which has these limits (None: there is none)."""
        moved = self.billing.put(f"{organization.path}/plan", {"plan": plan})
        moved.expect(200, id=organization.id, plan=plan, limits=limits)

    def invite(self, organization: Organization, inviter: Person, invited: Person, *roles: str) -> Link:
        """Invite somebody, and return the link that they are mailed."""
        body = {"email": invited.email, "roles": [*roles]}
        shown = {"status": "pending", "delivery": "queued", "sends": 1, "invited_by": {"user_id": inviter.id}}
        invitation = inviter.post(f"{organization.path}/invitations", body).expect(201, **body, **shown)
        token = self.mailed_token(invited, f"{inviter.name} invited you to {organization.name}")
        return Link(f"{organization.path}/invitations/{invitation['id']}", token)

    def preview(self, token: str) -> Reply:
        """Preview an invitation by its link: this needs no sign-in, and changes nothing."""
        return Reply("POST /invitations/preview", self._server.post("/invitations/preview", json={"token": token}))

    def bring_in(self, organization: Organization, inviter: Person, invited: Person, *roles: str) -> None:
        """Invite somebody by mail, who previews the invitation, signs in and accepts."""
        link = self.invite(organization, inviter, invited, *roles)
        seen = self.preview(link.token).expect(
            200,
            organization_id=organization.id,
            organization_name=organization.name,
            invited_by={"user_id": inviter.id, "name": inviter.name},
            roles=[*roles],
            email=invited.email,
        )
        invitation = f"/organizations/{seen['organization_id']}/invitations/{seen['invitation_id']}"
        joined = self.accept(organization, invited, invitation, *roles, token=link.token)
        expect("Who joined", joined, {"name": invited.name, "invited_by": {"user_id": inviter.id}})

    def accept(
        self, organization: Organization, invited: Person, invitation: str, *roles: str, token: str | None = None
    ) -> Body:
        """Let somebody accept an invitation, with the token of its link or without. Whoever sent it is mailed."""
        reply = invited.post(f"{invitation}/accept", None if token is None else {"token": token})
        joined = reply.expect(200, user_id=invited.id, email=invited.email, roles=[*roles])
        self._answered(organization, joined["invited_by"], f"{invited.name} accepted")
        return joined

    def decline(self, organization: Organization, invited: Person, link: Link) -> None:
        """Let somebody decline of whom no name is kept yet: whoever sent the invitation is mailed the address."""
        seen = self.preview(link.token).expect(200, email=invited.email)
        invited.post(f"{link.invitation}/decline", {"token": link.token}).expect(204)
        no_link = re.sub("[@.]", "\\g<0>\N{ZERO WIDTH NON-JOINER}", invited.email)  # as mails show addresses
        self._answered(organization, seen["invited_by"], f"{no_link} declined")

    def _answered(self, organization: Organization, invited_by: Body, answer: str) -> None:
        """Expect that the inviter is mailed the answer, unless they or the organization switched such mail off."""
        inviter = self._people[invited_by["user_id"]]
        shown = inviter.get(organization.path).expect(200)
        if shown["email_notifications"] and inviter.email_notifications:
            self.mailed(inviter, f"{answer} your invitation to {organization.name}")

    def mailed(self, person: Person, subject: str) -> Body:
        """Return the next unread mail of somebody, which must have this subject. Raises NotAsTold."""
        unread = self._unread(to=person.email)
        expect(f"The next mail to {person.name}", [mail["subject"] for mail in unread[:1]], [subject])
        self._read.add(unread[0]["message_id"])
        return unread[0]

    def mailed_token(self, person: Person, subject: str) -> str:
        """Return the token of the link in the next mail: the fragment, which no web server ever sees."""
        links = self.mailed(person, subject)["links"]
        tokens = [link.partition("#")[2] for link in links if "/invitation#" in link]
        expect(f"The links of an invitation in {subject!r}", len(tokens), 1)
        return str(tokens[0])

    def expect_no_more_mail(self) -> None:
        """Raise NotAsTold if there is a mail that the story does not mention."""
        unread = [f"{mail['to']}: {mail['subject']}" for mail in self._unread()]
        expect("The mails that nobody told of", unread, [])

    def _unread(self, **query: str) -> list[Body]:
        self.run("notify/send")  # mails what is due: nobody has to wait
        mails = self._server.get("/_local/mailbox", params=query).raise_for_status().json()["items"]
        return [mail for mail in mails if mail["message_id"] not in self._read]

    def run(self, function: str) -> None:
        """Run one of the functions that no route leads to, now."""
        self._server.post(f"/_local/run/{function}").raise_for_status()

    def advance(self, duration: str) -> None:
        """Move the clock of all functions on, by an ISO 8601 duration."""
        self._server.post("/_local/clock", json={"advance": duration}).raise_for_status()
