"""Planted faults: a transaction of one function without one of its conditions, to see whether that would be found."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from prove.control.calls import Call

PLACEHOLDER = re.compile(r"[#:][A-Za-z0-9_]+")
EXPRESSIONS = ("ConditionExpression", "UpdateExpression")


class Planted(NamedTuple):
    """A condition that is left out: of which function, and on which kind of item."""

    function: str
    operation: str  # such as `Update ORG`

    def __str__(self) -> str:
        return f"{self.function}: {self.operation}"

    def put_into(self, call: Call) -> Call:
        """Return a transaction without the condition."""
        asked = call.asked
        left = [one for one in map(self._without, asked["TransactItems"]) if one is not None]
        return Call(call.service, call.operation, json.dumps(asked | {"TransactItems": left}).encode())

    def _without(self, operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
        ((verb, part),) = operation.items()
        if name_of(operation) != self.operation:
            return operation
        if verb == "ConditionCheck":
            return None
        kept = {name: value for name, value in part.items() if name != "ConditionExpression"}
        used = set(PLACEHOLDER.findall(" ".join(kept.get(name, "") for name in EXPRESSIONS)))
        for names in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            found = {token: value for token, value in kept.pop(names, {}).items() if token in used}
            kept |= {names: found} if found else {}
        return {verb: kept}


def conditions(call: Call) -> Iterator[str]:
    """Yield the operations of a transaction that have a condition."""
    for operation in call.asked["TransactItems"]:
        ((_, part),) = operation.items()
        if "ConditionExpression" in part:
            yield name_of(operation)


def name_of(operation: Mapping[str, Any]) -> str:
    """Call an operation by what it does, and to which kind of item."""
    ((verb, part),) = operation.items()
    key = part.get("Item", part.get("Key"))
    pk, sk = (key[name]["S"].partition("#")[0] for name in ("pk", "sk"))
    return f"{verb} {sk if pk in {'ORG', sk} else pk}"
