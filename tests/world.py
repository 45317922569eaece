"""The world as tests see it: people and machines who call the real functions with real API Gateway events."""

import importlib
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

from aws_lambda_powertools.utilities.typing import LambdaContext

from local import events
from local.routing import Router
from local.template import Route
from roster import clock, links
from roster.links import Purpose
from roster.membership.invitations import find_invitation, invitation_keys
from roster.table.base import Item
from roster.table.items import Event, InvitationAttributes
from roster.table.read import page, read
from tests import described, permissions
from tests.deployment import STACKS

CONTEXT = cast(
    "LambdaContext",
    SimpleNamespace(
        function_name="roster",
        memory_limit_in_mb=256,
        invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:roster",
        aws_request_id="5e0ee8b4-1a1b-4b8f-9d0c-0f4b8a1f2f3d",
        get_remaining_time_in_millis=lambda: 29_000,
    ),
)

ROUTERS = {pack: Router(stack.routes) for pack, stack in STACKS.items()}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code of a problem, of which the shape is held here for all tests."""
        problem = self.body
        assert self.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "code", "request_id"} <= problem.keys()
        assert problem["status"] == self.status
        return self.status, problem["code"]

    @property
    def fields(self) -> list[str]:
        """The fields that a 422 names."""
        assert self.refusal == (422, "invalid_request")
        assert all(error["message"] for error in self.body["errors"])
        return [error["field"] for error in self.body["errors"]]


@dataclass
class Caller:
    """Somebody with a token."""

    world: "World" = field(repr=False)
    claims: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.claims["sub"])

    @property
    def email(self) -> str:
        return str(self.claims["email"])

    def get(self, path: str, **query: object) -> Reply:
        return self.world.call("GET", path, caller=self, query=query)

    def post(self, path: str, body: object = None, **headers: str) -> Reply:
        return self.world.call("POST", path, caller=self, body=body, headers=headers)

    def put(self, path: str, body: object = None, **headers: str) -> Reply:
        return self.world.call("PUT", path, caller=self, body=body, headers=headers)

    def patch(self, path: str, body: object = None, **headers: str) -> Reply:
        return self.world.call("PATCH", path, caller=self, body=body, headers=headers)

    def delete(self, path: str, **headers: str) -> Reply:
        return self.world.call("DELETE", path, caller=self, headers=headers)


@dataclass
class World:
    """A deployment of one pack."""

    pack: str
    callers: int = field(default=0, init=False)
    seconds_left: float = field(default=29.0, init=False)  # of each request's time, as Lambda tells it

    def person(self, name: str | None, *, verified: bool = True, **claims: object) -> Caller:
        """Somebody who signs in: `Ada` is ada@example.com, unless claims say something else; None removes one."""
        self.callers += 1
        told = {
            "sub": f"user-{self.callers}",
            "name": name,
            "email": f"{(name or 'nobody').lower().replace(' ', '.')}@example.com",
            "email_verified": verified,
        } | claims
        return Caller(self, {claim: value for claim, value in told.items() if value is not None})

    def machine(self, *scopes: str) -> Caller:
        """A back end of the product's own."""
        return Caller(self, {"sub": "billing", "client_id": "billing", "scope": " ".join(scopes)})

    def call(
        self,
        method: str,
        path: str,
        *,
        caller: Caller | None = None,
        body: object = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call the function behind a route; a body of str or bytes goes as it is, anything else as JSON."""
        route, parameters = self._match(method, path)
        assert route.signed_in == (caller is not None), "the authorizer would not let this through"
        raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        sent = {"host": "api.example.com", "content-type": "application/json"} | {
            name.replace("_", "-").lower(): value for name, value in (headers or {}).items()
        }
        claims = None if caller is None else caller.claims
        request = events.request(method, path, sent, query)
        built = events.event(request, b"" if body is None else raw, route, parameters, claims)
        answer = self.invoke(route.function.name, built, self._context())
        reply = Reply(
            answer["statusCode"],
            {name.lower(): value for name, value in answer.get("headers", {}).items()},
            answer.get("body", ""),
        )
        # What holds for every answer is held here, for all tests: a refusal names its request, and places are absolute.
        assert reply.status < 400 or reply.body["request_id"] == built["requestContext"]["requestId"]
        assert reply.headers.get("location", "https://").startswith("https://")
        assert reply.headers.get("link", "<https://").startswith("<https://")
        described.check(method, route.path, reply.status, reply.headers, reply.text)
        return reply

    def invoke(self, function: str, payload: Any, context: LambdaContext = CONTEXT) -> Any:
        """Invoke a function, as Lambda does, and judge what it asks of AWS."""
        module = importlib.import_module(f"functions.{function.replace('/', '.')}")
        with permissions.at_work(function):
            return module.handler(json.loads(json.dumps(payload)), context)

    def _context(self) -> LambdaContext:
        left = {"get_remaining_time_in_millis": lambda: int(self.seconds_left * 1000)}
        return cast("LambdaContext", SimpleNamespace(**vars(CONTEXT) | left))

    def _match(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        route, parameters = ROUTERS[self.pack].find(method, path)
        if route is None:
            raise LookupError(f"no route {method} {path}")
        return route, parameters

    @contextmanager
    def later(self, **by: float) -> Iterator[None]:
        """Move the clock on for a while: `with world.later(days=7):`."""
        before = clock.offset
        clock.offset = before + timedelta(**by)
        try:
            yield
        finally:
            clock.offset = before

    def at(self, moment: datetime) -> AbstractContextManager[None]:
        """Set the clock for a while: `with world.at(moment):`."""
        return self.later(seconds=(moment - clock.now()).total_seconds())

    def events(self, organization_id: str) -> list[Event]:
        """All that the log of an organization holds, oldest first."""
        return page(Event, f"LOG#{organization_id}", limit=1000, cursor=None).items

    def items(self) -> list[dict[str, Any]]:
        """Every item of the table, as DynamoDB keeps it."""
        return sorted(
            (item.to_dynamodb_dict() for item in Item.scan()), key=lambda item: (str(item["pk"]), str(item["sk"]))
        )


@dataclass
class Team:
    """An organization and those in it, with the calls that tests make most."""

    world: World = field(repr=False)
    id: str
    founder: Caller

    @classmethod
    def found(cls, world: World, founder: Caller, name: str = "Acme") -> "Team":
        """Found an organization."""
        reply = founder.post("/organizations", {"name": name})
        assert reply.status == 201, reply.text
        return cls(world, reply.body["id"], founder)

    def path(self, *rest: str) -> str:
        """The address of a part of the organization."""
        return "/".join((f"/organizations/{self.id}", *(quote(part, safe="@:+=|~") for part in rest)))

    def plan(self, name: str) -> None:
        """Put it on a plan."""
        reply = self.world.machine("roster/billing").put(self.path("plan"), {"plan": name})
        assert reply.status == 200, reply.text

    def invite(self, email: str, *roles: str, by: Caller | None = None, **more: object) -> dict[str, Any]:
        """Invite an address."""
        reply = (by or self.founder).post(self.path("invitations"), {"email": email, "roles": list(roles), **more})
        assert reply.status == 201, reply.text
        return cast("dict[str, Any]", reply.body)

    def join(self, person: Caller, *roles: str) -> Caller:
        """Let somebody in by an invitation to their verified address."""
        invitation = self.invite(person.email, *roles)
        reply = person.post(self.path("invitations", invitation["id"], "accept"))
        assert reply.status == 200, reply.text
        return person

    def staff(self, *roles: str) -> dict[str, Caller]:
        """Let in somebody for each role, called after it."""
        return {role: self.join(self.world.person(role), role) for role in roles}

    def token(self, invitation_id: str, purpose: Purpose = Purpose.MAILED) -> str:
        """The token that the latest mail of an invitation carries, or one that was copied since has."""
        item: InvitationAttributes = find_invitation(
            read(invitation_keys(self.id, invitation_id)), self.id, invitation_id
        )
        assert item.link is not None
        return links.make(purpose, self.id, invitation_id, item.email, item.link)

    def copied(self, invitation_id: str, by: Caller | None = None) -> str:
        """The token of a link that somebody copies."""
        reply = (by or self.founder).post(self.path("invitations", invitation_id, "link"))
        assert reply.status == 200, reply.text
        return str(reply.body["link"]).partition("#")[2]

    def organization(self) -> dict[str, Any]:
        """The organization as its founder sees it."""
        return cast("dict[str, Any]", self.founder.get(self.path()).body)

    def member(self, person: Caller, by: Caller | None = None) -> dict[str, Any]:
        """A member as somebody sees them."""
        return cast("dict[str, Any]", (by or self.founder).get(self.path("members", person.id)).body)

    def event_types(self) -> list[str]:
        """What has happened so far, oldest first."""
        return [event.type for event in self.world.events(self.id)]
