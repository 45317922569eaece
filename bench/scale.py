"""What each operation asks of AWS in small and large organizations: the same, whatever their size.

The real functions answer on the simulator's engine, which holds all items in memory. What is counted is exact, so that
one run is enough: round trips, items in transactions, request units by DynamoDB's rules, and bytes on the wire.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.typing import LambdaContext

from bench.costs.units import item_size, units
from bench.figures import Figure, progress, show
from local.sample import TABLE
from prove.control.calls import Answer, Call, control
from prove.control.chance import Chance
from prove.control.deployment import stack
from prove.engine import Engine, Reply, Table
from prove.engine.values import Item
from tests.operations import OPERATIONS, set_up
from tests.world import CONTEXT, World

INDEX = f"{TABLE}/"


class Size(NamedTuple):
    """How many members the organization has, and how many other organizations there are."""

    members: int
    organizations: int

    def __str__(self) -> str:
        return f"{self.organizations:,} organizations" if self.organizations else f"{self.members:,} members"


SIZES = (Size(10, 0), Size(1_000, 0), Size(100_000, 0), Size(10, 100_000))


class Asked(NamedTuple):
    """What an operation asked of AWS."""

    trips: int
    items: int  # in transactions
    read: float  # request units
    written: int
    kilobytes: float  # on the wire, both ways, without headers

    def __str__(self) -> str:
        counts = f"{self.trips} trips, {self.items} items, {self.read:g} read, {self.written} written"
        return f"{counts}, {self.kilobytes:.0f} KB"


class Meter:
    """An engine that counts."""

    def __init__(self) -> None:
        self.chance = Chance()
        self.engine = Engine({TABLE: stack("credentials").table}, now=lambda: self.chance.now)
        self._calls: list[tuple[Call, Reply, dict[tuple[str, ...], Any]]] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Answer all calls of AWS meanwhile."""
        with control(self._ask), self.chance.installed():
            yield

    def asked(self) -> Asked:
        """Return what was asked since the last invocation of a function began."""
        sent = [json.loads(call.body) for call, _, _ in self._calls]
        transactions = [asked["TransactItems"] for asked in sent if "TransactItems" in asked]
        return Asked(
            trips=len(sent),
            items=sum(map(len, transactions)),
            read=sum(_read_units(call, reply) for call, reply, _ in self._calls),
            written=sum(self._written_units(*one) for one in self._calls),
            kilobytes=sum(len(call.body) + len(reply.body) for call, reply, _ in self._calls) / 1024,
        )

    def begin(self) -> None:
        """Count from here on."""
        self._calls.clear()

    def _ask(self, call: Call) -> Answer:
        items = self.engine.table(TABLE).items
        keys = [] if call.service != "dynamodb" else _written_keys(call)
        before = {key: items.get(key) for key in keys}
        reply = self.engine.ask(call.service, call.operation, call.body)
        self._calls.append((call, reply, before))
        return Answer(reply.status, reply.body)

    def _written_units(self, call: Call, reply: Reply, before: dict[tuple[str, ...], Any]) -> int:
        """Return two units for each KB of an item in a transaction, one outside, and one for each place in an index."""
        items = self.engine.table(TABLE).items
        each = 2 if call.operation == "TransactWriteItems" else 1
        own = sum(
            each * units(max(item_size(item or {}), item_size(items.get(key, {}))), 1) for key, item in before.items()
        )
        return own + sum(spot.of.startswith(INDEX) and spot.of != INDEX for spot in reply.writes)


def _written_keys(call: Call) -> list[tuple[str, ...]]:
    asked = call.asked
    parts = [part for one in asked.get("TransactItems", []) for part in one.values()]
    if call.operation in {"PutItem", "UpdateItem", "DeleteItem"}:
        parts = [asked]
    keys = [part.get("Item", part.get("Key")) for part in parts]
    return [(key["pk"]["S"], key["sk"]["S"]) for key in keys]


def _read_units(call: Call, reply: Reply) -> float:
    """Return what a read takes: each item of a batch by itself, a query's in sum; half of it if not consistent."""
    asked, told = call.asked, json.loads(reply.body)
    if call.operation == "BatchGetItem":
        ((table, wanted),) = asked["RequestItems"].items()
        found = [item_size(item) for item in told["Responses"][table]]
        found += [0] * (len(wanted["Keys"]) - len(found))  # what is not there takes a unit as well
        return sum(units(one, 4) for one in found) * (1 if wanted.get("ConsistentRead") else 0.5)
    if call.operation == "Query":
        return units(sum(map(item_size, told["Items"])), 4) * (1 if asked.get("ConsistentRead") else 0.5)
    return 0


# ---- Large tables ----------------------------------------------------------------------------------------------------


class Counted(World):
    """A world whose last invocation is counted: what an operation of the tests does first is not."""

    def __init__(self, meter: Meter) -> None:
        super().__init__("credentials")
        self._meter = meter

    def invoke(self, function: str, payload: Any, context: LambdaContext = CONTEXT) -> Any:  # noqa: ANN401 (as there)
        self._meter.begin()
        return super().invoke(function, payload, context)


def measured(size: Size, only: str = "") -> dict[str, Asked]:
    """Return what each operation asks in an organization of a size, among others."""
    meter, found = Meter(), {}
    with meter.at_work():
        scene = set_up(Counted(meter), crowd=0)
        _fill(meter.engine.table(TABLE), scene.team.id, size)
        meter.chance.wait(60)
        begin = meter.engine.snapshot()
        for name, act in OPERATIONS.items():
            if only in name:
                meter.engine.restore(begin)
                if act(scene).status >= HTTPStatus.BAD_REQUEST:
                    raise AssertionError(name)
                found[name] = meter.asked()
    return found


def _fill(table: Table, organization_id: str, size: Size) -> None:
    """Put members into the table, and other organizations: each is a copy of one that is there, under other ids."""
    own = (f"ORG#{organization_id}", "ORG")
    owner, member, person = (
        table.items[key] for key in ((own[0], "MEMBER#user-1"), (own[0], "MEMBER#user-3"), ("USER#user-3", "USER"))
    )
    counts = {"members": {"N": str(int(table.items[own]["members"]["N"]) + size.members)}}
    organization = {**table.items[own], **counts}
    table.load([organization])
    table.load(
        _copy(item, {"user-3": f"crowd-{number:06}", "eve@": f"crowd-{number:06}@"})
        for number in range(size.members)
        for item in (member, person)
    )
    table.load(
        _copy(item, {organization_id: f"{number:032x}", "user-1": f"owner-{number:06}"})
        for number in range(size.organizations)
        for item in (organization, owner)
    )


def _copy(item: Item, names: Mapping[str, str]) -> Item:
    text = json.dumps(item)
    for old, new in names.items():
        text = text.replace(old, new)
    copy: Item = json.loads(text)
    return copy


def figures(only: str = "") -> Iterator[Figure]:
    """Yield for each operation what it asks in the smallest organization, and where it asks more."""
    found = {}
    for size in SIZES:
        found[size] = measured(size, only)
        progress(f"with {size}")
    smallest = SIZES[0]
    for name, asked in found[smallest].items():
        yield Figure(name, str(asked))
        for size in SIZES[1:]:
            if found[size][name][:4] != asked[:4]:
                yield Figure(f"{name}, with {size}", str(found[size][name]))


if __name__ == "__main__":
    show(__doc__ or "", figures)
