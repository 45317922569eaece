"""Make pictures of all mails into build/mails/: light and dark, on a phone's screen and on a desk's.

Everything that is mailed about happens once to the real functions, and what the mailer sends then is drawn by Chromium.
"""

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import boto3

from tests.deployment import PARAMETERS, empty_aws
from tests.notify.mailer import Mailer, Sent
from tests.world import Team, World
from tools.browser import chromium

FOLDER = Path(__file__).parents[1] / "build" / "mails"
WIDTHS = (360, 700)
SCHEMES = ("light", "dark")
BRAND = {"SUPPORT_ADDRESS": "support@example.com"}
MESSAGE = "Hello Grace,\n\nwe start on Monday. Have a look at example.com/handbook before!"
LONG = "Gesellschaft für computergestützte Zertifizierungsdienstleistungen & Söhne mbH"


class Browser:
    """Chromium without a window, spoken to in its DevTools protocol over a pair of pipes."""

    def __init__(self, program: str) -> None:
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        # It reads at descriptor 3, and writes at 4.
        command = f'exec "$0" "$@" 3<&{to_read} 4>&{to_write}'
        flags = ("--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", command, program, *flags, "about:blank"],
            pass_fds=(to_read, to_write),
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        self._answers = self._read()
        self._asked = 0
        self._session: dict[str, str] = {}
        page = self("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]}
        self._frame = self("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def __call__(self, method: str, **params: object) -> dict[str, Any]:
        self._asked += 1
        asked = {"id": self._asked, "method": method, "params": params, **self._session}
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        answer = next(answer for answer in self._answers if answer.get("id") == self._asked)
        if "error" in answer:
            sys.exit(f"Chromium does not do {method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _read(self) -> Iterator[dict[str, Any]]:
        read = b""
        while chunk := os.read(self._from, 1 << 20):
            *whole, read = (read + chunk).split(b"\0")
            yield from map(json.loads, whole)
        sys.exit("Chromium has gone.")

    def picture(self, html: str, width: int, scheme: str) -> bytes:
        """Return a page as PNG, at its whole height."""
        self("Emulation.setDeviceMetricsOverride", width=width, height=100, deviceScaleFactor=1, mobile=False)
        self("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self("Page.setDocumentContent", frameId=self._frame, html=html)
        height = self("Page.getLayoutMetrics")["cssContentSize"]["height"]
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        return b64decode(self("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"])

    def close(self) -> None:
        self("Browser.close")
        self._process.wait()


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
    try:
        program = chromium()
    except LookupError as error:
        sys.exit(str(error))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with redirect_stdout(StringIO()):  # where the functions write their metrics
        mails = dict(all_mails())
    browser = Browser(program)
    for name, mail in mails.items():
        (FOLDER / f"{name}.txt").write_text(f"{mail.message['Subject']}\n\n{mail.text}")
        for width in WIDTHS:
            for scheme in SCHEMES:
                (FOLDER / f"{name}-{width}-{scheme}.png").write_bytes(browser.picture(mail.html, width, scheme))
        print(f"{name}: {mail.message['Subject']}")
    browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(Path.cwd())}/")


if __name__ == "__main__":
    main()
