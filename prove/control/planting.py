"""Planted faults: the transactions of one function without one of their conditions or parts. Would that be found?"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from prove.control.calls import Answer, Call

PLACEHOLDER = re.compile(r"[#:][A-Za-z0-9_]+")
EXPRESSIONS = ("ConditionExpression", "UpdateExpression")
CHECK, TRANSACTION = "ConditionCheck", "TransactWriteItems"

type Operation = Mapping[str, Mapping[str, Any]]


class Planted(NamedTuple):
    """A condition that is left out, or a whole operation: of which function, and on which kind of item."""

    function: str
    operation: str  # such as `Update ORG`
    condition: str = ""  # such as `owners > ?`; if none is given, all of the operation is left out

    def __str__(self) -> str:
        return f"{self.function}: {self.operation}: {self.condition}"

    def put_into(self, call: Call) -> Call:
        """Return a transaction without it."""
        asked = call.asked
        left = [one for one in map(self._without, asked["TransactItems"]) if one is not None]
        return Call(call.service, call.operation, json.dumps(asked | {"TransactItems": left}).encode())

    def _without(self, operation: Operation) -> Operation | None:
        ((verb, part),) = operation.items()
        asked = _terms(part.get("ConditionExpression", ""))
        if name_of(operation) != self.operation or (self.condition and not asked):
            return operation
        if not self.condition:
            return None
        kept = {name: value for name, value in part.items() if name != "ConditionExpression"}
        if left := [term for term in asked if _told(term, part) != self.condition]:
            kept["ConditionExpression"] = " AND ".join(left)
        elif verb == CHECK:
            return None
        used = set(PLACEHOLDER.findall(" ".join(kept.get(name, "") for name in EXPRESSIONS)))
        for names in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            found = {token: value for token, value in kept.pop(names, {}).items() if token in used}
            kept |= {names: found} if found else {}
        return {verb: kept}


def conditions(function: str, call: Call) -> Iterator[Planted]:
    """Yield the conditions of a function's transaction, each as a fault: that it is left out."""
    for operation in call.asked["TransactItems"]:
        ((_, part),) = operation.items()
        for term in _terms(part.get("ConditionExpression", "")):
            yield Planted(function, name_of(operation), _told(term, part))


def in_the_way(function: str, call: Call, answer: Answer) -> set[Planted]:
    """Return the conditions of those operations that a transaction was refused for."""
    if call.operation != TRANSACTION or b"ConditionalCheckFailed" not in answer.body:
        return set()
    reasons = json.loads(answer.body)["CancellationReasons"]
    refused = {
        name_of(operation)
        for operation, reason in zip(call.asked["TransactItems"], reasons, strict=True)
        if reason["Code"] == "ConditionalCheckFailed"
    }
    return {planted for planted in conditions(function, call) if planted.operation in refused}


def name_of(operation: Operation) -> str:
    """Call an operation by what it does, and to which kind of item."""
    ((verb, part),) = operation.items()
    key = part.get("Item", part.get("Key", {}))
    pk, sk = (key[name]["S"].partition("#")[0] for name in ("pk", "sk"))
    return f"{verb} {sk if pk in {'ORG', sk} else pk}"


def _terms(expression: str) -> list[str]:
    """Return what is asked together: the parts of an expression between its outermost ANDs, and theirs."""
    inner = expression[1:-1]
    if not expression:
        return []
    if expression[0] != "(" or any(depth < 0 for depth in _depths(inner)):
        inner = expression
    cuts = [place for place, depth in enumerate(_depths(inner)) if depth == 0 and inner.startswith(" AND ", place)]
    if not cuts:
        return [expression]
    bounds = [*zip([0, *(cut + 5 for cut in cuts)], [*cuts, len(inner)], strict=True)]
    return [term for start, end in bounds for term in _terms(inner[start:end])]


def _depths(text: str) -> Iterator[int]:
    """Yield how many parentheses are open at each place."""
    depth = 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        yield depth


def _told(term: str, part: Mapping[str, Any]) -> str:
    """Return a condition with the names of attributes, and without what they are compared with."""
    names = part.get("ExpressionAttributeNames", {})
    return PLACEHOLDER.sub(lambda match: names.get(match[0], "?"), term)
