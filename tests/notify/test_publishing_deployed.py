"""What template.yaml deploys to publish events, and that without a bus it deploys nothing of it."""

import json
import re
from typing import Any

import pytest

from local.template import translate
from tests.test_template import PARAMETERS, PUBLISHER, functions, sources, statements, who_may


@pytest.fixture(scope="module")
def translated() -> dict[str, Any]:
    return translate(PARAMETERS)


def test_the_publisher_reads_the_stream_and_puts_events_on_its_bus_and_does_nothing_else(
    translated: dict[str, Any],
) -> None:
    allowed = [
        (action, one["Resource"])
        for one in statements(translated, functions(translated)[PUBLISHER])
        for action in (one["Action"] if isinstance(one["Action"], list) else [one["Action"]])
    ]

    (bus,) = (resource for action, resource in allowed if action == "events:PutEvents")
    own = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${EventBus}"
    assert bus == {"Fn::If": ["EventBusIsArn", {"Ref": "EventBus"}, {"Fn::Sub": own}]}
    assert who_may(translated, "events:PutEvents") == {PUBLISHER}
    stream = {f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")}
    others = {"logs:CreateLogStream", "logs:PutLogEvents", "s3:PutObject", "s3:ListBucket", "events:PutEvents"}
    assert {action for action, _ in allowed} == stream | others


def test_the_publisher_misses_nothing_and_gives_up_before_the_stream_forgets(translated: dict[str, Any]) -> None:
    source = sources(translated)[PUBLISHER]

    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert 60 * 60 < source["MaximumRecordAgeInSeconds"] < 24 * 60 * 60


def without_a_bus(part: dict[str, Any]) -> Any:
    """What there is of a part of the template where the condition does not hold."""
    return part["Fn::If"][2] if part.get("Fn::If", [""])[0] == "HasEventBus" else part


def test_without_a_bus_nothing_is_created_for_it(translated: dict[str, Any]) -> None:
    every = translated["Resources"] | translated["Outputs"]

    conditional = {name for name, one in every.items() if one.get("Condition") == "HasEventBus"}

    always = json.dumps({name: one for name, one in every.items() if name not in conditional})
    assert "Publish" not in json.dumps(json.loads(always, object_hook=without_a_bus))
    assert conditional == {name for name in every if "Publish" in name or name.startswith("Event")}
    assert translated["Conditions"]["HasEventBus"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "EventBus"}, ""]}]}
    assert translated["Parameters"]["EventBus"]["Default"] == ""


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        *(("", True), ("default", True), ("roster/events.v1", True), ("a b", False), ("arn:aws:sns:r:1:x", False)),
        ("arn:aws:events:us-east-1:123456789012:event-bus/roster", True),
        ("arn:aws:events:us-east-1:123456789012:rule/roster", False),
    ],
)
def test_a_bus_is_named_or_has_an_arn(translated: dict[str, Any], name: str, *, taken: bool) -> None:
    assert bool(re.fullmatch(translated["Parameters"]["EventBus"]["AllowedPattern"], name)) is taken
