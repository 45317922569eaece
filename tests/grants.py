"""What the template lets each function do: its role's statements, and which parts of them a call needs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from tests.deployment import STACKS

STACK = STACKS["credentials"]
RESOURCES = STACK._resources

# The keys of conditions that a call can be held against: tests/asked.py says what each call has under them.
KEYS = {
    "aws:SecureTransport",
    "dynamodb:EnclosingOperation",
    "dynamodb:LeadingKeys",
    "events:detail-type",
    "events:source",
    "ses:FromAddress",
}


class Ask(NamedTuple):
    """What AWS asks permission for: one action on one resource, with what conditions are held against."""

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]]


class Grant(NamedTuple):
    """The smallest part of a policy that can be taken away: an action on a resource, or one value of a condition."""

    policy: str
    statement: str
    what: str

    @property
    def action(self) -> str:
        """The action, if it is about one."""
        return self.what.partition(" on ")[0]

    def __str__(self) -> str:
        return f"{self.policy}, {self.statement}: {self.what}"


@dataclass(frozen=True)
class Condition:
    """One key of a condition block, as IAM evaluates it."""

    operator: str
    key: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """Take only what is known here, so that nothing is judged by guess."""
        many, test = self._parts
        if test not in {"StringEquals", "StringLike", "Bool"} or many not in {"", "ForAnyValue", "ForAllValues"}:
            raise ValueError(f"no test knows the operator {self.operator}")
        if self.key not in KEYS:
            raise ValueError(f"no test knows the key {self.key}")

    @property
    def _parts(self) -> tuple[str, str]:
        many, _, test = self.operator.rpartition(":")
        return many, test

    def needs(self, found: tuple[str, ...]) -> set[str] | None:
        """Return those of its values without which it does not hold for what a call has; None if it does not."""
        many, test = self._parts
        if many == "" and len(found) > 1:
            raise ValueError(f"{self.key} has several values: {self.operator} is not for it")
        holds = like if test == "StringLike" else str.__eq__
        held = [[value for value in self.values if holds(value, one)] for one in found]
        if many == "ForAllValues":
            return {value for values in held if len(values) == 1 for value in values} if all(held) else None
        matched = {value for values in held for value in values}
        return (matched if len(matched) == 1 else set()) if matched else None

    def grants(self) -> Iterator[str]:
        """Name each of its values."""
        return (self.name(value) for value in self.values)

    def name(self, value: str) -> str:
        return f"{self.operator} {self.key} {value}"


@dataclass(frozen=True)
class Statement:
    """What one statement of a policy allows."""

    policy: str
    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]

    @classmethod
    def read(cls, policy: str, place: int, written: Mapping[str, Any]) -> "Statement":
        """Read a statement; one that says what is not known here is an error."""
        unknown = written.keys() - {"Sid", "Effect", "Action", "Resource", "Condition"}
        if unknown or written["Effect"] != "Allow":
            raise ValueError(f"{policy} has a statement that no test knows: {written}")
        conditions = tuple(
            Condition(operator, key, _several(values))
            for operator, block in written.get("Condition", {}).items()
            for key, values in block.items()
        )
        name = written.get("Sid", f"statement {place}")
        return cls(policy, name, _several(written["Action"]), _several(written["Resource"]), conditions)

    def grants(self) -> Iterator[Grant]:
        """All parts of it."""
        for action, resource in product(self.actions, self.resources):
            yield self._grant(f"{action} on {resource}")
        for condition in self.conditions:
            yield from map(self._grant, condition.grants())

    def meant_by(self, action: str, resource: str) -> set[Grant] | None:
        """Return the one part by which it is about an action on a resource; nothing if there are two, None if none."""
        pairs = [
            self._grant(f"{one} on {other}")
            for one, other in product(self.actions, self.resources)
            if like(one.lower(), action.lower()) and like(other, resource)
        ]
        return (set(pairs) if len(pairs) == 1 else set()) if pairs else None

    def needs(self, context: Mapping[str, tuple[str, ...]]) -> set[Grant] | None:
        """Return those values of its conditions without which they would not hold; None if they do not."""
        needed = set()
        for condition in self.conditions:
            values = condition.needs(context.get(condition.key, ()))
            if values is None:
                return None
            needed |= {self._grant(condition.name(value)) for value in values}
        return needed

    def _grant(self, what: str) -> Grant:
        return Grant(self.policy, self.name, what)


@dataclass(frozen=True)
class Role:
    """A role of the template, with the statements of all its policies."""

    name: str
    statements: tuple[Statement, ...]
    _about: dict[tuple[str, str], list[tuple[Statement, set[Grant]]]] = field(default_factory=dict)

    def needs(self, ask: Ask) -> set[Grant] | None:
        """Return the parts without which it would be denied; nothing if two allow it, None if it is denied."""
        allowing = [
            part | needed
            for statement, part in self._statements_about(ask.action, ask.resource)
            if (needed := statement.needs(ask.context)) is not None
        ]
        if not allowing:
            return None
        return allowing[0] if len(allowing) == 1 else set()

    def _statements_about(self, action: str, resource: str) -> list[tuple[Statement, set[Grant]]]:
        """Return the statements about an action on a resource. There are few such pairs, and each is asked often."""
        if (action, resource) not in self._about:
            self._about[action, resource] = [
                (statement, part)
                for statement in self.statements
                if (part := statement.meant_by(action, resource)) is not None
            ]
        return self._about[action, resource]


@cache
def roles() -> dict[str, Role]:
    """The role of each function, by the function's name: members/remove."""
    unknown = [name for name, one in RESOURCES.items() if one["Type"] in {"AWS::IAM::Policy", "AWS::IAM::RolePolicy"}]
    if unknown:
        raise ValueError(f"no test knows policies of this type: {unknown}")
    found = {}
    for resource in RESOURCES.values():
        if resource["Type"] == "AWS::Lambda::Function":
            folder, file, _ = resource["Properties"]["Handler"].split(".")
            (name, _) = resource["Properties"]["Role"]["Fn::GetAtt"]
            found[f"{folder}/{file}"] = _role(name)
    return found


@cache
def _role(name: str) -> Role:
    properties = RESOURCES[name]["Properties"]
    unknown = properties.keys() - {"AssumeRolePolicyDocument", "Description", "ManagedPolicyArns", "Tags"}
    if unknown:
        raise ValueError(f"the role {name} has what no test knows: {unknown}")
    # What it has under a condition only is judged as if it had it.
    policies = [policy.get("Fn::If", ["", policy])[1]["Ref"] for policy in properties["ManagedPolicyArns"]]
    return Role(name, tuple(one for policy in policies for one in _statements(policy)))


@cache
def _statements(policy: str) -> tuple[Statement, ...]:
    written = STACK._resolve(RESOURCES[policy]["Properties"]["PolicyDocument"]["Statement"])
    return tuple(Statement.read(policy, place, statement) for place, statement in enumerate(written, 1))


def like(pattern: str, text: str) -> bool:
    """Tell whether a text is what a pattern of IAM's says."""
    return _pattern(pattern).fullmatch(text) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """IAM's wildcards: any characters, or any one. They do not stop at a slash or a colon."""
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _several(written: Any) -> tuple[str, ...]:
    return tuple(map(str, written)) if isinstance(written, list) else (str(written),)
