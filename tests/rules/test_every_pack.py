"""What holds in every product: deny by default, an owner always, the table alone, and nothing for strangers."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from roster.policy import pack
from roster.policy.pack import PackError, load, load_file
from roster.policy.permissions import PERMISSION, ROSTER_PERMISSIONS
from roster.table.items import Member
from tests.routes import IN_AN_ORGANIZATION, USES, Use, path_of
from tests.rules.asking import (
    TRANSACTION,
    accept,
    assert_refused,
    customize,
    invite,
    leave,
    provision,
    remove,
    set_roles,
    transfer,
)
from tests.rules.plans import noon
from tests.rules.products import Product, assert_served_by_routes, granted
from tests.wire import Wire
from tests.world import Caller, Team, World

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "layers/shared/roster/policy/packs"
OF_AN_ORGANIZATION = [use for use in USES if use.route in IN_AN_ORGANIZATION and use.for_people]


@pytest.fixture
def renamed(
    product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deploy: Callable[[str], World]
) -> Iterator[World]:
    """A deployment of each pack, with another id for each of its roles."""
    text = (PACKS / f"{product.pack}.toml").read_text()
    for role in product.roles:
        text = text.replace(f'"{role}"', f'"the_{role}"')
    (tmp_path / f"{product.pack}.toml").write_text(text)
    monkeypatch.setattr(pack, "PACKS", tmp_path)
    load.cache_clear()
    yield deploy(product.pack)
    load.cache_clear()


# ---- Deny by default -------------------------------------------------------------------------------------------------


def test_the_code_knows_no_role_by_its_name(renamed: World, product: Product) -> None:
    team = Team.found(renamed, renamed.person("Ada"))
    team.plan("enterprise")
    bob = team.join(renamed.person("Bob"), f"the_{product.least}")

    assert set_roles(team, bob, f"the_{product.inviter}").status == 200
    team.invite("eve@example.com", f"the_{product.least}", by=bob)
    assert set_roles(team, bob, f"the_{product.least}").status == 200
    assert transfer(team, bob).body["roles"] == [f"the_{product.owner}"]

    assert granted(team, bob, ROSTER_PERMISSIONS) == ROSTER_PERMISSIONS
    assert leave(team, bob).refusal == (409, "last_owner")
    assert remove(team, team.founder, by=bob).status == 204


def test_an_unknown_action_is_granted_to_nobody(acme: Team) -> None:
    unknown = ["crowns:wear", "members:*", "*", "Members:read", "members", ""]

    decisions = acme.founder.post(acme.path("access"), {"permissions": unknown}).body["decisions"]

    assert [decision["reason"] for decision in decisions] == ["unknown_permission"] * len(unknown)
    assert not any(decision["allowed"] for decision in decisions)
    assert customize(acme, "crowns:wear").fields == ["permissions"]


def test_an_unknown_role_grants_nothing(acme: Team, world: World, product: Product) -> None:
    bob = acme.join(world.person("Bob"), product.least)
    assert invite(acme, "eve@example.com", "king").fields == ["roles"]
    assert set_roles(acme, bob, "king").fields == ["roles"]
    assert provision(acme, bob, "king").fields == ["roles"]

    Member.get(*Member.key(acme.id, bob.id)).update([Member.roles.set({"king"})])

    assert granted(acme, bob, load(product.pack).permissions) == set()
    assert_served_by_routes(acme, bob, set())


def test_everybody_sees_their_own_membership_whatever_their_role_holds(acme: Team, world: World) -> None:
    bob = acme.join(world.person("Bob"), customize(acme, "billing:manage").body["id"])

    own = bob.get(acme.path("members", "me"))

    assert (own.status, own.body["user_id"], own.body["permissions"]) == (200, bob.id, ["billing:manage"])
    refused = bob.get(acme.path("members", acme.founder.id))
    assert_refused(refused, "permission_missing", permission="members:read")


def test_an_unknown_entry_of_a_pack_fails_the_build(product: Product, tmp_path: Path) -> None:
    text = (PACKS / f"{product.pack}.toml").read_text()
    path = tmp_path / f"{product.pack}.toml"
    path.write_text(text)
    assert load_file(path).name == product.pack
    assert "pack.load, pack.available()" in (ROOT / "Makefile").read_text().partition("\ncheck:")[2]

    for wrong, named in (
        (f"crowns = 7\n{text}", "crowns"),
        (text.replace("invites = [", 'invites = ["king", ', 1), "king"),
        (text.replace(f'founder = "{product.owner}"', 'founder = "king"'), "king"),
        (text.replace('"members:read"', '"members read"', 1), "members read"),
        (text.replace('"members:read", ', "", 1), "members:read"),
        (text.replace('"members:read" = ', '"members:reed" = ', 1), "members:reed"),
        (text.replace("custom_roles = ", "custom_robes = ", 1), "custom_robes"),
    ):
        assert wrong != text
        path.write_text(wrong)
        with pytest.raises(PackError, match=named):
            load_file(path)


def test_an_action_that_no_pack_knows_fails_the_build(product: Product) -> None:
    code = [path for folder in ("functions", "layers/shared/roster") for path in (ROOT / folder).rglob("*.py")]
    words = {
        node.value
        for path in code
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    asked = {word for word in words if PERMISSION.fullmatch(word)}

    assert asked == ROSTER_PERMISSIONS
    assert asked <= load(product.pack).roles[product.owner].permissions


# ---- Always an owner -------------------------------------------------------------------------------------------------


def test_no_path_leaves_an_organization_without_an_owner(acme: Team, product: Product, world: World) -> None:
    ada, bob = acme.founder, acme.join(world.person("Bob"), product.other)
    before = world.items()

    assert leave(acme, ada).refusal == (409, "last_owner")
    assert set_roles(acme, ada, product.other).refusal == (409, "last_owner")
    assert_refused(remove(acme, ada), "self")
    assert_refused(remove(acme, ada, by=bob), "permission_missing", permission="members:remove")
    assert provision(acme, ada, product.least).refusal in {(403, "forbidden"), (409, "last_owner")}
    assert transfer(acme, world.person("Nobody")).refusal == (404, "not_found")
    erased = world.machine("roster/users").delete(f"/users/{ada.id}")
    assert erased.refusal == (409, "last_owner")
    assert [one["id"] for one in erased.body["organizations"]] == [acme.id]

    assert world.items() == before


def test_who_is_moved_to_another_user_id_keeps_all_that_they_have_under_that_one_alone(
    acme: Team, product: Product, world: World
) -> None:
    ada, bob = acme.founder, acme.join(world.person("Bob"), product.other)
    new_ada, new_bob = (Caller(world, one.claims | {"sub": f"new-{one.id}"}) for one in (ada, bob))
    shown, organization = [acme.member(one, by=bob) for one in (ada, bob)], acme.organization()

    for old, new in ((ada, new_ada), (bob, new_bob)):
        assert world.machine("roster/move").post(f"/users/{old.id}/move", {"to": new.id}).status == 204

    for old, new, before in zip((ada, bob), (new_ada, new_bob), shown, strict=True):
        assert_refused(old.get(acme.path()), "subject_moved")
        now = acme.member(new, by=new_ada)
        assert (now["roles"], now["joined_at"]) == (before["roles"], before["joined_at"])
    assert new_ada.get(acme.path()).body == organization
    assert new_ada.post(acme.path("leave")).refusal == (409, "last_owner")


def test_one_person_creates_ten_organizations_in_a_day(world: World) -> None:
    with noon(world):
        acme = Team.found(world, world.person("Ada"))
        acme.plan("enterprise")
        for _ in range(9):
            Team.found(world, acme.founder)

        refused = acme.founder.post("/organizations", {"name": "Eleventh"})

        assert (refused.refusal, refused.body["limit"]) == ((429, "too_many_requests"), "organizations_per_day")


# ---- The table alone -------------------------------------------------------------------------------------------------


def test_a_role_in_a_token_or_a_body_counts_for_nothing(acme: Team, product: Product, world: World) -> None:
    bob, eve = (
        world.person(name, role=product.owner, roles=[product.owner], permissions=["members:remove"], scope="admin")
        for name in ("Bob", "Eve")
    )
    acme.join(bob, product.least)
    invitation = acme.invite(eve.email, product.least)

    refused = bob.patch(acme.path(), {"name": "Bob's"})
    assert_refused(refused, "permission_missing", permission="organization:update")
    assert granted(acme, bob, ["members:remove"]) == set()
    assert bob.post(acme.path("leave"), {"roles": [product.owner]}).fields == ["roles"]
    address = acme.path("invitations", invitation["id"], "accept")
    assert eve.post(address, {"roles": [product.owner]}).refusal == (409, "conflict")
    assert accept(acme, eve, invitation).body["roles"] == [product.least]


def test_the_first_request_after_a_removal_is_refused(acme: Team, product: Product, world: World) -> None:
    bob = acme.join(world.person("Bob"), product.inviter)
    assert bob.get(acme.path("activity")).status == 200

    assert remove(acme, bob).status == 204

    assert bob.get(acme.path("activity")).refusal == (404, "not_found")
    assert invite(acme, "eve@example.com", product.least, by=bob).refusal == (404, "not_found")


def test_the_first_request_after_a_demotion_is_refused(acme: Team, product: Product, world: World) -> None:
    bob = acme.join(world.person("Bob"), product.inviter)
    assert bob.get(acme.path("activity")).status == 200

    assert set_roles(acme, bob, product.least).status == 200

    assert_refused(bob.get(acme.path("activity")), "permission_missing", permission="activity:read")
    assert_refused(invite(acme, "eve@example.com", product.least, by=bob), "permission_missing")


def test_who_is_demoted_or_removed_while_they_act_has_done_nothing(
    acme: Team, product: Product, world: World, wire: Wire
) -> None:
    bob, eve = (acme.join(world.person(name), product.inviter) for name in ("Bob", "Eve"))

    def demoted() -> None:
        assert set_roles(acme, bob, product.least).status == 200

    def removed() -> None:
        assert remove(acme, eve).status == 204

    wire.before(TRANSACTION, demoted)
    assert_refused(invite(acme, "gus@example.com", product.least, by=bob), "permission_missing")
    wire.before(TRANSACTION, removed)
    assert remove(acme, bob, by=eve).refusal == (404, "not_found")

    assert acme.event_types()[-2:] == ["member.roles_changed", "member.removed"]
    assert acme.member(bob)["roles"] == [product.least]


def test_what_a_stranger_asks_is_answered_as_if_it_did_not_exist(acme: Team, product: Product, world: World) -> None:
    ids = {"user_id": acme.founder.id, "invitation_id": str(acme.invite("zoe@example.com", product.least)["id"])}
    eve = world.person("Eve")
    before = world.items()

    def answer(use: Use, organization_id: str) -> tuple[int, dict[str, Any]]:
        path = path_of(use.route, organization_id=organization_id, **ids)
        reply = world.call(use.route.method, path, caller=eve, body=use.body)
        return reply.status, reply.body | {"request_id": None}

    assert len(OF_AN_ORGANIZATION) > 20
    for use in OF_AN_ORGANIZATION:
        assert answer(use, acme.id) == answer(use, uuid4().hex), use
        assert answer(use, acme.id)[0] == 404, use
    assert world.items() == before
