"""`make migrate` by any names, with any interruptions, and with what an old function still writes meanwhile."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.policy.pack import load
from roster.table.base import Item
from roster.table.items import CustomRoles, Organization
from tests.packs.changing import Edit, Migrate
from tests.packs.renaming import OTHER, Names, held, interrupted, lost, nothing, renamed
from tests.rules.asking import TRANSACTION, accept, customize, invite, provision, set_roles, transfer
from tests.rules.products import PRODUCTS, Product
from tests.wire import wire
from tests.world import Caller, Team, World
from tools import migration


class Case(NamedTuple):
    """A pack whose names change, who has which roles, and what comes between."""

    product: Product
    names: Names
    members: list[list[str]]
    invited: list[str]
    together: int
    late: str  # what a function of the old pack has read before the migration, and writes after some of it
    role: str
    moved: int  # transactions before that
    outcomes: list[str]  # of the transactions afterwards


def into(draw: st.DrawFn, names: tuple[str, ...]) -> dict[str, str]:
    """Draw other names for some: each other's, or new ones."""
    new = draw(st.permutations([*names, "other", "another"]))
    return {old: new for old, new in zip(names, new, strict=False) if old != new}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    product = draw(st.sampled_from(PRODUCTS))
    lower = [role for role in product.roles if role != product.owner]
    most = 2 if product.pack == "teams" else 1  # the pack that lets a member have several
    return Case(
        product,
        Names(into(draw, product.roles), into(draw, product.plans)),
        draw(st.lists(st.lists(st.sampled_from(lower), min_size=1, max_size=most, unique=True), max_size=4)),
        draw(st.lists(st.sampled_from(lower), max_size=2)),
        draw(st.integers(1, 3)),
        draw(st.sampled_from(["nothing", "change", "join", "invite", "accept", "transfer"])),
        draw(st.sampled_from(lower)),
        draw(st.integers(0, 4)),
        draw(st.lists(st.sampled_from(["done", "lost", "killed before", "killed after"]), max_size=8)),
    )


@pytest.fixture
def empty(aws: None) -> Iterator[World]:
    """A table in which each case begins."""
    wire.clear()
    yield World("credentials")
    wire.clear()


@settings(max_examples=60)
@given(case=cases())
def test_by_any_names_and_with_any_interruptions_each_name_is_renamed_exactly_once(
    case: Case, empty: World, edit: Edit, migrated: Migrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.clear()
    for item in Item.scan():
        item.delete()
    edit(case.product.pack, *case.names.edits, named=OTHER)
    edit(case.product.pack)
    monkeypatch.setattr(migration, "TOGETHER", case.together)
    play = Play(World(case.product.pack), case)
    play.migrate = lambda: migrated("--from-pack", case.product.pack, *case.names.options, pack=OTHER)

    begun: list[Case] = []

    def move_some() -> None:
        begun.append(case)
        wire.clear()
        wire.before(TRANSACTION, *[nothing] * min(case.moved, play.transactions - 1), interrupted)
        assert play.migrate() == 130
        edit(case.product.pack)

    wire.before(TRANSACTION, move_some)
    if case.late != "nothing":
        play.write_late()
    if not begun:  # nothing was to be written late
        move_some()
    edit(case.product.pack, *case.names.edits, named=OTHER)
    play.go_on()

    play.check()
    before = play.team.world.items()
    assert play.migrate() == 0
    assert play.team.world.items() == before


class Play:
    """An organization that moves, and what its roles were before."""

    migrate: Migrate

    def __init__(self, world: World, case: Case) -> None:
        self.case, self.world = case, world
        self.team = Team.found(world, world.person("Ada"))
        self.team.plan("enterprise")
        made = customize(self.team, "members:read", "members:remove", over={"removes": [*self.reach]})
        self.custom = str(made.body["id"])
        self.people = [world.person(f"Person {number}") for number in range(len(case.members))]
        for person, roles in zip(self.people, case.members, strict=True):
            assert provision(self.team, person, *roles).status == 201
        if case.product.pack == "teams" and self.people:
            assert set_roles(self.team, self.people[0], *case.members[0], self.custom).status == 200
        self.eve = world.person("Eve")
        self.invitation = self.team.invite(self.eve.email, case.role)
        for number, role in enumerate(case.invited):
            self.team.invite(f"somebody-{number}@example.com", role)
        self.before = held(self.team)
        self.owners = self.organization.owners

    @property
    def reach(self) -> tuple[str, str]:
        """Whose members the custom role may remove."""
        return self.case.product.other, self.case.product.least

    @property
    def organization(self) -> Organization:
        return Organization.get(*Organization.key(self.team.id))

    @property
    def transactions(self) -> int:
        """How many the migration takes."""
        after = renamed(self.before, self.case.names)
        return max(1, -(-sum(roles != after[who] for who, roles in self.before.items()) // self.case.together))

    def write_late(self) -> None:
        """Let a function of the old pack write what it decided before some of the migration, if it still can."""
        team, role, zoe = self.team, self.case.role, self.world.person("Zoe")
        target = self.people[0] if self.people else zoe
        ways: dict[str, Any] = {
            "change": lambda: provision(team, target, role),
            "join": lambda: provision(team, zoe, role),
            "invite": lambda: invite(team, zoe.email, role),
            "accept": lambda: accept(team, self.eve, self.invitation),
            "transfer": lambda: transfer(team, target),
        }
        reply = ways[self.case.late]()
        assert reply.status in {200, 201, 204} or reply.refusal in {(503, "try_again"), (404, "not_found")}
        if reply.status < 300:
            self.note(zoe, target, role)

    def note(self, zoe: Caller, target: Caller, role: str) -> None:
        """Note what came of it, in the names of the old pack."""
        product = self.case.product
        match self.case.late:
            case "change":
                self.before[target.id] = {role}
            case "join":
                self.before[zoe.id] = {role}
            case "invite":
                self.before[zoe.email] = {role}
            case "accept":
                self.before[self.eve.id] = self.before.pop(self.eve.email)
            case "transfer":
                self.before[target.id] = {product.owner}
                self.before[self.team.founder.id] = {load(product.pack).after_transfer}

    def go_on(self) -> None:
        """Run the migration to its end, with what comes between."""
        for outcome in self.case.outcomes:
            if outcome == "lost":
                wire.before(TRANSACTION, lost)
                continue
            wire.before(TRANSACTION, interrupted if outcome == "killed before" else nothing)
            if outcome != "killed before":
                wire.after(TRANSACTION, interrupted if outcome == "killed after" else nothing)
        while (ended := self.migrate()) == 130:
            pass
        assert ended == 0
        wire.clear()

    def check(self) -> None:
        """Hold each name to be renamed once."""
        names, organization = self.case.names, self.organization
        custom = CustomRoles.get(*CustomRoles.key(self.team.id)).roles[self.custom]

        assert held(self.team) == renamed(self.before, names)
        assert (organization.pack, organization.moving) == (OTHER, None)
        assert organization.plan == names.plans.get("enterprise", "enterprise")
        assert organization.owners == self.owners
        assert custom["removes"] == sorted(names.roles.get(role, role) for role in self.reach)
