"""Make the stack's table again what a restored copy of it is: DynamoDB restores into a new table only.

Only what differs is written or deleted, so the table stays, with its stream, indexes, TTL and alarms. Nothing may write
to it meanwhile: docs/runbook.md says how to stop and start everything. No mail goes out: an event that was missing is
written in two steps, and the stream's filter lets neither through. Repeated, this does what is left.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import batched
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.migrate import agreed
from tools.stack import names_of

READ, WRITTEN = 100, 25  # items in a batch

type Item = dict[str, Any]  # as DynamoDB has it, each value with its type


class Refused(Exception):
    """The tables cannot be these two."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make restore ARGS=…", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", default="roster", help="the CloudFormation stack that has the table (%(default)s)")
    parser.add_argument("--table", help="the table (default: the stack's)")
    parser.add_argument("--copy", required=True, help="the table that it was restored into")
    parser.add_argument(
        "--from-elsewhere",
        action="store_true",
        help="take a copy that DynamoDB did not restore from this table: that one is gone, or it was loaded by hand",
    )
    parser.add_argument("--dry-run", action="store_true", help="count what would be done, and do nothing")
    parser.add_argument("--yes", action="store_true", help="do it without asking, as a pipeline must")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    try:
        run(given.table or named(given.stack), given)
    except Refused as reason:
        sys.exit(str(reason))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS did not do it: {error}. Repeat this: what is done is not done twice.")


def named(stack: str) -> str:
    try:
        return names_of(stack)["TableName"]
    except KeyError as missing:
        raise Refused(f"The stack {stack} has no output {missing}. Name --table.") from None


def run(table: str, given: argparse.Namespace) -> None:
    """Show what would change, ask, and do it."""
    print(f"The table {table} becomes what {given.copy} is", flush=True)
    if given.dry_run or not given.yes:
        to_do = restore(table, given.copy, dry_run=True, elsewhere=given.from_elsewhere)
        if given.dry_run or not to_do:
            return
        if not agreed():
            print("Nothing was changed.")
            sys.exit(1)
    restore(table, given.copy, dry_run=False, elsewhere=given.from_elsewhere)


def restore(table: str, copy: str, *, dry_run: bool, elsewhere: bool = False) -> Counter[str]:
    """Make a table what its copy is, and return how many items were put back and deleted, by kind."""
    dynamodb = boto3.client("dynamodb")
    if table == copy:
        raise Refused("The table and its copy are the same.")
    require_copy(dynamodb, table, copy, elsewhere=elsewhere)
    if next(pages(dynamodb, copy), []) == []:
        raise Refused(f"The copy {copy} is empty. Wait until it is ACTIVE, and look whether it is the right one.")
    done: Counter[str] = Counter()
    for items in pages(dynamodb, copy):
        there = found(dynamodb, table, items)
        differing = [item for item in items if _plain(item) != _plain(there.get(key(item)))]
        done.update(f"put back: {kind(item)}" for item in differing)
        if not dry_run:
            put(dynamodb, table, differing, there.keys())
    for items in pages(dynamodb, table):
        there = found(dynamodb, copy, items)
        added = [item for item in items if key(item) not in there]
        done.update(f"deleted: {kind(item)}" for item in added)
        if not dry_run:
            write(dynamodb, table, [{"DeleteRequest": {"Key": _keys(item)}} for item in added])
    for what, number in sorted(done.items()):
        print(f"{what} {number}")
    print(f"{done.total()} items {'to do (dry run)' if dry_run else 'done'}; all others are equal")
    return done


def require_copy(dynamodb: Any, table: str, copy: str, *, elsewhere: bool) -> None:  # noqa: ANN401 (a boto client)
    """Raise Refused unless both are tables of Roster, and the copy was restored from the table or may be another's."""
    described = {name: dynamodb.describe_table(TableName=name)["Table"] for name in (table, copy)}
    for name, one in described.items():
        types = {attribute["AttributeName"]: attribute["AttributeType"] for attribute in one["AttributeDefinitions"]}
        keys = {part["AttributeName"]: types[part["AttributeName"]] for part in one["KeySchema"]}
        if keys != {"pk": "S", "sk": "S"}:
            raise Refused(f"{name} is no table of Roster: its keys are {', '.join(keys)}, and not pk and sk.")
    source = described[copy].get("RestoreSummary", {}).get("SourceTableArn")
    if source != described[table]["TableArn"] and not elsewhere:
        known = f"it is from {source}" if source else "DynamoDB names no table that it is from"
        raise Refused(
            f"{copy} was not restored from {table}: {known}. If it is right all the same, add --from-elsewhere."
        )


def pages(dynamodb: Any, table: str) -> Iterator[list[Item]]:  # noqa: ANN401 (a boto client that comes without types)
    """Read a whole table, consistently, in pieces that can be read by key."""
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for items in batched(page["Items"], READ, strict=False):
            yield list(items)


def found(dynamodb: Any, table: str, items: list[Item]) -> dict[tuple[str, str], Item]:  # noqa: ANN401 (a boto client)
    """Read the items of these keys from another table."""
    asked: Any = {table: {"Keys": [_keys(item) for item in items], "ConsistentRead": True}}
    there: list[Item] = []
    for pause in _pauses():
        answer = dynamodb.batch_get_item(RequestItems=asked)
        there += answer["Responses"].get(table, [])
        asked = answer.get("UnprocessedKeys")
        if not asked:
            break
        time.sleep(pause)
    return {key(item): item for item in there}


def put(dynamodb: Any, table: str, items: list[Item], known: Any) -> None:  # noqa: ANN401 (a boto client)
    """Put items. A new event first stands there without a word: mails are for inserted events, not for changed ones."""
    events = [item for item in items if key(item)[0].startswith("LOG#") and key(item) not in known]
    write(dynamodb, table, [{"PutRequest": {"Item": _keys(item)}} for item in events])
    write(dynamodb, table, [{"PutRequest": {"Item": item}} for item in items])


def write(dynamodb: Any, table: str, requests: list[Any]) -> None:  # noqa: ANN401 (a boto client)
    for batch in batched(requests, WRITTEN, strict=False):
        left: Any = {table: list(batch)}
        for pause in _pauses():
            left = dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems")
            if not left:
                break
            time.sleep(pause)


def _pauses() -> Iterator[float]:
    """Yield how long to wait, as long as DynamoDB leaves something over."""
    pause = 0.1
    while True:
        yield pause
        pause = min(pause * 2, 5)


def key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def kind(item: Item) -> str:
    return str(item.get("kind", {}).get("S", "other"))


def _keys(item: Item) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def _plain(item: Item | None) -> Item | None:
    """Return an item so that equal ones compare equal: a set has no order."""
    if item is None:
        return None
    return {
        name: {type_: sorted(value) if type_ in {"SS", "NS", "BS"} else value for type_, value in typed.items()}
        for name, typed in item.items()
    }


if __name__ == "__main__":
    main()
