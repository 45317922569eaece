"""A mail is in its reader's language, as that language is written, whatever people's names are written in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list

from roster.mail.language import closest, language, languages, nearest
from roster.mail.places import Roles, place
from roster.policy.pack import load
from roster.table.items import Organization, User
from tests.deployment import PACKS
from tests.notify.mailer import Mailer, Page, Sent, change, leave, remove, seen, switch
from tests.world import Caller, Team, World

GRACE = "grace@example.com"
LANGUAGES = languages()
# How the subject of an invitation reads.
INVITED = {
    "ar": "دعوة من \u2068Ada\u2069 إلى مؤسسة \u2068Acme\u2069",
    "de": "Ada lädt Sie zu Acme ein",
    "en": "Ada invited you to Acme",
    "fr": "Ada vous invite à rejoindre Acme",
}
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
LINK = re.compile(r"https://\S+")


def invited(team: Team, mailer: Mailer, **more: Any) -> Sent:
    team.invite(GRACE, "viewer", **more)
    assert mailer.deliver() == []
    return mailer.latest


def speaks(team: Team, locale: str) -> None:
    assert team.founder.patch(team.path(), {"locale": locale}).status == 200


def prefers(person: Caller, locale: str | None) -> None:
    assert person.patch("/me", {"locale": locale}).status == 200


def told(mailer: Mailer, person: Caller) -> Sent:
    assert mailer.deliver() == []
    (mail,) = (mail for mail in mailer.sent if mail.envelope == {person.email})
    return mail


# Whose language


@pytest.mark.parametrize(
    ("invitation", "organization", "spoken"),
    [
        ("de", "fr", "de"),
        (None, "fr", "fr"),
        (None, None, "en"),
        ("de-AT", None, "de"),
        ("ar-EG-u-nu-latn", None, "ar"),
        ("fr-Latn-CA-x-quite-a-long-one-of-35", None, "fr"),
        ("ja", "de", "de"),
        ("ja", "tlh", "en"),
    ],
)
def test_an_invitation_is_in_its_own_language_or_the_organizations_or_english(
    team: Team, mailer: Mailer, invitation: str | None, organization: str | None, spoken: str
) -> None:
    if organization:
        speaks(team, organization)

    mail = invited(team, mailer, **({"locale": invitation} if invitation else {}))

    assert mail.message["Subject"] == INVITED[spoken]
    assert mail.message["Content-Language"] == spoken


@pytest.mark.parametrize("odd", ["DE_at", "de_AT", "dE", "DE-1996-x-y"])
def test_a_language_that_is_stored_in_an_odd_form_is_understood(team: Team, mailer: Mailer, odd: str) -> None:
    Organization(*Organization.key(team.id)).update([Organization.locale.set(odd)])

    assert invited(team, mailer).message["Content-Language"] == "de"


def test_a_mail_to_a_member_is_in_the_language_that_they_chose_and_else_in_their_tokens(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    speaks(team, "fr")
    viewer, admin, owner = people["viewer"], people["admin"], team.join(team.world.person("Hedy"), "viewer")
    prefers(viewer, "ar")
    assert team.world.person("admin", sub=admin.id, email=admin.email, locale="de_CH").put("/me").status == 200
    for person, spoken in ((viewer, "ar"), (admin, "de"), (owner, "fr")):
        mailer.forget()
        if person is owner:
            remove(team, person)
        else:
            change(team, person, "issuer")
        assert told(mailer, person).message["Content-Language"] == spoken

    prefers(viewer, None)
    prefers(admin, "es")
    for person, spoken in ((viewer, "fr"), (admin, "es")):
        mailer.forget()
        change(team, person, "viewer")
        assert told(mailer, person).message["Content-Language"] == spoken


def test_each_reader_of_one_event_has_their_own(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    prefers(people["Ada"], "de")
    prefers(people["owner"], "ar")
    mailer.forget()
    switch(team, on=False)

    assert mailer.deliver() == []

    assert {mail.message["To"]: mail.message["Content-Language"] for mail in mailer.sent} == {
        "ada@example.com": "de",
        people["owner"].email: "ar",
    }


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (("pt-BR", "es-419"), "es"),
        ((None, "", "zh-Hant-TW"), "en"),
        (("x-de",), "en"),
        (("den",), "en"),
        (("en-GB-oed",), "en"),
    ],
)
def test_the_nearest_language_is_looked_up_tag_by_tag(tags: tuple[str | None, ...], found: str) -> None:
    assert nearest(*tags).tag == found


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("pt-BR", "pt-BR"),
        ("PT_br", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("zh-Hant-TW", "zh-Hant"),
        ("p", None),
    ],
)
def test_a_language_elsewhere_is_nearer_than_none(tag: str, found: str | None) -> None:
    assert closest(tag, ("de", "pt-BR", "zh-Hans", "zh-Hant")) == found


# As what it is written


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_mail_says_in_its_html_which_language_it_is_and_which_way_that_runs(
    team: Team, mailer: Mailer, tag: str
) -> None:
    page = Page(invited(team, mailer, locale=tag).html)

    assert page.of("lang") == {tag}
    assert page.of("dir") == {"rtl" if tag == "ar" else "ltr", "ltr"}  # links always run to the right
    assert (page.of("dir") == {"ltr"}) is not Locale.parse(tag).text_direction.startswith("rtl")


def test_what_people_wrote_stays_and_built_in_roles_are_called_by_the_packs_translation(
    team: Team, mailer: Mailer
) -> None:
    viewer = load("credentials").roles["viewer"]
    assert language("de", "credentials").role(replace(viewer, custom=True)) == (viewer.title, viewer.description)
    team.plan("enterprise")
    role = team.founder.post(team.path("roles"), {"title": "Clerk", "permissions": ["members:read"]}).body["id"]

    built_in = invited(team, mailer, locale="de", message="Hello, please join!")
    team.invite("hedy@example.com", role, locale="de")
    mailer.deliver()

    assert "- Betrachter: Sieht Nachweise, Auswertungen und Mitglieder, ändert aber nichts." in seen(built_in.text)
    assert "> Hello, please join!" in built_in.text
    assert "- Clerk" in mailer.latest.text
    shown = team.founder.get(team.path("roles")).body["items"]
    assert [one["title"] for one in shown if one["id"] == "viewer"] == ["Viewer"]


def test_who_has_no_name_or_is_erased_is_called_so_in_the_language(team: Team, mailer: Mailer) -> None:
    User(*User.key(team.founder.id)).update([User.name.remove()])

    assert invited(team, mailer, locale="de").message["Subject"] == "Jemand lädt Sie zu Acme ein"

    team.invite("hedy@example.com", "viewer", locale="de")
    User(*User.key(team.founder.id)).delete()
    mailer.deliver()
    assert mailer.latest.message["Subject"] == "Ein ehemaliges Mitglied lädt Sie zu Acme ein"


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("pack", PACKS)
def test_every_built_in_role_has_a_title_and_a_description_in_every_language(pack: str, tag: str) -> None:
    spoken = language(tag, pack)
    roles = load(pack).roles.values()

    told = [spoken.role(role) for role in roles]

    assert len({title for title, _ in told}) == len(roles)
    if tag != "en":
        assert not {role.description for role in roles} & {description for _, description in told}


# How the language writes it


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_date_is_written_as_unicodes_locale_data_does(tag: str) -> None:
    spoken, comma = language(tag, "credentials"), "،" if tag == "ar" else ","
    locale = Locale.parse("en_GB" if tag == "en" else tag)
    first = datetime(2026, 1, 1, 14, 5, tzinfo=UTC)

    for days in range(366):
        at = first + timedelta(days=days)
        assert spoken.moment(at) == f"{format_date(at, 'full', locale=locale)}{comma} 14:05 UTC"


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2, 3, 5])
def test_a_list_is_written_as_unicodes_locale_data_does(tag: str, number: int) -> None:
    items = ["a", "b", "c", "d", "e"][:number]

    written = language(tag, "credentials").listed(items)

    assert written == format_list(items, locale=Locale.parse("en_GB" if tag == "en" else tag))


@pytest.mark.parametrize(("owners", "said"), [(2, "مالكان"), (3, "3 مالكين"), (11, "11 مالكًا"), (100, "100 مالك")])
def test_numbers_have_the_forms_of_the_language(owners: int, said: str) -> None:
    words = language("ar", "credentials").words
    one = "It has %(count)s owner now, and you are one of them."
    more = "It has %(count)s owners now, and you are one of them."

    assert said in words.ngettext(one, more, owners) % {"count": owners}


def test_owners_are_counted_in_the_form_of_the_language(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    speaks(team, "ar")
    change(team, people["admin"], "owner")
    mailer.forget()
    leave(team, people["admin"])

    assert "للمؤسسة الآن مالكان" in told(mailer, team.founder).text


def test_several_roles_are_told_as_several(deploy: Callable[[str], World], mailer: Mailer) -> None:
    team = Team.found(deploy("teams"), deploy("teams").person("Bob"), "Globex")
    team.invite(GRACE, "installer", locale="de")
    team.invite("hedy@example.com", "installer", "billing", locale="de")

    mailer.deliver()

    one, several = mailer.sent
    assert "Ihre Rolle dort:" in one.text
    assert "Ihre Rollen dort:" in several.text
    assert "Ihre Rollen dort: Abrechnung und Installation." in several.html


def test_titles_of_both_directions_keep_their_order_in_a_phrase() -> None:
    viewer, issuer = (load("credentials").roles[role] for role in ("viewer", "issuer"))
    roles = Roles((replace(viewer, title="Clerk <1>", custom=True), issuer))

    phrase = place(roles, language("ar", "credentials")).titles  # type: ignore[attr-defined]

    assert phrase == "\u2068Clerk <1>\u2069 و\u2068مُصدِر\u2069"
    assert [*re.findall("<bdi>(.*?)</bdi>", phrase.__html__())] == ["Clerk &lt;1&gt;", "مُصدِر"]


# Names of another direction


def happened(team: Team, mailer: Mailer, people: dict[str, Caller]) -> Iterator[Sent]:
    """Every kind of mail, to readers of the organization's language."""
    hedy, grace = team.world.person("Hedy Lamarr"), team.world.person("Grace Hopper", email="g.hopper@example.com")
    ada, viewer, admin, owner = (people[name] for name in ("Ada", "viewer", "admin", "owner"))
    for person in (hedy, grace):
        person.put("/me")
    answered = [team.invite(hedy.email, "viewer"), team.invite(grace.email, "viewer", message="Welcome")]
    mailer.deliver()
    assert hedy.post(team.path("invitations", answered[0]["id"], "accept")).status < 300
    mailer.deliver()
    assert grace.post(team.path("invitations", answered[1]["id"], "decline")).status < 300
    mailer.deliver()
    change(team, viewer, "issuer")
    change(team, admin, "owner")
    mailer.deliver()
    transferred = mailer.happened(
        team, "organization.ownership_transferred", ada.id, ("member", owner.id), **{"from": ada.id, "to": owner.id}
    )
    assert mailer.deliver(transferred) == []
    leave(team, admin)
    mailer.deliver()
    remove(team, viewer)
    mailer.deliver()
    switch(team, on=False)
    mailer.deliver()
    switch(team, on=True)
    mailer.deliver()
    assert owner.delete(team.path()).status == 204
    mailer.deliver()
    yield from mailer.sent


