"""What is asked of a run alone: whether its answers and what it wrote for them go together."""

from collections import Counter
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from prove.control.planting import TRANSACTION
from prove.control.runs import Run

# What is part of an organization, so that no change of it goes without an event.
PARTS = {"organization", "member", "invitation", "joined", "roles"}
# Who changes such items in more than one transaction, or not as a change of the organization.
APART = {"cleanup/expire", "notify/send", "notify/feedback", "users/erase", "users/move"}
# What is several changes: a later one may be refused.
IN_STEPS = {"organizations/me", "users/erase", "users/move"}

# Whose answer is kept nowhere, so that who asks again has it done again.
WITHOUT_KEY = {"invite/link"}

type Items = dict[tuple[str, ...], Any]


def wrong(run: Run) -> Iterator[str]:
    """Yield what is wrong with the answers of a run, and with what was recorded for them."""
    yield from _of_ours(run)
    yield from _refused(run)
    yield from _recorded(run)
    yield from _repeated(run)


def status_of(reply: Any) -> int:  # noqa: ANN401 (whatever a function answers)
    """Return the status of an answer; what is no answer to a request is as good as one."""
    return int((reply or {}).get("statusCode", HTTPStatus.OK))


def is_refusal(status: int) -> bool:
    """Tell whether a request was refused for a reason of its own."""
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR


def apply(items: Items, record: Any) -> None:  # noqa: ANN401 (a record of the stream)
    """Let items be what they are after a record."""
    told = record["dynamodb"]
    key = told["Keys"]["pk"]["S"], told["Keys"]["sk"]["S"]
    if "NewImage" in told:
        items[key] = told["NewImage"]
    else:
        items.pop(key, None)


def inserted(records: Iterable[Any]) -> Iterator[Any]:
    """Yield the events among what was written."""
    for record in records:
        image = record["dynamodb"].get("NewImage", {})
        if record["eventName"] == "INSERT" and image.get("kind") == {"S": "event"}:
            yield image


def kind(record: Any) -> str:  # noqa: ANN401
    """Return the kind of the item that a record tells of."""
    told = record["dynamodb"]
    return str((told.get("NewImage") or told["OldImage"]).get("kind", {"S": "nothing"})["S"])


def _of_ours(run: Run) -> Iterator[str]:
    """Yield answers that are faults of ours: anything over 500 but an honest 503."""
    for actor in run.actors:
        status = status_of(actor.reply)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE:
            yield f"“{actor.errand.name}” was answered {status}: {actor.errors}"


def _refused(run: Run) -> Iterator[str]:
    """Yield what was written for a request that was refused, or only reads."""
    for number, actor in enumerate(run.actors):
        status = status_of(actor.reply)
        if actor.errand.reads and (written := _written(run, number)):
            yield f"“{actor.errand.name}” reads, and wrote {sorted(written)}."
        if is_refusal(status) and len(actor.replies) == 1 and actor.errand.function not in IN_STEPS:
            written = _written(run, number)
            if written - {"turns"}:
                yield f"“{actor.errand.name}” was refused with {status}, and wrote {sorted(written)}."


def _written(run: Run, turn: int) -> set[str]:
    """Return the kinds of what somebody wrote."""
    return {kind(record) for step in run.steps if step.turn == turn for record in step.records}


def _recorded(run: Run) -> Iterator[str]:
    """Yield changes of an organization that have no event, or more than one."""
    for step in run.steps:
        if step.call.operation != TRANSACTION:
            continue
        errand = run.actors[step.actor].errand
        events = sum(1 for _ in inserted(step.records))
        changed = {kind(record) for record in step.records} & PARTS
        if events > 1 or (changed and not events and errand.function not in APART):
            yield f"“{errand.name}” changed {sorted(changed)} with {events} events."


def _repeated(run: Run) -> Iterator[str]:
    """Yield requests that were done more than once, though they are one change and have one Idempotency-Key."""
    if any(actor.errand.function == "users/erase" for actor in run.actors):
        return  # of who is erased, no key is kept either
    done = Counter[str]()
    for number, actor in enumerate(run.actors):
        errand = actor.errand
        if errand.is_request and not errand.is_batch and errand.function not in IN_STEPS | WITHOUT_KEY:
            done[errand.name] += run.commits(number)
    yield from (
        f"“{name}” was done {times} times, under one Idempotency-Key." for name, times in done.items() if times > 1
    )
