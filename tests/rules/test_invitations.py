"""What holds for invitations in every product: whose they are, how long they live, and when they are dead."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from local.template import Route
from roster.policy.pack import load
from tests.deployment import STACKS
from tests.notify.mailer import Mailer
from tests.rules.asking import (
    TRANSACTION,
    accept,
    assert_refused,
    cancel,
    customize,
    decline,
    invite,
    preview,
    remove,
    resend,
    set_roles,
)
from tests.rules.products import Product
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World


@pytest.fixture
def eve(world: World) -> Caller:
    """Somebody who is invited."""
    return world.person("Eve")


def status(team: Team, invitation_id: str) -> str:
    """The status that the organization sees."""
    return str(team.founder.get(team.path("invitations", invitation_id)).body["status"])


# ---- Whose it is -----------------------------------------------------------------------------------------------------


def test_an_address_has_one_live_invitation_in_an_organization(acme: Team, product: Product, eve: Caller) -> None:
    other = Team.found(acme.world, acme.founder, "Other")
    other.plan("enterprise")
    invitation = acme.invite(eve.email, product.least)

    for role in (product.least, product.other):
        assert invite(acme, eve.email, role).refusal == (409, "already_invited")
    assert invite(other, eve.email, product.least).status == 201
    assert cancel(acme, invitation).status == 204
    assert acme.invite(eve.email, product.other)["id"] == invitation["id"]
    assert [one["email"] for one in acme.founder.get(acme.path("invitations")).body["items"]] == [eve.email]


def test_two_who_invite_an_address_at_once_send_one_invitation(
    acme: Team, product: Product, eve: Caller, wire: Wire
) -> None:
    bob = acme.join(acme.world.person("Bob"), product.inviter)

    def bob_invites() -> None:
        acme.invite(eve.email, product.least, by=bob)

    wire.before(TRANSACTION, bob_invites)

    assert invite(acme, eve.email, product.other).refusal == (409, "already_invited")
    (mine,) = eve.get("/me/invitations").body["items"]
    assert (mine["roles"], mine["invited_by"]["user_id"]) == ([product.least], bob.id)


def test_an_address_that_a_member_joined_by_or_has_now_is_not_invited(
    acme: Team, product: Product, world: World
) -> None:
    bob = acme.join(world.person("Bob"), product.least)
    assert world.person("Bob", sub=bob.id, email="robert@example.com").put("/me").status == 200

    for email in ("bob@example.com", "robert@example.com"):
        reply = invite(acme, email, product.least)
        assert reply.refusal == (409, "already_member")
        assert reply.body["user_id"] == bob.id


def test_addresses_compare_in_normal_form_without_ascii_case_and_nothing_else_is_folded(
    acme: Team, product: Product, world: World
) -> None:
    kept = acme.invite("Eve.Adams@Bücher.example.com", product.least)["email"]
    assert kept == "eve.adams@bücher.example.com"

    same = ("EVE.adams@bu\N{COMBINING DIAERESIS}cher.example.com", " eve.adams@xn--bcher-kva.example.com\n")
    others = (
        "eveadams@bücher.example.com",
        "eve.adams+news@bücher.example.com",
        "eve.adams@bucher.example.com",
    )
    for address in same:
        assert invite(acme, address, product.least).refusal == (409, "already_invited")
        assert len(world.person("Eve", email=address).get("/me/invitations").body["items"]) == 1
    for address in others:
        assert world.person("Eve", email=address).get("/me/invitations").body["items"] == []
        assert invite(acme, address, product.least).status == 201


def test_who_is_signed_in_with_the_verified_address_accepts(acme: Team, product: Product, eve: Caller) -> None:
    invitation = acme.invite(eve.email, product.other)

    assert accept(acme, eve, invitation).body["roles"] == [product.other]


def test_who_brings_the_token_from_the_mail_accepts(acme: Team, product: Product, world: World, mailer: Mailer) -> None:
    sam = world.person("Sam", email=None)
    mailer.forget()
    invitation = acme.invite("eve@example.com", product.other)
    mailer.deliver()

    joined = accept(acme, sam, invitation, mailer.only.token)

    assert (joined.status, joined.body["email"], joined.body["roles"]) == (200, "eve@example.com", [product.other])


def test_nobody_else_accepts(acme: Team, product: Product, world: World) -> None:
    invitation = acme.invite("eve@example.com", product.least)
    another = acme.token(str(acme.invite("fay@example.com", product.least)["id"]))
    before = world.items()

    assert accept(acme, world.person("Sam"), invitation).refusal == (404, "not_found")
    assert accept(acme, world.person("Sam"), invitation, another).refusal == (404, "not_found")
    assert accept(acme, world.person("Eve", verified=False), invitation).refusal == (403, "email_not_verified")

    assert world.items() == before


def test_to_a_role_that_manages_people_only_the_verified_address_will_do(
    acme: Team, product: Product, world: World
) -> None:
    managing = ("roles:assign", "roles:customize", "invitations:manage", "members:remove")
    managers = [customize(acme, permission).body["id"] for permission in managing]

    for number, role in enumerate((product.powerful, *managers)):
        email = f"eve{number}@example.com"
        invitation = acme.invite(email, role)
        token = acme.token(invitation["id"])
        assert_refused(accept(acme, world.person("Sam"), invitation, token), "invited_address_only")
        unverified = world.person("Eve", verified=False, email=email)
        assert accept(acme, unverified, invitation, token).refusal == (403, "email_not_verified")
        assert accept(acme, world.person("Eve", email=email), invitation).body["roles"] == [role]


def test_an_unverified_address_is_never_stored_or_shown(acme: Team, product: Product, world: World) -> None:
    sam = world.person("Sam", verified=False, email="mask@example.com")
    invitation = acme.invite("eve@example.com", product.least)

    joined = accept(acme, sam, invitation, acme.token(invitation["id"]))
    own = Team.found(world, sam, "Sam's")
    me = sam.put("/me")

    assert joined.body["email"] == acme.member(sam)["email"] == "eve@example.com"
    assert me.body["email"] is own.member(sam)["email"] is None
    assert "mask@example.com" not in str(world.items())


def test_role_organization_and_address_come_from_the_stored_invitation(
    acme: Team, product: Product, eve: Caller
) -> None:
    other = Team.found(acme.world, eve, "Other")
    invitation = acme.invite(eve.email, product.least)
    address = acme.path("invitations", invitation["id"], "accept")

    assert eve.post(address, {"roles": [product.owner]}).refusal == (409, "conflict")
    for field, value in (("organization_id", other.id), ("email", "sam@example.com")):
        assert eve.post(address, {field: value}).fields == [field]
    assert accept(other, eve, invitation, acme.token(invitation["id"])).refusal == (404, "not_found")

    joined = accept(acme, eve, invitation)
    assert (joined.body["roles"], joined.body["email"]) == ([product.least], eve.email)


# ---- How long it lives -----------------------------------------------------------------------------------------------


def test_an_invitation_is_dead_at_the_instant_of_its_time_though_nothing_has_cleaned_it_up(
    acme: Team, product: Product, eve: Caller
) -> None:
    invitation = acme.invite(eve.email, product.least)
    token, ends = acme.token(invitation["id"]), datetime.fromisoformat(invitation["expires_at"])
    before = acme.world.items()

    with acme.world.at(ends):
        assert status(acme, invitation["id"]) == "expired"
        assert eve.get("/me/invitations").body["items"] == []
        for reply in (
            accept(acme, eve, invitation),
            decline(acme, eve, invitation),
            accept(acme, acme.world.person("Sam"), invitation, token),
            preview(acme, token),
        ):
            assert reply.refusal == (410, "invitation_expired")

    assert acme.world.items() == before
    with acme.world.at(ends - timedelta(seconds=10)):
        assert accept(acme, eve, invitation).status == 200


def test_resending_gives_a_new_life_and_kills_the_old_link(acme: Team, product: Product, world: World) -> None:
    invitation = acme.invite("eve@example.com", product.least)
    old, sam = acme.token(invitation["id"]), world.person("Sam")

    with world.later(days=8):
        again = resend(acme, invitation)
        assert (again.body["status"], again.body["sends"]) == ("pending", 2)
        life = datetime.fromisoformat(again.body["expires_at"]) - datetime.fromisoformat(again.body["sent_at"])
        assert life == product.life
        assert accept(acme, sam, invitation, old).refusal == (410, "link_replaced")
        assert preview(acme, old).refusal == (410, "link_replaced")
        assert accept(acme, sam, invitation, acme.token(invitation["id"])).status == 200


def test_a_cancelled_declined_used_or_replaced_link_never_works(acme: Team, product: Product, world: World) -> None:
    ends: dict[str, Callable[[dict[str, Any], str], Reply]] = {
        "cancelled": lambda invitation, _token: cancel(acme, invitation),
        "declined": lambda invitation, token: decline(acme, world.person("Guest"), invitation, token),
        "used": lambda invitation, token: accept(acme, world.person("Guest"), invitation, token),
        "replaced": lambda invitation, _token: resend(acme, invitation),
    }
    links = {}
    for how, end in ends.items():
        invitation = acme.invite(f"{how}@example.com", product.least)
        links[how] = invitation, acme.token(invitation["id"])
        assert end(*links[how]).status in {200, 204}, how
    before = world.items()

    for how, (invitation, token) in links.items():
        refusal = (410, "link_replaced") if how == "replaced" else (409, "not_pending")
        for reply in (
            accept(acme, world.person("Sam"), invitation, token),
            decline(acme, world.person("Sam"), invitation, token),
            preview(acme, token),
        ):
            assert reply.refusal == refusal, how
    assert world.items() == before


def test_an_invitation_is_void_once_who_sent_it_may_not_invite_to_that_role(
    acme: Team, product: Product, eve: Caller
) -> None:
    bea = acme.join(acme.world.person("Bea"), product.inviter)
    invitation = acme.invite(eve.email, product.least, by=bea)
    token = acme.token(invitation["id"])

    assert set_roles(acme, bea, product.other).status == 200

    assert status(acme, invitation["id"]) == "void"
    for reply in (accept(acme, eve, invitation), decline(acme, eve, invitation), preview(acme, token)):
        assert reply.refusal == (410, "invitation_void")


def test_who_resends_an_invitation_is_who_invites_from_then_on(acme: Team, product: Product, eve: Caller) -> None:
    bea, cat = (acme.join(acme.world.person(name), product.inviter) for name in ("Bea", "Cat"))
    invitation = acme.invite(eve.email, product.least, by=bea)
    assert resend(acme, invitation, by=cat).body["invited_by"]["user_id"] == cat.id

    assert remove(acme, bea).status == 204
    assert status(acme, invitation["id"]) == "pending"
    assert remove(acme, cat).status == 204
    assert status(acme, invitation["id"]) == "void"
    assert accept(acme, eve, invitation).refusal == (410, "invitation_void")

    assert resend(acme, invitation).status == 200
    assert accept(acme, eve, invitation).body["invited_by"]["user_id"] == acme.founder.id


def test_an_invitation_gets_other_roles_from_who_may_invite_to_the_old_and_to_the_new(
    acme: Team, product: Product, eve: Caller
) -> None:
    may = load(product.pack).roles[product.least].permissions | {"invitations:manage"}
    clerk = customize(acme, *sorted(may), over={"invites": [product.least]}).body["id"]
    cara = acme.join(acme.world.person("Cara"), clerk)
    invitation = acme.invite(eve.email, product.least)

    assert_refused(resend(acme, invitation, product.other, by=cara), "role_not_allowed", role=product.other)
    assert resend(acme, invitation, product.other).body["roles"] == [product.other]
    assert_refused(resend(acme, invitation, product.least, by=cara), "role_not_allowed", role=product.other)

    assert accept(acme, eve, invitation).body["roles"] == [product.other]


def test_an_invitation_is_void_if_its_sender_goes_while_it_is_accepted(
    acme: Team, product: Product, eve: Caller, wire: Wire
) -> None:
    bea = acme.join(acme.world.person("Bea"), product.inviter)
    invitation = acme.invite(eve.email, product.least, by=bea)

    def removed() -> None:
        assert remove(acme, bea).status == 204

    wire.before(TRANSACTION, removed)

    assert accept(acme, eve, invitation).refusal == (410, "invitation_void")
    assert eve.get(acme.path()).refusal == (404, "not_found")


def test_opening_a_link_changes_nothing(acme: Team, product: Product, mailer: Mailer) -> None:
    def answers(route: Route) -> bool:
        return route.path.endswith(("/accept", "/decline"))

    mailer.forget()
    invitation = acme.invite("eve@example.com", product.least)
    mailer.deliver()
    (link,) = mailer.only.links
    before = acme.world.items()

    opened = preview(acme, mailer.only.token)

    # What follows the # stays with the browser: whoever fetches the link fetches the app, and tells it no token.
    assert link == f"https://app.example.com/invitation#{mailer.only.token}"
    assert (opened.status, opened.body["organization_name"]) == (200, "Acme")
    assert acme.world.items() == before
    assert status(acme, invitation["id"]) == "pending"
    assert {route.method for route in STACKS[product.pack].routes if answers(route)} == {"POST"}
