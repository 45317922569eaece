"""What is asked of AWS, in DynamoDB's request units: Roster's functions in this process, and ministack beside it.

ministack tells the write units by the sizes of items, which is held against DynamoDB's rules here. What a read took it
tells flat, so that is reckoned here.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from botocore import handlers
from botocore.model import OperationModel

from bench.costs.units import item_size, units
from local.engine import Engine
from tests.deployment import PARAMETERS, STACKS, TABLE, client
from tests.wire import wire
from tests.world import World

WRITES = frozenset({"TransactWriteItems", "PutItem", "UpdateItem", "BatchWriteItem"})
READS = frozenset({"BatchGetItem", "Query"})

type Items = dict[tuple[str, str], dict[str, Any]]
type Params = dict[str, Any]
type Call = tuple[str, Params, Params]  # an operation, what it was given, what it answered


# ---- What is read and written ---------------------------------------------------------------------------------------


def read_units(operation: str, params: Params, answer: Params) -> float:
    """Return what a read takes: each item of a batch by itself, a query's in sum; half of it if not consistent."""
    if operation == "BatchGetItem":
        ((table, asked),) = params["RequestItems"].items()
        found = [item_size(item) for item in answer["Responses"].get(table, [])]
        found += [0] * (len(asked["Keys"]) - len(found))  # what is not there takes a unit as well
        return sum(units(one, 4) for one in found) * (1 if asked.get("ConsistentRead") else 0.5)
    if answer["ScannedCount"] != answer["Count"]:
        raise ValueError("A filter hides what this query has read.")
    return units(sum(map(item_size, answer["Items"])), 4) * (1 if params.get("ConsistentRead") else 0.5)


def written_units(params: Params, before: Items, after: Items) -> int:
    """Return what a transaction takes, without indexes: two units for each KB of an item, as it was or as it is now."""
    total = 0
    for action in params["TransactItems"]:
        ((kind, part),) = action.items()
        given = part["Item"] if kind == "Put" else part["Key"]
        key = (given["pk"]["S"], given["sk"]["S"])
        total += 2 * units(max(item_size(state.get(key, {})) for state in (before, after)), 1)
    return total


# ---- What is asked ---------------------------------------------------------------------------------------------------


class Taken(NamedTuple):
    """What an operation took."""

    read_units: float
    write_units: float
    calls: Counter[str]
    events: int


class Meter:
    """Notes each call and its answer, and asks DynamoDB what it took. To be made before the first client is."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._params: Params = {}
        handlers.BUILTIN_HANDLERS += [("before-parameter-build", self._ask), ("after-call", self._answer)]

    def _ask(self, params: Params, model: OperationModel, **_: object) -> None:
        if model.input_shape is not None and "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "INDEXES"
        self._params = params

    def _answer(self, parsed: Params, model: OperationModel, **_: object) -> None:
        self.calls.append((model.name, self._params, parsed))


def taken(calls: Sequence[Call]) -> Taken:
    """Return what these calls took."""
    told = [answer["ConsumedCapacity"] for name, _, answer in calls if name in WRITES]
    return Taken(
        read_units=sum(read_units(*call) for call in calls if call[0] in READS),
        write_units=sum(one["CapacityUnits"] for part in told for one in (part if isinstance(part, list) else [part])),
        calls=Counter(name for name, _, _ in calls),
        events=sum(len(params["Entries"]) for name, params, _ in calls if name == "PutEvents"),
    )


class Laboratory:
    """A deployment of the default pack on ministack."""

    def __init__(self) -> None:
        self._meter, self._stack = Meter(), STACKS["credentials"]
        self._engine = Engine(TABLE)
        os.environ["AWS_ENDPOINT_URL"] = self._engine.address
        self._engine.prepare(self._stack)
        client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
        client("events").create_event_bus(Name=PARAMETERS["EventBus"])
        self.world = World("credentials")

    def empty(self) -> None:
        """Begin with an empty table."""
        self._engine.empty(self._stack)

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    def measure(self, act: Callable[[], object]) -> Taken:
        """Do something, and return what it took. Raises ValueError if the engine does not tell it as DynamoDB would.

        What an operation of the tests does first, to have something to do, is not counted, as it is not there.
        """
        before = self._items()
        self._meter.calls.clear()
        wire.clear()
        act()
        made = list(self._meter.calls)
        calls = made[len(made) - len(wire.calls) :]
        transactions = [(params, answer) for name, params, answer in made if name == "TransactWriteItems"]
        if len(transactions) == 1:  # of several, one may have changed what another has
            ((params, answer),) = transactions
            told = answer["ConsumedCapacity"][0]["WriteCapacityUnits"]
            ruled = written_units(params, before, self._items())
            if told != ruled:
                raise ValueError(f"The engine tells {told} write units where DynamoDB's rules make it {ruled}.")
        return taken(calls)

    def _items(self) -> Items:
        return {(item["pk"]["S"], item["sk"]["S"]): item for item in self.world.items()}
