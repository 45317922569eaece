"""Fixtures: AWS as moto plays it, and a deployment of each pack."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from roster import clock
from tests.deployment import LINK_KEY, STACKS, TABLE
from tests.wire import Wire
from tests.wire import wire as the_wire
from tests.world import Team, World

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_kms import KMSClient


@cache
def _clients() -> tuple["DynamoDBClient", "KMSClient"]:
    """Build the clients once: that costs more than all that a test asks of them."""
    return boto3.client("dynamodb"), boto3.client("kms")


@pytest.fixture
def aws() -> Iterator[None]:
    """An empty table and a key for links, both as the template declares them."""
    with mock_aws():
        properties = STACKS["credentials"].table
        names = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        dynamodb, kms = _clients()
        dynamodb.create_table(
            TableName=TABLE,
            StreamSpecification={"StreamEnabled": True} | properties["StreamSpecification"],
            **{name: properties[name] for name in names},
        )
        key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        kms.create_alias(AliasName=LINK_KEY, TargetKeyId=key["KeyMetadata"]["KeyId"])
        yield


@pytest.fixture
def deploy(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], World]]:
    """Deploy a pack."""

    def deployed(pack: str) -> World:
        monkeypatch.setenv("PACK", pack)
        return World(pack)

    before = clock.offset
    yield deployed
    clock.offset = before


@pytest.fixture
def world(deploy: Callable[[str], World]) -> World:
    """A deployment of the default pack."""
    return deploy("credentials")


@pytest.fixture
def team(world: World) -> Team:
    """Acme, founded by Ada."""
    return Team.found(world, world.person("Ada"))


@pytest.fixture
def wire(world: World) -> Iterator[Wire]:
    """The wire to AWS, counting from here on."""
    the_wire.clear()
    yield the_wire
    the_wire.clear()
