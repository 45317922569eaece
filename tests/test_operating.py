"""How what template.yaml deploys is released and watched: aliases, alarms, metrics, the dashboard."""

import json
import re
from typing import Any

import pytest

from local.template import Stack, translate
from tests.test_template import PARAMETERS, ROOT, functions, of_type, only
from tools.release import UNRELEASED


@pytest.fixture(scope="module")
def translated() -> dict[str, Any]:
    return translate(PARAMETERS)


def test_whatever_calls_a_function_calls_the_version_of_a_whole_release(translated: dict[str, Any]) -> None:
    aliases = of_type(translated, "AWS::Lambda::Alias")
    paths = only(translated, "AWS::ApiGatewayV2::Api")["Body"]["paths"].values()
    calls = [
        operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"] for one in paths for operation in one.values()
    ]
    permissions = of_type(translated, "AWS::Lambda::Permission").values()
    invoked = [
        source["FunctionName"]["Ref"] for source in of_type(translated, "AWS::Lambda::EventSourceMapping").values()
    ]
    invoked += [only(translated, "AWS::Scheduler::Schedule")["Target"]["Arn"]["Ref"]]
    invoked += [target["Arn"]["Ref"] for target in only(translated, "AWS::Events::Rule")["Targets"]]
    configured = of_type(translated, "AWS::Lambda::EventInvokeConfig").values()

    assert {alias["FunctionName"]["Ref"] for alias in aliases.values()} == of_type(
        translated, "AWS::Lambda::Function"
    ).keys()
    assert all("Fn::GetAtt" in alias["FunctionVersion"] for alias in aliases.values())
    assert {call for uri in calls for call in re.findall(r"functions/\$\{(\w+)\}", uri)} <= aliases.keys()
    assert {permission["FunctionName"]["Ref"] for permission in permissions} <= aliases.keys()
    assert set(invoked) <= aliases.keys()
    assert {one["Qualifier"] for one in configured} == {alias["Name"] for alias in aliases.values()} == {"live"}
    assert translated["Outputs"]["MailerFunction"]["Value"]["Ref"] in aliases


def test_every_function_says_which_release_it_is_in_a_place_that_the_build_finds(translated: dict[str, Any]) -> None:
    assert (ROOT / "template.yaml").read_text().count(UNRELEASED) == 1
    assert {function["Description"] for function in functions(translated).values()} == {"unreleased"}


def test_a_release_moves_at_once_or_by_codedeploy_which_errors_of_any_function_stop(translated: dict[str, Any]) -> None:
    gradual = translate(PARAMETERS | {"Shift": "Canary10Percent5Minutes"})
    groups = of_type(gradual, "AWS::CodeDeploy::DeploymentGroup")
    brakes = {
        name: {alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]}
        for name, group in groups.items()
    }
    stopping = set[str]().union(*brakes.values())
    alarms = {name: alarm for name, alarm in of_type(gradual, "AWS::CloudWatch::Alarm").items() if name in stopping}
    metrics = [part["MetricStat"]["Metric"] for alarm in alarms.values() for part in alarm.get("Metrics", [])[1:]]
    watched = [
        metric["Dimensions"][0]["Value"]["Ref"]
        for metric in [*metrics, *alarms.values()]
        if metric.get("MetricName") == "Errors"
    ]

    assert len(groups) == len(functions(gradual))
    assert {name for name, stops in brakes.items() if "EventErrors" in stops} == {"NotifyPublishDeploymentGroup"}
    assert all(stops >= stopping - {"EventErrors"} for stops in brakes.values())
    assert all(group["AutoRollbackConfiguration"]["Enabled"] for group in groups.values())
    assert sorted(watched) == sorted(of_type(gradual, "AWS::Lambda::Function"))
    assert not of_type(translated, "AWS::CodeDeploy::DeploymentGroup")
    assert set(translated["Parameters"]["Shift"]["AllowedValues"]) == translated["Mappings"]["ByCodeDeploy"].keys()


def test_traces_need_a_permission_that_is_there_only_with_them(translated: dict[str, Any]) -> None:
    policy = {"Fn::If": ["IsTraced", {"Ref": "TracePolicy"}, {"Ref": "AWS::NoValue"}]}

    assert translated["Resources"]["TracePolicy"]["Condition"] == "IsTraced"
    # Each role has it before its functions are made: Lambda looks at the role then.
    for function in functions(translated).values():
        role = translated["Resources"][function["Role"]["Fn::GetAtt"][0]]["Properties"]
        assert policy in role["ManagedPolicyArns"]
    assert {function["TracingConfig"]["Mode"]["Ref"] for function in functions(translated).values()} == {"Tracing"}
    assert translated["Parameters"]["Tracing"]["Default"] == "PassThrough"


