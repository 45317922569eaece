"""Finding members: those who hold a role, whose name or address has some words in it, or all."""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator

from roster.api.fields import PageQuery, text
from roster.membership.shapes import read_people, shown_address
from roster.membership.standing import View
from roster.table.items import Member, User
from roster.table.read import Batch, Page, behind, page, sift

LOOKED_AT = 500  # members, on a page of those who have some words: their people are read
STEP = 100  # at once: so many people are one batch
QUERY_LENGTH = 100


def words(text: object) -> object:
    """Return the words to search for, folded, in one order. Raises ValueError with a sentence if there are none."""
    if not isinstance(text, str):
        return text  # to be refused
    found = {folded(word).strip() for word in text.split()} - {""}
    if len(text) > QUERY_LENGTH or not found:
        sentence = f"Send 1 to {QUERY_LENGTH} characters, with at least one word."
        raise ValueError(sentence)
    return tuple(sorted(found))


def folded(text: str) -> str:
    """Return a text as it is compared in a search: without case, marks (accents, vowel signs) and styles of letters."""
    # Twice, because what has no case any more may have a mark again.
    return _without_marks(_without_marks(text).casefold())


def _without_marks(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one)[0] != "M")


class MemberQuery(PageQuery):
    """Which members: those who hold a role, and whose name or address has all of these words."""

    role: str | None = None
    """Only those who have this role, by id."""
    query: Annotated[tuple[str, ...] | None, BeforeValidator(words), text(QUERY_LENGTH)] = None
    """Only those whose name or address contains each of these words. Case and accents do not matter."""


class Found(NamedTuple):
    """A page of members, the people whose names are shown with them, and the next page's cursor; None ends the list."""

    members: list[Member]
    people: Batch
    next_cursor: str | None


def find_members(view: View, query: MemberQuery, cursor: str | None) -> Found:
    """Find a page of members: until it is full, or as many were looked at as one request may. It may hold fewer.

    With words, the people of all who are looked at are read, and nobody twice.
    """
    asked: set[str] = set()
    if query.query is not None:
        members, people, cursor = _with_words(view, query, cursor, asked)
    else:
        members, cursor = _with_role(view, query, cursor)
        people = Batch()
    people |= _read_more(asked, (user_id for member in members for user_id in (member.user_id, member.invited_by)))
    return Found(members, people, cursor)


def _with_role(view: View, query: MemberQuery, cursor: str | None) -> Page[Member]:
    """Read those who hold the role, or all if none is asked for."""
    partition, prefix = view.organization.pk, Member.PREFIX
    if query.role is None:
        return page(Member, partition, prefix, limit=query.limit, cursor=cursor)
    within = Member.sk.startswith(prefix) if cursor is None else behind(Member.sk, prefix, cursor)
    seen, end = sift(Member, partition, within, Member.roles.contains(query.role), limit=query.limit)
    return Page(seen, None if end is None else end.removeprefix(prefix))


def _with_words(view: View, query: MemberQuery, cursor: str | None, asked: set[str]) -> Found:
    """Read 100 members at once, and the people of those who have the role: what they are called stands there."""
    found: list[Member] = []
    people = Batch()
    for _ in range(LOOKED_AT // STEP):
        seen, cursor = page(Member, view.organization.pk, Member.PREFIX, limit=STEP, cursor=cursor)
        members = [member for member in seen if query.role is None or query.role in member.roles]
        people |= _read_more(asked, (member.user_id for member in members))
        found += [member for member in members if _matches(member, people, query.query or ())]
        if len(found) > query.limit:
            del found[query.limit :]
            cursor = found[-1].user_id
        if cursor is None or len(found) == query.limit:
            break
    return Found(found, people, cursor)


def _read_more(asked: set[str], user_ids: Iterable[str | None]) -> Batch:
    """Read people who were not asked for before."""
    new = {user_id: None for user_id in user_ids if user_id is not None and user_id not in asked}
    asked.update(new)
    return read_people(new)


def _matches(member: Member, people: Batch, wanted: Collection[str]) -> bool:
    """Tell whether each word occurs in a member's name or address, as they are shown."""
    user = people[User.key(member.user_id)]
    shown = (user.name if user else None), shown_address(member, user)
    text = folded("\n".join(one or "" for one in shown))
    return all(word in text for word in wanted)
