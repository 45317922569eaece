"""The locks: hashed, of one mind, and silent about where packages come from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEVELOPMENT = ROOT / "requirements-dev.txt"
LAYER = ROOT / "layers/shared/requirements.txt"


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", [DEVELOPMENT, LAYER], ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock: Path) -> None:
    assert not re.search(r"://|^\s*-(?!-hash=)", lock.read_text(), re.MULTILINE)


@pytest.mark.parametrize("lock", [DEVELOPMENT, LAYER], ids=lambda lock: lock.name)
def test_every_package_of_a_lock_has_hashes(lock: Path) -> None:
    for entry in re.split(r"\n(?=\S)", lock.read_text().strip()):
        assert "--hash=sha256:" in entry


def test_what_is_deployed_is_what_is_tested() -> None:
    assert pins(LAYER).items() <= pins(DEVELOPMENT).items()


def test_what_the_layer_asks_for_is_locked() -> None:
    asked = dict(
        re.findall(r"^([\w-]+)(?:\[\w+\])?==(\S+)", (LAYER.parent / "requirements.in").read_text(), re.MULTILINE)
    )

    assert asked.keys() >= {"aws-lambda-powertools", "pydantic", "pynamodb"}
    assert asked.items() <= pins(DEVELOPMENT).items()
    assert asked.keys() - pins(LAYER).keys() == {"boto3"}  # Lambda's runtime has it
