"""Examples: what was asked and answered when examples.json was recorded, put beside what is described."""

import json
from pathlib import Path

from tools.openapi.words import Json

RECORDED: dict[str, Json] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def add_examples(paths: dict[str, dict[str, Json]], *, machines: bool) -> None:
    """Add to operations what was asked of them, and answered: by machines, too, if the document has those."""
    for name, one in RECORDED.items():
        operation = paths.get(one["path"], {}).get(one["method"].lower())
        if operation is None or (one["scope"] is not None and not machines):
            continue
        _, _, use = name.partition("/")
        key, words = use.replace(" ", "_"), {"summary": f"{use[0].upper()}{use[1:]}"}
        if one["body"] is not None:
            asked = operation["requestBody"]["content"]["application/json"].setdefault("examples", {})
            asked[key] = {**words, "value": one["body"]}
        content = operation["responses"][str(one["status"])].get("content")
        if content is not None:
            content[one["media_type"]].setdefault("examples", {})[key] = {**words, "value": one["answer"]}
