"""The activity log: one event for each change, none for a refusal, and who reads it."""

import re
from collections.abc import Callable

import pytest

from tests.routes import pages_of
from tests.world import Caller, Team, World

READERS = {
    "credentials": {"owner": True, "admin": True, "issuer": False},
    "teams": {"account_admin": True, "billing": False},
    "certificates": {"admin": True, "manager": False},
}


def log(team: Team, by: Caller | None = None, **query: object) -> list[dict[str, object]]:
    """What the log shows, newest first."""
    items: list[dict[str, object]] = (by or team.founder).get(team.path("activity"), **query).body["items"]
    return items


def test_each_change_is_one_event_that_reads_as_a_sentence(team: Team, world: World) -> None:
    bob, zoe, eve = world.person("Bob"), world.person("Zoe"), world.person(None, email="eve@example.com")
    world.machine("roster/billing").put(team.path("plan"), {"plan": "professional"})
    team.founder.patch(team.path(), {"name": "Acme Two"})
    team.founder.patch(team.path(), {"name": "Acme Three", "email_notifications": False})
    team.join(bob, "admin")
    team.join(eve, "viewer")
    invitation = team.invite(zoe.email, "viewer", by=bob)
    bob.post(team.path("invitations", invitation["id"], "resend"))
    zoe.post(team.path("invitations", invitation["id"], "decline"))
    invitation = team.invite(zoe.email, "viewer", by=bob)
    bob.delete(team.path("invitations", invitation["id"]))
    team.founder.put(team.path("members", eve.id, "roles"), {"roles": ["issuer"]})
    bob.delete(team.path("members", eve.id))
    bob.post(team.path("leave"))

    events = log(team)

    assert [(event["type"], event["sentence"]) for event in reversed(events)] == [
        ("organization.created", "Ada created Acme Three."),
        ("organization.plan_changed", "Billing moved Acme Three from the plan free to professional."),
        ("organization.updated", "Ada changed the name of Acme Three."),
        ("organization.updated", "Ada changed the mail setting and the name of Acme Three."),
        ("invitation.sent", "Ada invited an address no longer kept as Admin."),
        ("invitation.accepted", "Bob joined as Admin."),
        ("invitation.sent", "Ada invited an address no longer kept as Viewer."),
        ("invitation.accepted", "Someone joined as Viewer."),
        ("invitation.sent", "Bob invited zoe@example.com as Viewer."),
        ("invitation.resent", "Bob sent the invitation of zoe@example.com again."),
        ("invitation.declined", "Zoe@example.com declined the invitation."),
        ("invitation.sent", "Bob invited zoe@example.com as Viewer."),
        ("invitation.canceled", "Bob canceled the invitation of zoe@example.com."),
        ("member.roles_changed", "Ada changed the roles of Someone from Viewer to Issuer."),
        ("member.removed", "Bob removed Someone."),
        ("member.left", "Bob left."),
    ]
    for event in events:
        assert event.keys() == {
            *("id", "type", "at", "occurred_at", "actor", "via"),
            *("target", "data", "sentence", "request_id"),
        }
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(event["at"]))
        assert event["occurred_at"] == event["at"]
        assert event["via"] is None
        assert event["request_id"]
    assert len({event["id"] for event in events}) == len(events)


def test_an_event_tells_who_did_what_to_whom(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    team.founder.put(team.path("members", bob.id, "roles"), {"roles": ["admin"]})

    event, *_ = log(team)

    assert event["actor"] == {"type": "user", "id": team.founder.id, "name": "Ada", "email": "ada@example.com"}
    assert event["target"] == {"type": "member", "id": bob.id, "name": "Bob"}
    assert event["data"] == {"from": ["viewer"], "to": ["admin"]}


def test_names_are_those_of_today_and_none_are_kept(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob Baker"), "viewer")  # no id can spell that
    bob.post(team.path("leave"))
    Team.found(world, world.person("Robert", sub=bob.id))

    assert log(team)[0]["sentence"] == "Robert left."
    assert all("Bob Baker" not in str(event.attribute_values) for event in world.events(team.id))


def test_a_refused_change_leaves_no_event(team: Team, world: World) -> None:
    people = team.staff("admin", "viewer")
    before = world.items()

    refused = (
        people["viewer"].patch(team.path(), {"name": "Mine"}),
        people["viewer"].delete(team.path("members", people["admin"].id)),
        people["admin"].delete(team.path("members", team.founder.id)),
        people["admin"].put(team.path("members", people["viewer"].id, "roles"), {"roles": ["admin"]}),
        people["admin"].delete(team.path()),
        people["admin"].post(team.path("invitations"), {"email": "zoe@example.com", "roles": ["owner"]}),
        team.founder.post(team.path("leave")),
        team.founder.post(team.path("invitations"), {"email": people["admin"].email, "roles": ["viewer"]}),
        team.founder.put(team.path("members", people["admin"].id, "roles"), {"roles": ["owner"]}),
        world.person("Eve").delete(team.path()),
    )

    assert {reply.status for reply in refused} == {403, 404, 409}
    assert world.items() == before


@pytest.mark.parametrize("pack", READERS)
def test_who_reads_the_log(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")

    for role, person in team.staff(*READERS[pack]).items():
        reply = person.get(team.path("activity"))
        if READERS[pack][role]:
            assert reply.body["items"] == log(team)
        else:
            assert reply.refusal == (403, "forbidden")
            assert (reply.body["reason"], reply.body["permission"]) == ("permission_missing", "activity:read")


def test_the_log_is_newest_first_and_comes_in_pages_each_event_once(team: Team) -> None:
    for number in range(5):
        team.founder.patch(team.path(), {"name": f"Acme {number}"})

    whole = [str(event["id"]) for event in log(team)]

    assert len(whole) == 6
    assert whole == sorted(whole, reverse=True)
    for limit in (1, 4, 6):
        pages = [[event["id"] for event in page] for page in pages_of(team.founder, team.path("activity"), limit=limit)]
        assert [id_ for page in pages for id_ in page] == whole
        assert all(len(page) <= limit for page in pages)


def test_a_page_goes_on_where_it_ended_whatever_happens_meanwhile(team: Team) -> None:
    team.founder.patch(team.path(), {"name": "Second"})
    team.founder.patch(team.path(), {"name": "Third"})
    first = team.founder.get(team.path("activity"), limit=2).body

    team.founder.patch(team.path(), {"name": "Fourth"})

    (rest,) = log(team, cursor=first["next_cursor"])
    assert rest["type"] == "organization.created"


def test_the_log_of_one_organization_is_not_that_of_another(team: Team, world: World) -> None:
    other = Team.found(world, team.founder, "Other")
    team.founder.patch(team.path(), {"name": "Acme Two"})
    cursor = team.founder.get(team.path("activity"), limit=1).body["next_cursor"]

    assert [event["type"] for event in log(other)] == ["organization.created"]
    assert [event["type"] for event in log(other, cursor=cursor)] in ([], ["organization.created"])
