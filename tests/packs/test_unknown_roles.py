"""A role that the pack does not know any more: it grants nothing, loses nobody, and can be repaired."""

from collections.abc import Callable, Collection

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roster.policy.decisions import Policy
from roster.policy.pack import Pack, available, load
from roster.table.items import Member, Organization
from tests.deployment import PARAMETERS, client
from tests.notify.mailer import Mailer
from tests.packs.changing import Edit
from tests.rules.asking import accept, customize, leave, provision, remove, resend, set_roles, transfer
from tests.rules.products import Product, assert_served_by_routes, granted
from tests.world import Caller, Team, World

ROLES = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=20).map("former_{}".format)
PACKS = st.sampled_from([load(name) for name in available()])


@st.composite
def held(draw: st.DrawFn) -> tuple[Pack, frozenset[str], frozenset[str]]:
    """A pack, some of its roles, and some that it does not have."""
    pack = draw(PACKS)
    known = draw(st.frozensets(st.sampled_from([*pack.roles]), max_size=2))
    return pack, known, draw(st.frozensets(ROLES, min_size=1, max_size=2))


def reach(policy: Policy, actor: Collection[str]) -> list[bool]:
    roles = [[role] for role in policy.pack.roles]
    return [bool(may(actor, one)) for may in (policy.may_invite, policy.may_remove) for one in roles]


def hold(team: Team, person: Caller, *roles: str) -> None:
    """Let somebody hold roles that the pack does not have, as one that renames them does."""
    Member.get(*Member.key(team.id, person.id)).update([Member.roles.set({*roles})])


def renamed_owner(product: Product) -> tuple[str, str]:
    return f'"{product.owner}"', '"the_boss"'


# ---- Decisions -------------------------------------------------------------------------------------------------------


@given(held())
def test_whatever_roles_a_pack_does_not_know_their_holders_may_no_more_by_them(
    given: tuple[Pack, frozenset[str], frozenset[str]],
) -> None:
    pack, known, unknown = given
    policy = Policy(pack)

    assert policy.permissions_of(known | unknown) == policy.permissions_of(known)
    assert reach(policy, known | unknown) == reach(policy, known)
    assert policy.owns(known | unknown) == policy.owns(known)
    assert policy.in_order(known | unknown)[len(known) :] == sorted(unknown)


@given(held(), st.data())
def test_only_the_widest_reach_takes_them_away_and_nobody_gives_them(
    given: tuple[Pack, frozenset[str], frozenset[str]], data: st.DataObject
) -> None:
    pack, actor, unknown = given
    policy = Policy(pack)
    new = data.draw(st.sampled_from([*pack.roles]))

    if policy.may_remove(actor, unknown):
        assert all(policy.may_remove(actor, [role]) for role in pack.roles if policy.may_remove([pack.founder], [role]))
    if policy.may_assign(actor, unknown, [new]):
        assert policy.may_assign(actor, [], [new])
        assert all(
            policy.may_assign(actor, [], [role]) for role in pack.roles if policy.may_assign([pack.founder], [], [role])
        )
    assert not policy.may_invite(actor, unknown)
    assert policy.unfit(unknown)


@given(held())
def test_who_founded_takes_them_away_whatever_they_are_called(
    given: tuple[Pack, frozenset[str], frozenset[str]],
) -> None:
    pack, known, unknown = given
    policy = Policy(pack)
    assume(pack.protected.isdisjoint(known))
    assume(not pack.transfer_only or pack.owner not in known)

    assert policy.may_assign([pack.founder], unknown | known, [pack.after_transfer])
    assert policy.may_remove([pack.founder], unknown)


# ---- Members ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def bob(team: Team, world: World, product: Product) -> Caller:
    """Somebody whose role the pack does not know any more."""
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), product.least)
    hold(team, bob, "chief")
    return bob


