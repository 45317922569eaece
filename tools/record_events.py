"""Record what goes in and comes out while a membership lives, with stand-ins for all that is random.

events/<folder>.<operation>.json is what each function is called with; tools/openapi/examples.json is what is asked and
answered by each use of a route, for the API's description.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext

from local.schedule import scheduled
from local.streams import as_delivered
from roster import clock
from tests.deployment import STACKS, TABLE, empty_aws
from tests.notify.ses import ses_event
from tests.operations import OPERATIONS, set_up
from tests.world import CONTEXT, Reply, Team, World
from tools.steady import Steady

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "tools" / "openapi" / "examples.json"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
MOST_ITEMS = 2  # of a list in an example


@dataclass
class Recorder(World):
    """A world that keeps what each function was called with last, and the last call and its answer."""

    recorded: dict[str, Any] = field(default_factory=dict)
    example: dict[str, Any] = field(default_factory=dict)

    def invoke(self, function: str, payload: Any, context: LambdaContext = CONTEXT) -> Any:  # noqa: ANN401 - JSON
        """Invoke a function, as Lambda does."""
        self.recorded[function] = payload
        return super().invoke(function, payload, context)

    def call(self, method: str, path: str, **request: Any) -> Reply:  # noqa: ANN401 - whatever World.call takes
        """Call the function behind a route."""
        reply = super().call(method, path, **request)
        caller, body = request.get("caller"), request.get("body")
        route, _ = self._match(method, path)
        kind = reply.headers.get("content-type", "").partition(";")[0]
        answer = _shortened(reply.body if kind == "application/json" else reply.text)
        scope = None if caller is None else caller.claims.get("scope")
        asked = {"method": method, "path": route.path, "scope": scope, "body": _shortened(body)}
        self.example = asked | {"status": reply.status, "media_type": kind, "answer": answer}
        return reply


def _shortened(part: Any) -> Any:  # noqa: ANN401 - JSON
    """Shorten what was made long to be counted: of fifty permissions, two show as much."""
    match part:
        case dict():
            return {key: _shortened(one) for key, one in part.items()} | (
                {"next_cursor": "NjEyMyNtZW1iZXJz"} if part.get("next_cursor") else {}
            )
        case list():
            return [_shortened(one) for one in part[:MOST_ITEMS]]
        case str():
            return "".join(part.splitlines(keepends=True)[: 1 + MOST_ITEMS])  # of an export, with its head
    return part


def stream_event() -> Any:  # noqa: ANN401 - JSON
    """What the table's stream hands over when an invitation is sent."""
    streams = boto3.client("dynamodbstreams")
    arn = boto3.client("dynamodb").describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    records = streams.get_records(ShardIterator=start["ShardIterator"])["Records"]
    sent = [one for one in records if one["dynamodb"].get("NewImage", {}).get("type") == {"S": "invitation.sent"}]
    return {"Records": [as_delivered(sent[0], arn)]}


def bounce(team: Team, invitation: str) -> Any:  # noqa: ANN401 - JSON
    """What SES tells of an invitation's mail, handed over by EventBridge."""
    link = team.token(invitation).split(".")[2]
    return ses_event("Email Bounced", {"organization": team.id, "invitation": invitation, "link": link})


def write(function: str, event: Any) -> None:  # noqa: ANN401 - JSON
    """Write the event of a function."""
    file = ROOT / "events" / f"{function.replace('/', '.')}.json"
    file.write_text(json.dumps(Steady(function)(event), indent=2) + "\n")


def at_noon() -> None:
    """Set the clock to noon, as each recording begins."""
    clock.offset = NOON - datetime.now(UTC)


if __name__ == "__main__":
    examples = {}
    for name, act in OPERATIONS.items():
        with empty_aws():
            at_noon()
            world = Recorder("credentials")
            act(set_up(world, crowd=0))
        examples[name] = Steady(name)(world.example)
        if " " not in name:
            write(name, world.recorded[name])
    EXAMPLES.write_text(json.dumps(examples, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with empty_aws():
        at_noon()
        scene = set_up(Recorder("credentials"), crowd=0)
        write("notify/send", stream_event())
        write("notify/publish", stream_event())
        write("notify/feedback", bounce(scene.team, scene.invitation))
    write("cleanup/expire", scheduled(STACKS["credentials"].schedules[0], clock.now()))
