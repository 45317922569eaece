"""Values and expressions, drawn: attributes of all types, and all expressions that the engine knows."""

import re
from typing import Any, NamedTuple

from hypothesis import strategies as st

type Params = dict[str, Any]

# ---- Values. An attribute is called after its type, but for `x`, which may be anything. ----

numbers = st.sampled_from(["0", "1", "2", "3", "-4", "2.50", "1E+2", "10"]).map(lambda text: {"N": text})
texts = st.sampled_from(["", "a", "ab", "abc", "b", "é"]).map(lambda text: {"S": text})
number_sets = st.lists(st.sampled_from(["1", "2", "3"]), min_size=1, unique=True).map(lambda some: {"NS": some})
text_sets = st.lists(st.sampled_from(["a", "ab", "b"]), min_size=1, unique=True).map(lambda some: {"SS": some})
comparable = st.one_of(numbers, texts)
scalars = st.one_of(comparable, st.just({"NULL": True}))
booleans = st.booleans().map(lambda held: {"BOOL": held})
maps = st.dictionaries(st.sampled_from("abc"), scalars, max_size=3).map(lambda held: {"M": held})
lists = st.lists(st.one_of(scalars, maps), max_size=3).map(lambda held: {"L": held})
deep = st.dictionaries(st.sampled_from("abc"), st.one_of(scalars, lists, maps), max_size=3).map(
    lambda held: {"M": held}
)
anything = st.one_of(scalars, number_sets, text_sets, lists, deep)

ATTRIBUTES = {
    "b": booleans,
    "n": numbers,
    "s": texts,
    "ns": number_sets,
    "ss": text_sets,
    "l": lists,
    "m": deep,
    "x": anything,
}

# ---- Expressions ----


class Text(NamedTuple):
    """An expression with `?` for each of its values and `@` before attributes that are to have a placeholder."""

    text: str
    values: tuple[Params, ...] = ()

    @classmethod
    def of(cls, form: str, *parts: "Text") -> "Text":
        return cls(form.format(*(part.text for part in parts)), tuple(value for part in parts for value in part.values))


def asked(**expressions: Text) -> Params:
    """Return expressions as a request has them."""
    params: Params = {}
    values: Params = {}
    names: Params = {}
    for kind, (text, given) in expressions.items():
        unused = iter(given)

        def value(_: re.Match[str], unused: Any = unused) -> str:
            token = f":{len(values)}"
            values[token] = next(unused)
            return token

        def name(match: re.Match[str]) -> str:
            names[f"#{match[1]}"] = match[1]
            return f"#{match[1]}"

        params[kind] = re.sub(r"@(\w+)", name, re.sub(r"\?", value, text))
    given_names = {"ExpressionAttributeNames": names} if names else {}
    return params | given_names | ({"ExpressionAttributeValues": values} if values else {})


# moto takes NULL for what is missing, and true for 1: conditions have none, and booleans stand where none looks.
heads = st.sampled_from([name for one in ATTRIBUTES if one != "b" for name in (one, f"@{one}")])
paths = st.one_of(
    heads,
    st.sampled_from(["m.a", "m.b", "@m.@c", "m.a.b", "m.a[0]", "l[0]", "l[1]", "l[2]", "l[0].a", "x.a", "x[0]"]),
).map(Text)
compared = st.one_of(
    comparable,
    number_sets,
    text_sets,
    st.lists(comparable, max_size=2).map(lambda held: {"L": held}),
    st.dictionaries(st.sampled_from("ab"), comparable, max_size=2).map(lambda held: {"M": held}),
).map(lambda value: Text("?", (value,)))
a_value = anything.map(lambda value: Text("?", (value,)))


def value_of(kind: st.SearchStrategy[Params]) -> st.SearchStrategy[Text]:
    """A value of a type."""
    return kind.map(lambda value: Text("?", (value,)))


