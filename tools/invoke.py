"""Starts each built function as Lambda does, and lets it answer: first its recorded event, then a whole life.

The life is the one that events/ were recorded in, made anew: the functions create an organization, answer each use of
each operation in it, mail, publish, hear of a bounce, and sweep. AWS is the engine of `make run`. Every answer must
have the status that was recorded, and be as the API's description says.
"""

import io
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from samtranslator.yaml_helper import yaml_parse

from local.engine import CREDENTIALS, Engine, shed_environment
from local.schedule import scheduled
from roster import clock
from tests.deployment import PARAMETERS, STACKS, TABLE, client
from tests.notify.mailer import streamed
from tests.operations import OPERATIONS, Scene, set_up
from tests.recorded import ANSWERS, EVENTS
from tests.world import CONTEXT, World
from tools import runtime
from tools.build import BUILD, PROVIDED, handlers_of, lay_out
from tools.record_events import EXAMPLES, bounce
from tools.runtime import FunctionFailed

STACK = STACKS["credentials"]
BATCH = 25  # items that one call writes
LINES = 10  # of what functions complained of in their log, when one has failed


@dataclass
class Built(World):
    """A deployment whose functions are the built ones."""

    functions: Mapping[str, runtime.Function] = field(default_factory=dict)
    invoked: int = field(default=0, init=False)

    def invoke(self, function: str, payload: Any, context: LambdaContext = CONTEXT) -> Any:  # noqa: ANN401, ARG002 - JSON; the context is the runtime client's
        """Invoke a function, as Lambda does."""
        self.invoked += 1
        answer = runtime.invoke(self.functions[function], payload)
        if answer.get("statusCode") == HTTPStatus.INTERNAL_SERVER_ERROR:
            raise FunctionFailed(f"{function} answered 500: {answer['body']}")
        return answer


def main() -> None:
    begun = time.monotonic()
    shed_environment()
    os.environ.pop("DYNAMODB_ENDPOINT", None)  # the table there is not ours to empty
    with TemporaryDirectory() as temporary, closing(Engine(TABLE)) as engine, ExitStack() as running:
        os.environ["AWS_ENDPOINT_URL"] = engine.address
        log, paths = Path(temporary, "log"), lay_out(Path(temporary), [*PROVIDED, *runtime.CLIENT])
        try:
            engine.prepare(STACK)
            client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
            client("events").create_event_bus(Name=PARAMETERS["EventBus"])
            with unwritten(paths):
                functions = start_all(paths, log, running)
                live(Built("credentials", functions), engine)
        except (FunctionFailed, AssertionError) as failed:  # the tests' world asserts what holds for every answer
            sys.exit("\n".join([*complaints(log), str(failed) or traceback.format_exc()]))
    print(f"all of it took {time.monotonic() - begun:.0f} s")


@contextmanager
def unwritten(paths: list[Path]) -> Iterator[None]:
    """Hold that functions write no file among the code. On Lambda its disk is read-only, here root may write."""
    functions, layer, _ = paths

    def seen() -> set[tuple[Path, int]]:
        return {
            (file, file.stat().st_mtime_ns) for path in (functions, layer) for file in path.rglob("*") if file.is_file()
        }

    before = seen()
    yield
    if new := seen() - before:
        raise FunctionFailed(f"Functions wrote {min(new)[0]}, which on Lambda they cannot.")


def complaints(log: Path) -> list[str]:
    """Return what functions logged last and was no success: warnings, errors, and what is no JSON."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line[:1] != "{" or '"WARNING"' in line or '"ERROR"' in line][-LINES:]


def start_all(paths: list[Path], log: Path, running: ExitStack) -> dict[str, runtime.Function]:
    """Start every function of the template, and let it answer its recorded event where the table is empty."""
    functions: dict[str, runtime.Function] = {}
    environment = CREDENTIALS | {"AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"]}

    def start(handler: str) -> tuple[float, str]:
        begun, name = time.monotonic(), "/".join(handler.split(".")[:-1])
        declared = STACK.functions[name]
        own = {**environment, **declared.environment}
        functions[name] = function = runtime.start(
            handler, paths, own, timeout=declared.timeout, memory=declared.memory, log=log
        )
        running.callback(runtime.stop, function)
        expect(runtime.invoke(function, EVENTS[name]), ANSWERS[name], f"the recorded event of {name}")
        return time.monotonic() - begun, name

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        started = list(pool.map(start, handlers_of(yaml_parse((BUILD / "template.yaml").read_text()))))
    seconds, slowest = max(started)
    print(
        f"functions: {len(started)}, each started by awslambdaric {version('awslambdaric')}, and its recorded event "
        f"answered; slowest: {slowest}, {seconds:.1f} s"
    )
    return functions


def live(world: Built, engine: Engine) -> None:
    """Let an organization live through all that functions do."""
    recorded = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    engine.empty(STACK)
    scene = set_up(world, crowd=0)
    items = client("dynamodb").scan(TableName=TABLE)["Items"]
    tell(world, scene)
    for name, act in OPERATIONS.items():
        put_back(items, engine)
        expect({"statusCode": act(scene).status}, recorded[name]["status"], name)
    engine.empty(STACK)
    sweep(world)
    print(f"operations: {len(OPERATIONS)}, mails, events, a bounce and the sweep: {world.invoked} events answered")


def put_back(items: list[dict[str, Any]], engine: Engine) -> None:
    """Make the table what it was."""
    engine.empty(STACK)
    for first in range(0, len(items), BATCH):
        puts = [{"PutRequest": {"Item": item}} for item in items[first : first + BATCH]]
        client("dynamodb").batch_write_item(RequestItems={TABLE: puts})


def tell(world: World, scene: Scene) -> None:
    """Mail and publish what has happened, and hear that a mail bounced."""
    for function in ("notify/send", "notify/publish"):
        answer = world.invoke(function, {"Records": streamed(function)})
        expect(answer, {"batchItemFailures": []}, f"what the stream has for {function}")
    answer = world.invoke("notify/feedback", bounce(scene.team, scene.invitation))
    expect(answer, {"outcome": "bounced"}, "a bounce")


def sweep(world: World) -> None:
    """Expire an invitation, and purge an organization of one. They are of last week, made by what is not built."""
    past = World(world.pack)
    with past.later(days=-8), redirect_stdout(io.StringIO()):
        scene = set_up(past, crowd=0)
        scene.admin.delete(f"/organizations/{scene.other}")
    answer = world.invoke("cleanup/expire", scheduled(STACK.schedules[0], clock.now()))
    expect(answer, {"expired": 1, "purged": 2}, "the schedule")


def expect(answer: dict[str, Any], wanted: object, what: str) -> None:
    """Hold an answer, or its status, against what it should be."""
    told = answer.get("statusCode", answer)
    if told != wanted:
        raise FunctionFailed(f"The answer to {what} was {told}, and not {wanted}.")


if __name__ == "__main__":
    main()
