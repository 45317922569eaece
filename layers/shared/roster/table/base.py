"""What every item of the table has: its key, its stamp, its places in the indexes."""

import os
from collections.abc import Callable, Mapping
from functools import cache
from operator import index
from typing import Any, NamedTuple, Self, cast

from pynamodb.attributes import Attribute, DiscriminatorAttribute, UnicodeAttribute
from pynamodb.constants import MAP, NULL, NUMBER
from pynamodb.exceptions import AttributeNullError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from roster.table.keys import Key


def optional[T](attribute: Attribute[T]) -> Attribute[T | None]:
    """Declare an attribute that an item may lack, and then reads as None."""
    attribute.null = True
    return cast("Attribute[T | None]", attribute)


class WholeNumberAttribute(Attribute[int]):
    """A whole number. pynamodb's own numbers may be fractions, and are read and written as JSON."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        """Return it as DynamoDB takes it."""
        return str(index(value))

    def deserialize(self, value: str) -> int:
        """Read it as DynamoDB has it."""
        return int(value)


class CountsAttribute(Attribute[dict[str, int]]):
    """Whole numbers by name. pynamodb's own maps are objects, made anew with each item that is read."""

    attr_type = MAP

    def serialize(self, value: Mapping[str, int]) -> dict[str, dict[str, str]]:
        """Return them as DynamoDB takes them."""
        return {name: {NUMBER: str(count)} for name, count in value.items()}

    def deserialize(self, value: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
        """Read them as DynamoDB has them."""
        return {name: int(count[NUMBER]) for name, count in value.items()}


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
    ttl = optional(WholeNumberAttribute())

    by_owner = ByOwner()
    by_due = ByDue()

    # pynamodb's own way to make, to read and to write an item visits every attribute that there could be.

    def __init__(self, pk: str, sk: str, **attributes: Any) -> None:  # noqa: ANN401 (each attribute has its type)
        """Make a new item of these attributes."""
        known = _attributes(type(self))
        if unknown := attributes.keys() - known.by_name.keys():
            raise TypeError(f"{type(self).__name__} has no {min(unknown)}")
        self.attribute_values = {"pk": pk, "sk": sk, **attributes, "kind": type(self)}
        self._default(known)

    @classmethod
    def from_raw_data(cls, data: Mapping[str, Any]) -> Self:
        """Make an item of what DynamoDB returned."""
        kind: type[Self] = cast("Any", cls.kind).deserialize(data["kind"]["S"])
        item = kind.__new__(kind)
        known = _attributes(kind)
        values = item.attribute_values = dict[str, Any]()
        for stored, value in data.items():
            found = known.by_stored.get(stored)
            if found is not None and NULL not in value:
                name, attribute = found
                values[name] = attribute.deserialize(attribute.get_value(value))
        item._default(known)  # noqa: SLF001 (its own)
        return item

    def _default(self, known: "_Attributes") -> None:
        for name, default in known.defaults.items():
            if name not in self.attribute_values:
                self.attribute_values[name] = default() if callable(default) else default

    def serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:  # noqa: FBT001, FBT002 (as pynamodb has it)
        """Return the item as DynamoDB takes it."""
        known, told = _attributes(type(self)), {}
        for name, value in self.attribute_values.items():
            if value is not None:
                stored, type_, serialize = known.by_name[name]
                if (serialized := serialize(value)) is not None:
                    told[stored] = {type_: serialized}
        if null_check and (missing := known.required - told.keys()):
            raise AttributeNullError(min(missing))
        return told

    @property
    def primary_key(self) -> Key["Item"]:
        """The key that the item stands under."""
        values = self.attribute_values
        return Key(values["pk"], values["sk"])


class _Attributes(NamedTuple):
    """The attributes of a kind, and what of them an item has without being told, and what it must have."""

    by_name: Mapping[str, tuple[str, str, Callable[[Any], Any]]]  # what it is stored under, its type, and how
    by_stored: Mapping[str, tuple[str, Attribute[Any]]]  # with their names, by those that they are stored under
    defaults: Mapping[str, Any]
    required: frozenset[str]  # by the names that they are stored under


@cache
def _attributes(kind: type[Item]) -> _Attributes:
    named = kind.get_attributes()
    return _Attributes(
        {name: (one.attr_name, one.attr_type, one.serialize) for name, one in named.items()},
        {one.attr_name: (name, one) for name, one in named.items()},
        {name: one.default for name, one in named.items() if one.default is not None},
        frozenset(one.attr_name for one in named.values() if not one.null),
    )
