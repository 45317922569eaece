"""However people, machines and plans do what they may, nobody gains what nobody above them could have given."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, precondition, run_state_machine_as_test

from tests.roles.play import ONLY_BUILT_IN, OWNERS, TOP, VERBS, Play, Step
from tests.roles.shown import KINDS
from tests.world import World

MOST = 20  # custom roles
RIGHTS = {"assign": "assigns", "invite": "invites", "resend": "invites", "accept": "invites", "remove": "removes"}


class Watched(Play):
    """What holds after every step. `before` is what was shown before the last one, and `now` what is shown after it."""

    @property
    def last(self) -> Step:
        assert self.step is not None
        return self.step

    @precondition(lambda self: self.step)
    @invariant()
    def nobody_gains_what_its_giver_lacked(self) -> None:
        giving = self.last.verb in {"accept", "assign", "edit", "settle", "transfer"}
        given = self.before.reaches(self.last.by) if giving else frozenset()
        for user_id in self.now.members:
            gained = self.now.wields(user_id) - self.before.wields(user_id)
            gained |= self.now.reaches(user_id) - self.before.reaches(user_id)
            assert gained <= given or (self.last.verb == "provision" and user_id in self.last.to)

    @precondition(lambda self: self.step)
    @invariant()
    def nobody_else_gets_or_loses_a_role(self) -> None:
        for user_id in (self.now.members.keys() | self.before.members.keys()) - {*self.last.to}:
            assert self.now.members.get(user_id) == self.before.members.get(user_id)

    @precondition(lambda self: self.step and self.last.changes and self.last.verb in RIGHTS)
    @invariant()
    def who_acts_has_the_right_over_each_role(self) -> None:
        before, verb, by = self.before, self.last.verb, self.last.by
        taken = {role for user_id in self.last.to for role in before.members.get(user_id, ())}
        given = {*self.last.roles}
        if by in self.last.to:  # one's own may be laid down
            given, taken = given - taken, set()
        assert given | taken <= {*before.reach(by, RIGHTS[verb])}
        assert before.power(*given) <= before.reaches(by)
        assert self.owner not in taken or self.world.pack == "certificates"
        assert self.owner not in given or self.world.pack != "teams"

    @precondition(lambda self: self.step)
    @invariant()
    def no_role_is_made_or_was_changed_that_goes_beyond_its_editor(self) -> None:
        for name in {*self.before.custom, *self.now.custom}:
            old, new = self.before.roles.get(name, {}), self.now.roles.get(name, {})
            if old != new:
                assert self.last.verb in {"create", "edit", "delete"}
                assert "roles:customize" in self.before.held(self.last.by)
                for kind in KINDS:
                    assert {*old.get(kind, ()), *new.get(kind, ())} <= self.before.listed(self.last.by, kind)

    @invariant()
    def custom_roles_stay_below_the_pack(self) -> None:
        assert len(self.now.custom) <= MOST
        for name, role in self.now.kept.items():
            assert {*role["permissions"]} <= self.now.permissions - ONLY_BUILT_IN
            assert {one for kind in KINDS[1:] for one in role[kind]} <= {*self.now.built_in}
            assert all({*role[kind]} == {*self.now.roles[name][kind]} for kind in KINDS)

    @invariant()
    def every_member_holds_roles_that_exist(self) -> None:
        for roles in self.now.members.values():
            assert roles
            assert roles <= self.now.roles.keys()
            assert len(roles) == 1 or (self.world.pack == "teams" and self.owner not in roles)

    @invariant()
    def somebody_owns_and_all_are_counted(self) -> None:
        owners = self.now.holding(self.owner)
        assert owners == 1 if self.world.pack == "teams" else owners >= 1
        assert self.now.owner_count == owners
        assert self.now.member_count == len(self.now.members)
        assert self.now.holders == {name: self.now.holding(name) for name in self.now.custom}

    @precondition(lambda self: self.step and self.before.plan != TOP)
    @invariant()
    def without_the_plan_no_custom_role_is_given_or_edited(self) -> None:
        custom = {*self.before.custom}
        assert all(self.now.roles[name] == self.before.roles.get(name) for name in self.now.custom)
        for user_id, roles in self.now.members.items():
            assert roles & custom <= self.before.members.get(user_id, frozenset())

    @precondition(lambda self: self.step)
    @invariant()
    def a_success_is_one_change_and_a_refusal_none(self) -> None:
        assert self.last.reply.status < 500
        assert self.last.calls.keys() <= {"BatchGetItem", "Query", "TransactWriteItems"}
        assert self.last.changes <= 1 or self.last.verb == "erase"
        assert self.last.done or not self.last.changes


@pytest.mark.hypothesis
@pytest.mark.parametrize("pack", OWNERS)
def test_nobody_gains_what_nobody_above_them_could_have_given(deploy: Callable[[str], World], pack: str) -> None:
    world, tally = deploy(pack), Counter[tuple[str, bool]]()

    class Deployed(Watched):
        def __init__(self) -> None:
            super().__init__(world, tally)

    run_state_machine_as_test(Deployed, settings=settings(max_examples=10, stateful_step_count=32))

    assert sum(tally[verb, True] for verb in VERBS) > tally.total() / 2, f"too much is refused: {tally}"
