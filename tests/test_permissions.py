"""What functions may do is what they do: nothing is granted beyond it, and what is not granted fails a test."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import permissions
from tests.deployment import LINK_KEY, PARAMETERS, STACKS, TABLE, client
from tests.grants import Ask, Condition, Role, Statement, roles
from tests.replay import replay

LOGS = "Lambda itself writes a function's logs, with the function's role"
TRACES = "Lambda sends a function's traces with the function's role"
POLLER = "Lambda's poller reads the stream with the role of the function that it feeds"
# What no function does by its own calls, and why it is granted all the same: by policy and action.
FED_BY_THE_STREAM = {
    "dynamodb:DescribeStream": POLLER,
    "dynamodb:GetRecords": POLLER,
    "dynamodb:GetShardIterator": POLLER,
    "dynamodb:ListStreams": POLLER,
    "s3:PutObject": "Lambda's poller puts what was given up into the bucket, with the function's role",
    "s3:ListBucket": "Lambda wants it beside s3:PutObject of a role whose failures go to a bucket",
}
REASONS = {
    "LogPolicy": {"logs:CreateLogStream": LOGS, "logs:PutLogEvents": LOGS},
    "TracePolicy": {"xray:PutTelemetryRecords": TRACES, "xray:PutTraceSegments": TRACES},
    "MailPolicy": FED_BY_THE_STREAM,
    "PublishPolicy": FED_BY_THE_STREAM,
    "ListenPolicy": {
        "sqs:SendMessage": "Lambda sends what an asynchronous call could not do, with the function's role"
    },
}
GRANTED_FOR = {(policy, action) for policy, reasons in REASONS.items() for action in reasons}
ROLES = {role.name: role for role in roles().values()}
GRANTS = {grant for role in ROLES.values() for one in role.statements for grant in one.grants()}
KEY = {"pk": {"S": "ORG#acme"}, "sk": {"S": "ORG"}}


def test_everything_that_functions_may_do_is_done() -> None:
    assert {use.function for use in replay().uses} == roles().keys()


def test_nothing_is_granted_that_is_neither_needed_nor_granted_for_a_reason() -> None:
    needed = {grant for use in replay().uses for grant in use.needed}

    spare = {str(grant) for grant in GRANTS - needed if (grant.policy, grant.action) not in GRANTED_FOR}

    assert spare == set()


def test_no_reason_is_given_for_what_is_needed_or_not_granted() -> None:
    needed = {(grant.policy, grant.action) for use in replay().uses for grant in use.needed}

    assert {(grant.policy, grant.action) for grant in GRANTS} - needed >= GRANTED_FOR


def test_no_role_has_a_policy_that_none_of_its_functions_needs() -> None:
    needed = {(roles()[use.function].name, grant.policy) for use in replay().uses for grant in use.needed}
    had = {(role.name, one.policy) for role in ROLES.values() for one in role.statements}

    assert {(role, policy) for role, policy in had - needed if policy not in REASONS} == set()


@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("members/leave", lambda: client("dynamodb").put_item(TableName=TABLE, Item=KEY)),
        ("members/read", lambda: client("dynamodb").get_item(TableName=TABLE, Key=KEY)),
        ("notify/send", lambda: client("dynamodb").put_item(TableName=TABLE, Item=KEY)),
        ("members/read", lambda: transact("Delete")),
        ("invite/link", lambda: transact("Put")),
        ("cleanup/expire", lambda: write(KEY, KEY | {"pk": {"S": "USER#ann"}})),
        ("invite/accept", lambda: client("kms").generate_mac(**mac(LINK_KEY))),
        ("invite/link", lambda: client("kms").generate_mac(**mac("alias/other"))),
        ("invite/send", lambda: mail(PARAMETERS["MailFrom"])),
        ("notify/send", lambda: mail("somebody@example.com")),
    ],
    ids=[
        "a write outside a transaction",
        "an action that no statement has",
        "a key that no pattern has",
        "a part of a transaction",
        "a part of a transaction, of another key",
        "a batch, for one key of two",
        "the wrong thing with the right key",
        "the right thing with the wrong key",
        "a mail",
        "a mail from another address",
    ],
)
@pytest.mark.usefixtures("aws")
def test_what_the_template_does_not_grant_fails_the_test_in_which_it_is_done(
    request: pytest.FixtureRequest, function: str, call: Callable[[], object]
) -> None:
    judging = permissions.pytest_runtest_call(request.node)
    next(judging)
    with permissions.at_work(function), suppress(ClientError):  # moto minds that it is not the whole of a call
        call()

    with pytest.raises(pytest.fail.Exception, match=f"{function} may not "):
        next(judging)


@pytest.mark.usefixtures("aws")
def test_a_call_that_no_test_knows_is_denied() -> None:
    with permissions.denied() as denied, permissions.at_work("members/read"):
        client("dynamodb").scan(TableName=TABLE)

    assert denied == ["tests/asked.py does not know what dynamodb:Scan asks permission for"]


@pytest.mark.usefixtures("aws")
def test_what_a_test_does_itself_is_not_judged() -> None:
    with permissions.denied() as denied:
        client("dynamodb").scan(TableName=TABLE)
        with permissions.at_work("members/read"), permissions.at_work(None):
            client("dynamodb").scan(TableName=TABLE)

    assert denied == []


@pytest.mark.parametrize(
    ("operator", "values", "found", "needed"),
    [
        ("StringEquals", ("a", "b"), ("a",), {"a"}),
        ("StringEquals", ("a*",), ("ab",), None),
        ("StringEquals", ("a",), (), None),
        ("StringLike", ("a*", "b"), ("ab",), {"a*"}),
        ("StringLike", ("a*", "?b"), ("ab",), set()),
        ("ForAnyValue:StringEquals", ("a",), ("a", "b"), {"a"}),
        ("ForAnyValue:StringEquals", ("a",), (), None),
        ("ForAllValues:StringLike", ("a*", "b*"), ("a1", "a2"), {"a*"}),
        ("ForAllValues:StringLike", ("a*", "b*"), ("a1", "b1"), {"a*", "b*"}),
        ("ForAllValues:StringLike", ("a*",), ("a1", "b1"), None),
        ("ForAllValues:StringLike", ("a*",), (), set()),
        ("Bool", ("true",), ("true",), {"true"}),
    ],
)
def test_a_condition_holds_as_iam_has_it(
    operator: str, values: tuple[str, ...], found: tuple[str, ...], needed: set[str] | None
) -> None:
    assert Condition(operator, "dynamodb:LeadingKeys", values).needs(found) == needed


def test_what_two_statements_allow_needs_neither() -> None:
    written = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    ask = Ask("dynamodb:GetItem", "table", {})
    once, twice = (Statement.read("Policy", place, written) for place in (1, 2))

    assert Role("Role", (once,)).needs(ask) == set(once.grants())
    assert Role("Role", (once, twice)).needs(ask) == set()
    assert Role("Role", ()).needs(ask) is None


@pytest.mark.parametrize(
    "more",
    [
        {"Effect": "Deny"},
        {"NotAction": "s3:*"},
        {"Condition": {"IpAddress": {"ses:FromAddress": "10.0.0.0/8"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
    ids=["an effect", "an element", "an operator", "a key"],
)
def test_what_no_test_knows_of_policies_is_an_error(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no test knows"):
        Statement.read("Policy", 1, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | more)


@pytest.mark.parametrize(
    ("kind", "policy", "named"),
    [("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"), ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues")],
    ids=["buckets", "queues"],
)
def test_what_keeps_what_failed_refuses_whoever_does_not_come_by_tls(kind: str, policy: str, named: str) -> None:
    stack = STACKS["credentials"]
    policies = [stack._resources[name]["Properties"] for name in stack._of_type(policy)]

    for name in stack._of_type(kind):
        (own,) = [one for one in policies if one[named] in ({"Ref": name}, [{"Ref": name}])]
        (denied,) = [one for one in own["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]
        assert denied["Principal"] == "*"
        assert denied["Action"] in {"s3:*", "sqs:*"}
        assert {"Fn::GetAtt": [name, "Arn"]} in (denied["Resource"], *denied["Resource"])
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"Fn::If": ["HasPublicUrl", {"Ref": "PublicUrl"}, "none"]}, PARAMETERS["PublicUrl"]),
        ([{"Fn::If": ["HasAlarmTopic", "a", {"Fn::Sub": "${Table}/index"}]}], [f"{TABLE}/index"]),
        ({"a": {"Fn::Select": [1, {"Fn::Split": [":", "arn:aws"]}]}, "b": {"Ref": "Table"}}, {"a": "aws", "b": TABLE}),
    ],
    ids=["a condition", "one that does not hold", "a part of a text"],
)
def test_policies_are_judged_as_the_templates_conditions_choose(written: object, expected: object) -> None:
    assert STACKS["credentials"]._resolve(written) == expected


def transact(verb: str) -> None:
    part = {"TableName": TABLE} | ({"Item": KEY} if verb == "Put" else {"Key": KEY})
    client("dynamodb").transact_write_items(TransactItems=[{verb: part}])


def write(*keys: dict[str, Any]) -> None:
    client("dynamodb").batch_write_item(RequestItems={TABLE: [{"DeleteRequest": {"Key": key}} for key in keys]})


def mac(key: str) -> dict[str, Any]:
    return {"KeyId": key, "MacAlgorithm": "HMAC_SHA_256", "Message": b"message"}


def mail(sender: str) -> None:
    client("sesv2").send_email(
        FromEmailAddress=sender, Destination={"ToAddresses": ["ann@example.com"]}, Content={"Raw": {"Data": b"mail"}}
    )
