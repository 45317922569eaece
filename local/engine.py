"""The engine: DynamoDB and KMS on the loopback, in a process that ends with the server and keeps nothing."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.template import REGION, Stack

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import WaiterConfigTypeDef
    from types_boto3_kms import KMSClient

ROOT = Path(__file__).parent.parent
LINK_KEY = "alias/links"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": REGION}

# What CloudFormation's table has that the call to make one takes as it is.
_CREATED_WITH = {"AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"}
_SOON: "WaiterConfigTypeDef" = {"Delay": 1, "MaxAttempts": 30}  # seconds, times
_CLIENT = Config(region_name=REGION, connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2})


def shed_environment() -> None:
    """Drop what would send boto elsewhere: the user's profiles, endpoints and proxies."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ |= CREDENTIALS | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


class Engine:
    """ministack in a process of its own. The table stands at DYNAMODB_ENDPOINT instead, if that is set."""

    def __init__(self, table: str) -> None:
        self.table = table
        # The socket is opened here: nobody else gets the port, and whoever calls too early just waits.
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.engine_child", str(listener.fileno())],
                stdin=subprocess.PIPE,  # when it closes, the process ends
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("VERBOSE") else subprocess.DEVNULL,
                pass_fds=[listener.fileno()],
                cwd=ROOT,
                env={"BIND_HOST": "127.0.0.1", "LOG_LEVEL": "ERROR", "PATH": os.environ.get("PATH", "")},
                start_new_session=True,  # Ctrl-C is for the server
            )
        self.table_address = os.environ.get("DYNAMODB_ENDPOINT") or self.address
        self.streams: Any = boto3.client("dynamodbstreams", endpoint_url=self.table_address, config=_CLIENT)
        self._dynamodb: DynamoDBClient = boto3.client("dynamodb", endpoint_url=self.table_address, config=_CLIENT)
        self._kms: KMSClient = boto3.client("kms", endpoint_url=self.address, config=_CLIENT)

    def prepare(self, stack: Stack) -> None:
        """Make the key of the links and the table, as the template has them."""
        key = self._kms.create_key(KeySpec=stack.link_key["KeySpec"], KeyUsage=stack.link_key["KeyUsage"])
        self._kms.create_alias(AliasName=LINK_KEY, TargetKeyId=key["KeyMetadata"]["KeyId"])
        self.empty(stack)

    def empty(self, stack: Stack) -> None:
        """Make the table anew. The key of the links stays as it is."""
        self._drop()
        properties = {name: value for name, value in stack.table.items() if name in _CREATED_WITH}
        stream = {"StreamEnabled": True} | stack.table["StreamSpecification"]
        self._dynamodb.create_table(TableName=self.table, StreamSpecification=stream, **properties)
        self._dynamodb.get_waiter("table_exists").wait(TableName=self.table, WaiterConfig=_SOON)
        ttl = stack.table["TimeToLiveSpecification"]
        self._dynamodb.update_time_to_live(TableName=self.table, TimeToLiveSpecification=ttl)

    def stream_arn(self) -> str:
        """Return the name of the table's present stream: a table made anew has another."""
        return self._dynamodb.describe_table(TableName=self.table)["Table"]["LatestStreamArn"]

    def _drop(self) -> None:
        with suppress(self._dynamodb.exceptions.ResourceNotFoundException):
            self._dynamodb.delete_table(TableName=self.table)
            self._dynamodb.get_waiter("table_not_exists").wait(TableName=self.table, WaiterConfig=_SOON)

    def close(self) -> None:
        """End the process, and leave nothing at DYNAMODB_ENDPOINT."""
        if self.table_address != self.address:
            with suppress(BotoCoreError, ClientError):
                self._drop()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.kill()  # it has nothing to save
        self._process.communicate()  # waits for it, and closes the pipe
