"""Call what `make run` serves with what docs/openapi.json allows, and with what it does not, and check every answer.

schemathesis makes the calls and checks the answers; here are the ids that its paths need, and who calls.
"""

import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from examples.__main__ import STORIES, served

DESCRIPTION = Path(__file__).parents[1] / "docs/openapi.json"
PROMISES: list[Any] = [
    not_a_server_error,
    *(checks.status_code_conformance, checks.content_type_conformance),
    *(checks.response_headers_conformance, checks.response_schema_conformance),
]
AT_ONCE = 16  # calls of an operation before it is the next one's turn
BAD = 300  # a status below it is a success
STOPPED = frozenset({401, 403, 404})  # who was stopped at the door has not seen much
# Where these succeed, others would find nothing any more.
ENDING = frozenset({"organizations_delete", "users_erase", "users_move", "members_leave", "roles_transfer"})
ANSWERING = frozenset({"invite_accept", "invite_decline"})  # what only the invited person can do
PATIENCE = 60  # seconds for an answer

type Json = Any
type Call = Case[Any]
type Operation = APIOperation[Any, Any, Any, Any]


@dataclass
class Figures:
    """What has been called since the start."""

    seed: int
    seconds: float = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failed: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, operation: str, title: str, said: str) -> None:
        """Print what failed, with the call as curl; the like of it only once."""
        if (operation, title) not in self.failed:
            self.failed.add((operation, title))
            print(f"\n{operation}: {said}\n`make fuzz SEED={self.seed}` makes the same calls once more.", flush=True)

    def __str__(self) -> str:
        calls = self.statuses.total()
        beyond = sum(times for status, times in self.statuses.items() if status not in STOPPED)
        done = sum(times for status, times in self.statuses.items() if status < BAD)
        share = f"{beyond / max(calls, 1):.0%} beyond 401, 403 and 404, {done / max(calls, 1):.0%} successful"
        return f"Schemathesis: {calls:,} calls in {self.seconds:.0f} seconds, {share}, seed {self.seed}."


class Ground:
    """The demo of a served pack: who is there, and which ids there are. Chance chooses among them."""

    def __init__(self, address: str, description: Mapping[str, Json]) -> None:
        self.address = address
        self._server = httpx.Client(base_url=address, timeout=PATIENCE)
        schemes = [each for path in description["paths"].values() for one in path.values() for each in one["security"]]
        self._scopes = " ".join(sorted({scope for scheme in schemes for scope in scheme.get("machine", [])}))
        self._headers: dict[str, str] = {}
        self.sow()

    def sow(self) -> None:
        """Make the demo anew."""
        demo = self._server.post("/_local/seed").raise_for_status().json()
        self.people = {person["user_id"]: person for person in demo["people"]}
        self.organizations = [organization["id"] for organization in demo["organizations"]]
        self.plans = sorted({organization["plan"] for organization in demo["organizations"]})
        self.invitations: dict[str, list[dict[str, Json]]] = {id_: [] for id_ in self.organizations}
        for invitation in sorted(demo["invitations"], key=lambda one: str(one["email"])):
            self.invitations[invitation["organization_id"]].append(invitation)
        self.members = {
            id_: [user for user, person in self.people.items() if id_ in person["roles"]] for id_ in self.organizations
        }
        self.roles = {id_: self._roles(id_) for id_ in self.organizations}
        mails = self._server.get("/_local/mailbox").json()["items"]
        self.tokens = [link.partition("#")[2] for mail in mails for link in mail["links"] if "#" in link]

    def _roles(self, organization: str) -> list[str]:
        """List the roles, custom ones first."""
        headers = {"Authorization": self.person(self.members[organization][0])}
        items = self._server.get(f"/organizations/{organization}/roles", headers=headers).raise_for_status().json()
        return [role["id"] for role in sorted(items["items"], key=lambda role: not role["custom"])]

    def person(self, user_id: str) -> str:
        """Return the header of a person, who may be nobody's member."""
        name = self.people.get(user_id, {}).get("name", user_id.title())
        return self._bearer(sub=user_id, email=f"{user_id}@example.com", name=name)

    def machine(self) -> str:
        return self._bearer(client_id="schema", scope=self._scopes)

    def _bearer(self, **claims: str) -> str:
        said = json.dumps(claims)
        if said not in self._headers:
            self._headers[said] = self._server.post("/_local/token", content=said).json()["access_token"]
        return f"Bearer {self._headers[said]}"


