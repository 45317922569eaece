"""The examples: each is checked and built as its reader would, with the packed packages, and works in a browser."""

import mimetypes
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Open
from tests.web.network import Network
from tests.web.node import NODE, WEB, run
from tests.web.packed import install
from tests.web.people import Team

API = "http://127.0.0.1:8000"  # where the examples expect the API
FRAMEWORKS = ("react", "vue", "svelte")

type Build = Callable[[str], Path]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app's folder with the packages and the examples in it."""
    app = install(tmp_path_factory.mktemp("packed"))
    shutil.copytree(WEB / "examples", app / "examples", ignore=shutil.ignore_patterns("dist", "node_modules"))
    return app


@pytest.fixture(scope="module")
def built(app: Path) -> Build:
    """Builds an example, and returns the folder to serve."""

    def build(name: str) -> Path:
        example = app / "examples" / name
        if name == "html":
            shutil.copytree(app / "node_modules/@roster/elements/dist/script", example / "roster")
            return example
        run(example, NODE, "--run", "build", "--", "--base", "./")
        return example / "dist"

    return cache(build)


def show(page: Page, network: Network, team: Team, folder: Path) -> None:
    """Open an example at the app's origin. The issuer that it asks has a token of the team's owner, and no other."""
    for file in folder.rglob("*.*"):
        media_type = mimetypes.guess_type(file.name)[0] or "text/plain"
        network.serve(
            f"{network.app}/example/{file.relative_to(folder)}",
            media_type,
            file.read_bytes().replace(API.encode(), network.api.encode()),
        )
    network.serve(
        f"{network.api}/_local/token",
        "application/json",
        f'{{"access_token": "{team.owner.token}"}}',
        access_control_allow_origin=network.app,
    )
    page.goto(f"{network.app}/example/index.html")


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_an_example_has_no_error_of_types(app: Path, name: str) -> None:
    run(app / "examples" / name, NODE, "--run", "check")


@pytest.mark.parametrize("name", ["html", *FRAMEWORKS])
def test_an_example_shows_the_team_and_hears_its_events(
    name: str, built: Build, open_page: Open, network: Network, team: Team
) -> None:
    """Members are shown only if `getToken` was set as a property; of the tab the page knows from an event alone."""
    page = open_page()
    show(page, network, team, built(name))

    expect(page.get_by_role("row").filter(has_text=team.owner.email)).to_be_visible()
    expect(page.get_by_text("This page heard of the tab: members")).to_be_visible()
    page.get_by_role("tab", name="Roles").click()

    expect(page.get_by_text("This page heard of the tab: roles")).to_be_visible()
