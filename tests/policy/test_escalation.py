"""Whatever a pack says, and by any chain of actions, nobody gains a permission or a reach that nobody who acted had."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from roster.policy.decisions import Decision, Policy
from roster.policy.pack import Pack, Role, available, load
from roster.policy.permissions import RIGHTS

MANAGING = frozenset(RIGHTS.values())
BUILT_IN = ("monarch", "noble", "peasant")
CUSTOM = ("miller", "bailiff")
NOWHERE = "pope"
PEOPLE = st.integers(0, 3)


@cache
def role_ids(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names), min_size=1, max_size=2)


@cache
def role(name: str, others: tuple[str, ...], permissions: tuple[str, ...], *, custom: bool) -> st.SearchStrategy[Role]:
    """Any role at all: what the loader would refuse too, and lists that name roles which do not exist."""
    named = st.frozensets(st.sampled_from([*others, NOWHERE]))
    return st.builds(
        lambda managing, held, **lists: Role(name, name.title(), "Invented.", managing | held, **lists, custom=custom),
        st.sampled_from([MANAGING, MANAGING, frozenset[str]()]),
        st.frozensets(st.sampled_from(permissions), max_size=3),
        **dict.fromkeys(RIGHTS, named),
    )


@cache
def invented() -> st.SearchStrategy[Pack]:
    """Packs that no product would want."""
    roles = {name: role(name, BUILT_IN, ("crowns:wear", "fields:plough"), custom=False) for name in BUILT_IN}
    return st.builds(
        replace,
        st.just(load("credentials")),
        roles=st.fixed_dictionaries(roles),
        founder=st.just("monarch"),
        owner=st.just("monarch"),
        protected=st.frozensets(st.sampled_from(BUILT_IN), max_size=1),
        transfer_only=st.booleans(),
        several_roles=st.booleans(),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A shipped pack or an invented one, with custom roles that may hold what the pack does not know."""
    pack = draw(st.sampled_from([load(name) for name in available()]) | invented())
    others, permissions = (*pack.roles, *CUSTOM), (*sorted(pack.permissions), "ships:board")
    custom = {name: role(name, others, permissions, custom=True) for name in CUSTOM}
    return Policy(pack, draw(st.fixed_dictionaries({}, optional=custom)))


def some_of(policy: Policy) -> st.SearchStrategy[frozenset[str]]:
    """Roles of one person, among them perhaps one that nothing defines."""
    return role_ids((*policy.roles, NOWHERE))


def power(policy: Policy, roles: Collection[str]) -> frozenset[str]:
    """What roles give together: permissions, and each entry of a list that says over whom they have a right."""
    listed = {
        f"{right} {other}"
        for name in roles
        if name in policy.roles
        for right in RIGHTS
        for other in getattr(policy.roles[name], right) & policy.pack.roles.keys()
    }
    return policy.permissions_of(roles) | listed


def wielded(policy: Policy, roles: Collection[str]) -> frozenset[str]:
    """What roles let their holders do: an entry of a list counts only in a role that has the permission for it."""
    counting = (
        power(policy, [name])
        - {
            f"{right} {other}"
            for right, permission in RIGHTS.items()
            if permission not in policy.permissions_of([name])
            for other in policy.pack.roles
        }
        for name in roles
    )
    return frozenset().union(*counting)


def reach(policy: Policy, roles: Collection[str]) -> set[str]:
    """Each thing that may be done with each role, one by one."""
    may: dict[str, Callable[[str], Decision]] = {
        "invite": lambda one: policy.may_invite(roles, [one]),
        "remove": lambda one: policy.may_remove(roles, [one]),
        "assign": lambda one: policy.may_assign(roles, [], [one]),
        "take": lambda one: policy.may_assign(roles, [one], []),
    }
    return {f"{verb} {one}" for one in policy.roles for verb, asked in may.items() if asked(one)}


@settings(max_examples=200)
@given(st.data())
def test_no_chain_of_allowed_actions_gains_what_nobody_who_acted_had(data: st.DataObject) -> None:
    policy = data.draw(policies())
    start = data.draw(st.lists(some_of(policy), min_size=1, max_size=4))
    members: dict[int, Collection[str]] = dict(enumerate(start))
    had = {person: power(policy, roles) for person, roles in members.items()}
    acted: frozenset[str] = frozenset()

    for actor, target, new in data.draw(st.lists(st.tuples(PEOPLE, PEOPLE, some_of(policy)), max_size=12)):
        if actor not in members:
            continue
        if target not in members:
            allowed = policy.may_invite(members[actor], new)
        else:
            allowed = policy.may_assign(members[actor], members[target], new, own=actor == target)
        if allowed:
            members[target] = new
            acted |= had.get(actor, frozenset())

    for person, roles in members.items():
        assert power(policy, roles) <= had.get(person, frozenset()) | acted


