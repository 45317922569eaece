"""Short answers, whatever comes in: a few errors, each once and cut, and no refusal longer than 10 KB."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from roster.api.problems import InvalidRequest
from tests.routes import BODIES, QUERIES, USES, Use, path_of
from tests.world import Team, World

LONGEST = 10_000  # bytes of an answer
LARGEST = 64 * 1024  # of a body
every_use = pytest.mark.parametrize("use", USES, ids=str)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A deployment whose table does not exist: whoever reads it fails."""
    monkeypatch.setenv("PACK", "credentials")
    with mock_aws():
        yield World("credentials")


def objects() -> Iterator[dict[str, Any]]:
    """Objects of keys that nobody knows: many, long, and of letters that take the most room when written."""
    yield {f"{number:x}": 1 for number in range(6_000)}
    yield {"x" * 60_000: 1}
    for letter in ('"', "\\", "\x7f", "\x00", "é", "\U0001f680", "\U000e0041"):
        each = LARGEST // 25 // len(json.dumps(letter, ensure_ascii=False).encode())
        yield {letter * each + str(number): None if number % 2 else 1 for number in range(20)} | {"a": 1}


def values() -> Iterator[object]:
    """What no field takes, and a lot of it."""
    yield from ([1] * 20_000, [[]] * 15_000, [None] * 10_000, [f"r{number}" for number in range(7_000)], ["x" * 60_000])
    yield from ("x" * 60_000, "\x00" * 10_000, "ä" * 30_000, "a@" * 30_000, "".join(map(chr, range(0x4E00, 0x9000))))
    yield ["\x00" * 64 + str(number) for number in range(16)]
    nested: object = 1
    for _ in range(150):
        nested = [nested]
    yield nested
    yield from objects()


@every_use
def test_no_refusal_is_longer_than_10_kb(world: World, use: Use) -> None:
    fields = {*use.body, "invites", "owner", "metadata", "data", "target", "user_id"} - {"invitations", "token"}
    bodies = [*objects(), *({**use.body, field: value} for field in fields for value in values())]
    for body in bodies:
        sent = json.dumps(body, ensure_ascii=False).encode()
        assert len(sent) <= LARGEST
        reply = world.call(use.route.method, path_of(use.route), caller=use.caller(world), body=sent)

        assert reply.refusal in {(422, "invalid_request"), (404, "not_found")}
        assert len(reply.text.encode()) <= LONGEST
        assert len(reply.body.get("errors", ())) <= 20


def test_nor_is_one_of_a_query(gateway: World) -> None:
    for use in USES:
        for query in ({f"{number:x}": "1" for number in range(1_500)}, {"\x00" * 3_000: "x"}, {"limit": "9" * 9_000}):
            asked = QUERIES.get(use.name, {}) | query
            reply = gateway.call(
                use.route.method, path_of(use.route), caller=use.caller(gateway), body=use.body, query=asked
            )
            assert reply.fields
            assert len(reply.text.encode()) <= LONGEST


@pytest.mark.parametrize("nonsense", ["x" * 60_000, "." * 60_000, "a.b.c." * 10_000, "\x00" * 10_000, "é" * 10_000])
def test_a_long_link_that_none_is_leads_nowhere_in_few_words(gateway: World, nonsense: str) -> None:
    reply = gateway.call("POST", "/invitations/preview", body={"token": nonsense})

    assert reply.refusal == (404, "not_found")
    assert len(reply.text) < 1_000


@every_use
def test_twenty_errors_are_listed_and_the_others_are_counted(gateway: World, use: Use) -> None:
    for unknown, listed, more in ((20, 20, None), (21, 20, 1), (5_000, 20, 4_980)):
        body = {**use.body} | {f"x{number}": 1 for number in range(unknown)}
        reply = gateway.call(
            use.route.method, path_of(use.route), caller=use.caller(gateway), body=body, query=QUERIES.get(use.name)
        )

        assert reply.fields == [f"x{number}" for number in range(listed)]
        assert reply.body.get("more_errors") == more


def test_equal_errors_are_one(gateway: World) -> None:
    ada = gateway.person("Ada")
    asked = {"title": "Auditor", "permissions": [1] * 100, "invites": [1, "viewer", 1]}

    assert ada.put("/organizations/o1/members/u1/roles", {"roles": [1] * 16}).fields == ["roles"]
    assert ada.post("/organizations/o1/roles", asked).fields == ["permissions", "invites"]


