"""The other owners are told that their organization is deleted, though it does not exist any more."""

import pytest

from roster.mail.plain import plain
from roster.table.items import User
from tests.notify.mailer import Mailer, change, seen, switch
from tests.wire import Wire, refuse
from tests.world import Caller, Team, World

DELETED = "Ada deleted Acme"


def delete(team: Team) -> None:
    assert team.founder.delete(team.path()).status == 204


def sweep(world: World) -> int:
    return int(world.invoke("cleanup/expire", {})["purged"])


def test_the_other_owners_are_told_and_nobody_else(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    change(team, people["viewer"], "owner")
    mailer.forget()
    delete(team)

    assert mailer.deliver() == []
    assert mailer.deliver() == []

    assert mailer.told_all() == {people[name].email: [DELETED] for name in ("owner", "viewer")}
    text = seen(mailer.latest.text)
    assert f"Ada ({plain('ada@example.com')}) deleted Acme on Badges." in text
    assert mailer.latest.links == ["https://app.example.com"]


def test_who_owned_it_alone_is_told_nothing(team: Team, mailer: Mailer) -> None:
    team.join(team.world.person("Bob"), "admin")
    mailer.forget()
    delete(team)

    assert mailer.deliver() == []

    assert mailer.sent == []


def test_a_mail_that_comes_late_still_finds_the_owners_and_the_name(
    team: Team, mailer: Mailer, people: dict[str, Caller], wire: Wire
) -> None:
    delete(team)
    (record,) = mailer.records()
    wire.before("SendEmail", refuse("TooManyRequestsException"))
    assert len(mailer.deliver(record)) == 1

    with team.world.later(hours=1, minutes=5):  # Lambda gives a record up after an hour
        assert sweep(team.world) == 0
        assert mailer.deliver(record) == []

    assert mailer.told_all() == {people["owner"].email: [DELETED]}


def test_what_is_purged_is_told_to_nobody_any_more(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    delete(team)

    with team.world.later(hours=2):
        assert sweep(team.world) > 0
        assert mailer.deliver() == []

    assert mailer.sent == []


def test_who_has_been_erased_since_is_told_nothing_and_did_it_as_a_former_user(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    change(team, people["viewer"], "owner")
    mailer.forget()
    delete(team)
    for name in ("owner", "Ada"):
        assert team.world.machine("roster/users").delete(f"/users/{people[name].id}").status == 204

    assert mailer.deliver() == []

    assert mailer.told_all() == {people["viewer"].email: ["A former user deleted Acme"]}


def test_what_erasing_deletes_is_told_to_nobody(team: Team, mailer: Mailer, wire: Wire) -> None:
    assert team.world.machine("roster/users").delete(f"/users/{team.founder.id}").status == 204
    assert team.event_types()[-1] == "organization.deleted"
    (*_, record) = mailer.records()
    wire.clear()

    assert mailer.deliver(record) == []

    assert not wire.calls


def test_an_organization_whose_mail_is_off_is_deleted_without_one(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    switch(team, on=False)
    mailer.forget()
    delete(team)

    assert mailer.deliver() == []

    assert mailer.sent == []


def test_who_stepped_down_before_is_not_told(team: Team, mailer: Mailer, people: dict[str, Caller]) -> None:
    change(team, people["owner"], "admin", by=people["owner"])
    mailer.forget()
    delete(team)

    assert mailer.deliver() == []

    assert mailer.sent == []


def test_who_has_no_verified_address_is_told_at_the_one_that_they_joined_by(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    User.get(*User.key(people["owner"].id)).update([User.email.remove()])
    delete(team)

    assert mailer.deliver() == []

    assert mailer.told_all() == {people["owner"].email: [DELETED]}


def test_nobody_sees_the_name_that_is_kept_for_the_mail(
    team: Team, mailer: Mailer, people: dict[str, Caller], world: World
) -> None:
    invitation = team.invite("grace@example.com", "viewer")
    token = team.token(invitation["id"])
    delete(team)

    machine, grace = world.machine("roster/read"), world.person("Grace")
    replies = [
        people["owner"].get(team.path()),
        people["owner"].get("/me/organizations"),
        people["owner"].get(team.path("activity")),
        people["owner"].put("/me"),
        machine.get(team.path()),
        machine.get(team.path("activity")),
        grace.get("/me/invitations"),
        grace.post(team.path("invitations", invitation["id"], "accept"), {"token": token}),
        world.call("POST", "/invitations/preview", body={"token": token}),
    ]

    assert not any("Acme" in reply.text for reply in replies)


@pytest.mark.parametrize("owners", [2, 4])
def test_it_costs_a_query_and_a_read_for_all_and_two_writes_for_each(
    team: Team, mailer: Mailer, people: dict[str, Caller], wire: Wire, owners: int
) -> None:
    for name in ("viewer", "admin")[: owners - 2]:
        change(team, people[name], "owner")
    delete(team)
    (*_, record) = mailer.records()

    with wire.counted() as calls:
        mailer.deliver(record)

    each = owners - 1
    assert calls == {"Query": 1, "BatchGetItem": 1, "TransactWriteItems": each, "SendEmail": each, "UpdateItem": each}
