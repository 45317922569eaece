"""DynamoDB on tables in memory, one operation whole before the next: what is asked, what is answered."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from prove.engine import reading, writing
from prove.engine.requests import Asked, Done, Refused, Tables, require_known
from prove.engine.table import Spot, State, Table
from prove.engine.values import ValidationError

TOKEN_LIFE = timedelta(minutes=10)
TOKEN_LENGTH = 36

type Tokens = dict[str, tuple[datetime, str]]  # when it was used, and for what
type Kept = tuple[dict[str, State], Tokens]


class DynamoDB:
    """The tables, and the tokens of transactions that were done lately."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]], now: Callable[[], datetime]) -> None:
        self.tables = {name: Table(name, properties) for name, properties in tables.items()}
        self.index_lag = 0
        self._now = now
        self._tokens: Tokens = {}

    def keep(self) -> Kept:
        """Keep all that there is."""
        return {name: table.keep() for name, table in self.tables.items()}, dict(self._tokens)

    def go_back(self, state: Kept) -> None:
        """Make it what it was."""
        for name, kept in state[0].items():
            self.tables[name].go_back(kept)
        self._tokens = dict(state[1])

    def ask(self, operation: str, asked: Asked) -> Done:
        """Do what is asked. Raises Refused, and has done nothing then."""
        try:
            require_known(operation, asked)
            match operation:
                case "Query":
                    return reading.query(self.tables, asked, self.index_lag)
                case "TransactWriteItems" if "ClientRequestToken" in asked:
                    return self._once(asked["ClientRequestToken"], asked)
            return _OPERATIONS[operation](self.tables, asked)
        except ValidationError as error:
            raise Refused("ValidationException", str(error)) from error

    def _once(self, token: str, asked: Asked) -> Done:
        """Do a transaction that has a token, if it was not done with it."""
        if not 0 < len(token) <= TOKEN_LENGTH:
            raise ValidationError("Value at 'clientRequestToken' failed to satisfy constraint")
        spot = frozenset([Spot("tokens", (token,))])
        at, before = self._tokens.get(token, (None, ""))
        if at is not None and self._now() - at <= TOKEN_LIFE:
            if before != repr(asked):
                message = "The request has other parameters than one before it that had its token"
                raise Refused("IdempotentParameterMismatchException", message, spot)
            return Done({}, spot)
        try:
            done = writing.transact_write_items(self.tables, asked)
        except Refused as error:
            error.reads |= spot
            raise
        self._tokens[token] = (self._now(), repr(asked))
        return Done(done.answer, done.reads | spot, done.writes | spot)


_OPERATIONS: dict[str, Callable[[Tables, Asked], Done]] = {
    "GetItem": reading.get_item,
    "BatchGetItem": reading.batch_get_item,
    "TransactGetItems": reading.transact_get_items,
    "PutItem": writing.put_item,
    "UpdateItem": writing.update_item,
    "DeleteItem": writing.delete_item,
    "BatchWriteItem": writing.batch_write_item,
    "TransactWriteItems": writing.transact_write_items,
}
