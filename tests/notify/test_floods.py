"""What one address gets in a day is bounded, whoever sends it and through however many organizations."""

import hashlib

import pytest

from roster.clock import now
from roster.table.mails import MailCount
from tests.notify.mailer import Mailer, Record, change, delivery, switch, transfer
from tests.wire import Wire, drop, refuse
from tests.world import Caller, Team, World

VICTIM = "victim@example.com"


class Killed(BaseException):
    """The end of a run that nothing catches."""


def kill(*_: object) -> None:
    raise Killed


def tagged(number: int) -> str:
    return f"victim+{number}@example.com"


def flood(team: Team, mails: int, start: int = 0) -> list[str]:
    """Invite a victim so often, each time under another tag; return the invitations' ids."""
    return [team.invite(tagged(number), "viewer")["id"] for number in range(start, start + mails)]


def deliveries(team: Team, invitations: list[str]) -> list[str]:
    return [delivery(team, {"id": one}) for one in invitations]


def teams(world: World, number: int) -> list[Team]:
    """Organizations of as many people."""
    return [Team.found(world, world.person(f"Sender {n}"), f"Acme {n}") for n in range(number)]


# ---- Invitations -----------------------------------------------------------------------------------------------------


def test_one_person_who_sends_fifty_to_a_stranger_through_ten_organizations_reaches_them_five_times(
    world: World, mailer: Mailer
) -> None:
    ada = world.person("Ada")
    sent = [(team, flood(team, 5, start=5 * n)) for n in range(10) for team in [Team.found(world, ada, f"Acme {n}")]]

    assert mailer.deliver() == []

    assert len(mailer.sent) == 5
    told = [one for team, invitations in sent for one in deliveries(team, invitations)]
    assert told == ["sent"] * 5 + ["suppressed"] * 45
    with world.later(days=1):
        flood(sent[0][0], 6, start=50)
        assert mailer.deliver() == []
        assert len(mailer.sent) == 10


def test_twenty_invitations_reach_an_address_and_the_one_after_does_not_whoever_sends_it(
    world: World, mailer: Mailer
) -> None:
    for team in teams(world, 4):
        flood(team, 5)
    mailer.deliver()
    assert len(mailer.sent) == 20
    fifth = Team.found(world, world.person("Fifth"))
    one_more, others = fifth.invite(VICTIM, "viewer"), fifth.invite("somebody@example.com", "viewer")

    assert mailer.deliver() == []

    assert delivery(fifth, one_more) == "suppressed"
    assert delivery(fifth, others) == "sent"
    assert len(mailer.sent) == 21
    with world.later(days=1):
        again = fifth.founder.post(fifth.path("invitations", one_more["id"], "resend")).body
        assert mailer.deliver() == []
        assert delivery(fifth, again) == "sent"


@pytest.mark.parametrize("address", [VICTIM, "VICTIM@example.com", "victim+@example.com", "victim+a+b@EXAMPLE.com"])
def test_what_stands_between_the_plus_and_the_at_is_not_counted_apart(team: Team, mailer: Mailer, address: str) -> None:
    flood(team, 5)

    invitation = team.invite(address, "viewer")
    mailer.deliver()

    assert delivery(team, invitation) == "suppressed"


@pytest.mark.parametrize("address", ["victi@example.com", "victim@example.org", "vic.tim@example.com"])
def test_nothing_else_is_folded(team: Team, mailer: Mailer, address: str) -> None:
    flood(team, 5)

    invitation = team.invite(address, "viewer")
    mailer.deliver()

    assert delivery(team, invitation) == "sent"


def test_somebody_else_reaches_who_one_person_no_longer_reaches(team: Team, world: World, mailer: Mailer) -> None:
    bob = team.join(world.person("Bob"), "admin")
    mailer.forget()
    flood(team, 6)
    mailer.deliver()
    assert len(mailer.sent) == 5

    invitation = team.invite(VICTIM, "viewer", by=bob)
    mailer.deliver()

    assert delivery(team, invitation) == "sent"


def test_what_is_sent_again_counts_again(team: Team, mailer: Mailer) -> None:
    invitation = team.invite(VICTIM, "viewer")
    mailer.deliver()
    for _ in range(4):
        assert team.founder.post(team.path("invitations", invitation["id"], "resend")).status == 200
        mailer.deliver()
    assert len(mailer.sent) == 5

    other = team.invite(tagged(1), "viewer")
    mailer.deliver()

    assert delivery(team, other) == "suppressed"


