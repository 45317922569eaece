"""Make pictures of all mails into build/mails/: in every language, light and dark, on a phone's screen and on a desk's.

Everything that is mailed about happens once to the real functions, and what the mailer sends then is drawn by Chromium.
Beside the pictures of each language lie contact sheets, with all mails on one page for each scheme and width.
"""

import argparse
import os
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Literal

import boto3
from playwright.sync_api import Page

from roster.mail.language import languages
from tests.deployment import PARAMETERS, empty_aws
from tests.notify.mailer import Mailer, Sent
from tests.world import Team, World
from tools.browser import launched

FOLDER = Path(__file__).parents[1] / "build" / "mails"
WIDTHS = {360: 6, 700: 3}  # and how many of it stand in a row of a sheet
type Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
BRAND = {"SUPPORT_ADDRESS": "support@example.com"}
MESSAGE = "Hello Grace,\n\nwe start on Monday. Have a look at example.com/handbook before!"
LONG = "Gesellschaft für computergestützte Zertifizierungsdienstleistungen & Söhne mbH"


def picture(page: Page, html: str, width: int, scheme: Scheme) -> bytes:
    """Return HTML as PNG, at its whole height."""
    page.set_viewport_size({"width": width, "height": 100})
    page.emulate_media(color_scheme=scheme)
    page.set_content(html)
    return page.screenshot(full_page=True)


def sheet(page: Page, pictures: Iterable[tuple[str, bytes]], width: int, columns: int) -> bytes:
    """Return pictures of one width as one, each under its name."""
    figures = "".join(
        f'<figure style="margin:0"><figcaption>{name}</figcaption>'
        f'<img width="{width}" src="data:image/png;base64,{b64encode(png).decode()}"></figure>'
        for name, png in pictures
    )
    style = (
        f"display:grid;grid-template-columns:repeat({columns},{width}px);gap:16px;font:14px sans-serif;background:#888"
    )
    return picture(page, f'<body style="{style}">{figures}</body>', columns * (width + 16), "light")


@contextmanager
def deployment() -> Iterator[tuple[Team, Mailer]]:
    """A deployment with an organization, and the mailer."""
    os.environ |= BRAND
    with empty_aws():
        boto3.client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
        world = World("credentials")
        team = Team.found(world, world.person("Ada Lovelace"), "Analytical Engines")
        team.plan("enterprise")
        yield team, Mailer(world)


def all_mails(language: str) -> Iterator[tuple[str, Sent]]:
    """Let everything happen that is mailed about, and yield each mail in a language with a name."""
    with deployment() as (team, mailer):
        team.founder.patch(team.path(), {"locale": language})
        ada, world = team.founder, team.world
        grace, hedy = world.person("Grace Hopper"), world.person("Hedy Lamarr")

        def told(name: str) -> Iterator[tuple[str, Sent]]:
            before = len(mailer.sent)
            mailer.deliver()
            for number, mail in enumerate(mailer.sent[before:]):
                yield f"{name}-{number}" if number else name, mail

        invitation = team.invite(grace.email, "issuer", message=MESSAGE)
        yield from told("invitation")
        ada.post(team.path("invitations", invitation["id"], "resend"))
        yield from told("invitation-again")
        team.invite("owner@example.com", "owner")
        yield from told("invitation-to-own")
        grace.post(team.path("invitations", invitation["id"], "accept"))
        yield from told("accepted")
        hedy.put("/me")
        declined = team.invite(hedy.email, "admin")
        mailer.deliver()
        hedy.post(team.path("invitations", declined["id"], "decline"))
        yield from told("declined")
        ada.put(team.path("members", grace.id, "roles"), {"roles": ["admin"]})
        yield from told("roles-changed")
        ada.put(team.path("members", grace.id, "roles"), {"roles": ["owner"]})
        yield from told("promoted")
        for switch in (False, True):
            ada.patch(team.path(), {"email_notifications": switch})
            yield from told("switched-on" if switch else "switched-off")
        transferred = {"from": ada.id, "to": grace.id}
        grace_is = ("member", grace.id)
        mailer.deliver(mailer.happened(team, "organization.ownership_transferred", ada.id, grace_is, **transferred))
        yield from zip(("received", "handed-over"), mailer.sent[-2:], strict=True)
        grace.post(team.path("leave"))
        yield from told("left")
        team.join(hedy, "viewer")
        mailer.deliver()
        ada.delete(team.path("members", hedy.id))
        yield from told("removed")
        ada.patch(team.path(), {"name": LONG})
        team.invite("a.rather.long.address.of.somebody@subsidiary.example.com", "admin", message="word" * 40)
        yield from told("long")
        ada.put(
            team.path("members", team.join(world.person("Katherine Johnson"), "admin").id, "roles"),
            {"roles": ["owner"]},
        )
        mailer.deliver()
        ada.delete(team.path())
        yield from told("deleted")


def draw(page: Page, language: str) -> None:
    """Make the pictures and the sheets of one language."""
    folder = FOLDER / language
    folder.mkdir(parents=True, exist_ok=True)
    with redirect_stdout(StringIO()):  # where the functions write their metrics
        mails = dict(all_mails(language))
    for name, mail in mails.items():
        (folder / f"{name}.txt").write_text(f"{mail.message['Subject']}\n\n{mail.text}")
        print(f"{language} {name}: {mail.message['Subject']}")
    for width, columns in WIDTHS.items():
        for scheme in SCHEMES:
            drawn = {name: picture(page, mail.html, width, scheme) for name, mail in mails.items()}
            for name, png in drawn.items():
                (folder / f"{name}-{width}-{scheme}.png").write_bytes(png)
            (folder / f"sheet-{width}-{scheme}.png").write_bytes(sheet(page, drawn.items(), width, columns))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mails", description=__doc__.partition("\n")[0])
    parser.add_argument("--language", choices=languages(), help="only those in one language: LANGUAGE=de")
    chosen = parser.parse_args().language
    with launched() as browser:
        page = browser.new_page()
        for language in [chosen] if chosen else languages():
            draw(page, language)
    print(
        f"{len(list(FOLDER.rglob('*.png')))} pictures in {FOLDER.relative_to(Path.cwd())}/, sheet-… the contact sheets"
    )


if __name__ == "__main__":
    try:
        main()
    except LookupError as error:
        sys.exit(str(error))
