"""Sentences: one for every type, with names as they are now."""

from typing import Any

import pytest

from roster.activity import NOUNS, SENTENCES, sentence
from roster.table.commit import Change
from roster.table.items import Event, User
from tests.activity.records import log
from tests.world import Team, World

# Actor, target and data as each type has them, and what is said.
SAID: dict[str, tuple[dict[str, Any], str]] = {
    "organization.created": ({}, "Ada created Bob."),
    "organization.updated": (
        {"changed": ["email_notifications", "name"]},
        "Ada changed the mail setting and the name of Bob.",
    ),
    "organization.plan_changed": ({"from": "free", "to": "pro"}, "Ada moved Bob from the plan free to pro."),
    "organization.ownership_transferred": ({"from": "a", "to": "b"}, "Ada transferred the ownership to Bob."),
    "organization.migrated": (
        {"plan": {"from": "pro", "to": "business"}, "members": 3},
        "Ada moved Bob to a changed pack, where its plan is called business.",
    ),
    "organization.deleted": ({}, "Ada deleted Bob."),
    "invitation.sent": ({"roles": ["billing", "installer"]}, "Ada invited Bob as billing and installer."),
    "invitation.resent": ({}, "Ada sent the invitation of Bob again."),
    "invitation.link_copied": ({}, "Ada copied a link to the invitation of Bob."),
    "invitation.accepted": ({"roles": ["viewer"]}, "Ada joined as viewer."),
    "invitation.declined": ({}, "Bob declined the invitation."),
    "invitation.canceled": ({}, "Ada canceled the invitation of Bob."),
    "invitation.expired": ({}, "The invitation of Bob expired."),
    "invitation.bounced": ({}, "The mail to Bob came back."),
    "invitation.complained": ({}, "The mail to Bob was reported as unwanted."),
    "member.added": ({"roles": ["viewer"]}, "Ada added Bob as viewer."),
    "member.removed": ({}, "Ada removed Bob."),
    "member.left": ({}, "Ada left."),
    "member.roles_changed": (
        {"from": ["viewer"], "to": ["admin"]},
        "Ada changed the roles of Bob from viewer to admin.",
    ),
    "member.moved": ({"from": "a", "to": "b"}, "Ada moved Bob to another user id."),
    "role.created": ({}, "Ada created the role Bob."),
    "role.updated": ({}, "Ada changed the role Bob."),
    "role.deleted": ({}, "Ada deleted the role Bob."),
    "user.signed_in": ({}, "Ada signed in."),
}


def test_there_is_a_sentence_for_every_type() -> None:
    assert SENTENCES.keys() == SAID.keys()
    assert sorted(NOUNS) == ["invitation", "member", "organization", "role", "user"]


@pytest.mark.parametrize("event_type", SAID)
def test_a_sentence_says_what_happened(event_type: str) -> None:
    data, said = SAID[event_type]

    assert sentence(event_type, "Ada", "Bob", data) == said
    assert sentence(event_type, "a former user", "an address no longer kept", {})  # whatever is missing


def test_of_a_product_it_says_what_its_type_says() -> None:
    assert sentence("credential.bulk_issued", "a former user", "Class of 2026", {}) == (
        "A former user bulk issued the credential (Class of 2026)."
    )


def test_who_has_no_name_is_someone_and_who_is_gone_a_former_user(team: Team, world: World) -> None:
    eve = team.join(world.person(None, email="eve@example.com"), "viewer")
    assert log(team)[0]["sentence"] == "Someone joined as Viewer."

    User(*User.key(eve.id)).delete()

    (event,) = log(team, actor=eve.id)
    assert event["sentence"] == "A former user joined as Viewer."
    assert event["actor"] == {"type": "user", "id": eve.id, "name": None, "email": None}


@pytest.mark.parametrize(
    ("role", "title", "said"),
    [("viewer", "Viewer", "Roster created the role Viewer."), ("gone", None, "Roster created the role gone.")],
)
def test_the_system_is_roster_and_a_role_goes_by_its_title(team: Team, role: str, title: str | None, said: str) -> None:
    key = Event.key(team.id, "")
    event = Event(*key, type="role.created", actor_type="system", target_type="role", target_id=role)
    Change(event, kept=None).commit()

    told, *_ = log(team)

    assert told["actor"] == {"type": "system", "id": None, "name": None, "email": None}
    assert told["target"] == {"type": "role", "id": role, "name": title}
    assert told["sentence"] == said
