"""Finding members: those who hold a role, whose name or address has some words in it, or all."""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator

from roster.api.fields import PageQuery, text
from roster.membership.shapes import read_people, shown_address
from roster.membership.standing import View
from roster.table.items import Member, User
from roster.table.read import Batch, page

LOOKED_AT = 500  # members, on a page with filters
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
    """Find a page of members, in steps, until it is full or 500 were looked at. It may hold fewer, even none.

    Of a search, the people of all who are looked at are read, and nobody twice.
    """
    found: list[Member] = []
    people = Batch()
    asked: set[str] = set()
    looked_at = 0
    filtered = query.role is not None or query.query is not None
    step, most = (STEP, LOOKED_AT) if filtered else (query.limit, query.limit)
    while True:
        seen, cursor = page(Member, view.organization.pk, Member.PREFIX, limit=step, cursor=cursor)
        looked_at += step
        members = [member for member in seen if query.role is None or query.role in member.roles]
        if query.query is not None:
            people |= _read_more(asked, (member.user_id for member in members))
            members = [member for member in members if _matches(member, people, query.query)]
        found += members
        if len(found) > query.limit:
            del found[query.limit :]
            cursor = found[-1].user_id
        if cursor is None or len(found) == query.limit or looked_at >= most:
            break
    people |= _read_more(asked, (user_id for member in found for user_id in (member.user_id, member.invited_by)))
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
