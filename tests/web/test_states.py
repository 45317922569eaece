"""Every state of the elements: axe finds nothing, nothing overflows, nothing is kept in the browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web import axe
from tests.web.conftest import HEIGHT, WIDTHS
from tests.web.each import inviting, landing, members, mine, roles, settings
from tests.web.network import Network
from tests.web.people import System
from tests.web.sheets import sheet
from tests.web.states import STATES, Stage
from tests.web.watch import Watch

# What says which states there are.
EACH = (members, inviting, landing, roles, settings, mine)
THEMES = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
LANGUAGES = {"ltr": "en", "rtl": "ar"}
TURN = """async ([lang, dir]) => {
  Object.assign(document.documentElement, { lang, dir });
  for (const session of document.querySelectorAll('roster-session')) session.locale = lang;
}"""
# How far an element reaches beyond the page's sides. What is clipped, or scrolls in itself, reaches nowhere.
BEYOND = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
KEPT = "() => [localStorage, sessionStorage].flatMap((kept) => Object.keys(kept)).concat(document.cookie || [])"


@pytest.fixture
def stage(host: Callable[..., Page], system: System, network: Network, watch: Watch) -> Iterator[Stage]:
    stage = Stage(host, system, network, watch)
    with stage.at_the_end:
        yield stage


@pytest.mark.parametrize("name", STATES)
def test_it_keeps_nobody_out_in_any_theme_direction_and_width(name: str, stage: Stage) -> None:
    page = STATES[name](stage)
    found: dict[str, list[str]] = {}  # where each thing was found
    for direction, language in LANGUAGES.items():
        page.evaluate(TURN, [language, direction])
        expect(page.locator("roster-session > *").first).to_have_attribute("dir", direction)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for theme, media in THEMES.items():
                page.emulate_media(**media)  # type: ignore[arg-type]
                for one in axe.violations(page):
                    found.setdefault(one, []).append(f"{theme} {direction} {width}")
                sheet(page, name)
            if beyond := page.evaluate(BEYOND):
                found[f"the page scrolls sideways by {beyond} px"] = [f"{direction} {width}"]
    assert not found, "\n".join(f"{one} [{', '.join(where)}]" for one, where in found.items())
    assert page.evaluate(KEPT) in ([], ["roster.invitation"])
