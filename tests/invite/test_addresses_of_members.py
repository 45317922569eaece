"""The address that a member has now, or joined by, is not invited: sending, resending and moving in say whose it is."""

import pytest

from roster.api.problems import AlreadyMember
from roster.membership.members import require_no_member
from roster.membership.standing import Standing
from roster.table.base import Item
from roster.table.items import AddressHolders, Member, Organization
from roster.table.read import Batch
from tests.policy.kingdom import kingdom
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World

NEW = "robert@example.com"


def signed_in(person: Caller, **claims: object) -> Caller:
    """The same person with a token that says something else, which they bring after signing in."""
    again = Caller(person.world, {name: value for name, value in (person.claims | claims).items() if value is not None})
    assert again.put("/me").status == 200
    return again


def invite(team: Team, email: str, by: Caller | None = None) -> Reply:
    return (by or team.founder).post(team.path("invitations"), {"email": email, "roles": ["viewer"]})


def move_in(team: Team, user_id: str, email: str) -> Reply:
    machine = team.world.machine("roster/provision")
    return machine.put(team.path("members", user_id), {"email": email, "roles": ["viewer"]})


def whose(reply: Reply) -> str:
    """Whose address it is, as the refusal says."""
    assert reply.refusal == (409, "already_member")
    return str(reply.body["user_id"])


@pytest.fixture
def bob(team: Team, world: World) -> Caller:
    """Somebody who joined by one address, and has another one now."""
    return signed_in(team.join(world.person("Bob"), "viewer"), email=NEW)


def test_neither_the_address_they_have_now_nor_the_one_they_joined_by_is_invited(team: Team, bob: Caller) -> None:
    before = team.world.items()

    assert whose(invite(team, NEW)) == bob.id
    assert whose(invite(team, "ROBERT@Example.com")) == bob.id
    assert whose(invite(team, "bob@example.com")) == bob.id
    assert whose(invite(team, team.founder.email)) == team.founder.id
    assert team.world.items() == before


def test_nor_is_it_moved_in_for_somebody_else(team: Team, bob: Caller) -> None:
    before = team.world.items()

    assert whose(move_in(team, "somebody", NEW)) == bob.id
    assert whose(move_in(team, "somebody", "bob@example.com")) == bob.id
    assert team.world.items() == before
    assert move_in(team, bob.id, NEW).status == 200  # who is in already: only their roles are set


def test_nor_is_an_invitation_resent_to_an_address_that_a_member_has_meanwhile(team: Team, world: World) -> None:
    path = team.path("invitations", team.invite(NEW, "viewer")["id"])
    bob = team.join(world.person("Bob"), "viewer")
    assert team.founder.get(path).body["can"]["resend"] is True
    assert team.founder.post(f"{path}/resend").status == 200
    signed_in(bob, email=NEW)

    offered = {"resend": False, "cancel": True, "copy_link": True}
    assert team.founder.get(path).body["can"] == offered
    assert team.founder.get(team.path("invitations")).body["items"][0]["can"] == offered
    assert whose(team.founder.post(f"{path}/resend")) == bob.id
    with world.later(days=8):
        assert whose(invite(team, NEW)) == bob.id
    assert team.founder.delete(path).status == 204


@pytest.mark.parametrize(("role", "told"), [("monarch", {"user_id": "bob"}), ("noble", {})])
def test_only_who_may_see_members_is_told_whose_address_it_is(role: str, told: dict[str, str]) -> None:
    # In the packs that Roster comes with, whoever may invite sees the members: here a noble does not.
    actor, bob = (Member(*Member.key("o", user_id), roles={role}) for user_id in ("ann", "bob"))
    standing = Standing(Organization(*Organization.key("o")), kingdom(), Batch(), actor)
    holders = AddressHolders(*AddressHolders.key(NEW), user_ids={"bob", "stranger"})

    with pytest.raises(AlreadyMember) as refused:
        require_no_member(standing, None, holders, Batch([bob]))

    assert refused.value.members == told


