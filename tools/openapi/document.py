"""The document: the routes of the template, and of each what its operations say that they take."""

import importlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from tests.deployment import STACKS  # isort: skip (it sets the environment that the rest is imported in)

from local.template import Route
from roster.api.app import Entry
from tools.openapi.examples import add_examples
from tools.openapi.page import page
from tools.openapi.responses import refusals, shared_refusals, successes
from tools.openapi.schemas import Schemas, paragraph
from tools.openapi.words import ROOT, WORDS, Json

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]  # in the order in which they are shown


class Use(NamedTuple):
    """An operation of a route, and whether its file has others."""

    route: Route
    entry: Entry
    alone: bool


def all_uses() -> list[Use]:
    """Return every operation of every route, in the order of the paths."""
    found = []
    for route in sorted(STACKS["credentials"].routes, key=lambda route: (route.path, METHODS.index(route.method))):
        module = importlib.import_module(f"functions.{route.function.name.replace('/', '.')}")
        entries = module.handler._entries  # noqa: SLF001 (an App tells nobody else)
        found += [Use(route, entry, len(entries) == 1) for entry in entries[route.method, route.path]]
    return found


def document(uses: Iterable[Use], *, machines: bool) -> Json:
    """Return the document of these operations."""
    schemas = Schemas()
    paths: dict[str, dict[str, Json]] = {}
    routes: dict[tuple[str, str], list[Use]] = {}
    for use in uses:
        routes.setdefault((use.route.path, use.route.method.lower()), []).append(use)
    for (path, method), some in routes.items():
        paths.setdefault(path, {})[method] = operation(some, schemas)
    add_examples(paths, machines=machines)
    responses = shared_refusals(one for methods in paths.values() for one in methods.values())
    tags = sorted({one["tags"][0] for methods in paths.values() for one in methods.values()})
    components = {
        "schemas": WORDS["schemas"] | schemas.all(),
        "responses": dict(sorted(responses.items())),
        "parameters": {name: _parameter(name, words) for name, words in WORDS["parameters"].items()},
        "headers": WORDS["headers"],
        "securitySchemes": {
            name: scheme for name, scheme in WORDS["securitySchemes"].items() if machines or name != "machine"
        },
    }
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": "Roster" if machines else "Roster, for people",
            "version": VERSION,
            "description": WORDS["description"].strip(),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "http://127.0.0.1:8000", "description": "`make run`"}],
        "tags": [{"name": tag, "description": _about(tag)} for tag in tags],
        "paths": paths,
        "components": components,
    }
    return _pruned(whole)


def operation(uses: list[Use], schemas: Schemas) -> Json:
    """Return what is said of a method and path: what it is for people comes first, then what it is for machines."""
    uses = sorted(uses, key=lambda use: use.entry.scope is not None)
    entries = [use.entry for use in uses]
    takes, route = entries[0].takes, uses[0].route
    doc = paragraph(entries[0].operation.__doc__)
    headers = {"If-Match": takes.if_match, "Idempotency-Key": takes.idempotency_key}
    shared = [*re.findall(r"{(\w+)}", route.path), *(name for name, honoured in headers.items() if honoured)]
    said = {
        "operationId": _id(uses[0]),
        "tags": [route.function.name.partition("/")[0]],
        "summary": re.split(r"(?<=\.)\s", doc)[0].removesuffix("."),
        "description": "\n\n".join([doc, *(_for_machines(entry, entries[0]) for entry in entries if entry.scope)]),
        "parameters": [*({"$ref": f"#/components/parameters/{name}"} for name in shared), *_query(entries[0], schemas)],
        "requestBody": _body([one.takes.body for one in entries if "body" in one.arguments], schemas),
        "responses": dict(sorted({**refusals(route, entries, schemas), **successes(entries, schemas)}.items())),
        "security": [{"machine": [one.scope]} if one.scope else {"person": []} for one in entries if not one.public],
    }
    return {key: value for key, value in said.items() if value or key == "security"}


def _id(use: Use) -> str:
    """Name an operation by its folder and file and, where a file has several, by its function."""
    folder, file = use.route.function.name.split("/")
    name = use.entry.operation.__name__
    if use.alone:
        return f"{folder}_{file}"
    return f"{folder}_{name}" if name.startswith(file) else f"{folder}_{file}_{name}"


def _for_machines(entry: Entry, first: Entry) -> str:
    who = f"A machine needs the scope `{entry.scope}`."
    return who if entry.operation is first.operation else f"{who} For it: {paragraph(entry.operation.__doc__)}"


def _query(entry: Entry, schemas: Schemas) -> Iterator[Json]:
    if "query" not in entry.arguments:
        return
    for name, schema in schemas.members(entry.takes.query).items():
        words = schema.pop("description")
        (given,) = [one for one in schema.pop("anyOf", [{}]) if one != {"type": "null"}]
        yield {"name": name, "in": "query", "description": words, "schema": schema | given}


def _body(models: list[type[BaseModel]], schemas: Schemas) -> Json:
    if not models:
        return None
    shapes = [schemas.of(model) for model in dict.fromkeys(models)]
    required = all(any(field.is_required() for field in model.model_fields.values()) for model in models)
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def _parameter(name: str, words: Json) -> Json:
    required = {"required": True} if words["in"] == "path" else {}
    return {"name": name, **words, **required, "schema": words.get("schema", {"type": "string", "minLength": 1})}


def _about(folder: str) -> str:
    return paragraph(importlib.import_module(f"functions.{folder}").__doc__)


def _pruned(whole: Json) -> Json:
    """Leave out the components that nothing refers to."""
    while True:
        used = set(re.findall(r'"#/components/(\w+/[\w-]+)"', json.dumps(whole)))
        unused = [
            (kind, name)
            for kind, some in whole["components"].items()
            for name in some
            if kind != "securitySchemes" and f"{kind}/{name}" not in used
        ]
        if not unused:
            return whole
        for kind, name in unused:
            del whole["components"][kind][name]


def documents() -> dict[Path, str]:
    """Return what the files are to hold: both documents, and the page of the whole one."""
    uses = all_uses()
    everything = document(uses, machines=True)
    people = document((use for use in uses if use.entry.scope is None), machines=False)
    texts = {"openapi.json": _json(everything), "openapi.people.json": _json(people), "api.md": page(everything)}
    return {ROOT / "docs" / name: text for name, text in texts.items()}


def _json(document: Json) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
