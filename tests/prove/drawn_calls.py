"""Calls of DynamoDB, drawn: on a few items in the table and in its indexes."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.deployment import TABLE
from tests.prove.drawing import ATTRIBUTES, Params, Text, asked, conditions, of_lists, projections, updates


class Call(NamedTuple):
    """What is asked, without the table's name."""

    operation: str
    params: Params


def maybe(**some: st.SearchStrategy[Any]) -> st.SearchStrategy[Params]:
    """Parameters of which each may be missing."""
    return st.fixed_dictionaries({}, optional=some)


keys = st.builds(
    lambda pk, sk: {"pk": {"S": pk}, "sk": {"S": sk}}, st.sampled_from("AB"), st.sampled_from(["1", "2", "21"])
)


@st.composite
def items(draw: st.DrawFn) -> Params:
    """An item. No two have the same place in an index: which comes first then, DynamoDB does not say."""
    item = draw(keys)
    place = "".join(part["S"] for part in item.values())
    for index in ("gsi1", "gsi2"):
        if draw(st.booleans()):
            item |= {
                f"{index}pk": {"S": draw(st.sampled_from("PQ"))},
                f"{index}sk": {"S": draw(st.sampled_from("12")) + place},
            }
    return item | draw(st.fixed_dictionaries({}, optional=ATTRIBUTES))


shown = maybe(ReturnValuesOnConditionCheckFailure=st.just("ALL_OLD"))
conditioned = maybe(ConditionExpression=conditions)
projected = maybe(ProjectionExpression=projections)
filtered = maybe(ProjectionExpression=projections, FilterExpression=conditions)

# ---- What single calls and parts of transactions have in common ----

puts = st.builds(lambda item, met, shown: {"Item": item} | asked(**met) | shown, items(), conditioned, shown)
deletes = st.builds(lambda key, met, shown: {"Key": key} | asked(**met) | shown, keys, conditioned, shown)
checks = st.builds(
    lambda key, met, shown: {"Key": key} | asked(ConditionExpression=met) | shown, keys, conditions, shown
)
changes = st.builds(
    lambda key, update, met, shown: {"Key": key} | asked(UpdateExpression=update, **met) | shown,
    keys,
    st.one_of(updates(), updates(), of_lists()),
    conditioned,
    shown,
)
gets = st.builds(lambda key, told: {"Key": key} | asked(**told), keys, projected)

# ---- Queries ----

spans = st.sampled_from(
    [Text("{0} = ?")]
    + [Text(f"{{0}} = ? AND {{1}} {operator} ?", ({"S": "2"},)) for operator in ("=", "<", "<=", ">", ">=")]
    + [Text("({0} = ? AND begins_with({1}, ?))", ({"S": "2"},))]
    + [Text("{0} = ? AND {1} BETWEEN ? AND ?", ({"S": "1"}, {"S": "2"}))]
)
pages = maybe(Limit=st.integers(1, 3), ScanIndexForward=st.booleans())


def _query(index: str, part: str, span: Text, others: dict[str, Text], more: Params) -> Params:
    """A query of an index, or of the table if the index has no name."""
    wanted = Text(span.text.format(f"{index}pk", f"@{index}sk"), ({"S": part}, *span.values))
    return ({"IndexName": index} if index else {}) | asked(KeyConditionExpression=wanted, **others) | more


queries = st.one_of(
    st.builds(_query, st.just(""), st.sampled_from("AB"), spans, filtered, pages),
    st.builds(_query, st.just("gsi1"), st.sampled_from("PQ"), spans, filtered, pages),
    st.builds(_query, st.just("gsi2"), st.sampled_from("PQ"), spans, st.just({}), pages),
)

# ---- Calls ----


def _key(part: dict[str, Params]) -> str:
    (what,) = part.values()
    key = what["Item"] if "Item" in what else what["Key"]
    return str([key[name] for name in ("pk", "sk")])


def several(*some: st.SearchStrategy[dict[str, Params]]) -> st.SearchStrategy[Params]:
    """Parts of a transaction, each of another item."""
    return st.lists(st.one_of(*some), min_size=1, max_size=4, unique_by=_key).map(lambda them: {"TransactItems": them})


def named(verb: str, params: st.SearchStrategy[Params]) -> st.SearchStrategy[dict[str, Params]]:
    """A part of a transaction."""
    return params.map(lambda drawn: {verb: drawn})


def call(operation: str, *params: st.SearchStrategy[Params]) -> st.SearchStrategy[Call]:
    """A call with all of these parameters."""
    return st.tuples(*params).map(
        lambda some: Call(operation, {name: one for part in some for name, one in part.items()})
    )


old = maybe(ReturnValues=st.just("ALL_OLD"))
some_keys = st.lists(keys, min_size=1, max_size=4, unique_by=str)
batches = st.builds(lambda some, told: {"RequestItems": {TABLE: {"Keys": some} | asked(**told)}}, some_keys, projected)
calls = st.one_of(
    call("PutItem", puts, old),
    call("DeleteItem", deletes, old),
    call("UpdateItem", changes, maybe(ReturnValues=st.sampled_from(["ALL_OLD", "ALL_NEW"]))),
    call("GetItem", gets),
    call("BatchGetItem", batches),
    call("Query", queries),
    call("TransactGetItems", several(named("Get", keys.map(lambda key: {"Key": key})))),
    call(
        "TransactWriteItems",
        several(
            named("Put", puts), named("Delete", deletes), named("Update", changes), named("ConditionCheck", checks)
        ),
    ),
)
