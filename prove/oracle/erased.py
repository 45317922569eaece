"""Erasing: what is left of a person in the table. The log stays, with their id, and answers end with their day."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from prove.oracle.model import Item, State

KEPT = {"event", "idempotency"}


class Person(NamedTuple):
    """Somebody, as they were just before they were erased."""

    user_id: str
    addresses: frozenset[str]  # that nobody else had
    names: frozenset[str] = frozenset()


def known(state: State, user_id: str, names: Collection[str]) -> Person:
    """Return what is known of a person, before they are erased."""
    members = [(user, member) for one in state.organizations.values() for user, member in one.members.items()]
    theirs = {state.addresses.get(user_id), *(member.address for user, member in members if user == user_id)}
    others = {address for user, address in state.addresses.items() if user != user_id}
    others |= {member.address for user, member in members if user != user_id and member.address}
    return Person(user_id, frozenset(address for address in theirs if address) - others, frozenset(names))


def traces(items: Iterable[Item], person: Person) -> Iterator[str]:
    """Yield where an erased person is still a member, or is named."""
    for item in items:
        pk, sk, kind = item["pk"]["S"], item["sk"]["S"], item["kind"]["S"]
        if kind in KEPT:
            continue
        where = f"{kind} {pk} {sk}"
        if (kind == "member" and sk == f"MEMBER#{person.user_id}") or _is(item, "user_id", person.user_id):
            yield f"{person.user_id} was erased, and is still in: {where}."
        for text in sorted(person.addresses | person.names):
            if any(text in found for found in _texts(item)):
                yield f"{person.user_id} was erased, and “{text}” is still in: {where}."


def _is(item: Item, name: str, text: str) -> bool:
    return item.get(name, {}).get("S") == text


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 (a value as DynamoDB writes it)
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
