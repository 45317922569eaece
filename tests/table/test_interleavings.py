"""The rules that hold under any interleaving: random changes, some landing between another's read and its commit."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.membership.standing import living, visible
from roster.policy.pack import load
from roster.table.base import Item
from roster.table.items import Invitation, JoinedAddress, Member, Organization, User
from roster.table.keys import Key, invitation_id
from roster.table.read import page, read
from tests.wire import wire
from tests.world import Caller, Team, World

PEOPLE = 4
TRANSACTION = "TransactWriteItems"
CUSTOM = ["organization:read", "members:read", "members:remove", "roles:assign"]  # what custom roles are made of


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
    actor, target = st.just(0) | person, st.just(PEOPLE - 1) | person  # who owns it at first, and who is not in it
    return st.builds(Step, st.sampled_from(sorted(VERBS)), actor, target, st.integers(0, 9), between)


class Play:
    """One organization and its cast, who do as they are told and note what came of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pack = load(world.pack)
        self.people = [world.person(f"Person {number}") for number in range(PEOPLE)]
        self.former: list[list[str]] = [[] for _ in self.people]  # the ids that they had before
        self.moving = Counter[int]()  # who is being moved to another id now
        self.team = Team.found(world, self.people[0])
        self.invitations: dict[int, str] = {}
        self.custom: list[str] = []  # all that were ever made
        self.founded = [self.team.id]
        self.counts = (1.0, 1.0)
        self.owned = dict.fromkeys(range(PEOPLE), 1)
        self.team.plan(list(self.pack.plans)[-1])
        for number in (1, 2):
            assert provision(self, self.people[0], number, number) == 201
        self.check()

    def role(self, choice: int) -> str:
        roles = [*self.pack.roles, *self.custom]
        return roles[choice % len(roles)]

    def act(self, step: Step) -> None:
        hooks = [lambda inner=inner: self.act(inner) for inner in step.between]
        wire.before(TRANSACTION, *hooks)
        reply = VERBS[step.verb](self, self.people[step.actor], step.target, step.choice)
        assert reply < 500 or (reply == 503 and self.moving.total() > 0)
        self.check()

    def check(self) -> None:
        """Hold every rule against what the table says."""
        view = living(read(visible(self.team.id)), self.team.id)
        if self.pack.caps_organizations:
            self.check_owned()
        if view is None:
            return  # it went with its only member
        organization, policy = view.organization, view.policy
        members = page(Member, f"ORG#{self.team.id}", Member.PREFIX, limit=100, cursor=None).items

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
        known = read(User.key(one) for ids in self.former for one in ids).of(User)
        moved = {user.id for user in known if user.moved_to is not None}
        assert not moved & {member.user_id for member in members}
        self.check_addresses(members)
        for name in policy.custom:
            assert view.custom is not None
            assert view.custom.held_by(name) == sum(name in member.roles for member in members)

    def check_addresses(self, members: list[Member]) -> None:
        """Hold what is kept of addresses against whose it is: none is joined by twice, and none by a copied link."""
        kept = page(JoinedAddress, f"ORG#{self.team.id}", "JOINED#", limit=100, cursor=None).items
        sent = page(Invitation, f"ORG#{self.team.id}", Invitation.PREFIX, limit=100, cursor=None).items
        joined_by = [(invitation_id(self.team.id, one.address), one.user_id) for one in members if one.address]
        handed_over = [(one.handed_over, one.user_id) for one in members if one.handed_over]

        assert sorted(joined_by) == sorted((one.id, one.user_id) for one in kept if not one.copied)
        assert sorted(handed_over) == sorted((one.id, one.user_id) for one in kept if one.copied)
        assert {one.id for one in kept}.isdisjoint(one.id for one in sent)

    def check_owned(self) -> None:
        """Hold what is kept of each person against what they own: no more than they may, but for a downgrade."""
        keys = [User.key(person.id) for person in self.people]
        batch = read(keys)
        users = [batch[key] for key in keys]
        defaults = [user.default_organization for user in users if user and user.default_organization]
        ids = {*self.founded, *defaults}
        batch = read(key for one in ids for key in (Organization.key(one), *self.member_keys(one)))
        plans = {one.id: one.plan for key in map(Organization.key, ids) if (one := batch[key]) and not one.deleted_at}
        for number, user in enumerate(users):
            if self.moving[number]:
                continue  # some of it is theirs under one id, some under the other
            owned = {
                one
                for one in plans
                if (member := batch[self.member_keys(one)[number]]) and self.pack.owner in member.roles
            }
            assert owned == plans.keys() & (set() if user is None else user.owned or ())
            counted = len(owned - {user and user.default_organization})
            cap = max((self.pack.plans[plans[one]].organizations or len(owned) for one in owned), default=3)
            assert counted <= max(cap, self.owned[number])
            self.owned[number] = counted

    def member_keys(self, organization_id: str) -> list[Key[Member]]:
        return [Member.key(organization_id, person.id) for person in self.people]


