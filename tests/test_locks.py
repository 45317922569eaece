"""The locks: hashed, of one mind, and silent about where packages come from."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEVELOPMENT = ROOT / "requirements-dev.txt"
CHECKOV = ROOT / "requirements-checkov.txt"
LAYER = ROOT / "layers/shared/requirements.txt"
WEB = ROOT / "web"
WORKSPACES = ("client", "elements", "demo", *(f"examples/{name}" for name in ("react", "svelte", "vue")))
KINDS = ("dependencies", "devDependencies")


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", [DEVELOPMENT, CHECKOV, LAYER], ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock: Path) -> None:
    assert not re.search(r"://|^\s*-(?!-hash=)", lock.read_text(), re.MULTILINE)


@pytest.mark.parametrize("lock", [DEVELOPMENT, CHECKOV, LAYER], ids=lambda lock: lock.name)
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


def test_the_lock_of_npm_is_hashed_and_names_no_registry() -> None:
    packages = json.loads((WEB / "package-lock.json").read_text())["packages"]
    foreign = {path: package for path, package in packages.items() if path.startswith("node_modules/")}
    own = {path: package["resolved"] for path, package in foreign.items() if package.get("link")}

    assert sorted(own.values()) == sorted(WORKSPACES)
    for path in foreign.keys() - own.keys():
        assert foreign[path]["integrity"].startswith("sha512-"), path
        assert "resolved" not in foreign[path], path


def test_what_is_asked_of_npm_is_exact() -> None:
    asked = [
        json.loads((WEB / path).read_text())
        for path in ("package.json", *(f"{each}/package.json" for each in WORKSPACES))
    ]

    versions = [version for each in asked for kind in KINDS for version in each.get(kind, {}).values()]

    assert versions
    for version in versions:
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
