"""A play for random actors: five people, an organization with roles of its own, and everything that may be tried."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from roster.table.base import Item
from tests.roles.custom import unused
from tests.roles.shown import Shown
from tests.wire import wire
from tests.world import Caller, Reply, Team, World

OWNERS = {"credentials": "owner", "teams": "owner", "certificates": "admin"}
LOWER = {"credentials": "professional", "teams": "standard", "certificates": "basic"}
TOP = "enterprise"  # the one plan with custom roles, in every pack
ONLY_BUILT_IN = frozenset({"ownership:transfer", "organization:delete", "organization:notifications"})
MANAGING = frozenset({"invitations:manage", "members:remove", "roles:assign", "roles:customize"})
PEOPLE = 5
LAPSE = 4  # steps, before a lower plan is paid up again

# How often each is tried where it may be possible: left alone, those that need others before them would be rare.
VERBS = {
    "accept": 3,
    "invite": 4,
    "remove": 2,
    "assign": 5,
    "create": 3,
    "edit": 3,
    "downgrade": 1,
    "delete": 1,
    "erase": 1,
    "leave": 1,
    "provision": 2,
    "resend": 3,
    "settle": 1,
    "transfer": 1,
}
rarely = st.sampled_from([False] * 6 + [True])


@dataclass(frozen=True)
class Step:
    """What was done and answered, the calls to AWS that it took, by whose right, to whom, and which roles it names."""

    verb: str
    reply: Reply
    calls: Counter[str]
    by: str
    to: Collection[str]
    roles: Collection[str]

    @property
    def done(self) -> bool:
        return self.reply.status < 300

    @property
    def changes(self) -> int:
        """How many transactions it took: none if it was refused, or there was nothing to do."""
        return self.calls["TransactWriteItems"]


@dataclass(frozen=True)
class Invited:
    """An invitation: who sent it last, and to which roles."""

    id: str
    by: Caller
    roles: list[str]


class Play(RuleBasedStateMachine):
    """All five are in at first. Most of what they try is allowed them, as far as an onlooker can guess."""

    def __init__(self, world: World, tally: Counter[tuple[str, bool]]) -> None:
        super().__init__()
        self.world, self.tally = world, tally
        self.owner = OWNERS[world.pack]
        self.people = [world.person(f"Person {number}") for number in range(PEOPLE)]
        self.team = Team.found(world, self.people[0])
        self.team.plan(TOP)
        self.invited: dict[str, Invited] = {}
        self.lapse = 0
        self.step: Step | None = None
        self.now = Shown.of(self.team)
        for person, role in zip(self.people[1:], self.now.built_in[1:] * PEOPLE, strict=False):
            assert self.give(person, [role]).status == 201
        self.before = self.now = Shown.of(self.team)

    def teardown(self) -> None:
        with Item.batch_write() as batch:
            for item in Item.scan():
                batch.delete(item)

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        chances = self.chances()
        likely = [verb for verb, weight in VERBS.items() for _ in range(weight * chances.get(verb, 1))]
        getattr(self, data.draw(st.sampled_from(likely), label="verb"))(data)

    def chances(self) -> dict[str, int]:
        """Tell what may be possible now: not at all if 0, and welcome if more than 1."""
        custom, invited, crowd = bool(self.now.custom), bool(self.invited), len(self.now.members) > 2
        awaited = bool(self.invited_to_custom())
        return {
            "accept": invited + 3 * (awaited and self.lapse > 0),
            "delete": custom,
            "downgrade": 0 if self.lapse else custom + 7 * awaited,
            "edit": custom,
            "erase": crowd,
            "invite": bool(self.strangers()),
            "leave": crowd,
            "remove": crowd,
            "resend": invited,
        }

    def create(self, data: st.DataObject) -> None:
        actor = self.one_who_may("roles:customize", data)
        definition = self.definition(actor, data)
        self.take("create", lambda: actor.post(self.team.path("roles"), definition), by=actor)

    def edit(self, data: st.DataObject) -> None:
        actor = self.one_who_may("roles:customize", data)
        path = self.team.path("roles", self.mostly(self.now.below(actor.id), self.now.custom, data))
        definition = self.definition(actor, data)
        self.take("edit", lambda: actor.put(path, definition), by=actor)

    def delete(self, data: st.DataObject) -> None:
        actor = self.one_who_may("roles:customize", data)
        unheld = [name for name in self.now.below(actor.id) if not self.now.holding(name)]
        path = self.team.path("roles", self.mostly(unheld, self.now.custom, data))
        self.take("delete", lambda: actor.delete(path), by=actor)

    def assign(self, data: st.DataObject) -> None:
        actor = self.one_who_may("roles:assign", data)
        target = self.mostly([actor, *self.inside(owners=False)], self.inside(owners=True) + self.outside(), data)
        roles = self.some_roles(self.now.reach(actor.id, "assigns"), data)
        path = self.team.path("members", target.id, "roles")
        self.take("assign", lambda: actor.put(path, {"roles": roles}), by=actor, to=[target], roles=roles)

    def invite(self, data: st.DataObject) -> None:
        actor = self.one_who_may("invitations:manage", data)
        target = self.mostly(self.strangers(), self.outside(), data)
        roles = self.some_roles(self.now.reach(actor.id, "invites"), data)
        path, body = self.team.path("invitations"), {"email": target.email, "roles": roles}
        reply = self.take("invite", lambda: actor.post(path, body), by=actor, roles=roles)
        if reply.status == 201:
            self.invited[target.id] = Invited(reply.body["id"], actor, roles)

    def resend(self, data: st.DataObject) -> None:
        actor, user_id = self.one_who_may("invitations:manage", data), data.draw(st.sampled_from([*self.invited]))
        invitation = self.invited[user_id]
        path, roles, body = self.team.path("invitations", invitation.id, "resend"), invitation.roles, {}
        if data.draw(st.booleans(), label="to others"):
            roles = self.some_roles(self.now.reach(actor.id, "invites"), data)
            body = {"roles": roles}
        judged = [one for one in (*invitation.roles, *roles) if one in self.now.roles]  # the old ones may be gone
        if self.take("resend", lambda: actor.post(path, body), by=actor, roles=judged).status == 200:
            self.invited[user_id] = Invited(invitation.id, actor, roles)

    def accept(self, data: st.DataObject) -> None:
        invited = [one for one in self.people if one.id in self.invited]
        person = self.mostly(self.invited_to_custom(), invited, data)
        invitation = self.invited[person.id]
        path, roles = self.team.path("invitations", invitation.id, "accept"), invitation.roles
        reply = self.take("accept", lambda: person.post(path), by=invitation.by, to=[person], roles=roles)
        if reply.status == 200 or reply.refusal[1] != "plan_limit":
            del self.invited[person.id]

    def transfer(self, data: st.DataObject) -> None:
        giver = self.one_who_may("ownership:transfer", data)
        self.hand_over("transfer", giver, data, caller=giver)

    def settle(self, data: st.DataObject) -> None:
        giver = self.mostly(self.inside(owners=True), self.people, data)
        self.hand_over("settle", giver, data, caller=self.world.machine("roster/support"), **{"from": giver.id})

    def hand_over(self, verb: str, giver: Caller, data: st.DataObject, *, caller: Caller, **more: str) -> None:
        heir = self.mostly(self.inside(owners=False), self.people, data)
        path, body = self.team.path("transfer"), {"user_id": heir.id, **more}
        self.take(verb, lambda: caller.post(path, body), by=giver, to=[giver, heir])

    def remove(self, data: st.DataObject) -> None:
        actor = self.one_who_may("members:remove", data)
        reach = self.now.reach(actor.id, "removes")
        likely = [one for one in self.inside() if one is not actor and self.now.members[one.id].issubset(reach)]
        target = self.mostly(likely, self.people, data)
        self.take("remove", lambda: actor.delete(self.team.path("members", target.id)), by=actor, to=[target])

    def leave(self, data: st.DataObject) -> None:
        person = self.mostly(self.dispensable(), self.inside(owners=True), data)
        self.take("leave", lambda: person.post(self.team.path("leave")), to=[person])

    def erase(self, data: st.DataObject) -> None:
        person = self.mostly(self.dispensable(), self.inside(owners=True), data)
        users = self.world.machine("roster/users")
        if self.take("erase", lambda: users.delete(f"/users/{person.id}"), to=[person]).status == 204:
            self.invited.pop(person.id, None)

    def provision(self, data: st.DataObject) -> None:
        person = self.mostly(self.strangers(), self.people, data)
        roles = self.some_roles([name for name in self.now.roles if name != self.owner], data)
        self.take("provision", lambda: self.give(person, roles), to=[person], roles=roles)

    def downgrade(self, _data: st.DataObject) -> None:
        billing, body = self.world.machine("roster/billing"), {"plan": LOWER[self.world.pack]}
        self.take("downgrade", lambda: billing.put(self.team.path("plan"), body))
        self.lapse = LAPSE

    def take(
        self,
        verb: str,
        call: Callable[[], Reply],
        *,
        by: Caller | None = None,
        to: Collection[Caller] = (),
        roles: Collection[str] = (),
    ) -> Reply:
        """Take a step, and look what has come of it. By nobody's right is what machines do, and leaving."""
        if self.lapse == 1:
            self.team.plan(TOP)
            self.now = replace(self.now, plan=TOP)
        self.lapse = max(0, self.lapse - 1)
        wire.clear()
        reply = call()
        self.step = Step(verb, reply, wire.counts, "" if by is None else by.id, [one.id for one in to], roles)
        self.before = self.now
        if self.step.calls.keys() - {"BatchGetItem", "Query"}:
            self.now = Shown.of(self.team, self.now)
        self.tally[verb, self.step.done] += 1
        return reply

    def give(self, person: Caller, roles: list[str]) -> Reply:
        """Let a machine say which roles somebody has."""
        machine, body = self.world.machine("roster/provision"), {"email": person.email, "roles": roles}
        return machine.put(self.team.path("members", person.id), body)

    def inside(self, *, owners: bool | None = None) -> list[Caller]:
        """Who is in; only the owners, or only the others."""
        members = self.now.members
        return [
            one
            for one in self.people
            if one.id in members and (owners is None or (self.owner in members[one.id]) == owners)
        ]

    def outside(self) -> list[Caller]:
        return [one for one in self.people if one.id not in self.now.members]

    def strangers(self) -> list[Caller]:
        return [one for one in self.outside() if one.id not in self.invited]

    def invited_to_custom(self) -> list[Caller]:
        """Who has an invitation that is worth a downgrade: to a custom role."""
        invited = [one for one in self.people if one.id in self.invited]
        return [one for one in invited if not {*self.invited[one.id].roles}.isdisjoint(self.now.custom)]

    def dispensable(self) -> list[Caller]:
        """Who may go: anybody but an only owner."""
        return self.inside() if self.now.holding(self.owner) > 1 else self.inside(owners=False)

    def mostly[T](self, likely: list[T], possible: list[T], data: st.DataObject) -> T:
        """Draw one of the likely, if there are any, and sometimes any of the possible."""
        return data.draw(st.sampled_from(possible if not likely or data.draw(rarely) else likely))

    def one_who_may(self, permission: str, data: st.DataObject) -> Caller:
        able = [one for one in self.inside() if permission in self.now.held(one.id)]
        lesser = [one for one in able if one in self.inside(owners=False)]
        return self.mostly(able + 2 * lesser, self.people, data)  # an owner may give anything: there is less to see

    def some_roles(self, likely: list[str], data: st.DataObject) -> list[str]:
        most = 2 if self.world.pack == "teams" else 1
        fit = [name for name in likely if name != self.owner or most == 1]
        bold = [*self.now.roles, *self.now.custom]
        chosen = [self.mostly(fit, bold, data) for _ in range(data.draw(st.integers(1, most)))]
        return list(dict.fromkeys(chosen))

    def definition(self, actor: Caller, data: st.DataObject) -> dict[str, Any]:
        """Draw a custom role: a part of what the actor holds, often enough to manage by, and sometimes more."""
        held = self.now.held(actor.id) - ONLY_BUILT_IN
        basis = data.draw(st.sampled_from([frozenset[str](), *map(self.now.granted, self.now.built_in)]))
        managing = data.draw(st.sampled_from([MANAGING, MANAGING, frozenset[str]()]))
        permissions = (held & (basis | managing)) | _some(held, data)
        beyond = _one(self.now.permissions, data, at_least=not permissions)
        lists = {
            right: _some(self.now.listed(actor.id, right), data) | _one(self.now.roles, data)
            for right in ("invites", "removes", "assigns")
        }
        drawn = lists | {"permissions": permissions | beyond}
        return {"title": unused(self.team, "Invented"), **{right: sorted(names) for right, names in drawn.items()}}


def _some(options: Collection[str], data: st.DataObject) -> frozenset[str]:
    return data.draw(st.frozensets(st.sampled_from(sorted(options)), max_size=4)) if options else frozenset()


def _one(options: Collection[str], data: st.DataObject, *, at_least: bool = False) -> frozenset[str]:
    """Draw one of what may be beyond the actor; mostly none."""
    return frozenset([data.draw(st.sampled_from(sorted(options)))]) if at_least or data.draw(rarely) else frozenset()