@pytest.mark.parametrize(
    ("method", "path", "field", "most", "scope"),
    [
        ("PUT", "/organizations/o1/members/u1/roles", "roles", 16, None),
        ("POST", "/organizations/o1/invitations", "roles", 16, None),
        ("PUT", "/organizations/o1/members/u1", "roles", 16, "roster/provision"),
        ("POST", "/organizations/o1/invitations/batch", "invitations", 20, None),
        ("POST", "/organizations/o1/access", "permissions", 50, None),
        *(
            ("POST", "/organizations/o1/roles", right, 100, None)
            for right in ("permissions", "invites", "removes", "assigns")
        ),
    ],
)
def test_the_length_of_a_list_is_judged_before_what_is_in_it(
    gateway: World, method: str, path: str, field: str, most: int, scope: str | None
) -> None:
    good = {"email": "zoe@example.com", "title": "Auditor", "permissions": ["activity:read"], "roles": ["viewer"]}
    known = BODIES.get(f"{method} {path.replace('/o1', '/{organization_id}').replace('/u1', '/{user_id}')}")
    body = {name: value for name, value in good.items() if name in (known or {"email", "roles"})}
    caller = gateway.person("Ada") if scope is None else gateway.machine(scope)

    reply = gateway.call(method, path, caller=caller, body=body | {field: [1] * (most + 1)})

    (error,) = reply.body["errors"]
    assert (error["field"], error["message"]) == (field, f"Send at most {most}.")


def test_what_is_repeated_collapses_before_it_is_counted(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    reply = team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["admin"] * 5_000})

    assert (reply.status, reply.body["roles"]) == (200, ["admin"])


def test_what_nobody_grants_is_named_in_few_words(team: Team) -> None:
    team.plan("enterprise")
    strange = [letter * 600 for letter in "\x00\x7f\"'\\é🚀"] + [f"x:{number}" for number in range(90)]

    reply = team.founder.post(team.path("roles"), {"title": "Auditor", "permissions": strange, "invites": strange})

    assert set(reply.fields) == {"permissions"}
    assert reply.body["more_errors"] == 2 * len(strange) - len(reply.fields)
    assert len(reply.text.encode()) <= LONGEST


def test_a_row_of_a_batch_is_refused_as_briefly(team: Team) -> None:
    for value in (*objects(), *values()):
        share = json.dumps(value, ensure_ascii=False)[:800]
        rows = [
            {"email": share, "roles": [share]},
            {share: 1},
            {f"{number:x}": 1 for number in range(250)},
            share,
            None,
        ]
        body = {"invitations": rows * 4}

        reply = team.founder.post(team.path("invitations", "batch"), json.dumps(body, ensure_ascii=False))

        assert [result["status"] for result in reply.body["results"]] == [422] * 20
        for result in reply.body["results"]:
            assert len(json.dumps(result["problem"], ensure_ascii=False).encode()) <= LONGEST
            assert len(result["email"] or "") <= 254
        assert len(reply.text.encode()) <= LARGEST


def test_organizations_that_are_in_the_way_are_listed_as_briefly(world: World) -> None:
    importer, name = world.machine("roster/provision"), "🚀" * 100
    for _ in range(25):
        owner = {"user_id": "zoe", "email": "zoe@example.com"}
        made = importer.post("/organizations", {"name": name, "owner": owner}).body
        member = {"email": "bob@example.com", "roles": ["viewer"]}
        assert importer.put(f"/organizations/{made['id']}/members/bob", member).status == 201

    reply = world.machine("roster/users").delete("/users/zoe")

    assert reply.refusal == (409, "last_owner")
    assert len(reply.text.encode()) <= LONGEST
    assert 0 < len(reply.body["organizations"]) <= 20
    assert len(reply.body["organizations"]) + reply.body["more_organizations"] == 25


@settings(max_examples=100)
@given(st.lists(st.tuples(st.text(max_size=400), st.text(max_size=800)), max_size=60))
def test_whatever_is_wrong_some_of_it_is_named_and_nothing_is_lost(errors: list[tuple[str, str]]) -> None:
    problem: Mapping[str, Any] = InvalidRequest(*errors).shown("request")

    assert len(json.dumps(problem, ensure_ascii=False).encode()) <= LONGEST
    assert bool(problem["errors"]) is bool(errors)
    assert len(problem["errors"]) + problem.get("more_errors", 0) <= len(set(errors))
