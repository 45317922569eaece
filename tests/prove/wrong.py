"""What other engines answer otherwise than DynamoDB does: a list of each, and who says what DynamoDB does.

Each has an example, on an item with a list, a map and a text. When they have learnt it, its example fails.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.prove.beside import Difference
from tests.prove.drawn_calls import Call

GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference"
ALTERNATOR = "https://github.com/scylladb/scylladb/blob/master/test/alternator"  # tests that pass on AWS, too
CONFORMANCE = "https://github.com/paritysuite/dynamodb-conformance/blob/main/tests"  # as well
DYNALITE = "https://github.com/architect/dynalite/blob/main/test"  # as well

KEY = {"pk": {"S": "A"}, "sk": {"S": "1"}}
ITEM = KEY | {"s": {"S": "a"}, "l": {"L": [{"N": "1"}]}, "m": {"M": {}}}
REASONS = {"None", "ConditionalCheckFailed", "ValidationError"}


class Wrong(NamedTuple):
    """Something that another engine does otherwise."""

    what: str
    source: str
    example: Call
    is_it: Callable[[Difference], bool] | None  # None: it is not drawn


def _fails(met: Difference) -> bool:
    reasons = {code for code, _ in met.there[1]} if met.status == 400 else set()
    return met.status == 500 or bool(reasons - REASONS)


def _has_reason(met: Difference) -> bool:
    return bool(met.message) and any(code == "ValidationError" for code, _ in met.here[1])


def _is_refused_at_once(met: Difference) -> bool:
    asked = str(met.call.params)
    texts = re.findall(r"'(?:Update|Projection)Expression': '([^']*)'", asked)
    names = [Counter(re.findall(r"(?<![.:\w])#?([a-z]\w*)", text)) for text in texts]
    twice = any(count > 1 for counted in names for count in counted.values())
    return (twice and "Two document paths" in met.message) or ("BETWEEN" in asked and "BETWEEN" in met.message)


def _ends_exactly(met: Difference) -> bool:
    if met.message or met.status != 200:
        return False
    page = {name: held for name, held in met.here.items() if name != "LastEvaluatedKey"}
    return bool(page == met.there)


def _projects_in_a_transaction(met: Difference) -> bool:
    return met.call.operation == "TransactGetItems" and "ProjectionExpression" in str(met.call.params)


def _refuses_to_remove(met: Difference) -> bool:
    done = not met.message or met.here[0] == "TransactionCanceledException"
    return done and met.status == 400 and met.there[0] == "ValidationException" and "REMOVE" in str(met.call.params)


def _appends_several(met: Difference) -> bool:
    return bool(re.search(r"l\[\d\] =.*l\[\d\] =", str(met.call.params)))


def _update(expression: str, **params: Any) -> Call:
    values = {":v": {"S": "v"}, ":n": {"N": "5"}}
    used = {name: value for name, value in values.items() if name in expression}
    return Call(
        "UpdateItem",
        {"Key": KEY, "UpdateExpression": expression, **params} | ({"ExpressionAttributeValues": used} if used else {}),
    )


MOTO = [
    Wrong(
        "It fails by an error of its own: on sizes of what is missing, on an order of values of two types, on paths "
        "into what is neither map nor list, and on ADD of a number that is written with an exponent.",
        f"{ALTERNATOR}/test_condition_expression.py: test_update_condition_size, test_update_condition_lt",
        Call(
            "DeleteItem",
            {"Key": KEY, "ConditionExpression": "size(x) > :n", "ExpressionAttributeValues": {":n": {"N": "1"}}},
        ),
        _fails,
    ),
    Wrong(
        "What an update in a transaction cannot do, it does not tell as the reason of a cancelled transaction.",
        f"{API}/API_TransactWriteItems.html, TransactionCanceledException: Validation Error",
        Call("TransactWriteItems", {"TransactItems": [{"Update": {"Key": KEY, "UpdateExpression": "REMOVE x.a"}}]}),
        _has_reason,
    ),
    Wrong(
        "It looks at paths that overlap and at bounds in the wrong order only when it gets to them, or never.",
        f"{DYNALITE}/updateItem.js; {ALTERNATOR}/test_condition_expression.py: test_update_condition_between",
        Call("GetItem", {"Key": KEY, "ProjectionExpression": "l, l[0]"}),
        _is_refused_at_once,
    ),
    Wrong(
        "It knows that nothing is left when a query ends at its limit; DynamoDB tells where to go on.",
        f"{API}/API_Query.html: LastEvaluatedKey does not necessarily mean that there is more data",
        Call(
            "Query", {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "A"}}, "Limit": 1}
        ),
        _ends_exactly,
    ),
    Wrong(
        "It tells whole items, whatever a transaction's projection.",
        f"{API}/API_Get.html: ProjectionExpression",
        Call("TransactGetItems", {"TransactItems": [{"Get": {"Key": KEY, "ProjectionExpression": "s"}}]}),
        _projects_in_a_transaction,
    ),
    Wrong(
        "An update that it refuses may be half done.",
        f"{API}/API_UpdateItem.html: it is all-or-nothing",
        _update("ADD n :n, s :n"),
        lambda met: met.refused_by_both and met.here == met.there,
    ),
    Wrong(
        "It passes over a path into what is no map, where DynamoDB refuses the update.",
        f"{CONFORMANCE}/tier1/updateItem/paths.test.ts",
        _update("SET s.a = :v"),
        lambda met: met.message.startswith("The document path"),
    ),
    Wrong(
        "Of several elements beyond the end of a list it appends some in the wrong order, or not at all.",
        f"{GUIDE}/Expressions.UpdateExpressions.html: the elements are sorted in order by element number",
        _update("SET l[4] = :v, l[3] = :n"),
        _appends_several,
    ),
    Wrong(
        "Two attributes that are both missing are the same to it; to DynamoDB, they differ.",
        f"{ALTERNATOR}/test_condition_expression.py: test_update_condition_eq_two_unset",
        Call("DeleteItem", {"Key": KEY, "ConditionExpression": "x = y"}),
        None,
    ),
    Wrong(
        "It takes NULL for what is missing.",
        f"{ALTERNATOR}/test_condition_expression.py: test_update_condition_ne",
        Call(
            "DeleteItem",
            {"Key": KEY, "ConditionExpression": "x <> :null", "ExpressionAttributeValues": {":null": {"NULL": True}}},
        ),
        None,
    ),
    Wrong(
        "It takes 1 for true, and 0 for false.",
        f"{ALTERNATOR}/test_condition_expression.py: test_update_condition_ne",
        Call(
            "DeleteItem",
            {"Key": KEY, "ConditionExpression": "l[0] = :true", "ExpressionAttributeValues": {":true": {"BOOL": True}}},
        ),
        None,
    ),
    Wrong(
        "It takes values that no expression uses.",
        f"{CONFORMANCE}/tier3/validation-ordering/transactions.test.ts",
        Call(
            "TransactWriteItems",
            {
                "TransactItems": [
                    {
                        "Put": {
                            "Item": KEY,
                            "ConditionExpression": "attribute_exists(pk)",
                            "ExpressionAttributeValues": {":v": {"S": "v"}},
                        }
                    }
                ]
            },
        ),
        None,
    ),
    Wrong(
        "It refuses to remove what is inside of an attribute from an item that is not there; DynamoDB makes the item.",
        f"{ALTERNATOR}/test_update_expression.py: test_nested_attribute_remove_from_missing_item",
        _update("REMOVE x.a", Key=KEY | {"sk": {"S": "2"}}),
        _refuses_to_remove,
    ),
]

SERVED = [
    Wrong(
        "It removes what is inside of an attribute that is not there from an item that is; DynamoDB refuses that.",
        f"{ALTERNATOR}/test_update_expression.py: test_nested_attribute_update_bad_path_dot",
        _update("REMOVE x.a"),
        lambda met: "REMOVE" in str(met.call.params) and ("document path" in met.message or _has_reason(met)),
    ),
    Wrong(
        "It refuses begins_with of an attribute that is no text; to DynamoDB, it does not begin so.",
        f"{ALTERNATOR}/test_condition_expression.py: test_update_condition_begins_with",
        Call(
            "DeleteItem",
            {"Key": KEY, "ConditionExpression": "begins_with(l, :s)", "ExpressionAttributeValues": {":s": {"S": "a"}}},
        ),
        lambda met: "begins_with" in str(met.call.params) and met.status == 400,
    ),
    Wrong(
        "It looks at paths of updates that overlap only when it gets to them, or never, and at bounds in the wrong "
        "order neither in filters nor in transactions.",
        f"{DYNALITE}/updateItem.js; {ALTERNATOR}/test_condition_expression.py: test_update_condition_between",
        _update("SET s = :v, s = :n"),
        _is_refused_at_once,
    ),
    Wrong(
        "Of several elements beyond the end of a list it appends some in the wrong order.",
        f"{GUIDE}/Expressions.UpdateExpressions.html: the elements are sorted in order by element number",
        _update("SET l[4] = :v, l[3] = :n"),
        _appends_several,
    ),
]
