"""The connections to DynamoDB, made before the first request needs them."""

from botocore.session import Session
from pynamodb.connection import Connection

from roster import aws, started
from roster.table.base import Item


class _Connection(Connection):
    """A connection of the session that all clients share."""

    @property
    def session(self) -> Session:
        return aws.session()


reads = _Connection(connect_timeout_seconds=1, read_timeout_seconds=2, max_retry_attempts=1)
# Without the client's own retries: what the outcome of a commit means is settled by us.
commits = _Connection(connect_timeout_seconds=1, read_timeout_seconds=2, max_retry_attempts=0)
# Models read by the same client: they have no other way to be told.
_models = Item._get_connection()  # noqa: SLF001
reads.add_meta_table(_models.get_meta_table())
_models.connection = reads


def open_all() -> None:
    """Make the clients now: Lambda starts a function with more power than it answers requests with."""
    for connection in (reads, commits):
        _ = connection.client
    started()
