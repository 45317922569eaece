"""The post: what the mailer is given, the mails that it sends with the tokens in them, and what SES tells of them."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

from prove.control.runs import Run
from prove.control.simulator import Record, Simulator
from prove.engine.aws import Mail
from prove.histories.acts import Absent
from prove.oracle import mails
from prove.oracle.limits import DAY
from prove.oracle.mails import Commit
from prove.oracle.model import State
from prove.worlds.stage import LINK

REPORTS: dict[str, tuple[str, dict[str, Any]]] = {
    "delivered": ("Email Delivered", {}),
    "bounced": ("Email Bounced", {"bounce": {"bounceType": "Permanent"}}),
    "complained": ("Email Complaint Received", {"complaint": {}}),
}
# Invitations that one address gets in a day, over all organizations: from one person, and from all.
MOST_BY_ONE, MOST = 5, 20


class Post:
    """All mails of a history, and the events that they tell of."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._acts: dict[str, int] = {}  # by event: the number of the act that it is of
        self._commits: dict[str, Commit] = {}
        self._due: dict[str, Commit] = {}  # what the mailer has now
        self._failed: set[str] = set()  # events at whose mail something went wrong
        self._last: list[Record] = []
        self._read = 0
        self._sent: list[mails.Sent] = []
        self._links: dict[tuple[int, str], Mail] = {}  # mails of invitations, by their act and address
        self._invited: list[tuple[str, str, str | None]] = []  # mails of invitations: their day, address and sender
        self._marred: set[tuple[str, str]] = set()  # who is complained of, and when

    def keep(self, number: int, commit: Commit) -> None:
        """Keep an event, of which there may be mail."""
        self._acts[commit.event.id] = number
        self._commits[commit.event.id] = commit

    def due(self, *, again: bool) -> list[Record]:
        """Return what the mailer gets now: what was written since, and what it had last, if that comes again.

        Raises Absent if that is nothing: it is not invoked then.
        """
        told = self._simulator.undelivered("notify/send")
        self._simulator.delivered = self._simulator.engine.record_count
        records = [*self._last, *told] if again else told
        self._last = told
        ids = [record["dynamodb"]["Keys"]["sk"]["S"] for record in records]
        if not records:
            raise Absent("records")
        self._due = {one: self._commits[one] for one in ids if one in self._commits}
        return records

    def published(self) -> list[Record]:
        """Return what the publisher gets now: what the mailer has not had yet. Raises Absent if that is nothing."""
        if not (records := self._simulator.undelivered("notify/publish")):
            raise Absent("records")
        return records

    def report(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return what SES tells of an invitation's mail. Raises Absent."""
        mail = self._links.get((body["of"], body["to"]))
        if mail is None:
            raise Absent(str(body))
        tags = {name: [value] for name, value in mail.tags.items()}
        if body["is"] != "delivered":
            commit = self._commits[mail.tags["link"]]
            day = self._simulator.chance.now.date().isoformat()
            self._marred |= {(day, commit.event.organization_id), (day, commit.event.actor_id or "")}
        kind, more = REPORTS[body["is"]]
        return {"detail-type": kind, "detail": {"mail": {"tags": tags}, **more}}

    def is_marred(self, organization_id: str, user_id: str, at: str) -> bool:
        """Tell whether mails of an organization or a person came back, or were complained of, that day."""
        return bool({(at[:DAY], organization_id), (at[:DAY], user_id)} & self._marred)

    def reported(self) -> list[tuple[int, str]]:
        """Return of which mails something can be told."""
        return list(self._links)

    def tokens(self) -> dict[str, str]:
        """Return the tokens of the mails that went out since this was asked last, by their names."""
        found = {}
        for mail in self._simulator.engine.mails[self._read :]:
            sent = mails.read(mail.raw, mail.to)
            self._sent.append(sent)
            if "invitation" in mail.tags and sent.event_id in self._acts:
                number = self._acts[sent.event_id]
                self._links[number, sent.address] = mail
                day, by = self._simulator.chance.now.date().isoformat(), self._commits[sent.event_id].event.actor_id
                self._invited.append((day, sent.address, by))
                found[f"t{number}:{sent.address}"] = _token(mail.raw)
        self._read = len(self._simulator.engine.mails)
        return found

    def wrong(self, run: Run, state: State, at: str) -> Iterator[str]:
        """Yield what is wrong with the mails of what the mailer had."""
        if run.actors[0].reply.get("batchItemFailures", True):
            yield "Some records come again and again."
        self._failed |= self._due.keys() if run.faults else set()
        for failed in (False, True):
            told = {one: commit for one, commit in self._due.items() if (one in self._failed) is failed}
            sent = [one for one in self._sent if one.event_id in told]
            yield from mails.astray(sent, told, state, self._simulator.pack, may_repeat=failed)
            due = {one: commit for one, commit in told.items() if self._is_due(commit, state, at)}
            yield from mails.missing(sent, due, state, self._simulator.pack)

    def _is_due(self, commit: Commit, state: State, at: str) -> bool:
        """Tell whether an invitation is still open, and its address has not got its share of that day."""
        event = commit.event
        organization = state.organizations.get(event.organization_id)
        invitation = organization.invitations.get(event.target_id) if organization else None
        if invitation is None or at >= invitation.expires_at:
            return False
        by = [actor for day, address, actor in self._invited if (day, address) == (at[:DAY], invitation.email)]
        return by.count(event.actor_id) < MOST_BY_ONE and len(by) < MOST


def _token(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    if body is None:
        raise AssertionError("a mail has no text")
    return str(LINK.findall(body.get_content())[-1])
