"""PATCH /me: the language that somebody wants, and whether mail tells them of others' doings."""

from typing import Any

import pytest

from roster.table.items import User
from roster.table.read import read
from tests.people.test_signing_in import again
from tests.table.moves import TRANSACTION
from tests.wire import Wire
from tests.world import Caller, Team, World

UNSAID = {"locale": None, "email_notifications": True}


def preferences(person: Caller) -> dict[str, Any]:
    """What PUT /me says that somebody wants."""
    body = person.put("/me").body
    return {name: body[name] for name in UNSAID}


def kept(person: Caller) -> User | None:
    """The person as they are kept."""
    key = User.key(person.id)
    return read([key])[key]


def test_a_language_and_a_preference_about_mail_are_kept_each_by_itself(team: Team) -> None:
    ada = team.founder
    assert preferences(ada) == UNSAID

    assert ada.patch("/me", {"locale": "de-AT"}).status == 200
    assert preferences(ada) == UNSAID | {"locale": "de-AT"}
    assert ada.patch("/me", {"email_notifications": False}).status == 200
    assert preferences(ada) == {"locale": "de-AT", "email_notifications": False}
    assert ada.patch("/me", {"locale": "fr", "email_notifications": True}).status == 200
    assert preferences(ada) == {"locale": "fr", "email_notifications": True}


def test_it_answers_as_the_other_calls_of_me_do(team: Team) -> None:
    ada = team.founder

    reply = ada.patch("/me", {"locale": "pt-br", "email_notifications": False})

    assert reply.body == {
        "user_id": ada.id,
        "email": "ada@example.com",
        "email_verified": True,
        "token_email": "ada@example.com",
        "name": "Ada",
        "locale": "pt-BR",
        "email_notifications": False,
        "active_organization_id": team.id,
        "can": {"create_organization": True},
    }
    assert ada.put("/me").body == reply.body
    assert ada.put("/me/active-organization", {"organization_id": team.id}).body == reply.body


def test_null_takes_back_a_language_and_is_as_absent_of_the_preference_about_mail(team: Team) -> None:
    ada = team.founder
    ada.patch("/me", {"locale": "de", "email_notifications": False})

    reply = ada.patch("/me", {"locale": None, "email_notifications": None})

    assert (reply.body["locale"], reply.body["email_notifications"]) == (None, False)
    user = kept(ada)
    assert user is not None
    assert user.locale is None


def test_it_is_no_change_of_an_organization(team: Team) -> None:
    before = team.event_types()

    assert team.founder.patch("/me", {"locale": "de", "email_notifications": False}).status == 200

    assert team.event_types() == before


def test_what_is_so_already_is_nothing_to_do(team: Team, world: World) -> None:
    ada = team.founder
    nothing: tuple[dict[str, object], ...] = ({}, {"locale": None}, {"email_notifications": True})
    before = world.items()
    for body in nothing:
        assert ada.patch("/me", body).body.items() >= UNSAID.items()
    assert world.items() == before

    ada.patch("/me", {"locale": "de", "email_notifications": False})
    before = world.items()
    nothing = ({}, {"locale": "DE"}, {"email_notifications": False})
    for body in nothing:
        assert ada.patch("/me", body).body["locale"] == "de"
    assert world.items() == before


def test_who_was_unknown_is_kept_with_what_their_token_tells(world: World) -> None:
    zoe = world.person("Zoe")

    reply = zoe.patch("/me", {"email_notifications": False})

    assert (reply.status, reply.body["email"], reply.body["name"]) == (200, "zoe@example.com", "Zoe")
    assert reply.body["active_organization_id"] is None
    assert [item["pk"]["S"] for item in world.items()] == ["ADDRESS#zoe@example.com", f"USER#{zoe.id}"]
    assert zoe.put("/me").body == reply.body


