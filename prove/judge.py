"""The judge: what is asked of every run at its end. What it finds wrong are sentences."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from prove import answers
from prove.control.errands import Errand, invocation
from prove.control.outcomes import Outcome, outcome_of
from prove.control.runs import Run, alone
from prove.control.schedules import follow
from prove.control.simulator import Simulator
from prove.oracle import authority, growth, mails, rules
from prove.oracle.limits import Limits
from prove.oracle.mails import Commit
from prove.oracle.model import Event, State, read
from prove.worlds.edges import Edge

MAILER = "notify/send"

type Ask = Callable[["Judged"], Iterator[str]]


class Judged(NamedTuple):
    """A run at its end: what came of it, and each of its commits with the states around it."""

    run: Run
    outcome: Outcome
    commits: list[Commit]
    states: list[State]  # before the run, and after each step that wrote something


class Judge:
    """Judges the runs of some errands in one world. Those with the same commits, times and end are judged once."""

    def __init__(self, simulator: Simulator, edge: Edge, errands: Sequence[Errand]) -> None:
        self._simulator, self._edge, self._errands = simulator, edge, errands
        (start,) = edge.world.state.tables[0].values()
        self._limits = Limits(simulator.pack, read(start.items.values()))
        self._known: dict[object, list[str]] = {}
        self._mailed = len(edge.world.state.mails)
        self._serial: set[Outcome] = set()

    def wrong(self, run: Run) -> list[str]:
        """Return what is wrong with a run that is at its end."""
        outcome = outcome_of(run)
        commits = tuple((step.actor, _about(step.records)) for step in run.steps if step.records)
        mailed = tuple(str(mail.to) for mail in self._simulator.engine.mails[self._mailed :])
        alike = outcome, commits, mailed, bool(run.faults), run.planted
        if alike not in self._known:
            judged = _judged(run, outcome)
            asks: list[Ask] = [_alone, self._rules, self._authority, self._mails, self._order]
            self._known[alike] = [sentence for ask in asks for sentence in ask(judged)]
        return self._known[alike]

    def _rules(self, judged: Judged) -> Iterator[str]:
        for before, after in zip(judged.states, judged.states[1:], strict=False):
            yield from rules.grown(before, after, self._simulator.pack)
        for state in judged.states:
            yield from rules.broken(state, self._simulator.pack)

    def _authority(self, judged: Judged) -> Iterator[str]:
        limits = self._limits.copy()
        for before, after, event in judged.commits:
            yield from authority.unauthorized(before, after, event, self._simulator.pack)
            yield from growth.beyond(before, after, event, self._simulator.pack)
            yield from limits.exceeded(before, after, event)

    def _mails(self, judged: Judged) -> Iterator[str]:
        """Let all mails go out that are due after the run, and ask whom they went to."""
        for record in self._simulator.undelivered(MAILER):
            # One alone, and without its numbers: so that the same record is known wherever it comes.
            told = record["dynamodb"] | {"SequenceNumber": "1"}
            mailer = invocation("mailer", MAILER, {"Records": [{**record, "dynamodb": told, "eventID": "1"}]})
            if not mailer.is_over(alone(self._simulator, len(self._errands), mailer).reply):
                yield f"A record is not dealt with, however often it comes: {told['Keys']}"
        sent = [mails.read(mail.raw, mail.to) for mail in self._simulator.engine.mails[self._mailed :]]
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
    items: answers.Items = dict(start.items)
    states, commits = [read(items.values())], []
    for step in run.steps:
        if step.records:
            for record in step.records:
                answers.apply(items, record)
            states.append(read(items.values()))
            commits += [Commit(states[-2], states[-1], event) for event in _events(step.records, states[-1])]
    return Judged(run, outcome, commits, states)


def _alone(judged: Judged) -> Iterator[str]:
    yield from answers.wrong(judged.run)


def _events(records: Iterable[Any], state: State) -> Iterator[Event]:
    for image in answers.inserted(records):
        yield state.events[image["sk"]["S"]]


def _about(records: Iterable[Any]) -> str:
    return " ".join(f"{image['type']['S']} {image['at']['S']}" for image in answers.inserted(records))
