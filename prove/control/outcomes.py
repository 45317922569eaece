"""Outcomes: what came of a run, without what each run draws anew, so that two of them can be compared."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from prove.control.runs import Run
from prove.control.simulator import World

# Ids of events, of organizations and roles, and times to the second.
DRAWN = re.compile(r"(?<![\w-])(?:[0-7][0-9A-HJKMNP-TV-Z]{25}|[\w-]{32})(?![\w-])")  # the latter hold one, or its hash
SHARD = re.compile(r"(ORGANIZATIONS|DUE)#\d")
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d):\d\d:\d\d(?:\.\d+)?(Z|\+0000)")
BESIDE = {"member_count", "owner_count", "can", "holders", "limits", "link", "expired", "purged"}
HOUR = 3600
BAD_REQUEST, SERVER_ERROR = 400, 500
NOT_COMPARED = ("TURNS#", "MAIL#", "MAILS#")  # who is next is nobody's business, and mails are judged by themselves


class Outcome(NamedTuple):
    """The answers, in the order of the actors, and the table."""

    answers: tuple[str, ...]
    items: tuple[str, ...]

    def differences(self, other: "Outcome") -> list[str]:
        """Return what this one has that another has not (+), and the other way round (-)."""
        answers = [f"+ {own}\n- {its}" for own, its in zip(self.answers, other.answers, strict=True) if own != its]
        more = [f"+ {item}" for item in sorted({*self.items} - {*other.items})]
        return answers + more + [f"- {item}" for item in sorted({*other.items} - {*self.items})]


class Before(NamedTuple):
    """What there was before the run: its ids, which are compared, and how its items read."""

    ids: frozenset[str]
    items: Mapping[int, str]  # by what they are; a world keeps them


def outcome_of(run: Run) -> Outcome:
    """Return what came of a run that is at its end."""
    before = _before(run.world)
    items = run.simulator.table.items.values()
    compared = (item for item in items if not item["pk"]["S"].startswith(NOT_COMPARED))
    return Outcome(
        tuple(_answer(actor.reply, before.ids) for actor in run.actors),
        tuple(sorted(before.items.get(id(item)) or _plain(item, before.ids) for item in compared)),
    )


@lru_cache(maxsize=1)
def _before(world: World) -> Before:
    (state,) = world.state.tables[0].values()
    items = state.items.values()
    ids = frozenset(_drawn(items))
    return Before(ids, {id(item): _plain(item, ids) for item in items})


def _drawn(items: Iterable[Mapping[str, Any]]) -> set[str]:
    return {one for item in items for one in DRAWN.findall(json.dumps(item))}


def _answer(reply: Any, known: frozenset[str]) -> str:  # noqa: ANN401 (whatever a function answers)
    if not isinstance(reply, Mapping) or "statusCode" not in reply:
        return _masked(json.dumps(_told(reply), sort_keys=True), known)
    status = int(reply["statusCode"])
    if BAD_REQUEST <= status < SERVER_ERROR:
        return "refused"  # for which reason, may be told from readings of several moments
    body = reply.get("body") or "null"
    if "json" in reply.get("headers", {}).get("Content-Type", "json"):
        body = json.dumps(_told(json.loads(body)))
    return f"{status} {_masked(body, known)}"


def _told(body: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return what an answer tells of the change itself: the rest was read beside it, and is of that moment."""
    if isinstance(body, dict):
        return {name: _told(value) for name, value in body.items() if name not in BESIDE}
    return [_told(one) for one in body] if isinstance(body, list) else body


def _plain(item: Mapping[str, Any], known: frozenset[str]) -> str:
    shown = dict(item)
    if "ttl" in shown:
        shown["ttl"] = {"N": str(int(shown["ttl"]["N"]) // HOUR)}
    shown.pop("body", None)  # an answer that is kept for who repeats the request
    for name, value in item.items():
        if "SS" in value:  # a set has no order, but by ids that are drawn
            shown[name] = {"SS": sorted(_masked(one, known) for one in value["SS"])}
    return _masked(json.dumps(shown, sort_keys=True), known)


def _masked(text: str, known: frozenset[str]) -> str:
    text = DRAWN.sub(lambda match: match[0] if match[0] in known else "*", text)
    return TIME.sub(r"\1", SHARD.sub(r"\1", text))
