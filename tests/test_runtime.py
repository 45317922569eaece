"""A function under AWS's own runtime client, as tools/runtime.py starts it: what it sees, and what is told of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tools import runtime
from tools.build import PROVIDED, link_provided
from tools.runtime import Function, FunctionFailed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the runtime client is built for Linux alone")

type Start = Callable[..., Function]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Write a function's file, and start what it has as its handler."""
    own, provided = tmp_path / "functions", tmp_path / "provided"
    (own / "team").mkdir(parents=True)
    link_provided(provided, [*PROVIDED, *runtime.CLIENT])
    with ExitStack() as running:

        def started(code: str, *, handler: str = "team.read.handler", **more: Any) -> Function:
            (own / "team" / "read.py").write_text(dedent(code))
            environment = {"TABLE_NAME": "roster"}
            function = runtime.start(handler, [own, provided], environment, log=tmp_path / "log", **more)
            running.callback(runtime.stop, function)
            return function

        yield started


def test_a_function_answers_one_event_after_the_other(start: Start) -> None:
    function = start("""
        seen = []
        def handler(event, context):
            seen.append(event)
            return seen
    """)

    assert runtime.invoke(function, {"name": "Zoë"}) == [{"name": "Zoë"}]
    assert runtime.invoke(function, ["x" * 2_000_000]) == [{"name": "Zoë"}, ["x" * 2_000_000]]


def test_a_function_is_told_what_lambda_tells_it(start: Start) -> None:
    function = start(
        """
        import os
        def handler(event, context):
            return {
                "left": context.get_remaining_time_in_millis(),
                "arn": context.invoked_function_arn,
                "request": context.aws_request_id,
                "memory": context.memory_limit_in_mb,
                "trace": os.environ["_X_AMZN_TRACE_ID"],
            }
        """,
        timeout=20,
        memory=512,
    )

    first, second = runtime.invoke(function, {}), runtime.invoke(function, {})

    assert 0 < first["left"] <= 20_000
    assert first["arn"] == "arn:aws:lambda:us-east-1:000000000000:function:roster-team-read"
    assert first["memory"] == "512"
    assert first["request"] != second["request"]
    assert first["trace"] != second["trace"]


def test_a_function_sees_nothing_of_this_environment(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.setenv("AWS_PROFILE", "mine")
    function = start("""
        import os
        from importlib.util import find_spec
        def handler(event, context):
            modules = ["boto3", "moto", "roster", "tests", "team"]
            return [[name for name in modules if find_spec(name)], dict(os.environ), os.getcwd()]
    """)

    modules, variables, folder = runtime.invoke(function, {})

    assert modules == ["boto3", "team"]
    assert variables["TABLE_NAME"] == "roster"
    assert not {"PYTHONPATH", "AWS_PROFILE", "HOME"} & variables.keys()
    assert folder == variables["LAMBDA_TASK_ROOT"]


def test_a_function_leaves_no_bytecode(start: Start, tmp_path: Path) -> None:
    runtime.invoke(start("def handler(event, context): return event"), {})

    assert not [*tmp_path.glob("functions/**/__pycache__")]


def test_what_a_function_logs_is_kept(start: Start, tmp_path: Path) -> None:
    runtime.invoke(start("def handler(event, context): print('created')"), {})

    assert (tmp_path / "log").read_text() == "created\n"


def test_what_a_function_raises_is_told(start: Start) -> None:
    function = start("""
        def handler(event, context):
            raise LookupError("no such team")
    """)

    with pytest.raises(FunctionFailed, match=r"^team\.read\.handler: LookupError: no such team\n.*line 3, in handler"):
        runtime.invoke(function, {})


@pytest.mark.parametrize(
    ("code", "handler", "told"),
    [
        ("import absent", "team.read.handler", r"Unable to import module 'team\.read': No module named 'absent'"),
        ("import absent", "team.write.handler", r"Unable to import module 'team\.write'"),
        ("", "team.read.handler", r"Handler 'handler' missing on module 'team\.read'"),
        ("handler = (", "team.read.handler", r"Syntax error in module 'team\.read'"),
        ("import os\nos.environ['PACK']", "team.read.handler", "KeyError: 'PACK'"),
    ],
)
def test_a_function_that_cannot_be_started_says_why(start: Start, code: str, handler: str, told: str) -> None:
    with pytest.raises(FunctionFailed, match=rf"^{handler} could not be started: .*{told}"):
        start(code, handler=handler)


def test_a_function_that_takes_too_long_is_told_of(start: Start) -> None:
    function = start(
        """
        import threading
        def handler(event, context):
            threading.Event().wait()
        """,
        timeout=0.5,
    )

    with pytest.raises(FunctionFailed, match=r"^team\.read\.handler timed out after 0\.5 s\.$"):
        runtime.invoke(function, {})


def test_a_function_that_ends_its_process_is_told_of(start: Start) -> None:
    function = start("""
        import os
        def handler(event, context):
            os._exit(3)
    """)

    with pytest.raises(FunctionFailed, match=r"^team\.read\.handler ended its process, with code 3\.$"):
        runtime.invoke(function, {})


def test_an_answer_that_is_no_json_is_the_functions_failure(start: Start) -> None:
    function = start("def handler(event, context): return {1, 2}")

    with pytest.raises(FunctionFailed, match=r"Runtime\.MarshalError: .*set is not JSON serializable"):
        runtime.invoke(function, {})


def test_a_stopped_function_is_gone(start: Start) -> None:
    function = start("def handler(event, context): return event")

    runtime.stop(function)

    assert function.process.returncode == -9
