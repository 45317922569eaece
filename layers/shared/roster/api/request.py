"""One request: who asks for what, what was read for it, and the commit of what was decided."""

from dataclasses import dataclass, replace
from typing import Any

from roster.api.answers import Answer
from roster.api.caller import Caller
from roster.api.preconditions import Idempotency, IfMatch
from roster.api.problems import Forbidden
from roster.metrics import count
from roster.table.commit import Change, Transaction
from roster.table.items import ProductEvent, User
from roster.table.keys import Key
from roster.table.read import Batch, read


class Replay(Exception):
    """A request with this Idempotency-Key has succeeded before: its answer is returned again."""

    def __init__(self, answer: Any) -> None:  # noqa: ANN401 (an Answer of the operation's own: the record does not say which)
        super().__init__("replayed")
        self.answer = answer


@dataclass(frozen=True)
class Request:
    """A request whose shape is right."""

    id: str
    caller: Caller
    if_match: IfMatch
    idempotency: Idempotency
    accept: str = ""  # the header

    def read(self, *keys: Key[Any]) -> Batch:
        """Read what the decision needs, in one round trip with the record of the Idempotency-Key.

        Raises Replay if the request has been answered before, and Forbidden if the caller's id is one that was moved,
        as far as that was read.
        """
        record = self.idempotency.key
        batch = read(keys if record is None else (*keys, record, User.key(self.caller.user_id)))
        self.refuse_moved(batch)
        answer = None if record is None else self.idempotency.find(batch[record])
        if answer is not None:
            raise Replay(answer)
        return batch

    def refuse_moved(self, batch: Batch) -> None:
        """Raise Forbidden if what was read of the caller says that they have another id now."""
        me = None if self.caller.is_machine else batch[User.key(self.caller.user_id)]
        if me is not None and me.moved_to is not None:
            raise Forbidden(
                "This account has been moved to another one. Sign in with the new one.", {"reason": "subject_moved"}
            )

    def part(self, number: int, body: object) -> "Request":
        """Return one part of the request as a request by itself, under the same Idempotency-Key."""
        return replace(self, idempotency=self.idempotency.part(number, body))

    def commit[A: Answer[Any]](self, change: Change, answer: A) -> A:
        """Commit a change together with the record of its answer, and return that."""
        self.idempotency.keep(answer, change)
        self.commit_step(change)
        return answer

    def commit_step(self, change: Change) -> None:
        """Commit a change that is one of several in this request, of which the last one has the record."""
        change.commit()
        # The product names its types as it likes: they would be metrics without end.
        count("Changes", type="product" if isinstance(change.event, ProductEvent) else change.event.type)

    def nothing_to_do[A: Answer[Any]](self, answer: A) -> A:
        """Answer a request that changes nothing: it writes no event, only the record of an Idempotency-Key."""
        return answer if self.idempotency.key is None else self.keep(Transaction(), answer)

    def keep[A: Answer[Any]](self, transaction: Transaction, answer: A) -> A:
        """Commit what changes no organization, and so has no event, with the record of its answer; return that."""
        self.idempotency.keep(answer, transaction)
        transaction.commit()
        return answer
