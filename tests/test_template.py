"""What template.yaml deploys, read from its translation to CloudFormation, without network or credentials."""

import re
from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from local.streams import matches
from local.template import Stack, translate
from roster.mail.told import TOLD

ROOT = Path(__file__).parent.parent
PARAMETERS = {
    "Issuer": "https://issuer.example.com",
    "Audience": "app,api",
    "AllowedOrigins": "https://app.example.com,https://admin.example.com",
    "AppUrl": "https://app.example.com",
    "MailFrom": "roster@example.com",
}
ORGANIZATION = "/organizations/{organization_id}"
INVITATION = f"{ORGANIZATION}/invitations/{{invitation_id}}"
MEMBER = f"{ORGANIZATION}/members/{{user_id}}"
ROUTES = {
    "POST /organizations": "organizations/create",
    f"GET {ORGANIZATION}": "organizations/read",
    f"PATCH {ORGANIZATION}": "organizations/update",
    f"PUT {ORGANIZATION}/plan": "organizations/plan",
    f"DELETE {ORGANIZATION}": "organizations/delete",
    "GET /organizations": "organizations/read",
    "GET /me/organizations": "organizations/read",
    "PUT /me": "organizations/me",
    "PATCH /me": "organizations/me",
    "PUT /me/active-organization": "organizations/me",
    f"POST {ORGANIZATION}/invitations": "invite/send",
    f"POST {ORGANIZATION}/invitations/batch": "invite/send",
    f"GET {ORGANIZATION}/invitations": "invite/read",
    f"GET {INVITATION}": "invite/read",
    f"POST {INVITATION}/resend": "invite/resend",
    f"POST {INVITATION}/link": "invite/link",
    f"DELETE {INVITATION}": "invite/cancel",
    "GET /me/invitations": "invite/read",
    f"POST {INVITATION}/accept": "invite/accept",
    f"POST {INVITATION}/decline": "invite/decline",
    "POST /invitations/preview": "invite/preview",
    f"GET {ORGANIZATION}/members": "members/read",
    f"GET {MEMBER}": "members/read",
    f"DELETE {MEMBER}": "members/remove",
    f"PUT {MEMBER}": "members/provision",
    f"POST {ORGANIZATION}/leave": "members/leave",
    f"GET {ORGANIZATION}/roles": "roles/read",
    f"PUT {MEMBER}/roles": "roles/change",
    f"POST {ORGANIZATION}/transfer": "roles/transfer",
    f"POST {ORGANIZATION}/roles": "roles/customize",
    f"PUT {ORGANIZATION}/roles/{{role_id}}": "roles/customize",
    f"DELETE {ORGANIZATION}/roles/{{role_id}}": "roles/customize",
    f"POST {ORGANIZATION}/access": "roles/access",
    f"GET {ORGANIZATION}/activity": "activity/read",
    f"GET {ORGANIZATION}/activity.csv": "activity/export",
    f"POST {ORGANIZATION}/activity": "activity/record",
    "DELETE /users/{user_id}": "users/erase",
    "POST /users/{user_id}/move": "users/move",
}
OPEN = "POST /invitations/preview"
MAILER = "notify/send"
PUBLISHER = "notify/publish"
COPIER = "invite/link"
LISTENER = "notify/feedback"
SWEEP = "cleanup/expire"
WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"]
# The condition of a write inside a transaction alone.
INSIDE = {"dynamodb:EnclosingOperation": ["TransactWriteItems"]}
# The condition of writing who may change an organization when, by which nothing is decided.
TURNS = {"dynamodb:LeadingKeys": ["TURNS#*"]}

type Properties = dict[str, Any]
type Statement = dict[str, Any]


@pytest.fixture(scope="module")
def translated() -> dict[str, Any]:
    return translate(PARAMETERS)


@pytest.fixture(scope="module")
def stack() -> Stack:
    return Stack(PARAMETERS, {})


def of_type(translated: dict[str, Any], kind: str) -> dict[str, Properties]:
    resources = translated["Resources"].items()
    return {name: resource["Properties"] for name, resource in resources if resource["Type"] == kind}


