"""A release is taken back: aliases of a stack's functions, as moto keeps them, go to the versions of the one before."""

import io
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.model import OperationModel

from tests.deployment import bare_aws
from tests.wire import Wire, drop
from tools import release, rollback
from tools.rollback import Refused, roll_back

STACK = "roster"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def code(text: str) -> bytes:
    """A function's code, as an archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("index.py", text)
    return held.getvalue()


class Stack:
    """A stack of functions, and releases of it, as CloudFormation makes them."""

    def __init__(self, *functions: str) -> None:
        role = boto3.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        self.aws, self.functions = boto3.client("lambda"), functions
        for name in functions:
            self.aws.create_function(
                FunctionName=name, Runtime="python3.13", Role=role, Handler="index.handler", Code={"ZipFile": code("")}
            )

    def deploy(self, name: str, *functions: str, shifted: float = 1) -> None:
        """Release what is named, of all functions or of some, to all requests or to a part of them."""
        for function in functions or self.functions:
            self.aws.update_function_configuration(FunctionName=function, Description=f"release {name}")
            self.aws.update_function_code(FunctionName=function, ZipFile=code(name))
            version = self.aws.publish_version(FunctionName=function)["Version"]
            alias = {"FunctionName": function, "Name": "live"}
            if version == "1":
                self.aws.create_alias(**alias, FunctionVersion=version)
            elif shifted == 1:
                self.aws.update_alias(**alias, FunctionVersion=version)
            else:
                weights = {"AdditionalVersionWeights": {version: shifted}}
                self.aws.update_alias(**alias, FunctionVersion=str(int(version) - 1), RoutingConfig=weights)

    def served(self) -> dict[str, str]:
        """Which version each function serves."""
        return {name: self.aws.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in self.functions}


@contextmanager
def cloudformation(status: str, *functions: str) -> Iterator[None]:
    """A stack of these functions, and something else. moto's CloudFormation needs more packages."""
    kinds = {"table": "AWS::DynamoDB::Table"} | dict.fromkeys(functions, "AWS::Lambda::Function")
    listed = [{"PhysicalResourceId": name, "ResourceType": kind} for name, kind in kinds.items()]
    answers = {
        "DescribeStacks": {"Stacks": [{"StackName": STACK, "StackStatus": status}]},
        "ListStackResources": {"StackResourceSummaries": listed},
    }

    def answer(model: OperationModel, **_: object) -> Any:
        return SimpleNamespace(status_code=200), answers[model.name]

    boto3.setup_default_session()
    session = boto3.DEFAULT_SESSION
    assert session is not None
    session.events.register("before-call.cloudformation", answer)
    yield
    boto3.setup_default_session()


@pytest.fixture
def stack() -> Iterator[Stack]:
    with bare_aws(), cloudformation("UPDATE_COMPLETE", "create", "read", "update"):
        yield Stack("create", "read", "update")