@settings(max_examples=200)
@given(st.data())
def test_nobody_gives_in_one_step_what_they_lack(data: st.DataObject) -> None:
    policy = data.draw(policies())
    actor, current, new = (data.draw(some_of(policy)) for _ in range(3))
    given = policy.may_invite(actor, new) or policy.may_assign(actor, current, new)
    taken = policy.may_assign(actor, actor, new, own=True)

    if given:
        assert power(policy, new) <= wielded(policy, actor)
    if taken:
        assert power(policy, {*new} - {*actor}) <= wielded(policy, actor)
    if given or taken:
        assert reach(policy, new) <= reach(policy, actor)


@settings(max_examples=200)
@given(st.data())
def test_nobody_makes_or_edits_a_custom_role_beyond_what_they_may_do(data: st.DataObject) -> None:
    policy = data.draw(policies())
    actor = data.draw(some_of(policy))

    for name, role in policy.custom.items():
        if name in policy.roles and policy.may_customize(actor, role):
            assert power(policy, [name]) <= wielded(policy, actor)


@settings(max_examples=200)
@given(st.data())
def test_nobody_removes_or_is_given_a_custom_role_of_wider_reach(data: st.DataObject) -> None:
    policy = data.draw(policies())
    actor = data.draw(some_of(policy))
    wider = {name for name in policy.custom if not power(policy, [name]) <= wielded(policy, actor)}

    for name in wider:
        assert not policy.may_remove(actor, [name])
        assert not policy.may_assign(actor, [name], [])
        assert not policy.may_invite(actor, [name])
        assert name not in policy.assignable_roles(actor, [], own=False)


@settings(max_examples=200)
@given(st.data())
def test_no_unknown_role_is_ever_given_or_acted_on(data: st.DataObject) -> None:
    policy = data.draw(policies())
    unknown = data.draw(st.text())
    actor, others = data.draw(some_of(policy)), data.draw(some_of(policy))
    assume(unknown not in policy.roles)

    assert policy.permissions_of([unknown]) == frozenset()
    assert not policy.owns([unknown])
    assert not policy.may_invite(actor, [*others, unknown])
    assert not policy.may_assign(actor, others, [unknown])
    assert not policy.may_assign(actor, actor, [unknown, *actor], own=True) or unknown in actor
    assert unknown not in policy.assignable_roles(actor, others)
    assert unknown not in policy.assignable_roles(actor, actor, own=True)
    assert policy.unfit([unknown])


@settings(max_examples=200)
@given(st.data())
def test_an_unknown_role_is_taken_away_by_nobody_who_reaches_less_than_the_founder(data: st.DataObject) -> None:
    policy = data.draw(policies())
    unknown = data.draw(st.text())
    actor, others = data.draw(some_of(policy)), data.draw(some_of(policy))
    assume(unknown not in policy.roles)
    founder = [policy.pack.founder]

    if policy.may_remove(actor, [*others, unknown]):
        assert policy.may_remove(actor, others)
        assert all(policy.may_remove(actor, [one]) for one in policy.pack.roles if policy.may_remove(founder, [one]))
    if policy.may_assign(actor, [unknown], others):
        assert policy.may_assign(actor, [], others)
        for one in policy.pack.roles:
            assert policy.may_assign(actor, [], [one]) or not policy.may_assign(founder, [], [one])


@settings(max_examples=200)
@given(st.data())
def test_no_unknown_permission_is_ever_allowed(data: st.DataObject) -> None:
    policy = data.draw(policies())
    unknown = data.draw(st.text() | st.just("ships:board"))
    actor = data.draw(some_of(policy))
    assume(unknown not in policy.pack.permissions)

    assert not policy.may(actor, unknown)
    assert unknown not in policy.permissions_of(actor)
    assert policy.access(actor, unknown).reason == "unknown_permission"


@settings(max_examples=200)
@given(st.data())
def test_a_protected_role_is_never_taken_from_somebody_else(data: st.DataObject) -> None:
    policy = data.draw(policies())
    actor, others, new = (data.draw(some_of(policy)) for _ in range(3))

    for name in policy.pack.protected:
        assert not policy.may_remove(actor, [name, *others])
        assert not policy.may_assign(actor, [name, *others], new)
        assert policy.assignable_roles(actor, [name, *others]) == []


@settings(max_examples=200)
@given(st.data(), st.booleans())
def test_assignable_is_what_could_be_set(data: st.DataObject, own: bool) -> None:  # noqa: FBT001
    policy = data.draw(policies())
    actor = data.draw(some_of(policy))
    current = actor if own else data.draw(some_of(policy))
    assume(not (own and policy.pack.transfer_only and policy.owns(current)))

    could = [name for name in policy.roles if policy.may_assign(actor, current, [name], own=own)]
    found = policy.assignable_roles(actor, current, own=own)

    nothing_else = len(could) == 1 and set(could) == set(current)
    assert found == ([] if nothing_else else could)