def test_no_level_of_the_log_lets_lambda_drop_the_metrics(translated: dict[str, Any]) -> None:
    levels = {name: level["Is"] for name, level in translated["Mappings"]["LambdaLevels"].items()}

    assert levels.keys() == set(translated["Parameters"]["LogLevel"]["AllowedValues"])
    assert set(levels.values()) == {"DEBUG", "INFO"}  # a metric is a line without a level
    for function in functions(translated).values():
        level = function["LoggingConfig"]["ApplicationLogLevel"]
        assert level == {"Fn::FindInMap": ["LambdaLevels", {"Ref": "LogLevel"}, "Is"]}


def test_two_stacks_in_one_account_share_no_metric(translated: dict[str, Any]) -> None:
    stack_name = {"Ref": "AWS::StackName"}
    alarms = of_type(translated, "AWS::CloudWatch::Alarm").values()
    own = [alarm for alarm in alarms if alarm.get("Namespace") == "Roster"]
    (throttled,) = only(translated, "AWS::Logs::MetricFilter")["MetricTransformations"]

    for function in functions(translated).values():
        assert function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == stack_name
    assert own
    assert all({"Name": "service", "Value": stack_name} in alarm["Dimensions"] for alarm in own)
    assert throttled["MetricNamespace"] == {"Fn::Sub": "Roster/${AWS::StackName}"}


def shown(stack: Stack) -> list[list[Any]]:
    """The metrics on the dashboard of a stack with these parameters."""
    body = json.loads(stack._resolve(stack._only("AWS::CloudWatch::Dashboard")["DashboardBody"]))
    return [metric for widget in body["widgets"] for metric in widget["properties"]["metrics"]]


@pytest.mark.parametrize(
    ("bus", "readers"),
    [("", {"NotifySend"}), ("events", {"NotifySend", "NotifyPublish"})],
    ids=["without a bus", "with a bus"],
)
def test_the_dashboard_shows_how_late_each_reader_of_the_stream_is(bus: str, readers: set[str]) -> None:
    metrics = shown(Stack(PARAMETERS | {"EventBus": bus}, {}))

    assert {metric[3] for metric in metrics if "IteratorAge" in metric} == readers


def test_the_dashboard_shows_what_the_code_counts(translated: dict[str, Any]) -> None:
    body, parts = only(translated, "AWS::CloudWatch::Dashboard")["DashboardBody"]["Fn::Sub"]
    own = {metric[1] for metric in shown(Stack(PARAMETERS, {})) if metric[0] == "Roster"}
    own |= set(re.findall(r'{Roster,.*?MetricName=\\"(\w+)', body))
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/shared/roster").rglob("*.py")]
    counted = {name for file in sources for name in re.findall(r'count\(\s*"(\w+)"', file.read_text())}
    references = set(re.findall(r"\$\{(\w+)", body)) - {"AWS"} - parts.keys()

    assert own <= counted
    assert own >= {"Changes", "Refusals", "Retries", "Mails", "Lag"}
    assert references <= translated["Resources"].keys()


def test_what_matters_has_an_alarm_that_reaches_somebody(translated: dict[str, Any]) -> None:
    alarms = of_type(translated, "AWS::CloudWatch::Alarm").values()
    metrics = [
        part["MetricStat"]["Metric"] for alarm in alarms for part in alarm.get("Metrics", []) if "MetricStat" in part
    ]

    watched = {metric["MetricName"] for metric in [*alarms, *metrics] if "MetricName" in metric}

    assert watched >= {"5xx", "Errors", "IteratorAge", "ReadThrottleEvents", "WriteThrottleEvents"}
    assert watched >= {"OnFailureDestinationDeliveredEventCount", "DestinationDeliveryFailures"}
    assert watched >= {"ApproximateNumberOfMessagesVisible", "Reputation.BounceRate", "Reputation.ComplaintRate", "Lag"}
    assert watched >= {"SweepsUnfinished", "Latency", "Throttled", "Throttles", "NumberOfObjects"}
    own = {"Fn::If": ["HasAlarmEmail", [{"Ref": "Alarms"}], {"Ref": "AWS::NoValue"}]}
    actions = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopic"}], own]}
    assert all(alarm["AlarmActions"] == actions for alarm in alarms)
    assert translated["Resources"]["Alarms"]["Condition"] == "HasAlarmEmail"
    assert only(translated, "AWS::SNS::Topic")["Subscription"] == [
        {"Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}}
    ]