def only(translated: dict[str, Any], kind: str) -> Properties:
    (properties,) = of_type(translated, kind).values()
    return properties


def functions(translated: dict[str, Any]) -> dict[str, Properties]:
    """Every function by the file that it is in: members/remove."""
    found = of_type(translated, "AWS::Lambda::Function").values()
    return {function["Handler"].removesuffix(".handler").replace(".", "/"): function for function in found}


def statements(translated: dict[str, Any], function: Properties) -> Iterator[Statement]:
    """What a function's role always allows."""
    resources = translated["Resources"]
    role = resources[function["Role"]["Fn::GetAtt"][0]]["Properties"]
    assert "Policies" not in role
    for policy in role["ManagedPolicyArns"]:
        if "Ref" in policy:  # not what a condition gives: no parameter of the tests does
            yield from resources[policy["Ref"]]["Properties"]["PolicyDocument"]["Statement"]


def allows(statement: Statement, action: str) -> bool:
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in actions)


def sources(translated: dict[str, Any]) -> dict[str, Properties]:
    """What feeds the table's stream to a function, by the function's file."""
    found = of_type(translated, "AWS::Lambda::EventSourceMapping").values()
    handlers = {name: function["Handler"] for name, function in of_type(translated, "AWS::Lambda::Function").items()}
    return {
        handlers[source["FunctionName"]["Ref"].removesuffix("Aliaslive")]
        .removesuffix(".handler")
        .replace(".", "/"): source
        for source in found
    }


def who_may(translated: dict[str, Any], action: str) -> set[str]:
    found = functions(translated).items()
    return {name for name, function in found if any(allows(one, action) for one in statements(translated, function))}


def test_every_operation_has_a_function_and_every_function_an_operation(translated: dict[str, Any]) -> None:
    files = {path.relative_to(ROOT / "functions").with_suffix("") for path in (ROOT / "functions").glob("*/*.py")}

    operations = {file.as_posix() for file in files if file.name != "__init__"}

    assert operations == functions(translated).keys()


def test_every_route_leads_to_its_operation(stack: Stack) -> None:
    routes = {f"{route.method} {route.path}": route.function.name for route in stack.routes}

    assert routes == ROUTES


def test_every_route_but_the_preview_asks_for_a_token(stack: Stack) -> None:
    open_routes = {f"{route.method} {route.path}" for route in stack.routes if not route.signed_in}

    assert open_routes == {OPEN}
    assert (stack.issuer, stack.audience) == ("https://issuer.example.com", ["app", "api"])


def test_what_api_gateway_would_leave_out_is_not_deployed(translated: dict[str, Any]) -> None:
    assert only(translated, "AWS::ApiGatewayV2::Api")["FailOnWarnings"] is True


@pytest.mark.parametrize("name", ["Issuer", "AppUrl", "PublicUrl"])
def test_tokens_and_links_come_by_https_alone(translated: dict[str, Any], name: str) -> None:
    allowed = re.compile(translated["Parameters"][name]["AllowedPattern"])

    assert allowed.fullmatch("https://example.com/roster")
    for refused in ("http://example.com", "http://localhost:3000", "https://", "example.com", "ftp://example.com"):
        assert not allowed.fullmatch(refused)


def test_every_route_has_a_limit_and_whoever_deploys_sets_it(translated: dict[str, Any]) -> None:
    stage = only(translated, "AWS::ApiGatewayV2::Stage")

    assert stage["DefaultRouteSettings"] == limits("RateLimit", "BurstLimit")
    assert stage["RouteSettings"] == {OPEN: limits("PreviewRateLimit", "PreviewBurstLimit")}
    assert all(translated["Parameters"][name]["Default"] > 0 for name in ("RateLimit", "PreviewRateLimit"))


def limits(rate: str, burst: str) -> Properties:
    """The limits of a route that these parameters set."""
    return {"ThrottlingRateLimit": {"Ref": rate}, "ThrottlingBurstLimit": {"Ref": burst}}


