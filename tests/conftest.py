"""Fixtures: AWS as moto plays it, and a deployment of each pack."""

import gc
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from _pytest import runner

from roster import clock
from tests import described, permissions, properties
from tests.deployment import empty_aws
from tests.quick_moto import quick_moto
from tests.wire import Wire
from tests.wire import wire as the_wire
from tests.world import Team, World

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)

properties.register()
# CPython maps its stack in pieces of 16 KB, again and again where a loop crosses the end of one: a quarter of all time.
# A test's first frame asks for so much that there is half a megabyte left over for all others.
runner.runtestprotocol.__code__ = runner.runtestprotocol.__code__.replace(co_stacksize=70_000)


def pytest_configure(config: pytest.Config) -> None:
    """Judge what functions ask of AWS in every test."""
    config.pluginmanager.register(permissions, "permissions")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with properties, which take longest, so that the workers end together."""
    items.sort(key=lambda item: item.get_closest_marker("hypothesis") is None)


def pytest_collection_finish() -> None:
    """Look for garbage more seldom, and not in what is there for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    properties.assert_readable(item)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker's tests were answered."""
    described.seen |= {described.Seen(*one) for one in getattr(node, "workeroutput", {}).get("seen", [])}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a whole run in which something was not answered that the API's description says."""
    config = session.config
    if hasattr(config, "workeroutput"):  # this is a worker of several
        config.workeroutput["seen"] = [[*one] for one in described.seen]
        return
    some = config.args_source is not config.ArgsSource.TESTPATHS or config.option.keyword or config.option.markexpr
    unseen = [] if some or session.exitstatus else described.unseen(described.seen)
    if unseen:
        lines = [f"{one.who}: {one.status} {one.what}" for one in unseen]
        terminal: Any = config.pluginmanager.get_plugin("terminalreporter")
        terminal.write("\n".join(["", "The API's description says what no test was answered:", *lines, ""]), red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what tests have counted, for the record."""
    reports = [one for stage in ("passed", "failed") for one in terminalreporter.stats.get(stage, [])]
    counted: Counter[str] = Counter()
    for name, value in (told for one in reports for told in one.user_properties):
        counted[name] += value
    for name, value in sorted(counted.items()):
        terminalreporter.write_line(f"{value:,} {name}")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Begin each test at one noon, and let the clock go on: no midnight comes near, whenever the tests are run."""
    clock.offset = NOON - datetime.now(UTC)
    yield
    clock.offset = timedelta()


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Run all tests on a quick moto."""
    with quick_moto():
        yield


@pytest.fixture
def aws() -> Iterator[None]:
    """An empty table and a key for links, both as the template declares them."""
    with empty_aws():
        yield


@pytest.fixture
def deploy(aws: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], World]:
    """Deploy a pack."""

    def deployed(pack: str) -> World:
        monkeypatch.setenv("PACK", pack)
        return World(pack)

    return deployed


@pytest.fixture
def world(deploy: Callable[[str], World]) -> World:
    """A deployment of the default pack."""
    return deploy("credentials")


@pytest.fixture
def team(world: World) -> Team:
    """Acme, created by Ada."""
    return Team.found(world, world.person("Ada"))


@pytest.fixture
def wire(world: World) -> Iterator[Wire]:
    """The wire to AWS, counting from here on."""
    the_wire.clear()
    yield the_wire
    the_wire.clear()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """All that is logged, line by line, however little it matters."""
    from roster.api import app  # noqa: PLC0415 - it needs the environment that tests.deployment sets

    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(app.logger.registered_formatter.format(record))

    kept, loggers = Kept(), [app.logger._logger, logging.getLogger()]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
        logger.addHandler(kept)
    yield lines
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
        logger.removeHandler(kept)
