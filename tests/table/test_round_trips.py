"""What each operation costs, exactly, and the same at any size: docs/table.md says it, and is held to it here."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from roster.table.base import Item
from roster.table.items import DayCounts, Event, InvitationAttributes
from tests.deployment import STACKS
from tests.operations import OPERATIONS, set_up
from tests.wire import Wire
from tests.world import World
from tools.links import LINK, pointed


class Cost(NamedTuple):
    """A row of the chart: how often each call is made, and what the transaction holds."""

    reads: int
    queries: int
    transactions: int
    kms: int
    items: int
    written: str


CHART = Path(__file__).parents[2] / "docs" / "table.md"
ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \| \[(?P<symbol>\w+)\]\(\.\./(?P<path>[\w/.]+)#L(?P<line>\d+)\) \| (?P<cost>.*) \|$"
)
ROWS = {row["name"]: row for line in CHART.read_text().splitlines() if (row := ROW.match(line))}


@pytest.mark.parametrize("size", [3, 300])
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_costs_what_the_chart_says_at_any_size(world: World, wire: Wire, name: str, size: int) -> None:
    scene = set_up(world, crowd=size - 3)
    wire.clear()

    assert OPERATIONS[name](scene).status < 300

    found = wire.counts
    written = [params["TransactItems"] for operation, params in wire.calls if operation == "TransactWriteItems"]
    cost = Cost(
        reads=found.pop("BatchGetItem", 0),
        queries=found.pop("Query", 0),
        transactions=found.pop("TransactWriteItems", 0),
        kms=found.pop("VerifyMac", 0) + found.pop("GenerateMac", 0),
        items=sum(len(items) for items in written),
        written=", ".join(operation_of(item) for items in written for item in items),
    )
    assert " | ".join(str(column) for column in cost).strip() == ROWS[name]["cost"].strip()
    assert not found, "nothing else is ever asked, no Scan above all"
    if not name.startswith("users/"):  # which are as many changes as the person has memberships
        assert cost.reads <= 2
        assert cost.transactions <= 1
    own_address = 2 * (name == "invite/accept by a copied link")  # it is free, and joined by
    most = 8 + ("custom role" in name) + cost.written.count("address holders") + own_address
    assert max(map(len, written), default=0) <= most


def operation_of(item: dict[str, Any]) -> str:
    """Say what a transaction does to one item: the verb, and the kind of the item by its key."""
    ((verb, params),) = item.items()
    key = params.get("Key") or params["Item"]
    pk, sk = (key[name]["S"].partition("#")[0] for name in ("pk", "sk"))
    return f"{VERBS[verb]} {KINDS[sk if pk == 'ORG' else pk]}"


VERBS = {"ConditionCheck": "check", "Put": "put", "Update": "update", "Delete": "delete"}
KINDS = {
    "ORG": "organization",
    "MEMBER": "member",
    "INVITE": "invitation",
    "JOINED": "joined address",
    "LOG": "event",
    "USER": "user",
    "IDEM": "idempotency",
    "ROLES": "custom roles",
    "EXTERNAL": "external id",
    "ADDRESS": "address holders",
}


def test_the_chart_names_every_operation(world: World) -> None:
    routed = {route.function.name for route in STACKS[world.pack].routes}

    assert {name.partition(" ")[0] for name in ROWS} == routed
    assert ROWS.keys() == OPERATIONS.keys()


def test_the_chart_links_to_the_line_of_each_operation() -> None:
    for row in ROWS.values():
        line = (CHART.parents[1] / row["path"]).read_text().splitlines()[int(row["line"]) - 1]
        assert line.startswith(f"def {row['symbol']}("), f"{row['name']} is not at {row['path']}#L{row['line']}"


def test_the_links_of_the_docs_lead_to_the_lines_of_what_they_name() -> None:
    for page in sorted(CHART.parent.glob("*.md")):
        text = page.read_text()
        assert LINK.sub(pointed, text) == text, f"{page.name} has links to other lines: run python -m tools.links"


def test_the_entity_chart_names_every_kind_of_item() -> None:
    kinds = {kind.__name__ for kind in Item.__subclasses__() if kind not in (DayCounts, InvitationAttributes)}
    kinds |= {kind.__name__ for parent in (DayCounts, InvitationAttributes, Event) for kind in parent.__subclasses__()}

    named = set(re.findall(r"^\| \[(\w+)\]", CHART.read_text(), re.MULTILINE))
    assert named == kinds
