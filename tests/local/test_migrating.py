"""`make migrate` as operators run it: a process of its own, against the engine, with many organizations."""

import os
import re
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
ROLES = ("owner", "admin")
PROGRESS = f"100 of {MANY} organizations seen\n"


@pytest.fixture
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
    for role in ROLES:
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


def stock(dynamodb: Any) -> None:
    """Put many organizations into the table."""
    items = (item for number in range(MANY) for item in organization(number))
    for some in batched(items, 25, strict=False):
        puts = [{"PutRequest": {"Item": item.to_dynamodb_dict()}} for item in some]
        dynamodb.batch_write_item(RequestItems={TABLE: puts})


def write_pack(place: Path, name: str, words: dict[str, str]) -> None:
    """Write a changed pack: these words take the place of those, all at once."""
    text = (pack.PACKS / "credentials.toml").read_text()
    if words:
        text = re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)
    (place / f"{name}.toml").write_text(text)


def command(packs: Path, *options: str, before: str = "") -> list[str]:
    """The tool as a process, but with these packs in the place of those that come with Roster."""
    program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # whoever runs the tests
    program += f"from pathlib import Path; from roster.policy import pack; pack.PACKS = Path({str(packs)!r}); "
    program += f"{before}from tools import migrate; migrate.main()"
    return [sys.executable, "-c", program, "--table", TABLE, "--yes", *options]


def ended(command: list[str], environment: dict[str, str], by: signal.Signals) -> tuple[int, str]:
    """End a run by a signal once 100 organizations are changed; return its exit code and what it said then."""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert any(line == PROGRESS for line in run.stdout)
        run.send_signal(by)
        said = run.stdout.read()
    return run.returncode, said


def test_many_are_interrupted_and_go_on(engine: Engine, tmp_path: Path) -> None:
    dynamodb: Any = boto3.client("dynamodb", endpoint_url=engine.table_address, region_name=REGION)
    stock(dynamodb)
    words = {'"admin"': '"manager"', '"professional"': '"business"', "owners = 2": "owners = 3"}
    write_pack(tmp_path, "credentials", words)
    environment = os.environ | CREDENTIALS | {"AWS_ENDPOINT_URL_DYNAMODB": engine.table_address}
    renaming = ("--role", "admin=manager", "--plan", "professional=business")
    run = command(tmp_path, "--pack", "credentials", *renaming)

    code, said = ended(run, environment, signal.SIGINT)
    assert code == 130
    assert "run it again" in said
    assert 100 <= stored(dynamodb, "type", "organization.migrated") < MANY

    again = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert f"business: owners 2 -> 3{' ':23}" in again.stdout
    assert again.stdout.endswith("Nothing is left to migrate.\n")
    assert stored(dynamodb, "type", "organization.migrated") == MANY
    assert stored(dynamodb, "plan", "business") == stored(dynamodb, "roles", "manager") == MANY
    assert stored(dynamodb, "roles", "admin") == 0


def test_many_that_swap_names_are_killed_between_transactions_and_go_on(engine: Engine, tmp_path: Path) -> None:
    dynamodb: Any = boto3.client("dynamodb", endpoint_url=engine.table_address, region_name=REGION)
    stock(dynamodb)
    write_pack(tmp_path, "credentials", {})
    write_pack(tmp_path, "guilds", {'"admin"': '"owner"', '"owner"': '"admin"'})
    environment = os.environ | CREDENTIALS | {"AWS_ENDPOINT_URL_DYNAMODB": engine.table_address, "TABLE_NAME": TABLE}
    renaming = ("--role", "owner=admin", "--role", "admin=owner")
    one_by_one = "from tools import migration; migration.TOGETHER = 1; "
    run = command(tmp_path, "--pack", "guilds", "--from-pack", "credentials", *renaming, before=one_by_one)

    code, _ = ended(run, environment, signal.SIGKILL)
    assert code == -signal.SIGKILL

    again = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.endswith("Nothing is left to migrate.\n")
    assert stored(dynamodb, "pack", "guilds") == MANY
    pages = dynamodb.get_paginator("scan").paginate(TableName=TABLE)
    members = [item for page in pages for item in page["Items"] if item["sk"]["S"].startswith(Member.PREFIX)]
    held = {(item["sk"]["S"].rpartition("-")[2], *item["roles"]["SS"], "gsi2pk" in item) for item in members}
    assert held == {("owner", "admin", True), ("admin", "owner", False)}