def test_every_shape_shows_its_id(team: Team, bob: Caller, world: World) -> None:
    assert team.member(bob)["roles"] == ["chief"]
    own = bob.get(team.path("members", "me")).body
    assert (own["roles"], own["permissions"], own["invitable_roles"]) == (["chief"], [], [])
    (mine,) = bob.get("/me/organizations").body["items"]
    assert (mine["roles"], mine["role_titles"]) == (["chief"], ["chief"])
    listed = team.founder.get(team.path("members"), role="chief").body["items"]
    assert [member["user_id"] for member in listed] == [bob.id]
    assert bob.post(team.path("access"), {"permissions": ["members:read"]}).body["roles"] == ["chief"]
    asked = world.machine("roster/access").post(
        team.path("access"), {"permissions": ["members:read"], "user_id": bob.id}
    )
    assert [decision["reason"] for decision in asked.body["decisions"]] == ["not_granted"]


def test_its_holder_may_nothing_and_can_leave(team: Team, bob: Caller, product: Product) -> None:
    assert granted(team, bob, load(product.pack).permissions) == set()
    assert_served_by_routes(team, bob, set())

    assert leave(team, bob).status == 204
    assert team.organization()["member_count"] == 1


def test_an_owner_gives_its_holder_another_role(team: Team, bob: Caller, product: Product, world: World) -> None:
    can = team.member(bob)["can"]
    assert can["remove"]
    assert product.least in can["assignable_roles"]

    assert set_roles(team, bob, product.least).body["roles"] == [product.least]

    assert world.events(team.id)[-1].data == {"from": ["chief"], "to": [product.least]}


def test_a_machine_gives_its_holder_another_role(team: Team, bob: Caller, product: Product) -> None:
    assert provision(team, bob, product.least).body["roles"] == [product.least]


def test_an_owner_removes_its_holder(team: Team, bob: Caller) -> None:
    assert remove(team, bob).status == 204


def test_who_reaches_less_than_the_founder_does_not_touch_its_holder(
    team: Team, bob: Caller, world: World, product: Product
) -> None:
    limited = {"credentials": "admin", "certificates": "manager", "teams": "billing"}[product.pack]
    eve = team.join(world.person("Eve"), limited)

    assert remove(team, bob, by=eve).status == 403
    assert set_roles(team, bob, product.least, by=eve).status == 403
    assert not team.member(bob, by=eve)["can"]["remove"]


def test_an_invitation_to_it_is_void_and_is_sent_again_to_another(team: Team, world: World, product: Product) -> None:
    team.plan("enterprise")
    role = customize(team, "organization:read").body["id"]
    eve = world.person("Eve")
    invitation = team.invite(eve.email, role)
    assert team.founder.delete(team.path("roles", role)).status == 204

    assert team.founder.get(team.path("invitations", invitation["id"])).body["status"] == "void"
    assert team.founder.get(team.path("invitations", invitation["id"])).body["roles"] == [role]
    assert accept(team, eve, invitation).refusal == (410, "invitation_void")

    assert resend(team, invitation, product.least).status == 200
    assert accept(team, eve, invitation).status == 200


# ---- A renamed owner's role ------------------------------------------------------------------------------------------


@pytest.fixture
def ada(team: Team, world: World, product: Product, edit: Edit) -> Caller:
    """The only owner, whose role the pack calls by another name by now."""
    team.plan("enterprise")
    edit(product.pack, renamed_owner(product))
    return team.founder


def test_the_last_owner_stays_the_last_by_any_name(ada: Caller, team: Team, world: World) -> None:
    assert leave(team, ada).refusal == (409, "last_owner")
    machine = world.machine("roster/provision")
    assert machine.delete(team.path("members", ada.id)).refusal == (409, "last_owner")
    assert provision(team, ada, load_other(team)).status in {403, 409}
    assert world.machine("roster/read").get(team.path()).body["owner_count"] == 1
    assert leave(team, ada).refusal == (409, "last_owner")


def load_other(team: Team) -> str:
    """A role that does not own."""
    pack = load(team.world.pack)
    return pack.after_transfer


