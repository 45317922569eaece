"""Refuse a change of the API that breaks its callers, unless CHANGELOG.md announces it.

Redocly compares docs/openapi.json with docs/released/openapi.json, the document of the last release. Every operation
that breaks must stand, as `METHOD /path`, in an entry of "Unreleased" that begins with "Breaking:".
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
REDOCLY = [".venv/bin/node", "web/node_modules/@redocly/cli/bin/cli.js", "diff", "--config", "web/redocly.yaml"]
PROBLEMS = "application/problem+json"

Json = Any


class Break(NamedTuple):
    """What breaks callers of an operation. Of what is no operation's, that is the place in the document."""

    operation: str
    what: str


def breaks(released: Json, now: Json) -> list[Break]:
    """Return what of a document breaks who relies on the released one."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "released.json", Path(folder) / "now.json"]
        for file, document in zip(files, (released, now), strict=True):
            file.write_text(json.dumps(_plain(document, document)), encoding="utf-8")
        ran = subprocess.run([*REDOCLY, "--format=json", *files], cwd=ROOT, check=False, capture_output=True, text=True)
    if ran.returncode not in {0, 1} or not ran.stdout.startswith("{"):
        raise RuntimeError(ran.stderr)
    found = [
        Break(operation, verdict["message"])
        for change in json.loads(ran.stdout)["changes"]
        for verdict in change["verdicts"]
        if verdict["impact"] == "major" and not _expected(change["path"], verdict["ruleId"])
        for operation in _operations(change["path"], released)
    ]
    return sorted({*found})


def announced(changelog: str) -> list[str]:
    """Return the entries of "Unreleased" that begin with "Breaking:"."""
    unreleased = re.search(r"^## Unreleased$(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    return re.findall(r"^- (Breaking:.*(?:\n  .*)*)", unreleased[1] if unreleased else "", re.MULTILINE)


def unannounced(found: list[Break], changelog: str) -> list[Break]:
    """Return the breaks whose operation no entry names between backticks."""
    named = set(re.findall(r"`([^`]+)`", "\n".join(announced(changelog))))
    return [one for one in found if one.operation not in named]


def _plain(part: Json, document: Json) -> Json:
    """Return a part without references, so that each operation's own use of a schema is compared.

    What may be null is a type, and problems are members by their code: of both, Redocly then knows which way breaks.
    """
    match part:
        case {"$ref": str(to), **beside}:
            found = document
            for step in to.removeprefix("#/").split("/"):
                found = found[step]
            return _plain({**found, **beside}, document)
        case {"anyOf": [one, {"type": "null"}], **beside}:
            match {**_plain(one, document), **beside}:
                case {"type": str(kind), **more}:
                    return {**more, "type": [kind, "null"]}
                case other:
                    return {"anyOf": [other, {"type": "null"}]}
        case dict():
            plain = {key: _plain(one, document) for key, one in part.items()}
            if PROBLEMS in plain:
                plain[PROBLEMS] = {"schema": _by_code(plain[PROBLEMS]["schema"])}
            return _by_code(plain) if all(map(_code, plain.get("oneOf", [{}]))) else plain
        case list():
            return [_plain(one, document) for one in part]
    return part


def _by_code(schema: Json) -> Json:
    kinds = {_code(kind): kind for kind in schema.get("oneOf", [schema])}
    return schema if None in kinds else {"type": "object", "properties": kinds}


def _code(schema: Json) -> Json:
    return schema.get("properties", {}).get("code", {}).get("const")


def _expected(path: str, rule: str) -> bool:
    """Whether callers were told to expect it: new words of `reason` may come, as new problems may."""
    return rule == "enum-values-added" and "problem+json" in path and path.endswith("/properties/reason")


def _operations(pointer: str, released: Json) -> Iterator[str]:
    match [step.replace("~1", "/").replace("~0", "~") for step in pointer.removeprefix("#/").split("/")]:
        case ["paths", path, ("get" | "post" | "put" | "patch" | "delete") as method, *_]:
            yield f"{method.upper()} {path}"
        case ["paths", path, *_]:
            yield from (f"{method.upper()} {path}" for method in released["paths"][path])
        case _:
            yield pointer


if __name__ == "__main__":
    documents = [json.loads((ROOT / "docs" / file).read_text()) for file in ("released/openapi.json", "openapi.json")]
    missing = unannounced(breaks(*documents), (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    for one in missing:
        print(f"`{one.operation}`: {one.what}")
    if missing:
        sys.exit("This breaks callers. Undo it, or announce it in CHANGELOG.md as docs/releasing.md says.")