def test_every_function_goes_back_to_the_release_before(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.deploy("one")
    stack.deploy("two")

    assert roll_back(STACK, None, dry_run=False) == 3

    assert stack.served() == {"create": "1", "read": "1", "update": "1"}
    said = capsys.readouterr().out
    assert "deployed was two, and it goes to one" in said
    assert "create: 2 -> 1" in said


def test_repeated_it_goes_back_no_further(stack: Stack) -> None:
    for name in ("one", "two", "three"):
        stack.deploy(name)
    roll_back(STACK, None, dry_run=False)

    assert roll_back(STACK, None, dry_run=False) == 0

    assert stack.served() == {"create": "2", "read": "2", "update": "2"}


def test_what_was_interrupted_is_completed(stack: Stack) -> None:
    stack.deploy("one")
    stack.deploy("two")
    stack.aws.update_alias(FunctionName="create", Name="live", FunctionVersion="1")

    assert roll_back(STACK, None, dry_run=False) == 2

    assert set(stack.served().values()) == {"1"}


def test_a_release_may_be_named_and_the_deployed_one_comes_back_by_its_name(stack: Stack) -> None:
    for name in ("one", "two", "three"):
        stack.deploy(name)

    roll_back(STACK, "one", dry_run=False)
    assert set(stack.served().values()) == {"1"}

    roll_back(STACK, "three", dry_run=False)
    assert set(stack.served().values()) == {"3"}


def test_the_next_release_takes_the_aliases_on(stack: Stack) -> None:
    stack.deploy("one")
    stack.deploy("two")
    roll_back(STACK, None, dry_run=False)

    stack.deploy("three")

    assert set(stack.served().values()) == {"3"}


def test_a_part_of_the_requests_goes_back_too(stack: Stack) -> None:
    stack.deploy("one")
    stack.deploy("two", shifted=0.1)

    assert roll_back(STACK, None, dry_run=False) == 3

    alias = stack.aws.get_alias(FunctionName="create", Name="live")
    assert alias["FunctionVersion"] == "1"
    assert not alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")


def test_a_dry_run_moves_nothing(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.deploy("one")
    stack.deploy("two")

    roll_back(STACK, None, dry_run=True)

    assert set(stack.served().values()) == {"2"}
    assert "3 of 3 functions moved (dry run: none was)" in capsys.readouterr().out


def test_a_function_that_is_newer_than_the_release_stays(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.deploy("one", "create", "read")
    stack.deploy("two")

    assert roll_back(STACK, None, dry_run=False) == 2

    assert stack.served() == {"create": "1", "read": "1", "update": "1"}  # update's first version is of the second
    assert "update: stays at 1, as it is newer than that release" in capsys.readouterr().out


def test_before_the_first_release_there_is_nothing(stack: Stack) -> None:
    stack.deploy("one")

    with pytest.raises(Refused, match="There is no release before one"):
        roll_back(STACK, None, dry_run=False)


def test_where_a_version_is_lost_no_function_moves(stack: Stack) -> None:
    for name in ("one", "two", "three"):
        stack.deploy(name)
    stack.aws.delete_function(FunctionName="read", Qualifier="2")

    with pytest.raises(Refused, match="no version of the release two: read"):
        roll_back(STACK, None, dry_run=False)

    assert set(stack.served().values()) == {"3"}


def test_a_release_that_never_was_is_refused(stack: Stack) -> None:
    stack.deploy("one")

    with pytest.raises(Refused, match="No function has a version of the release zero"):
        roll_back(STACK, "zero", dry_run=False)


def test_while_the_stack_is_changed_it_says_how_to_cancel_that() -> None:
    with (
        bare_aws(),
        cloudformation("UPDATE_IN_PROGRESS", "create"),
        pytest.raises(Refused, match="cancel-update-stack --stack-name roster"),
    ):
        roll_back(STACK, None, dry_run=False)


def test_without_aws_it_ends_with_a_sentence(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["rollback"])
    wire.before("DescribeStacks", drop)

    with pytest.raises(SystemExit, match="AWS did not do it: Read timeout"):
        rollback.main()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """What was built, in small."""
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "create.py").write_text("handler = print\n")
    (tmp_path / "template.yaml").write_text("Globals:\n  Function:\n    Description: unreleased # says which\n")
    return tmp_path


def test_a_release_is_told_in_the_code_and_in_the_template(build: Path) -> None:
    name = release.stamp(build)

    assert (build / "functions" / "release.txt").read_text() == f"{name}\n"
    assert f"    Description: release {name} # says which" in (build / "template.yaml").read_text()


def test_the_same_code_with_the_same_parameters_is_the_same_release(build: Path) -> None:
    name = release.stamp(build, "ProductName=Badges")

    assert release.stamp(build, "ProductName=Badges") == name
    assert release.stamp(build, "ProductName=Teams") != name
    assert release.stamp(build, "ProductName=Badges") == name

    (build / "functions" / "create.py").write_text("handler = repr\n")
    assert release.stamp(build, "ProductName=Badges") != name


def test_a_template_without_a_place_for_it_is_no_release(build: Path) -> None:
    (build / "template.yaml").write_text("Globals: {}\n")

    with pytest.raises(ValueError, match="no place for the release"):
        release.stamp(build)
