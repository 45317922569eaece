"""The description as a page that is read where the repository is: docs/api.md."""

import json
import re
from collections.abc import Iterable, Iterator

from tools.openapi.words import Json

HEAD = """# The API

This page is made from [openapi.json](openapi.json) by `make record`. `make run` serves the same as pages on which you
can try it, at http://127.0.0.1:8000/_local/docs.
"""
# What every operation may refuse, or the way in which it is called brings along: said once.
EVERYWHERE = {"malformed_request", "too_large", "invalid_request", "try_again", "forbidden", "not_found"}
GUARDS = {"If-Match": "precondition_failed", "Idempotency-Key": "idempotency_key_reused"}


def page(document: Json) -> str:
    """Return the page of a document."""
    return "\n".join(_lines(document)).replace("\n\n\n", "\n\n") + "\n"


def _lines(document: Json) -> Iterator[str]:
    operations = [
        (f"{method.upper()} {path}", one) for path, some in document["paths"].items() for method, one in some.items()
    ]
    yield from (HEAD, document["info"]["description"], "", "| operation | what it does | who |", "|---|---|---|")
    for name, one in operations:
        yield f"| [`{name}`](#{one['operationId']}) | {one['summary']} | {_who(one)} |"
    for tag in document["tags"]:
        yield from ("", f"## {tag['description'].partition(':')[0].removesuffix('.')}", "")
        for name, one in operations:
            if one["tags"] == [tag["name"]]:
                yield from _operation(name, one, document)
    yield from ("## Problems", "")
    yield f"Any operation may refuse with {_linked(sorted(EVERYWHERE))}: these are not named again above."
    yield "All problems have the members `type`, `title`, `status`, `detail`, `code` and `request_id`."
    yield from ("", "| code | status | what it is, and what to do | more members |", "|---|---|---|---|")
    problems = [
        one for name, one in document["components"]["schemas"].items() if name.endswith("Problem") and name != "Problem"
    ]
    for one in sorted(
        problems, key=lambda one: (one["properties"]["status"]["const"], one["properties"]["code"]["const"])
    ):
        members = one["properties"]
        more = [f"`{member}`: {said['description']}" for member, said in members.items() if "const" not in said][2:]
        code = members["code"]["const"]
        status = members["status"]["const"]
        yield f'| <a id="{code}"></a>`{code}` | {status} | {one["description"]} | {" ".join(more)} |'


def _who(one: Json) -> str:
    names = [
        name if name == "person" else f"machine `{scopes[0]}`"
        for way in one["security"]
        for name, scopes in way.items()
    ]
    return ", ".join(names) or "anybody"


def _operation(name: str, one: Json, document: Json) -> Iterator[str]:
    yield from (f"### {one['operationId']}", "", f"`{name}` · {_who(one)}", "", one["description"], "")
    for parameter in one.get("parameters", []):
        if "name" in parameter:
            yield f"- `?{parameter['name']}=` {parameter['description']}"
    yield ""
    asked = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})
    use = next(iter(asked), None)  # whose answer is shown, too
    if use is not None:
        yield from _example(asked[use]["value"])
    for status, response in one["responses"].items():
        if status < "300":
            media = response.get("content", {}).values()
            shown: Json = next((one["examples"] for one in media if "examples" in one), {})
            yield from (f"{status}. {response['description']}", "")
            if shown:
                yield from _example(shown.get(use, next(iter(shown.values())))["value"])
    codes = sorted({*_codes(one, document)} - EVERYWHERE - {*GUARDS.values()})
    if codes:
        yield from (f"Refused with {_linked(codes)}.", "")
    headers = [parameter.get("$ref", "").rpartition("/")[2] for parameter in one.get("parameters", [])]
    guards = [f"`{header}` ([`{code}`](#{code}))" for header, code in GUARDS.items() if header in headers]
    if guards:
        yield from (f"It takes {' and '.join(guards)}.", "")


def _linked(codes: Iterable[str]) -> str:
    return ", ".join(f"[`{code}`](#{code})" for code in codes)


def _example(value: Json) -> Iterator[str]:
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    yield from (
        "```csv" if isinstance(value, str) else "```json",
        text.strip("\ufeff\r\n").replace("\r\n", "\n"),
        "```",
        "",
    )


def _codes(one: Json, document: Json) -> Iterator[str]:
    text = json.dumps(one["responses"])
    for name in re.findall(r"#/components/responses/(\w+)", text):
        text += json.dumps(document["components"]["responses"][name])
    for name in {*re.findall(r"#/components/schemas/(\w+Problem)", text)}:
        yield document["components"]["schemas"][name]["properties"]["code"]["const"]
