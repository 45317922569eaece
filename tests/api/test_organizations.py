"""Organizations: creating, reading, changing, deleting, and the caller's own list of them."""

import re
from collections.abc import Callable

import pytest

from roster.table.items import User
from tests.routes import pages_of
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World

PACKS = ("credentials", "teams", "certificates")
OTHERS = {
    "credentials": ("owner", "admin", "issuer", "viewer"),
    "teams": ("account_admin", "billing", "validation", "installer"),
    "certificates": ("admin", "manager", "user"),
}
DETAILS = {"credentials": {"owner", "admin"}, "teams": {"account_admin"}, "certificates": {"admin"}}
OWNING = {"credentials": {"owner"}, "teams": set[str](), "certificates": {"admin"}}


def mine(person: Caller, **query: object) -> list[tuple[str, bool]]:
    """The names of somebody's organizations, and which is active."""
    items = person.get("/me/organizations", **query).body["items"]
    return [(item["organization"]["name"], item["active"]) for item in items]


@pytest.mark.parametrize(
    ("pack", "plan", "limits", "role"),
    [
        ("credentials", "free", {"owners": 1, "members": None}, "owner"),
        ("teams", "standard", {"owners": 1, "members": None}, "owner"),
        ("certificates", "free", {"owners": None, "members": 1}, "admin"),
    ],
)
def test_a_new_organization_is_on_the_first_plan_and_owned_by_who_created_it(
    deploy: Callable[[str], World], pack: str, plan: str, limits: dict[str, int | None], role: str
) -> None:
    world = deploy(pack)
    ada = world.person("Ada")

    reply = ada.post("/organizations", {"name": "  Acme GmbH & Söhne  "})

    founded = reply.body
    assert reply.status == 201
    assert reply.headers["location"] == f"https://api.example.com/organizations/{founded['id']}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", founded["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", founded["created_at"])
    assert founded == {
        "id": founded["id"],
        "name": "Acme GmbH & Söhne",
        "pack": pack,
        "plan": plan,
        "plan_title": plan.title(),
        "upgrade_url": "https://example.com/upgrade",
        "several_roles": pack == "teams",
        "locale": None,
        "email_notifications": True,
        "member_count": 1,
        "owner_count": 1,
        "limits": limits,
        "external_id": None,
        "metadata": {},
        "created_at": founded["created_at"],
    }
    again = ada.get(f"/organizations/{founded['id']}")
    assert (again.status, again.body, again.headers["etag"]) == (200, founded, reply.headers["etag"])
    (member,) = ada.get(f"/organizations/{founded['id']}/members").body["items"]
    assert (member["user_id"], member["roles"], member["invited_by"]) == (ada.id, [role], None)
    assert [event.type for event in world.events(founded["id"])] == ["organization.created"]


def test_a_name_has_1_to_100_characters(world: World) -> None:
    ada = world.person("Ada")

    for name in ("A", "x" * 100, "🦉" * 100, "http:/ and ww.", "Ünïcödé"):
        assert ada.post("/organizations", {"name": f" {name}\n"}).body["name"] == name


def test_two_organizations_may_have_one_name(world: World) -> None:
    ada = world.person("Ada")

    assert Team.found(world, ada).id != Team.found(world, ada).id


def test_its_address_is_the_deployments_whatever_a_header_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = world.person("Ada")
    lies = {"Host": "evil.example.com", "X_Forwarded_Host": "evil.example.com", "Forwarded": "host=evil.example.com"}

    assert (
        ada.post("/organizations", {"name": "One"}, **lies).headers["location"].startswith("https://api.example.com/")
    )
    monkeypatch.setenv("PUBLIC_URL", "")  # then the gateway's own
    reply = ada.post("/organizations", {"name": "Two"}, **lies)
    assert reply.headers["location"] == f"https://local.execute-api.localhost/organizations/{reply.body['id']}"


def test_two_that_are_created_at_once_both_count_towards_the_ten_of_a_day(world: World, wire: Wire) -> None:
    ada = world.person("Ada")
    Team.found(world, ada)

    def found() -> None:
        Team.found(world, ada)

    wire.before("TransactWriteItems", found)
    found()

    (user,) = (item for item in world.items() if item["sk"] == {"S": "USER"})
    assert user["creations_that_day"] == {"N": "3"}


