"""What every item of the table has: its key, its stamp, its places in the indexes."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, Self, cast

from pynamodb.attributes import Attribute, DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.constants import NULL
from pynamodb.exceptions import AttributeNullError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from roster.table.keys import Key


def optional[T](attribute: Attribute[T]) -> Attribute[T | None]:
    """Declare an attribute that an item may lack, and then reads as None."""
    attribute.null = True
    return cast("Attribute[T | None]", attribute)


class ByOwner(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """gsi1: a person's memberships, an address' invitations, an actor's events."""

    class Meta:
        index_name = "gsi1"
        projection = AllProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class ByDue(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """gsi2, sparse: what falls due, by time, the owners of an organization, and all organizations, as created."""

    class Meta:
        index_name = "gsi2"
        projection = KeysOnlyProjection()

    gsi2pk = UnicodeAttribute(hash_key=True)
    gsi2sk = UnicodeAttribute(range_key=True)


class Item(Model):
    """What every item has. `stamp` is the id of the event by which somebody last changed it."""

    class Meta:
        table_name = os.environ["TABLE_NAME"]
        connect_timeout_seconds = 1
        read_timeout_seconds = 2
        max_retry_attempts = 1

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    stamp = optional(UnicodeAttribute())
    gsi1pk = optional(UnicodeAttribute())
    gsi1sk = optional(UnicodeAttribute())
    gsi2pk = optional(UnicodeAttribute())
    gsi2sk = optional(UnicodeAttribute())
    ttl = optional(NumberAttribute())

    by_owner = ByOwner()
    by_due = ByDue()

    @classmethod
    def from_raw_data(cls, data: Mapping[str, Any]) -> Self:
        """Make an item of what DynamoDB returned. pynamodb's own way visits every attribute that there could be."""
        kind: type[Self] = cast("Any", cls.kind).deserialize(data["kind"]["S"])
        item = kind.__new__(kind)
        values: dict[str, Any] = {}
        item.attribute_values = values
        attributes = _attributes(kind)
        for stored, value in data.items():
            found = attributes.by_stored.get(stored)
            if found is not None and NULL not in value:
                name, attribute = found
                read = attribute.deserialize(attribute.get_value(value))
                if isinstance(read, dict):
                    setattr(item, name, read)  # which makes a map of pynamodb's of it
                else:
                    values[name] = read
        for name, default in attributes.defaults.items():
            if name not in values:
                setattr(item, name, default() if callable(default) else default)
        return item

    def serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:  # noqa: FBT001, FBT002 (as pynamodb has it)
        """Return the item as DynamoDB takes it. pynamodb's own way visits every attribute that there could be."""
        attributes, told = _attributes(type(self)), {}
        for name, value in self.attribute_values.items():
            attribute = attributes.by_name[name]
            if value is not None and (serialized := attribute.serialize(value)) is not None:
                told[attribute.attr_name] = {attribute.attr_type: serialized}
        if null_check and (missing := attributes.required - told.keys()):
            raise AttributeNullError(min(missing))
        return told

    @property
    def primary_key(self) -> Key["Item"]:
        """The key that the item stands under."""
        values = self.attribute_values
        return Key(values["pk"], values["sk"])


class _Attributes(NamedTuple):
    """The attributes of a kind, and what of them an item has without being told, and what it must have."""

    by_name: Mapping[str, Attribute[Any]]
    by_stored: Mapping[str, tuple[str, Attribute[Any]]]  # with their names, by those that they are stored under
    defaults: Mapping[str, Any]
    required: frozenset[str]  # by the names that they are stored under


@cache
def _attributes(kind: type[Item]) -> _Attributes:
    named = kind.get_attributes()
    return _Attributes(
        named,
        {one.attr_name: (name, one) for name, one in named.items()},
        {name: one.default for name, one in named.items() if one.default is not None},
        frozenset(one.attr_name for one in named.values() if not one.null),
    )
