"""What a function imports at its start, and what it has made when it is ready: each costs every cold start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[1] / "functions"
TELL = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2])
from roster.table.connections import commits, reads
packages = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps([packages, [connection._client is not None for connection in (reads, commits)]]))
"""


def started(module: str) -> tuple[set[str], list[bool]]:
    """Import a function alone; return the packages that are loaded, and whether each connection has its client."""
    command = [sys.executable, "-c", TELL, str(FUNCTIONS), module]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    packages, made = json.loads(told)
    return set(packages), made


@pytest.mark.parametrize("module", ["organizations.read", "invite.accept", "cleanup.expire", "notify.send"])
def test_a_function_makes_its_clients_at_its_start_and_imports_no_boto3(module: str) -> None:
    packages, made = started(module)

    assert made == [True, True]
    assert "botocore" in packages
    assert not {"boto3", "s3transfer", "moto"} & packages


def test_only_the_mailer_imports_templates() -> None:
    assert "jinja2" in started("notify.send")[0]
    assert "jinja2" not in started("invite.accept")[0]
