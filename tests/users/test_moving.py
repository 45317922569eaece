"""Moving a person to another user id: everything that is theirs goes along, once, and the old id is known as moved."""

from typing import Any

import pytest

from tests.wire import Wire
from tests.world import Caller, Reply, Team, World


@pytest.fixture
def machine(world: World) -> Caller:
    return world.machine("roster/move")


def move(machine: Caller, old: Caller | str, new: Caller | str) -> Reply:
    ids = [one if isinstance(one, str) else one.id for one in (old, new)]
    return machine.post(f"/users/{ids[0]}/move", {"to": ids[1]})


def anew(person: Caller, sub: str = "new-id", **claims: object) -> Caller:
    """The same person, as the product's new sign-in knows them."""
    return Caller(person.world, person.claims | {"sub": sub} | claims)


def log(team: Team, **query: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = team.founder.get(team.path("activity"), **query).body["items"]
    return items


def test_memberships_name_address_and_roles_go_along(team: Team, world: World, machine: Caller) -> None:
    bob, other = world.person("Bob"), Team.found(world, world.person("Eve"), "Other")
    team.join(bob, "admin")
    other.join(bob, "viewer")
    shown = [one.member(bob) for one in (team, other)]
    new = anew(bob)

    assert move(machine, bob, new).status == 204

    for one, before in zip((team, other), shown, strict=True):
        assert one.member(new) == before | {"user_id": new.id}
        assert one.founder.get(one.path("members", bob.id)).status == 404
        assert one.organization()["member_count"] == 2
    mine = new.get("/me/organizations").body["items"]
    assert [(item["organization"]["name"], item["active"]) for item in mine] == [("Acme", True), ("Other", False)]


def test_each_membership_ends_and_begins_with_one_event(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    before = team.event_types()

    move(machine, bob, "new-id")

    assert team.event_types() == [*before, "member.moved"]
    event = log(team)[0]
    assert event["data"] == {"from": bob.id, "to": "new-id"}
    assert event["target"] == {"type": "member", "id": "new-id", "name": "Bob"}
    assert (event["actor"]["type"], event["actor"]["id"], event["via"]) == ("machine", "billing", None)
    assert event["sentence"] == "Billing moved Bob to another user id."


def test_an_owner_goes_on_owning(team: Team, world: World, machine: Caller) -> None:
    new = anew(team.founder)

    assert move(machine, team.founder, new).status == 204

    assert new.get(team.path()).body["owner_count"] == 1
    assert new.patch(team.path(), {"name": "Acme Two"}).status == 200
    assert new.post(team.path("leave")).refusal == (409, "last_owner")
    assert new.delete(team.path()).status == 204


def test_the_old_ids_token_is_refused_everywhere(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    invitation = team.invite("zoe@example.com", "viewer")["id"]

    move(machine, bob, "new-id")

    for reply in (
        bob.get(team.path()),
        bob.get(team.path("members", "me")),
        bob.get("/organizations/other"),
        bob.put("/me"),
        bob.get("/me/organizations"),
        bob.get("/me/invitations"),
        bob.post("/organizations", {"name": "His"}),
        bob.put("/me/active-organization", {"organization_id": team.id}),
        bob.post(team.path("leave")),
        bob.post(team.path("access"), {"permissions": ["badges:create"]}),
        bob.post(team.path("invitations", invitation, "accept"), {"token": team.token(invitation)}),
        bob.post(team.path("invitations", invitation, "decline"), {"token": team.token(invitation)}),
    ):
        assert reply.refusal == (403, "forbidden")
        assert reply.body["reason"] == "subject_moved"


def test_an_answer_kept_for_the_old_id_is_not_repeated_to_it(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    path = team.path("invitations")
    body = {"email": "zoe@example.com", "roles": ["viewer"]}
    assert bob.post(path, body, Idempotency_Key="k").status == 201

    move(machine, bob, "new-id")

    assert bob.post(path, body, Idempotency_Key="k").body["reason"] == "subject_moved"


def test_a_machine_cannot_add_the_old_id_and_learns_the_new_one(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    move(machine, bob, "new-id")
    provisioning, body = world.machine("roster/provision"), {"email": "b@example.com", "roles": ["viewer"]}

    for reply in (
        provisioning.put(team.path("members", bob.id), body),
        provisioning.post("/organizations", {"name": "His", "owner": {"user_id": bob.id, "email": "b@example.com"}}),
    ):
        assert reply.refusal == (409, "conflict")
        assert reply.body["to"] == "new-id"


def test_the_log_keeps_the_old_id_with_the_name_and_address_of_today(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    team.invite("zoe@example.com", "viewer", by=bob)
    new = anew(bob, name="Robert", email="robert@example.com")
    move(machine, bob, new)
    new.put("/me")

    event = next(event for event in log(team) if event["type"] == "invitation.sent")

    assert event["actor"] == {"type": "user", "id": bob.id, "name": "Robert", "email": "robert@example.com"}
    assert event["sentence"] == "Robert invited zoe@example.com as Viewer."
    assert [event["type"] for event in log(team, actor=bob.id)] == ["invitation.sent", "invitation.accepted"]
    assert "Robert" in team.founder.get(team.path("activity.csv")).text


def test_who_they_let_in_shows_the_name_of_today(team: Team, world: World, machine: Caller) -> None:
    bob, zoe = team.join(world.person("Bob"), "admin"), world.person("Zoe")
    invitation = team.invite(zoe.email, "viewer", by=bob)
    zoe.post(team.path("invitations", invitation["id"], "accept"))

    move(machine, bob, "new-id")

    invited_by = {"user_id": bob.id, "name": "Bob", "email": "bob@example.com"}
    assert team.member(zoe)["invited_by"] == invited_by
    assert team.founder.get(team.path("members")).body["items"][2]["invited_by"] == invited_by


def test_what_they_had_invited_is_void_until_it_is_resent(team: Team, world: World, machine: Caller) -> None:
    bob, zoe = team.join(world.person("Bob"), "admin"), world.person("Zoe")
    invitation = team.invite(zoe.email, "viewer", by=bob)
    path, new = team.path("invitations", invitation["id"]), anew(bob)
    token = team.token(invitation["id"])

    move(machine, bob, new)

    shown = team.founder.get(path).body
    assert (shown["status"], shown["invited_by"]["name"]) == ("void", "Bob")
    refused = zoe.post(f"{path}/accept", {"token": token})
    assert refused.refusal == (410, "invitation_void")
    assert refused.body["invited_by"]["name"] == "Bob"
    assert new.post(f"{path}/resend").status == 200
    assert zoe.post(f"{path}/accept").status == 200


def test_moving_back_does_not_bring_old_invitations_back(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    invitation = team.invite("zoe@example.com", "viewer", by=bob)

    move(machine, bob, "new-id")
    move(machine, "new-id", bob)

    assert team.founder.get(team.path("invitations", invitation["id"])).body["status"] == "void"


def test_moving_back_ends_that_the_old_id_was_moved(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    new = anew(bob)
    shown = team.member(bob)

    assert move(machine, bob, new).status == move(machine, new, bob).status == 204

    assert team.member(bob) == shown
    assert bob.put("/me").status == 200
    assert new.put("/me").body["reason"] == "subject_moved"
    assert move(machine, bob, new).status == 204
    assert new.put("/me").status == 200


def test_what_the_new_id_has_already_stays(team: Team, world: World, machine: Caller) -> None:
    bob, kim = team.join(world.person("Bob"), "viewer"), world.person("Kim")
    own = Team.found(world, kim, "Kim's")

    assert move(machine, bob, kim).status == 204

    shown = team.member(kim)
    assert (shown["name"], shown["email"], shown["roles"]) == ("Kim", "kim@example.com", ["viewer"])
    assert kim.put("/me").body["active_organization_id"] == own.id
    organizations = kim.get("/me/organizations").body["items"]
    assert sorted(item["organization"]["name"] for item in organizations) == ["Acme", "Kim's"]


def test_the_address_goes_with_the_person(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    move(machine, bob, "new-id")

    refused = team.founder.post(team.path("invitations"), {"email": "bob@example.com", "roles": ["viewer"]})
    assert refused.refusal == (409, "already_member")
    assert refused.body["user_id"] == "new-id"
    holders = [item for item in world.items() if item["pk"]["S"] == "ADDRESS#bob@example.com"]
    assert [item["user_ids"]["SS"] for item in holders] == [["new-id"]]


def test_the_address_that_they_joined_by_is_free_once_they_are_removed(
    team: Team, world: World, machine: Caller
) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    move(machine, bob, "new-id")

    assert team.founder.delete(team.path("members", "new-id")).status == 204

    assert team.invite("bob@example.com", "viewer")["status"] == "pending"


def test_joining_time_and_last_sign_in_go_along(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob", auth_time=1), "viewer")
    bob.put("/me")

    with world.later(hours=3):
        move(machine, bob, "new-id")

        shown = team.founder.get(team.path("members", "new-id")).body
        assert shown["joined_at"] == "2026-01-31T12:00:00Z"
        assert shown["last_signed_in_at"] == "2026-01-31T12:00:00Z"
        before = team.event_types()
        anew(bob).put("/me")  # with the same auth_time: a sign-in that the log has
        assert team.event_types() == before


def test_it_may_be_repeated(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    assert move(machine, bob, "new-id").status == 204
    before = world.items()

    assert move(machine, bob, "new-id").status == 204

    assert world.items() == before


@pytest.mark.parametrize(("old", "new"), [("nobody", "new-id"), ("user-1", "user-1"), ("me", "new-id"), ("a b", "x")])
def test_nothing_is_done_for_nobody_and_to_oneself(
    team: Team, world: World, machine: Caller, old: str, new: str
) -> None:
    before = world.items()

    assert machine.post(f"/users/{old.replace(' ', '%20')}/move", {"to": new}).status == 204

    assert world.items() == before


@pytest.mark.parametrize("to", ["me", "", "a b", "x" * 129, 12, ["x"], None])
def test_what_cannot_be_an_id_is_refused(team: Team, world: World, machine: Caller, to: object) -> None:
    before = world.items()

    assert machine.post(f"/users/{team.founder.id}/move", {"to": to}).fields == ["to"]

    assert world.items() == before


def test_to_a_member_of_one_of_the_same_organizations_it_is_refused(team: Team, world: World, machine: Caller) -> None:
    bob, kim = team.join(world.person("Bob"), "viewer"), team.join(world.person("Kim"), "admin")
    Team.found(world, world.person("Eve"), "Other").join(bob, "viewer")
    before = world.items()

    reply = move(machine, bob, kim)

    assert reply.refusal == (409, "conflict")
    assert reply.body["organizations"] == [{"id": team.id, "name": "Acme", "pack": "credentials", "plan": "free"}]
    assert world.items() == before
    team.founder.delete(team.path("members", kim.id))
    assert move(machine, bob, kim).status == 204


def test_somebody_who_was_moved_cannot_be_moved_elsewhere_under_the_old_id(
    team: Team, world: World, machine: Caller
) -> None:
    bob, kim = team.join(world.person("Bob"), "viewer"), team.join(world.person("Kim"), "viewer")
    move(machine, bob, "new-id")

    elsewhere, onto = move(machine, bob, "third-id"), move(machine, kim, bob)

    assert elsewhere.refusal == onto.refusal == (409, "conflict")
    assert elsewhere.body["to"] == onto.body["to"] == "new-id"


def test_moved_twice_the_first_id_leads_to_the_last(team: Team, world: World, machine: Caller) -> None:
    bob = team.join(world.person("Bob"), "admin")
    team.invite("zoe@example.com", "viewer", by=bob)

    move(machine, bob, "second-id")
    move(machine, "second-id", "third-id")

    event = next(event for event in log(team) if event["type"] == "invitation.sent")
    assert event["actor"] == {"type": "user", "id": bob.id, "name": "Bob", "email": "bob@example.com"}
    assert bob.put("/me").body["reason"] == anew(bob, "second-id").put("/me").body["reason"] == "subject_moved"
    assert move(machine, "third-id", bob).status == 204
    assert bob.put("/me").status == 200
    assert team.member(bob)["roles"] == ["admin"]


def test_two_persons_may_become_one(team: Team, world: World, machine: Caller) -> None:
    other = Team.found(world, world.person("Eve"), "Other")
    bob, bobby = team.join(world.person("Bob"), "viewer"), other.join(world.person("Bobby"), "admin")

    assert move(machine, bob, "new-id").status == move(machine, bobby, "new-id").status == 204

    assert team.founder.get(team.path("members", "new-id")).body["name"] == "Bob"
    assert other.founder.get(other.path("members", "new-id")).body["roles"] == ["admin"]


@pytest.mark.parametrize("erased", ["old", "new"])
def test_erasing_either_erases_both(team: Team, world: World, machine: Caller, erased: str) -> None:
    bob = team.join(world.person("Bob Baker", email="bob@secret.example.com"), "admin")
    team.invite("zoe@example.com", "viewer", by=bob)
    bob.post(team.path("invitations"), {"email": "kim@example.com", "roles": ["viewer"]}, Idempotency_Key="k")
    move(machine, bob, "new-id")

    assert world.machine("roster/users").delete(f"/users/{bob.id if erased == 'old' else 'new-id'}").status == 204

    assert team.founder.get(team.path("members", "new-id")).status == 404
    assert [item for item in world.items() if "Baker" in str(item) or "bob@secret" in str(item)] == []
    assert [item["pk"]["S"] for item in world.items() if item["pk"]["S"] in {f"USER#{bob.id}", "USER#new-id"}] == []
    event = next(event for event in log(team) if event["type"] == "invitation.sent")
    assert (event["actor"]["name"], event["sentence"].partition(" invited")[0]) == (None, "A former user")


def test_in_a_pack_that_caps_them_what_is_owned_goes_along_beyond_the_cap(deploy: Any) -> None:
    world: World = deploy("teams")
    machine, bob, kim = world.machine("roster/move"), world.person("Bob"), world.person("Kim")
    for person in (bob, kim):
        assert person.put("/me").status == 200  # a team of their own each
        for name in ("Second", "Third"):
            Team.found(world, person, name)

    assert move(machine, bob, kim).status == 204

    assert len(kim.get("/me/organizations").body["items"]) == 6
    refused = kim.post("/organizations", {"name": "Seventh"})
    assert refused.refusal == (409, "plan_limit")
    assert not kim.put("/me").body["can"]["create_organization"]


def test_the_default_organization_goes_along_and_there_is_no_second_one(deploy: Any) -> None:
    world: World = deploy("teams")
    machine, bob = world.machine("roster/move", "roster/users"), world.person("Bob Baker")
    default = bob.put("/me").body["active_organization_id"]
    new = anew(bob)

    move(machine, bob, new)

    assert new.put("/me").body["active_organization_id"] == default
    assert len(new.get("/me/organizations").body["items"]) == 1
    team = Team(world, default, new)
    team.join(world.person("Zoe"), "account_admin")
    assert new.post(team.path("transfer"), {"user_id": "user-2"}).status == 200
    assert machine.delete(f"/users/{new.id}").status == 204
    assert world.person("Zoe", sub="user-2").get(team.path()).body["name"] == "A former user's team"


def test_holders_of_custom_roles_are_not_counted_twice(team: Team, world: World, machine: Caller) -> None:
    team.plan("enterprise")
    role = team.founder.post(team.path("roles"), {"title": "Auditor", "permissions": ["activity:read"]}).body["id"]
    bob = team.join(world.person("Bob"), role)

    move(machine, bob, "new-id")

    assert team.founder.get(team.path("members", "new-id")).body["roles"] == [role]
    roles = team.founder.get(team.path("roles")).body["items"]
    assert [one["holders"] for one in roles if one["id"] == role] == [1]


def handed_over(team: Team, person: Caller, email: str = "eve@example.com") -> Caller:
    """Let somebody join by a link to another's invitation that was copied."""
    invitation = team.invite(email, "viewer")["id"]
    reply = person.post(team.path("invitations", invitation, "accept"), {"token": team.copied(invitation)})
    assert reply.status == 200, reply.text
    return person


def test_an_invitation_that_was_handed_over_goes_along_and_ends_with_the_membership(
    team: Team, world: World, machine: Caller
) -> None:
    bob = handed_over(team, world.person("Bob"))

    move(machine, bob, "new-id")

    joined = {item["user_id"]["S"] for item in world.items() if item["sk"]["S"].startswith("JOINED#")}
    assert joined == {team.founder.id, "new-id"}
    assert team.founder.delete(team.path("members", "new-id")).status == 204
    assert not [item for item in world.items() if item.get("user_id", {}).get("S") == "new-id"]


@pytest.mark.parametrize("earlier", [0, 1])
def test_an_invitation_that_gives_way_while_its_member_is_moved_is_theirs_no_longer(
    team: Team, world: World, machine: Caller, wire: Wire, earlier: int
) -> None:
    bob = handed_over(team, world.person("Bob"))
    anew = {"email": "eve@example.com", "roles": ["viewer"]}
    answers = list[int]()

    def invite_anew() -> None:
        answers.append(team.founder.post(team.path("invitations"), anew).status)

    wire.before("TransactWriteItems", *[lambda: None] * earlier, invite_anew)
    assert move(machine, bob, "new-id").status == 204

    assert answers == [201]
    assert team.founder.delete(team.path("members", "new-id")).status == 204
    assert not [item for item in world.items() if item.get("user_id", {}).get("S") == "new-id"]
