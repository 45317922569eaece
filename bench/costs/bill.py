"""What things cost on AWS: an invocation by what it takes, and a month by what is assumed to happen in it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench.costs.meter import Taken
from tests.deployment import STACKS

PRICES: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "prices.toml").read_text())

# Assumed, as only an account can show it: how long calls take and what a function itself needs, in milliseconds.
LATENCY = {
    "BatchGetItem": 5,
    "BatchWriteItem": 8,
    "Query": 6,
    "TransactWriteItems": 12,
    "PutItem": 6,
    "UpdateItem": 6,
    "GenerateMac": 8,
    "VerifyMac": 8,
    "SendEmail": 60,
    "PutEvents": 15,
}
OWN = 15
LOGGED = 1_500  # bytes of an invocation: a line and a metric of ours, the gateway's line, and Lambda's own three
METRICS = 50  # of our own that are written to in a month: a word of a dimension is another one
# What an organization of 50 does in a month of 22 working days.
PEOPLE = 50
DAYS = 22
MONTH: dict[str, float] = {
    "organizations/me": PEOPLE * DAYS,
    "organizations/read mine": PEOPLE * DAYS,
    "roles/access": PEOPLE * DAYS * 20,
    "organizations/read": 40 + PEOPLE * 2,
    "members/read": 40 + PEOPLE * 2,
    "members/read all": 40,
    "invite/read all": 40,
    "roles/read": 40,
    "activity/read": 20,
    "invite/send": 3,
    "invite/preview": 4,
    "invite/accept": 3,
    "roles/change": 1,
    "members/remove": 2,
    "activity/record": 200,
}
# Its mails: three invitations, three answers to who invited, a changed role, two removals. SES tells of each twice.
MAILS = {"notify/send an invitation": 3, "notify/send to a member": 6, "notify/feedback": 2 * 9}
SWEEPS = 4 * 24 * 30
PRODUCT = 10_000
# What is stored for each person: the person, their membership, the address, with names of attributes and both indexes.
STORED_PERSON = 3_000
STORED_EVENT = 1_100  # with its copy in gsi1
KEPT_MONTHS = 12


class Cost(NamedTuple):
    """What something costs, in dollars, by the names of prices."""

    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.parts.values())


def price(name: str) -> float:
    """Return the price of one."""
    return float(PRICES[name]["price"]) / float(PRICES[name]["per"])


def milliseconds(taken: Taken) -> int:
    """Return how long a function is assumed to run."""
    return OWN + sum(LATENCY[call] for call in taken.calls.elements())


def cost_of(name: str, taken: Taken) -> Cost:
    """Return what an invocation costs. One that has no route has no request to the gateway."""
    folder_file = name.split(" ", maxsplit=1)[0]
    function = STACKS["credentials"].functions[folder_file]
    amounts = {
        "gateway": any(route.function == function for route in STACKS["credentials"].routes),
        "invocations": 1,
        "gigabyte_seconds": milliseconds(taken) / 1000 * function.memory / 1024,
        "read_units": taken.read_units,
        "write_units": taken.write_units,
        "kms": taken.calls["GenerateMac"] + taken.calls["VerifyMac"],
        "mails": taken.calls["SendEmail"],
        "events": taken.events,
        "logs": LOGGED / 1e9,
    }
    return Cost({part: price(part) * amount for part, amount in amounts.items()})


# ---- A month ---------------------------------------------------------------------------------------------------------


def events_of_a_month(found: Mapping[str, Taken]) -> float:
    """Return how many events an organization of 50 has in a month, the product's too."""
    return sum(times for name, times in MONTH.items() if "TransactWriteItems" in found[name].calls)


def organization_month(costs: Mapping[str, Cost], found: Mapping[str, Taken], *, published: bool) -> Cost:
    """Return what an organization of 50 costs in a month, without what a stack costs by being there."""
    events = events_of_a_month(found)
    times = MONTH | MAILS  # each event by itself, at worst
    if published:
        times["notify/publish"] = events - MONTH["activity/record"]
    parts = dict.fromkeys(PRICES, 0.0)
    for name, count in times.items():
        for part, dollars in costs[name].parts.items():
            parts[part] += count * dollars
    stored = PEOPLE * STORED_PERSON + events * STORED_EVENT * KEPT_MONTHS
    return Cost(parts | {"storage": price("storage") * stored / 1e9})


def standing_month(costs: Mapping[str, Cost], alarms: int) -> Cost:
    """Return what a stack costs in a month even if nobody comes."""
    parts = {part: SWEEPS * dollars for part, dollars in costs["cleanup/expire"].parts.items()}
    fixed = {"kms_key": 1, "alarms": alarms, "metrics": METRICS}
    return Cost(dict.fromkeys(PRICES, 0.0) | parts | {part: price(part) * amount for part, amount in fixed.items()})


def added(*costs: tuple[float, Cost]) -> Cost:
    """Return so many of each."""
    return Cost({part: sum(times * cost.parts[part] for times, cost in costs) for part in PRICES})