@pytest.fixture
def all_mails(team: Team, mailer: Mailer, people: dict[str, Caller]) -> Callable[[str], list[Sent]]:
    def made(tag: str) -> list[Sent]:
        speaks(team, tag)
        mailer.forget()
        return list(happened(team, mailer, people))

    return made


def test_in_arabic_every_latin_name_address_and_title_is_isolated(all_mails: Callable[[str], list[Sent]]) -> None:
    mails = all_mails("ar")

    assert len(mails) >= 15
    for mail in mails:
        for told in (str(mail.message["Subject"]), mail.text):
            left = LINK.sub("", ISOLATED.sub("", told))
            assert not re.search(r"[A-Za-z]", left), told
            assert told.count("\u2068") == told.count("\u2069")
        bare = re.sub(r"<(bdi|style|blockquote)\b.*?</\1>|<[^>]*>", "", mail.html, flags=re.DOTALL)
        assert not re.search(r"[A-Za-z]", LINK.sub("", ISOLATED.sub("", bare)))


def test_an_arabic_mail_runs_to_the_left_as_text_and_in_programs_that_drop_the_head_of_html(
    team: Team, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORT_ADDRESS", "help@example.com")

    mail = invited(team, mailer, locale="ar", message="Hello")

    own = [line for line in mail.text.splitlines() if line and not line.startswith((">", "https://"))]
    assert all(line.startswith("\u200f") for line in own)
    assert "\u2068help@example.com\u2069" in mail.text
    assert "> \u2068Hello\u2069" in mail.text
    page = Page(mail.html)
    assert page.attributes.count(("dir", "rtl")) == page.attributes.count(("lang", "ar")) == 3
    assert ("dir", "auto") in page.attributes  # a message runs as it is written
    assert re.search(r'<a [^>]*dir="ltr" href="mailto:help@example.com"', mail.html)
    assert "padding-right:20px" in mail.html
    assert "border-right:3px" in mail.html
    assert "-left:" not in mail.html


def test_in_english_only_what_runs_to_the_left_is_isolated(world: World, mailer: Mailer) -> None:
    team = Team.found(world, world.person("ليلى", email="laila@example.com"))

    mail = invited(team, mailer)

    assert mail.message["Subject"] == "\u2068ليلى\u2069 invited you to Acme"
    assert "\u2068Acme" not in mail.text


@pytest.mark.parametrize("tag", LANGUAGES)
def test_subjects_are_short_with_usual_names(
    team: Team, mailer: Mailer, people: dict[str, Caller], all_mails: Callable[[str], list[Sent]], tag: str
) -> None:
    Organization(*Organization.key(team.id)).update([Organization.name.set("Analytical Engines")])
    for person in people.values():
        User(*User.key(person.id)).update([User.name.set("Ada Lovelace")])

    for mail in all_mails(tag):
        assert len(re.sub("[\u2068\u2069]", "", mail.message["Subject"])) < 60, mail.message["Subject"]


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("name", ["W" * 100, "ß" * 100, "王" * 100, "م" * 100, "👩\u200d🚀" * 33, "a\u0301" * 50])
def test_names_of_a_hundred_letters_travel_in_every_language(world: World, mailer: Mailer, tag: str, name: str) -> None:
    team = Team.found(world, world.person(name, email="ada@example.com"), name)

    mail = invited(team, mailer, locale=tag)

    assert str(mail.message["Subject"]).count(name) == 2
    assert name in mail.text
    assert name in Page(mail.html).seen
    assert max(map(len, mail.raw.split("\r\n"))) <= 78


# Answering


def test_an_invitation_is_answered_to_who_invited_and_other_mails_to_the_support(
    team: Team, mailer: Mailer, people: dict[str, Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORT_ADDRESS", "help@example.com")

    assert invited(team, mailer).message["Reply-To"] == "ada@example.com"
    change(team, people["viewer"], "issuer")
    assert told(mailer, people["viewer"]).message["Reply-To"] == "help@example.com"


@pytest.mark.parametrize("support", ["", "help@example.com"])
def test_where_a_parameter_says_so_it_is_answered_to_the_support_if_there_is_one(
    team: Team, mailer: Mailer, monkeypatch: pytest.MonkeyPatch, support: str
) -> None:
    monkeypatch.setenv("REPLY_TO_INVITER", "false")
    monkeypatch.setenv("SUPPORT_ADDRESS", support)

    assert invited(team, mailer).message["Reply-To"] == (support or None)


@pytest.mark.parametrize("address", ["adä@example.com", "=?utf-8?q?a?=@example.com", None])
def test_an_address_that_no_header_can_have_is_not_answered_to(
    team: Team, mailer: Mailer, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.setenv("SUPPORT_ADDRESS", "help@example.com")
    team.invite(GRACE, "viewer")
    change_of = User.email.remove() if address is None else User.email.set(address)
    User(*User.key(team.founder.id)).update([change_of])

    assert mailer.deliver() == []

    assert mailer.only.message["Reply-To"] == "help@example.com"
    assert mailer.only.message.get_all("To") == [GRACE]


def test_an_internationalized_domain_is_answered_to_in_its_ascii_form(team: Team, mailer: Mailer) -> None:
    team.invite(GRACE, "viewer")
    User(*User.key(team.founder.id)).update([User.email.set("ada@bücher.example.com")])

    mailer.deliver()

    assert mailer.only.message["Reply-To"] == "ada@xn--bcher-kva.example.com"


@pytest.mark.parametrize("path", ["/team#you", "/" + "a-long-way-to-go/" * 11 + "#you"])
def test_where_mails_are_switched_off_is_one_line_of_the_header_whatever_its_length(
    all_mails: Callable[[str], list[Sent]], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("SETTINGS_PATH", path)

    raw = [mail.raw for mail in all_mails("de") if "List-Unsubscribe" in mail.raw]

    assert raw
    assert all(f"\r\nList-Unsubscribe: <https://app.example.com{path}>\r\n" in one for one in raw)


def test_an_app_without_such_a_page_is_not_led_to(
    all_mails: Callable[[str], list[Sent]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SETTINGS_PATH", "")

    for mail in all_mails("en"):
        assert mail.message["List-Unsubscribe"] is None
        assert "switch off mails about what others do" not in mail.text.lower()
        assert "Switch off" not in mail.html


def test_who_may_switch_a_mail_off_is_told_where_and_nobody_else_is(all_mails: Callable[[str], list[Sent]]) -> None:
    settings = "https://app.example.com/team#you"

    for mail in all_mails("en"):
        optional = "switch off mails about what others do" in mail.text.lower()
        assert mail.message["List-Unsubscribe"] == (f"<{settings}>" if optional else None)
        assert (settings in mail.links) is optional
        assert mail.message["List-Unsubscribe-Post"] is None
        assert optional is bool(re.search(r"accepted|declined|has left", mail.message["Subject"]))
