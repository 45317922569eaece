"""Names that change from one pack to another, who has which, and what comes between two transactions."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from roster.table.items import Invitation, Member
from roster.table.read import page
from tests.wire import Hook, refuse
from tests.world import Team

OTHER = "guilds"  # what the changed pack is called


class Names(NamedTuple):
    """What the roles and plans of a pack are called in the changed one."""

    roles: Mapping[str, str]
    plans: Mapping[str, str]

    @property
    def options(self) -> Iterator[str]:
        for kind, names in (("role", self.roles), ("plan", self.plans)):
            for old, new in names.items():
                yield from (f"--{kind}", f"{old}={new}")

    @property
    def edits(self) -> list[tuple[str, str]]:
        return [(f'"{old}"', f'"{new}"') for names in self for old, new in names.items()]


def in_a_circle(names: tuple[str, ...]) -> dict[str, str]:
    """Each takes the name of the next one, and the last that of the first."""
    return dict(zip(names, (*names[1:], names[0]), strict=True))


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def nothing(*_: object) -> None:
    pass


lost: Hook = refuse("TransactionCanceledException", "ConditionalCheckFailed")


def held(team: Team) -> dict[str, set[str]]:
    """The roles of each member, by user id, and of each open invitation, by address."""
    members = page(Member, f"ORG#{team.id}", Member.PREFIX, limit=100, cursor=None).items
    invited = page(Invitation, f"ORG#{team.id}", Invitation.PREFIX, limit=100, cursor=None).items
    return {one.user_id: {*one.roles} for one in members} | {one.email: {*one.roles} for one in invited}


def renamed(before: dict[str, set[str]], names: Names) -> dict[str, set[str]]:
    return {who: {names.roles.get(role, role) for role in roles} for who, roles in before.items()}
