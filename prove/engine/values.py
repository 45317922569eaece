"""Attribute values in DynamoDB's wire form, `{"S": "text"}`: how they compare, and how much they are."""

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

type Value = Mapping[str, Any]
type Item = Mapping[str, Value]

EXACT = Context(prec=38)
SETS = {"SS", "NS", "BS"}


class ValidationError(Exception):
    """What is asked is no request that DynamoDB takes."""


def type_of(value: Value) -> str:
    """Return what a value is: S, N, B, BOOL, NULL, L, M, SS, NS or BS."""
    ((kind, _),) = value.items()
    return kind


def normal(value: Value) -> Value:
    """Return a value as DynamoDB keeps it: numbers without what does not count, sets in order. Refuse empty sets."""
    ((kind, held),) = value.items()
    match kind:
        case "N":
            return {"N": number(held)}
        case "SS" | "NS" | "BS":
            members = {number(one) for one in held} if kind == "NS" else set(held)
            if not members or len(members) != len(held):
                raise ValidationError("One or more parameter values were invalid: a set is empty or has duplicates")
            return {kind: sorted(members)}
        case "L":
            return {"L": [normal(one) for one in held]}
        case "M":
            return {"M": {name: normal(one) for name, one in held.items()}}
    return value


def number(text: str) -> str:
    """Return a number as DynamoDB writes it."""
    plain = Decimal(text).normalize(EXACT)
    return f"{plain:f}"


def add(left: Value, right: Value, sign: int = 1) -> Value:
    """Return the sum of two numbers, or their difference."""
    if type_of(left) != "N" or type_of(right) != "N":
        raise ValidationError("An operand in the update expression has an incorrect data type")
    second = Decimal(right["N"])
    return {"N": number(str(EXACT.add(Decimal(left["N"]), second if sign > 0 else -second)))}


def ordered(value: Value) -> Any:  # noqa: ANN401 (whatever compares)
    """Return what a value is compared by within its type. Text compares by its bytes in UTF-8."""
    ((kind, held),) = value.items()
    match kind:
        case "N":
            return Decimal(held)
        case "S":
            return held.encode()
        case "B":
            return held
    raise ValidationError(f"Invalid operand type: {kind}")


def equal(left: Value, right: Value) -> bool:
    """Tell whether two values are the same, of the same type."""
    return normal(left) == normal(right)


def size(value: Value) -> int:
    """Return what `size()` says of a value."""
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind in {"L", "M", "B", *SETS}:
        return len(held)
    raise ValidationError(f"Invalid operand type for size(): {kind}")


def item_size(item: Item) -> int:
    """Return about how large an item is, in bytes, for the limits of items and of what one query looks at."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(value: Value) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held) if held.isascii() else len(held.encode())
        case "SS":
            return sum(len(one.encode()) for one in held)
        case "N":
            return 2 + len(held) // 2
        case "M":
            return 3 + sum(1 + len(name.encode()) + _bytes(one) for name, one in held.items())
        case "L":
            return 3 + sum(1 + _bytes(one) for one in held)
    return 1 if kind in {"BOOL", "NULL"} else len(held)
