"""Who wants no mail of others' doings gets none, and all that concerns themselves."""

import pytest

from tests.notify.mailer import Mailer, change, leave, remove, switch, transfer
from tests.world import Caller, Team


def prefer(person: Caller, *, mail: bool) -> None:
    assert person.patch("/me", {"email_notifications": mail}).status == 200


@pytest.fixture
def ada(team: Team, people: dict[str, Caller]) -> Caller:
    """An owner who wants no mail of others' doings."""
    prefer(team.founder, mail=False)
    return people["Ada"]


def answer(team: Team, how: str) -> None:
    grace = team.world.person("Grace")
    grace.put("/me")
    invitation = team.invite(grace.email, "viewer")
    assert grace.post(team.path("invitations", invitation["id"], how)).status < 300


@pytest.mark.parametrize("how", ["accept", "decline"])
def test_they_are_not_told_that_an_invitation_was_answered(team: Team, mailer: Mailer, ada: Caller, how: str) -> None:
    answer(team, how)

    assert mailer.deliver() == []

    assert mailer.told(ada.email) == []


def test_they_are_not_told_that_an_owner_left_and_the_others_are(
    team: Team, mailer: Mailer, people: dict[str, Caller], ada: Caller
) -> None:
    change(team, people["admin"], "owner")
    mailer.forget()
    leave(team, people["owner"])

    assert mailer.deliver() == []

    assert mailer.told_all() == {people["admin"].email: ["owner, an owner of Acme, has left"]}


def test_it_is_read_when_the_mail_is_made_and_can_be_taken_back(team: Team, mailer: Mailer, ada: Caller) -> None:
    answer(team, "decline")
    prefer(ada, mail=True)

    assert mailer.deliver() == []

    assert mailer.told(ada.email) == ["Grace declined your invitation to Acme"]


def test_what_concerns_themselves_comes_all_the_same(
    team: Team, mailer: Mailer, people: dict[str, Caller], ada: Caller
) -> None:
    viewer, admin = people["viewer"], people["admin"]
    for person in (viewer, admin):
        prefer(person, mail=False)
    for on in (False, True):
        switch(team, on=on)
        assert mailer.deliver() == []
    change(team, viewer, "issuer")
    transfer(team, ada, admin)
    assert mailer.deliver() == []
    change(team, ada, "owner", by=admin)
    change(team, viewer, "owner")
    assert mailer.deliver() == []
    remove(team, team.join(team.world.person("Bob"), "viewer"))
    assert admin.delete(team.path()).status == 204

    assert mailer.deliver() == []

    assert mailer.told(ada.email) == [
        "You switched the mail of Acme off",
        "You switched the mail of Acme on",
        "You transferred Acme to admin",
        "admin made you an owner of Acme",
        "admin deleted Acme",
    ]
    assert mailer.told(viewer.email) == [
        "Ada changed your role in Acme",
        "Ada made you an owner of Acme",
        "admin deleted Acme",
    ]
    assert mailer.told(admin.email) == ["Ada transferred Acme to you"]


def test_an_invitation_comes_to_who_wants_no_mail(team: Team, mailer: Mailer) -> None:
    grace = team.world.person("Grace")
    assert grace.put("/me").status == 200
    prefer(grace, mail=False)
    team.invite(grace.email, "viewer")

    assert mailer.deliver() == []

    assert mailer.told(grace.email) == ["Ada invited you to Acme"]


def test_what_somebody_prefers_holds_for_all_their_organizations(team: Team, mailer: Mailer, ada: Caller) -> None:
    other = Team.found(team.world, ada, "Other")
    answer(other, "accept")

    assert mailer.deliver() == []

    assert mailer.told(ada.email) == []
