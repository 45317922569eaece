"""Bad input, on every route: 400, 413 or 422 naming the field, before anything is read; never a 5xx."""

import json
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.table.base import Item
from tests.deployment import bare_aws
from tests.routes import CONDITIONAL, KEYED, LISTS, QUERIES, USES, Use, path_of
from tests.wire import Wire
from tests.world import Reply, Team, World

LARGEST = 64 * 1024
UNREADABLE = {
    "cut off": '{"name": "Acme"',
    "no JSON": "name=Acme",
    "single quotes": "{'name': 'Acme'}",
    "two values": "{} {}",
    "a comma too many": '{"name": "Acme",}',
    "NaN": '{"name": NaN}',
    "Infinity": '{"name": -Infinity}',
    "deep nesting": '{"name": ' + "[" * 30_000 + "]" * 30_000 + "}",
    "half a surrogate pair": '{"name": "\\ud800"}',
    "a number beyond all numbers": '{"name": ' + "9" * 20_000 + "}",
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "a NUL byte": b"\x00",
}
NO_OBJECTS = ("[]", '[{"name": "Acme"}]', '"Acme"', "12", "1e999", "true")
NO_USER_IDS = ("", "me", ".", "..", "a b", " u1", "u1\n", "ä", "a/b", "MEMBER#x", "x" * 129)
# Whom Roster does not know can be let in, and is erased already.
TAKES_STRANGERS = (
    "PUT /organizations/{organization_id}/members/{user_id}",
    "DELETE /users/{user_id}",
    "POST /users/{user_id}/move",
)
every_use = pytest.mark.parametrize("use", USES, ids=str)
with_a_body = pytest.mark.parametrize("use", [use for use in USES if use.body], ids=str)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A deployment whose table does not exist: whoever reads it fails."""
    monkeypatch.setenv("PACK", "credentials")
    with bare_aws():
        yield World("credentials")


def ask(world: World, use: Use, **sent: object) -> Reply:
    """Send a request from whom it is meant for; without a body, a good one."""
    asked: dict[str, object] = {"body": use.body, "query": QUERIES.get(use.name)} | sent
    return world.call(use.route.method, path_of(use.route), caller=use.caller(world), **asked)  # type: ignore[arg-type]


@every_use
def test_a_body_that_cannot_be_read_is_malformed(gateway: World, use: Use) -> None:
    for body in UNREADABLE.values():
        assert ask(gateway, use, body=body).refusal == (400, "malformed_request"), body[:40]


@every_use
def test_a_body_over_64_kib_is_too_large_whatever_is_in_it(gateway: World, use: Use) -> None:
    for body in (b" " * (LARGEST + 1), b"\xff" * (LARGEST + 1), "ä" * (LARGEST // 2 + 1), b"[" * 1_000_000):
        assert ask(gateway, use, body=body).refusal == (413, "too_large")


@every_use
def test_a_body_of_64_kib_is_not_too_large(gateway: World, use: Use) -> None:
    for body in (b"[" * LARGEST, "ä" * (LARGEST // 2)):
        assert ask(gateway, use, body=body).refusal == (400, "malformed_request")


@every_use
def test_a_body_that_is_no_object_is_refused(gateway: World, use: Use) -> None:
    for body in NO_OBJECTS:
        reply = ask(gateway, use, body=body)

        assert reply.fields == ["body"], body
        assert "dictionary" not in reply.text


@every_use
def test_an_unknown_field_is_refused_by_its_name(gateway: World, use: Use) -> None:
    good = dict(use.body)

    assert ask(gateway, use, body=good | {"nonsense": 1}).fields == ["nonsense"]
    assert ask(gateway, use, body=good | {"a.b": {}, "__class__": "x"}).fields == ["a.b", "__class__"]


@with_a_body
def test_a_field_of_the_wrong_type_is_refused_by_its_name(gateway: World, use: Use) -> None:
    wrong: tuple[object, ...] = (1, True, 1.5, {"a": 1}, [1], [[]])

    for field, value in product(use.body, wrong):
        if field == "invitations" and isinstance(value, list):
            continue  # each entry of a batch is judged by itself
        named = ask(gateway, use, body={**use.body, field: value}).fields
        assert {name.partition(".")[0] for name in named} == {field}, value


@pytest.mark.parametrize("use", [use for use in USES if use.body and use.route.method != "PATCH"], ids=str)
def test_a_field_that_is_missing_or_null_is_named_and_so_are_all_of_them(gateway: World, use: Use) -> None:
    for body in ({}, None, "null", " \n", dict.fromkeys(use.body)):
        assert ask(gateway, use, body=body).fields == list(use.body), body


@every_use
def test_a_user_id_that_can_be_none_is_refused_by_its_name(gateway: World, use: Use) -> None:
    good = dict(use.body)
    for bad in NO_USER_IDS:
        for field in ("user_id", "from"):
            assert ask(gateway, use, body=good | {field: bad}).fields == [field], bad
        (named,) = ask(gateway, use, body=good | {"owner": {"user_id": bad, "email": "zoe@example.com"}}).fields
        assert named == ("owner.user_id" if "owner" in use.body else "owner"), bad


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \t\n "),
        ("name", "x" * 101),
        ("name", "Buy at https://spam.example.com"),
        ("name", "WWW.example.com"),
        ("name", "Ac\nme"),
        ("name", "Ac\x7fme"),
        ("name", "Ac\x00me"),
        ("name", "Ac\u2028me"),
        ("email_notifications", "true"),
        ("email_notifications", 1),
        ("locale", "German"),
        ("locale", ""),
        ("id", "another"),
        ("plan", "enterprise"),
    ],
)
def test_an_organization_is_changed_within_the_limits_only(gateway: World, field: str, value: object) -> None:
    reply = gateway.person("Ada").patch("/organizations/o1", {field: value})

    assert reply.fields == [field]


@pytest.mark.parametrize(
    "roles", ["viewer", [], [""], [None], [1], ["x" * 65], [["viewer"]], {"viewer": True}, [f"r{n}" for n in range(17)]]
)
def test_roles_are_a_list_of_1_to_16_names(gateway: World, roles: object) -> None:
    assert gateway.person("Ada").put("/organizations/o1/members/u1/roles", {"roles": roles}).fields[0] == "roles"


@pytest.mark.parametrize("use", [use for use in USES if use.name in LISTS], ids=str)
def test_a_limit_is_1_to_100(gateway: World, use: Use) -> None:
    for limit in ("0", "101", "-1", "1.5", "many", "", "1,2", "9" * 5_000):
        assert ask(gateway, use, query=QUERIES[use.name] | {"limit": limit}).fields == ["limit"], limit


@pytest.mark.parametrize("use", [use for use in USES if use.name in QUERIES], ids=str)
def test_a_cursor_that_no_page_gave_is_malformed(gateway: World, use: Use) -> None:
    for cursor in ("", "x", "nonsense!", "ä", "=", "////", "IyMj", "A" * 5_000):  # IyMj is "###"
        for filters in ({}, QUERIES[use.name]):
            reply = ask(gateway, use, query=filters | {"cursor": cursor})

            assert reply.refusal == (400, "malformed_request"), cursor


def test_what_is_unknown_or_missing_is_told_in_plain_words(world: World) -> None:
    reply = world.person("Zed").post("/organizations", {"title": "Acme"})

    assert {error["field"]: error["message"] for error in reply.body["errors"]} == {
        "name": "Send this, too.",
        "title": "Nothing of this name is taken here: leave it out.",
    }


@every_use
def test_an_unknown_query_parameter_is_refused_by_its_name(gateway: World, use: Use) -> None:
    good = QUERIES.get(use.name, {})

    for unknown in ("email", "nonsense", "q", "Limit", "organization_id", "__class__", "a.b", ""):
        assert ask(gateway, use, query=good | {unknown: "1"}).fields == [unknown or "query"], unknown
    assert ask(gateway, use, query=good | {"x": "", "y": "1"}).fields == ["x", "y"]


@pytest.mark.parametrize("use", KEYED, ids=str)
def test_an_idempotency_key_is_1_to_255_visible_characters(gateway: World, use: Use) -> None:
    for key in ("", " ", "a b", "ä", "\t", "x" * 256):
        assert ask(gateway, use, headers={"Idempotency-Key": key}).fields == ["Idempotency-Key"], key


@pytest.mark.parametrize("use", [use for use in USES if use.name in CONDITIONAL], ids=str)
def test_an_if_match_is_a_star_or_a_list_of_entity_tags(gateway: World, use: Use) -> None:
    for tag in ("", "x", "'x'", '"x', 'x"', '"x" "y"', '*, "x"', '"x",', 'w/"x"', '"\x01"'):
        assert ask(gateway, use, headers={"If-Match": tag}).fields == ["If-Match"], tag


@every_use
def test_all_that_is_wrong_is_named_at_once(gateway: World, use: Use) -> None:
    sent = {"If-Match": "x", "Idempotency-Key": "a b"}
    named = {"nonsense"}
    named |= {"Idempotency-Key"} if use in KEYED else set()
    named |= {"If-Match"} if use.name in CONDITIONAL else set()

    found = set(ask(gateway, use, body={"nonsense": 1}, headers=sent).fields)
    assert found - use.body.keys() == named


@pytest.mark.parametrize(
    "id_", ["nope", "a b", "%", "ö", "a/b", 'a"b', "#", "?", ".", "..", "\x00", "x" * 65, "x" * 2_000]
)
def test_an_id_that_nothing_has_is_not_found(team: Team, world: World, id_: str) -> None:
    before = world.items()

    for use in USES:
        caller = team.founder if use.for_people else use.caller(world)
        for unknown in {"organization_id", "invitation_id", "user_id", "role_id"} & set(
            use.route.path.replace("}", "{").split("{")
        ):
            if unknown == "user_id" and use.name in TAKES_STRANGERS:
                continue
            path = path_of(use.route, **{"organization_id": team.id, "user_id": team.founder.id, unknown: id_})
            reply = world.call(use.route.method, path, caller=caller, body=use.body)
            assert reply.refusal == (404, "not_found"), path

    assert world.items() == before


def test_nothing_is_read_for_a_request_of_a_bad_shape(team: Team, wire: Wire) -> None:
    wire.clear()

    assert team.founder.patch(team.path(), {"name": ""}, Idempotency_Key="k").status == 422
    assert not wire.calls


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
PLAUSIBLE: tuple[object, ...] = (
    "Acme",
    "zoe@example.com",
    "ada@example.com",
    "pro",
    ["viewer"],
    ["owner"],
    ["viewer", "x"],
    [],
    "x" * 200,
)
FIELDS = (
    *("name", "email_notifications", "email", "roles", "message", "token", "plan", "invitations", "organization_id"),
    *("locale", "title", "permissions", "invites", "assigns", "user_id", "from", "owner", "external_id", "metadata"),
)
BODY = JSON | st.dictionaries(st.sampled_from(FIELDS), JSON | st.sampled_from(PLAUSIBLE), max_size=4)
QUERY = st.dictionaries(
    st.sampled_from(("limit", "cursor", "status", "role", "query", "type", "since", "external_id", "x")),
    st.text() | st.just("3"),
)


class Stage:
    """A team that requests of any shape are thrown at, and that stands as before once one has changed it."""

    def __init__(self, world: World) -> None:
        team = Team.found(world, world.person("Ada"))
        bob = team.join(world.person("Bob"), "admin")
        invitation = team.invite("zoe@example.com", "viewer")
        self.world = world
        self.people = {"Ada": team.founder, "Bob": bob, "Eve": world.person("Eve")}
        self.ids = {"organization_id": team.id, "user_id": bob.id, "invitation_id": str(invitation["id"])}
        self.built = list(Item.scan())
        self.items = world.items()

    def rebuild(self) -> None:
        for item in Item.scan():
            item.delete()
        for item in self.built:
            item.save()


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


@given(st.sampled_from(USES), st.sampled_from(("Ada", "Bob", "Eve")), BODY, QUERY)
def test_whatever_is_sent_is_answered_and_changes_nothing_when_refused(
    stage: Stage, use: Use, who: str, body: object, query: dict[str, str]
) -> None:
    route = use.route
    caller = stage.people[who] if use.for_people else use.caller(stage.world)

    sent = json.dumps(body).encode()
    reply = stage.world.call(route.method, path_of(route, **stage.ids), caller=caller, body=sent, query=query)

    assert reply.status < 500
    if reply.status >= 400:
        assert reply.refusal
        assert len(reply.text.encode()) <= 10_000
        assert stage.world.items() == stage.items
    elif route.method != "GET":
        stage.rebuild()
