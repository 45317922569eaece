"""What the description says beside the code: words.toml."""

import tomllib
from pathlib import Path
from typing import Any

type Json = Any

ROOT = Path(__file__).parents[2]
WORDS: Json = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
