"""A restored copy is brought back into the table: what differs, nothing else, and without a mail."""

import sys
from contextlib import nullcontext
from typing import Any

import pytest

from tests.deployment import STACKS, TABLE, client
from tests.notify.mailer import Mailer
from tests.wire import Wire, drop
from tests.world import Team, World
from tools import restore
from tools.restore import Refused

COPY = "roster-restored"


def copied(world: World) -> list[dict[str, Any]]:
    """Let DynamoDB restore the table as it is now into another one; return what is in it."""
    client("dynamodb").restore_table_to_point_in_time(
        SourceTableName=TABLE, TargetTableName=COPY, UseLatestRestorableTime=True
    )
    return world.items()


def loaded(world: World) -> None:
    """Load a copy by hand."""
    properties = STACKS[world.pack].table
    names = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    dynamodb = client("dynamodb")
    dynamodb.create_table(TableName=COPY, **{name: properties[name] for name in names})
    for item in world.items():
        dynamodb.put_item(TableName=COPY, Item=item)


def harm(team: Team, *invited: str) -> None:
    """What a bad release may do to an organization, and what others do meanwhile."""
    client("dynamodb").delete_item(TableName=TABLE, Key={"pk": {"S": f"ORG#{team.id}"}, "sk": {"S": "ORG"}})
    for item in team.world.items():
        if item["pk"]["S"].startswith("LOG#"):
            client("dynamodb").delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
    Team.found(team.world, team.world.person("Grace"), "Second")


def test_the_table_is_what_the_copy_is(team: Team, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    team.invite("grace@example.com", "viewer")
    before = copied(world)
    harm(team)
    assert world.items() != before

    restore.restore(TABLE, COPY, dry_run=False)

    assert world.items() == before
    said = capsys.readouterr().out
    assert "put back: organization 1\n" in said
    assert "put back: event 2\n" in said
    assert "deleted: organization 1\n" in said


def test_what_is_equal_is_not_written(team: Team, world: World, wire: Wire) -> None:
    copied(world)
    wire.clear()

    assert restore.restore(TABLE, COPY, dry_run=False).total() == 0

    assert wire.counts["BatchWriteItem"] == 0


def test_repeated_it_does_nothing(team: Team, world: World) -> None:
    copied(world)
    harm(team)
    restore.restore(TABLE, COPY, dry_run=False)

    assert restore.restore(TABLE, COPY, dry_run=False).total() == 0


def test_a_dry_run_counts_and_changes_nothing(team: Team, world: World) -> None:
    copied(world)
    harm(team)
    harmed = world.items()

    assert restore.restore(TABLE, COPY, dry_run=True)["put back: organization"] == 1

    assert world.items() == harmed


def test_what_comes_back_is_not_mailed_about(team: Team, world: World, mailer: Mailer) -> None:
    team.invite("grace@example.com", "viewer")
    copied(world)
    harm(team)
    fed = len(mailer.records())  # what the stream's filter lets through

    assert restore.restore(TABLE, COPY, dry_run=False)["put back: event"] == 2

    assert fed == 1
    assert len(mailer.records()) == fed


def test_people_go_on_where_they_were(team: Team, world: World) -> None:
    invitation = team.invite("grace@example.com", "viewer")
    token = team.token(invitation["id"])
    copied(world)
    harm(team)

    restore.restore(TABLE, COPY, dry_run=False)

    assert team.organization()["member_count"] == 1
    assert world.call("POST", "/invitations/preview", body={"token": token}).status == 200


def test_an_empty_copy_or_the_table_itself_is_refused(team: Team, world: World) -> None:
    copied(world)
    with pytest.raises(Refused, match="are the same"):
        restore.restore(TABLE, TABLE, dry_run=False)
    for item in world.items():
        client("dynamodb").delete_item(TableName=COPY, Key={"pk": item["pk"], "sk": item["sk"]})

    with pytest.raises(Refused, match="is empty"):
        restore.restore(TABLE, COPY, dry_run=False)

    assert team.organization()["member_count"] == 1


def test_a_table_that_was_not_restored_from_it_is_refused_unless_that_is_said(team: Team, world: World) -> None:
    before = world.items()
    loaded(world)
    harm(team)
    harmed = world.items()

    with pytest.raises(Refused, match=f"{COPY} was not restored from {TABLE}"):
        restore.restore(TABLE, COPY, dry_run=False)
    assert world.items() == harmed

    restore.restore(TABLE, COPY, dry_run=False, elsewhere=True)
    assert world.items() == before


def test_a_table_of_something_else_is_refused_in_a_sentence(
    team: Team, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client("dynamodb").create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}})
    call = ["restore", "--table", TABLE, "--copy", "orders", "--from-elsewhere", "--yes"]
    monkeypatch.setattr(sys, "argv", call)

    with pytest.raises(SystemExit, match=r"orders is no table of Roster"):
        restore.main()


def test_it_shows_both_names_and_what_would_change_and_does_nothing_without_a_yes(
    team: Team, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = copied(world)
    harm(team)
    harmed = world.items()
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    monkeypatch.setattr(sys, "argv", ["restore", "--table", TABLE, "--copy", COPY])

    with pytest.raises(SystemExit, match="1"):
        restore.main()

    said = capsys.readouterr().out
    assert f"{TABLE} becomes what {COPY} is" in said
    assert "put back: organization 1\n" in said
    assert "There is nobody to ask" in said
    assert world.items() == harmed

    monkeypatch.setattr(sys, "argv", ["restore", "--table", TABLE, "--copy", COPY, "--yes"])
    restore.main()
    assert world.items() == before


@pytest.mark.parametrize(("typed", "restored"), [("y", True), ("", False)])
def test_a_person_is_asked(
    team: Team, world: World, monkeypatch: pytest.MonkeyPatch, *, typed: str, restored: bool
) -> None:
    before = copied(world)
    harm(team)
    monkeypatch.setattr(sys, "argv", ["restore", "--table", TABLE, "--copy", COPY])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: typed)

    with pytest.raises(SystemExit) if not restored else nullcontext():
        restore.main()

    assert (world.items() == before) is restored


def test_without_aws_it_ends_with_a_sentence(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["restore", "--copy", COPY])
    wire.before("DescribeStacks", drop)

    with pytest.raises(SystemExit, match="AWS did not do it: Read timeout"):
        restore.main()
