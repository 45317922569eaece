"""The mailer as tests see it: the stream as moto keeps it goes in, and what SES was given comes out."""

from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage
from functools import cached_property
from html.parser import HTMLParser
from itertools import count
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import RawMessage, ses_backends
from ulid import ULID

from local.mailbox import links
from local.streams import as_delivered, matches
from roster import clock
from roster.table.items import Event, Invitation
from tests.deployment import STACKS, TABLE, client
from tests.world import Caller, Team, World

type Record = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A mail as SES was given it."""

    envelope: set[str]
    raw: str

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_string(self.raw, policy=policy.default)

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def links(self) -> list[str]:
        return links(self.text, self.html)

    @property
    def token(self) -> str:
        (link,) = self.links
        return link.partition("#")[2]

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


def _sent(mail: RawMessage) -> Sent:
    return Sent(set(mail.destinations), mail.raw_data)


def streamed(function: str) -> list[Record]:
    """All that the stream holds for a function, oldest first."""
    streams = client("dynamodbstreams")
    arn = client("dynamodb").describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    found = streams.get_records(ShardIterator=start["ShardIterator"])["Records"]
    (source,) = (one for one in STACKS["credentials"].streams if one.function.name == function)
    records = [as_delivered(record, arn) for record in found]
    return [record for record in records if any(matches(pattern, record) for pattern in source.patterns)]


class Mailer:
    """`notify/send`, fed as Lambda feeds it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = count(1)
        self._forgotten = 0
        self._sent = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages

    def records(self) -> list[Record]:
        """All that the stream holds for the mailer, oldest first."""
        return streamed("notify/send")[self._forgotten :]

    def record(self, event: Event) -> Record:
        """The stream's record of an event that no call made."""
        image = event.to_dynamodb_dict()
        keys = {"pk": image["pk"], "sk": image["sk"]}
        number = f"{next(self._numbers):021}"
        return {"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": image, "SequenceNumber": number}}

    def happened(self, team: Team, event_type: str, actor: str, target: tuple[str, str], **data: object) -> Record:
        """The stream's record of something that somebody did, and of which no call is needed here."""
        event = Event(
            *Event.key(team.id, str(ULID.from_datetime(clock.now()))),
            type=event_type,
            actor_type="user",
            actor_id=actor,
            target_type=target[0],
            target_id=target[1],
            data=data,
            at=clock.now(),
        )
        return self.record(event)

    def deliver(self, *records: Record) -> list[str]:
        """Deliver records, or else all that the stream holds, again too; return those that are reported as failed."""
        given = list(records) or self.records()
        if not given:
            return []  # the filter passes nothing, and Lambda invokes nobody
        reply = self._world.invoke("notify/send", {"Records": given})
        return [failure["itemIdentifier"] for failure in reply["batchItemFailures"]]

    @property
    def sent(self) -> list[Sent]:
        """What SES has taken, oldest first."""
        return [_sent(mail) for mail in self._sent]

    def told(self, address: str) -> list[str]:
        """The subjects of what an address was sent."""
        return [str(mail.message["Subject"]) for mail in self.sent if mail.envelope == {address}]

    def told_all(self) -> dict[str, list[str]]:
        """The subjects of what each address was sent."""
        return {address: self.told(address) for mail in self.sent for address in mail.envelope}

    def forget(self) -> None:
        """Leave out what has happened so far, and what SES was given for it."""
        self._forgotten += len(self.records())
        self._sent.clear()

    @property
    def latest(self) -> Sent:
        """The last mail that SES has taken."""
        return _sent(self._sent[-1])

    @property
    def only(self) -> Sent:
        """The one mail that SES has taken."""
        (mail,) = self.sent
        return mail


def change(team: Team, person: Caller, role: str, by: Caller | None = None) -> None:
    reply = (by or team.founder).put(team.path("members", person.id, "roles"), {"roles": [role]})
    assert reply.status == 200


def leave(team: Team, person: Caller) -> None:
    assert person.post(team.path("leave")).status == 204


def remove(team: Team, person: Caller) -> None:
    assert team.founder.delete(team.path("members", person.id)).status == 204


def switch(team: Team, *, on: bool) -> None:
    assert team.founder.patch(team.path(), {"email_notifications": on}).status == 200


def transfer(team: Team, old: Caller, new: Caller) -> None:
    assert old.post(team.path("transfer"), {"user_id": new.id}).status == 200


def delivery(team: Team, invitation: dict[str, Any]) -> str:
    """What the inviter is shown of how the mail fared."""
    return str(team.founder.get(team.path("invitations", invitation["id"])).body["delivery"])


def stored(team: Team, invitation: dict[str, Any]) -> Invitation:
    """An invitation as the table has it."""
    return Invitation.get(*Invitation.key(team.id, invitation["id"]), consistent_read=True)


class Page(HTMLParser):
    """The HTML of a mail, as a browser would take it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._in_style = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(name, value or "") for name, value in attrs]
        self._in_style = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.words.append(data)

    @property
    def seen(self) -> str:
        return " ".join("".join(self.words).split())

    def of(self, attribute: str) -> set[str]:
        return {value for name, value in self.attributes if name == attribute}


def seen(text: str) -> str:
    return " ".join(text.split())
