"""Purging: deleting what nobody can reach any more, by key alone."""

import time
from typing import Any

from roster.table.base import Item
from roster.table.connections import reads
from roster.table.faults import Busy, pauses
from roster.table.keys import Key
from roster.table.read import TRIES

PAGE = 100  # keys
BATCH_LIMIT = 25  # DynamoDB's own, for one BatchWriteItem


def purge_page(kept: Key[Any]) -> int:
    """Delete a page of what stands in a partition beside the one item that is kept; return how many items that were.

    Raises Busy if DynamoDB goes on leaving some unprocessed.
    """
    found = _client().query(
        TableName=Item.Meta.table_name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": kept.pk}},
        ProjectionExpression="pk, sk",
        ConsistentRead=True,
        Limit=PAGE,
    )["Items"]
    unwanted = [{"DeleteRequest": {"Key": key}} for key in found if key["sk"]["S"] != kept.sk]
    for start in range(0, len(unwanted), BATCH_LIMIT):
        _delete(unwanted[start : start + BATCH_LIMIT])
    return len(unwanted)


def _delete(requests: list[dict[str, Any]]) -> None:
    table = Item.Meta.table_name
    waits = pauses(TRIES)
    while requests:
        requests = _client().batch_write_item(RequestItems={table: requests}).get("UnprocessedItems", {}).get(table, [])
        if requests:
            pause = next(waits, None)
            if pause is None:
                raise Busy
            time.sleep(pause)


def _client() -> Any:  # noqa: ANN401 (pynamodb types its client by the one private call that it makes)
    return reads.client
