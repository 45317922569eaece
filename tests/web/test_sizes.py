"""How much a page has to load, at most: of each script, with Lit, the client and English inside, and of a language."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

KB = 1024
# What docs/elements.md promises.
MOST = {"roster-switcher.js": 18 * KB, "roster-invitation.js": 20 * KB, "roster.js": 42 * KB}
MOST_OF_A_LANGUAGE = 4 * KB


def size(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


@pytest.mark.parametrize("name", MOST)
def test_a_script_is_small(scripts: Path, name: str, record_property: Callable[[str, object], None]) -> None:
    record_property(f"bytes of {name}", size(scripts / name))

    assert size(scripts / name) <= MOST[name]


def test_a_language_is_small(scripts: Path) -> None:
    sizes = {path.name: size(path) for path in (scripts / "words").glob("*.js")}

    assert len(sizes) == 4
    assert {name: size for name, size in sizes.items() if size > MOST_OF_A_LANGUAGE} == {}


def test_a_script_imports_nothing_but_languages(scripts: Path) -> None:
    """A page without npm has nothing else."""
    for path in scripts.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        imported = re.findall(r"\bimport\(\s*(.)(.*?)\1\s*\)", text)
        assert {Path(name).parent for _, name in imported} == {Path("words")}
        assert text.count("import(") == len(imported)
        assert not re.search(r"\bfrom\s*[\"'`]|\bimport\s*[\"'`{*]", text)