def test_who_is_unknown_is_kept_with_what_their_token_says_even_if_they_choose_nothing(world: World) -> None:
    zoe = world.person("Zoe")

    first, second = zoe.patch("/me", {}), zoe.patch("/me", {})

    assert (first.status, first.body["email"], first.body["email_notifications"]) == (200, "zoe@example.com", True)
    assert first.body == second.body == zoe.put("/me").body


def test_an_unverified_address_is_kept_nowhere(world: World) -> None:
    zoe = world.person("Zoe", verified=False)

    reply = zoe.patch("/me", {"locale": "de"}, Idempotency_Key="k")

    assert (reply.body["email"], reply.body["token_email"]) == (None, "zoe@example.com")
    assert "zoe@example.com" not in str(world.items())


def test_two_changes_at_once_are_both_kept(team: Team, wire: Wire) -> None:
    ada = team.founder

    def choose() -> None:
        assert ada.patch("/me", {"locale": "de"}).status == 200

    wire.before(TRANSACTION, choose)

    assert ada.patch("/me", {"email_notifications": False}).body["locale"] == "de"
    assert preferences(ada) == {"locale": "de", "email_notifications": False}


def test_a_machine_wants_nothing_for_itself(world: World) -> None:
    reply = world.machine("roster/users").patch("/me", {"locale": "de"})

    assert (reply.refusal, reply.body["reason"]) == ((403, "forbidden"), "not_a_person")


def test_only_a_yes_or_no_says_whether_mail_is_wanted(world: World) -> None:
    nonsense: tuple[object, ...] = ("false", 0, 1, "", [], {})
    for wrong in nonsense:
        assert world.person("Ada").patch("/me", {"email_notifications": wrong}).fields == ["email_notifications"]
    assert world.person("Ada").patch("/me", {"name": "Eve"}).fields == ["name"]


def test_until_somebody_chooses_a_language_they_have_the_one_of_their_last_token(team: Team) -> None:
    ada = team.founder
    told = again(ada, locale="de_at")

    assert told.put("/me").body["locale"] == "de-AT"
    assert preferences(ada) == UNSAID | {"locale": "de-AT"}  # what a token lacks leaves what is kept
    assert again(ada, locale="nonsense!").put("/me").body["locale"] == "de-AT"
    assert ada.patch("/me", {"locale": "fr"}).body["locale"] == "fr"
    assert told.put("/me").body["locale"] == "fr"
    assert again(ada, locale="es").put("/me").body["locale"] == "fr"
    assert ada.patch("/me", {"locale": None}).body["locale"] == "es"


def test_choosing_the_language_that_the_token_told_is_a_choice(team: Team) -> None:
    ada = again(team.founder, locale="de")
    ada.put("/me")

    ada.patch("/me", {"locale": "de"})

    assert again(ada, locale="fr").put("/me").body["locale"] == "de"


@pytest.mark.parametrize("how", ["sign in", "create", "join", "prefer"])
def test_the_language_of_a_token_is_kept_wherever_its_name_is(team: Team, world: World, how: str) -> None:
    zoe = world.person("Zoe", locale="pt_BR")
    match how:
        case "sign in":
            assert zoe.put("/me").status == 200
        case "create":
            assert zoe.post("/organizations", {"name": "Zoe's"}).status == 201
        case "join":
            team.join(zoe, "viewer")
        case _:
            assert zoe.patch("/me", {"email_notifications": False}).status == 200

    user = kept(zoe)
    assert user is not None
    assert (user.token_locale, user.locale) == ("pt-BR", None)
    assert again(zoe, locale=None).put("/me").body["locale"] == "pt-BR"


def test_who_is_erased_leaves_no_language_behind(team: Team, world: World) -> None:
    zoe = team.join(world.person("Zoe", locale="de"), "viewer")
    zoe.patch("/me", {"locale": "fr", "email_notifications": False})

    assert world.machine("roster/users").delete(f"/users/{zoe.id}").status == 204

    assert kept(zoe) is None
    assert preferences(again(zoe, locale=None)) == UNSAID
