"""Items: made, written and read in one pass over what they have, as pynamodb does it for all that there could be."""

import string
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.attributes import (
    BooleanAttribute,
    DiscriminatorAttribute,
    JSONAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
)
from pynamodb.exceptions import AttributeNullError
from pynamodb.models import Model

from roster.table import mails, turns
from roster.table.base import CountsAttribute, Item, WholeNumberAttribute
from roster.table.conditions import at_most, move
from roster.table.items import Event, Organization

WORDS = st.text(string.printable, min_size=1, max_size=9)
COUNTS = st.integers(-(10**9), 10**9)
VALUES: dict[type[Any], st.SearchStrategy[Any]] = {
    UnicodeAttribute: WORDS,
    WholeNumberAttribute: COUNTS,
    BooleanAttribute: st.booleans(),
    UnicodeSetAttribute: st.sets(WORDS, max_size=3),
    UTCDateTimeAttribute: st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    JSONAttribute: st.dictionaries(WORDS, COUNTS | WORDS | st.none() | st.lists(WORDS, max_size=2), max_size=3),
    CountsAttribute: st.dictionaries(WORDS, COUNTS, max_size=3),
}
KINDS = sorted(Item.kind.get_registered_subclasses(Item), key=lambda kind: kind.__name__)


@st.composite
def told(draw: Callable[[st.SearchStrategy[Any]], Any], kind: type[Item]) -> dict[str, Any]:
    """Draw attributes of a kind of item: all that it must have, and some that it may have, or None in their place."""
    named = {n: one for n, one in kind.get_attributes().items() if not isinstance(one, DiscriminatorAttribute)}
    drawn = {}
    for name, one in named.items():
        value = VALUES[type(one)]
        if not one.null:
            drawn[name] = draw(value)
        elif draw(st.booleans()):
            drawn[name] = draw(value | st.none())
    return drawn


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_any_item_is_made_written_and_read_as_pynamodb_would(kind: type[Item], data: st.DataObject) -> None:
    attributes = data.draw(told(kind))
    theirs, read_by_it = kind.__new__(kind), kind.__new__(kind)
    Model.__init__(theirs, **attributes)

    ours = kind(**attributes)

    assert ours.attribute_values == theirs.attribute_values
    written = ours.serialize()
    assert written == Model.serialize(theirs)
    read = Item.from_raw_data(written)
    Model.__init__(read_by_it, _user_instantiated=False)
    read_by_it.deserialize(written)
    assert read.attribute_values == read_by_it.attribute_values


def test_all_kinds_of_items_are_among_them() -> None:
    assert {Organization, Event, mails.MailClaim, mails.MailCount, turns.Turns} <= set(KINDS)


@given(COUNTS, st.dictionaries(WORDS, COUNTS, max_size=3))
def test_whole_numbers_are_written_as_pynamodb_writes_them_and_read_back(count: int, counts: dict[str, int]) -> None:
    their_number: Any = NumberAttribute()
    their_map: Any = MapAttribute()  # type: ignore[no-untyped-call]

    number, numbers = WholeNumberAttribute().serialize(count), CountsAttribute().serialize(counts)

    assert (number, numbers) == (their_number.serialize(count), their_map.serialize(counts))
    assert WholeNumberAttribute().deserialize(number) == count
    assert CountsAttribute().deserialize(numbers) == counts


@given(COUNTS)
def test_counts_are_compared_and_moved_as_pynamodb_does_it(number: int) -> None:
    def written(part: Any) -> tuple[str, dict[str, Any]]:
        values: dict[str, Any] = {}
        return part.serialize({}, values), values

    held = Organization.counts["sent on pro"]

    assert written(at_most(held, number)) == written(held.does_not_exist() | (held <= number))
    assert written(move(held, number)) == written(held.set((held | 0) + number))


def test_a_number_with_a_fraction_is_not_written() -> None:
    with pytest.raises(TypeError):
        WholeNumberAttribute().serialize(1.0)  # type: ignore[arg-type]


def test_an_item_is_of_its_kind_whatever_it_is_given() -> None:
    assert Organization(*Organization.key("0" * 32), kind=Event).attribute_values["kind"] is Organization


def test_an_attribute_that_no_such_item_has_is_refused() -> None:
    with pytest.raises(TypeError, match="Organization has no nmae"):
        Organization(*Organization.key("0" * 32), nmae="Acme")


def test_an_item_that_lacks_what_it_must_have_is_not_written() -> None:
    with pytest.raises(AttributeNullError, match="created_at"):
        Organization(
            *Organization.key("0" * 32), name="Acme", pack="teams", plan="standard", owners=1, members=1
        ).serialize()
