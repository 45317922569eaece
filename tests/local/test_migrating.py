"""`make migrate` as operators run it: a process of its own, against the engine, with many organizations."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.engine import CREDENTIALS, Engine
from local.template import REGION
from roster.policy import pack
from roster.table.base import Item
from roster.table.items import Member, Organization
from roster.table.keys import created_index, owner_index
from tests.conftest import NOON
from tests.deployment import STACKS, TABLE

ROOT = Path(__file__).parents[2]
MANY = 150
PROGRESS = f"100 of {MANY} organizations seen\n"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine with an empty table."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        engine = Engine(TABLE)
        engine.prepare(STACKS["credentials"])
        yield engine
        engine.close()


def organization(number: int) -> Iterator[Item]:
    """An organization on `professional`, with an owner and an admin."""
    organization_id, stamp = f"o{number:05}", f"{number:026}"
    place: dict[str, Any] = created_index(organization_id, stamp)
    yield Organization(
        *Organization.key(organization_id),
        name=organization_id,
        pack="credentials",
        plan="professional",
        owners=1,
        members=2,
        max_owners=2,
        created_at=NOON,
        stamp=stamp,
        **place,
    )
    for role in ("owner", "admin"):
        user_id = f"{organization_id}-{role}"
        index: dict[str, Any] = owner_index(organization_id, user_id, owns=role == "owner")
        yield Member(
            *Member.key(organization_id, user_id),
            roles={role},
            joined=stamp,
            joined_at=NOON - timedelta(days=1),
            stamp=stamp,
            gsi1pk=f"USER#{user_id}",
            gsi1sk=f"JOINED#{stamp}",
            **index,
        )


def stored(dynamodb: Any, attribute: str, value: str) -> int:
    """How many items have this value."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=TABLE)
    return sum(value in str(item.get(attribute)) for page in pages for item in page["Items"])


def test_many_are_interrupted_and_go_on(engine: Engine, tmp_path: Path) -> None:
    dynamodb: Any = boto3.client("dynamodb", endpoint_url=engine.table_address, region_name=REGION)
    items = (item for number in range(MANY) for item in organization(number))
    for some in batched(items, 25, strict=False):
        puts = [{"PutRequest": {"Item": item.to_dynamodb_dict()}} for item in some]
        dynamodb.batch_write_item(RequestItems={TABLE: puts})
    text = (pack.PACKS / "credentials.toml").read_text()
    for old, new in (('"admin"', '"manager"'), ('"professional"', '"business"'), ("owners = 2", "owners = 3")):
        text = text.replace(old, new)
    (tmp_path / "credentials.toml").write_text(text)

    environment = os.environ | CREDENTIALS | {"AWS_ENDPOINT_URL_DYNAMODB": engine.table_address}
    # The tool, but with this pack in the place of the one that comes with Roster.
    program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # whoever runs the tests
    program += f"from pathlib import Path; from roster.policy import pack; pack.PACKS = Path({str(tmp_path)!r}); "
    program += "from tools import migrate; migrate.main()"
    options = ("--table", TABLE, "--pack", "credentials", "--yes")
    renaming = ("--role", "admin=manager", "--plan", "professional=business")
    command = [sys.executable, "-c", program, *options, *renaming]

    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert any(line == PROGRESS for line in first.stdout)
        first.send_signal(signal.SIGINT)
        said = first.stdout.read()
    assert first.returncode == 130
    assert "run it again" in said
    assert 100 <= stored(dynamodb, "type", "organization.migrated") < MANY

    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert f"business: owners 2 -> 3{' ':23}" in again.stdout
    assert stored(dynamodb, "type", "organization.migrated") == MANY
    assert stored(dynamodb, "plan", "business") == stored(dynamodb, "roles", "manager") == MANY
    assert stored(dynamodb, "roles", "admin") == 0
