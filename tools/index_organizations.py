"""Give organizations that are not in the list of all organizations their place in it.

Organizations are written into its index when they are created. Those that an earlier version of Roster created are not
in it. Run this once, after the new version is deployed. It reads the whole table (a Scan, which no function may do) and
changes only organizations that are neither in the index nor deleted. It may run beside traffic, and be repeated.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from ulid import ULID

from roster.table.keys import created_index
from tools.stack import names_of

OUTSIDE = "attribute_not_exists(gsi2pk) AND attribute_not_exists(deleted_at)"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make index ARGS=…", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", default="roster", help="the CloudFormation stack that has the table (%(default)s)")
    parser.add_argument("--table", help="the table (default: the stack's)")
    parser.add_argument("--dry-run", action="store_true", help="count what would be done, and do nothing")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    try:
        index(given.table or names_of(given.stack)["TableName"], dry_run=given.dry_run)
    except KeyError as missing:
        sys.exit(f"The stack {given.stack} has no output {missing}. Name --table.")
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS did not do it: {error}")


def index(table: str, *, dry_run: bool = False) -> int:
    """Give each organization outside of the index its place, and return how many that were."""
    dynamodb = boto3.client("dynamodb")
    read = done = 0
    for page in pages(dynamodb, table):
        read += page["ScannedCount"]
        for item in page["Items"]:
            done += dry_run or put(dynamodb, table, item)
        print(f"{read} items read, {done} organizations {'to do' if dry_run else 'done'}", flush=True)
    return done


def pages(dynamodb: Any, table: str) -> Iterator[Any]:  # noqa: ANN401 (a boto client that comes without types)
    """Read the whole table, consistently, and keep the organizations outside of the index."""
    yield from dynamodb.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression=f"#kind = :organization AND {OUTSIDE}",
        ProjectionExpression="pk, sk, created_at",
        ExpressionAttributeNames={"#kind": "kind"},
        ExpressionAttributeValues={":organization": {"S": "organization"}},
    )


def put(dynamodb: Any, table: str, item: dict[str, Any]) -> bool:  # noqa: ANN401 (a boto client without types)
    """Put an organization into the index; not if it was deleted, or put there, since it was read. Its stamp stays."""
    organization_id = item["pk"]["S"].removeprefix("ORG#")
    place = created_index(organization_id, creation_of(organization_id, item["created_at"]["S"]))
    try:
        dynamodb.update_item(
            TableName=table,
            Key={"pk": item["pk"], "sk": item["sk"]},
            UpdateExpression="SET gsi2pk = :gsi2pk, gsi2sk = :gsi2sk",
            ConditionExpression=f"attribute_exists(pk) AND {OUTSIDE}",
            ExpressionAttributeValues={f":{name}": {"S": value} for name, value in place.items()},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def creation_of(organization_id: str, created_at: str) -> str:
    """Derive the ULID of a creation, of which the log may be gone: its second, and a hash for what was random."""
    second = int(datetime.fromisoformat(created_at).timestamp())
    chance = hashlib.sha256(organization_id.encode()).digest()[:10]
    return str(ULID.from_bytes((second * 1000).to_bytes(6) + chance))


if __name__ == "__main__":
    main()