operators = st.sampled_from(["=", "<>", "<", "<=", ">", ">="]).map(Text)
ordered = st.one_of(numbers, texts)
types = st.sampled_from(["S", "N", "L", "M", "SS", "NS", "BOOL", "NULL"]).map(lambda kind: Text("?", ({"S": kind},)))
bounds = st.sampled_from([("-4", "1"), ("1", "2.5"), ("2", "100"), ("a", "a"), ("", "b"), ("b", "a")])
sized = st.builds(
    lambda name, operator, value: Text(f"attribute_exists({name}) AND size({name}) {operator.text} ?", (value,)),
    st.sampled_from(["ns", "ss", "l", "m"]),
    operators,
    numbers,
)
between = st.builds(
    lambda path, two: Text(f"{path.text} BETWEEN ? AND ?", tuple({"NS"[two[1].isalpha()]: one} for one in two)),
    paths,
    bounds,
)
leaves = st.one_of(
    st.builds(Text.of, st.sampled_from(["attribute_exists({})", "attribute_not_exists({})"]), paths),
    st.builds(Text.of, st.just("attribute_type({}, {})"), paths, types),
    st.builds(Text.of, st.just("begins_with({}, {})"), paths, value_of(texts)),
    st.builds(Text.of, st.just("contains({}, {})"), paths, value_of(comparable)),
    st.builds(Text.of, st.just("{} {} {}"), paths, operators, value_of(ordered)),
    st.builds(Text.of, st.just("{} {} {}"), paths, st.sampled_from(["=", "<>"]).map(Text), compared),
    sized,
    # Of two that are both missing, moto says that they are equal.
    st.builds(
        Text.of,
        st.just("attribute_exists(n) AND n {} {}"),
        operators,
        st.sampled_from(["m.a", "l[0]", "@x"]).map(Text),
    ),
    between,
    st.builds(Text.of, st.just("{} IN ({}, {})"), paths, compared, compared),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Text.of, st.sampled_from(["({}) AND ({})", "({}) OR ({})", "{} AND {}", "{} OR {}"]), inner, inner),
        st.builds(Text.of, st.just("NOT ({})"), inner),
    ),
    max_leaves=3,
)

a_number = st.one_of(value_of(numbers), st.sampled_from(["n", "@n", "m.a"]).map(Text))
a_list = st.one_of(value_of(lists), st.sampled_from(["l", "@l", "x"]).map(Text))
values_set = st.one_of(
    a_value,
    paths,
    st.builds(Text.of, st.sampled_from(["{} + {}", "{} - {}"]), a_number, value_of(numbers)),
    st.builds(
        Text.of,
        st.just("if_not_exists({}, {}) + {}"),
        st.sampled_from(["n", "m.b"]).map(Text),
        value_of(numbers),
        a_number,
    ),
    st.builds(Text.of, st.just("if_not_exists({}, {})"), paths, st.one_of(a_value, paths)),
    st.builds(Text.of, st.just("list_append({}, {})"), a_list, a_list),
    st.builds(Text.of, st.just("list_append(if_not_exists({}, {}), {})"), paths, value_of(lists), a_list),
)
CLAUSES = {
    "SET": st.builds(Text.of, st.just("{} = {}"), paths, values_set),
    "REMOVE": paths,
    "ADD": st.one_of(
        st.builds(Text.of, st.sampled_from(["n {}", "@x {}"]), value_of(numbers)),
        st.builds(Text.of, st.just("ns {}"), value_of(number_sets)),
        st.builds(Text.of, st.sampled_from(["@ss {}", "x {}"]), value_of(text_sets)),
    ),
    "DELETE": st.one_of(
        st.builds(Text.of, st.just("ns {}"), value_of(number_sets)),
        st.builds(Text.of, st.sampled_from(["@ss {}", "x {}"]), value_of(text_sets)),
    ),
}


def head(action: Text) -> str:
    """The attribute that an action is about."""
    return re.split(r"\W", action.text.removeprefix("@"))[0]


@st.composite
def updates(draw: st.DrawFn) -> Text:
    """Some clauses, in any order; mostly, no two of them are about one attribute."""
    words = draw(st.lists(st.sampled_from([*CLAUSES]), min_size=1, max_size=3, unique=True))
    apart = draw(st.integers(0, 9)) > 0
    taken: set[str] = set()
    clauses = []
    for word in words:
        actions = draw(st.lists(CLAUSES[word], min_size=1, max_size=3))
        kept = [one for one in actions if not apart or not (head(one) in taken or taken.add(head(one)))]  # type: ignore[func-returns-value]
        if kept:
            clauses.append(Text.of(f"{word} " + ", ".join(["{}"] * len(kept)), *kept))
    return Text.of(" ".join(["{}"] * len(clauses)), *clauses)


@st.composite
def of_lists(draw: st.DrawFn) -> Text:
    """Changes of several places in one list."""
    places = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True))
    removed = draw(st.lists(st.sampled_from(places), unique=True))
    put = [Text(f"l[{at}] = ?", ({"N": str(at)},)) for at in places if at not in removed]
    texts = [f"SET {', '.join(one.text for one in put)}"] * bool(put) + [
        f"REMOVE {', '.join(f'l[{at}]' for at in removed)}"
    ] * bool(removed)
    return Text(" ".join(texts), tuple(value for one in put for value in one.values))


projections = st.lists(paths, min_size=1, max_size=3, unique_by=head).map(
    lambda some: Text(", ".join(path.text for path in some))
)
