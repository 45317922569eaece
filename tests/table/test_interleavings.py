"""The rules that hold under any interleaving: random changes, some landing between another's read and its commit."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roster.policy.decisions import Policy
from roster.policy.pack import load
from roster.table.base import Item
from roster.table.items import Member, Organization
from roster.table.read import page, read
from tests.wire import wire
from tests.world import Caller, Team, World

PEOPLE = 4
TRANSACTION = "TransactWriteItems"


class Step(NamedTuple):
    """Somebody does something to somebody; `between` lands after its read, and before its commit."""

    verb: str
    actor: int
    target: int
    choice: int
    between: tuple["Step", ...] = ()


def steps_of(depth: int) -> st.SearchStrategy[Step]:
    between = st.lists(steps_of(depth - 1), max_size=2).map(tuple) if depth else st.just(())
    person = st.integers(0, PEOPLE - 1)
    return st.builds(Step, st.sampled_from(sorted(VERBS)), person, person, st.integers(0, 9), between)


class Play:
    """One organization and its cast, who do as they are told and note what came of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pack = load(world.pack)
        self.people = [world.person(f"Person {number}") for number in range(PEOPLE)]
        self.team = Team.found(world, self.people[0])
        self.invitations: dict[int, str] = {}
        self.counts = (1.0, 1.0)

    def role(self, choice: int) -> str:
        return list(self.pack.roles)[choice % len(self.pack.roles)]

    def act(self, step: Step) -> None:
        hooks = [lambda inner=inner: self.act(inner) for inner in step.between]
        wire.before(TRANSACTION, *hooks)
        reply = VERBS[step.verb](self, self.people[step.actor], step.target, step.choice)
        assert reply < 500
        self.check()

    def check(self) -> None:
        """Hold every rule against what the table says."""
        organization = read([Organization.key(self.team.id)])[Organization.key(self.team.id)]
        members = page(Member, f"ORG#{self.team.id}", Member.PREFIX, limit=100, cursor=None).items
        policy = Policy(self.pack)

        assert organization is not None
        assert organization.members == len(members)
        assert organization.owners == sum(policy.owns(member.roles) for member in members)
        assert organization.owners >= 1
        # Only a downgrade leaves more than the plan allows, and then nothing grows.
        for held, before, maximum in (
            (organization.members, self.counts[0], organization.max_members),
            (organization.owners, self.counts[1], organization.max_owners),
        ):
            assert maximum is None or held <= max(maximum, before)
        self.counts = (organization.members, organization.owners)
        assert not self.pack.transfer_only or organization.owners == 1
        assert all(not policy.unfit(member.roles) for member in members)
        addresses = [member.address for member in members]
        assert len(addresses) == len(set(addresses))


def invite(play: Play, actor: Caller, target: int, choice: int) -> int:
    body = {"email": play.people[target].email, "roles": [play.role(choice)]}
    reply = actor.post(play.team.path("invitations"), body)
    if reply.status == 201:
        play.invitations[target] = reply.body["id"]
    return reply.status


def accept(play: Play, actor: Caller, _target: int, _choice: int) -> int:
    invitation = play.invitations.get(play.people.index(actor), "none")
    return actor.post(play.team.path("invitations", invitation, "accept")).status


def join(play: Play, actor: Caller, target: int, choice: int) -> int:
    """Invite somebody, who accepts at once: without it, most scripts would be refusals."""
    status = invite(play, actor, target, choice)
    return accept(play, play.people[target], target, choice) if status == 201 else status


def leave(play: Play, actor: Caller, _target: int, _choice: int) -> int:
    return actor.post(play.team.path("leave")).status


def remove(play: Play, actor: Caller, target: int, _choice: int) -> int:
    return actor.delete(play.team.path("members", play.people[target].id)).status


def change_roles(play: Play, actor: Caller, target: int, choice: int) -> int:
    path = play.team.path("members", play.people[target].id, "roles")
    return actor.put(path, {"roles": [play.role(choice)]}).status


def change_plan(play: Play, _actor: Caller, _target: int, choice: int) -> int:
    plan = list(play.pack.plans)[choice % len(play.pack.plans)]
    return play.world.machine("roster/billing").put(play.team.path("plan"), {"plan": plan}).status


VERBS: dict[str, Callable[[Play, Caller, int, int], int]] = {
    "accept": accept,
    "change_plan": change_plan,
    "change_roles": change_roles,
    "invite": invite,
    "join": join,
    "leave": leave,
    "remove": remove,
}


@pytest.mark.parametrize("pack", ["credentials", "teams", "certificates"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(steps_of(depth=2), min_size=4, max_size=12))
def test_no_interleaving_breaks_a_rule(deploy: Callable[[str], World], pack: str, steps: list[Step]) -> None:
    wire.clear()
    play = Play(deploy(pack))
    play.team.plan(list(play.pack.plans)[-1])

    for step in steps:
        play.act(step)
        wire.clear()

    with Item.batch_write() as batch:
        for item in Item.scan():
            batch.delete(item)
