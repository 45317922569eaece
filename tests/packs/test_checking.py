"""`make pack`: a pack of one's own is told in plain sentences what is wrong with it, or what it holds."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from roster.policy.pack import PACKS
from tools import pack

KINGDOM = Path(__file__).parents[1] / "policy" / "kingdom.toml"


def check(path: Path | str, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Check a file, and return what it ends with: None if the pack is right."""
    monkeypatch.setattr(sys, "argv", ["pack", str(path)])
    try:
        pack.main()
    except SystemExit as ended:
        return str(ended.code)
    return None


def test_a_pack_that_is_right_is_told_in_a_few_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(KINGDOM, monkeypatch) is None

    told = capsys.readouterr().out
    assert "The pack kingdom (Kingdoms) is right." in told
    assert "  noble: 5 permissions; invites peasant; removes peasant; assigns peasant" in told
    assert "  village: owners 1; members 100;" in told
    assert "deploy with Pack=kingdom" in told


@pytest.mark.parametrize("path", sorted(PACKS.glob("*.toml")), ids=lambda path: path.stem)
def test_those_that_come_with_roster_are_right(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(path, monkeypatch) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("members = 100", 'members = "many"', 'plans.village.members: write a whole number without quotes, or "unlimi'),
        ("transfer_only = false", 'transfer_only = "no"', "transfer_only: write true or false, without quotes."),
        ('invites = ["peasant"]', 'invites = "peasant"', "roles.noble.invites: write a list in brackets"),
        ('id = "heir"', 'id = "the heir"', "roles.the heir.id: write a-z, 0-9 and _ alone, first a letter."),
        ('upgrade_url = "https', 'upgrade_url = "http', 'upgrade_url: write an address that begins with "https://".'),
    ],
)
def test_each_fault_says_where_it_is_and_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, told: str
) -> None:
    text = KINGDOM.read_text()
    assert old in text
    (tmp_path / "mine.toml").write_text(text.replace(old, new, 1))

    said = check(tmp_path / "mine.toml", monkeypatch)

    assert said is not None
    assert f"mine.toml: {told}" in said
    assert "1 thing to put right" in said


@pytest.mark.parametrize("name", ["", "mine", "mine.json"])
def test_what_is_no_file_of_a_pack_is_told_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(name, monkeypatch) == "Name the file of a pack: make pack FILE=path/of/your_pack.toml"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be a user who may not read everything, as root may."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda _: None, "mine.toml cannot be read: there is no such file."),
        (Path.mkdir, "mine.toml cannot be read: it is a folder."),
        (
            lambda path: path.write_bytes(b'title = "\xe9"'),
            "mine.toml cannot be read: it is not UTF-8. Save it as UTF-8.",
        ),
        (lambda path: path.symlink_to(path), "mine.toml cannot be read: too many levels of symbolic links."),
    ],
    ids=["missing", "a folder", "not UTF-8", "anything else"],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object], told: str
) -> None:
    make(tmp_path / "mine.toml")

    assert check(tmp_path / "mine.toml", monkeypatch) == told


def test_a_file_that_is_not_yours_to_read_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").touch(mode=0)

    with as_nobody():
        told = check(tmp_path / "mine.toml", monkeypatch)

    assert told == "mine.toml cannot be read: you have no permission to read it."


def test_a_file_that_is_no_toml_is_told_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text("title\n")

    said = str(check(tmp_path / "mine.toml", monkeypatch))

    assert said.startswith("mine.toml cannot be read: ")
    assert "at line 1, column 6" in said
    assert "Errno" not in said