def test_several_people_may_have_one_address_and_whoever_is_in_holds_it(team: Team, bob: Caller) -> None:
    cat = team.join(signed_in(team.world.person("Cat", email="cat@example.com")), "viewer")
    signed_in(cat, email=NEW)
    signed_in(team.world.person("Stranger", email=NEW))

    assert whose(invite(team, NEW)) == bob.id
    assert bob.post(team.path("leave")).status == 204
    assert whose(invite(team, NEW)) == cat.id
    assert team.founder.delete(team.path("members", cat.id)).status == 204
    assert invite(team, NEW).status == 201


def test_an_address_is_free_again_once_its_member_has_another(team: Team, bob: Caller) -> None:
    signed_in(bob, email="bobby@example.com")

    assert invite(team, NEW).status == 201
    assert whose(invite(team, "bobby@example.com")) == bob.id


def test_a_token_that_brings_it_unverified_takes_it_away(team: Team, bob: Caller) -> None:
    again = signed_in(bob, email_verified=False)

    assert again.put("/me").body["email"] is None
    assert team.member(again)["email"] == "bob@example.com"  # they joined by it
    assert invite(team, NEW).status == 201


@pytest.mark.parametrize("claims", [{"email": None}, {"email": "other@example.com", "email_verified": False}])
def test_a_token_without_it_leaves_it(team: Team, bob: Caller, claims: dict[str, object]) -> None:
    again = signed_in(bob, **claims)

    assert again.put("/me").body["email"] == NEW
    assert whose(invite(team, NEW)) == bob.id


def test_what_a_token_says_at_joining_and_creating_counts_as_well(team: Team, world: World) -> None:
    invitation = team.invite("eve@example.com", "viewer")
    stranger, creator = world.person("Sam"), world.person("Kim")
    joined = stranger.post(
        team.path("invitations", invitation["id"], "accept"), {"token": team.token(invitation["id"])}
    )
    Team.found(world, creator, "Other")
    team.join(signed_in(creator, email="k@example.com"), "viewer")

    assert joined.status == 200
    assert whose(invite(team, stranger.email)) == stranger.id
    assert whose(invite(team, "k@example.com")) == creator.id
    assert invite(team, creator.email).status == 201  # which they had before


def test_their_own_invitations_are_not_of_where_they_are_in(team: Team, world: World) -> None:
    elsewhere = Team.found(world, world.person("Zoe"), "Other")
    for one in (team, elsewhere):
        one.invite(NEW, "viewer")
    bob = signed_in(team.join(world.person("Bob"), "viewer"), email=NEW)

    assert [one["organization_id"] for one in bob.get("/me/invitations").body["items"]] == [elsewhere.id]


def test_two_who_bring_one_address_at_once_both_have_it(team: Team, wire: Wire) -> None:
    bob, cat = (team.join(team.world.person(name), "viewer") for name in ("Bob", "Cat"))

    def meanwhile() -> None:
        signed_in(cat, email=NEW)

    wire.before("TransactWriteItems", meanwhile)

    signed_in(bob, email=NEW)

    assert whose(invite(team, NEW)) == bob.id
    assert bob.post(team.path("leave")).status == 204
    assert whose(invite(team, NEW)) == cat.id


def test_nothing_is_kept_of_an_address_that_nobody_has(team: Team, bob: Caller) -> None:
    def kept() -> set[str]:
        return {item.pk for item in Item.scan() if item.pk.startswith("ADDRESS#")}

    assert kept() == {f"ADDRESS#{NEW}", f"ADDRESS#{team.founder.email}"}
    signed_in(bob, email_verified=False)
    assert kept() == {f"ADDRESS#{team.founder.email}"}


def test_it_takes_one_batch_more_for_who_has_it(team: Team, bob: Caller, wire: Wire) -> None:
    wire.clear()
    assert whose(invite(team, NEW)) == bob.id
    assert wire.counts == {"BatchGetItem": 2}
    wire.clear()
    assert whose(move_in(team, "somebody", NEW)) == bob.id
    assert wire.counts == {"BatchGetItem": 2}
