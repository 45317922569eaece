"""Alarms: each watches metrics that are written, with the very dimensions that the code or AWS writes them with."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.deployment import STACKS
from tests.replay import Metric, replay

STACK = STACKS["credentials"]
ALARMS = {name: STACK._resources[name]["Properties"] for name in STACK._of_type("AWS::CloudWatch::Alarm")}
# AWS's own metrics, by the dimensions that its documentation lists them with: with an alarm on another one, add it.
OF_AWS: dict[str, dict[tuple[str, ...], set[str]]] = {
    "AWS/ApiGateway": {("ApiId",): {"4xx", "5xx", "Count", "DataProcessed", "IntegrationLatency", "Latency"}},
    "AWS/DynamoDB": {
        ("TableName",): {"ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents"}
        | {"WriteThrottleEvents", "TransactionConflict", "ConditionalCheckFailedRequests"},
        ("GlobalSecondaryIndexName", "TableName"): {"ReadThrottleEvents", "WriteThrottleEvents"},
    },
    "AWS/Events": {("RuleName",): {"FailedInvocations", "InvocationsFailedToBeSentToDlq", "InvocationsSentToDlq"}},
    "AWS/Lambda": {
        (): {"ConcurrentExecutions", "Errors", "Invocations", "Throttles"},  # of all functions of an account and region
        ("FunctionName",): {"ConcurrentExecutions", "DestinationDeliveryFailures", "Duration", "Errors", "Invocations"}
        | {"IteratorAge", "Throttles"},
        ("FunctionName", "Resource"): {"Duration", "Errors", "Invocations", "IteratorAge", "Throttles"},
        ("EventSourceMappingUUID",): {"DroppedEventCount", "FailedInvokeEventCount"}
        | {"OnFailureDestinationDeliveredEventCount"},
    },
    "AWS/S3": {("BucketName", "StorageType"): {"NumberOfObjects"}},
    "AWS/SES": {("ses:configuration-set",): {"Reputation.BounceRate", "Reputation.ComplaintRate"}},
    "AWS/SQS": {("QueueName",): {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"}},
}
# What the value of a dimension refers to, and by which attribute; None is what `!Ref` gives.
REFERS: dict[str, tuple[str, str | None]] = {
    "ApiId": ("AWS::ApiGatewayV2::Api", None),
    "BucketName": ("AWS::S3::Bucket", None),
    "EventSourceMappingUUID": ("AWS::Lambda::EventSourceMapping", None),
    "FunctionName": ("AWS::Lambda::Function", None),
    "QueueName": ("AWS::SQS::Queue", "QueueName"),
    "RuleName": ("AWS::Events::Rule", None),
    "TableName": ("AWS::DynamoDB::Table", None),
    "ses:configuration-set": ("AWS::SES::ConfigurationSet", None),
}


def watched(alarm: Mapping[str, Any]) -> Iterator[tuple[Any, str, dict[str, Any]]]:
    """The metrics that an alarm looks at: namespace, name and dimensions, as the template has them."""
    parts = [part for part in alarm.get("Metrics", []) if "Expression" not in part]
    for metric in [part["MetricStat"]["Metric"] for part in parts] or [alarm]:
        dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
        yield metric["Namespace"], metric["MetricName"], dimensions


def filtered() -> Iterator[Metric]:
    """The metrics that CloudWatch makes of what is logged."""
    for name in STACK._of_type("AWS::Logs::MetricFilter"):
        for made in STACK._resources[name]["Properties"]["MetricTransformations"]:
            assert "Dimensions" not in made, "their values are in no template"
            yield Metric(STACK._resolve(made["MetricNamespace"]), made["MetricName"], frozenset())


def is_written(namespace: Any, name: str, dimensions: Mapping[str, Any]) -> bool:
    """Tell whether the code writes a metric, or AWS does of a resource of the template."""
    if not str(namespace).startswith("AWS/"):
        found = frozenset((key, str(STACK._resolve(value))) for key, value in dimensions.items())
        return Metric(STACK._resolve(namespace), name, found) in replay().metrics | set(filtered())
    if name not in OF_AWS.get(namespace, {}).get(tuple(sorted(dimensions)), set()):
        return False
    return all(names_a_resource(*one) for one in dimensions.items())


def names_a_resource(dimension: str, value: Any) -> bool:
    """Tell whether the value of a dimension leads to a resource of its kind."""
    match value:
        case {"Ref": resource}:
            attribute = None
        case {"Fn::GetAtt": [resource, attribute]}:
            pass
        case _ if dimension == "GlobalSecondaryIndexName":
            return value in [index["IndexName"] for index in STACK.table["GlobalSecondaryIndexes"]]
        case _:
            return dimension not in REFERS
    return (STACK._resources.get(resource, {}).get("Type"), attribute) == REFERS.get(dimension)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_what_is_written(name: str) -> None:
    unwritten = [metric for metric in watched(ALARMS[name]) if not is_written(*metric)]

    assert unwritten == []


@pytest.mark.parametrize(
    ("namespace", "name", "dimensions"),
    [
        ("Roster", "Lagg", {"service": "roster"}),
        ("Roster", "Lag", {"service": "other"}),
        ("Roster", "Lag", {}),
        ("AWS/Lambda", "Error", {"FunctionName": {"Ref": "NotifySend"}}),
        ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "Table"}}),
        ("AWS/Lambda", "Errors", {"FunctionName": "notify-send"}),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": {"Ref": "FeedbackDeadLetters"}}),
        (
            "AWS/DynamoDB",
            "WriteThrottleEvents",
            {"TableName": {"Ref": "Table"}, "GlobalSecondaryIndexName": "gsi9"},
        ),
    ],
    ids=["name", "value", "dimensions", "name of AWS's", "resource", "no resource", "a queue's address", "index"],
)
def test_what_nobody_writes_is_found_out(namespace: str, name: str, dimensions: dict[str, Any]) -> None:
    assert not is_written(namespace, name, dimensions)


def test_what_lambda_counts_of_a_stream_is_asked_for() -> None:
    """They are counted only where MetricsConfig says so."""
    asked = {
        value["Ref"]
        for alarm in ALARMS.values()
        for _, _, dimensions in watched(alarm)
        for dimension, value in dimensions.items()
        if dimension == "EventSourceMappingUUID"
    }

    assert asked
    for mapping in asked:
        assert STACK._resources[mapping]["Properties"]["MetricsConfig"]["Metrics"] == ["EventCount"]


def test_no_metric_of_the_code_names_anybody() -> None:
    """A dimension with an id in it would be a metric for each, at the price of one."""
    names = {name for metric in replay().metrics for name, _ in metric.dimensions}

    assert names == {"service", "type", "kind", "outcome", "reason"}
