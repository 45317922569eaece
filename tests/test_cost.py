"""What things cost: DynamoDB's rules, and docs/cost.md, which has every operation at today's prices."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.costs import bill
from bench.costs.meter import Taken, read_units, written_units
from bench.costs.units import item_size, units
from tests.operations import OPERATIONS

PAGE = (Path(__file__).parents[1] / "docs" / "cost.md").read_text()
WITHOUT_ROUTE = {"notify/send", "notify/publish", "notify/feedback", "cleanup/expire"}
ROW = re.compile(
    r"^\| `(\w+/[^`]+)` \| ([\d.]*) \| ([\d.]*) \| (\d*) \| (\d*) \| (\d*) \| (\d+) \| ([\d.]+) \|$", re.MULTILINE
)


def item(letters: int, sk: str = "s") -> dict[str, Any]:
    """An item of so many bytes."""
    return {"pk": {"S": "p"}, "sk": {"S": sk}, "a": {"S": "x" * (letters - 7)}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"S": "Zoë"}, 4),
        ({"N": "1200"}, 2),
        ({"N": "-12345"}, 5),
        ({"BOOL": True}, 1),
        ({"SS": ["ab", "c"]}, 3),
        ({"M": {"ab": {"S": "c"}}}, 7),
        ({"L": [{"S": "a"}, {"N": "1"}]}, 8),
    ],
    ids=["text", "number", "negative", "boolean", "set", "map", "list"],
)
def test_an_item_is_as_large_as_its_names_and_values(value: dict[str, Any], expected: int) -> None:
    assert item_size({"name": value}) == 4 + expected


def test_a_unit_is_begun_by_its_first_byte() -> None:
    assert [units(size, 1) for size in (0, 1024, 1025)] == [1, 1, 2]


def test_a_batch_takes_a_unit_for_each_item_and_each_that_is_not_there() -> None:
    asked = {"RequestItems": {"t": {"Keys": [{}, {}, {}], "ConsistentRead": True}}}
    answer = {"Responses": {"t": [item(4096), item(4097)]}}

    assert read_units("BatchGetItem", asked, answer) == 1 + 2 + 1


def test_a_query_takes_what_its_items_are_together_and_half_of_it_from_an_index() -> None:
    answer = {"Items": [item(3000), item(3000)], "Count": 2, "ScannedCount": 2}

    assert read_units("Query", {"ConsistentRead": True}, answer) == 2
    assert read_units("Query", {}, answer) == 1


def test_a_query_whose_filter_hides_what_it_read_is_not_reckoned() -> None:
    with pytest.raises(ValueError, match="filter"):
        read_units("Query", {}, {"Items": [], "Count": 0, "ScannedCount": 9})


def test_a_transaction_takes_two_units_for_each_kilobyte_of_the_larger_of_old_and_new() -> None:
    key = {"pk": {"S": "p"}, "sk": {"S": "s"}}
    before, after = {("p", "s"): item(3000)}, {("p", "s"): item(1000), ("p", "n"): item(100, "n")}
    asked = [{"Update": {"Key": key}}, {"Put": {"Item": item(100, "n")}}, {"ConditionCheck": {"Key": key}}]

    assert written_units({"TransactItems": asked}, before, after) == 6 + 2 + 6


def test_the_page_has_every_operation_at_todays_prices() -> None:
    rows = ROW.findall(PAGE)

    assert {name for name, *_ in rows} >= OPERATIONS.keys()
    assert {name.partition(" ")[0] for name, *_ in rows} >= WITHOUT_ROUTE
    for name, reads, writes, macs, mails, events, took, dollars in rows:
        calls = Counter({"VerifyMac": int(macs or 0), "SendEmail": int(mails or 0)})
        cost = bill.cost_of(name, Taken(float(reads or 0), float(writes or 0), calls, int(events or 0)))
        ran = (int(took) - bill.milliseconds(Taken(0, 0, calls, 0))) / 1000 * bill.price("gigabyte_seconds")
        assert f"{(cost.total + ran) * 1e6:.2f}" == dollars, name


def test_every_price_says_where_it_is_from() -> None:
    for name, price in bill.PRICES.items():
        assert price["source"].startswith("https://aws.amazon.com/"), name
        assert price["read"], name
        assert price["title"] in PAGE


def test_what_is_assumed_of_a_month_is_of_operations_that_were_measured() -> None:
    measured = {name for name, *_ in ROW.findall(PAGE)}

    assert (bill.MONTH | bill.MAILS).keys() <= measured
