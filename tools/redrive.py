"""Replay dead letters: give the mailer and the publisher the events again that they could not mail or publish.

Each object in the bucket of dead letters holds, as `payload`, an event as a function was given it, and names that
function. It is deleted when its replay has succeeded. A mail that has gone out is claimed, and goes out no second time
however often this is run. An event that was published is published again, under the same id.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tools.stack import names_of

TIMEOUT = Config(read_timeout=130, retries={"total_max_attempts": 1})  # the mailer may take two minutes
OUTPUTS = ("MailerFunction", "PublisherFunction")  # the second of a stack with an EventBus alone


class Refused(Exception):
    """It could not be done this time either."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make redrive ARGS=…", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--stack", default="roster", help="the CloudFormation stack that has the bucket and the functions (%(default)s)"
    )
    parser.add_argument("--bucket", help="the bucket of dead letters (default: the stack's)")
    parser.add_argument(
        "--function",
        action="append",
        help="replay what this function gave up, and leave the rest; may be repeated (default: the stack's functions)",
    )
    parser.add_argument("--dry-run", action="store_true", help="list what would be replayed, and do nothing")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    try:
        outputs = {} if given.bucket and given.function else names_of(given.stack)
        bucket = given.bucket or outputs["DeadLettersBucket"]
        functions = given.function or [outputs[name] for name in OUTPUTS if name in outputs]
        left = redrive(bucket, functions, dry_run=given.dry_run)
    except KeyError as missing:
        sys.exit(f"The stack {given.stack} has no output {missing}. Name --bucket and --function.")
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS did not do it: {error}")
    sys.exit(1 if left else 0)


def redrive(bucket: str, functions: Sequence[str], *, dry_run: bool) -> int:
    """Replay what these functions have in the bucket, oldest first, and return how many objects had to stay."""
    s3, invoker = boto3.client("s3"), boto3.client("lambda", config=TIMEOUT)
    found = sorted(objects(s3, bucket), key=lambda one: one["LastModified"])
    replayed = stayed = 0
    for number, one in enumerate(found, 1):
        key = one["Key"]
        at = f"{number}/{len(found)} {key}:"
        try:
            letter = json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])
            function, event = addressee(letter, functions), payload(letter)
            what = ", ".join(f"{kind} {event_id}" for kind, event_id in told(event))
            if dry_run:
                print(f"{at} would replay to {function}: {what}")
                continue
            replay(invoker, function, event)
        except (BotoCoreError, ClientError, Refused, KeyError, TypeError, ValueError) as error:
            stayed += 1
            print(f"{at} stays. {type(error).__name__}: {error}")
            continue
        s3.delete_object(Bucket=bucket, Key=key)
        replayed += 1
        print(f"{at} replayed {what}, and deleted")
    print(f"{len(found)} found, {replayed} replayed and deleted, {stayed} left" + " (dry run)" * dry_run)
    return stayed


def objects(s3: Any, bucket: str) -> Iterator[Any]:  # noqa: ANN401 (a boto client that comes without types)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from page.get("Contents", [])


def addressee(letter: dict[str, Any], functions: Sequence[str]) -> str:
    """Return which of these functions gave a letter up. Raises Refused if it was another one."""
    gave_up = _name(letter["requestContext"]["functionArn"])
    for function in functions:
        if _name(function) == gave_up:
            return function
    raise Refused(f"{gave_up} gave it up, which is none of {', '.join(functions)}.")


def _name(function: str) -> str:
    """Return the name of a function, which may be given as its ARN, and with a version or an alias behind it."""
    parts = function.split(":")
    return parts[6] if parts[0] == "arn" else parts[0]


def payload(letter: dict[str, Any]) -> dict[str, Any]:
    """Return the event that a dead letter holds, as text or as it is."""
    held = letter["payload"]
    event: dict[str, Any] = json.loads(held) if isinstance(held, str) else held
    return event


def told(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield type and id of the activity events in it: no address, and no name."""
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        yield image["type"]["S"], image["sk"]["S"]


def replay(invoker: Any, function: str, event: dict[str, Any]) -> None:  # noqa: ANN401 (a boto client without types)
    """Give a function an event. Raises Refused if it fails, or reports a record of it as failed."""
    answer = invoker.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    said = json.load(answer["Payload"])
    if "FunctionError" in answer:
        raise Refused(f"{function} failed: {said.get('errorType')}. Its log tells more.")
    if said["batchItemFailures"]:
        raise Refused(f"{function} reported {len(said['batchItemFailures'])} of it as failed. Its log tells more.")


if __name__ == "__main__":
    main()
