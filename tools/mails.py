"""Make pictures of all mails into build/mails/: light and dark, on a phone's screen and on a desk's.

Everything that is mailed about happens once to the real functions, and what the mailer sends then is drawn by Chromium.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Literal

import boto3
from playwright.sync_api import Browser

from tests.deployment import PARAMETERS, empty_aws
from tests.notify.mailer import Mailer, Sent
from tests.world import Team, World
from tools.browser import launched

FOLDER = Path(__file__).parents[1] / "build" / "mails"
WIDTHS = (360, 700)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
BRAND = {"SUPPORT_ADDRESS": "support@example.com"}
MESSAGE = "Hello Grace,\n\nwe start on Monday. Have a look at example.com/handbook before!"
LONG = "Gesellschaft für computergestützte Zertifizierungsdienstleistungen & Söhne mbH"


def picture(browser: Browser, html: str, width: int, scheme: Literal["dark", "light"]) -> bytes:
    """Return a page as PNG, at its whole height."""
    page = browser.new_page(viewport={"width": width, "height": 100}, color_scheme=scheme)
    page.set_content(html)
    made = page.screenshot(full_page=True)
    page.close()
    return made


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


def all_mails() -> Iterator[tuple[str, Sent]]:
    """Let everything happen that is mailed about, and yield each mail with a name."""
    with deployment() as (team, mailer):
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


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with launched() as browser:
        with redirect_stdout(StringIO()):  # where the functions write their metrics
            mails = dict(all_mails())
        for name, mail in mails.items():
            (FOLDER / f"{name}.txt").write_text(f"{mail.message['Subject']}\n\n{mail.text}")
            for width in WIDTHS:
                for scheme in SCHEMES:
                    (FOLDER / f"{name}-{width}-{scheme}.png").write_bytes(picture(browser, mail.html, width, scheme))
            print(f"{name}: {mail.message['Subject']}")
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(Path.cwd())}/")


if __name__ == "__main__":
    try:
        main()
    except LookupError as error:
        sys.exit(str(error))
