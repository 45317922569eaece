"""What was built says which release it is."""

from pathlib import Path

import pytest

from tools import release


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """What was built, in small."""
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "create.py").write_text("handler = print\n")
    (tmp_path / "template.yaml").write_text("Globals:\n  Function:\n    Description: unreleased # says which\n")
    return tmp_path


def test_a_release_is_told_in_the_code_and_in_the_template(build: Path) -> None:
    name = release.stamp(build)

    assert (build / "functions" / "release.txt").read_text() == f"{name}\n"
    assert f"    Description: release {name} # says which" in (build / "template.yaml").read_text()


def test_the_same_code_with_the_same_parameters_is_the_same_release(build: Path) -> None:
    name = release.stamp(build, "ProductName=Badges")

    assert release.stamp(build, "ProductName=Badges") == name
    assert release.stamp(build, "ProductName=Teams") != name
    assert release.stamp(build, "ProductName=Badges") == name

    (build / "functions" / "create.py").write_text("handler = repr\n")
    assert release.stamp(build, "ProductName=Badges") != name


def test_a_template_without_a_place_for_it_is_no_release(build: Path) -> None:
    (build / "template.yaml").write_text("Globals: {}\n")

    with pytest.raises(ValueError, match="no place for the release"):
        release.stamp(build)
