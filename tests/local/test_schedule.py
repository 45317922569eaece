"""The schedule: by the clock that handlers see, wherever it is moved."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from local import Json, schedule, terminal
from local.schedule import Scheduler
from local.template import Function, Schedule
from local.workers import InvocationError

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
SWEEP = Function("cleanup/expire", 1, 128, {})


class Clock:
    """A clock, and when the function was run by it."""

    def __init__(self) -> None:
        self.now = START
        self.runs: list[timedelta] = []
        self.ran = asyncio.Event()
        self.scheduler = Scheduler([Schedule(SWEEP, timedelta(minutes=15))], lambda: self.now, self.invoke)

    async def invoke(self, function: Function, event: Json) -> Json:
        assert function == SWEEP
        assert event["time"] == f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        self.runs.append(self.now - START)
        self.ran.set()

    def look(self, **after: float) -> None:
        self.now = START + timedelta(**after)
        asyncio.run(self.scheduler.look())


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_function_is_run_every_so_often(clock: Clock) -> None:
    for minutes in range(46):
        clock.look(minutes=minutes)

    assert clock.runs == [timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=45)]


def test_after_the_clock_was_moved_on_it_is_run_once(clock: Clock) -> None:
    clock.look(days=7)
    clock.look(days=7, minutes=1)

    assert clock.runs == [timedelta(days=7)]


def test_after_the_clock_was_set_back_it_is_run_as_before(clock: Clock) -> None:
    clock.look(days=7)
    clock.look(minutes=1)
    clock.look(minutes=15)
    clock.look(minutes=16)

    assert clock.runs == [timedelta(days=7), timedelta(minutes=16)]


def test_a_run_that_fails_ends_no_schedule(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(terminal, "say", lambda line, **_: said.append(line))

    async def fail(*_: object) -> None:
        raise InvocationError("boom")

    monkeypatch.setattr(clock.scheduler, "_invoke", fail)
    clock.look(minutes=15)
    monkeypatch.undo()
    clock.look(minutes=30)

    assert said == ["cleanup/expire: boom"]
    assert clock.runs == [timedelta(minutes=30)]


def test_it_looks_at_the_clock_by_itself(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "LOOK", 0)
    clock.now += timedelta(minutes=15)

    async def once() -> None:
        running = asyncio.create_task(clock.scheduler.run())
        await clock.ran.wait()
        running.cancel()

    asyncio.run(once())
    assert clock.runs == [timedelta(minutes=15)]
