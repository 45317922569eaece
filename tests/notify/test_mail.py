"""What the mail of an invitation says, and how it travels."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from samtranslator.yaml_helper import yaml_parse

from local.template import TEMPLATE
from roster import clock, links
from roster.mail.plain import plain
from tests.deployment import PARAMETERS
from tests.notify.mailer import Mailer, Page, seen, stored
from tests.world import Team, World

GRACE = "grace@example.com"


def test_it_says_who_invites_to_what_as_what_and_until_when(team: Team, mailer: Mailer) -> None:
    invitation = team.invite(GRACE, "issuer", message="Hello Grace,\n\nwelcome aboard!")
    expires = stored(team, invitation).expires_at

    mailer.deliver()

    mail = mailer.only
    assert mail.message["Subject"] == "Ada invited you to Acme"
    for words in (seen(mail.text), Page(mail.html).seen):
        assert f"Ada ({plain('ada@example.com')}) invited you to join Acme on Badges as: " in words
        assert "Issuer: " in words
        assert f"until {expires:%A}, {expires.day} {expires:%B %Y, %H:%M} UTC." in words
        assert "welcome aboard!" in words
        assert "if you have no account yet" in words
        assert "decline" in words
    assert "> Hello Grace,\n>\n> welcome aboard!\n" in mail.text.replace("\r\n", "\n")


def test_who_has_no_name_is_someone(world: World, mailer: Mailer) -> None:
    Team.found(world, world.person(None, email="ada@example.com")).invite(GRACE, "viewer")

    mailer.deliver()

    assert mailer.only.message["Subject"] == "Someone invited you to Acme"


def test_without_a_message_nothing_is_quoted(team: Team, mailer: Mailer) -> None:
    team.invite(GRACE, "viewer")

    mailer.deliver()

    assert "wrote:" not in mailer.only.text
    assert "<blockquote" not in mailer.only.html


@pytest.mark.usefixtures("mailer")
def test_several_roles_are_all_told_in_the_packs_order(deploy: Callable[[str], World], mailer: Mailer) -> None:
    world = deploy("teams")
    Team.found(world, world.person("Bob"), "Globex").invite(GRACE, "installer", "billing")

    mailer.deliver()

    assert re.search(r"- Billing: .+\n- Installer: ", mailer.only.text.replace("\r\n", "\n"))
    assert "Join as Billing and Installer." in mailer.only.html


@pytest.mark.parametrize(("role", "told"), [("viewer", False), ("owner", True)])
def test_a_role_for_the_invited_address_alone_says_so(team: Team, mailer: Mailer, role: str, *, told: bool) -> None:
    team.plan("enterprise")
    team.invite(GRACE, role)

    mailer.deliver()

    assert (f"as {plain(GRACE)}: only that address can accept" in seen(mailer.only.text)) is told


def test_the_link_opens_the_invitation(team: Team, world: World, mailer: Mailer) -> None:
    invitation = team.invite(GRACE, "issuer")
    mailer.deliver()
    token = mailer.only.token

    shown = world.call("POST", "/invitations/preview", body={"token": token})

    assert (shown.status, shown.body["invitation_id"]) == (200, invitation["id"])
    assert mailer.only.links == [f"https://app.example.com/invitation#{token}"]
    link = links.parse(token)
    assert link is not None
    assert links.verified(link, GRACE)
    assert not links.verified(link, "mallory@example.com")


def test_the_link_in_a_mail_sent_again_replaces_the_one_before(team: Team, world: World, mailer: Mailer) -> None:
    invitation = team.invite(GRACE, "issuer")
    mailer.deliver()
    team.founder.post(team.path("invitations", invitation["id"], "resend"))
    mailer.deliver()

    first, second = mailer.sent

    assert world.call("POST", "/invitations/preview", body={"token": first.token}).status == 410
    assert world.call("POST", "/invitations/preview", body={"token": second.token}).status == 200
    assert "no longer work" not in first.text
    assert "Links in earlier mails no longer work." in second.text


def test_an_invitation_sent_again_as_something_else_is_mailed_with_what_it_is_now(team: Team, mailer: Mailer) -> None:
    invitation = team.invite(GRACE, "issuer", message="Welcome aboard")
    mailer.deliver()
    body = {"roles": ["admin"], "message": "Now with more to do", "locale": "de"}
    assert team.founder.post(team.path("invitations", invitation["id"], "resend"), body).status == 200
    mailer.deliver()

    _, second = mailer.sent

    assert "Admin" in second.text
    assert "Issuer" not in second.text
    assert "Now with more to do" in second.text
    assert "Welcome aboard" not in second.text


def test_its_headers_are_those_of_a_machines_mail(team: Team, world: World, mailer: Mailer) -> None:
    team.invite(GRACE, "issuer")
    event_id = world.events(team.id)[-1].id

    mailer.deliver()

    message = mailer.only.message
    assert message["From"] == "Badges <roster@example.com>"
    assert message["To"] == GRACE
    assert abs(message["Date"].datetime - clock.now()) < timedelta(minutes=1)
    assert re.fullmatch(rf"<{event_id}\.[0-9a-f]{{16}}@example\.com>", message["Message-ID"])
    assert message["X-Entity-Ref-ID"] == event_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_it_is_dated_by_the_clock(team: Team, world: World, mailer: Mailer) -> None:
    team.invite(GRACE, "issuer")

    with world.later(days=2):
        mailer.deliver()

    assert mailer.only.message["Date"].datetime > clock.now() + timedelta(days=1)


def test_it_can_travel_any_way_that_mail_goes(team: Team, mailer: Mailer) -> None:
    team.invite(GRACE, "issuer", message="ü" * 500)

    mailer.deliver()

    assert mailer.only.raw.isascii()
    assert max(map(len, mailer.only.raw.split("\r\n"))) <= 78
    assert "ü" * 500 in mailer.only.html


def test_its_html_loads_nothing_follows_the_dark_and_leaves_the_link_untracked(team: Team, mailer: Mailer) -> None:
    team.invite(GRACE, "issuer")

    mailer.deliver()

    page = Page(mailer.only.html)
    assert {"img", "script", "link", "iframe", "form", "input"}.isdisjoint(tag for tag, _ in page.tags)
    assert "url(" not in mailer.only.html
    assert page.of("lang") == {"en"}
    assert ("name", "color-scheme") in page.attributes
    assert "prefers-color-scheme: dark" in mailer.only.html
    assert all("ses:no-track" in names for tag, names in page.tags if tag == "a")
    assert page.of("href") == set(mailer.only.links)


def test_a_brand_shows_in_each_mail(team: Team, mailer: Mailer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGO_URL", "https://example.com/logo.png?a=1&b=2")
    monkeypatch.setenv("BRAND_COLOR", "#ffd400")
    monkeypatch.setenv("SUPPORT_ADDRESS", "help@example.com")
    team.invite(GRACE, "issuer")

    mailer.deliver()

    page = Page(mailer.only.html)
    assert page.of("src") == {"https://example.com/logo.png?a=1&b=2"}
    assert page.of("alt") == {"Badges"}
    assert page.of("href") == {*mailer.only.links, "mailto:help@example.com"}
    assert "background:#ffd400;color:#1f2328" in mailer.only.html
    assert "Questions? Write to help@example.com." in mailer.only.text


@pytest.mark.parametrize(
    ("color", "letters"),
    [("#1f5fd6", "#ffffff"), ("#000000", "#ffffff"), ("#ffffff", "#1f2328"), ("#FF8800", "#1f2328")],
)
def test_the_letters_on_a_button_can_be_read_on_its_colour(
    team: Team, mailer: Mailer, monkeypatch: pytest.MonkeyPatch, color: str, letters: str
) -> None:
    monkeypatch.setenv("BRAND_COLOR", color)
    team.invite(GRACE, "issuer")

    mailer.deliver()

    assert f"background:{color};color:{letters}" in mailer.only.html


def test_a_brand_of_the_wrong_form_is_refused_before_it_is_deployed() -> None:
    declared = yaml_parse(TEMPLATE.read_text())["Parameters"]

    for name in ("LogoUrl", "BrandColor", "SupportAddress", "MailFrom", "AppUrl"):
        form, default = declared[name]["AllowedPattern"], declared[name].get("Default", PARAMETERS.get(name))
        assert re.search(form, default)
        for wrong in ('"><script>', "a\r\nBcc: x@example.com", "javascript:x", "<b>"):
            assert not re.search(form, wrong)
