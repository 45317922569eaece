"""SES, as far as a local server needs it: what is sent stays here, to be read."""

import base64
import re
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import Any

from local import Json

_LINK = re.compile(r"https?://[^\s<>\"']+")
_PUNCTUATION = ".,;:!?)]}"  # behind a link in a sentence


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it arrived."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    at: str
    links: list[str]


class Mailbox:
    """Everybody's mail, oldest first."""

    def __init__(self) -> None:
        self._mails: list[Mail] = []
        self._tags: dict[str, dict[str, list[str]]] = {}  # by message id

    def receive(self, request: Json, at: datetime) -> str:
        """Keep what SESv2's SendEmail was called with, raw MIME, and return its message id."""
        message = message_from_bytes(base64.b64decode(request["Content"]["Raw"]["Data"]), policy=policy.default)
        text, html = (_part(message.get_body((kind,))) for kind in ("plain", "html"))
        destination = request.get("Destination", {}).get("ToAddresses")
        mail = Mail(
            message_id=str(uuid.uuid4()),
            to=", ".join(destination or [address.addr_spec for address in message["To"].addresses]),
            subject=message.get("Subject", ""),
            text=text,
            html=html,
            at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            links=links(text, html),
        )
        self._mails.append(mail)
        self._tags[mail.message_id] = {tag["Name"]: [tag["Value"]] for tag in request.get("EmailTags", [])}
        return mail.message_id

    def items(self, to: str | None = None) -> list[dict[str, Json]]:
        """Return all mails, or those to one address."""
        wanted = None if to is None else to.replace(" ", "+").lower()  # a plus that the caller left unencoded
        return [asdict(mail) for mail in self._mails if wanted in (None, mail.to.lower())]

    def tagged(self, event: Json) -> Json:
        """Put the tags that a mail was sent with on an event that tells of it by its message id, as SES does."""
        match event:
            case {"detail": {"mail": {"messageId": str(message_id)} as mail} as detail} if message_id in self._tags:
                tags = {**self._tags[message_id], **(mail.get("tags") or {})}
                return {**event, "detail": {**detail, "mail": {**mail, "tags": tags}}}
        return event

    def empty(self) -> None:
        self._mails.clear()


def _part(part: Any) -> str:  # noqa: ANN401 - the email package says no more of it
    return "" if part is None else str(part.get_content())


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.targets += [value for name, value in attrs if name == "href" and value]


def links(text: str, html: str) -> list[str]:
    """Return each link of a mail once, in the order in which they stand in it."""
    anchors = _Anchors()
    anchors.feed(html)
    found = [link.rstrip(_PUNCTUATION) for link in _LINK.findall(text)]
    return list(dict.fromkeys(found + [target for target in anchors.targets if _LINK.match(target)]))
