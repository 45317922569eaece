"""What a transaction requires of an item (the first three), and does to it (the others), in pynamodb's terms."""

from functools import cache
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.constants import NUMBER
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path, Value
from pynamodb.expressions.update import Action

from roster.policy.decisions import Growth
from roster.table.base import Item
from roster.table.items import Organization


def unchanged(item: Item) -> Condition:
    """Require that an item is as it was read."""
    return Item.stamp == item.stamp


def has_room(organization: Organization, growth: Growth) -> Condition:
    """Require that an organization exists and that its plan has room for this."""
    condition: Condition = Organization.pk.exists() & Organization.deleted_at.does_not_exist()
    if growth.owners < 0:
        condition &= Organization.owners > -growth.owners
    if growth.owners > 0:
        condition &= Organization.max_owners.does_not_exist() | (Organization.owners < Organization.max_owners)
    if growth.members > 0:
        condition &= Organization.max_members.does_not_exist() | (Organization.members < Organization.max_members)
    if growth.custom:
        condition &= Organization.plan == organization.plan  # which plans have custom roles, only the pack knows
    return condition


def at_most(count: Path, bound: int) -> Condition:
    """Require that a count, which may not stand there yet, is no more than this."""
    condition: Condition = count.does_not_exist() | (count <= _number(bound))
    return condition


def set_to(item: Item, name: str, value: object) -> Action:
    """Set an attribute of an item; None removes it."""
    attribute: Attribute[Any] = getattr(type(item), name)
    return attribute.remove() if value is None else attribute.set(value)


def move(count: Path, by: int) -> Action:
    """Move a count, which may not stand there yet."""
    return count.set((count | _number(0)) + _number(by))


@cache
def _number(value: int) -> Value:
    return Value({NUMBER: str(value)})  # few are asked for, and pynamodb would write each as JSON
