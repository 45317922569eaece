"""Pictures of states, for people to look at: `make pages` takes them all."""

import os
from pathlib import Path

from playwright.sync_api import Page

from local.template import TEMPLATE

FOLDER = TEMPLATE.parent / "build" / "pages"
WANTED = bool(os.environ.get("PAGES"))  # `make test` takes none


def sheet(page: Page, name: str) -> Path | None:
    """Keep a picture of a page as it is, at its whole height, if pictures are wanted."""
    if not WANTED:
        return None
    FOLDER.mkdir(parents=True, exist_ok=True)
    theme, direction, width = page.evaluate(
        """() => [
          matchMedia('(forced-colors: active)').matches ? 'forced'
            : matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
          getComputedStyle(document.documentElement).direction,
          innerWidth,
        ]"""
    )
    path = FOLDER / f"{name}-{theme}-{direction}-{width}.png"
    page.screenshot(path=path, full_page=True, animations="disabled", caret="hide")
    return path
