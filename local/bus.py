"""EventBridge, as far as a local server needs it: what is put on the bus stays here, to be read."""

import json
import uuid
from datetime import UTC, datetime

from local import Json
from local.template import ACCOUNT, REGION


class Bus:
    """What was published, oldest first, as EventBridge hands it to a rule's target."""

    def __init__(self) -> None:
        self.items: list[dict[str, Json]] = []

    def put(self, request: Json) -> Json:
        """Take what PutEvents was called with, and return its answer."""
        taken = [_event(entry) for entry in request["Entries"]]  # all of them, or it raises
        self.items += taken
        return {"FailedEntryCount": 0, "Entries": [{"EventId": event["id"]} for event in taken]}


def _event(entry: Json) -> dict[str, Json]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": ACCOUNT,
        "time": f"{datetime.fromtimestamp(entry['Time'], UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": entry.get("Resources", []),
        "detail": json.loads(entry["Detail"]),
    }
