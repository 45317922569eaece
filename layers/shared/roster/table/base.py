"""What every item of the table has: its key, its stamp, its places in the indexes."""

import os
from typing import Any, cast

from pynamodb.attributes import Attribute, DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
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

    @property
    def primary_key(self) -> Key["Item"]:
        """The key that the item stands under."""
        return Key(self.pk, self.sk)
