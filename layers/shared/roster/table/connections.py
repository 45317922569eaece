"""The connections to DynamoDB, made before the first request needs them."""

from pynamodb.connection import Connection

from roster.table.base import Item

reads = Connection(connect_timeout_seconds=1, read_timeout_seconds=2, max_retry_attempts=1)
# Without the client's own retries: what the outcome of a commit means is settled by us.
commits = Connection(connect_timeout_seconds=1, read_timeout_seconds=2, max_retry_attempts=0)


def open_all() -> None:
    """Make the clients now: Lambda starts a function with more power than it answers requests with."""
    for connection in (reads, commits, Item._get_connection().connection):  # noqa: SLF001 (models have no other way)
        _ = connection.client
