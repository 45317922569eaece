"""What warm requests cost: each operation's CPU beside that of the same calls of AWS by plain boto3.

Both ask a server that gives recorded answers, over real connections, in blocks that take turns. What is compared is the
CPU time of this process alone, which a busy machine changes less than the time that passes.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import boto3
import httpx

from bench.contending.stage import PARAMETERS, TABLE
from bench.figures import Figure, show
from bench.warmed.calls import Call, Recording, load
from local.engine import LINK_KEY, shed_environment
from local.template import Stack

LIMIT = 1.0
ROUNDS = 9
MOMENT = 0.1  # seconds of CPU that a block takes, at least
ROOT = Path(__file__).parents[1]
NOWHERE = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (what functions log)
CONTEXT = SimpleNamespace(
    function_name="roster",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:roster",
    aws_request_id="5e0ee8b4-1a1b-4b8f-9d0c-0f4b8a1f2f3d",
    get_remaining_time_in_millis=lambda: 29_000,
)


@contextmanager
def answered(recordings: Path) -> Iterator[httpx.Client]:
    """Start the server of recorded answers, and let all clients of AWS ask it."""
    command = [sys.executable, "-m", "bench.warmed.calls", str(recordings)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = f"http://127.0.0.1:{process.stdout.readline().strip() if process.stdout else ''}"
            os.environ["AWS_ENDPOINT_URL"] = address
            with httpx.Client(base_url=address) as server:
                yield server
        finally:
            process.terminate()


def figures(only: str = "") -> Iterator[Figure]:
    """Measure all operations, or those that have these letters in their names; at last their median."""
    shed_environment()
    stack = Stack(PARAMETERS, {"Table": TABLE, "LinkKey": LINK_KEY})
    for function in stack.functions.values():
        os.environ |= function.environment
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "recordings")
        record = [sys.executable, "-m", "bench.warmed.recorded", str(path)]
        subprocess.run(record, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with answered(path) as server:
            clients: dict[str, Any] = {}
            ratios = []
            for number, (name, recording) in enumerate(load(path).items()):
                if only in name:
                    server.get(f"/{number}")
                    measured = _measured(name, recording, clients)
                    ratios.append(float(measured.value))
                    yield measured
            if not only:
                yield Figure("the median of all", median(ratios), LIMIT)


def _measured(name: str, recording: Recording, clients: dict[str, Any]) -> Figure:
    for call in recording.calls:
        clients.setdefault(call.service, boto3.client(call.service))  # type: ignore[call-overload]
    with redirect_stdout(NOWHERE):  # loggers keep where they write to
        handler = importlib.import_module(f"functions.{recording.function.replace('/', '.')}").handler

    def own() -> None:
        reply = handler(recording.event, CONTEXT)
        if reply["statusCode"] >= httpx.codes.BAD_REQUEST:
            raise AssertionError(f"{name}: {reply}")

    def bare() -> None:
        for call in recording.calls:
            _ask(clients[call.service], call)

    blocks = [(act, _repeats(act)) for act in (own, bare)]
    rounds = [[_cpu(act, times) for act, times in blocks] for _ in range(ROUNDS)]
    owns, bares = zip(*rounds, strict=True)
    ratio = median(one / other for one, other in rounds)
    note = f"{median(owns):.2f} ms beside {median(bares):.2f}, {len(recording.calls)} calls"
    return Figure(name, ratio, LIMIT, note=note)


def _ask(client: Any, call: Call) -> None:  # noqa: ANN401 (boto3 makes each service's class at run time)
    client._make_api_call(call.operation, call.params)  # noqa: SLF001 (what each of its methods is)


def _repeats(act: Callable[[], None]) -> int:
    """Return how often something is done in a block, once it is warm."""
    _cpu(act, 5)
    return max(3, round(MOMENT / _cpu(act, 5) * 1000))


def _cpu(act: Callable[[], None], times: int) -> float:
    """Return the CPU time of this process that something takes, in milliseconds."""
    start = time.process_time()
    with redirect_stdout(NOWHERE):
        for _ in range(times):
            act()
    return (time.process_time() - start) * 1000 / times


if __name__ == "__main__":
    show(__doc__ or "", figures)
