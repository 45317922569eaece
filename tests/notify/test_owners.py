"""What an organization's owners are told: of one who left, of a transfer, of the switch."""

from roster.table.items import Member, Organization, User
from tests.notify.mailer import Mailer, change, leave, seen, switch, transfer
from tests.wire import Wire, refuse
from tests.world import Caller, Team

SEND = "SendEmail"


def test_the_owners_who_remain_are_told_that_one_has_left(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    change(team, people["admin"], "owner")
    mailer.forget()
    leave(team, people["owner"])

    assert mailer.deliver() == []

    subject = "owner, an owner of Acme, has left"
    assert mailer.told_all() == {"ada@example.com": [subject], people["admin"].email: [subject]}
    assert "It has 2 owners now" in seen(mailer.latest.text)


def test_the_only_owner_who_remains_is_told_what_that_means(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    leave(team, people["owner"])

    assert mailer.deliver() == []

    assert "You are its only owner now" in seen(mailer.only.text)


def test_who_owns_by_the_index_alone_is_not_told(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    leave(team, people["owner"])
    # The index lags: it still has somebody who has been demoted.
    Member.get(*Member.key(team.id, people["admin"].id)).update(
        [Member.gsi2pk.set(f"OWNERS#{team.id}"), Member.gsi2sk.set(people["admin"].id)]
    )

    assert mailer.deliver() == []

    assert mailer.told_all().keys() == {"ada@example.com"}


def test_who_has_become_an_owner_since_is_not_told(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    switch(team, on=False)
    (record,) = mailer.records()
    change(team, people["admin"], "owner")

    assert mailer.deliver(record) == []

    assert mailer.told_all().keys() == {"ada@example.com", people["owner"].email}


def test_both_are_told_of_a_transfer(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    transfer(team, people["Ada"], people["admin"])

    assert mailer.deliver() == []

    assert mailer.told_all() == {
        "ada@example.com": ["You transferred Acme to admin"],
        people["admin"].email: ["Ada transferred Acme to you"],
    }
    received, handed_over = (seen(mail.text) for mail in mailer.sent)
    assert "You are now: - Owner: " in received
    assert "You are now: - Admin: " in handed_over


def test_all_owners_are_told_of_the_switch_the_one_who_did_it_too(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    switch(team, on=False)
    assert mailer.deliver() == []
    switch(team, on=True)
    assert mailer.deliver() == []

    assert mailer.told_all() == {
        "ada@example.com": ["You switched the mail of Acme off", "You switched the mail of Acme on"],
        people["owner"].email: ["Ada switched the mail of Acme off", "Ada switched the mail of Acme on"],
    }


def test_what_a_machine_transferred_the_product_did(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    moved = {"user_id": people["admin"].id, "from": people["Ada"].id}
    assert team.world.machine("roster/support").post(team.path("transfer"), moved).status == 200

    assert mailer.deliver() == []

    assert mailer.told("ada@example.com") == ["Badges transferred Acme to admin"]
    assert mailer.told(people["admin"].email) == ["Badges transferred Acme to you"]
    assert "until now, Ada owned it" in seen(mailer.sent[0].text)


def test_one_owner_whose_mail_fails_keeps_no_other_from_theirs_and_nobody_is_told_twice(
    team: Team, mailer: Mailer, people: dict[str, Caller], wire: Wire
) -> None:
    change(team, people["admin"], "owner")
    mailer.forget()
    switch(team, on=False)
    (*_, record) = mailer.records()
    wire.before(SEND, refuse("TooManyRequestsException"))

    assert mailer.deliver(record) == [record["dynamodb"]["SequenceNumber"]]
    assert len(mailer.sent) == 2
    assert mailer.deliver(record) == []

    assert mailer.told_all().keys() == {people[name].email for name in ("Ada", "owner", "admin")}
    assert len(mailer.sent) == 3


def test_the_mail_of_an_organization_with_many_owners_reaches_each(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    owner = Member.get(*Member.key(team.id, people["owner"].id))
    for number in range(20):
        owner.pk, owner.sk = Member.key(team.id, f"o{number}")
        owner.gsi2sk = f"o{number}"
        owner.save()
        User(*User.key(f"o{number}"), email=f"o{number}@example.com").save()
    Organization.get(*Organization.key(team.id)).update([Organization.owners.set(22)])
    leave(team, people["owner"])

    assert mailer.deliver() == []

    assert len(mailer.told_all()) == len(mailer.sent) == 21
