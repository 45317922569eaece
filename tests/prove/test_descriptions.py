"""The oracle's tables, typed in from the product's description, and the product's own decisions say the same."""

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.sample import PACKS as NAMES
from prove.oracle.packs import OWNERS_ALONE, PACKS, Standing
from roster.policy.decisions import Policy
from roster.policy.pack import Pack, Role, load

HOW = ("invites", "removes", "assigns")
CUSTOM = ("clerk", "deputy")


@st.composite
def customs(draw: st.DrawFn, pack: Pack) -> dict[str, Role]:
    """Some roles of an organization's own."""
    permissions = sorted(pack.permissions - OWNERS_ALONE)
    several = st.frozensets(st.sampled_from([*pack.roles]))
    managing = st.sampled_from(["invitations:manage", "members:remove", "roles:assign", "roles:customize"])

    def role(name: str) -> Role:
        held = draw(st.frozensets(st.sampled_from(permissions))) | draw(st.frozensets(managing))
        return Role(name, name, "", held, **{how: draw(several) for how in HOW}, custom=True)

    return {name: role(name) for name in CUSTOM}


def told(roles: dict[str, Role]) -> dict[str, dict[str, Collection[str]]]:
    """Roles as the table has them."""
    return {name: {part: getattr(role, part) for part in ("permissions", *HOW)} for name, role in roles.items()}


@pytest.mark.parametrize("name", NAMES)
def test_each_built_in_role_may_do_what_the_description_says(name: str) -> None:
    pack = load(name)

    assert pack.roles.keys() == PACKS[name].roles.keys()
    assert pack.owner == PACKS[name].owner
    for role in pack.roles:
        ours = PACKS[name].roles[role]
        assert (ours.permissions, ours.invites, ours.removes, ours.assigns) == (
            pack.roles[role].permissions,
            pack.roles[role].invites - ({pack.owner} if pack.transfer_only else set()),
            pack.roles[role].removes - pack.protected,
            pack.roles[role].assigns - ({pack.owner} if pack.transfer_only else set()),
        )


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=200)
def test_whatever_custom_roles_there_are_both_say_alike_who_may_do_what_to_whom(name: str, data: st.DataObject) -> None:
    pack, described = load(name), PACKS[name]
    policy = Policy(pack, data.draw(customs(pack)))
    roles = st.sampled_from([*policy.roles])
    actor, target, new = (data.draw(st.frozensets(roles, min_size=1, max_size=2)) for _ in range(3))
    standing = Standing(described, told(dict(policy.custom)), actor)

    def may(permission: str, how: str, over: Collection[str]) -> bool:
        moved = described.one_owner and described.owner in over and how != "removes"
        return permission in standing.permissions and standing.reaches(how, over) and not moved

    protected = described.owners_are_protected and described.owner in target
    assert standing.permissions == policy.permissions_of(actor)
    assert bool(policy.may_invite(actor, target)) == may("invitations:manage", "invites", target)
    assert bool(policy.may_remove(actor, target)) == (may("members:remove", "removes", target) and not protected)
    assert bool(policy.may_assign(actor, target, new)) == (
        may("roles:assign", "assigns", target | new) and not protected
    )
    made = policy.custom[data.draw(st.sampled_from(CUSTOM))]
    told_of = standing.role(made.id)
    assert told_of is not None
    assert bool(policy.may_customize(actor, made)) == (
        "roles:customize" in standing.permissions and standing.includes(told_of)
    )
