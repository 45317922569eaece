"""Finding a Chromium: the one that CHROMIUM names, one on the PATH or, on Debian as root, the one that apt installs."""

import os
import shutil
import subprocess
from functools import cache

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "There is no Chromium: install Debian's package `chromium`, or name yours with CHROMIUM=/path/to/chromium."


@cache
def chromium() -> str:
    """Return the program's path. Raises LookupError, with a sentence, if there is none and none can be installed."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in ("update", "install --yes --no-install-recommends chromium"):
            subprocess.run(["apt-get", "--quiet", *command.split()], check=False, capture_output=True)
        found = shutil.which("chromium")
    if found is None:
        raise LookupError(MISSING)
    return found