def invite(play: Play, actor: Caller, target: int, choice: int) -> int:
    body = {"email": play.people[target].email, "roles": [play.role(choice)]}
    reply = actor.post(play.team.path("invitations"), body)
    if reply.status == 201:
        play.invitations[target] = reply.body["id"]
    return reply.status


def accept(play: Play, actor: Caller, _target: int, choice: int) -> int:
    """Accept as whoever is invited, if the actor is not."""
    invited, number = sorted(play.invitations), play.people.index(actor)
    if invited and number not in invited:
        number = invited[choice % len(invited)]
    invitation = play.invitations.get(number, "none")
    return play.people[number].post(play.team.path("invitations", invitation, "accept")).status


def join(play: Play, actor: Caller, target: int, choice: int) -> int:
    """Invite somebody, who accepts at once: without it, most scripts would be refusals."""
    status = invite(play, actor, target, choice)
    return accept(play, play.people[target], target, choice) if status == 201 else status


def hand_over(play: Play, actor: Caller, target: int, choice: int) -> int:
    """Copy the link of an invitation, or of one sent at once, with which somebody accepts."""
    if not play.invitations:
        invite(play, actor, choice % PEOPLE, choice)
    invitation = [*play.invitations.values(), "none"][choice % max(1, len(play.invitations))]
    path = play.team.path("invitations", invitation)
    reply = actor.post(f"{path}/link")
    if reply.status != 200:
        return reply.status
    return play.people[target].post(f"{path}/accept", {"token": reply.body["link"].partition("#")[2]}).status


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


def transfer(play: Play, actor: Caller, target: int, _choice: int) -> int:
    return actor.post(play.team.path("transfer"), {"user_id": play.people[target].id}).status


def provision(play: Play, _actor: Caller, target: int, choice: int) -> int:
    person = play.people[target]
    body = {"email": person.email, "roles": [play.role(choice)]}
    return play.world.machine("roster/provision").put(play.team.path("members", person.id), body).status


def customize(play: Play, actor: Caller, _target: int, choice: int) -> int:
    """Make a role, edit one or delete one: of a few permissions, so that others may hold them too."""
    title = f"Own {len(play.custom)}"
    path, role = play.team.path("roles"), {"title": title, "permissions": CUSTOM[: choice // 3 + 1]}
    if choice % 3 == 0 or not play.custom:
        reply = actor.post(path, role)
        play.custom += [reply.body["id"]] if reply.status == 201 else []
        return reply.status
    path = f"{path}/{play.custom[-1]}"
    return (actor.put(path, role) if choice % 3 == 1 else actor.delete(path)).status


def give_custom(play: Play, actor: Caller, target: int, choice: int) -> int:
    """Give somebody a custom role, made at once if there is none: without it, they would hardly be held."""
    status = 201 if play.custom else customize(play, actor, target, 0)
    return change_roles(play, actor, target, len(play.pack.roles)) if status == 201 else status


def erase(play: Play, _actor: Caller, target: int, _choice: int) -> int:
    return play.world.machine("roster/users").delete(f"/users/{play.people[target].id}").status


def move(play: Play, _actor: Caller, target: int, choice: int) -> int:
    """Move somebody to a new id, or back to the one that they had before."""
    person, former = play.people[target], play.former[target]
    back = choice % 3 == 0 and bool(former)
    to = former[-1] if back else f"{play.people[target].id}-{choice}"
    play.moving[target] += 1
    status = play.world.machine("roster/move").post(f"/users/{person.id}/move", {"to": to}).status
    play.moving[target] -= 1
    if status == 204:
        play.former[target] = [one for one in former if one != to] + [person.id]
        play.people[target] = Caller(play.world, person.claims | {"sub": to})
    return status


def found(play: Play, actor: Caller, _target: int, _choice: int) -> int:
    reply = actor.post("/organizations", {"name": "Another"})
    play.founded += [reply.body["id"]] if reply.status == 201 else []
    return reply.status


def sign_in(_play: Play, actor: Caller, _target: int, _choice: int) -> int:
    return actor.put("/me").status


VERBS: dict[str, Callable[[Play, Caller, int, int], int]] = {
    "accept": accept,
    "change_plan": change_plan,
    "change_roles": change_roles,
    "customize": customize,
    "erase": erase,
    "found": found,
    "give_custom": give_custom,
    "hand_over": hand_over,
    "invite": invite,
    "join": join,
    "leave": leave,
    "move": move,
    "provision": provision,
    "remove": remove,
    "sign_in": sign_in,
    "transfer": transfer,
}


@pytest.mark.parametrize("pack", ["credentials", "teams", "certificates"])
@settings(max_examples=15)
@given(steps=st.lists(steps_of(depth=2), min_size=4, max_size=12))
def test_no_interleaving_breaks_a_rule(deploy: Callable[[str], World], pack: str, steps: list[Step]) -> None:
    wire.clear()
    play = Play(deploy(pack))

    for step in steps:
        play.act(step)
        wire.clear()

    with Item.batch_write() as batch:
        for item in Item.scan():
            batch.delete(item)
