"""What a function imports at its start, and what it has made when it is ready: each costs every cold start."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FUNCTIONS = Path(__file__).parents[1] / "functions"
TELL = """
import gc, importlib, json, sys
read = []
sys.addaudithook(lambda event, given: read.append(str(given[0])) if event == "open" else None)
sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2])
from roster.table.connections import commits, reads
print(json.dumps({
    "packages": sorted({name.partition(".")[0] for name in sys.modules}),
    "clients": [connection._client is not None for connection in (reads, commits)],
    "described": sorted({path.split("/data/")[1].split(".json")[0] for path in read if "botocore/data/" in path}),
    "gc": [gc.isenabled(), gc.get_freeze_count() > 0],
}))
"""


def started(module: str, **variables: str) -> dict[str, Any]:
    """Import a function alone; return which packages and descriptions of AWS were read, and what stands ready."""
    command = [sys.executable, "-c", TELL, str(FUNCTIONS), module]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | variables).stdout
    found: dict[str, Any] = json.loads(told)
    return found


@pytest.mark.parametrize("module", ["organizations.read", "invite.accept", "cleanup.expire", "notify.send"])
def test_a_function_makes_its_clients_at_its_start_and_imports_no_boto3(module: str) -> None:
    found = started(module)

    assert found["clients"] == [True, True]
    assert "botocore" in found["packages"]
    assert not {"boto3", "s3transfer", "moto", "email_validator", "idna"} & set(found["packages"])


@pytest.mark.parametrize(
    ("module", "services"),
    [
        ("organizations.read", ["dynamodb"]),
        ("invite.accept", ["dynamodb", "kms"]),
        ("notify.send", ["dynamodb", "kms", "sesv2"]),
        ("notify.publish", ["events"]),
    ],
)
def test_a_start_reads_what_botocore_says_of_its_services_and_no_endpoints_of_all(
    module: str, services: list[str]
) -> None:
    described = started(module)["described"]

    assert sorted({path.split("/")[0] for path in described if "/" in path}) == services
    assert {path for path in described if "/" not in path} <= {"_retry", "partitions", "sdk-default-configuration"}


def test_a_start_in_lambda_looks_for_no_garbage_until_it_is_over() -> None:
    assert started("members.read", AWS_LAMBDA_RUNTIME_API="127.0.0.1:9001")["gc"] == [True, True]
    assert started("members.read")["gc"] == [True, False]


def test_variants_of_endpoints_are_looked_up_where_all_are_described() -> None:
    assert "endpoints" in started("members.read", AWS_USE_FIPS_ENDPOINT="true")["described"]


def test_only_the_mailer_imports_templates() -> None:
    assert "jinja2" in started("notify.send")["packages"]
    assert "jinja2" not in started("invite.accept")["packages"]
