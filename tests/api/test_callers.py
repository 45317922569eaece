"""The caller: who a token says is asking, a person or a machine, and what is kept of what it says."""

from itertools import product

import pytest

from roster.api.caller import caller_from
from tests.routes import QUERIES, USES, path_of
from tests.wire import Wire
from tests.world import Caller, Team, World

FOR_PEOPLE = [use for use in USES if use.for_people]
FOR_MACHINES = [use for use in USES if use.scope is not None]


def founder_of(world: World, person: Caller) -> dict[str, object]:
    """Somebody as the members' list of their own organization shows them."""
    founded = Team.found(world, person)
    member: dict[str, object] = founded.member(person)
    return member


@pytest.mark.parametrize(
    ("claim", "verified"),
    [
        (True, True),
        ("true", True),
        (False, False),
        ("false", False),
        ("True", False),
        ("TRUE", False),
        (" true", False),
        ("yes", False),
        (1, False),
        ("1", False),
        ("", False),
        (None, False),
        ([True], False),
        ("[true]", False),
        ({"true": True}, False),
    ],
    ids=repr,
)
def test_verified_is_the_boolean_true_or_the_string_true_and_nothing_else(claim: object, verified: bool) -> None:  # noqa: FBT001
    caller = caller_from({"sub": "u", "email": "ada@example.com", "email_verified": claim})

    assert caller.email_verified is verified
    assert caller.verified_email == ("ada@example.com" if verified else None)


def test_an_unverified_address_is_neither_kept_nor_shown(world: World) -> None:
    ada = world.person("Ada", verified=False)

    assert founder_of(world, ada)["email"] is None
    assert "ada@example.com" not in str(world.items())


def test_without_the_claim_that_says_verified_an_address_is_not(world: World) -> None:
    assert founder_of(world, world.person("Ada", email_verified=None))["email"] is None


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("ada@bücher.example.com", "ada@bücher.example.com"),
        (" ada@example.com\u00a0\n", "ada@example.com"),
        ("Ada <ada@example.com>", None),
        ("ädä@example.com", None),
        ("=?utf-8?q?ada?=@example.com", None),
        ("ada@localhost", None),
        ("ada@roster.test", None),
        (f"ada@{'x' * 63}.{'x' * 63}.{'x' * 63}.{'x' * 63}.com", None),
        ("nonsense", None),
        ("", None),
        (["ada@example.com"], None),
    ],
)
def test_an_address_in_a_claim_that_a_body_could_not_hold_counts_as_absent(claim: object, kept: str | None) -> None:
    assert caller_from({"sub": "u", "email": claim}).email == kept


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("  Ada  ", "Ada"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 100),
        (" " + "x" * 99 + " and more", "x" * 99),
        ("Ada at https://example.com", None),
        ("www.example.com", None),
        ("A\nda", None),
        ("A\ud800da", None),
        ("   ", None),
        ("", None),
        (None, None),
    ],
    ids=ascii,
)
def test_a_name_is_cut_at_100_and_absent_where_a_body_could_not_hold_it(claim: str | None, kept: str | None) -> None:
    assert caller_from({"sub": "u", "name": claim}).name == kept


def test_who_has_neither_name_nor_address_can_create_an_organization_all_the_same(world: World) -> None:
    member = founder_of(world, world.person(None, email=None))

    assert (member["name"], member["email"]) == (None, None)


def test_claims_have_the_names_that_the_deployment_gives_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_CLAIM", "https://example.com/mail")
    monkeypatch.setenv("EMAIL_VERIFIED_CLAIM", "mail_checked")
    monkeypatch.setenv("NAME_CLAIM", "nickname")

    ada = world.person("Ada", mail_checked="true", nickname="Countess")
    ada.claims["https://example.com/mail"] = "countess@example.com"
    member = founder_of(world, ada)

    assert (member["name"], member["email"]) == ("Countess", "countess@example.com")


def test_a_subject_that_roster_cannot_keep_is_refused_before_all_else(world: World, wire: Wire) -> None:
    for sub in ("", " ", "a b", "ädä", "a/b", "a#b", "a?b", "a%b", "a,b", "a\n", "x" * 129, "me", ".", ".."):
        for caller in (
            world.person("Ada", sub=sub),
            world.person("Ada", sub=sub, client_id=sub, scope="roster/billing"),
        ):
            replies = (
                caller.get("/me/organizations"),
                caller.post("/organizations", {"name": "Acme"}),
                caller.put("/organizations/o1/plan", {"plan": "enterprise"}),
                caller.post("/organizations", "no JSON"),
            )

            for reply in replies:
                assert reply.refusal == (403, "forbidden"), sub
                assert reply.body["reason"] == "unsupported_subject"
    assert not wire.calls


def test_any_other_subject_lives_a_whole_life(team: Team, world: World) -> None:
    for sub in ("auth0|0123", "ada@example.com", "a.b~c_d-e:f+g=h", "x" * 128, "...", "Me", "me2"):
        bob = team.join(world.person("Bob", sub=sub), "viewer")

        assert bob.get(team.path("members", "me")).body["user_id"] == sub
        assert team.member(bob)["user_id"] == sub
        assert team.founder.put(team.path("members", sub, "roles"), {"roles": ["admin"]}).body["roles"] == ["admin"]
        assert team.founder.delete(team.path("members", sub)).status == 204
        assert bob.get(team.path()).status == 404


