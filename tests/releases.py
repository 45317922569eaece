"""A stack of functions behind aliases, as moto keeps them, and what CloudFormation tells of its deployments."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.model import OperationModel

from tests.wire import own_session, session_events

STACK = "roster"
BEGINNING = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def code(text: str) -> bytes:
    """A function's code, as an archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("index.py", text)
    return held.getvalue()


class Stack:
    """A stack of functions, and releases of it, as CloudFormation makes them."""

    def __init__(self, *functions: str, events: list[dict[str, Any]]) -> None:
        role = boto3.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        self.aws, self.functions, self.events = boto3.client("lambda"), functions, events
        self.made: dict[tuple[str, str], datetime] = {}  # when each version was
        self.now = BEGINNING
        session_events().register("after-call.lambda.ListVersionsByFunction", self._dated)
        for name in functions:
            self.aws.create_function(
                FunctionName=name, Runtime="python3.13", Role=role, Handler="index.handler", Code={"ZipFile": code("")}
            )

    def _dated(self, parsed: dict[str, Any], **_: object) -> None:
        for version in parsed["Versions"]:
            made = self.made.get((version["FunctionName"], version["Version"]), self.now)
            version["LastModified"] = f"{made:%Y-%m-%dT%H:%M:%S}.000+0000"

    def event(self, status: str, of: str = "stack") -> None:
        """Let CloudFormation tell of something, a minute later."""
        self.now += timedelta(minutes=1)
        told = {"StackId": "stack", "PhysicalResourceId": of, "ResourceStatus": status, "Timestamp": self.now}
        self.events.insert(0, told)

    def fail(self, name: str, *functions: str) -> None:
        """Release what fails, or is braked: CloudFormation takes it back, and its versions stay."""
        before = {one: self.aws.get_function_configuration(FunctionName=one)["Description"] for one in self.functions}
        served = self.served()
        self.deploy(name, *functions, ends=("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"))
        for one in self.functions:
            self.aws.update_function_configuration(FunctionName=one, Description=before[one])
            self.aws.update_alias(FunctionName=one, Name="live", FunctionVersion=served[one])

    def deploy(
        self, name: str, *functions: str, shifted: float = 1, ends: tuple[str, ...] = ("UPDATE_COMPLETE",)
    ) -> None:
        """Release what is named, of all functions or of some, to all requests or to a part of them."""
        self.event("UPDATE_IN_PROGRESS")
        self.now += timedelta(minutes=1)
        for function in functions or self.functions:
            self.aws.update_function_configuration(FunctionName=function, Description=f"release {name}")
            self.aws.update_function_code(FunctionName=function, ZipFile=code(name))
            version = self.aws.publish_version(FunctionName=function)["Version"]
            self.made[function, version] = self.now
            alias = {"FunctionName": function, "Name": "live"}
            if version == "1":
                self.aws.create_alias(**alias, FunctionVersion=version)
            elif shifted == 1:
                self.aws.update_alias(**alias, FunctionVersion=version)
            else:
                weights = {"AdditionalVersionWeights": {version: shifted}}
                self.aws.update_alias(**alias, FunctionVersion=str(int(version) - 1), RoutingConfig=weights)
        self.event("UPDATE_COMPLETE", of="a function")
        for status in ends:
            self.event(status)

    def served(self) -> dict[str, str]:
        """Which version each function serves."""
        return {name: self.aws.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in self.functions}


@contextmanager
def cloudformation(status: str, *functions: str) -> Iterator[list[dict[str, Any]]]:
    """A stack of these functions, and something else. moto's CloudFormation needs more packages."""
    kinds = {"table": "AWS::DynamoDB::Table"} | dict.fromkeys(functions, "AWS::Lambda::Function")
    listed = [{"PhysicalResourceId": name, "ResourceType": kind} for name, kind in kinds.items()]
    events: list[dict[str, Any]] = []  # the newest first
    answers: dict[str, Any] = {
        "DescribeStacks": {"Stacks": [{"StackName": STACK, "StackStatus": status}]},
        "ListStackResources": {"StackResourceSummaries": listed},
        "DescribeStackEvents": {"StackEvents": events},
    }

    def answer(model: OperationModel, **_: object) -> Any:
        return SimpleNamespace(status_code=200), answers[model.name]

    with own_session() as hooks:
        hooks.register("before-call.cloudformation", answer)
        yield events