def test_nobody_else_touches_an_owner_by_any_name(team: Team, world: World, product: Product, edit: Edit) -> None:
    team.plan("enterprise")
    eve = team.join(world.person("Eve"), product.inviter)
    edit(product.pack, renamed_owner(product))

    assert remove(team, team.founder, by=eve).status == 403
    assert set_roles(team, team.founder, product.least, by=eve).status == 403


def test_a_machine_repairs_an_owner_and_no_count_drifts(ada: Caller, team: Team, world: World) -> None:
    assert ada.get(team.path()).status == 403

    assert provision(team, ada, "the_boss").body["roles"] == ["the_boss"]

    assert team.organization()["owner_count"] == 1
    assert Organization.get(*Organization.key(team.id)).owners == 1
    bob = team.join(world.person("Bob"), load_other(team))
    assert transfer(team, bob).body["roles"] == ["the_boss"]
    assert bob.get(team.path()).body["owner_count"] == 1


def test_support_transfers_what_an_owner_by_an_old_name_has(
    team: Team, world: World, product: Product, edit: Edit
) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), product.least)
    edit(product.pack, renamed_owner(product))

    moved = world.machine("roster/support").post(team.path("transfer"), {"from": team.founder.id, "user_id": bob.id})

    assert moved.body["roles"] == ["the_boss"]
    assert bob.get(team.path()).body["owner_count"] == 1
    assert team.member(team.founder, by=bob)["roles"] == [load(product.pack).after_transfer]
    assert leave(team, bob).refusal == (409, "last_owner")


def test_an_owner_by_an_old_name_who_is_moved_to_another_id_is_one_still(ada: Caller, team: Team, world: World) -> None:
    assert world.machine("roster/move").post(f"/users/{ada.id}/move", {"to": "ada-2"}).status == 204

    moved = Caller(world, ada.claims | {"sub": "ada-2"})
    assert leave(team, moved).refusal == (409, "last_owner")
    assert provision(team, moved, "the_boss").status == 200
    assert moved.get(team.path()).body["owner_count"] == 1


def test_nobody_erases_the_last_owner_by_an_old_name_while_others_are_in(
    team: Team, world: World, product: Product, edit: Edit
) -> None:
    team.plan("enterprise")
    team.join(world.person("Bob"), product.least)
    edit(product.pack, renamed_owner(product))

    erased = world.machine("roster/users").delete(f"/users/{team.founder.id}")

    assert erased.refusal == (409, "last_owner")


@pytest.mark.parametrize("name", ["credentials", "certificates"])
def test_an_owner_by_an_old_name_who_leaves_is_told_of_to_the_others(
    deploy: Callable[[str], World], edit: Edit, name: str
) -> None:
    world = deploy(name)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    owner = load(name).owner
    bob = team.join(world.person("Bob"), owner)
    client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
    edit(name, (f'"{owner}"', '"the_boss"'))
    mailer = Mailer(world)
    mailer.forget()

    assert leave(team, bob).status == 204

    mailer.deliver()
    assert mailer.told_all().keys() == {team.founder.email}
    assert Organization.get(*Organization.key(team.id)).owners == 1


def test_an_owner_by_an_old_name_who_gets_the_new_one_is_not_told_that_they_own_now(
    deploy: Callable[[str], World], edit: Edit
) -> None:
    world = deploy("certificates")
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    bob, eve = team.join(world.person("Bob"), "admin"), team.join(world.person("Eve"), "user")
    client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
    edit("certificates", ('"admin"', '"the_boss"'))
    mailer = Mailer(world)
    provision(team, team.founder, "the_boss")
    mailer.forget()

    for person in (bob, eve):
        assert set_roles(team, person, "the_boss").status == 200

    mailer.deliver()
    assert mailer.told_all() == {
        bob.email: ["Ada changed your role in Acme"],
        eve.email: ["Ada made you an owner of Acme"],
    }
    assert [event.data for event in world.events(team.id)[-2:]] == [
        {"from": ["admin"], "to": ["the_boss"], "owner": True},
        {"from": ["user"], "to": ["the_boss"]},
    ]
