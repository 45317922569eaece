"""Make pictures of the elements in every state into build/pages/, and a page with all of them, for people to look at.

The browser tests take them: light, dark and in forced colours, in both directions, on a phone's screen and on a desk's.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "pages"
TESTS = "tests/web/test_states.py"
STYLE = """
  body { margin: 2rem; font: 15px/1.5 system-ui, sans-serif; background: #888; color: #fff }
  section { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start }
  figure { margin: 0 } img { display: block; max-width: 640px; max-height: 900px; box-shadow: 0 2px 12px #0006 }
"""


def _lines(pictures: list[Path]) -> Iterator[str]:
    yield f"<!doctype html><html lang=en><meta charset=utf-8><title>Pages</title><style>{STYLE}</style>"
    for state, group in groupby(pictures, key=_state):
        yield f"<h2 id={escape(state)}>{escape(state)}</h2><section>"
        for picture in group:
            name = escape(picture.name)
            yield f'<figure><figcaption>{escape(picture.stem[len(state) + 1 :])}</figcaption><a href="{name}">'
            yield f'<img loading=lazy alt="" src="{name}"></a></figure>'
        yield "</section>"


def _state(picture: Path) -> str:
    """Return what a picture shows: its name without theme, direction and width."""
    return picture.stem.rsplit("-", 3)[0]


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    tests = [sys.executable, "-m", "pytest", "--quiet", "--numprocesses", "2", TESTS]
    ended = subprocess.run(tests, cwd=ROOT, env=os.environ | {"PAGES": "1"}, check=False).returncode
    pictures = sorted(FOLDER.glob("*.png"), key=lambda picture: (_state(picture), picture.name))
    (FOLDER / "index.html").write_text("\n".join(_lines(pictures)), encoding="utf-8")
    print(f"{len(pictures)} pictures in {(FOLDER / 'index.html').relative_to(ROOT)}")
    sys.exit(ended)


if __name__ == "__main__":
    main()
