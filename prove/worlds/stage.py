"""The stage: people and machines who call the real functions one after the other, until a world is as it is wanted."""

import json
import re
from email import message_from_bytes, policy
from typing import Any

from prove.control import errands
from prove.control.actors import PAUSE, context
from prove.control.deployment import load
from prove.control.errands import Errand
from prove.control.simulator import Simulator
from roster.policy.pack import load as load_pack

LINK = re.compile(r"/invitation#(\S+)")
TRIES = 4

type Claims = dict[str, Any]


def person(name: str, **claims: object) -> Claims:
    """Return the claims of somebody with a verified address: `ada` is ada@example.com."""
    told = {"sub": name, "name": name.title(), "email": f"{name}@example.com", "email_verified": "true"}
    return told | {claim: value for claim, value in claims.items() if value is not None}


def machine(*scopes: str) -> Claims:
    """Return the claims of a back end of the product's own."""
    return {"sub": "machine", "client_id": "machine", "scope": " ".join(f"roster/{scope}" for scope in scopes)}


class Stage:
    """A deployment that nobody else uses meanwhile."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.plans = list(load_pack(simulator.pack).plans)
        self._asked = 0

    def errand(self, name: str, who: Claims | None, call: str, body: object = None, **headers: str) -> Errand:
        """Return what somebody does by one request."""
        return errands.request(self.simulator.router, name, call, claims=who, body=body, headers=headers)

    def do(self, who: Claims | None, call: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 (JSON)
        """Let somebody do it, with success; return the answer's body."""
        self._asked += 1
        reply = self.invoke(self.errand(f"building-{self._asked}", who, call, body, **headers))
        if reply["statusCode"] >= 300:  # noqa: PLR2004
            raise AssertionError(f"{call}: {reply['statusCode']} {reply.get('body')}")
        return json.loads(reply["body"]) if reply.get("body") else None

    def invoke(self, errand: Errand) -> Any:  # noqa: ANN401 (whatever the function answers)
        """Invoke a function while nobody else does anything."""
        return load(errand.function, 0).handler(errand.event(0), context(self.simulator.chance, errand.name))

    def deliver(self) -> None:
        """Let the mailer have all that was written, until there is nothing that comes again."""
        waiting = self.simulator.undelivered("notify/send")
        self.simulator.delivered = self.simulator.engine.record_count
        for number in range(TRIES):
            if not waiting:
                return
            if number:
                self.simulator.chance.wait(PAUSE)
            answer = self.invoke(errands.invocation(f"mailer {number}", "notify/send", {"Records": waiting}))
            failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
            waiting = [record for record in waiting if record["dynamodb"]["SequenceNumber"] in failed]
        raise AssertionError(f"{len(waiting)} records come again and again")

    def mailed_token(self) -> str:
        """Let all mails go out, and return the token of the link in the last one."""
        self.deliver()
        body = message_from_bytes(self.simulator.engine.mails[-1].raw, policy=policy.default).get_body(("plain",))
        if body is None:
            raise AssertionError("the last mail has no text")
        return str(LINK.findall(body.get_content())[-1])
