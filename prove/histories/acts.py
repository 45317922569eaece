"""Acts: what a history consists of. An act is plain data, and names what others made by the number of their act.

`{o3}` is the organization that act 3 founded, `{r5}` the role that it made, `{i3:dan@example.com}` the invitation of
that address to `{o3}`, and `{t7:dan@example.com}` the token of the link that act 7 sent or copied. So an act can be
done again in any other history that has what it names, and is passed over where it is not there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prove.control.faults import Fault
from prove.worlds.stage import Claims, machine, person

NAMED = re.compile(r"\{([^{}]+)\}")
UNVERIFIED, ELSEWHERE, NAMELESS = "unverified", "elsewhere", "without an address"
NO_IDS = {"active-organization", "batch", "preview"}
METHODS = {"POST", "PUT", "PATCH", "DELETE"}


class Absent(LookupError):
    """What an act names is not there."""


@dataclass(frozen=True)
class Act:
    """Somebody's request, or something that is invoked, or that happens: `wait`, `collect`, `mail`, `report`."""

    number: int
    who: str  # such as `bob`, `bob, unverified` or `machine: billing`; nothing for what is invoked
    call: str  # such as `POST {o3}/leave`, or `cleanup/expire`
    body: Any = None
    fault: tuple[int, str] | None = None  # what happens at which call, or at the first behind it where it can

    @property
    def is_request(self) -> bool:
        """Whether somebody asks the API."""
        return self.call.partition(" ")[0] in METHODS

    @property
    def name(self) -> str:
        """What it is called where names are compared: what it draws depends on this, and on nothing before it."""
        return f"act {self.number}"

    @property
    def kind(self) -> str:
        """What is done, whatever it is done to: the method, and the last word of the path."""
        method, _, path = self.call.partition(" ")
        words = path.split("/")[1:]
        names = [word for place, word in enumerate(words) if place % 2 == 0 or word in NO_IDS]
        return f"{method} {names[-1]}" if names else method

    def __str__(self) -> str:
        told = "" if self.body is None else f" {json.dumps(self.body, ensure_ascii=False)}"
        fault = "" if self.fault is None else f" [from call {self.fault[0]}: {Fault[self.fault[1]]}]"
        return f"{self.number:>4}. {self.who or 'Roster'}: {self.call}{told}{fault}"


def claims(who: str) -> Claims:
    """Return the claims of who asks."""
    name, *how = who.split(", ")
    if name.startswith("machine: "):
        return machine(name.removeprefix("machine: "))
    if how == [NAMELESS]:
        return {"sub": name, "name": known_as(name)}
    address = address_of(name, "example.org" if ELSEWHERE in how else "example.com")
    verified = "false" if UNVERIFIED in how else "true"
    return person(name, email=address, email_verified=verified) | {"name": known_as(name)}


def known_as(user_id: str) -> str:
    """Return a person's name: they keep it where they are moved to another id, as from `bob` to `bob-2`."""
    return f"{user_id.partition('-')[0].title()} Doe"


def address_of(user_id: str, domain: str = "example.com") -> str:
    """Return a person's address, which they keep as well."""
    return f"{user_id.partition('-')[0]}@{domain}"


def resolved(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 (JSON)
    """Return what an act says with the ids that it names. Raises Absent."""
    if isinstance(value, str):
        return NAMED.sub(lambda match: _found(match[1], names), value)
    if isinstance(value, Mapping):
        return {name: resolved(part, names) for name, part in value.items()}
    return [resolved(part, names) for part in value] if isinstance(value, list) else value


def _found(name: str, names: Mapping[str, str]) -> str:
    if name not in names:
        raise Absent(name)
    return names[name]
