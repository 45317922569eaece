"""Reading invitations: the list, one of them, and one's own."""

from typing import Any

import pytest

from tests.world import Caller, Team, World

STATES = ["pending", "declined", "canceled", "expired", "void"]


def whole(caller: Caller, path: str, **query: object) -> list[dict[str, Any]]:
    """Read a list to its end, page by page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, object] = {}
    while True:
        page = caller.get(path, **query, **cursor).body
        assert page.keys() == {"items", "next_cursor"}
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}


@pytest.fixture
def many(team: Team, world: World) -> dict[str, str]:
    """An invitation in each state, as from the eighth day on: state to id."""
    bea = team.join(world.person("Bea"), "admin")
    ids = {"expired": team.invite("expired@example.com", "viewer")["id"]}
    with world.later(days=8):
        for state in ("pending", "declined", "canceled"):
            ids[state] = team.invite(f"{state}@example.com", "viewer")["id"]
        ids["void"] = team.invite("void@example.com", "viewer", by=bea)["id"]
        assert world.person("Declined").post(team.path("invitations", ids["declined"], "decline")).status == 204
        assert team.founder.delete(team.path("invitations", ids["canceled"])).status == 204
    assert bea.post(team.path("leave")).status == 204
    return ids


def test_the_list_has_all_but_what_was_accepted_each_with_its_status_of_now(
    many: dict[str, str], team: Team, world: World
) -> None:
    with world.later(days=8):
        listed = {one["id"]: one for one in whole(team.founder, team.path("invitations"))}

        assert {id_: one["status"] for id_, one in listed.items()} == {id_: state for state, id_ in many.items()}
        for id_, one in listed.items():
            alone = team.founder.get(team.path("invitations", id_))
            assert one == alone.body | {"etag": alone.headers["etag"]}
        may = {one["status"]: {name for name, allowed in one["can"].items() if allowed} for one in listed.values()}
        pending, renewable = {"resend", "cancel", "copy_link"}, {"resend", "cancel"}
        assert (may["pending"], may["expired"], may["void"]) == (pending, renewable, renewable)
        assert (may["declined"], may["canceled"]) == (set(), set())


def test_the_list_is_filtered_by_the_status_of_now(many: dict[str, str], team: Team, world: World) -> None:
    with world.later(days=8):
        for state in STATES:
            found = whole(team.founder, team.path("invitations"), status=state)
            assert [one["id"] for one in found] == [many[state]]

        assert whole(team.founder, team.path("invitations"), status="accepted") == []
        assert team.founder.get(team.path("invitations"), status="lost").fields == ["status"]
        assert team.founder.get(team.path("invitations"), status="").fields == ["status"]


def test_pages_of_any_size_make_the_same_list(many: dict[str, str], team: Team) -> None:
    for limit in (1, 2, 4, 5, 100):
        found = [one["id"] for one in whole(team.founder, team.path("invitations"), limit=limit)]

        assert sorted(found) == sorted(many.values())


def test_a_page_holds_no_more_than_its_limit_and_the_last_has_no_cursor(many: dict[str, str], team: Team) -> None:
    first = team.founder.get(team.path("invitations"), limit=3).body
    rest = team.founder.get(team.path("invitations"), limit=3, cursor=first["next_cursor"]).body

    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (3, len(many) - 3, None)


def test_a_cursor_of_elsewhere_shows_nothing_of_elsewhere(team: Team, world: World) -> None:
    other = Team.found(world, team.founder, "Other")
    for name in ("eve", "fay", "gil"):
        other.invite(f"{name}@example.com", "viewer")
    cursor = team.founder.get(other.path("invitations"), limit=1).body["next_cursor"]

    assert team.founder.get(team.path("invitations"), cursor=cursor).body["items"] == []


def test_who_may_not_invite_does_not_see_invitations(team: Team, world: World) -> None:
    invitation = team.invite("eve@example.com", "viewer")
    issuer = team.join(world.person("Ivy"), "issuer")

    for path in (
        team.path("invitations"),
        team.path("invitations", invitation["id"]),
        team.path("invitations", "none"),
    ):
        reply = issuer.get(path)
        assert reply.refusal == (403, "forbidden")
        assert (reply.body["reason"], reply.body["permission"]) == ("permission_missing", "invitations:manage")


def test_an_admin_sees_an_invitation_to_a_role_beyond_theirs_and_may_cancel_but_not_resend_it(
    team: Team, world: World
) -> None:
    team.plan("professional")
    bea = team.join(world.person("Bea"), "admin")
    invitation = team.invite("eve@example.com", "owner")

    (listed,) = whole(bea, team.path("invitations"))

    assert listed == invitation | {"can": {"resend": False, "cancel": True, "copy_link": False}, "etag": listed["etag"]}


def test_what_must_fail_is_not_offered(team: Team, world: World) -> None:
    team.plan("professional")
    invitation = team.invite("eve@example.com", "owner")
    address = team.path("invitations", invitation["id"])
    unverified = Caller(world, team.founder.claims | {"email_verified": "false"})

    assert unverified.get(address).body["can"] == {"resend": False, "cancel": True, "copy_link": False}
    team.plan("free")
    assert team.founder.get(address).body["can"] == {"resend": False, "cancel": True, "copy_link": True}
    team.plan("professional")
    assert team.founder.get(address).body["can"] == {"resend": True, "cancel": True, "copy_link": True}


def test_an_id_that_is_no_invitation_here_is_not_found(team: Team, world: World) -> None:
    other = Team.found(world, team.founder, "Other")
    theirs = other.invite("eve@example.com", "viewer")["id"]

    for invitation_id in (theirs, "none", "~", "x" * 65):
        assert team.founder.get(team.path("invitations", invitation_id)).refusal == (404, "not_found")


def test_an_accepted_invitation_is_read_by_its_id_while_its_member_stays(team: Team, world: World) -> None:
    invitation = team.invite("bob@example.com", "viewer")
    address = team.path("invitations", invitation["id"])
    bob = world.person("Bob")
    assert bob.post(f"{address}/accept").status == 200

    expected = invitation | {"status": "accepted", "can": {"resend": False, "cancel": False, "copy_link": False}}
    assert team.founder.get(address).body == expected
    assert whole(team.founder, team.path("invitations")) == []
    with world.later(days=365):
        assert team.founder.get(address).body == expected
    assert bob.post(team.path("leave")).status == 204
    assert team.founder.get(address).refusal == (404, "not_found")


def test_one_sees_the_pending_invitations_of_ones_verified_address(team: Team, world: World) -> None:
    eve = world.person("Eve")
    teams = [team, *(Team.found(world, team.founder, name) for name in ("Beta", "Gamma", "Delta"))]
    sent = {one.id: one.invite(eve.email, "viewer", message="Come") for one in teams}
    team.invite("fay@example.com", "viewer")

    mine = whole(eve, "/me/invitations")

    assert {one["organization_id"]: one for one in mine} == {
        one.id: sent[one.id]
        | {"can": {"resend": False, "cancel": False, "copy_link": False}, "role_titles": ["Viewer"]}
        | {"etag": one.founder.get(one.path("invitations", sent[one.id]["id"])).headers["etag"]}
        | {"organization": {"id": one.id, "name": name, "pack": "credentials", "plan": "free"}}
        for one, name in zip(teams, ("Acme", "Beta", "Gamma", "Delta"), strict=True)
    }
    assert sorted(one["id"] for one in whole(eve, "/me/invitations", limit=1)) == sorted(one["id"] for one in mine)


@pytest.mark.parametrize("death", ["accept", "decline", "cancel", "delete", "expire", "leave"])
def test_none_of_ones_own_that_is_dead_is_shown(death: str, team: Team, world: World) -> None:
    eve = world.person("Eve")
    inviter = team.join(world.person("Bea"), "admin") if death == "leave" else team.founder
    address = team.path("invitations", team.invite(eve.email, "viewer", by=inviter)["id"])
    assert len(whole(eve, "/me/invitations")) == 1

    match death:
        case "accept" | "decline":
            assert eve.post(f"{address}/{death}").status < 300
        case "cancel":
            assert team.founder.delete(address).status == 204
        case "delete":
            assert team.founder.delete(team.path()).status == 204
        case "leave":
            assert inviter.post(team.path("leave")).status == 204
    with world.later(days=7 if death == "expire" else 0):
        assert whole(eve, "/me/invitations") == []


def test_an_unverified_address_shows_nothing_of_ones_own(team: Team, world: World) -> None:
    team.invite("eve@example.com", "viewer")

    for caller in (world.person("Eve", verified=False), world.person("Eve", email=None)):
        assert caller.get("/me/invitations").refusal == (403, "email_not_verified")
