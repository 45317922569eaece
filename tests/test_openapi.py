"""The API's description as a document: it is what the code says, and says it of every route, to people and machines."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import described
from tests.deployment import STACKS
from tests.described import DOCUMENT
from tests.routes import USES
from tools.openapi.document import documents

PEOPLE = json.loads((Path(__file__).parents[1] / "docs" / "openapi.people.json").read_text(encoding="utf-8"))
both = pytest.mark.parametrize("document", [DOCUMENT, PEOPLE], ids=["everything", "people"])


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Every operation: its method, its path, and what is said of it."""
    for path, some in document["paths"].items():
        for method, operation in some.items():
            yield method.upper(), path, operation


def objects(part: Any) -> Iterator[Any]:
    """Every object in a part of a document."""
    if isinstance(part, dict):
        yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from objects(one)


def test_it_is_what_the_code_says() -> None:
    for file, text in documents().items():
        assert file.read_text(encoding="utf-8") == text, f"{file.name}: run `make record`"


def test_it_has_the_routes_of_the_template_and_who_may_call_them() -> None:
    routes = {(route.method, route.path): route.signed_in for route in STACKS["credentials"].routes}

    assert {(method, path): bool(one["security"]) for method, path, one in operations(DOCUMENT)} == routes


def test_it_has_the_scopes_of_every_use() -> None:
    uses = {(use.route.method, use.route.path, use.scope if use.route.signed_in else "nobody") for use in USES}

    said = {
        (method, path, dict(one).get("machine", [None])[0])
        for method, path, operation in operations(DOCUMENT)
        for one in operation["security"] or [{"machine": ["nobody"]}]
    }
    assert said == uses


def test_people_see_what_they_may_call_and_no_scope() -> None:
    for_people = {(use.route.method, use.route.path) for use in USES if use.scope is None}

    assert {(method, path) for method, path, _ in operations(PEOPLE)} == for_people
    assert "roster/" not in json.dumps(PEOPLE)
    assert PEOPLE["components"]["securitySchemes"].keys() == {"person"}


def test_people_do_not_see_the_fields_of_machines() -> None:
    schemas = PEOPLE["components"]["schemas"]

    assert schemas["NewOrganization"]["properties"].keys() == {"name", "locale"}
    assert schemas.keys().isdisjoint({"ProvisionedOrganization", "ProductsUpdate", "FromTo", "NewEvent"})


@both
def test_every_reference_leads_somewhere(document: Any) -> None:
    for one in objects(document):
        if "$ref" in one:
            found = document
            for step in one["$ref"].removeprefix("#/").split("/"):
                found = found[step]


@both
def test_every_component_is_referred_to(document: Any) -> None:
    references = {one["$ref"] for one in objects(document) if "$ref" in one}
    components = document["components"].items()

    named = {f"#/components/{kind}/{name}" for kind, some in components for name in some if kind != "securitySchemes"}
    assert named == references


@both
def test_operation_ids_are_the_folder_and_what_the_file_does(document: Any) -> None:
    ids = [one["operationId"] for _, _, one in operations(document)]

    assert len(ids) == len({*ids})
    for _, _, one in operations(document):
        assert re.fullmatch(rf"{one['tags'][0]}_[a-z_]+", one["operationId"])


def test_these_ids_are_promised() -> None:
    assert {one["operationId"] for _, _, one in operations(DOCUMENT)} >= {
        "members_remove",
        "members_read_all",
        "members_read_one",
        "invite_send",
        "invite_send_batch",
        "roles_customize_create",
        "organizations_me_sign_in",
    }


@both
def test_everything_is_described(document: Any) -> None:
    for _, _, one in operations(document):
        assert one["summary"]
        assert one["description"]
        for parameter in one.get("parameters", []):
            assert parameter.get("$ref") or parameter["description"]
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description") or "enum" in schema, name
        for member, inner in schema.get("properties", {}).items():
            assert inner.get("description"), f"{name}.{member}"


def test_what_the_validators_hold_is_said() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    invitation = schemas["NewInvitation"]["properties"]
    assert invitation["email"].items() >= {"format": "email", "maxLength": 254}.items()
    assert invitation["roles"].items() >= {"minItems": 1, "maxItems": 16}.items()
    assert schemas["NewInvitations"]["properties"]["invitations"]["maxItems"] == 20
    members = DOCUMENT["paths"]["/organizations/{organization_id}/members"]["get"]["parameters"]
    (limit,) = (one["schema"] for one in members if one.get("name") == "limit")
    assert limit == {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}


@both
def test_problems_are_told_apart_by_their_code(document: Any) -> None:
    schemas = document["components"]["schemas"]
    problem = schemas["Problem"]

    assert problem["discriminator"]["propertyName"] == "code"
    mapping = problem["discriminator"]["mapping"]
    assert [{"$ref": reference} for reference in mapping.values()] == problem["oneOf"]
    for code, reference in mapping.items():
        assert schemas[reference.rpartition("/")[2]]["properties"]["code"]["const"] == code


def test_the_rows_of_a_batch_are_told_apart_by_their_status() -> None:
    schemas = DOCUMENT["components"]["schemas"]

    rows = [{"$ref": f"#/components/schemas/{row}"} for row in ("SentRow", "RefusedRow")]
    assert schemas["Batch"]["properties"]["results"]["items"] == {"oneOf": rows}
    assert schemas["SentRow"]["properties"]["status"]["const"] == 201
    assert schemas["RefusedRow"]["properties"]["status"]["minimum"] == 400


def test_each_operation_has_an_example_that_is_as_described() -> None:
    for method, path, operation in operations(DOCUMENT):
        asked = operation.get("requestBody", {"content": {}})["content"]
        for content in (asked, *(one.get("content", {}) for one in operation["responses"].values())):
            for media in content.values():
                for name, example in media.get("examples", {}).items():
                    faults = described.faults(media["schema"], example["value"])
                    assert not faults, f"{method} {path}, {name}: {faults}"
        (success,) = (one for status, one in operation["responses"].items() if status == min(operation["responses"]))
        shown = [media for media in success.get("content", {}).values() if "examples" in media]
        assert shown or "content" not in success, f"{method} {path} has no example"
