"""What cold starts cost: built functions start and answer once, beside a bare function that makes one call by boto3.

All are started as `make invoke` starts functions, in turn, each in a process of its own. What is compared is CPU time,
which a busy machine changes less than the time that passes. The layer is Lambda's, but for this machine's wheels.
"""

import os
import platform
import resource
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from local.engine import CREDENTIALS, Engine, shed_environment
from tests.deployment import PARAMETERS, STACKS, TABLE, client
from tests.recorded import EVENTS
from tools import build, runtime
from tools.build import PROVIDED

STACK = STACKS["credentials"]
FUNCTIONS = ("organizations/read", "invite/accept", "notify/send", "cleanup/expire")
ROUNDS = 9
BARE = f"""
import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    return dynamodb.get_item(TableName="{TABLE}", Key={{"pk": {{"S": "ORG#1"}}, "sk": {{"S": "ORG"}}}}).get("Item")
"""


def main() -> None:
    """Build, start everything some times in turn, and print how the functions compare."""
    shed_environment()
    os.environ.pop("DYNAMODB_ENDPOINT", None)  # what is measured beside has to be the same everywhere
    build.main()
    with TemporaryDirectory() as temporary, closing(Engine(TABLE)) as engine:
        os.environ["AWS_ENDPOINT_URL"] = engine.address
        paths = build.lay_out(Path(temporary), [*PROVIDED, *runtime.CLIENT])
        bare = [Path(temporary, "bare"), paths[-1]]
        bare[0].mkdir()
        (bare[0] / "handler.py").write_text(BARE)
        engine.prepare(STACK)
        client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
            f"awslambdaric {version('awslambdaric')}, boto3 {version('boto3')}: {ROUNDS} rounds"
        )
        rounds = []
        for number in range(ROUNDS):
            first = cold("handler.handler", bare, {}, {})
            rounds.append((first, {name: cold_function(name, paths) for name in FUNCTIONS}))
            print(f"  round {number + 1}: bare {first * 1000:.0f} ms", flush=True)
    report(rounds)


def cold_function(name: str, paths: list[Path]) -> float:
    """Return what a function of the template takes, in seconds."""
    handler = f"{name.replace('/', '.')}.handler"
    own = {variable: str(value) for variable, value in STACK.functions[name].environment.items()}
    return cold(handler, paths, own, EVENTS[name])


def cold(handler: str, paths: list[Path], own: dict[str, str], event: object) -> float:
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


def report(rounds: list[tuple[float, dict[str, float]]]) -> None:
    """Print a row for each function: the median of the ratios within a round, and its own time."""
    for name in FUNCTIONS:
        ratio = median(own[name] / bare for bare, own in rounds)
        time = median(own[name] for _, own in rounds) * 1000
        print(f"  {name:<20} {ratio:5.2f} times the bare one   {time:5.0f} ms of CPU")


if __name__ == "__main__":
    main()
