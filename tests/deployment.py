"""The deployment that tests run in: the functions' environment as the template sets it, before they are imported."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from moto import mock_aws

from local.sample import LINK_KEY, PACKS, PARAMETERS, RESOURCES, TABLE
from local.template import Stack

__all__ = ["LINK_KEY", "PACKS", "PARAMETERS", "RESOURCES", "STACKS", "TABLE", "bare_aws", "client", "empty_aws"]

STACKS = {pack: Stack(PARAMETERS | {"Pack": pack}, RESOURCES) for pack in PACKS}

os.environ |= {
    name: value for function in STACKS["credentials"].functions.values() for name, value in function.environment.items()
}
os.environ |= {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}


@contextmanager
def bare_aws() -> Iterator[None]:
    """Play AWS with moto, with nothing in it."""
    with mock_aws() as aws:
        aws.reset()
        yield


@contextmanager
def empty_aws() -> Iterator[None]:
    """Play AWS with moto: an empty table and a key for links, both as the template declares them."""
    with bare_aws():
        properties = STACKS["credentials"].table
        names = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        dynamodb, kms = client("dynamodb"), client("kms")
        dynamodb.create_table(
            TableName=TABLE,
            StreamSpecification={"StreamEnabled": True} | properties["StreamSpecification"],
            **{name: properties[name] for name in names},
        )
        key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        kms.create_alias(AliasName=LINK_KEY, TargetKeyId=key["KeyMetadata"]["KeyId"])
        yield


@cache
def client(service: str) -> Any:
    """Make a client once: that costs more than all that a test asks of it."""
    return boto3.client(service)  # type: ignore[call-overload]
