"""What every item of the table has: its key, its stamp, its places in the indexes."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, Self, cast

from pynamodb.attributes import Attribute, DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.constants import NULL
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
        attributes, defaults = _reading(kind)
        for stored, value in data.items():
            found = attributes.get(stored)
            if found is not None and NULL not in value:
                name, attribute = found
                read = attribute.deserialize(attribute.get_value(value))
                if isinstance(read, dict):
                    setattr(item, name, read)  # which makes a map of pynamodb's of it
                else:
                    values[name] = read
        for name, default in defaults.items():
            if name not in values:
                setattr(item, name, default() if callable(default) else default)
        return item

    @property
    def primary_key(self) -> Key["Item"]:
        """The key that the item stands under."""
        return Key(self.pk, self.sk)


class _Reading(NamedTuple):
    """The attributes of a kind by the names that they are stored under, and what an item has without being told."""

    attributes: Mapping[str, tuple[str, Attribute[Any]]]
    defaults: Mapping[str, Any]


@cache
def _reading(kind: type[Item]) -> _Reading:
    attributes = kind.get_attributes()
    defaults = {name: one.default for name, one in attributes.items() if one.default is not None}
    return _Reading({one.attr_name: (name, one) for name, one in attributes.items()}, defaults)
