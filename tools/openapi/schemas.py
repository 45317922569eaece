"""JSON Schemas of what the API takes and shows: from its types, with the words that stand under their members."""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, cast, get_args

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue

from roster.api.problems import Problem, ProblemShape
from tools.openapi.words import Json

REF = "#/components/schemas/{model}"


def ref(name: str) -> Json:
    """Return a reference to a schema among the components."""
    return {"$ref": REF.format(model=name)}


class Schemas:
    """The schemas that a document refers to, by name."""

    def __init__(self) -> None:
        self.components: dict[str, Json] = {}

    def of(self, shape: object, mode: JsonSchemaMode = "validation") -> Json:
        """Return the schema of a type; what has a name is a reference."""
        schema = TypeAdapter(shape).json_schema(mode=mode, ref_template=REF, schema_generator=_Described)
        arguments = "".join(f"[{one.__name__}]" for one in get_args(shape) if isinstance(one, type))
        return self._kept(schema, f"{shape.__name__}{arguments}" if hasattr(shape, "__name__") else None)

    def problem(self, kind: type[Problem]) -> Json:
        """Return a reference to the schema of a kind of problem: what all have, and what this one adds."""
        name = f"{kind.__name__}Problem"
        if name not in self.components:
            adds = getattr(kind, "Adds", None)
            more = {} if adds is None else self._open(adds)
            common = self._open(ProblemShape)
            fixed = {
                "type": {"const": f"urn:roster:problem:{kind.code}"},
                "title": {"const": kind.title},
                "status": {"const": int(kind.status)},
                "code": {"const": kind.code},
            }
            common["properties"] = {
                member: schema | fixed.get(member, {}) for member, schema in common["properties"].items()
            }
            self.components[name] = {
                "type": "object",
                "description": f"{kind.title}. {getattr(kind, 'detail', '')}".strip(),
                "properties": common["properties"] | more.get("properties", {}),
                "required": common["required"] + more.get("required", []),
            }
        return ref(name)

    def problems(self, kinds: Iterable[type[Problem]]) -> Json:
        """Return the schema of one of some kinds of problem, told apart by `code`."""
        by_code = {kind.code: self.problem(kind) for kind in sorted(kinds, key=lambda kind: kind.code)}
        if len(by_code) == 1:
            return next(iter(by_code.values()))
        return _told_apart(by_code)

    def all(self) -> dict[str, Json]:
        """Return the components; what stands in one of them and is another refers to that. `Problem` is any problem."""
        kinds = {
            schema["properties"]["code"]["const"]: ref(name)
            for name, schema in sorted(self.components.items())
            if name.endswith("Problem") and name != "Problem"
        }
        self.components["Problem"] = {"description": self.components["Problem"]["description"], **_told_apart(kinds)}
        known = {json.dumps(schema, sort_keys=True): ref(name) for name, schema in self.components.items()}

        def shared(part: Json) -> Json:
            match part:
                case dict():
                    return {key: known.get(json.dumps(one, sort_keys=True)) or shared(one) for key, one in part.items()}
                case list():
                    return [shared(one) for one in part]
            return part

        return dict(sorted((name, shared(schema)) for name, schema in self.components.items()))

    def members(self, shape: object) -> dict[str, Json]:
        """Return the schemas of the members of an object."""
        properties: dict[str, Json] = self._open(shape)["properties"]
        return properties

    def _open(self, shape: object) -> Json:
        schema = TypeAdapter(shape).json_schema(ref_template=REF, schema_generator=_Described)
        return self._kept(schema, None)

    def _kept(self, schema: Json, name: str | None) -> Json:
        """Keep what a schema refers to, and itself if it has a name."""
        for inner, one in schema.pop("$defs", {}).items():
            self.components.setdefault(_named(inner), _renamed(one))
        schema = _renamed(schema)
        if name is None or schema.get("type") != "object":
            return schema
        self.components.setdefault(_named(name), schema)
        return ref(_named(name))


def _told_apart(by_code: dict[str, Json]) -> Json:
    mapping = {code: one["$ref"] for code, one in by_code.items()}
    return {"oneOf": [*by_code.values()], "discriminator": {"propertyName": "code", "mapping": mapping}}


class _Described(GenerateJsonSchema):
    """Adds to each object what stands in its source: its docstring, and the one under each of its members."""

    def model_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401 (pydantic's own)
        return _described(super().model_schema(schema), schema["cls"])

    def typed_dict_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401
        return _described(super().typed_dict_schema(schema), schema["cls"])

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002
        return False

    def union_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401
        """Say that what is one of several objects is exactly one of them."""
        union = super().union_schema(schema)
        return {"oneOf": union["anyOf"]} if all("$ref" in one for one in union.get("anyOf", [{}])) else union

    def default_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401
        described = super().default_schema(schema)
        if described.get("default", ...) is None:  # null is as absent
            del described["default"]
        return described


def _described(schema: JsonSchemaValue, kind: type) -> JsonSchemaValue:
    words = _words(kind)
    names = {field.alias or name: name for name, field in getattr(kind, "model_fields", {}).items()}
    for member, inner in schema.get("properties", {}).items():
        inner["description"] = words[names.get(member, member)]
    schema.pop("title", None)
    return {"description": paragraph(kind.__doc__)} | schema


@cache
def _words(kind: type) -> dict[str, str]:
    """Return what stands under each member of a class, inherited ones too."""
    found: dict[str, str] = {}
    for base in _bases(kind):
        (body,) = ast.parse(textwrap.dedent(inspect.getsource(base))).body
        statements = cast("ast.ClassDef", body).body
        for one, after in pairwise(statements):
            if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                found.setdefault(ast.unparse(one.target), paragraph(str(after.value.value)))
    return found


def _bases(kind: type) -> Iterator[type]:
    """Yield a class and all that it inherits from; of a TypedDict, Python remembers that elsewhere."""
    yield kind
    for base in getattr(kind, "__orig_bases__", kind.__bases__):
        if isinstance(base, type) and base.__module__.split(".")[0] in {"roster", "functions"}:
            yield from _bases(base)


def paragraph(docstring: str | None) -> str:
    """Return a docstring as prose, each paragraph on one line."""
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(docstring or "").split("\n\n"))


def _named(name: str) -> str:
    """Return the name of a component: `MemberShape` is Member, a page of `ListedMember` is MemberPage."""
    paged = re.fullmatch(r"Page[_\[](?:Listed)?(\w+?)(?:Shape)?[_\]]", name)
    return f"{paged[1]}Page" if paged else name.removesuffix("Shape")


def _renamed(schema: Json) -> Json:
    match schema:
        case {"$ref": str(to)}:
            head, _, name = to.rpartition("/")
            return {**schema, "$ref": f"{head}/{_named(name)}"}
        case dict():
            return {key: _renamed(value) for key, value in schema.items()}
        case list():
            return [_renamed(value) for value in schema]
    return schema
