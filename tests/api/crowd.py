"""What the tests of searching share: members in a crowd, and who of them is found."""

from datetime import UTC, datetime
from typing import Any

from roster.table.items import Member, User
from tests.routes import pages_of
from tests.world import Caller, Team

JOINED = "01M80000000000000000000000"


def crowd(team: Team, *names: str | None, role: str = "viewer", invited_by: str | None = None) -> list[str]:
    """Put members into the table, called so, and return their ids, which are in the order of the list."""
    user_ids = [f"crowd-{number:04}" for number in range(len(names))]
    with Member.batch_write() as batch:
        for user_id, name in zip(user_ids, names, strict=True):
            kept: dict[str, Any] = {"joined": JOINED, "joined_at": datetime(2026, 1, 31, tzinfo=UTC), "stamp": JOINED}
            batch.save(Member(*Member.key(team.id, user_id), roles={role}, invited_by=invited_by, **kept))
            if name is not None:
                batch.save(User(*User.key(user_id), name=name, email=f"{user_id}@example.com"))
    return user_ids


def found(team: Team, by: Caller | None = None, **query: object) -> list[str]:
    """The ids of all who are found, page by page."""
    return [str(one["user_id"]) for page in pages_of(by or team.founder, team.path("members"), **query) for one in page]
