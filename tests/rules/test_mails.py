"""What holds for mails in every product: who is told of what, who is not, and who can switch it off."""

from roster.policy.pack import load
from tests.counts import today
from tests.deployment import PARAMETERS
from tests.notify.mailer import Mailer
from tests.notify.test_feedback import tell
from tests.rules.asking import (
    accept,
    assert_refused,
    cancel,
    customize,
    invite,
    leave,
    remove,
    resend,
    set_roles,
    transfer,
)
from tests.rules.plans import noon
from tests.rules.products import CERTIFICATES, CREDENTIALS, Product, of
from tests.world import Caller, Team, World


def told_of(mailer: Mailer) -> dict[str, list[str]]:
    """The subjects that everybody is mailed for what has happened, of which each record is delivered twice."""
    records = mailer.records()
    assert mailer.deliver(*records, *records) == []
    return mailer.told_all()


def test_who_is_invited_gets_the_link_with_an_account_or_without_one(
    acme: Team, product: Product, world: World, mailer: Mailer
) -> None:
    eve, fay = world.person("Eve"), world.person("Fay")
    eve.put("/me")
    mailer.forget()
    invitations = [acme.invite(guest.email, product.least) for guest in (eve, fay)]

    assert mailer.deliver() == []

    for guest, invitation, mail in zip((eve, fay), invitations, mailer.sent, strict=True):
        assert mail.envelope == {guest.email}
        assert mail.message["Subject"] == "Ada invited you to Acme"
        assert mail.token in mail.text
        assert accept(acme, guest, invitation, mail.token).status == 200


def test_an_address_is_sent_five_invitations_of_an_organization_in_a_day(
    acme: Team, product: Product, world: World
) -> None:
    with noon(world):
        for _ in range(4):
            assert cancel(acme, acme.invite("eve@example.com", product.least)).status == 204
        invitation = acme.invite("eve@example.com", product.least)

        refused = resend(acme, invitation)

        assert (refused.refusal, refused.body["limit"]) == ((429, "too_many_requests"), "invitations_per_address")
        with world.later(days=1):
            assert resend(acme, invitation).status == 200


def test_one_person_sends_no_more_in_a_day_than_a_plan_allows_through_however_many_organizations(
    acme: Team, product: Product, world: World
) -> None:
    other = Team.found(world, acme.founder, "Other")
    other.plan("enterprise")
    with noon(world):
        maximum = load(product.pack).plans["enterprise"].invitations_per_day
        today(acme.founder, {"sent on enterprise": maximum - 2})
        for one in (acme, other):
            one.invite("eve@example.com", product.least)

        for one in (acme, other):
            refused = invite(one, "fay@example.com", product.least)
            assert (refused.refusal, refused.body["limit"]) == ((429, "too_many_requests"), "invitations_per_person")
        with world.later(days=1):
            other.invite("fay@example.com", product.least)


def test_what_came_back_stops_who_sent_it_in_all_of_theirs_on_the_first_plan(
    acme: Team, product: Product, world: World
) -> None:
    new = Team.found(world, acme.founder, "New")
    with noon(world):
        for guest in ("eve", "fay"):
            invitation = acme.invite(f"{guest}@example.com", product.least)
            assert tell(acme, invitation, "complained") == "complained"
        for plan in product.plans[1:]:
            new.plan(plan)
            new.invite(f"gus-{plan}@example.com", product.least)
        new.plan(product.plans[0])

        refused = invite(new, "ida@example.com", product.least)

        # Where the first plan is for one person alone, there is no room to begin with.
        expected = "members" if product is CERTIFICATES else "complaints"
        assert (refused.status, refused.body["limit"]) == (409 if product is CERTIFICATES else 429, expected)


def test_one_person_reaches_an_address_five_times_in_a_day_whatever_stands_behind_the_plus(
    acme: Team, product: Product, world: World, mailer: Mailer
) -> None:
    other = Team.found(world, acme.founder, "Other")
    other.plan("enterprise")
    with noon(world):
        for one in (acme, other):
            for number in range(3):
                one.invite(f"eve+{number}@example.com", product.least)

        assert sum(map(len, told_of(mailer).values())) == 5
        with world.later(days=1):
            acme.invite("eve@example.com", product.least)
            assert sum(map(len, told_of(mailer).values())) == 6


def test_each_kind_of_mail_about_an_organization_reaches_somebody_five_times_in_a_day(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer, world: World
) -> None:
    bob = people[product.least]
    mailer.forget()
    with noon(world):
        for number in range(8):
            assert set_roles(acme, bob, product.least if number % 2 else product.other).status == 200
        assert remove(acme, bob).status == 204
        acme.join(bob, product.least)
        for number in range(8):
            assert set_roles(acme, bob, product.least if number % 2 else product.other).status == 200

        told = told_of(mailer)[bob.email]

        assert told.count("Ada changed your role in Acme") == 5


