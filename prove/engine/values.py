"""Attribute values in DynamoDB's wire form, `{"S": "text"}`: which there are, how they compare, how much they are."""

import re
from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Subnormal
from typing import Any

type Value = Mapping[str, Any]
type Item = Mapping[str, Value]

# 38 digits, from 1E-130 to 9.9…E+125: what is none of these is an error, and nothing is rounded.
SMALLEST, LARGEST = -130, 125
EXACT = Context(prec=38, Emin=SMALLEST, Emax=LARGEST, traps=[Inexact, InvalidOperation, Overflow, Subnormal])
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
SETS = {"SS", "NS"}
SCALARS = {"S", "N"}  # those that have an order
DEEPEST = 31  # lists and maps in one another: what they hold is on the 32nd level then
NO_OPERAND = "An operand in the update expression has an incorrect data type"


class ValidationError(Exception):
    """What is asked is no request that DynamoDB takes, or one that it cannot do with the item that is there."""


class KeyMismatchError(ValidationError):
    """An attribute that is a key is no text, or none that a key may be."""


def type_of(value: Value) -> str:
    """Return what a value is: S, N, BOOL, NULL, L, M, SS or NS."""
    ((kind, _),) = value.items()
    return kind


def normal(value: Value, deep: int = 0) -> Value:
    """Return a value as DynamoDB keeps it: numbers without what does not count, sets in order. Refuse what is none."""
    if len(value) != 1:
        raise ValidationError("Supplied AttributeValue must contain exactly one of the supported datatypes")
    ((kind, held),) = value.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return {"N": number(held)}
        case "SS" | "NS":
            return _normal_set(kind, held)
        case "L" | "M":
            if deep == DEEPEST:
                raise ValidationError("Nesting Levels have exceeded supported limits")
            if kind == "L":
                return {"L": [normal(one, deep + 1) for one in held]}
            return {"M": {name: normal(one, deep + 1) for name, one in held.items()}}
        case "NULL" if held is True:
            return value
        case "NULL":
            raise ValidationError("One or more parameter values were invalid: Null attribute value types must be true")
    raise NotImplementedError(f"values of the type {kind}")


def _normal_set(kind: str, held: list[str]) -> Value:
    members = {number(one) for one in held} if kind == "NS" else set(held)
    if not members or len(members) != len(held):
        raise ValidationError("One or more parameter values were invalid: a set is empty or has duplicates")
    return {kind: sorted(members)}


def number(text: str) -> str:
    """Return a number as DynamoDB writes it."""
    if text.isascii() and text.isdigit() and len(text) <= EXACT.prec and not text.startswith("0"):
        return text
    if not NUMBER.fullmatch(text):
        raise ValidationError(f"The parameter cannot be converted to a numeric value: {text}")
    return _written(Decimal(text))


def _written(value: Decimal) -> str:
    try:
        plain = value.normalize(EXACT)
    except ArithmeticError:
        raise ValidationError(f"A number has more than 38 significant digits, or is out of range: {value}") from None
    if not SMALLEST <= value.adjusted() <= LARGEST:  # a zero may be, by how it is written
        raise ValidationError(f"A number is out of range: {value}")
    return f"{plain:f}" if plain else "0"


def add(left: Value, right: Value, sign: int = 1) -> Value:
    """Return the sum of two numbers, or their difference."""
    if type_of(left) != "N" or type_of(right) != "N":
        raise ValidationError(NO_OPERAND)
    try:
        return {"N": _written(EXACT.add(Decimal(left["N"]), sign * Decimal(right["N"])))}
    except ArithmeticError:
        raise ValidationError("Number overflow, or a sum of more than 38 significant digits") from None


def ordered(value: Value) -> Any:  # noqa: ANN401 (whatever compares)
    """Return what a text or a number is compared by. Text compares by its bytes in UTF-8."""
    ((kind, held),) = value.items()
    return Decimal(held) if kind == "N" else held.encode()


def size(value: Value) -> Value | None:
    """Return what `size()` says of a value, as a number; None of one that has no size."""
    ((kind, held),) = value.items()
    if kind == "S" and not held.isascii():
        raise NotImplementedError("the size of letters beyond ASCII")
    return {"N": str(len(held))} if kind in {"S", "L", "M", *SETS} else None


def item_size(item: Item) -> int:
    """Return how large an item is, in bytes, for the limits of items and of what one request looks at."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(value: Value) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held) if held.isascii() else len(held.encode())
        case "N":
            return _number_bytes(held)
        case "SS" | "NS":
            return sum(_bytes({kind[0]: one}) for one in held)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _bytes(one) for name, one in held.items())
        case "L":
            return 3 + sum(1 + _bytes(one) for one in held)
    return 1


def _number_bytes(text: str) -> int:
    """Return a byte for each two digits that count, before and behind the point, one more, and one for a minus."""
    whole, _, part = text.lstrip("-").partition(".")
    digits = (whole.lstrip("0"), part if whole != "0" else part.lstrip("0")) if part else (whole.strip("0"), "")
    return 1 + sum((len(some) + 1) // 2 for some in digits) + text.startswith("-")
