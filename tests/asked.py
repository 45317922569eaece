"""What each call to AWS asks permission for. A transaction is asked for by its parts, raw mail as two actions."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from local.template import ACCOUNT, REGION
from tests.grants import Ask

type Params = Mapping[str, Any]

# All calls go by HTTPS.
ALWAYS = {"aws:SecureTransport": ("true",)}
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}


def asked(service: str, operation: str, params: Params) -> list[Ask]:
    """Return all that a call needs. A call that is not known here is an error, so that none goes unjudged."""
    if (service, operation) not in CALLS:
        raise LookupError(f"tests/asked.py does not know what {service}:{operation} asks permission for")
    return [Ask(action, resource, ALWAYS | context) for action, resource, context in CALLS[service, operation](params)]


type Asks = Iterator[tuple[str, str, dict[str, tuple[str, ...]]]]


def _arn(service: str, resource: str) -> str:
    return resource if resource.startswith("arn:") else f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _table(name: str) -> str:
    return _arn("dynamodb", f"table/{name}")


def _key(item: Params) -> str:
    return str(item["pk"]["S"])


def _single(action: str) -> Callable[[Params], Asks]:
    def asks(params: Params) -> Asks:
        key = _key(params.get("Key") or params["Item"])
        yield action, _table(params["TableName"]), {"dynamodb:LeadingKeys": (key,)}

    return asks


def _query(params: Params) -> Asks:
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    yield (
        "dynamodb:Query",
        _table(params["TableName"]) + index,
        {},
    )  # the key is in an expression: no policy asks for it


def _batch_get(params: Params) -> Asks:
    for table, request in params["RequestItems"].items():
        keys = tuple(map(_key, request["Keys"]))
        yield "dynamodb:BatchGetItem", _table(table), {"dynamodb:LeadingKeys": keys}


def _batch_write(params: Params) -> Asks:
    for table, requests in params["RequestItems"].items():
        written = [next(iter(request.values())) for request in requests]
        keys = tuple(_key(one.get("Key") or one["Item"]) for one in written)
        yield "dynamodb:BatchWriteItem", _table(table), {"dynamodb:LeadingKeys": keys}


def _transaction(params: Params) -> Asks:
    for item in params["TransactItems"]:
        ((verb, part),) = item.items()
        inside = {"dynamodb:EnclosingOperation": ("TransactWriteItems",)}
        for action, table, context in _single(f"dynamodb:{PARTS[verb]}")(part):
            yield action, table, context | inside


def _mac(action: str) -> Callable[[Params], Asks]:
    def asks(params: Params) -> Asks:
        yield action, str(params["KeyId"]), {}  # the key as the environment names it, and the policy too

    return asks


def _mail(params: Params) -> Asks:
    if params["Content"].keys() != {"Raw"}:
        raise LookupError("tests/asked.py knows of raw mail only")
    sender = params["FromEmailAddress"]
    resources = [f"identity/{sender}"]
    if "ConfigurationSetName" in params:
        resources.append(f"configuration-set/{params['ConfigurationSetName']}")
    for action in ("ses:SendEmail", "ses:SendRawEmail"):
        for resource in resources:
            yield action, _arn("ses", resource), {"ses:FromAddress": (sender,)}


def _events(params: Params) -> Asks:
    for entry in params["Entries"]:
        bus = entry.get("EventBusName", "default")
        told: dict[str, tuple[str, ...]] = {
            "events:source": (entry["Source"],),
            "events:detail-type": (entry["DetailType"],),
        }
        yield "events:PutEvents", _arn("events", bus if bus.startswith("arn:") else f"event-bus/{bus}"), told


CALLS: dict[tuple[str, str], Callable[[Params], Asks]] = {
    ("dynamodb", "GetItem"): _single("dynamodb:GetItem"),
    ("dynamodb", "PutItem"): _single("dynamodb:PutItem"),
    ("dynamodb", "UpdateItem"): _single("dynamodb:UpdateItem"),
    ("dynamodb", "DeleteItem"): _single("dynamodb:DeleteItem"),
    ("dynamodb", "Query"): _query,
    ("dynamodb", "BatchGetItem"): _batch_get,
    ("dynamodb", "BatchWriteItem"): _batch_write,
    ("dynamodb", "TransactWriteItems"): _transaction,
    ("kms", "GenerateMac"): _mac("kms:GenerateMac"),
    ("kms", "VerifyMac"): _mac("kms:VerifyMac"),
    ("sesv2", "SendEmail"): _mail,
    ("events", "PutEvents"): _events,
}