def test_every_route_speaks_payload_2(translated: dict[str, Any]) -> None:
    paths = only(translated, "AWS::ApiGatewayV2::Api")["Body"]["paths"]

    integrations = [
        operation["x-amazon-apigateway-integration"] for methods in paths.values() for operation in methods.values()
    ]

    assert {integration["payloadFormatVersion"] for integration in integrations} == {"2.0"}


def test_only_the_configured_origins_may_call_from_a_browser(translated: dict[str, Any], stack: Stack) -> None:
    cors = only(translated, "AWS::ApiGatewayV2::Api")["Body"]["x-amazon-apigateway-cors"]

    assert stack.cors.origins == {"https://app.example.com", "https://admin.example.com"}
    assert set(cors["allowHeaders"]) == {"authorization", "content-type", "if-match", "idempotency-key"}
    assert set(cors["exposeHeaders"]) == {"etag", "location", "link", "retry-after", "apigw-requestid"}
    assert cors["maxAge"] == 2 * 60 * 60
    assert set(cors["allowMethods"]) == {route.method for route in stack.routes}
    assert "allowCredentials" not in cors


def test_only_the_mailer_sends_mail_and_makes_links_with_what_copies_them(translated: dict[str, Any]) -> None:
    assert who_may(translated, "kms:GenerateMac") == {MAILER, COPIER}
    assert who_may(translated, "ses:SendEmail") == {MAILER}
    assert who_may(translated, "ses:SendRawEmail") == {MAILER}


def test_only_what_answers_a_link_checks_one(translated: dict[str, Any]) -> None:
    assert who_may(translated, "kms:VerifyMac") == {"invite/accept", "invite/decline", "invite/preview"}


@pytest.mark.parametrize("action", ["dynamodb:Scan", "dynamodb:PartiQLSelect", "dynamodb:DeleteTable"])
def test_no_function_scans_or_touches_the_table_itself(translated: dict[str, Any], action: str) -> None:
    assert who_may(translated, action) == set()


def test_every_function_but_the_publisher_reads_the_table_and_its_indexes(translated: dict[str, Any]) -> None:
    for action in ("dynamodb:BatchGetItem", "dynamodb:Query"):
        assert who_may(translated, action) == functions(translated).keys() - {PUBLISHER}


def test_nothing_is_written_outside_a_transaction_but_turns_and_by_what_mails_listens_and_sweeps(
    translated: dict[str, Any],
) -> None:
    loose = {
        name
        for name, function in functions(translated).items()
        for statement in statements(translated, function)
        for write in WRITES
        if allows(statement, f"dynamodb:{write}")
        and statement.get("Condition", {}).get("ForAnyValue:StringEquals") != INSIDE
        and statement.get("Condition", {}).get("ForAllValues:StringLike") != TURNS
    }

    assert loose == {MAILER, LISTENER, SWEEP}


def test_whoever_changes_organizations_for_a_caller_may_take_turns(translated: dict[str, Any]) -> None:
    taking = {
        name
        for name, function in functions(translated).items()
        for statement in statements(translated, function)
        if statement.get("Condition", {}).get("ForAllValues:StringLike") == TURNS
    }

    assert taking == who_may(translated, "dynamodb:PutItem") - {MAILER, LISTENER, SWEEP}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (MAILER, {("PutItem", "MAIL#*"), ("UpdateItem", "MAIL#*"), ("UpdateItem", "ORG#*")}),
        (LISTENER, {("UpdateItem", "ORG#*")}),
        (SWEEP, {("BatchWriteItem", "ORG#*")}),
    ],
    ids=["the mailer: claims and delivery", "the listener: delivery", "the sweep: what it purges"],
)
def test_what_is_written_outside_a_transaction_is_named(
    translated: dict[str, Any], name: str, expected: set[tuple[str, str]]
) -> None:
    allowed = {
        (write, key)
        for statement in statements(translated, functions(translated)[name])
        if statement.get("Condition", {}).get("ForAnyValue:StringEquals") != INSIDE
        for write in WRITES
        if allows(statement, f"dynamodb:{write}")
        for key in statement["Condition"].get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
    }

    assert allowed == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (MAILER, {("PutItem", "LOG#*"), ("UpdateItem", "USER#*"), ("UpdateItem", "MAILS#*")}),
        (COPIER, {("PutItem", "LOG#*"), ("ConditionCheckItem", "ORG#*")}),
    ],
    ids=["the mailer: what it counts, and a bounce's event", "what copies links: their events"],
)
def test_what_makes_links_writes_inside_transactions_only_what_is_named(
    translated: dict[str, Any], name: str, expected: set[tuple[str, str]]
) -> None:
    allowed = {
        (write, key)
        for statement in statements(translated, functions(translated)[name])
        if statement.get("Condition", {}).get("ForAnyValue:StringEquals") == INSIDE
        for write in [*WRITES, "ConditionCheckItem"]
        if allows(statement, f"dynamodb:{write}")
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }

    assert allowed == expected


