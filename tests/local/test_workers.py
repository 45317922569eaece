"""The workers: what a handler sees, and what becomes of one that fails."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local import Json, terminal
from local.engine import ROOT
from local.template import Function
from local.workers import InvocationError, Workers

HANDLER = """
import os, time
from roster import clock

def handler(event, context):
    match event:
        case {"ask": "who"}:
            time.sleep(0.2)
            return {"pid": os.getpid(), "now": clock.now().isoformat()}
        case {"ask": "context"}:
            return [context.function_name, context.memory_limit_in_mb, context.aws_request_id,
                    context.invoked_function_arn, context.get_remaining_time_in_millis()]
        case {"ask": "raise"}:
            raise RuntimeError("boom")
        case {"ask": "exit"}:
            os._exit(1)
        case {"ask": "hang"}:
            time.sleep(600)
        case {"ask": "no JSON"}:
            return {1, 2}
    print("a log line")
    return event
"""
FUNCTION = Function("trial/one", 60, 256, {})
BROKEN = Function("trial/broken", 60, 256, {})


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Workers], Awaitable[Json]]], Json]:
    """Run a scenario with two workers, whose functions stand in a folder of their own."""
    monkeypatch.setattr(terminal, "say", lambda *_, **__: None)
    folder = tmp_path / "functions" / "trial"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent):
        (package / "__init__.py").touch()
    (folder / "one.py").write_text(HANDLER)
    (folder / "broken.py").write_text("import nothing_of_that_name")

    async def started(scenario: Callable[[Workers], Awaitable[Json]]) -> Json:
        functions = {function.name: function for function in (FUNCTION, BROKEN)}
        workers = Workers(2, functions, {**os.environ, "PYTHONPATH": str(ROOT)}, tmp_path)
        await workers.start()
        try:
            return await scenario(workers)
        finally:
            await workers.close()

    return lambda scenario: asyncio.run(started(scenario))


type Run = Callable[[Callable[[Workers], Awaitable[Json]]], Json]


def test_an_event_and_its_reply_pass_whole(run: Run) -> None:
    event = {"text": "é\n" * 100_000, "nothing": None, "list": [1, 2.5, True]}

    assert run(lambda workers: workers.invoke(FUNCTION, event)) == event


def test_a_handler_sees_a_context(run: Run) -> None:
    name, memory, request_id, arn, left = run(lambda workers: workers.invoke(FUNCTION, {"ask": "context"}))

    assert (name, memory) == ("roster-trial-one", 256)
    assert request_id
    assert arn.endswith(":function:roster-trial-one")
    assert 0 < left <= 60_000


def test_invocations_run_side_by_side_and_all_see_the_clock(run: Run) -> None:
    async def scenario(workers: Workers) -> Json:
        workers.clock_offset = timedelta(days=3)
        return await asyncio.gather(*(workers.invoke(FUNCTION, {"ask": "who"}) for _ in range(4)))

    answers = run(scenario)
    assert len({answer["pid"] for answer in answers}) == 2
    for answer in answers:
        assert datetime.fromisoformat(answer["now"]) > datetime.now(UTC) + timedelta(days=2)


def test_the_clock_is_set_back_for_one_task_and_for_nobody_else(run: Run) -> None:
    async def scenario(workers: Workers) -> Json:
        workers.clock_offset = timedelta(days=3)
        with workers.ago(timedelta(days=10)):
            back = await asyncio.gather(workers.invoke(FUNCTION, {"ask": "who"}))
            beside = workers.now()
        return [*back, {"now": beside.isoformat()}, await workers.invoke(FUNCTION, {"ask": "who"})]

    *earlier, later = [datetime.fromisoformat(answer["now"]) - datetime.now(UTC) for answer in run(scenario)]
    for one in earlier:
        assert -timedelta(days=8) < one < -timedelta(days=6)
    assert timedelta(days=2) < later < timedelta(days=4)


@pytest.mark.parametrize(
    ("function", "ask", "told"),
    [
        (FUNCTION, "raise", "RuntimeError: boom"),
        (FUNCTION, "no JSON", "not JSON serializable"),
        (FUNCTION, "exit", "ended its process"),
        (Function("trial/one", 0.1, 256, {}), "hang", "timed out"),
        (BROKEN, "", "nothing_of_that_name"),
    ],
)
def test_a_failure_is_told_and_there_are_as_many_workers_as_before(
    run: Run, function: Function, ask: str, told: str
) -> None:
    async def scenario(workers: Workers) -> Json:
        with pytest.raises(InvocationError, match=told):
            await workers.invoke(function, {"ask": ask})
        async with workers.paused():
            pass
        return await workers.invoke(FUNCTION, "still here")

    assert run(scenario) == "still here"


def test_a_pause_waits_for_what_is_in_flight_and_holds_back_the_rest(run: Run) -> None:
    async def scenario(workers: Workers) -> Json:
        before = asyncio.create_task(workers.invoke(FUNCTION, {"ask": "who"}))
        await asyncio.sleep(0)
        async with workers.paused():
            assert before.done()
            after = asyncio.create_task(workers.invoke(FUNCTION, "after"))
            await asyncio.sleep(0.1)
            assert not after.done()
        return await after

    assert run(scenario) == "after"


def test_those_that_are_busy_at_the_end_are_not_replaced(run: Run) -> None:
    async def scenario(workers: Workers) -> Json:
        busy = [asyncio.create_task(workers.invoke(FUNCTION, {"ask": "hang"})) for _ in range(3)]
        await asyncio.sleep(0.1)
        await workers.close()
        for ended in busy[:2]:
            with pytest.raises(InvocationError, match="ended its process"):
                await ended
        busy[2].cancel()
        return workers._replacing

    assert run(scenario) == set()
