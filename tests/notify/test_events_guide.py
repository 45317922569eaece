"""docs/events.md: its patterns let through what it says, and its template is one."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint  # type: ignore[import-untyped]
from moto.events.models import EventPattern, EventPatternParser

from roster.activity import SENTENCES

GUIDE = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
RULES = GUIDE[GUIDE.index("## Rules") : GUIDE.index("## A webhook")]
PATTERNS = dict(re.findall(r"^(\S.*):\n\n```json\n(.*)\n```$", RULES, re.MULTILINE))
MEMBERS = {event_type for event_type in SENTENCES if event_type.startswith("member.")}


def event(event_type: str, **detail: Any) -> Any:
    """As the bus hands it over."""
    return {
        "source": "roster",
        "detail-type": event_type,
        "resources": ["arn:aws:dynamodb:us-east-1:123456789012:table/roster-Table-1A2B3C"],
        "detail": {
            "version": 1,
            "type": event_type,
            "organization_id": "259ef6561bd24aa7b904a3ddc849f6b2",
            "actor": {"type": "user", "id": "ann"},
            "data": {},
        }
        | detail,
    }


def let_through(wish: str, **detail: Any) -> set[str]:
    """Which types of event the pattern for a wish lets through."""
    pattern = EventPattern(PATTERNS[wish], EventPatternParser(PATTERNS[wish]).parse())
    assert not any(pattern.matches_event(event(each, **detail) | {"source": "shop"}) for each in SENTENCES)
    return {each for each in SENTENCES if pattern.matches_event(event(each, **detail))}


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("Everything, from this deployment alone", {*SENTENCES}),
        (
            "Create something for each new organization, and clear it up in the end",
            {"organization.created", "organization.deleted"},
        ),
        (
            "Somebody has joined, or is gone",
            {"invitation.accepted", "member.added", "member.removed", "member.left"},
        ),
        (
            "Somebody may do more or less than before, or has another id",
            {"member.roles_changed", "organization.ownership_transferred", "member.moved"},
        ),
        (
            "Billing: the plan has changed, or the number of seats",
            {"organization.plan_changed", "invitation.accepted"} | MEMBERS,
        ),
        ("Mail that did not arrive", {"invitation.bounced", "invitation.complained"}),
        (
            "What people did, without machines and without Roster itself, and without sign-ins",
            SENTENCES.keys() - {"user.signed_in"},
        ),
        ("One organization only", {*SENTENCES}),
        ("Somebody became an administrator", set()),
    ],
)
def test_a_pattern_lets_through_what_it_is_for(wish: str, expected: set[str]) -> None:
    assert let_through(wish) == expected


def test_every_pattern_is_tried() -> None:
    assert len(PATTERNS) == RULES.count("```json") == 9


def test_a_pattern_tells_deployments_versions_organizations_and_actors_apart() -> None:
    other = event("member.left") | {"resources": ["arn:aws:dynamodb:us-east-1:123456789012:table/other"]}
    everything = EventPattern("", json.loads(PATTERNS["Everything, from this deployment alone"]))

    assert not everything.matches_event(other)
    assert let_through("Everything, from this deployment alone", version=2) == set()
    assert let_through("One organization only", organization_id="another") == set()
    assert (
        let_through(
            "What people did, without machines and without Roster itself, and without sign-ins",
            actor={"type": "machine", "id": "billing"},
        )
        == set()
    )


def test_who_became_an_administrator_is_told_by_their_roles() -> None:
    wish = "Somebody became an administrator"

    assert "member.roles_changed" in let_through(wish, data={"from": ["viewer"], "to": ["admin"]})
    assert let_through(wish, data={"from": ["admin"], "to": ["viewer"]}) == set()
    assert let_through(wish, data={"roles": ["admin"]}) == {"invitation.accepted", "member.added"}


def test_the_webhooks_template_is_valid() -> None:
    (template,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)

    assert lint(template) == []
