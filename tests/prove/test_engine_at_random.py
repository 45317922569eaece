"""The simulator's engine beside moto, at random: both answer alike, and leave alike tables."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import event, given, note
from hypothesis import strategies as st

from prove.engine import Engine
from tests.prove import beside
from tests.prove.asking import ask, engine
from tests.prove.drawn_calls import Call, calls, gets, items, queries
from tests.prove.wrong import ITEM, WRONG, Met, Wrong


@pytest.fixture(autouse=True)
def moto() -> Iterator[None]:
    with beside.moto():
        yield


def differences(there: Engine, call: Call) -> Met | None:
    """Ask both. Returns what differs, in what they answer or in the table that they leave."""
    status, told = ask(there, call.operation, **call.params)
    moto_status, moto_told = beside.ask_moto(call.operation, call.params)
    answers = beside.compared(status, told), beside.compared(moto_status, moto_told)
    if answers[0] == answers[1] and beside.engine_table(there) == beside.moto_table():
        return None
    return Met(call, told["message"] if status != 200 else "", answers[0], moto_status, answers[1])


def with_items(items: list[dict[str, Any]]) -> Engine:
    """An engine, and moto, with these items."""
    there = engine()
    for item in items:
        ask(there, "PutItem", Item=item)
    beside.make_alike(there)
    return there


def ask_both(there: Engine, call: Call) -> None:
    """Ask both, and hold that they agree, or that moto is known to be wrong."""
    before = beside.engine_table(there)
    met = differences(there, call)
    if met is None:
        return
    note(f"The engine has {beside.engine_table(there)}\nand moto {beside.moto_table()}")
    known = [wrong.what for wrong in WRONG if wrong.is_it and wrong.is_it(met)]
    assert known, met
    event(known[0])
    assert not met.message or beside.engine_table(there) == before
    beside.make_alike(there)


@given(st.lists(items(), max_size=5), st.lists(calls, min_size=1, max_size=6))
def test_random_calls_are_answered_as_by_moto_and_leave_the_table_that_moto_has(
    present: list[dict[str, Any]], asked: list[Call]
) -> None:
    there = with_items(present)

    for call in asked:
        ask_both(there, call)


@given(st.lists(items(), min_size=2, max_size=6), queries)
def test_random_queries_go_on_page_by_page_as_those_of_moto(
    present: list[dict[str, Any]], query: dict[str, Any]
) -> None:
    there = with_items(present)
    start: dict[str, Any] = {}

    while True:
        ask_both(there, Call("Query", query | start))
        _, told = ask(there, "Query", **query, **start)
        if "LastEvaluatedKey" not in told:
            break
        start = {"ExclusiveStartKey": told["LastEvaluatedKey"]}


@given(st.lists(items(), min_size=2, max_size=6), gets)
def test_a_read_in_a_transaction_tells_what_it_tells_by_itself(
    present: list[dict[str, Any]], get: dict[str, Any]
) -> None:
    there = with_items(present)

    status, alone = ask(there, "GetItem", **get)
    assert status == 200
    assert ask(there, "TransactGetItems", TransactItems=[{"Get": get}]) == (200, {"Responses": [alone]})


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_what_moto_is_said_to_do_wrong_it_does_wrong(wrong: Wrong) -> None:
    met = differences(with_items([ITEM]), wrong.example)

    assert met is not None
    assert wrong.is_it is None or wrong.is_it(met)
