"""Take a release back: every function serves the version that it had in the release before.

Each function's alias is pointed at an earlier version, with the code, the layer and the parameters of its time. That
takes seconds, and no deployment. What is not a function stays as deployed: routes, permissions, table, alarms. The next
release takes the aliases on. Repeated, this does what is left of it, and then nothing.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.release import PREFIX

ALIAS = "live"


class Refused(Exception):
    """There is nothing to go to, or it is not the time. Nothing was done."""


@dataclass(frozen=True)
class Function:
    """A function of the stack, and what it can serve."""

    name: str
    deployed: str  # the release that was deployed last
    served: str  # the version that its alias is at
    shifting: bool  # whether a part of the requests goes to another one
    versions: Mapping[int, str]  # each version's release, the newest first

    def before(self) -> str | None:
        """Return the release before the deployed one."""
        newest = max((number for number, release in self.versions.items() if release == self.deployed), default=0)
        return next((release for number, release in self.versions.items() if number < newest), None)

    def version_of(self, release: str) -> str | None:
        """Return its newest version in a release."""
        return next((str(number) for number, one in self.versions.items() if one == release), None)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make rollback ARGS=…", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", default="roster", help="the CloudFormation stack (%(default)s)")
    parser.add_argument("--to", help="another release than the one before, earlier or later")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    try:
        roll_back(given.stack, given.to, dry_run=given.dry_run)
    except Refused as reason:
        sys.exit(str(reason))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS did not do it: {error}. Repeat this: what is done is not done twice.")


def roll_back(stack: str, to: str | None, *, dry_run: bool) -> int:
    """Point the aliases at the release before, or at the one that is named, and return how many were moved."""
    aws = boto3.client("lambda")
    functions = [function(aws, name) for name in names(boto3.client("cloudformation"), stack)]
    if not functions:
        raise Refused(f"The stack {stack} has no functions.")
    release = to or before(functions)
    kept = lacking(functions, release)
    print(f"{stack}: deployed was {functions[0].deployed}, and it goes to {release}")
    moved = 0
    for one in functions:
        version = one.version_of(release)
        if version is None or (version == one.served and not one.shifting):
            print(f"{one.name}: stays at {one.served}" + ", as it is newer than that release" * (one.name in kept))
            continue
        moved += 1
        if not dry_run:
            none = {"AdditionalVersionWeights": dict[str, float]()}
            aws.update_alias(FunctionName=one.name, Name=ALIAS, FunctionVersion=version, RoutingConfig=none)
        print(f"{one.name}: {one.served} -> {version}")
    print(f"{moved} of {len(functions)} functions moved" + " (dry run: none was)" * dry_run)
    return moved


def names(cloudformation: Any, stack: str) -> list[str]:  # noqa: ANN401 (a boto client that comes without types)
    """Return the names of a stack's functions. Raises Refused while it is being changed."""
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    if found["StackStatus"].endswith("_IN_PROGRESS"):
        raise Refused(
            f"The stack {stack} is being changed ({found['StackStatus']}). To take that back, cancel it: "
            f"aws cloudformation cancel-update-stack --stack-name {stack}"
        )
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
    return sorted(one["PhysicalResourceId"] for one in resources if one["ResourceType"] == "AWS::Lambda::Function")


def function(aws: Any, name: str) -> Function:  # noqa: ANN401 (a boto client that comes without types)
    """Read what a function serves, and what it could."""
    alias = aws.get_alias(FunctionName=name, Name=ALIAS)
    versions = dict(_versions(aws, name))
    deployed = versions.pop("$LATEST")
    newest_first = sorted(((int(number), release) for number, release in versions.items()), reverse=True)
    shifting = bool(alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"))
    return Function(name, deployed, alias["FunctionVersion"], shifting, dict(newest_first))


def _versions(aws: Any, name: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 (a boto client that comes without types)
    for page in aws.get_paginator("list_versions_by_function").paginate(FunctionName=name):
        for version in page["Versions"]:
            yield version["Version"], version.get("Description", "").removeprefix(PREFIX)


def before(functions: list[Function]) -> str:
    """Return the release before the deployed one, which the oldest functions tell of."""
    oldest = max(functions, key=lambda one: len(one.versions))
    release = oldest.before()
    if release is None:
        raise Refused(f"There is no release before {oldest.deployed}.")
    return release


def lacking(functions: list[Function], release: str) -> set[str]:
    """Return which functions did not exist in a release. Raises Refused if one that did has lost its version."""
    without = [one for one in functions if one.version_of(release) is None]
    if len(without) == len(functions):
        raise Refused(f"No function has a version of the release {release}.")
    lost = [one.name for one in without if one.before() is not None]
    if lost:
        raise Refused(f"These functions have no version of the release {release}: {', '.join(lost)}. Nothing was done.")
    return {one.name for one in without}


if __name__ == "__main__":
    main()
