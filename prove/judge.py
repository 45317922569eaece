"""The judge: what is asked of every run at its end. What it finds wrong are sentences."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from http import HTTPStatus
from itertools import permutations
from typing import Any, NamedTuple

from prove.control.errands import Errand, invocation
from prove.control.outcomes import Outcome, outcome_of
from prove.control.runs import Run, alone
from prove.control.schedules import follow
from prove.control.simulator import Simulator
from prove.oracle import authority, mails, rules
from prove.oracle.mails import Commit
from prove.oracle.model import Event, State, read
from prove.worlds.edges import Edge

MAILER = "notify/send"
# What is part of an organization, so that no change of it goes without an event.
PARTS = {"organization", "member", "invitation", "joined", "roles"}
# Who changes such items in more than one transaction, or not as a change of the organization.
APART = {"cleanup/expire", MAILER, "notify/feedback", "users/erase", "users/move"}

# What is several changes: a later one may be refused.
IN_STEPS = {"organizations/me", "users/erase", "users/move"}

type Items = dict[tuple[str, ...], Any]
type Ask = Callable[["Judged"], Iterator[str]]


class Judged(NamedTuple):
    """A run at its end: what came of it, and each of its commits with the states around it."""

    run: Run
    outcome: Outcome
    commits: list[Commit]
    states: list[State]  # before the run, and after each step that wrote something


class Judge:
    """Judges the runs of some errands in one world. Runs with the same commits and the same end are judged once."""

    def __init__(self, simulator: Simulator, edge: Edge, errands: Sequence[Errand]) -> None:
        self._simulator, self._edge, self._errands = simulator, edge, errands
        self._known: dict[tuple[Outcome, tuple[tuple[int, str], ...]], list[str]] = {}
        self._serial: set[Outcome] = set()

    def wrong(self, run: Run) -> list[str]:
        """Return what is wrong with a run that is at its end."""
        outcome = outcome_of(run)
        alike = outcome, tuple((step.turn, _about(step.records)) for step in run.steps if step.records)
        if alike not in self._known:
            judged = _judged(run, outcome)
            asks: list[Ask] = [_of_ours, _refused, _recorded, self._rules, self._authority, self._mails, self._order]
            self._known[alike] = [sentence for ask in asks for sentence in ask(judged)]
        return self._known[alike]

    def _rules(self, judged: Judged) -> Iterator[str]:
        for before, after in zip(judged.states, judged.states[1:], strict=False):
            yield from rules.grown(before, after, self._simulator.pack)
        for state in judged.states:
            yield from rules.broken(state, self._simulator.pack)

    def _authority(self, judged: Judged) -> Iterator[str]:
        for before, after, event in judged.commits:
            yield from authority.unauthorized(before, after, event, self._simulator.pack)

    def _mails(self, judged: Judged) -> Iterator[str]:
        """Let all mails go out that are due after the run, and ask whom they went to."""
        earlier = len(self._edge.world.state.mails)
        for record in self._simulator.undelivered(MAILER):
            # One alone, and without its number: so that the same record is known wherever it comes.
            record["dynamodb"]["SequenceNumber"] = "1"
            mailer = invocation("mailer", MAILER, {"Records": [record]})
            if not mailer.is_over(alone(self._simulator, len(self._errands), mailer).reply):
                yield f"A record is not dealt with, however often it comes: {record['dynamodb']['Keys']}"
        sent = [mails.read(mail.raw, mail.to) for mail in self._simulator.engine.mails[earlier:]]
        commits = {commit.event.id: commit for commit in judged.commits}
        repeats = any(self._errands[turn].function == MAILER for turn, _ in judged.run.faults)
        end = read(self._simulator.table.items.values())
        yield from mails.wrong(sent, commits, end, self._simulator.pack, may_repeat=repeats)

    def _order(self, judged: Judged) -> Iterator[str]:
        """Tell whether the answers and the table are those of one after the other, in some order."""
        run = judged.run
        several = (actor.errand.is_batch or run.commits(number) > 1 for number, actor in enumerate(run.actors))
        gave_up = (not actor.errand.is_over(actor.reply) for actor in run.actors)
        if run.faults or any(several) or any(gave_up):
            return  # what takes several transactions is no one change, and what is given up here comes again later
        if not self._serial:
            for order in permutations(range(len(self._errands))):
                serial = Run(self._simulator, self._edge.world, self._errands)
                follow(serial, order, whole=True)
                self._serial.add(outcome_of(serial))
        if judged.outcome not in self._serial:
            nearest = min((judged.outcome.differences(serial) for serial in self._serial), key=len)
            yield "\n".join(["What came of it is not what comes of one after the other, in any order:", *nearest])


def _judged(run: Run, outcome: Outcome) -> Judged:
    (start,) = run.world.state.tables[0].values()
    items: Items = dict(start.items)
    states, commits = [read(items.values())], []
    for step in run.steps:
        if step.records:
            for record in step.records:
                _apply(items, record["dynamodb"])
            states.append(read(items.values()))
            commits += [Commit(states[-2], states[-1], event) for event in _events(step.records, states[-1])]
    return Judged(run, outcome, commits, states)


def _apply(items: Items, told: Any) -> None:  # noqa: ANN401 (a record of the stream)
    key = told["Keys"]["pk"]["S"], told["Keys"]["sk"]["S"]
    if "NewImage" in told:
        items[key] = told["NewImage"]
    else:
        items.pop(key, None)


def _inserted(records: Iterable[Any]) -> Iterator[Any]:
    """Yield the events among what was written."""
    for record in records:
        image = record["dynamodb"].get("NewImage", {})
        if record["eventName"] == "INSERT" and image.get("kind") == {"S": "event"}:
            yield image


def _events(records: Iterable[Any], state: State) -> Iterator[Event]:
    for image in _inserted(records):
        yield state.events[image["sk"]["S"]]


def _about(records: Iterable[Any]) -> str:
    return " ".join(image["type"]["S"] for image in _inserted(records))


def _of_ours(judged: Judged) -> Iterator[str]:
    """Yield answers that are faults of ours: anything over 500 but an honest 503."""
    for actor in judged.run.actors:
        status = int((actor.reply or {}).get("statusCode", HTTPStatus.OK))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE:
            yield f"“{actor.errand.name}” was answered {status}: {actor.errors}"


def _refused(judged: Judged) -> Iterator[str]:
    """Yield what was written for a request that was refused, or only reads."""
    for number, actor in enumerate(judged.run.actors):
        status = int((actor.reply or {}).get("statusCode", HTTPStatus.OK))
        refused = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        if actor.errand.reads and (written := _written(judged.run, number)):
            yield f"“{actor.errand.name}” reads, and wrote {sorted(written)}."
        if refused and len(actor.replies) == 1 and actor.errand.function not in IN_STEPS:
            written = _written(judged.run, number)
            if written - {"turns"}:
                yield f"“{actor.errand.name}” was refused with {status}, and wrote {sorted(written)}."


def _recorded(judged: Judged) -> Iterator[str]:
    """Yield changes of an organization that have no event, or more than one."""
    for step in judged.run.steps:
        turn = step.turn
        if step.call.operation != "TransactWriteItems" or turn >= len(judged.run.actors):
            continue
        function = judged.run.actors[turn].errand.function
        events = sum(1 for _ in _inserted(step.records))
        changed = {_kind(record) for record in step.records} & PARTS
        if events > 1 or (changed and not events and function not in APART):
            yield f"“{judged.run.actors[turn].errand.name}” changed {sorted(changed)} with {events} events."


def _kind(record: Any) -> str:  # noqa: ANN401
    told = record["dynamodb"]
    return str((told.get("NewImage") or told["OldImage"])["kind"]["S"])


def _written(run: Run, turn: int) -> set[str]:
    """Return the kinds of what somebody wrote."""
    return {_kind(record) for step in run.steps if step.turn == turn for record in step.records}
