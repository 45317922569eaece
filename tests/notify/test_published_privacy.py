"""What leaves by the bus: every type of event, as it is documented, and nothing that somebody wrote or is called."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from functions.notify.publish import SHOWN
from roster.activity import SENTENCES
from tests.notify.publisher import Publisher
from tests.notify.ses import ses_event
from tests.packs.changing import Edit, Migrate
from tests.world import Caller, Team, World

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "event.schema.json").read_text())
GUIDE = (DOCS / "events.md").read_text()
CANARY = "Canary"  # stands in every name, address, title and message that anybody writes below


@pytest.fixture
def published(world: World, publisher: Publisher, edit: Edit, migrated: Migrate) -> list[dict[str, Any]]:
    """What was published of a life in which everything happens once."""
    team = _live(world)
    _migrate(team, edit, migrated)
    assert team.founder.delete(team.path()).status == 204
    assert publisher.deliver() == []
    return publisher.details


def test_every_type_of_event_is_published(published: list[dict[str, Any]]) -> None:
    assert {detail["type"] for detail in published} == SENTENCES.keys()


def test_no_name_no_address_and_no_word_that_somebody_wrote_is_published(published: list[dict[str, Any]]) -> None:
    said = json.dumps(published)

    assert CANARY.lower() not in said.lower()
    assert not re.search(r"@|\.example|://", said)


def test_what_is_kept_of_an_event_is_published_or_held_back_by_name(
    world: World, published: list[dict[str, Any]]
) -> None:
    kept = {name for detail in published for name in _stored(world, detail)}

    assert kept == SHOWN - {"continues"} | {"title"}  # which more than 90 members or invitations would have


def test_every_event_has_the_documented_shape(published: list[dict[str, Any]]) -> None:
    validator = jsonschema_rs.validator_for(SCHEMA)

    for detail in published:
        validator.validate(detail)
        assert validator.is_valid(detail | {"new": 1})  # which a version may bring


def test_the_guide_lists_each_type_with_its_data(published: list[dict[str, Any]]) -> None:
    listed = dict(re.findall(r"^\| `(\w+\.\w+)` \|[^|]*\|([^|]*)\|$", GUIDE, re.MULTILINE))

    assert listed.keys() == SENTENCES.keys()
    for detail in published:
        assert detail["data"].keys() <= set(re.findall(r"`(\w+)`", listed[detail["type"]])), detail["type"]


def _stored(world: World, detail: dict[str, Any]) -> dict[str, Any]:
    (event,) = (event for event in world.events(detail["organization_id"]) if event.id == detail["id"])
    data: dict[str, Any] = event.data
    return data


def _live(world: World) -> Team:
    """Let everything happen to an organization, once at least, with a canary in all that people say."""
    team = Team.found(world, _person(world, "Ada"), f"{CANARY} and Sons")
    team.plan("enterprise")
    people = {role: team.join(_person(world, role), role) for role in ("owner", "admin", "viewer")}
    _settings(team)
    _invitations(team, people["admin"])
    _members(team, people)
    _mails(team)
    return team


def _person(world: World, name: str) -> Caller:
    return world.person(f"{CANARY} {name}", sub=f"user-of-{name.lower()}", auth_time="1769860000")


def _settings(team: Team) -> None:
    founder, machine = team.founder, team.world.machine("roster/provision")
    done = [
        founder.patch(team.path(), {"name": f"{CANARY} Ltd", "locale": "de", "email_notifications": False}),
        founder.patch(team.path(), {"email_notifications": True}),
        machine.patch(team.path(), {"external_id": f"{CANARY}-1", "metadata": {CANARY: CANARY}}),
        role := founder.post(team.path("roles"), {"title": f"{CANARY} role", "permissions": ["organization:read"]}),
        founder.put(
            team.path("roles", role.body["id"]),
            {"title": f"{CANARY} two", "description": CANARY, "permissions": ["organization:read", "members:read"]},
        ),
        founder.delete(team.path("roles", role.body["id"])),
        founder.put("/me"),
    ]
    assert all(reply.status < 300 for reply in done)


def _invitations(team: Team, admin: Caller) -> None:
    guests = [_person(team.world, name) for name in ("Carl", "Dan", "Eve", "Fay")]
    by_hand, declined, canceled, resent = (
        team.invite(guest.email, "viewer", by=admin, message=f"{CANARY}!")["id"] for guest in guests
    )
    copied = {"token": team.copied(by_hand, admin)}
    done = [
        _person(team.world, "Sam").post(team.path("invitations", by_hand, "decline"), copied),
        guests[1].post(team.path("invitations", declined, "decline")),
        admin.delete(team.path("invitations", canceled)),
        admin.post(team.path("invitations", resent, "resend"), {"roles": ["issuer"], "message": f"{CANARY}?"}),
    ]
    assert all(reply.status < 300 for reply in done)
    with team.world.later(days=30):
        assert team.world.invoke("cleanup/expire", {})["expired"] == 1


def _members(team: Team, people: dict[str, Caller]) -> None:
    machine = team.world.machine("roster/provision", "roster/move")
    added = {"email": f"{CANARY}.new@example.com", "name": f"{CANARY} New", "roles": ["viewer"]}
    done = [
        machine.put(team.path("members", "new"), added),
        team.founder.put(team.path("members", people["viewer"].id, "roles"), {"roles": ["issuer"]}),
        machine.post(f"/users/{people['viewer'].id}/move", {"to": "another-id"}),
        team.founder.delete(team.path("members", "another-id")),
        people["admin"].post(team.path("leave")),
        people["owner"].post(team.path("transfer"), {"user_id": "new"}),
    ]
    assert all(reply.status < 300 for reply in done), [reply.text for reply in done]


def _migrate(team: Team, edit: Edit, migrated: Migrate) -> None:
    """Let the operator move the organization to another pack, in which all is called otherwise."""
    team.join(_person(team.world, "Ida"), "viewer")
    team.invite(f"{CANARY}.Jim@example.com", "viewer")
    plan = '"Enterprise"\nowners = '
    renames = ((f'"{name}"', f'"{name}s"') for name in ("viewer", "enterprise"))
    edit("credentials", *renames, (f'{plan}"unlimited"', f"{plan}50"), named="badges")
    options = ("--role", "viewer=viewers", "--plan", "enterprise=enterprises", "--from-pack", "credentials")
    assert migrated(*options, pack="badges") == 0


def _mails(team: Team) -> None:
    """Let one mail come back, and another be complained of."""
    for name, fate in (("Gus", "Email Bounced"), ("Hal", "Email Complaint Received")):
        invitation = team.invite(f"{CANARY}.{name}@example.com", "viewer")["id"]
        tags = {"organization": team.id, "invitation": invitation, "link": team.token(invitation).split(".")[2]}
        team.world.invoke("notify/feedback", ses_event(fate, tags))
