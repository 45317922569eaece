"""Strict hosts: no violation of the strictest policy, nothing kept in the browser, nothing asked of strangers."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web import bare
from tests.web.conftest import Open
from tests.web.each.mine import MINE
from tests.web.network import Network
from tests.web.people import System, Team
from tests.web.states import button

STRICT = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "require-trusted-types-for": {"'script'"},
    "trusted-types": {"lit-html", "roster"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'none'"},
}
PAGES = ("/", "/team", "/invitation")


def policy_of(header: str) -> dict[str, set[str]]:
    return {name: {*sources} for name, *sources in (part.split() for part in header.split(";"))}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_demo_keeps_to_its_strict_policy(at: Callable[..., Page], team: Team, path: str) -> None:
    """What breaks it, or anything else that is logged as an error, would fail this test at its end."""
    page = at(path, team.owner)

    expect(page.locator("roster-session")).to_be_attached()
    page.wait_for_load_state("networkidle")
    policy = policy_of(httpx.get(f"{team.system.app}{path}").headers["content-security-policy"])
    assert policy.pop("connect-src") == {team.system.api}
    assert policy.pop("img-src", {"'self'"}) == {"'self'"}  # its own icon
    assert policy == STRICT
    assert page.context.cookies() == []


def test_bare_pages_are_as_strict() -> None:
    assert policy_of(bare.POLICY) == STRICT | {"connect-src": {"{api}"}}


def test_two_copies_on_one_page_live(
    open_page: Open, network: Network, system: System, team: Team, scripts: Path
) -> None:
    """An app has the package in its bundle, and the script comes with something else: whichever is first."""
    person = system.person()
    team.invite(person.email, team.invitable()[-1])
    network.serve(f"{system.app}/bare/roster.js", "text/javascript", (scripts / "roster.js").read_bytes())
    for first in ("", '<script type="module" src="/bare/roster.js"></script>'):
        second = "" if first else '<script type="module" src="/bare/roster.js"></script>'
        page = bare.show(open_page(), network, f"{first}{MINE}{second}", person=person)
        expect(button(page, "Accept")).to_be_visible()


def test_the_script_alone_speaks_other_languages(
    open_page: Open, network: Network, system: System, team: Team, scripts: Path
) -> None:
    files = {"elements.js": (scripts / "roster.js").read_bytes()}
    files |= {f"words/{path.name}": path.read_bytes() for path in (scripts / "words").glob("*.js")}
    page = bare.show(
        open_page(), network, "<roster-settings></roster-settings>", person=team.owner, files=files, html='lang="ar"'
    )

    expect(page.locator("roster-settings")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("button", name=re.compile(r"[a-zA-Z]"))).to_have_count(0)
