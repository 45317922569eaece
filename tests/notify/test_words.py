"""What people write is mere words in a mail, whatever they write."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ulid import ULID

from roster import clock
from roster.mail import plain
from roster.table.items import CustomRoles, Event, Invitation, Organization, User
from tests.notify.mailer import Mailer, Page, Sent, seen, stored
from tests.world import Team

GRACE = "grace@example.com"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("evil.com", "evil.\u200ccom"),
        ("a@evil.com", "a@\u200cevil.\u200ccom"),
        ("http://evil", "http:\u200c//evil"),
        (r"\\evil\share", "\\\u200c\\\u200cevil\\\u200cshare"),
        ("evil\u3002com", "evil\u3002\u200ccom"),
        ("=?utf-8?q?=0ABcc:x?=", "=\u200c?utf-8?q?=0ABcc:\u200cx?="),
        ("A\r\nBcc: x", "A Bcc: x"),
        ("a\u202eb\u2066c\x00d", "abcd"),
        (" St. John's  & Sons Inc. ", "St. John's & Sons Inc."),
        ("Zoë 👩\u200d🚀 and/or שלום", "Zoë 👩\u200d🚀 and/or שלום"),
    ],
)
def test_what_people_write_is_mere_words(written: str, said: str) -> None:
    assert plain(written) == said


# What would like to be more than words, among what may stand between it.
NASTY = st.sampled_from(
    [
        *("<b>", "</p>", "<a href=//evil.com>", "<!--", '"', "'", "&lt;", "]]>", "<script>", "{{ link }}", "{% raw %}"),
        *(
            "evil.com",
            "www.evil.com",
            "http://evil.com/",
            "//evil.com",
            "mailto:a@evil.com",
            "\\\\evil\\x",
            "javascript:x",
        ),
        *("\r\nBcc: a@evil.com\r\n", "\n\nBody", "=?utf-8?q?=0D=0ABcc:_a@evil.com?=", "=?", "?=", ",", ";", "a@b"),
        *("\u202e", "\u2066", "\u2028", "\x00", "\x0b", ".", " ", "\u200b", "\u00a0", "=0A", "\n.\n", "\n> ", "ﷺ", "ü"),
    ]
)
WORDS = st.lists(NASTY | st.text(max_size=6), min_size=1, max_size=8).map("".join)
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "X-Entity-Ref-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("MIME-Version", "Content-Type"),
]


class Written:
    """An invitation in which everything that people can write is set at will, past what the API would refuse."""

    def __init__(self, team: Team, mailer: Mailer) -> None:
        self._mailer = mailer
        self._team = team
        self._organization = Organization.get(*Organization.key(team.id))
        self._user = User.get(*User.key(team.founder.id))
        self._invitation = stored(team, team.invite(GRACE, "issuer"))

    def mail(self, *, name: str, organization: str, title: str, description: str, message: str) -> Sent:
        event = Event(
            *Event.key(self._team.id, str(ULID())),
            type="invitation.sent",
            actor_type="user",
            actor_id=self._user.id,
            target_type="invitation",
            target_id=self._invitation.id,
            at=clock.now(),
        )
        rights = {right: list[str]() for right in ("permissions", "invites", "removes", "assigns")}
        role = {"title": title, "description": description, **rights}
        CustomRoles(*CustomRoles.key(self._team.id), roles={"custom": role}).save()
        self._organization.update([Organization.name.set(organization)])
        self._user.update([User.name.set(name)])
        self._invitation.update(
            [
                Invitation.roles.set({"custom"}),
                Invitation.message.set(message),
                Invitation.link.set(event.id),
                Invitation.delivery.set("queued"),
            ]
        )
        assert self._mailer.deliver(self._mailer.record(event)) == []
        return self._mailer.latest


def unbroken(page: Page) -> list[Any]:
    """The tags, but for the breaks between the lines of a message."""
    return [tag for tag in page.tags if tag[0] != "br"]


def visible(words: str, link: str) -> str:
    """What is to be read, without the link, the addresses and the time that stand in it."""
    for known in (link, GRACE, "ada@example.com"):
        words = words.replace(known, "")
    return re.sub(r"\d\d:\d\d UTC", "", words)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=WORDS, organization=WORDS, title=WORDS, description=WORDS, message=WORDS.map("Hello {}".format))
def test_nothing_that_people_write_is_a_tag_a_header_a_recipient_or_a_link(
    team: Team, mailer: Mailer, written: Written, usual: Sent, **words: str
) -> None:
    mail = written.mail(**words)

    assert mail.envelope == {GRACE}
    assert mail.message.keys() == HEADERS
    assert mail.message["To"] == GRACE
    assert mail.message["From"] == "Badges <roster@example.com>"
    inviter = plain(words["name"]) or "Someone"
    subject = f"{inviter} invited you to {plain(words['organization'])}"
    assert seen(mail.message["Subject"]) == seen(subject)
    page = Page(mail.html)
    assert unbroken(page) == unbroken(Page(usual.html))
    (link,) = page.of("href")
    assert mail.links == [link]
    for read in (mail.text, page.seen, subject):
        assert not re.search(r"[.:@\\。]\w", visible(read, link))
    assert len(mail.text.splitlines()) == len(usual.text.splitlines()) + len(words["message"].splitlines()) - 1


@pytest.fixture
def written(team: Team, mailer: Mailer) -> Written:
    return Written(team, mailer)


@pytest.fixture
def usual(written: Written) -> Sent:
    """The mail with words that harm nobody."""
    return written.mail(name="Ada", organization="Acme", title="Clerk", description="Files", message="Hello")
