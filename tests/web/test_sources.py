"""What the elements' sources say: no role, plan or pack by name, as each product has its own."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from local.template import TEMPLATE
from roster.policy import pack

ROOT = TEMPLATE.parent
SOURCES = ROOT / "web" / "elements" / "src"
DESCRIPTION = ROOT / "docs" / "openapi.people.json"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
WORD = re.compile(r"[A-Za-z]+")


def names() -> set[str]:
    """The names of all packs, plans and roles, and their titles, as sources would write them."""
    found = {*pack.available()}
    for one in map(pack.load, pack.available()):
        found |= {name for plan in one.plans.values() for name in (plan.name, plan.title)}
        found |= {name for role in one.roles.values() for name in (role.id, role.title)}
    return {name.lower() for name in found}


def words(text: str) -> set[str]:
    """The words of a text; those of one name hang together."""
    return {word.lower() for word in WORD.findall(text)}


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The sources without types, comments and names of their own, by their path: what is left, they say."""
    made = tmp_path_factory.mktemp("code")
    program = ROOT / "web" / "node_modules" / ".bin" / "esbuild"
    sources = [*SOURCES.rglob("*.ts")]
    flags = (
        "--format=esm",
        "--target=es2022",
        "--minify-identifiers",
        f"--outbase={SOURCES}",
        f"--outdir={made}",
        "--log-level=error",
    )
    subprocess.run([program, *sources, *flags], check=True)
    return {
        str(path.relative_to(made)): COMMENT.sub("", path.read_text(encoding="utf-8"))
        for path in Path(made).rglob("*.js")
    }


def test_they_name_no_role_plan_or_pack(code: dict[str, str]) -> None:
    # What the API itself is described with, each product has: `owners` are counted, an actor is a `user`.
    shared = words(json.dumps([*_vocabulary(json.loads(DESCRIPTION.read_text(encoding="utf-8")))]))
    found = {
        path: sorted(name for name in names() - shared if re.search(rf"(?i)(?<![\w-]){re.escape(name)}(?![\w-])", text))
        for path, text in code.items()
    }

    assert code
    assert not {path: named for path, named in found.items() if named}


def _vocabulary(part: object) -> set[str]:
    """The names of members, and the values that there are."""
    if isinstance(part, list):
        return set().union(*map(_vocabulary, part))
    if not isinstance(part, dict):
        return set()
    found = {*part.get("properties", {})} if isinstance(part.get("properties"), dict) else set()
    found |= {str(value) for value in part.get("enum", [])} | ({str(part["const"])} if "const" in part else set())
    return found.union(*(_vocabulary(value) for key, value in part.items() if key not in {"example", "examples"}))
