"""Fixtures: a browser for all tests of a process, and for each test a network and pages that must not complain."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web import bare, demo
from tests.web.network import Network
from tests.web.node import NODE, WEB, run
from tests.web.people import Person, System, Team, serving
from tests.web.watch import Watch
from tools.browser import launched

PATIENCE = 30_000  # milliseconds: what hangs fails, and what is slow on a busy machine does not
WIDTHS = (320, 1280)
HEIGHT = 800

expect.set_options(timeout=PATIENCE)


class Open(Protocol):
    """Opens a page in a context of its own."""

    def __call__(self, width: int = ..., **context: Any) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium. Between tests, its event loop is out of sight of those that run one of their own."""
    # Else the browser itself asks strangers about forms.
    with launched("--disable-features=AutofillServerCommunication") as browser:
        loop = asyncio._get_running_loop()
        yield browser
        asyncio._set_running_loop(loop)


@pytest.fixture
def loop(browser: Browser) -> Iterator[None]:
    """Let Playwright's event loop be the running one for the time of a test."""
    asyncio._set_running_loop(browser._loop)
    yield
    asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[str], System]]:
    """What is served of each pack: once for all tests of a process, from the first that wants it."""
    with ExitStack() as at_the_end:
        yield cache(lambda name: at_the_end.enter_context(serving(name)))


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The elements as scripts for pages without npm, as `make elements` builds them."""
    folder = tmp_path_factory.mktemp("scripts")
    run(WEB / "elements", NODE, "build.ts", "--outdir", folder)
    return folder


@pytest.fixture
def pack() -> str:
    """Which pack is served: a test that is about another has a parameter of this name."""
    return "credentials"


@pytest.fixture
def system(serve: Callable[[str], System], pack: str) -> System:
    """What is served. Tests share it: each has people of its own."""
    return replace(serve(pack))


@pytest.fixture
def team(system: System) -> Team:
    """An organization of somebody new, on the largest plan."""
    return system.team()


@pytest.fixture
def network(system: System) -> Iterator[Network]:
    """What this test's pages are connected by."""
    with Network(system.app, system.api) as network:
        yield network


@pytest.fixture
def watch(network: Network) -> Iterator[Watch]:
    """Notes of what this test's pages must not do: what it does not expect fails it at its end."""
    watch = Watch(network)
    yield watch
    assert not watch.unexpected()


@pytest.fixture
def open_page(browser: Browser, loop: None, network: Network, watch: Watch) -> Iterator[Open]:
    """Opens an empty page of somebody who has never been here."""
    with ExitStack() as at_the_end:

        def opened(width: int = 1280, **context: Any) -> Page:
            viewport = {"width": width, "height": HEIGHT}
            settings: dict[str, Any] = {"viewport": viewport, "locale": "en-US", "reduced_motion": "reduce", **context}
            made = browser.new_context(proxy={"server": network.address}, **settings)
            at_the_end.callback(made.close)
            made.set_default_timeout(PATIENCE)
            page = made.new_page()
            watch.over(page)
            return page

        yield opened


@pytest.fixture
def at(open_page: Open, network: Network) -> Callable[..., Page]:
    """Opens a page of the demo as somebody, as in `at("/team", person)`."""

    def opened(path: str, person: Person | None = None, *, organization: str = "", **context: Any) -> Page:
        return demo.visit(open_page(**context), network.app, path, person, organization)

    return opened


@pytest.fixture
def host(open_page: Open, network: Network) -> Callable[..., Page]:
    """Opens a bare page with elements, as in `host("<roster-members></roster-members>", person=person)`."""

    def opened(body: str, *, width: int = 1280, context: dict[str, Any] | None = None, **told: Any) -> Page:
        return partial(bare.show, open_page(width, **(context or {})), network)(body, **told)

    return opened
