"""moto, made quick: what it works out again and again for nothing, it does once. What it answers stays the same."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from moto.core.serialize import ResponseSerializer
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import StreamRecord, Table
from moto.kms import models as kms
from moto.kms.utils import generate_private_key


@contextmanager
def quick_moto() -> Iterator[None]:
    """Copy a table once a transaction, not once an operation; give out values as they are; draw one key."""
    transact = DynamoDBBackend.transact_write_items
    serialize = ResponseSerializer._serialize_type_structure

    def transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        copies: dict[int, Any] = {}
        patch.setattr(models, "copy", SimpleNamespace(deepcopy=lambda it: _copied(it, copies)))
        transact(backend, transact_items)

    def serialize_structure(self: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and isinstance(value, dict):  # it has the form of DynamoDB's JSON already
            serialized[self.get_serialized_name(shape, key)] = value
        else:
            serialize(self, serialized, value, shape, key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StreamRecord, "__deepcopy__", lambda record, _memo: record, raising=False)  # it never changes
        patch.setattr(DynamoDBBackend, "transact_write_items", transact_write_items)
        patch.setattr(ResponseSerializer, "_serialize_type_structure", serialize_structure)
        patch.setattr(kms, "generate_private_key", cache(generate_private_key))  # an HMAC key does not use it
        yield


def _copied(it: object, copies: dict[int, Any]) -> object:
    return copy.deepcopy(it, copies if isinstance(it, Table) else None)
