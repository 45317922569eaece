"""What Roster costs on AWS, by the request units of each operation and by list prices. `--write` makes docs/cost.md."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from bench.costs import bill
from bench.costs.bill import PRICES, Cost
from bench.costs.meter import Laboratory, Taken
from local.template import translate
from tests.deployment import PARAMETERS
from tests.notify.mailer import streamed
from tests.notify.ses import ses_event
from tests.operations import OPERATIONS, Act, Scene, set_up
from tests.world import World

PAGE = Path(__file__).parents[1] / "docs" / "cost.md"
TEMPLATE = Path(__file__).parent / "costs" / "page.md"  # its words, with places for figures
# The columns of the months: a heading, and the prices in it.
SERVICES = {
    "DynamoDB": ("read_units", "write_units", "storage"),
    "API Gateway": ("gateway",),
    "Lambda": ("invocations", "gigabyte_seconds"),
    "KMS": ("kms", "kms_key"),
    "SES": ("mails",),
    "EventBridge": ("events",),
    "logs": ("logs",),
    "metrics, alarms": ("metrics", "alarms"),
}


# ---- Measuring -------------------------------------------------------------------------------------------------------


def measured() -> dict[str, Taken]:
    """Return what each operation takes, in an organization with somebody in each part."""
    laboratory = Laboratory()
    try:
        found: dict[str, Taken] = {}
        for name, act in OPERATIONS.items():
            laboratory.empty()
            scene = set_up(laboratory.world, crowd=0)
            found[name] = laboratory.measure(_on(act, scene))
        laboratory.empty()
        return found | dict(_without_route(laboratory, set_up(laboratory.world, crowd=0)))
    finally:
        laboratory.close()


def _without_route(laboratory: Laboratory, scene: Scene) -> Iterator[tuple[str, Taken]]:
    world, team = laboratory.world, scene.team
    records = {one["dynamodb"]["NewImage"]["type"]["S"]: one for one in streamed("notify/send")}  # the last of each
    for name, function, event_type in (
        ("notify/send an invitation", "notify/send", "invitation.sent"),
        ("notify/send to a member", "notify/send", "invitation.accepted"),
        ("notify/publish", "notify/publish", "invitation.sent"),
    ):
        yield name, laboratory.measure(_invoking(world, function, {"Records": [records[event_type]]}))
    link = team.token(scene.invitation).split(".")[2]
    tags = {"organization": team.id, "invitation": scene.invitation, "link": link}
    delivered = ses_event("Email Delivered", tags)
    yield "notify/feedback", laboratory.measure(_invoking(world, "notify/feedback", delivered))
    yield "cleanup/expire", laboratory.measure(_invoking(world, "cleanup/expire", {}))


def _on(act: Act, scene: Scene) -> Callable[[], object]:
    return lambda: act(scene)


def _invoking(world: World, function: str, event: object) -> Callable[[], object]:
    return lambda: world.invoke(function, event)


# ---- The page --------------------------------------------------------------------------------------------------------


def page(found: Mapping[str, Taken]) -> str:
    """Return docs/cost.md."""
    costs = {name: bill.cost_of(name, taken) for name, taken in found.items()}
    watched = _watched()
    return TEMPLATE.read_text(encoding="utf-8").format(
        own=bill.OWN,
        logged=f"{bill.LOGGED:,}",
        headings=" | ".join(SERVICES),
        rules="---|" * len(SERVICES),
        months="\n".join(_months(costs, found, watched)),
        alarms=watched,
        metrics=bill.METRICS,
        sweeps=f"{bill.SWEEPS:,}",
        people=bill.PEOPLE,
        days=bill.DAYS,
        assumed=_rows((f"`{name}`", f"{times:,.0f}") for name, times in (bill.MONTH | bill.MAILS).items()),
        person=f"{bill.STORED_PERSON:,}",
        event=f"{bill.STORED_EVENT:,}",
        operations=_rows(_operation(name, taken, costs[name]) for name, taken in found.items()),
        prices=_rows(
            (
                one["title"],
                f"{one['price']:.10f}".rstrip("0").ljust(4, "0"),
                f"{one['per']:,}",
                one["read"],
                one["source"],
            )
            for one in PRICES.values()
        ),
        latencies=_rows((f"`{call}`", str(took)) for call, took in bill.LATENCY.items()),
    )


def _rows(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _operation(name: str, taken: Taken, cost: Cost) -> tuple[str, ...]:
    mac = taken.calls["GenerateMac"] + taken.calls["VerifyMac"]
    numbers = (taken.read_units, taken.write_units, mac, taken.calls["SendEmail"], taken.events)
    shown = [f"{number:g}" if number else "" for number in numbers]
    return f"`{name}`", *shown, str(bill.milliseconds(taken)), f"{cost.total * 1e6:.2f}"


def _months(costs: Mapping[str, Cost], found: Mapping[str, Taken], watched: int) -> Iterator[str]:
    stack = bill.standing_month(costs, watched)
    one, published = (bill.organization_month(costs, found, published=each) for each in (False, True))
    many = bill.PRODUCT // bill.PEOPLE
    for what, cost in (
        ("the stack alone", stack),
        (f"an organization of {bill.PEOPLE}", one),
        ("the same, with an `EventBus`", published),
        (
            f"**a product of {bill.PRODUCT:,} people**, the stack and {many} of these",
            bill.added((1, stack), (many, one)),
        ),
        ("the same, with an `EventBus`", bill.added((1, stack), (many, published))),
    ):
        columns = [sum(cost.parts[part] for part in parts) for parts in SERVICES.values()]
        yield f"| {what} | {' | '.join(_dollars(column) for column in columns)} | {_dollars(cost.total)} |"


def _dollars(amount: float) -> str:
    """Return an amount as it reads well: what is less than a cent in more places."""
    return "" if not amount else f"{amount:.2f}" if amount >= 1 else f"{amount:.4f}"


def _watched() -> int:
    """Count the metrics that the template has alarms on, without a bus."""
    resources = translate(PARAMETERS)["Resources"].values()
    alarms = [
        one["Properties"]
        for one in resources
        if one["Type"] == "AWS::CloudWatch::Alarm" and one.get("Condition") != "HasEventBus"
    ]
    return sum(sum("MetricStat" in part for part in alarm.get("Metrics", [])) or 1 for alarm in alarms)


def main() -> None:
    """Print the totals, and write docs/cost.md if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench.cost", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/cost.md")
    write = parser.parse_args().write
    with redirect_stdout(StringIO()):  # what the functions print is their metrics
        found = measured()
    if write:
        PAGE.write_text(page(found), encoding="utf-8")
    costs = {name: bill.cost_of(name, taken) for name, taken in found.items()}
    most, least = max(costs, key=lambda name: costs[name].total), min(costs, key=lambda name: costs[name].total)
    low, high = (costs[name].total * 1e6 for name in (least, most))
    print(f"a million operations cost ${low:.2f} ({least}) to ${high:.2f} ({most})")
    print(f"an organization of 50 costs ${bill.organization_month(costs, found, published=True).total:.3f} a month")


if __name__ == "__main__":
    main()
