"""The mailbox: a mail comes out as it was sent."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage

from local import Json
from local.mailbox import Mailbox

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
LINK = "http://localhost:3000/invitation#o.i.l-_.m"


def _sent(to: str, text: str = "", html: str = "") -> Json:
    message = EmailMessage()
    message["To"], message["Subject"] = to, "Grüße"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    raw = base64.b64encode(message.as_bytes()).decode()
    return {"Destination": {"ToAddresses": [to]}, "Content": {"Raw": {"Data": raw}}}


def test_a_mail_comes_out_as_it_was_sent() -> None:
    mailbox = Mailbox()
    message_id = mailbox.receive(_sent("bob@example.com", "Öffne dies", "<p>Öffne <b>dies</b></p>"), AT)

    assert mailbox.items() == [
        {
            "message_id": message_id,
            "to": "bob@example.com",
            "subject": "Grüße",
            "text": "Öffne dies\n",
            "html": "<p>Öffne <b>dies</b></p>\n",
            "at": "2026-01-31T12:00:00Z",
            "links": [],
        }
    ]


def test_a_mail_without_html_has_none() -> None:
    mailbox = Mailbox()
    mailbox.receive(_sent("bob@example.com", "text"), AT)

    assert mailbox.items()[0]["html"] == ""


def test_each_link_is_found_once_and_whole() -> None:
    mailbox = Mailbox()
    html = f'<a href="{LINK}">open</a> <a href="https://example.com/?a=1&amp;b=2">x</a> <a href="mailto:a@b.c">y</a>'
    mailbox.receive(_sent("bob@example.com", f"Open {LINK}.\nOr (https://example.com/help), if you must!", html), AT)

    assert mailbox.items()[0]["links"] == [LINK, "https://example.com/help", "https://example.com/?a=1&b=2"]


def test_an_address_is_compared_whole_and_without_case() -> None:
    mailbox = Mailbox()
    for to in ("bob@example.com", "Bob@Example.com", "bobby@example.com", "b+x@example.com"):
        mailbox.receive(_sent(to), AT)

    assert [mail["to"] for mail in mailbox.items("BOB@example.com")] == ["bob@example.com", "Bob@Example.com"]
    assert mailbox.items("ob@example.com") == []
    assert len(mailbox.items("b x@example.com")) == 1  # as an unencoded plus arrives
    assert len(mailbox.items()) == 4


def test_an_emptied_mailbox_is_empty() -> None:
    mailbox = Mailbox()
    mailbox.receive(_sent("bob@example.com"), AT)
    mailbox.empty()

    assert mailbox.items() == []


def test_what_is_told_of_a_mail_carries_the_tags_that_it_was_sent_with() -> None:
    mailbox = Mailbox()
    tag = {"Name": "invitation", "Value": "i"}
    message_id = mailbox.receive(_sent("bob@example.com") | {"EmailTags": [tag]}, AT)
    event = {"detail": {"eventType": "Bounce", "mail": {"messageId": message_id, "tags": {"other": ["o"]}}}}
    of_another = {"detail": {"mail": {"messageId": "another"}}}

    assert mailbox.tagged(event)["detail"] == {
        "eventType": "Bounce",
        "mail": {"messageId": message_id, "tags": {"invitation": ["i"], "other": ["o"]}},
    }
    assert mailbox.tagged(of_another) == of_another
    assert mailbox.tagged([]) == []
