"""What breaks callers of the API is noticed, and only that; it passes if the changelog announces it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.described import DOCUMENT
from tools.breaking import Break, announced, breaks, unannounced

ROOT = Path(__file__).parents[1]
ITEM = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "by": {"anyOf": [{"$ref": "#/components/schemas/Person"}, {"type": "null"}]},
        "status": {"type": "string", "enum": ["open", "ended"]},
    },
    "required": ["id", "name", "by", "status"],
}
NEW = {
    "type": "object",
    "properties": {
        "email": {"type": "string", "maxLength": 254},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "kind": {"type": "string", "enum": ["a", "b"]},
    },
    "required": ["email"],
    "additionalProperties": False,
}
PERSON = {"type": "object", "properties": {"user_id": {"type": "string"}}, "required": ["user_id"]}


def problem(code: str) -> Any:
    words = {"type": "string", "enum": ["one"]}
    return {"type": "object", "properties": {"code": {"const": code}, "reason": words}, "required": ["code", "reason"]}


def at(schema: Any) -> Any:
    return {"application/json": {"schema": schema}}


def operation() -> Any:
    return {
        "parameters": [
            {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}},
        ],
        "requestBody": {"required": False, "content": at(copy.deepcopy(NEW))},
        "responses": {
            "200": {
                "description": "",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": at(copy.deepcopy(ITEM)),
            },
            "404": {"description": "", "content": {"application/problem+json": {"schema": problem("not_found")}}},
            "409": {
                "description": "",
                "content": {"application/problem+json": {"schema": {"oneOf": [problem("a"), problem("b")]}}},
            },
        },
        "security": [{"person": []}, {"machine": ["read"]}],
    }


def sent(one: Any) -> Any:
    return one["requestBody"]["content"]["application/json"]["schema"]


def member(one: Any) -> Any:
    return sent(one)["properties"]


def answer(one: Any) -> Any:
    return one["responses"]["200"]["content"]["application/json"]["schema"]


def shown(one: Any) -> Any:
    return answer(one)["properties"]


def refused(one: Any, status: str) -> Any:
    return one["responses"][status]["content"]["application/problem+json"]


type Change = Callable[[Any], object]

BREAKING: dict[str, Change] = {
    "a parameter removed": lambda one: one["parameters"].pop(),
    "a parameter required": lambda one: one["parameters"][1].update(required=True),
    "a parameter's limit narrowed": lambda one: one["parameters"][0]["schema"].update(maximum=50),
    "the body required": lambda one: one["requestBody"].update(required=True),
    "a sent member removed": lambda one: member(one).pop("note"),
    "a sent member required": lambda one: sent(one)["required"].append("note"),
    "a new sent member required": lambda one: (
        member(one).update(more={"type": "string"}),
        sent(one)["required"].append("more"),
    ),
    "a sent member of another type": lambda one: member(one).update(email={"type": "integer"}),
    "a sent member no longer null": lambda one: member(one).update(note={"type": "string"}),
    "a sent member's limit narrowed": lambda one: member(one)["email"].update(maxLength=100),
    "a sent member's limit new": lambda one: member(one)["kind"].update(maxLength=1),
    "a sent member's pattern new": lambda one: member(one)["email"].update(pattern="^a"),
    "a sent value removed": lambda one: member(one)["kind"]["enum"].pop(),
    "a shown member removed": lambda one: (shown(one).pop("id"), answer(one)["required"].remove("id")),
    "a shown member absent at times": lambda one: answer(one)["required"].remove("id"),
    "a shown member null at times": lambda one: shown(one).update(id={"anyOf": [{"type": "string"}, {"type": "null"}]}),
    "a shown member of another type": lambda one: shown(one).update(id={"type": "integer"}),
    "a shown value added": lambda one: shown(one)["status"]["enum"].append("new"),
    "a status removed": lambda one: one["responses"].pop("404"),
    "another success": lambda one: one["responses"].update({"201": one["responses"].pop("200")}),
    "another media type": lambda one: one["responses"]["200"].update(content={"text/csv": {}}),
    "a header removed": lambda one: one["responses"]["200"]["headers"].pop("ETag"),
    "a code removed": lambda one: refused(one, "409")["schema"]["oneOf"].pop(),
    "another code": lambda one: refused(one, "404").update(schema=problem("other")),
    "a problem's member removed": lambda one: refused(one, "404")["schema"]["properties"].pop("reason"),
    "another scope": lambda one: one["security"][1].update(machine=["write"]),
    "machines refused": lambda one: one["security"].pop(),
}
HARMLESS: dict[str, Change] = {
    "nothing": lambda one: one,
    "words": lambda one: one.update(summary="Other", description="words"),
    "a parameter added": lambda one: one["parameters"].append(
        {"name": "new", "in": "query", "schema": {"type": "string"}}
    ),
    "a sent member added": lambda one: member(one).update(more={"type": "string"}),
    "a sent member optional": lambda one: sent(one)["required"].clear(),
    "a sent member null at times": lambda one: member(one).update(
        email={"maxLength": 254, "anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "a sent member's limit widened": lambda one: member(one)["email"].update(maxLength=300),
    "a sent value added": lambda one: member(one)["kind"]["enum"].append("c"),
    "a shown member added": lambda one: (
        shown(one).update(more={"type": "string"}),
        answer(one)["required"].append("more"),
    ),
    "a shown member never null": lambda one: shown(one).update(name={"type": "string"}),
    "a status added": lambda one: one["responses"].update({"410": {"description": ""}}),
    "a code added": lambda one: refused(one, "409")["schema"]["oneOf"].append(problem("c")),
    "a second code": lambda one: refused(one, "404").update(schema={"oneOf": [problem("not_found"), problem("c")]}),
    "a word of reason added": lambda one: refused(one, "404")["schema"]["properties"]["reason"]["enum"].append("two"),
}
EVERY = BREAKING | HARMLESS


def document(paths: Any) -> Any:
    scheme = {"type": "http", "scheme": "bearer"}
    components = {
        "schemas": {"Person": copy.deepcopy(PERSON)},
        "securitySchemes": {"person": scheme, "machine": scheme},
    }
    return {"openapi": "3.1.0", "info": {"title": "", "version": "1"}, "paths": paths, "components": components}


def path(change: str) -> str:
    return "/" + change.replace(" ", "-").replace("'", "")


@pytest.fixture(scope="module")
def found() -> list[Break]:
    """What is noticed of all changes, each at a path of its own: Redocly takes a second to start."""
    released = document({path(change): {"post": operation()} for change in EVERY})
    now = copy.deepcopy(released)
    for name, change in EVERY.items():
        change(now["paths"][path(name)]["post"])
    return breaks(released, now)


@pytest.mark.parametrize("change", BREAKING)
def test_a_breaking_change_is_noticed(change: str, found: list[Break]) -> None:
    assert [one for one in found if one.operation == f"POST {path(change)}"]


@pytest.mark.parametrize("change", HARMLESS)
def test_any_other_change_passes(change: str, found: list[Break]) -> None:
    assert not [one for one in found if one.operation == f"POST {path(change)}"]


def test_what_is_removed_breaks_each_operation_that_was_there() -> None:
    released = document(
        {"/a": {"get": operation(), "post": operation()}, "/b": {"get": operation(), "put": operation()}}
    )
    now = copy.deepcopy(released)
    del now["paths"]["/a"]
    del now["paths"]["/b"]["put"]

    assert {one.operation for one in breaks(released, now)} == {"GET /a", "POST /a", "PUT /b"}


def test_a_shared_schema_breaks_each_operation_that_shows_it() -> None:
    released = document({"/a": {"get": operation()}, "/b": {"get": operation()}})
    now = copy.deepcopy(released)
    now["components"]["schemas"]["Person"]["required"] = []

    assert {one.operation for one in breaks(released, now)} == {"GET /a", "GET /b"}


def test_a_breaking_change_passes_if_unreleased_announces_it() -> None:
    found = [Break("POST /a", "It was removed."), Break("POST /b", "It was removed.")]
    changelog = """# Changelog

## Unreleased

- Other: `POST /b` is better.
- Breaking: `note` is gone from
  `POST /a`.

## 1.0.0

- Breaking: `POST /b` wants a name.
"""

    assert announced(changelog) == ["Breaking: `note` is gone from\n  `POST /a`."]
    assert unannounced(found, changelog) == [found[1]]


def test_all_that_is_sent_is_closed() -> None:
    """Else a member that is no longer taken would not be noticed."""
    for operations in DOCUMENT["paths"].values():
        for one in operations.values():
            for media in one.get("requestBody", {"content": {}})["content"].values():
                for schema in media["schema"].get("anyOf", [media["schema"]]):
                    name = schema["$ref"].rpartition("/")[2]
                    assert DOCUMENT["components"]["schemas"][name]["additionalProperties"] is False


def test_nothing_breaks_that_is_not_announced() -> None:
    released = json.loads((ROOT / "docs/released/openapi.json").read_text(encoding="utf-8"))

    assert not unannounced(breaks(released, DOCUMENT), (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