def test_whose_roles_somebody_changed_is_told(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    mailer.forget()
    bob = people[product.least]

    assert set_roles(acme, bob, product.other).status == 200

    assert told_of(mailer) == {bob.email: ["Ada changed your role in Acme"]}


@of(CREDENTIALS, CERTIFICATES)
def test_who_is_made_an_owner_is_told_of_that(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    mailer.forget()
    bob = people[product.least]

    assert set_roles(acme, bob, product.owner).status == 200

    assert told_of(mailer) == {bob.email: ["Ada made you an owner of Acme"]}


def test_who_is_removed_by_somebody_else_is_told(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    mailer.forget()
    bob = people[product.least]

    assert remove(acme, bob, by=people[product.inviter]).status == 204

    assert told_of(mailer) == {bob.email: [f"{product.inviter} removed you from Acme"]}


@of(CREDENTIALS, CERTIFICATES)
def test_the_owners_who_remain_are_told_that_an_owner_left(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    bob = people[product.least]
    assert set_roles(acme, bob, product.owner).status == 200
    mailer.forget()

    assert leave(acme, people[product.owner]).status == 204

    subject = f"{product.owner}, an owner of Acme, has left"
    assert told_of(mailer) == {acme.founder.email: [subject], bob.email: [subject]}


def test_both_are_told_that_the_ownership_was_transferred(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    mailer.forget()
    bob = people[product.least]

    assert transfer(acme, bob).status == 200

    assert told_of(mailer) == {
        bob.email: ["Ada transferred Acme to you"],
        acme.founder.email: [f"You transferred Acme to {product.least}"],
    }


def test_who_sent_an_invitation_is_told_that_it_was_accepted_or_declined(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    eve, fay = acme.world.person("Eve"), acme.world.person("Fay")
    fay.put("/me")
    invitations = [acme.invite(guest.email, product.least, by=people[product.inviter]) for guest in (eve, fay)]
    mailer.forget()

    assert accept(acme, eve, invitations[0]).status == 200
    assert fay.post(acme.path("invitations", invitations[1]["id"], "decline")).status == 204

    accepted, declined = "Eve accepted your invitation to Acme", "Fay declined your invitation to Acme"
    assert told_of(mailer) == {people[product.inviter].email: [accepted, declined]}


@of(CREDENTIALS, CERTIFICATES)
def test_the_other_owners_are_told_that_the_organization_was_deleted(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    mailer.forget()

    assert acme.founder.delete(acme.path()).status == 204

    assert told_of(mailer) == {people[product.owner].email: ["Ada deleted Acme"]}


def test_a_person_switches_off_what_tells_them_of_others_doings_and_nothing_else(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    ada, eve = acme.founder, acme.world.person("Eve")
    mailer.forget()
    assert ada.patch("/me", {"email_notifications": False}).status == 200

    assert accept(acme, eve, acme.invite(eve.email, product.least)).status == 200
    assert ada.email not in told_of(mailer)
    assert transfer(acme, people[product.least]).status == 200

    assert told_of(mailer)[ada.email] == [f"You transferred Acme to {product.least}"]


def test_nobody_is_told_of_what_they_did_themselves(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    invitation = acme.invite("eve@example.com", product.least)
    mailer.forget()
    eve, changer = acme.world.person("Eve"), people[product.powerful]

    assert accept(acme, eve, invitation).status == 200
    assert leave(acme, eve).status == 204
    assert set_roles(acme, changer, product.least, by=changer).status == 200

    assert told_of(mailer) == {}


def test_mails_come_from_the_platforms_address(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    mailer.forget()
    acme.invite("eve@example.com", product.least)
    assert mailer.deliver() == []
    assert set_roles(acme, people[product.least], product.other).status == 200
    assert remove(acme, people[product.other]).status == 204
    assert transfer(acme, people[product.least]).status == 200

    assert mailer.deliver() == []

    assert len(mailer.sent) == 5
    assert {mail.message["From"].addresses[0].addr_spec for mail in mailer.sent} == {PARAMETERS["MailFrom"]}


def test_an_owner_switches_all_mail_off_which_the_owners_are_told_and_everything_is_recorded(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    owners = [acme.founder, *(person for role, person in people.items() if role == product.owner)]
    mailer.forget()
    off = {"email_notifications": False}
    for role in {*people} - {product.owner}:
        assert_refused(people[role].patch(acme.path(), off), "permission_missing")

    assert acme.founder.patch(acme.path(), off).status == 200

    told = told_of(mailer)
    assert told.keys() == {owner.email for owner in owners}
    assert all("switched the mail of Acme off" in subject for (subject,) in told.values())
    mailer.forget()
    invitation = acme.invite("eve@example.com", product.least)
    assert invitation["delivery"] == "suppressed"
    assert set_roles(acme, people[product.least], product.other).status == 200
    assert remove(acme, people[product.least]).status == 204
    assert transfer(acme, people[product.other]).status == 200
    assert told_of(mailer) == {}
    assert acme.event_types()[-5:] == [
        "organization.updated",
        "invitation.sent",
        "member.roles_changed",
        "member.removed",
        "organization.ownership_transferred",
    ]


def test_mails_are_sent_from_the_events_alone(
    acme: Team, product: Product, people: dict[str, Caller], mailer: Mailer
) -> None:
    mailer.forget()
    assert set_roles(acme, people[product.least], product.other).status == 200
    assert set_roles(acme, people[product.least], "king").status == 422
    assert remove(acme, people[product.other]).status == 204
    assert customize(acme, "crowns:wear").status == 422
    *_, changed, removed = acme.world.events(acme.id)

    assert mailer.deliver() == []

    assert [mail.message["X-Entity-Ref-ID"] for mail in mailer.sent] == [changed.id, removed.id]
