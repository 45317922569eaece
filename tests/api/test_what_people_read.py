"""What people read: it shows something, and turns nothing round, in every field and in the token's name alike."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.api.caller import caller_from
from roster.api.words import message, name
from tests.routes import USES, Use, path_of
from tests.world import Team, World

SHOWS_NOTHING = [
    *("\u200b", "\u200c\u200d", "\ufeff", "\u2060", "\u00ad", "\u180e", "\u034f", "\u200e\u200f", "\u061c"),  # format
    *("\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\ufffc", "\U0001d159", "\U00013441"),  # drawn as blanks
    *("\ufe0f", "\U000e0100", "\u0301", "\u20dd", "\u093f", "\U000e0041", "\U000e007f"),  # marks of nothing, and tags
    *("\ue000", "\U000f0000", "\u0378", "\U000e0fff"),  # whatever a font makes of them
    *("\u200b \u3164\u00a0\u2800", " \u200b\u200b "),
]
TURNS_ROUND = [f"Ac{letter}me" for letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
IS_NO_CHARACTER = [f"Ac{letter}me" for letter in "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff"]
WRONG = [*SHOWS_NOTHING, *TURNS_ROUND, *IS_NO_CHARACTER]
FINE = [
    *("Zoë O'Brien-Łukasz, Jr.", "مريم", "می\u200cشود", "שלום\u200f", "क्\u200dष", "김철수", "李四", "ᄒᆞᆫ", "e\u0301"),
    *("👩\u200d🚀", "❤\ufe0f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "1\ufe0f\u20e3", "🇩🇪"),
    *("7", "?", "€", "\u200bA", "Ad\u00ada", "\ue000 Inc.", "\u2800A"),
]
every_use = pytest.mark.parametrize("use", [use for use in USES if use.body], ids=str)


def read_by_people(use: Use, words: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bodies of a use with words in each field that people read; where a use has no such field, it is unknown."""
    for field in ("name", "title", "description", "message"):
        yield field, {**use.body, field: words}
    owner, target = {"user_id": "zoe", "email": "zoe@example.com"}, {"type": "badge", "id": "1"}
    yield ("owner.name" if "owner" in use.body else "owner"), {**use.body, "owner": owner | {"name": words}}
    product = use.scope == "roster/activity"
    yield ("target.name" if product else "target"), {**use.body, "target": target | {"name": words}}


@every_use
def test_words_that_show_nothing_or_turn_text_round_are_refused_by_the_fields_name(world: World, use: Use) -> None:
    for words in WRONG:
        for field, body in read_by_people(use, words):
            reply = world.call(use.route.method, path_of(use.route), caller=use.caller(world), body=body)
            assert reply.fields == [field], ascii(words)


def test_the_words_of_a_batchs_rows_are_judged_alike(team: Team) -> None:
    rows = [{"email": "zoe@example.com", "roles": ["viewer"], "message": words} for words in WRONG[:20]]

    results = team.founder.post(team.path("invitations", "batch"), {"invitations": rows}).body["results"]

    assert [result["problem"]["errors"][0]["field"] for result in results] == ["message"] * 20


@pytest.mark.parametrize("words", WRONG, ids=ascii)
def test_a_name_in_a_token_that_shows_nothing_or_turns_round_counts_as_absent(words: str) -> None:
    assert caller_from({"sub": "u", "name": words}).name is None


def test_a_name_in_a_token_is_judged_as_it_is_cut() -> None:
    assert caller_from({"sub": "u", "name": "\u200b" * 100 + "Ada"}).name is None
    assert caller_from({"sub": "u", "name": "Ada" + "\u3164" * 200}).name == "Ada" + "\u3164" * 97
    assert caller_from({"sub": "u", "name": "x" * 100 + "\u202e"}).name == "x" * 100


@pytest.mark.parametrize("words", FINE, ids=ascii)
def test_names_in_any_script_and_emoji_stay_as_they_are(team: Team, world: World, words: str) -> None:
    bob = team.join(world.person(f" {words}\u00a0", email="bob@example.com"), "viewer")

    assert team.founder.patch(team.path(), {"name": f"\u3000{words} "}).body["name"] == words
    assert team.member(bob)["name"] == words
    assert team.invite("zoe@example.com", "viewer", message=words)["id"]


def test_a_message_of_blanks_alone_is_none(team: Team) -> None:
    assert team.invite("zoe@example.com", "viewer", message=" \n\u00a0")["message"] is None


@given(st.text(max_size=20))
def test_what_is_taken_is_taken_again_as_it_is(text: str) -> None:
    for judge in (name, message):
        try:
            taken = judge(text)
        except ValueError:
            continue
        assert taken is None or judge(taken) == taken
