"""DynamoDB's rules for how large items are, and how many request units that takes."""

import math
from collections.abc import Mapping
from typing import Any


def size(value: Mapping[str, Any]) -> int:
    """Return how large the value of an attribute is, in bytes, as DynamoDB's guide has it."""
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            digits = held.lstrip("-").replace(".", "").strip("0")
            return 1 + math.ceil(len(digits) / 2) + int(held.startswith("-"))
        case "SS":
            return sum(len(one.encode()) for one in held)
        case "M":
            return 3 + sum(1 + len(name.encode()) + size(one) for name, one in held.items())
        case "L":
            return 3 + sum(1 + size(one) for one in held)
        case "BOOL" | "NULL":
            return 1
    raise ValueError(f"No item of Roster's has an attribute of the kind {kind}.")


def item_size(item: Mapping[str, Any]) -> int:
    """Return how large an item is, in bytes: its names and its values."""
    return sum(len(name.encode()) + size(value) for name, value in item.items())


def units(number_of_bytes: int, kilobytes: int) -> int:
    """Return how many units so many bytes take: of 4 KB when read, of 1 KB when written, and one at least."""
    return max(1, math.ceil(number_of_bytes / (kilobytes * 1024)))