@dataclass(frozen=True)
class Choice:
    """Which of what is there a call is about, and who makes it."""

    ground: Ground
    chance: random.Random
    organization: str
    invitation: Mapping[str, Json]

    @classmethod
    def of(cls, ground: Ground, chance: random.Random) -> Self:
        large, *others = ground.organizations
        organization = chance.choice(others) if others and chance.random() < 1 / 4 else large
        invitations = ground.invitations[organization] or ground.invitations[large]
        pending = [one for one in invitations if one["status"] == "pending"]
        return cls(ground, chance, organization, chance.choice(pending if chance.random() < 1 / 2 else invitations))

    def value(self, name: str) -> str | None:
        """Return what may stand for a name, in a path or a body; None if nothing is known of it."""
        members, roles = self.ground.members[self.organization], self.ground.roles[self.organization]
        known: dict[str, list[str]] = {
            "organization_id": [self.organization],
            "invitation_id": [self.invitation["id"]],
            "role_id": [roles[0], *roles],
            "role": roles,
            "user_id": members,
            "email": [f"{user}@example.com" for user in (*self.ground.people, "una", "victor")],
            "plan": self.ground.plans,
            "token": self.ground.tokens,
        }
        return self.chance.choice(known[name]) if known.get(name) else None

    def caller(self, operation: str, security: list[dict[str, Json]]) -> str | None:
        """Return the header of who calls: mostly somebody who may."""
        kinds = {kind for scheme in security for kind in scheme}
        if not kinds or self.chance.random() < 1 / 30:
            return None
        if "person" not in kinds or ("machine" in kinds and self.chance.random() < 1 / 3):
            return self.ground.machine()
        if operation in ANSWERING and self.chance.random() < 3 / 4:
            return self.ground.person(self.invitation["email"].partition("@")[0])
        owner, *others = self.ground.members[self.organization]
        if self.chance.random() < 3 / 4 or not others:
            return self.ground.person(owner)
        return self.ground.person(self.chance.choice([*others, "stranger"]))

    def fit(self, case: Call) -> None:
        """Let the call be about what is there, mostly; what is not is tried, too."""
        for name in case.path_parameters:
            if self.chance.random() < 15 / 16:
                case.path_parameters[name] = self.value(name)
        for header in ("If-Match", "Idempotency-Key"):
            if self.chance.random() < 3 / 4:
                case.headers.pop(header, None)
        for name in ("cursor", "role", "type", "actor"):
            if self.chance.random() < 3 / 4:
                case.query.pop(name, None)
        case.headers.pop("Authorization", None)
        if self.chance.random() < 3 / 4:
            case.body = self.body(case.body)

    def body(self, body: Json) -> Json:
        """Return the body with ids, roles and addresses that are there, wherever there is text for one."""
        if isinstance(body, list):
            return [self.body(each) for each in body]
        if not isinstance(body, dict):
            return body
        fitted = {name: self.body(value) for name, value in body.items()}
        for name, value in fitted.items():
            if name == "roles" and isinstance(value, list):
                fitted[name] = [self.value("role")]
            elif isinstance(value, str):
                fitted[name] = self.value(name) or value
        return fitted


class Round:
    """Calls each operation of one served pack in its turn, until the time is up."""

    def __init__(self, ground: Ground, figures: Figures, chance: random.Random, *, until: float) -> None:
        self._ground, self._figures, self._chance, self._until = ground, figures, chance, until
        self._session = requests.Session()
        self._ended = False

    def turn(self, operation: Operation, seed: int) -> None:
        """Call an operation some times, and make the demo anew if it is gone then."""
        allowed, refused = (operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=AT_ONCE,
            phases=[Phase.generate],  # what failed is told as it was called: the table is another one by then
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(st.one_of(allowed, allowed, refused))
        def call(case: Call) -> None:
            if time.monotonic() < self._until:
                self._call(case)

        call()
        if self._ended:
            self._ended = False
            self._ground.sow()

    def _call(self, case: Call) -> None:
        described = case.operation.definition.raw
        named = described["operationId"]
        choice = Choice.of(self._ground, self._chance)
        choice.fit(case)
        caller = choice.caller(named, described["security"])
        headers = {} if caller is None else {"Authorization": caller}
        response = case.call(self._ground.address, self._session, headers, timeout=PATIENCE)
        self._figures.statuses[response.status_code] += 1
        self._ended |= response.status_code < BAD and named in ENDING
        try:
            case.validate_response(response, checks=PROMISES)
        except FailureGroup as found:
            for failure in found.exceptions:
                self._figures.tell(named, failure.title, found.message)


def rounds(ground: Ground, figures: Figures, operations: list[Operation], until: float) -> None:
    """Play rounds, each by the next seed and in another order, until that moment."""
    for seed in itertools.count(figures.seed):
        chance = random.Random(seed)  # noqa: S311 - it is no secret
        turns = Round(ground, figures, chance, until=until)
        for operation in chance.sample(operations, len(operations)):
            if time.monotonic() >= until:
                return
            turns.turn(operation, seed)


def play(figures: Figures, seconds: float) -> None:
    """Call every pack as it is served, each for its share of the seconds. A seed makes the same calls, but for ids."""
    started = time.monotonic()
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    described = json.loads(DESCRIPTION.read_text())
    description = schemathesis.openapi.from_dict(described, config=config)
    operations = [found.ok() for found in description.get_all_operations() if isinstance(found, Ok)]
    try:
        for number, pack in enumerate(STORIES, start=1):
            with served(pack) as address:
                rounds(Ground(address, described), figures, operations, started + seconds * number / len(STORIES))
    finally:
        figures.seconds = time.monotonic() - started
