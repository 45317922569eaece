"""What people write is mere words in a mail, whatever they write."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roster.clock import now
from roster.mail.language import languages
from roster.mail.plain import plain
from roster.table.items import CustomRoles, Invitation, JoinedAddress, Member, Organization, User
from roster.table.mails import MailCount
from tests.notify.mailer import Mailer, Page, Record, Sent, stored
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
    *("MIME-Version", "Content-Type", "Content-Language"),
]
MORE_HEADERS = {"Reply-To": "ada@example.com", "List-Unsubscribe": "<https://app.example.com/team#you>"}
LANGUAGES = languages()


class Written:
    """An organization in which everything that people can write is set at will, past what the API would refuse."""

    def __init__(self, team: Team, mailer: Mailer) -> None:
        self._mailer, self._team = mailer, team
        bob = team.join(team.world.person("Bob"), "viewer")
        self._organization = Organization.get(*Organization.key(team.id))
        self._gone = User(*User.key("gone"), email="gone@example.com")
        self._gone.save()
        self._bob = Member.get(*Member.key(team.id, bob.id))
        self._people = [User.get(*User.key(team.founder.id)), User.get(*User.key(bob.id)), self._gone]
        self._invitation = stored(team, team.invite(GRACE, "issuer"))
        self._usual: dict[tuple[str, bool, bool], list[Sent]] = {}

    def __repr__(self) -> str:
        return "an organization"  # Hypothesis shows it beside the words

    def usual(self, language: str, name: str, description: str) -> list[Sent]:
        """The mails with words that harm nobody; a name or a description that shows nothing is as good as none."""
        key = language, bool(plain(name)), bool(plain(description))
        if key not in self._usual:
            _, named, described = key
            harmless = {"name": "Ada" if named else "", "description": "Files" if described else ""}
            self._usual[key] = self.mails(language, organization="Acme", title="Clerk", message="Hello", **harmless)
        return self._usual[key]

    def mails(
        self, language: str, *, name: str, organization: str, title: str, description: str, message: str
    ) -> list[Sent]:
        """Every mail there is, with these words."""
        rights = {right: list[str]() for right in ("permissions", "invites", "removes", "assigns")}
        role = {"title": title, "description": description, **rights}
        CustomRoles(*CustomRoles.key(self._team.id), roles={"custom": role}).save()
        self._organization.update([Organization.name.set(organization), Organization.locale.set(language)])
        for person in self._people:
            person.update([User.name.set(name)])
        before = len(self._mailer.sent)
        for count in MailCount.scan():  # or after a few of a kind nobody would be mailed any more
            count.delete()
        assert self._mailer.deliver(self._invite(message), self._join(), self._decline(), *self._rest()) == []
        deleted = ("organization", self._team.id)
        self._organization.update([Organization.deleted_at.set(now())])
        assert self._mailer.deliver(self._happened("organization.deleted", self._gone.id, deleted)) == []
        self._organization.update([Organization.deleted_at.remove()])
        return self._mailer.sent[before:]

    def readdress(self, address: str) -> None:
        """Let everybody have one address."""
        for person in self._people:
            person.update([User.email.set(address)])
        self._invitation.update([Invitation.email.set(address)])

    def _happened(self, event_type: str, actor: str, target: tuple[str, str], **data: object) -> Record:
        return self._mailer.happened(self._team, event_type, actor, target, **data)

    def _invite(self, message: str) -> Record:
        target = ("invitation", self._invitation.id)
        record = self._happened("invitation.sent", self._team.founder.id, target)
        self._invitation.update(
            [
                Invitation.roles.set({"custom"}),
                Invitation.message.set(message),
                Invitation.link.set(record["dynamodb"]["Keys"]["sk"]["S"]),
                Invitation.delivery.set("queued"),
            ]
        )
        return record

    def _join(self) -> Record:
        joined = ("invitation", "joined")
        record = self._happened("invitation.accepted", self._bob.user_id, joined, roles=["custom"])
        self._bob.update([Member.joined.set(record["dynamodb"]["Keys"]["sk"]["S"])])
        key = JoinedAddress.key(self._team.id, "joined")
        JoinedAddress(*key, email=GRACE, invited_by=self._team.founder.id, user_id=self._bob.user_id).save()
        return record

    def _decline(self) -> Record:
        """Somebody declines by a link that was forwarded to them."""
        other = Invitation(*Invitation.key(self._team.id, "other"), email=GRACE, invited_by=self._team.founder.id)
        record = self._happened("invitation.declined", self._gone.id, ("invitation", "other"))
        other.stamp = record["dynamodb"]["Keys"]["sk"]["S"]
        other.save()
        return record

    def _rest(self) -> Iterator[Record]:
        ada, bob, gone = (person.id for person in self._people)
        for event_type, actor, target, data in (
            ("member.roles_changed", ada, ("member", bob), {"from": ["viewer"], "to": ["custom"]}),
            ("member.roles_changed", ada, ("member", bob), {"from": ["custom"], "to": ["owner"]}),
            ("member.removed", ada, ("member", gone), {"roles": ["custom"]}),
            ("member.left", gone, ("member", gone), {"roles": ["owner"]}),
            ("organization.ownership_transferred", ada, ("member", bob), {"from": ada, "to": bob}),
            ("organization.updated", gone, ("organization", self._team.id), {"email_notifications": False}),
            ("organization.updated", gone, ("organization", self._team.id), {"email_notifications": True}),
        ):
            yield self._happened(event_type, actor, target, **data)


def unbroken(page: Page) -> list[Any]:
    """The tags, but for the breaks between the lines of a message."""
    return [tag for tag in page.tags if tag[0] != "br"]


def visible(words: str, known: Iterable[str]) -> str:
    """What is to be read, without the links and the time that belong there."""
    for one in sorted(known, key=len, reverse=True):
        words = words.replace(one, "")
    return re.sub(r"\d\d:\d\d UTC", "", words)


@settings(max_examples=40)
@given(
    language=st.sampled_from(LANGUAGES),
    name=WORDS,
    organization=WORDS,
    title=WORDS,
    description=WORDS,
    message=WORDS.map("Hello {}".format),
)
@example(language="en", name="Ada", organization="Acme", title="Clerk", description="", message="Hello ")
@example(language="ar", name="Ada", organization="Acme", title="Clerk", description=" \u202e\x00", message="Hello ")
@example(language="ar", name="\x00", organization="\x00", title="\x00", description="\x00", message="Hello \x00")
def test_nothing_that_people_write_is_a_tag_a_header_a_recipient_or_a_link_in_any_mail(
    written: Written, language: str, **words: str
) -> None:
    mails, usual = written.mails(language, **words), written.usual(language, words["name"], words["description"])

    assert len(mails) == len(usual) == 12
    for mail, harmless in zip(mails, usual, strict=True):
        assert mail.envelope == harmless.envelope == {mail.message["To"]}
        more = {name: value for name, value in mail.message.items() if name in MORE_HEADERS}
        assert more.items() <= MORE_HEADERS.items()
        assert [name for name in mail.message if name not in MORE_HEADERS] == HEADERS
        assert mail.message["From"] == "Badges <roster@example.com>"
        assert mail.message["Content-Language"] == language
        page = Page(mail.html)
        assert unbroken(page) == unbroken(Page(harmless.html))
        links = page.of("href")
        assert set(mail.links) == links
        assert len(links) == 1 + ("List-Unsubscribe" in more)
        assert all(link.startswith("https://app.example.com") for link in links)
        for read in (mail.text, page.seen, mail.message["Subject"]):
            assert not re.search(r"[.:@\\。]\w", visible(read, links))
        lines = len(words["message"].splitlines()) - 1 if mail is mails[0] else 0
        assert len(mail.text.splitlines()) == len(harmless.text.splitlines()) + lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "address",
    [
        "victim+www.evil.example/x@example.com",
        "https//evil.example/x@example.com",
        "www.evil.example@www.example.com",
        "eve@bücher.example.com",
        "a&b'c@example.com",
    ],
)
def test_an_address_is_mere_words_in_every_mail_and_whom_it_goes_to_all_the_same(
    written: Written, address: str, language: str
) -> None:
    written.readdress(address)
    mails = written.mails(
        language, name="Ada", organization="Acme", title="Clerk", description="Files", message="Hello"
    )

    to = address.replace("bücher", "xn--bcher-kva")
    assert len(mails) == 12
    for mail in mails:
        assert mail.envelope == {to} == {mail.message["To"]}
        page = Page(mail.html)
        assert set(mail.links) == page.of("href")
        assert plain(address) in page.seen
        for read in (mail.text, page.seen, mail.message["Subject"]):
            assert not re.search(r"[.:@\\。]\w", visible(read, mail.links))


@pytest.mark.parametrize("description", ["", "\u202e", " \x00"])
def test_a_role_whose_description_shows_nothing_stands_without_one(written: Written, description: str) -> None:
    mails = written.mails("en", name="Ada", organization="Acme", title="Clerk", description=description, message="Hi")

    for mail in (mails[0], mails[1], mails[3]):
        assert "- Clerk" in mail.text.splitlines()
        assert '<strong style="font-weight:600"><bdi>Clerk</bdi></strong></li>' in mail.html


def test_the_subject_says_what_people_wrote(written: Written) -> None:
    mails = written.mails(
        "en", name="Ada.com", organization="A\r\nBcc: x", title="Boss", description="Runs it", message="Hi"
    )

    assert mails[0].message["Subject"] == "Ada.\u200ccom invited you to A Bcc: x"


@pytest.fixture
def written(team: Team, mailer: Mailer) -> Written:
    return Written(team, mailer)
