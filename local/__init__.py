"""The local server: every route on the real handlers, with no account and no cloud. `python -m local --help`."""

from typing import Any

Json = Any  # what JSON can hold; older Pythons, too, must be able to read this file
