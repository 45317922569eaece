"""What each test reaches, kept in build/ from one run to the next: a test file is run again if it is another one."""

import hashlib
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build/mutants"
CODE = ("layers/shared/roster", "functions", "local", "tests")


class Ran(NamedTuple):
    """What a test takes, and the lines that it reaches, each with its file."""

    seconds: float
    reached: frozenset[tuple[str, int]]


class Reached:
    """What is known of the tests in each file, by what stands in that file and in all that is no test."""

    def __init__(self) -> None:
        code = (path for folder in CODE for path in sorted((ROOT / folder).rglob("*.*")))
        self.code = _hash(
            path for path in code if not path.name.startswith("test_") and path.suffix in {".py", ".toml"}
        )

    def read(self, file: Path) -> dict[str, Ran] | None:
        """Return what is kept of a file's tests, or None if it must be found."""
        kept = self._place(file)
        return pickle.loads(kept.read_bytes()) if kept.exists() else None  # noqa: S301 (it is ours)

    def keep(self, file: Path, ran: dict[str, Ran]) -> None:
        KEPT.mkdir(parents=True, exist_ok=True)
        self._place(file).write_bytes(pickle.dumps(ran))

    def _place(self, file: Path) -> Path:
        return KEPT / f"{file.stem}-{_hash([file])[:20]}-{self.code[:20]}"


def _hash(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()