def test_what_only_reads_may_not_write(translated: dict[str, Any]) -> None:
    readers = {name for name in functions(translated) if name.endswith("/read")} | {"invite/preview", "activity/export"}
    readers |= {"roles/access"}

    for write in [*WRITES, "ConditionCheckItem"]:
        assert not who_may(translated, f"dynamodb:{write}") & readers


def test_no_permission_holds_for_every_resource(translated: dict[str, Any]) -> None:
    for function in functions(translated).values():
        assert all(statement["Resource"] != "*" for statement in statements(translated, function))


def test_every_function_logs_to_a_group_of_its_own_that_forgets(translated: dict[str, Any]) -> None:
    groups = of_type(translated, "AWS::Logs::LogGroup")

    used = {name: function["LoggingConfig"]["LogGroup"]["Ref"] for name, function in functions(translated).items()}

    assert len(set(used.values())) == len(used)
    assert {name: groups[group]["LogGroupName"]["Fn::Sub"] for name, group in used.items()} == {
        name: f"/aws/lambda/${{AWS::StackName}}/{name}" for name in used
    }
    assert all(group["RetentionInDays"] == {"Ref": "LogRetention"} for group in groups.values())


def test_no_log_of_the_api_holds_a_path(translated: dict[str, Any]) -> None:
    logged = only(translated, "AWS::ApiGatewayV2::Stage")["AccessLogSettings"]["Format"]

    assert "$context.routeKey" in logged
    assert "path" not in logged.lower()


def test_every_function_is_given_what_the_code_reads_from_its_environment(translated: dict[str, Any]) -> None:
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/shared/roster").rglob("*.py")]
    read = re.compile(r"""environ(?:\[|\.get\()["']([A-Z_]+)["']""")

    names = {name for source in sources for name in read.findall(source.read_text())}

    others = {"AWS_REGION", "REQUESTS_CA_BUNDLE"}  # Lambda sets the one; the other is who trusts other authorities'
    for function in functions(translated).values():
        assert names - others <= function["Environment"]["Variables"].keys()


def test_every_function_runs_on_the_same_python_and_architecture(translated: dict[str, Any]) -> None:
    runtimes = {(function["Runtime"], *function["Architectures"]) for function in functions(translated).values()}

    assert runtimes == {("python" + (ROOT / ".python-version").read_text().strip(), "arm64")}


def test_a_route_answers_before_the_gateway_gives_up_and_a_mail_before_its_claim_ends(
    translated: dict[str, Any],
) -> None:
    for name, function in functions(translated).items():
        assert function["Timeout"] < {MAILER: 5 * 60, SWEEP: 15 * 60, PUBLISHER: 2 * 60}.get(name, 30)


def record(
    event_name: str = "INSERT", pk: str = "LOG#acme", kind: str = "event", about: str = "invitation.sent"
) -> dict[str, Any]:
    image = {"kind": {"S": kind}, "type": {"S": about}}
    return {"eventName": event_name, "dynamodb": {"Keys": {"pk": {"S": pk}}, "NewImage": image}}


@pytest.mark.parametrize(
    "other",
    [
        *(record("MODIFY"), record("REMOVE"), record(pk="ORG#acme"), record(kind="member")),
        record(pk="LOG#acme#P", kind="product"),
    ],
    ids=["a change", "a removal", "outside a log", "not an event", "the product's"],
)
def test_mailer_and_publisher_are_fed_new_events_and_nothing_else(stack: Stack, other: dict[str, Any]) -> None:
    assert {source.function.name for source in stack.streams} == {MAILER, PUBLISHER}
    for source in stack.streams:
        (pattern,) = source.patterns
        assert matches(pattern, record())
        assert not matches(pattern, other)


