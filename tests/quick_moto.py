"""moto, made quick: what it works out again and again for nothing, it does once. What it answers stays the same."""

import copy
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.useragent import UserAgentString
from moto import mock_aws
from moto.core.serialize import ResponseSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb import models
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import StreamRecord, Table
from moto.kms import models as kms
from moto.kms.utils import generate_private_key

LARGEST = 405_000  # bytes of an item, as moto has it


@contextmanager
def quick_moto() -> Iterator[None]:
    """Play AWS, and what is slow about it quickly: conditions, items, copies of the table before a transaction."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(kms, "generate_private_key", cache(generate_private_key))  # an HMAC key does not use it
        for model in (Item, StreamRecord, Table):  # moto keeps each that there ever was, to be shown
            patch.setattr(model, "__new__", staticmethod(lambda kind, *_, **__: object.__new__(kind)), raising=False)
        _quick_items(patch)
        _quick_transactions(patch)
        _quick_conditions(patch)
        _quick_answers(patch)
        yield


def _quick_items(patch: pytest.MonkeyPatch) -> None:
    """Weigh an item once, not once for each attribute; a string is compared as it is."""
    cast: Any = DynamoType.cast_value
    patch.setattr(DynamoType, "cast_value", property(lambda it: it.value if it.type == "S" else cast.fget(it)))

    def made(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
        item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
        for name, value in attrs.items():
            dict.__setitem__(item.attrs, name, DynamoType(value))
        if item.size() > LARGEST:
            raise ItemSizeTooLarge

    patch.setattr(Item, "__init__", made)


def _quick_transactions(patch: pytest.MonkeyPatch) -> None:
    """Keep what a transaction may change once, not the whole table once for each operation."""
    transact = DynamoDBBackend.transact_write_items

    def transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        asked = [operation for item in transact_items for operation in item.values()]
        kept = cache(lambda table: _kept(table, [operation.get("Key") or operation["Item"] for operation in asked]))

        def deepcopy(it: object) -> object:
            return kept(it) if isinstance(it, Table) else copy.deepcopy(it)

        patch.setattr(models, "copy", SimpleNamespace(deepcopy=deepcopy))
        transact(backend, transact_items)

    patch.setattr(DynamoDBBackend, "transact_write_items", transact_write_items)


def _kept(table: Table, keys: list[dict[str, Any]]) -> Table:
    kept = copy.copy(table)
    kept.items = defaultdict(dict, table.items)
    for partition in {DynamoType(key["pk"]) for key in keys} & table.items.keys():
        kept.items[partition] = dict(table.items[partition])
    for key in keys:
        items, sort = kept.items.get(DynamoType(key["pk"]), {}), DynamoType(key["sk"])
        if sort in items:
            items[sort] = copy.deepcopy(items[sort])
    kept.stream_shard = copy.copy(table.stream_shard)
    if kept.stream_shard:
        kept.stream_shard.items, kept.stream_shard.table = list(kept.stream_shard.items), kept
    return kept


def _quick_conditions(patch: pytest.MonkeyPatch) -> None:
    """Take a condition apart once, however often it is asked."""
    lex = ConditionExpressionParser._lex_condition_expression
    known: dict[str, list[tuple[str, str]]] = {}

    def quick(parser: ConditionExpressionParser) -> deque[ConditionExpressionParser.Node]:
        condition, literal = parser.condition_expression or "", parser.Kind.LITERAL
        if condition not in known:
            known[condition] = [(node.nonterminal, node.text) for node in lex(parser)]
        return deque(parser.Node(kind, literal, text, text, []) for kind, text in known[condition])

    patch.setattr(ConditionExpressionParser, "_lex_condition_expression", quick)


def _quick_answers(patch: pytest.MonkeyPatch) -> None:
    """Give out values as they are: they have the form of DynamoDB's JSON already. Who asks with what is no matter."""
    patch.setattr("moto.core.responses.method_names_from_class", cache(method_names_from_class))
    patch.setattr(UserAgentString, "to_string", lambda _: "Roster")
    serialize = ResponseSerializer._serialize_type_structure

    def quick(self: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and isinstance(value, dict):
            serialized[self.get_serialized_name(shape, key)] = value
        else:
            serialize(self, serialized, value, shape, key)

    patch.setattr(ResponseSerializer, "_serialize_type_structure", quick)