def test_what_is_not_mailed_is_recorded_as_ever_and_can_be_accepted(team: Team, world: World, mailer: Mailer) -> None:
    flood(team, 5)
    victim = world.person("Victim")
    invitation = team.invite(VICTIM, "viewer")
    before = team.event_types()

    mailer.deliver()

    assert team.event_types() == before
    assert victim.get("/me/invitations").body["items"][0]["delivery"] == "suppressed"
    assert victim.post(team.path("invitations", invitation["id"], "accept")).status == 200


def test_what_was_suppressed_stays_so_however_late_its_record_comes_again(
    team: Team, world: World, mailer: Mailer, capsys: pytest.CaptureFixture[str]
) -> None:
    flood(team, 5)
    mailer.deliver()
    invitation = team.invite(VICTIM, "viewer")
    record = mailer.records()[-1]
    capsys.readouterr()

    assert mailer.deliver(record) == []
    assert '"outcome":"suppressed"' in capsys.readouterr().out
    with world.later(days=1):
        assert mailer.deliver(record) == []

    assert '"outcome":"suppressed"' not in capsys.readouterr().out
    assert len(mailer.sent) == 5
    assert delivery(team, invitation) == "suppressed"


# ---- About one organization ------------------------------------------------------------------------------------------


def test_forty_switchings_are_five_mails_to_each_owner(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    for number in range(40):
        switch(team, on=bool(number % 2))

    assert mailer.deliver() == []

    assert {address: len(told) for address, told in mailer.told_all().items()} == {
        people["Ada"].email: 5,
        people["owner"].email: 5,
    }


def test_sixty_changes_of_roles_are_five_mails_of_each_kind(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    for _ in range(20):
        for role in ("issuer", "owner", "viewer"):
            # Nobody takes an owner's role away but they themselves.
            change(team, people["viewer"], role, by=people["viewer"] if role == "viewer" else None)

    assert mailer.deliver() == []

    told = mailer.told(people["viewer"].email)
    assert sorted(set(told), key=told.index) == ["Ada changed your role in Acme", "Ada made you an owner of Acme"]
    assert [told.count(subject) for subject in sorted(set(told), key=told.index)] == [5, 5]


def test_twenty_transfers_are_five_mails_of_each_kind(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    ada, admin = people["Ada"], people["admin"]
    for number in range(20):
        transfer(team, *((ada, admin) if number % 2 == 0 else (admin, ada)))

    assert mailer.deliver() == []

    assert {address: len(told) for address, told in mailer.told_all().items()} == {ada.email: 10, admin.email: 10}
    with team.world.later(days=1):
        transfer(team, ada, admin)
        assert mailer.deliver() == []
        assert len(mailer.sent) == 22


def left(team: Team, mailer: Mailer, number: int) -> list[Record]:
    """The records of so many owners who left."""
    return [mailer.happened(team, "member.left", f"u{n}", ("member", f"u{n}"), roles=["owner"]) for n in range(number)]


def test_of_others_doings_an_owner_is_mailed_twenty_times(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    assert mailer.deliver(*left(team, mailer, 20)) == []
    assert len(mailer.told(people["Ada"].email)) == 20

    assert mailer.deliver(*left(team, mailer, 5)) == []

    assert len(mailer.told(people["Ada"].email)) == len(mailer.told(people["owner"].email)) == 20


def test_answers_to_invitations_are_others_doings_too(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    mailer.deliver(*left(team, mailer, 18))
    for name, how in (("Grace", "accept"), ("Hedy", "decline"), ("Joan", "decline")):
        guest = team.world.person(name)
        invitation = team.invite(guest.email, "viewer")
        assert guest.post(team.path("invitations", invitation["id"], how)).status < 300

    assert mailer.deliver() == []

    told = mailer.told(people["Ada"].email)
    assert len(told) == 20
    assert len([subject for subject in told if "your invitation" in subject]) == 2


def test_beside_others_doings_each_kind_that_concerns_oneself_has_its_own_five(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    mailer.deliver(*left(team, mailer, 25))
    mailer.forget()
    for number in range(6):
        switch(team, on=bool(number % 2))
    assert mailer.deliver() == []  # while she owns it
    transfer(team, people["Ada"], people["admin"])
    transfer(team, people["admin"], people["Ada"])

    assert mailer.deliver() == []

    told = mailer.told(people["Ada"].email)
    assert len(told) == 7
    assert len([subject for subject in told if "mail of Acme" in subject]) == 5


def test_each_organization_has_its_own_and_invitations_have_theirs(
    team: Team, mailer: Mailer, people: dict[str, Caller], world: World
) -> None:
    other = Team.found(world, team.founder, "Other")
    for one in (team, other):
        for number in range(6):
            switch(one, on=bool(number % 2))
    third = Team.found(world, world.person("Kim"), "Third")
    invitation = third.invite(team.founder.email, "viewer")

    assert mailer.deliver() == []

    assert len(mailer.told(team.founder.email)) == 11
    assert delivery(third, invitation) == "sent"


# ---- Each mail counts once -------------------------------------------------------------------------------------------


def reaches(team: Team, mailer: Mailer) -> int:
    """How many more of six mails reach the victim today."""
    before = len(mailer.sent)
    flood(team, 6, start=100)
    mailer.deliver()
    return len(mailer.sent) - before


def test_a_record_that_is_delivered_again_counts_once(team: Team, mailer: Mailer) -> None:
    team.invite(VICTIM, "viewer")
    record = mailer.records()[-1]

    for _ in range(7):
        assert mailer.deliver(record) == []

    assert reaches(team, mailer) == 4


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("call", ["BatchGetItem", "GenerateMac", "TransactWriteItems", "SendEmail", "UpdateItem"])
def test_killed_at_any_call_and_delivered_again_it_counts_once(
    team: Team, mailer: Mailer, wire: Wire, call: str, side: str
) -> None:
    team.invite(VICTIM, "viewer")
    record = mailer.records()[-1]
    getattr(wire, side)(call, kill)
    with pytest.raises(Killed):
        mailer.deliver(record)

    with team.world.later(minutes=6):
        assert mailer.deliver(record) == []

        assert reaches(team, mailer) == 4


@pytest.mark.parametrize("call", ["TransactWriteItems", "SendEmail"])
def test_a_lost_reply_counts_once(team: Team, mailer: Mailer, wire: Wire, call: str) -> None:
    team.invite(VICTIM, "viewer")
    record = mailer.records()[-1]
    wire.after(call, drop)
    mailer.deliver(record)

    with team.world.later(minutes=6):
        assert mailer.deliver(record) == []

        assert reaches(team, mailer) == 4


def test_what_ses_takes_at_the_third_try_counts_once(team: Team, mailer: Mailer, wire: Wire) -> None:
    team.invite(VICTIM, "viewer")
    record = mailer.records()[-1]
    wire.before("SendEmail", *[refuse("TooManyRequestsException")] * 2)

    assert [len(mailer.deliver(record)) for _ in range(3)] == [1, 1, 0]

    assert reaches(team, mailer) == 4


def test_what_was_counted_yesterday_and_is_sent_today_counts_for_yesterday(
    team: Team, mailer: Mailer, wire: Wire
) -> None:
    team.invite(VICTIM, "viewer")
    record = mailer.records()[-1]
    wire.before("SendEmail", refuse("TooManyRequestsException"))
    mailer.deliver(record)

    with team.world.later(days=1):
        assert mailer.deliver(record) == []

        assert reaches(team, mailer) == 5


def test_two_at_once_do_not_both_take_the_last_one(team: Team, mailer: Mailer, wire: Wire) -> None:
    flood(team, 4)
    mailer.deliver()
    flood(team, 2, start=4)
    first, second = mailer.records()[-2:]
    wire.before("TransactWriteItems", lambda: mailer.deliver(second).clear())

    assert mailer.deliver(first) == []

    assert len(mailer.sent) == 5
    assert mailer.latest.envelope == {tagged(5)}


@pytest.mark.parametrize("fault", ["TransactionConflict", "ThrottlingError"])
def test_a_claim_that_meets_another_is_tried_again(team: Team, mailer: Mailer, wire: Wire, fault: str) -> None:
    team.invite(VICTIM, "viewer")
    wire.before("TransactWriteItems", refuse("TransactionCanceledException", fault, "None", "None"))

    assert mailer.deliver() == []

    assert reaches(team, mailer) == 4


# ---- What is kept ----------------------------------------------------------------------------------------------------


def test_what_is_counted_names_nobody_and_goes_in_two_days(team: Team, world: World, mailer: Mailer) -> None:
    team.invite(VICTIM, "viewer")
    mailer.deliver()

    kept = [item for item in world.items() if item["pk"]["S"].startswith("MAILS#")]

    assert len(kept) == 2
    for item in kept:
        assert item.keys() == {"pk", "sk", "kind", "mails", "ttl"}
        for word in ("victim", hashlib.sha256(VICTIM.encode()).hexdigest(), team.founder.id):
            assert word not in str(item)
        assert 0 < int(item["ttl"]["N"]) - now().timestamp() <= 2 * 24 * 3600
    assert {int(item.mails) for item in MailCount.scan(MailCount.kind == MailCount)} == {1}
