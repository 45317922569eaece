"""Take a release back: every function serves the version that it had in the release before.

Each function's alias is pointed at an earlier version, with the code, the layer and the parameters of its time. That
takes seconds, and no deployment. What is not a function stays as deployed: routes, permissions, table, alarms. The next
release takes the aliases on. Repeated, this does what is left of it, and then nothing.

A version is also what a failed or braked deployment has left. So the release before is the last one whose deployment
CloudFormation says to have ended well. Where it does not say how one ended, this chooses none: name it by --to.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.release import PREFIX

ALIAS = "live"
LISTED = 10  # earlier releases that are looked at
BEGUN = {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}
ENDED_WELL = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"}
SERVED, FAILED, UNKNOWN = "it served", "its deployment failed", "whether it served is not known"


class Refused(Exception):
    """There is nothing to go to, or it is not the time. Nothing was done."""


@dataclass(frozen=True)
class Version:
    """What was deployed of a function once, and when."""

    release: str
    made: datetime


@dataclass(frozen=True)
class Function:
    """A function of the stack, and what it can serve."""

    name: str
    deployed: str  # the release that was deployed last
    served: str  # the version that its alias is at
    shifting: bool  # whether a part of the requests goes to another one
    versions: Mapping[int, Version]  # the newest first

    def earlier(self) -> list[Version]:
        """Return what was made before the deployed release, whether it served or not."""
        newest = max((number for number, one in self.versions.items() if one.release == self.deployed), default=0)
        return [one for number, one in self.versions.items() if number < newest and one.release != self.deployed]

    def version_of(self, release: str) -> str | None:
        """Return its newest version in a release."""
        return next((str(number) for number, one in self.versions.items() if one.release == release), None)

    def made(self, release: str) -> datetime | None:
        """Return when that version was made."""
        return next((one.made for one in self.versions.values() if one.release == release), None)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make rollback ARGS=…", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--stack", default="roster", help="the CloudFormation stack (%(default)s)")
    parser.add_argument(
        "--to", help="the release to go to, earlier or later, without a look at how its deployment ended"
    )
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
    cloudformation = boto3.client("cloudformation")
    functions = [function(aws, name) for name in names(cloudformation, stack)]
    if not functions:
        raise Refused(f"The stack {stack} has no functions.")
    release = to or before(functions, stack_events(cloudformation, stack))
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
    deployed = versions.pop("$LATEST").release
    newest_first = {int(number): versions[number] for number in sorted(versions, key=int, reverse=True)}
    shifting = bool(alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"))
    return Function(name, deployed, alias["FunctionVersion"], shifting, newest_first)


def _versions(aws: Any, name: str) -> Iterator[tuple[str, Version]]:  # noqa: ANN401 (a boto client that comes without types)
    for page in aws.get_paginator("list_versions_by_function").paginate(FunctionName=name):
        for version in page["Versions"]:
            release = version.get("Description", "").removeprefix(PREFIX)
            yield version["Version"], Version(release, datetime.fromisoformat(version["LastModified"]))


def stack_events(cloudformation: Any, stack: str) -> Iterator[tuple[datetime, str]]:  # noqa: ANN401 (a boto client)
    """Yield when the stack itself came to which status, the newest first. It reads on only as far as it is asked."""
    for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack):
        for event in page["StackEvents"]:
            if event["PhysicalResourceId"] == event["StackId"]:
                yield event["Timestamp"], event["ResourceStatus"]


def before(functions: list[Function], events: Iterator[tuple[datetime, str]]) -> str:
    """Return the last release before the deployed one that served. Raises Refused if that is not sure."""
    made: dict[str, datetime] = {}
    for version in (version for one in functions for version in one.earlier()):
        made[version.release] = max(made.get(version.release, version.made), version.made)
    newest_first = sorted((Version(release, when) for release, when in made.items()), key=_made, reverse=True)
    deployed = functions[0].deployed
    if not newest_first:
        raise Refused(f"There is no release before {deployed}.")
    told: list[str] = []
    outcomes = islice(_outcomes(newest_first, events), LISTED)
    for release, outcome in outcomes:
        if outcome == SERVED:
            print("".join(f"passed over: {line}\n" for line in told), end="")
            return release.release
        told.append(_line(release, outcome))
        if outcome == UNKNOWN:
            break
    told += [_line(release, outcome) for release, outcome in outcomes]
    listed = "".join(f"\n  {line}" for line in told)
    raise Refused(f"Which release served before {deployed} is not sure. Name it with --to. There are:{listed}")


def _made(version: Version) -> datetime:
    return version.made


def _line(release: Version, outcome: str) -> str:
    return f"{release.release}, made {release.made:%Y-%m-%d %H:%M} UTC: {outcome}"


def _outcomes(releases: list[Version], events: Iterator[tuple[datetime, str]]) -> Iterator[tuple[Version, str]]:
    """Yield how the deployment of each release ended: by what the stack came to first after its versions were made."""
    ended, event = "", next(events, None)
    for release in releases:
        while event and event[0] >= release.made:
            ended = ended if event[1] in BEGUN else event[1]
            event = next(events, None)
        if not ended or event is None or event[1] not in BEGUN:  # made outside of a deployment, or too long ago
            yield release, UNKNOWN
        else:
            yield release, SERVED if ended in ENDED_WELL else FAILED


def lacking(functions: list[Function], release: str) -> set[str]:
    """Return which functions did not exist in a release. Raises Refused if one that did has lost its version."""
    made = [when for one in functions if (when := one.made(release))]
    if not made:
        raise Refused(f"No function has a version of the release {release}.")
    without = [one for one in functions if one.version_of(release) is None]
    lost = [one.name for one in without if any(version.made < min(made) for version in one.versions.values())]
    if lost:
        raise Refused(f"These functions have no version of the release {release}: {', '.join(lost)}. Nothing was done.")
    return {one.name for one in without}


if __name__ == "__main__":
    main()
