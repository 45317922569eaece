"""Bare pages: the elements under test and nothing else, at the app's origin and under the strictest policy."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.web.network import Network
from tests.web.node import WEB, run
from tests.web.people import Person

SOURCES = WEB / "elements/src"
HOST = Path(__file__).with_name("host.js")
# As make run's own page has it, and docs/elements.md asks for it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src {api}; require-trusted-types-for 'script'; "
    "trusted-types lit-html roster; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
PAGE = """<!doctype html>
<html {attributes}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bare</title>
<link rel="stylesheet" href="/bare.css">
<script type="module" src="/bare/host.js"></script>
<script type="module" src="/bare/elements.js"></script>
</head>
<body>{body}</body>
</html>
"""
# It paints its ground, as axe takes what nobody paints for white.
STYLE = """
html { color-scheme: light dark; background: Canvas; color: CanvasText }
body { margin: 16px; font: 16px/1.5 system-ui, sans-serif }
"""


@cache
def bundle() -> dict[str, bytes]:
    """All elements as an app builds them, by the name of the file: `elements.js`, and what it imports later."""
    with tempfile.TemporaryDirectory() as folder:
        entry, made = f"elements={SOURCES / 'index.ts'}", Path(folder)
        flags = ("--bundle", "--splitting", "--format=esm", "--target=es2022", "--conditions=source")
        run(SOURCES, WEB / "node_modules/.bin/esbuild", entry, *flags, f"--outdir={made}", "--log-level=error")
        return {path.name: path.read_bytes() for path in made.iterdir()}


def show(
    page: Page,
    network: Network,
    body: str,
    *,
    person: Person | None = None,
    files: Mapping[str, bytes] | None = None,
    path: str = "/bare",
    html: str = 'lang="en"',
    session: str = "",
    style: str = "",
    events: Sequence[str] = (),
    canceled: Sequence[str] = (),
    **host: Any,
) -> Page:
    """Open a page with elements in a session of somebody, or of nobody; `files` in place of a build of all elements."""
    for name, content in (bundle() if files is None else files).items():
        network.serve(f"{network.app}/bare/{name}", "text/javascript", content)
    network.serve(f"{network.app}/bare/host.js", "text/javascript", HOST.read_bytes())
    network.serve(f"{network.app}/bare.css", "text/css", STYLE + style)
    wrapped = f'<roster-session base-url="{network.api}" {session}>{body}</roster-session>'
    url = network.serve(
        f"{network.app}{path.partition('#')[0].partition('?')[0]}",
        "text/html",
        PAGE.format(attributes=html, body=wrapped),
        content_security_policy=POLICY.format(api=network.api),
    )
    token = person and person.token
    told: dict[str, Any] = {"token": token, "fresh": token, "asked": [], "heard": []}
    told |= {"events": [*events], "canceled": [*canceled], **host}
    page.add_init_script(f"globalThis.host ??= {json.dumps(told)};")
    page.goto(url.removesuffix(path.partition("#")[0].partition("?")[0]) + path)
    return page


def settle(page: Page) -> None:
    """Wait until a bare page has asked all that it wants to ask, and has shown what was answered."""
    page.evaluate("host.settled()")


def sign_in(page: Page, person: Person) -> None:
    """Let the page know that somebody else is signed in from now on."""
    page.evaluate(
        "(token) => { host.token = host.fresh = token; document.querySelector('roster-session').reset(); }",
        person.token,
    )


def heard(page: Page) -> list[tuple[str, Any]]:
    """The events that the page was told to listen to, as they came."""
    return [(name, detail) for name, detail in page.evaluate("host.heard")]
