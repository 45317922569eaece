"""The simulator's engine beside others, at random: they answer alike, and leave alike tables."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import event, given, note, settings
from hypothesis import strategies as st

from prove.engine import Engine
from tests.prove import beside, wrong
from tests.prove.asking import ask, engine
from tests.prove.beside import Moto, Other, Served
from tests.prove.drawn_calls import Call, calls, gets, items, queries
from tests.prove.wrong import ITEM, Wrong

KNOWN = {Moto: wrong.MOTO, Served: wrong.SERVED}


@pytest.fixture
def moto() -> Iterator[Moto]:
    with beside.moto() as other:
        yield other


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with beside.served() as other:
        yield other


def holding(present: list[dict[str, Any]], other: Other | None = None) -> Engine:
    """An engine with these items, and another one with the same."""
    there = engine()
    for item in present:
        ask(there, "PutItem", Item=item)
    if other is not None:
        other.take_over(there)
    return there


def ask_both(there: Engine, other: Other, call: Call) -> None:
    """Ask both, and hold that they agree, or that the other one is known to be wrong."""
    before = beside.engine_table(there)
    met = beside.difference(there, other, call)
    if met is None:
        return
    note(f"Here is {beside.engine_table(there)}\nand there {other.table()}")
    known = [one.what for one in KNOWN[type(other)] if one.is_it and one.is_it(met)]
    assert known, met
    event(known[0])
    assert not met.message or beside.engine_table(there) == before
    other.take_over(there)


def ask_both_of_each(other: Other, present: list[dict[str, Any]], asked: list[Call]) -> None:
    """Ask both one thing after the other, from these items on."""
    there = holding(present, other)
    for call in asked:
        ask_both(there, other, call)


@pytest.mark.others
@given(st.lists(items(), max_size=5), st.lists(calls, min_size=1, max_size=6))
def test_random_calls_are_answered_as_by_moto_and_leave_the_table_that_moto_has(
    moto: Moto, present: list[dict[str, Any]], asked: list[Call]
) -> None:
    ask_both_of_each(moto, present, asked)


@pytest.mark.others
@settings(max_examples=40)
@given(st.lists(items(), max_size=5), st.lists(calls, min_size=1, max_size=6))
def test_random_calls_are_answered_as_by_the_engine_that_is_served_and_leave_the_table_that_it_has(
    served: Served, present: list[dict[str, Any]], asked: list[Call]
) -> None:
    ask_both_of_each(served, present, asked)


@pytest.mark.others
@given(st.lists(items(), min_size=2, max_size=6), queries)
def test_random_queries_go_on_page_by_page_as_those_of_moto(
    moto: Moto, present: list[dict[str, Any]], query: dict[str, Any]
) -> None:
    there = holding(present, moto)
    start: dict[str, Any] = {}

    while True:
        ask_both(there, moto, Call("Query", query | start))
        _, told = ask(there, "Query", **query, **start)
        if "LastEvaluatedKey" not in told:
            break
        start = {"ExclusiveStartKey": told["LastEvaluatedKey"]}


@given(st.lists(items(), min_size=2, max_size=6), gets)
def test_a_read_in_a_transaction_tells_what_it_tells_by_itself(
    present: list[dict[str, Any]], get: dict[str, Any]
) -> None:
    there = holding(present)

    status, alone = ask(there, "GetItem", **get)
    assert status == 200
    assert ask(there, "TransactGetItems", TransactItems=[{"Get": get}]) == (200, {"Responses": [alone]})


@pytest.mark.parametrize("one", wrong.MOTO, ids=range(len(wrong.MOTO)))
def test_what_moto_is_said_to_do_wrong_it_does_wrong(moto: Moto, one: Wrong) -> None:
    met = beside.difference(holding([ITEM], moto), moto, one.example)

    assert met is not None
    assert one.is_it is None or one.is_it(met)


@pytest.mark.parametrize("one", wrong.SERVED, ids=range(len(wrong.SERVED)))
def test_what_the_served_engine_is_said_to_do_wrong_it_does_wrong(served: Served, one: Wrong) -> None:
    met = beside.difference(holding([ITEM], served), served, one.example)

    assert met is not None
    assert one.is_it is None or one.is_it(met)
