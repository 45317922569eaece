"""AWS as clients meet it: a service, an operation and a body go in, a status and a body come out."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from prove.engine.dynamodb import DynamoDB, Kept
from prove.engine.requests import Done, Refused
from prove.engine.table import Spot, Table

SECRET = b"a key that never leaves its service"
MAILS, EVENTS = Spot("mails", ()), Spot("events", ())


class Mail(NamedTuple):
    """A mail that SES took."""

    to: tuple[str, ...]
    raw: bytes
    tags: Mapping[str, str]


class Reply(NamedTuple):
    """What AWS answers, and what the call read and wrote."""

    status: int
    body: bytes
    reads: frozenset[Spot]
    writes: frozenset[Spot]


class Snapshot(NamedTuple):
    """All that there is at one moment."""

    tables: Kept
    mails: tuple[Mail, ...]
    published: tuple[Mapping[str, Any], ...]


class Engine:
    """All of AWS that there is."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]], now: Callable[[], datetime]) -> None:
        self._dynamodb = DynamoDB(tables, now)
        self.mails: list[Mail] = []
        self.published: list[Mapping[str, Any]] = []
        self._services: dict[str, Callable[[str, Mapping[str, Any]], Done]] = {
            "dynamodb": self._dynamodb.ask,
            "kms": _kms,
            "sesv2": self._mail,
            "eventbridge": self._publish,
        }

    @property
    def index_lag(self) -> int:
        """How many of the last writes indexes do not show."""
        return self._dynamodb.index_lag

    @index_lag.setter
    def index_lag(self, writes: int) -> None:
        self._dynamodb.index_lag = writes

    def table(self, name: str) -> Table:
        """Return a table as it is, for who looks at all of it."""
        return self._dynamodb.tables[name]

    @property
    def record_count(self) -> int:
        """How many records the streams have had."""
        return sum(len(table.records) for table in self._dynamodb.tables.values())

    def records_since(self, number: int) -> list[dict[str, Any]]:
        """Return the stream's records behind the first so many. There is one table with a stream."""
        (table,) = self._dynamodb.tables.values()
        return table.records[number:]

    def ask(self, service: str, operation: str, body: bytes) -> Reply:
        """Do one call, whole."""
        try:
            done = self._services[service](operation, json.loads(body))
        except Refused as error:
            told = {"__type": error.code, "message": error.message, "Message": error.message, **error.more}
            return Reply(400, json.dumps(told).encode(), error.reads, frozenset())
        return Reply(200, json.dumps(done.answer).encode(), done.reads, done.writes)

    def snapshot(self) -> Snapshot:
        """Keep all that there is."""
        return Snapshot(self._dynamodb.keep(), tuple(self.mails), tuple(self.published))

    def restore(self, snapshot: Snapshot) -> None:
        """Make it what it was."""
        self._dynamodb.go_back(snapshot.tables)
        self.mails, self.published = list(snapshot.mails), list(snapshot.published)

    def _mail(self, operation: str, asked: Mapping[str, Any]) -> Done:
        if operation != "SendEmail":
            raise NotImplementedError(operation)
        to = tuple(address for addresses in asked["Destination"].values() for address in addresses)
        tags = {tag["Name"]: tag["Value"] for tag in asked.get("EmailTags", [])}
        self.mails.append(Mail(to, base64.b64decode(asked["Content"]["Raw"]["Data"]), tags))
        return Done({"MessageId": f"{len(self.mails):016}"}, frozenset(), frozenset([MAILS]))

    def _publish(self, operation: str, asked: Mapping[str, Any]) -> Done:
        if operation != "PutEvents":
            raise NotImplementedError(operation)
        self.published += asked["Entries"]
        told = [{"EventId": f"{number}"} for number, _ in enumerate(asked["Entries"])]
        return Done({"FailedEntryCount": 0, "Entries": told}, frozenset(), frozenset([EVENTS]))


def _kms(operation: str, asked: Mapping[str, Any]) -> Done:
    mac = hmac.digest(SECRET, base64.b64decode(asked["Message"]), hashlib.sha256)
    told = {"KeyId": asked["KeyId"], "MacAlgorithm": asked["MacAlgorithm"]}
    if operation == "GenerateMac":
        return Done(told | {"Mac": base64.b64encode(mac).decode()})
    if operation != "VerifyMac":
        raise NotImplementedError(operation)
    if not hmac.compare_digest(mac, base64.b64decode(asked["Mac"])):
        raise Refused("KMSInvalidMacException", "The MAC does not verify")
    return Done(told | {"MacValid": True})