@pytest.mark.parametrize(
    ("claims", "machine"),
    [
        ({"sub": "billing", "client_id": "billing"}, True),
        ({"sub": "billing@clients", "gty": "client-credentials"}, True),
        ({"sub": "user-1", "client_id": "spa"}, False),
        ({"sub": "user-1", "client_id": "spa", "gty": "password"}, False),
        ({"sub": "user-1", "azp": "user-1"}, False),
        ({"sub": "user-1"}, False),
        ({"sub": "user-1", "scope": "roster/billing roster/provision"}, False),
    ],
)
def test_a_machine_is_what_the_rule_says_and_never_who_lacks_an_address(
    claims: dict[str, str],
    machine: bool,  # noqa: FBT001
) -> None:
    assert caller_from(claims).is_machine is machine


@pytest.mark.parametrize(
    ("rule", "claims", "machine"),
    [
        ("idtyp=app", {"sub": "billing", "idtyp": "app"}, True),
        ("idtyp=app", {"sub": "billing", "client_id": "billing", "gty": "client-credentials"}, False),
        ("azp={sub}, idtyp=app", {"sub": "billing", "azp": "billing"}, True),
        ("azp={sub}, idtyp=app", {"sub": "billing", "idtyp": "app"}, True),
        ("azp={sub}, idtyp=app", {"sub": "billing", "azp": "another", "idtyp": "user"}, False),
    ],
)
def test_the_rule_is_the_deployments_own(
    monkeypatch: pytest.MonkeyPatch,
    rule: str,
    claims: dict[str, str],
    machine: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setenv("MACHINE_RULE", rule)

    assert caller_from(claims).is_machine is machine


def test_a_machine_is_sent_away_from_what_is_for_people(world: World, wire: Wire) -> None:
    machine = world.machine("roster/billing")

    for use, body in product(FOR_PEOPLE, ({"name": "Acme"}, "no JSON")):
        reply = world.call(use.route.method, path_of(use.route), caller=machine, body=body)

        personal = use.name == "POST /organizations" or use.route.path.startswith("/me")
        assert reply.refusal == (403, "forbidden"), use.name
        assert reply.body["reason"] == ("not_a_person" if personal else "scope_missing"), use.name
    assert not wire.calls


def test_what_is_for_machines_takes_a_machine_with_its_scope_alone(world: World, wire: Wire) -> None:
    for use in FOR_MACHINES:
        others = [world.machine(), world.machine("roster/none", f"{use.scope}s", str(use.scope).upper())]
        others.append(world.machine(str(use.scope).removeprefix("roster/")))
        if not any(one.name == use.name for one in FOR_PEOPLE):
            others += [world.person("Ada", scope=use.scope), world.person(None, email=None, scope=use.scope)]

        for caller, body in product(others, (use.body, "no JSON")):
            reply = world.call(use.route.method, path_of(use.route), caller=caller, body=body)

            assert reply.refusal == (403, "forbidden"), use.name
            personal = use.name == "POST /organizations"
            assert reply.body["reason"] == ("not_a_person" if personal else "scope_missing"), use.name
        assert not wire.calls
        query = QUERIES.get(use.name)
        answer = world.call(use.route.method, path_of(use.route), caller=use.caller(world), body=use.body, query=query)
        assert answer.status == ANSWERED.get(use.name, 404), use.name
        wire.clear()


def test_the_token_of_an_id_that_was_moved_is_refused_at_every_use_for_people(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")
    assert world.machine("roster/move").post(f"/users/{bob.id}/move", {"to": "new-id"}).status == 204

    for use in USES:
        if use.for_people:
            for organization_id in (team.id, "o1"):
                path = path_of(use.route, organization_id=organization_id)
                reply = world.call(use.route.method, path, caller=bob, body=use.body, query=QUERIES.get(use.name))
                assert reply.refusal == (403, "forbidden"), use.name
                assert reply.body["reason"] == "subject_moved", use.name


# What needs no organization is done; to all else, the one that is named does not exist.
ANSWERED = {
    "POST /organizations": 201,
    "GET /organizations": 200,
    "DELETE /users/{user_id}": 204,
    "POST /users/{user_id}/move": 204,
}


def test_a_persons_scopes_let_them_do_nothing_more(team: Team, world: World) -> None:
    eve = world.person("Eve", scope=" ".join(str(use.scope) for use in FOR_MACHINES))

    for use in FOR_MACHINES:
        path = path_of(use.route, organization_id=team.id)
        reply = world.call(use.route.method, path, caller=eve, body=use.body, query=QUERIES.get(use.name))
        assert reply.status in {403, 404, 422}, use.name
    assert team.organization()["member_count"] == 1


def test_one_of_several_scopes_is_enough(team: Team, world: World) -> None:
    machine = world.machine("roster/read", "roster/billing", "roster/users")

    assert machine.put(team.path("plan"), {"plan": "enterprise"}).status == 200


def test_scopes_may_be_a_list_which_the_gateway_hands_over_in_brackets(team: Team, world: World) -> None:
    machine = world.machine()
    machine.claims["scope"] = ["roster/read", "roster/billing"]

    assert machine.put(team.path("plan"), {"plan": "enterprise"}).status == 200


def test_a_new_token_tells_what_has_changed_and_what_it_lacks_stays(team: Team, world: World) -> None:
    later = world.person(None, sub=team.founder.id, email="ada@new.example.com")
    assert Team.found(world, later, "Second").member(later)["email"] == "ada@new.example.com"

    assert team.member(team.founder)["email"] == "ada@new.example.com"
    assert team.member(team.founder)["name"] == "Ada"
