"""Searching members by what they are called: whatever is typed, however it is written."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.api.crowd import crowd, found
from tests.world import Team, World


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Zoë Brontë", "zoe"),
        ("Zoë Brontë", "BRONTE"),
        ("Zoë Brontë", "bront\u00eb"),
        ("Zoe\u0308 Bronte\u0308", "Zo\u00eb"),
        ("Zoë Brontë", "ontë oë"),
        ("Zoë Brontë", " \tbrontë\u00a0\u3000zoë\n"),
        ("Großmann", "GROSSMANN"),
        ("GROSSMANN", "groß"),
        ("İpek I\u015f\u0131k", "ipek i\u015f\u0131k"),
        ("I\u015f\u0131l", "is\u0131l"),
        ("Σίσυφος", "σισυφοσ"),
        ("\uff26\uff35\uff2c\uff2c \uff57idth", "full width"),
        ("ﬁnn", "FINN"),
        ("שלום כהן", "כהן"),
        ("مُحَمَّد", "محمد"),
        ("김민준", "민준"),
        ("प्रिया", "प्रिया"),
        ("Rosa 👩🏽‍💻", "👩🏽‍💻"),
        ("Rosa 👩🏽‍💻", "👩"),
        ("O'Neil-Smith", "o'neil-"),
        ("Ann", "\u0301 ann"),
    ],
)
def test_somebody_is_found_by_each_word_of_their_name_however_it_is_written(team: Team, name: str, query: str) -> None:
    user_ids = crowd(team, name, "Somebody Else")

    assert found(team, query=query) == user_ids[:1]


@pytest.mark.parametrize("query", ["zoe anne", "zoeb", "ontez", "zoe@", "\x00", "zoe \x00", "\u200b", "%", ".*"])
def test_every_word_must_occur_as_it_is(team: Team, query: str) -> None:
    crowd(team, "Zoë Brontë")

    assert found(team, query=query) == []


def test_a_dotless_i_is_a_letter_of_its_own(team: Team) -> None:
    crowd(team, "I\u015f\u0131k")

    assert found(team, query="i\u015fik") == []
    assert found(team, query="i\u015f\u0131k") == ["crowd-0000"]


def test_one_word_may_be_of_the_name_and_another_of_the_address(team: Team, world: World) -> None:
    zoe = team.join(world.person("Zoë Brontë", email="z.b@example.com"), "viewer")

    for query in ("zoe z.b", "Z.B@EXAMPLE.COM", "b@ex", "example bront"):
        assert found(team, query=query) == [zoe.id]
    assert found(team, query="bronte@example") == []


def test_an_address_is_searched_as_it_is_shown(team: Team, world: World) -> None:
    zoe = world.person("Zoe", email="zoe@private.example.com")
    eve = world.person("Eve", email="eve@private.example.com", verified=False)
    for person, address in ((zoe, "zoe@work.example.com"), (eve, "eve@work.example.com")):
        invitation = team.invite(address, "viewer")
        brought = {"token": team.token(invitation["id"])}
        assert person.post(team.path("invitations", invitation["id"], "accept"), brought).status == 200

    assert found(team, query="@work") == [eve.id]
    assert found(team, query="@private") == [zoe.id]
    assert world.machine("roster/users").delete(f"/users/{zoe.id}").status == 204
    assert found(team, query="@private") == []


def test_who_has_no_name_is_found_by_nothing_that_is_shown_for_it(team: Team) -> None:
    crowd(team, None, "Ann")

    assert found(team, query="none") == found(team, query="someone") == []
    assert found(team, query="ann") == ["crowd-0001"]


def test_whom_one_finds_is_shown_as_in_the_list(team: Team, world: World) -> None:
    team.staff("admin", "viewer")
    team.join(world.person("Zoe"), "viewer")
    whole = team.founder.get(team.path("members")).body["items"]

    for query in ({"query": "e"}, {"role": "viewer"}, {"role": "viewer", "query": "zoe"}):
        shown = team.founder.get(team.path("members"), **query).body["items"]
        assert shown == [one for one in whole if one in shown]
        assert shown


def test_role_and_words_hold_both(team: Team, world: World) -> None:
    bea, zoe = (team.join(world.person(name), "viewer") for name in ("Bea", "Zoe"))
    cem = team.join(world.person("Beacem"), "admin")

    assert found(team, query="bea") == [bea.id, cem.id]
    assert found(team, query="bea", role="viewer") == [bea.id]
    assert found(team, query="EXAMPLE", role="viewer") == [bea.id, zoe.id]
    assert found(team, query="bea", role="king") == []


@pytest.mark.parametrize(
    "query", ["", " ", "\t\n\u00a0\u3000", "\u0301", "\u0301\u0308 \ufe0f", "\u00a8", "x" * 101, "é" * 101, " " * 101]
)
def test_a_query_without_a_word_or_too_long_is_named(team: Team, query: str) -> None:
    assert team.founder.get(team.path("members"), query=query).fields == ["query"]
    assert team.founder.get(team.path("members"), query=query, limit="0", role="viewer").fields == ["limit", "query"]


def test_a_hundred_characters_are_not_too_long(team: Team) -> None:
    (user_id,) = crowd(team, "ß" * 100)

    assert found(team, query="ß" * 100) == [user_id]
    assert found(team, query="ﷺ" * 100) == []  # of which each is 18 letters


def test_half_a_character_is_called_nobody(team: Team, world: World) -> None:
    """As a gateway could hand it over: no client can put it into an address."""
    crowd(team, "Ann", "Bob")
    event = json.loads((Path(__file__).parents[2] / "events" / "members.read.json").read_text())
    event["routeKey"] = "GET /organizations/{organization_id}/members"
    event["rawPath"] = event["requestContext"]["http"]["path"] = team.path("members")
    event["pathParameters"] = {"organization_id": team.id}
    event["requestContext"]["authorizer"]["jwt"]["claims"] = team.founder.claims

    for query in ({"query": "ann \ud83d"}, {"role": "\ud83d"}):
        event["queryStringParameters"] = query
        reply = world.invoke("members/read", event)

        assert (reply["statusCode"], json.loads(reply["body"])) == (200, {"items": [], "next_cursor": None})


TYPED = st.text(min_size=1, max_size=30)


@settings(max_examples=150)
@given(query=st.text(max_size=110) | st.lists(TYPED).map(" ".join))
@example(query="\x00")
@example(query="\u202eabc")
@example(query="\U0001f3f4\U000e0067\U000e007f")
@example(query="\ufdd0\uffff")
def test_whatever_is_typed_is_searched_or_named(team: Team, query: str) -> None:
    reply = team.founder.get(team.path("members"), query=query)

    if reply.status != 200:
        assert reply.fields == ["query"]
        assert len(query) > 100 or not any(map(str.isalnum, query))


@settings(max_examples=150)
@given(name=TYPED, part=st.tuples(st.integers(0, 29), st.integers(1, 30)))
@example(name="İ̇", part=(0, 2))
@example(name="a¨b", part=(0, 3))
def test_any_part_of_what_is_shown_finds_it(team: Team, name: str, part: tuple[int, int]) -> None:
    start, length = part
    query = name[start : start + length]
    (user_id,) = crowd(team, name)

    reply = team.founder.get(team.path("members"), query=query)

    if reply.status == 200:
        assert user_id in [one["user_id"] for one in reply.body["items"]]
    else:
        assert reply.fields == ["query"]
