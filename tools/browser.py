"""A Chromium: the one that CHROMIUM names, one on the PATH, or one that Playwright or Debian's apt installs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "There is no Chromium: install Debian's package `chromium`, run `.venv/bin/playwright install chromium`, "
    "or name yours with CHROMIUM=/path/to/chromium."
)
# Where Playwright keeps its own, on Linux and on macOS, and what the program is called there.
CACHES = (Path(".cache") / "ms-playwright", Path("Library") / "Caches" / "ms-playwright")
PROGRAMS = ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*")


@cache
def chromium() -> str:
    """Return the program's path. Raises LookupError, with a sentence, if there is none and none can be installed."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = _on_the_path() or _playwrights()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in ("update", "install --yes --no-install-recommends chromium"):
            wait = ("-o", "DPkg::Lock::Timeout=600")  # another process may be installing it
            subprocess.run(["apt-get", "--quiet", *wait, *command.split()], check=False, capture_output=True)
        found = _on_the_path()
    if found is None:
        install = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(install, check=False, capture_output=True)
        found = _playwrights()
    if found is None:
        raise LookupError(MISSING)
    return found


@contextmanager
def launched(*flags: str) -> Iterator[Browser]:
    """A Chromium that Playwright drives. Raises LookupError, as `chromium` does."""
    unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []  # as root it starts no other way
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*flags, *unboxed])
        yield browser
        browser.close()


def _on_the_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _playwrights() -> str | None:
    """Return the newest that Playwright has installed."""
    told = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = [Path(told)] if told else [Path.home() / cache for cache in CACHES]
    kept = [build for folder in folders for build in folder.glob("chromium-*")]
    kept.sort(key=lambda build: int(build.name.partition("-")[2]), reverse=True)
    return next((str(found) for build in kept for program in PROGRAMS for found in build.glob(program)), None)
