"""What holds for links to copy in every product: who is given one, what it proves, and when it is dead."""

from roster.links import Purpose
from tests.rules.asking import accept, assert_refused, cancel, copy_link, invite, preview, resend
from tests.rules.products import Product
from tests.world import Caller, Team, World


def unverified(person: Caller) -> Caller:
    """The same person, whose token does not say that their address is verified."""
    return Caller(person.world, person.claims | {"email_verified": "false"})


def test_a_link_to_an_open_invitation_can_be_copied_by_who_may_invite_to_its_role(
    acme: Team, product: Product, world: World
) -> None:
    inviter, other = acme.join(world.person("Bea"), product.inviter), acme.join(world.person("Cat"), product.other)
    invitation = acme.invite("eve@example.com", product.least)
    before = len(acme.event_types())

    assert copy_link(acme, invitation, by=other).refusal == (403, "forbidden")
    assert copy_link(acme, invitation, by=unverified(inviter)).refusal == (403, "email_not_verified")
    assert copy_link(acme, invitation, by=inviter).status == 200
    assert acme.event_types()[before:] == ["invitation.link_copied"]

    assert cancel(acme, invitation).status == 204
    assert copy_link(acme, invitation, by=inviter).refusal == (409, "not_pending")


def test_who_joins_by_a_copied_link_joins_by_their_own_verified_address_or_by_none(
    acme: Team, product: Product, world: World
) -> None:
    for number, (address, verified, email) in enumerate(
        [
            ("sam@example.com", True, "sam@example.com"),
            ("max@example.com", False, None),
            ("invited2@example.com", False, None),
            ("invited3@example.com", True, "invited3@example.com"),
        ]
    ):
        invitation = acme.invite(f"invited{number}@example.com", product.least)
        person = world.person(f"Person {number}", verified=verified, email=address)

        assert accept(acme, person, invitation, acme.copied(invitation["id"])).body["email"] == email
        again = invite(acme, f"invited{number}@example.com", product.least)
        assert again.status == (409 if email == f"invited{number}@example.com" else 201)
    assert invite(acme, "sam@example.com", product.least).refusal == (409, "already_member")


def test_a_copied_link_to_a_role_that_manages_people_is_not_enough(acme: Team, product: Product, world: World) -> None:
    invitation = acme.invite("eve@example.com", product.inviter)
    token = acme.copied(invitation["id"])

    assert_refused(accept(acme, world.person("Sam"), invitation, token), "invited_address_only")
    assert accept(acme, unverified(world.person("Eve")), invitation, token).refusal == (403, "email_not_verified")
    assert accept(acme, world.person("Eve"), invitation, token).status == 200


def test_a_copied_link_dies_with_the_mailed_one(acme: Team, product: Product, world: World) -> None:
    invitation = acme.invite("eve@example.com", product.least)
    old = acme.copied(invitation["id"])
    assert resend(acme, invitation).status == 200

    assert accept(acme, world.person("Sam"), invitation, old).refusal == (410, "link_replaced")
    assert preview(acme, old).refusal == (410, "link_replaced")
    assert cancel(acme, invitation).status == 204
    assert preview(acme, acme.token(invitation["id"], Purpose.COPIED)).refusal == (409, "not_pending")
