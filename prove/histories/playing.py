"""Playing: a history is done act by act, and everything is asked after each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from prove import answers
from prove.control import faults
from prove.control.errands import Errand, invocation
from prove.control.faults import Fault
from prove.control.planting import Planted
from prove.control.runs import Run
from prove.control.simulator import Record, Simulator, World
from prove.histories.acts import Act, claims, known_as, resolved
from prove.histories.post import Post
from prove.oracle import authority, erased, expected, growth, rules
from prove.oracle.limits import Limits
from prove.oracle.mails import Commit
from prove.oracle.model import State, read
from prove.worlds.stage import Stage
from roster.clock import rfc3339

PAUSE = 1.0  # seconds between two acts
SEEN = answers.PARTS | {"address", "nothing", "user"}  # kinds that a state consists of
SUCCESS_BELOW = 300
# What asks for several changes, or for none in particular.
SEVERAL = answers.IN_STEPS | answers.APART


class Play:
    """A history while it is done: the state that it has led to, and what its acts have made."""

    def __init__(self, simulator: Simulator, world: World, planted: Planted | None = None) -> None:
        simulator.go_back(world)
        self.simulator, self.planted = simulator, planted
        self.stage, self.post, self.limits = Stage(simulator), Post(simulator), Limits(simulator.pack)
        self.items: answers.Items = {}
        self.state = State()
        self.names: dict[str, str] = {}  # of what acts have made: ids and tokens

    @property
    def at(self) -> str:
        """The time, as Roster writes it."""
        return rfc3339(self.simulator.chance.now)

    def do(self, act: Act) -> tuple[str, list[str]]:
        """Do an act. Return what came of it, and what is wrong. Raises Absent if what it names is not there."""
        call, body = resolved(act.call, self.names), resolved(act.body, self.names)
        match call:
            case "wait":
                self.simulator.chance.wait(timedelta(minutes=body["minutes"]).total_seconds())
                return "", []
            case "collect":
                return self._collect(), []
        errand = self._errand(act, call, body)
        foretold, leaving = self._foretold(act, call, body), self._leaving(call)
        run = self._run(errand, act.fault)
        commits = list(self._commits(act, run))
        self.simulator.chance.wait(PAUSE)
        self._name(act, run, commits)
        wrong = [*answers.wrong(run), *_counted(run, commits), *self._judged(commits)]
        wrong += self.post.wrong(run, self.state, self.at) if errand.function == "notify/send" else []
        reply = run.actors[0].reply
        if leaving and answers.status_of(reply) < SUCCESS_BELOW:
            wrong += erased.traces(self.simulator.table.items.values(), leaving)
            self.limits.forget(leaving.user_id)
        answered = _answer(reply)
        if foretold is not None and foretold != (answers.status_of(reply) < SUCCESS_BELOW):
            due = "success" if foretold else "a refusal"
            wrong.append(f"{act.kind} was answered {answered}, where {due} was due.")
        return answered, wrong

    def _errand(self, act: Act, call: str, body: Any) -> Errand:  # noqa: ANN401 (JSON)
        if act.is_request:
            return self.stage.errand(act.name, claims(act.who), call, body)
        match call:
            case "notify/send":
                return invocation(act.name, call, {"Records": self.post.due(again=bool(body))})
            case "notify/publish":
                return invocation(act.name, call, {"Records": self.post.published()})
            case "notify/feedback":
                return invocation(act.name, call, self.post.report(body))
        return invocation(act.name, call, {})

    def _run(self, errand: Errand, fault: tuple[int, str] | None) -> Run:
        """Let a function do it, with what goes wrong at one of its calls, and with what comes late at last."""
        run = Run(self.simulator, self.simulator.keep(), [errand], planted=self.planted)
        (actor,) = run.actors
        while turns := run.turns:
            if fault and not run.faults and actor.call is not None and actor.calls >= fault[0]:
                happens = Fault[fault[1]]
                run.faults = {(0, actor.calls): happens} if happens in faults.possible(actor.call) else {}
            run.take(turns[0])
        return run

    def _commits(self, act: Act, run: Run) -> Iterator[Commit]:
        """Yield what was recorded, each with the states around it."""
        for step in run.steps:
            if not step.records:
                continue
            before = self.state
            self._apply(step.records)
            for event in self.state.events.values():
                commit = Commit(before, self.state, event)
                self.post.keep(act.number, commit)
                yield commit

    def _apply(self, records: Iterable[Record]) -> None:
        """Let the state be what was written. Of events, it has those of the last step."""
        events: answers.Items = {}
        for record in records:
            if answers.kind(record) in SEEN:
                answers.apply(self.items, record)
            elif record["eventName"] == "INSERT" and answers.kind(record) == "event":
                answers.apply(events, record)
        self.state = read([*self.items.values(), *events.values()])

    def _judged(self, commits: Iterable[Commit]) -> Iterator[str]:
        pack = self.simulator.pack
        for before, after, event in commits:
            yield from rules.grown(before, after, pack)
            yield from authority.unauthorized(before, after, event, pack)
            yield from growth.beyond(before, after, event, pack)
            yield from self.limits.exceeded(before, after, event)
        yield from rules.broken(self.state, pack)

    def _foretold(self, act: Act, call: str, body: Any) -> bool | None:  # noqa: ANN401
        """Return whether success is due; None if the oracle does not say."""
        if not act.is_request:
            return None
        own = claims(act.who)
        told = expected.succeeds(self.state, self.simulator.pack, expected.Request(own, call, body or {}, self.at))
        if told and call.endswith("/invitations"):
            organization = self.state.organizations[call.split("/")[2]]
            near = self.limits.is_near(organization.id, organization.plan, own["sub"], body["email"], self.at)
            return None if near or self.post.is_marred(organization.id, own["sub"], self.at) else True
        return told

    def _leaving(self, call: str) -> erased.Person | None:
        """Return who is to be erased, if somebody is."""
        if not call.startswith("DELETE /users/"):
            return None
        user_id = call.removeprefix("DELETE /users/")
        names = [] if any(_is_like(user_id, other) for other in self.state.people) else [known_as(user_id)]
        return erased.known(self.state, user_id, names)

    def _name(self, act: Act, run: Run, commits: Iterable[Commit]) -> None:
        """Keep what later acts call by the number of this one."""
        symbols = {identity: symbol for symbol, identity in self.names.items()}
        for _, after, event in commits:
            match event.type:
                case "organization.created":
                    self.names[f"o{act.number}"] = event.organization_id
                case "role.created":
                    self.names[f"r{act.number}"] = event.target_id
                case "invitation.sent":
                    email = after.organizations[event.organization_id].invitations[event.target_id].email
                    self.names[f"i{symbols[event.organization_id][1:]}:{email}"] = event.target_id
                case "invitation.link_copied":
                    email = after.organizations[event.organization_id].invitations[event.target_id].email
                    link = json.loads(run.actors[0].reply["body"])
                    if "link" in link:
                        self.names[f"t{act.number}:{email}"] = link["link"].partition("#")[2]
        self.names |= self.post.tokens()

    def _collect(self) -> str:
        """Let DynamoDB delete what is past its time to live."""
        now, table = self.simulator.chance.now.timestamp(), self.simulator.table
        over = [key for key, item in table.items.items() if "ttl" in item and float(item["ttl"]["N"]) < now]
        first = self.simulator.engine.record_count
        for key in over:
            table.write(key, None)
        self._apply(self.simulator.engine.records_since(first))
        return f"{len(over)} items"


def _counted(run: Run, commits: list[Commit]) -> Iterator[str]:
    """Yield that one request is recorded twice, or that one is recorded which was refused."""
    (actor,) = run.actors
    if actor.errand.is_batch or actor.errand.function in SEVERAL:
        return
    most = 0 if answers.is_refusal(answers.status_of(actor.reply)) else 1
    if len(commits) > most:
        yield f"{[commit.event.type for commit in commits]} are recorded of what was answered {_answer(actor.reply)}."


def _answer(reply: Any) -> str:  # noqa: ANN401 (whatever a function answers)
    if not isinstance(reply, Mapping) or "statusCode" not in reply:
        return "" if reply is None else json.dumps(reply)
    told = json.loads(reply.get("body") or "null")
    code = told.get("code", "") if isinstance(told, dict) and int(reply["statusCode"]) >= SUCCESS_BELOW else ""
    return f"{reply['statusCode']} {code}".rstrip()


def _is_like(user_id: str, other: str) -> bool:
    """Tell whether another id is of the same person, as far as names go."""
    return user_id != other and known_as(user_id) == known_as(other)