@pytest.mark.parametrize("pack", PACKS)
def test_everybody_in_it_sees_it_and_changes_and_ends_of_it_what_their_role_may(
    deploy: Callable[[str], World], pack: str
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")

    for role, person in team.staff(*OTHERS[pack]).items():
        assert person.get(team.path()).body == team.organization()
        renamed = person.patch(team.path(), {"name": f"Acme of {role}"})
        worded = person.patch(team.path(), {"locale": f"de-x-{role[:5]}"})
        switched = person.patch(team.path(), {"email_notifications": False})
        if role in DETAILS[pack]:
            assert (renamed.status, team.organization()["name"]) == (200, f"Acme of {role}")
            assert (worded.status, team.organization()["locale"]) == (200, f"de-x-{role[:5]}")
        else:
            assert_not_permitted(renamed, "organization:update")
            assert_not_permitted(worded, "organization:update")
        if role in OWNING[pack]:
            assert (switched.status, team.organization()["email_notifications"]) == (200, False)
        else:
            assert_not_permitted(switched, "organization:notifications")
            assert_not_permitted(person.delete(team.path()), "organization:delete")
    assert team.founder.delete(team.path()).status == 204


def assert_not_permitted(reply: Reply, permission: str) -> None:
    """A refusal for want of a permission."""
    assert reply.refusal == (403, "forbidden")
    assert (reply.body["reason"], reply.body["permission"]) == ("permission_missing", permission)


def test_who_may_change_one_thing_but_not_the_other_changes_neither(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")

    reply = bob.patch(team.path(), {"name": "Bob's", "email_notifications": False})

    assert reply.refusal == (403, "forbidden")
    assert team.organization()["name"] == "Acme"


def test_a_change_changes_what_it_names_and_is_one_event(team: Team) -> None:
    before = team.organization()

    reply = team.founder.patch(team.path(), {"name": " Acme Two ", "email_notifications": None})
    assert reply.body == before | {"name": "Acme Two"}
    reply = team.founder.patch(team.path(), {"name": "Acme Three", "email_notifications": False})
    assert reply.body == before | {"name": "Acme Three", "email_notifications": False}

    assert team.event_types() == ["organization.created", "organization.updated", "organization.updated"]


def test_a_language_is_given_at_creating_changed_and_taken_back_by_null(world: World) -> None:
    ada = world.person("Ada")
    created = ada.post("/organizations", {"name": "Acme", "locale": "de-at"}).body
    team = Team(world, created["id"], ada)
    assert created["locale"] == team.organization()["locale"] == "de-AT"

    for sent, kept in (("fr", "fr"), (None, None), ("zh-hant", "zh-Hant")):
        assert ada.patch(team.path(), {"locale": sent}).body["locale"] == team.organization()["locale"] == kept
    event = ada.get(team.path("activity")).body["items"][0]
    assert (event["type"], event["data"]) == ("organization.updated", {"changed": ["locale"]})
    assert event["sentence"] == "Ada changed the language of Acme."
    assert team.event_types() == ["organization.created", *["organization.updated"] * 3]

    both = {"name": "Acme Two", "locale": "de"}
    assert ada.patch(team.path(), both).body.items() >= both.items()
    assert world.events(team.id)[-1].data == {"changed": ["locale", "name"]}


def test_a_machine_gives_a_language_at_creating_and_changes_none(world: World) -> None:
    machine, owner = world.machine("roster/provision"), {"user_id": "zoe", "email": "zoe@example.com"}

    created = machine.post("/organizations", {"name": "Acme", "owner": owner, "locale": "DE"}).body

    assert created["locale"] == "de"
    assert machine.patch(f"/organizations/{created['id']}", {"locale": "fr"}).fields == ["locale"]


def test_a_default_organization_has_no_language_of_its_own(deploy: Callable[[str], World]) -> None:
    world = deploy("teams")
    ada = world.person("Ada", locale="de")

    team = Team(world, ada.put("/me").body["active_organization_id"], ada)

    assert team.organization()["locale"] is None


@pytest.mark.parametrize(
    "body",
    [{}, {"name": None}, {"name": " Acme "}, {"name": "Acme", "email_notifications": True}, {"locale": None}],
    ids=repr,
)
def test_nothing_to_change_is_the_usual_success_without_an_event(
    team: Team, world: World, body: dict[str, object]
) -> None:
    before = world.items()

    reply = team.founder.patch(team.path(), body)

    assert (reply.status, reply.body) == (200, team.organization())
    assert reply.headers["etag"] == team.founder.get(team.path()).headers["etag"]
    assert world.items() == before


def test_who_may_not_change_it_is_refused_though_there_is_nothing_to_change(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")

    assert bob.patch(team.path(), {"name": "Acme"}).refusal == (403, "forbidden")
    assert bob.patch(team.path(), {}).refusal == (403, "forbidden")


def test_counts_are_of_members_as_they_are(team: Team) -> None:
    team.plan("professional")
    people = team.staff("owner", "viewer")
    team.invite("zoe@example.com", "viewer")
    assert (team.organization()["member_count"], team.organization()["owner_count"]) == (3, 2)

    people["owner"].put(team.path("members", "me", "roles"), {"roles": ["admin"]})
    people["viewer"].post(team.path("leave"))

    assert (team.organization()["member_count"], team.organization()["owner_count"]) == (2, 1)


def test_a_deleted_organization_is_one_that_does_not_exist(team: Team, world: World) -> None:
    bob, zoe = team.join(world.person("Bob"), "admin"), world.person("Zoe")
    invitation = team.invite(zoe.email, "viewer")
    token = team.token(invitation["id"])

    deleted = team.founder.delete(team.path())

    assert (deleted.status, deleted.text) == (204, "")
    for person in (team.founder, bob):
        assert person.get(team.path()).refusal == (404, "not_found")
        assert person.get(team.path("members")).refusal == (404, "not_found")
        assert person.get(team.path("activity")).refusal == (404, "not_found")
        assert person.post(team.path("leave")).refusal == (404, "not_found")
        assert mine(person) == []
    assert team.founder.delete(team.path()).refusal == (404, "not_found")
    assert zoe.get("/me/invitations").body["items"] == []
    assert zoe.post(team.path("invitations", invitation["id"], "accept")).refusal == (404, "not_found")
    assert zoe.post(team.path("invitations", invitation["id"], "decline"), {"token": token}).status == 404
    assert world.call("POST", "/invitations/preview", body={"token": token}).refusal == (404, "not_found")
    assert world.machine("roster/billing").put(team.path("plan"), {"plan": "enterprise"}).status == 404
    assert team.event_types()[-1] == "organization.deleted"


def test_ones_own_are_listed_in_the_order_of_joining(team: Team, world: World) -> None:
    bob = world.person("Bob")
    own = Team.found(world, bob, "Bob's")
    team.plan("professional")
    team.join(bob, "owner")

    listed = bob.get("/me/organizations").body

    assert listed == {
        "items": [
            {
                "organization": {"id": own.id, "name": "Bob's", "pack": "credentials", "plan": "free"},
                "roles": ["owner"],
                "role_titles": ["Owner"],
                "active": True,
                "joined_at": own.member(bob)["joined_at"],
            },
            {
                "organization": {"id": team.id, "name": "Acme", "pack": "credentials", "plan": "professional"},
                "roles": ["owner"],
                "role_titles": ["Owner"],
                "active": False,
                "joined_at": team.member(bob)["joined_at"],
            },
        ],
        "next_cursor": None,
    }
    assert mine(world.person("Eve")) == []


def test_ones_own_come_in_pages(world: World) -> None:
    ada = world.person("Ada")
    names = ["One", "Two", "Three", "Four", "Five"]
    for name in names:
        Team.found(world, ada, name)

    pages = list(pages_of(ada, "/me/organizations", limit=2))

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [item["organization"]["name"] for page in pages for item in page] == names
    assert [item["active"] for page in pages for item in page] == [True, False, False, False, False]


def test_the_first_that_is_left_is_the_active_one(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    own = Team.found(world, bob, "Bob's")
    Team.found(world, bob, "Bob's other")
    assert mine(bob) == [("Acme", True), ("Bob's", False), ("Bob's other", False)]

    bob.post(team.path("leave"))
    assert mine(bob) == [("Bob's", True), ("Bob's other", False)]
    bob.delete(own.path())
    assert mine(bob) == [("Bob's other", True)]


def test_the_one_chosen_is_active_until_it_is_no_longer_there(team: Team) -> None:
    second = Team.found(team.world, team.founder, "Second")
    User.get(*User.key(team.founder.id)).update(actions=[User.active_organization.set(second.id)])
    assert mine(team.founder) == [("Acme", False), ("Second", True)]

    team.founder.delete(second.path())

    assert mine(team.founder) == [("Acme", True)]
