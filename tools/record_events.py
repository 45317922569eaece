"""Record events/<folder>.<operation>.json: what each function is called with while a membership lives."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from local.schedule import scheduled
from local.streams import as_delivered
from roster import clock
from tests.deployment import STACKS, TABLE, empty_aws
from tests.notify.ses import ses_event
from tests.operations import OPERATIONS, set_up
from tests.world import Team, World

ROOT = Path(__file__).parents[1]


@dataclass
class Recorder(World):
    """A world that keeps what each function was called with last."""

    recorded: dict[str, Any] = field(default_factory=dict)

    def invoke(self, function: str, payload: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
        """Invoke a function, as Lambda does."""
        self.recorded[function] = payload
        return super().invoke(function, payload)


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
    file.write_text(json.dumps(event, indent=2) + "\n")


if __name__ == "__main__":
    for name, act in OPERATIONS.items():
        if " " not in name:
            with empty_aws():
                world = Recorder("credentials")
                act(set_up(world, crowd=0))
            write(name, world.recorded[name])
    with empty_aws():
        scene = set_up(Recorder("credentials"), crowd=0)
        write("notify/send", stream_event())
        write("notify/feedback", bounce(scene.team, scene.invitation))
    write("cleanup/expire", scheduled(STACKS["credentials"].schedules[0], clock.now()))
