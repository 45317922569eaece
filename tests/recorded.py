"""The recorded events, and what each is answered where the table is empty: its status, or all of it without a route."""

import json
from pathlib import Path
from typing import Any

EVENTS: dict[str, Any] = {
    file.stem.replace(".", "/"): json.loads(file.read_text(encoding="utf-8"))
    for file in sorted((Path(__file__).parents[1] / "events").iterdir())
}
WITHOUT_ROUTE: dict[str, Any] = {
    "notify/send": {"batchItemFailures": []},  # a record of what is gone is passed over
    "notify/publish": {"batchItemFailures": []},
    "notify/feedback": {"outcome": "gone"},  # and a bounce of it moves nothing
    "cleanup/expire": {"expired": 0, "purged": 0},
}
# What needs no organization is done, and to all else it does not exist.
DONE = {"organizations/create": 201, "organizations/me": 200, "users/erase": 204, "users/move": 204}
ANSWERS: dict[str, Any] = {name: DONE.get(name, 404) for name in EVENTS} | WITHOUT_ROUTE