def test_the_mailer_is_fed_all_types_that_mail_and_the_publisher_all(stack: Stack) -> None:
    patterns = {source.function.name: source.patterns[0]["dynamodb"]["NewImage"] for source in stack.streams}

    assert set(patterns[MAILER]["type"]["S"]) == TOLD.keys()
    assert "type" not in patterns[PUBLISHER]


@pytest.mark.parametrize("name", [MAILER, PUBLISHER])
def test_an_event_that_cannot_leave_is_bisected_bounded_and_kept_whole(translated: dict[str, Any], name: str) -> None:
    source = sources(translated)[name]

    assert source["BisectBatchOnFunctionError"]
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["MaximumRetryAttempts"] > 0
    assert source["MaximumRecordAgeInSeconds"] > 0
    assert source["DestinationConfig"]["OnFailure"] == {"Destination": {"Fn::GetAtt": ["DeadLetters", "Arn"]}}
    assert who_may(translated, "s3:PutObject") == {MAILER, PUBLISHER}


def test_ses_tells_of_this_stacks_mails_but_not_who_opened_them(translated: dict[str, Any]) -> None:
    destination = only(translated, "AWS::SES::ConfigurationSetEventDestination")
    rule = only(translated, "AWS::Events::Rule")
    own = {"Ref": "MailEvents"}

    assert destination["ConfigurationSetName"] == own
    assert set(destination["EventDestination"]["MatchingEventTypes"]) == {
        "send",
        "delivery",
        "bounce",
        "complaint",
        "reject",
    }
    assert rule["EventPattern"]["source"] == ["aws.ses"]
    assert rule["EventPattern"]["detail"] == {"mail": {"tags": {"ses:configuration-set": [own]}}}
    assert functions(translated)[MAILER]["Environment"]["Variables"]["CONFIGURATION_SET"] == own


def test_what_ses_told_and_could_not_be_kept_is_kept_for_another_try(translated: dict[str, Any]) -> None:
    queue = {"Fn::GetAtt": ["FeedbackDeadLetters", "Arn"]}
    (target,) = only(translated, "AWS::Events::Rule")["Targets"]
    raised = translated["Resources"]["NotifyFeedbackEventInvokeConfig"]["Properties"]

    assert target["DeadLetterConfig"] == {"Arn": queue}
    assert target["RetryPolicy"]["MaximumRetryAttempts"] > 0
    assert raised["MaximumRetryAttempts"] > 0
    assert raised["DestinationConfig"]["OnFailure"] == {"Destination": queue}
    assert who_may(translated, "sqs:SendMessage") == {LISTENER}


def test_the_sweep_runs_every_quarter_of_an_hour(stack: Stack) -> None:
    (schedule,) = stack.schedules

    assert (schedule.function.name, schedule.every) == (SWEEP, timedelta(minutes=15))


def test_the_table_can_be_neither_lost_nor_read_from_its_disks(translated: dict[str, Any]) -> None:
    resource = translated["Resources"]["Table"]
    table = resource["Properties"]

    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert table["DeletionProtectionEnabled"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["SSESpecification"]["SSEEnabled"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_what_cannot_be_made_again_outlives_the_stack_but_not_a_first_deployment_that_failed(
    translated: dict[str, Any],
) -> None:
    kept = {
        name: (resource["DeletionPolicy"], resource.get("UpdateReplacePolicy"))
        for name, resource in translated["Resources"].items()
        if "Retain" in resource.get("DeletionPolicy", "") and resource["Type"] != "AWS::Lambda::Version"
    }

    assert kept == {
        "Table": ("Retain", "Retain"),  # it is protected, so that it could not be deleted
        "LinkKey": ("RetainExceptOnCreate", "Retain"),
        "DeadLetters": ("RetainExceptOnCreate", "Retain"),
        "DeadLettersPolicy": ("RetainExceptOnCreate", "Retain"),
    }
