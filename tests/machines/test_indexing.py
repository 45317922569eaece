"""Organizations of an earlier version get their place among all organizations: `make index`, once."""

import sys
from datetime import timedelta

import pytest

from roster.table.items import Organization
from roster.table.keys import ORGANIZATIONS
from tests.conftest import NOON
from tests.deployment import TABLE
from tests.machines.listing import walk
from tests.wire import Wire
from tests.world import Team, World
from tools import index_organizations


def create(world: World, seconds: int, *, indexed: bool) -> Team:
    """Create an organization some seconds after noon; not indexed, it is as an earlier version left it."""
    with world.at(NOON + timedelta(seconds=seconds)):
        team = Team.found(world, world.person("Ada"))
    if not indexed:
        item = Organization.get(*Organization.key(team.id))
        item.update([Organization.gsi2pk.remove(), Organization.gsi2sk.remove()])
    return team


def test_they_are_listed_where_their_creation_was_and_nothing_else_is_changed(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    teams = [create(world, number, indexed=number % 3 == 0) for number in range(8)]
    reader, before = world.machine("roster/read"), world.items()
    assert walk(reader, limit=2) == [team.id for team in teams[::3]]

    assert index_organizations.index(TABLE) == 5

    assert walk(reader, limit=2) == [team.id for team in teams]
    places = {"gsi2pk", "gsi2sk"}
    assert [item for item in before if item["kind"] != {"S": "organization"}] == [
        item for item in world.items() if item["kind"] != {"S": "organization"}
    ]
    assert [{name: item[name] for name in item.keys() - places} for item in before] == [
        {name: item[name] for name in item.keys() - places} for item in world.items()
    ]
    assert f"{len(before)} items read, 5 organizations done" in capsys.readouterr().out


def test_it_may_be_run_again_and_the_places_stay(world: World) -> None:
    create(world, 0, indexed=False)
    create(world, 1, indexed=True)
    index_organizations.index(TABLE)
    before = world.items()

    assert index_organizations.index(TABLE) == 0
    assert world.items() == before


def test_a_dry_run_counts_and_changes_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    create(world, 0, indexed=False)
    before = world.items()

    assert index_organizations.index(TABLE, dry_run=True) == 1
    assert world.items() == before
    assert "1 organizations to do" in capsys.readouterr().out


def test_a_deleted_one_stays_where_the_sweep_finds_it(world: World) -> None:
    team = create(world, 0, indexed=False)
    assert team.founder.delete(team.path()).status == 204
    before = world.items()

    assert index_organizations.index(TABLE) == 0
    assert world.items() == before


def test_one_that_is_deleted_meanwhile_is_left_alone_and_a_change_loses_no_race(world: World, wire: Wire) -> None:
    deleted, renamed = create(world, 0, indexed=False), create(world, 1, indexed=False)

    def meanwhile() -> None:
        assert deleted.founder.delete(deleted.path()).status == 204
        assert renamed.founder.patch(renamed.path(), {"name": "Acme Two"}).status == 200

    wire.before("UpdateItem", meanwhile)

    assert index_organizations.index(TABLE) == 1

    assert walk(world.machine("roster/read")) == [renamed.id]
    assert renamed.organization()["name"] == "Acme Two"
    assert str(Organization.get(*Organization.key(deleted.id)).gsi2pk).startswith("DUE#")
    assert Organization.get(*Organization.key(renamed.id)).gsi2pk in ORGANIZATIONS


def test_a_change_that_was_decided_before_is_committed_after(world: World, wire: Wire) -> None:
    team = create(world, 0, indexed=False)
    wire.clear()

    def meanwhile() -> None:
        assert index_organizations.index(TABLE) == 1

    wire.before("TransactWriteItems", meanwhile)
    assert team.founder.patch(team.path(), {"name": "Acme Two"}).status == 200

    assert wire.counts["TransactWriteItems"] == 1, "the stamp stays, so that nothing is decided again"
    assert walk(world.machine("roster/read")) == [team.id]


def test_it_says_what_it_does(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["index_organizations.py", "--help"])

    with pytest.raises(SystemExit) as ended:
        index_organizations.main()

    assert ended.value.code == 0
    assert "--table" in capsys.readouterr().out


def test_a_table_that_is_not_there_is_told_in_a_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["index_organizations.py", "--table", "nowhere"])

    with pytest.raises(SystemExit, match="AWS did not do it"):
        index_organizations.main()
