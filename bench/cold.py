"""What cold starts cost: built functions start and answer once, beside a bare function that makes one call by boto3.

All are started as `make invoke` starts functions, in turn, each in a process of its own. What is compared is CPU time,
which a busy machine changes less than the time that passes. The layer is Lambda's, but for this machine's wheels.
"""

import os
import resource
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, redirect_stdout
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.figures import Figure, progress, show
from local.engine import CREDENTIALS, Engine, shed_environment
from tests.deployment import PARAMETERS, STACKS, TABLE, client
from tests.recorded import EVENTS
from tools import build, runtime
from tools.build import PROVIDED

STACK = STACKS["credentials"]
FUNCTIONS = ("organizations/read", "invite/accept", "notify/send", "cleanup/expire")
LIMIT = 1.5
ROUNDS = 9
BARE = f"""
import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    return dynamodb.get_item(TableName="{TABLE}", Key={{"pk": {{"S": "ORG#1"}}, "sk": {{"S": "ORG"}}}}).get("Item")
"""


def figures(only: str = "") -> Iterator[Figure]:
    """Build, start everything some times in turn, and yield how the functions compare; and how large the layer is."""
    shed_environment()
    os.environ.pop("DYNAMODB_ENDPOINT", None)  # what is measured beside has to be the same everywhere
    with redirect_stdout(sys.stderr):
        build.main()
    names = [name for name in FUNCTIONS if only in name]
    with TemporaryDirectory() as temporary, closing(Engine(TABLE)) as engine:
        os.environ["AWS_ENDPOINT_URL"] = engine.address
        paths = build.lay_out(Path(temporary), [*PROVIDED, *runtime.CLIENT])
        bare = [Path(temporary, "bare"), paths[-1]]
        bare[0].mkdir()
        (bare[0] / "handler.py").write_text(BARE)
        engine.prepare(STACK)
        client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
        rounds = []
        for number in range(ROUNDS):
            first = cold("handler.handler", bare, {}, {})
            rounds.append((first, {name: cold_function(name, paths) for name in names}))
            progress(f"round {number + 1} of {ROUNDS}: the bare one {first * 1000:.0f} ms")
    for name in names:
        ratio = median(own[name] / bare for bare, own in rounds)
        yield Figure(name, ratio, LIMIT, note=f"{median(own[name] for _, own in rounds) * 1000:.0f} ms")
    size, zipped = build.sizes(build.LAYER)
    yield Figure("the layer, in MB", size / 1e6, build.LAYER_LIMIT / 1e6)
    yield Figure("the layer zipped, in MB", zipped / 1e6, build.ZIPPED_LIMIT / 1e6)
    functions = sum(file.stat().st_size for file in (build.BUILD / "functions").rglob("*.py"))
    yield Figure("all functions, in MB", functions / 1e6)


def cold_function(name: str, paths: list[Path]) -> float:
    """Return what a function of the template takes, in seconds."""
    handler = f"{name.replace('/', '.')}.handler"
    return cold(handler, paths, STACK.functions[name].environment, EVENTS[name])


def cold(handler: str, paths: list[Path], own: Mapping[str, str], event: object) -> float:
    """Return the CPU time that a new process takes until it has answered its first event, in seconds."""
    # Of children that have ended, so that the engine is not among them.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    function = runtime.start(handler, paths, {**CREDENTIALS, "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"], **own})
    try:
        runtime.invoke(function, event)
    finally:
        runtime.stop(function)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    show(__doc__ or "", figures)
