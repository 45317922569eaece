"""Mails about somebody who was moved to another user id before the mail was made."""

import pytest

from tests.notify.mailer import Mailer, change, remove, switch, transfer
from tests.world import Caller, Reply, Team, World


@pytest.fixture
def machine(world: World) -> Caller:
    return world.machine("roster/move")


def move(machine: Caller, old: str, new: str = "new-id") -> Reply:
    return machine.post(f"/users/{old}/move", {"to": new})


def test_who_is_removed_and_moved_before_the_mail_is_told(
    team: Team, mailer: Mailer, people: dict[str, Caller], machine: Caller
) -> None:
    remove(team, people["viewer"])
    move(machine, people["viewer"].id)

    assert mailer.deliver() == []

    assert mailer.told_all() == {people["viewer"].email: ["Ada removed you from Acme"]}


def test_both_who_are_moved_right_after_a_transfer_are_told(
    team: Team, mailer: Mailer, people: dict[str, Caller], machine: Caller
) -> None:
    transfer(team, team.founder, people["admin"])
    for person in (team.founder, people["admin"]):
        move(machine, person.id, f"new-{person.id}")

    assert mailer.deliver() == []

    assert mailer.told_all().keys() == {team.founder.email, people["admin"].email}


def test_owners_who_are_moved_before_the_mail_are_told_that_mail_is_off(
    team: Team, mailer: Mailer, machine: Caller
) -> None:
    switch(team, on=False)
    move(machine, team.founder.id)

    assert mailer.deliver() == []

    assert mailer.told_all().keys() == {team.founder.email}


def test_somebody_whose_role_was_changed_by_who_was_moved_reads_their_name(
    team: Team, mailer: Mailer, people: dict[str, Caller], machine: Caller
) -> None:
    change(team, people["viewer"], "issuer")
    move(machine, team.founder.id)

    assert mailer.deliver() == []

    assert mailer.told_all() == {people["viewer"].email: ["Ada changed your role in Acme"]}


def test_who_has_another_user_id_by_now_is_told_and_named_under_it(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    ada, viewer = team.founder, people["viewer"]
    change(team, viewer, "issuer")
    moves = team.world.machine("roster/move")
    for person in (ada, viewer):
        assert moves.post(f"/users/{person.id}/move", {"to": f"new-{person.id}"}).status == 204

    assert mailer.deliver() == []

    assert mailer.told_all() == {viewer.email: ["Ada changed your role in Acme"]}


def test_who_invited_and_has_another_user_id_since_is_told_nothing_of_what_is_void(
    team: Team, mailer: Mailer, people: dict[str, Caller]
) -> None:
    team.invite("zoe@example.com", "viewer", by=people["admin"])
    moves = team.world.machine("roster/move")
    assert moves.post(f"/users/{people['admin'].id}/move", {"to": "new-id"}).status == 204

    assert mailer.deliver() == []

    assert mailer.told_all() == {}
