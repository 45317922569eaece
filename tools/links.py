"""Point the links of docs/*.md at the lines where their functions and classes stand now: `[name](../file.py#L1)`."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\[(?P<name>\w+)\]\(\.\./(?P<path>[\w/.]+\.py)#L\d+\)")


def pointed(link: re.Match[str]) -> str:
    """Return a link that points at the definition of the name in its text."""
    lines = (ROOT / link["path"]).read_text().splitlines()
    definition = re.compile(rf"(def|class) {link['name']}\b")
    (line,) = (number for number, text in enumerate(lines, 1) if definition.match(text))
    return f"[{link['name']}](../{link['path']}#L{line})"


if __name__ == "__main__":
    for page in sorted((ROOT / "docs").glob("*.md")):
        page.write_text(LINK.sub(pointed, page.read_text()))
