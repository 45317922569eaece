"""A pack that changes under living organizations: it is deployed anew, and organizations are migrated."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from roster.policy import pack
from roster.policy.pack import load
from tools import migrate

SHIPPED = pack.PACKS

type Edit = Callable[..., None]
type Migrate = Callable[..., int]


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edit]:
    """Deploy a pack anew, with some of its words replaced, all at once, and by another name if one is given."""

    def edited(name: str, *changes: tuple[str, str], named: str | None = None) -> None:
        text = (SHIPPED / f"{name}.toml").read_text()
        words = dict(changes)
        assert all(old in text for old in words)
        if words:
            text = re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)
        (Path(packs) / f"{named or name}.toml").write_text(text)
        monkeypatch.setattr(pack, "PACKS", Path(packs))
        monkeypatch.setenv("PACK", named or name)
        load.cache_clear()

    with TemporaryDirectory() as packs:
        yield edited
    load.cache_clear()


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> Migrate:
    """Run `make migrate` without asking, and return what it exits with; a sentence is an exit with 1."""

    def run(*arguments: str, pack: str, yes: bool = True) -> int:
        given = ["--table", "roster", "--pack", pack, *(["--yes"] if yes else []), *arguments]
        monkeypatch.setattr(sys, "argv", ["migrate", *given])
        with pytest.raises(SystemExit) as ended:
            migrate.main()
        if isinstance(ended.value.code, str):
            sys.stdout.write(ended.value.code)
            return 1
        return int(ended.value.code or 0)

    return run
