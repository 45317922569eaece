"""A sweep with more to do than it has time for: each thing gets its share, and it is told that some is left."""

from types import SimpleNamespace
from typing import cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.cleanup.test_expiring import crowd, sweep
from tests.cleanup.test_purging import deleted, due, held
from tests.wire import Wire
from tests.world import CONTEXT, Team, World

TIME = 300_000  # ms, as the template has it


def slowly(world: World, wire: Wire, write: int) -> dict[str, int]:
    """Run the sweep once, each write of which takes so many milliseconds."""
    wire.clear()

    def remaining() -> int:
        return TIME - write * (wire.counts["TransactWriteItems"] + wire.counts["BatchWriteItem"])

    context = SimpleNamespace(**vars(CONTEXT) | {"get_remaining_time_in_millis": remaining})
    return cast("dict[str, int]", world.invoke("cleanup/expire", {}, cast("LambdaContext", context)))


def test_a_run_ends_before_its_time_and_the_next_goes_on(team: Team, world: World, wire: Wire) -> None:
    crowd(team, 5)

    with world.later(days=8):
        assert slowly(world, wire, 100_000) == {"expired": 3, "purged": 0}
        assert sweep(world) == {"expired": 3, "purged": 0}


def test_expiring_that_takes_all_of_every_run_leaves_purging_its_half(team: Team, world: World, wire: Wire) -> None:
    gone = deleted(world, "Bob")
    crowd(team, 29)

    with world.later(days=8):
        assert slowly(world, wire, 15_000) == {"expired": 17, "purged": 5}

        assert held(world, gone) == ["ORG"]
        assert len(due(world)) == 13


def test_purging_that_takes_all_of_every_run_leaves_expiring_its_half(team: Team, world: World, wire: Wire) -> None:
    gone = Team.found(world, world.person("Bob"))
    crowd(gone, 60)
    gone.founder.delete(gone.path())
    crowd(team, 2)

    with world.later(days=8):
        assert slowly(world, wire, 100_000) == {"expired": 2, "purged": 25 + 25 + 13}


@pytest.mark.parametrize(("write", "unfinished"), [(100, 0), (30_000, 1), (100_000, 1)])
def test_what_is_left_over_is_told(
    team: Team, world: World, wire: Wire, capsys: pytest.CaptureFixture[str], write: int, unfinished: int
) -> None:
    deleted(world, "Bob")
    crowd(team, 11)
    capsys.readouterr()

    with world.later(days=8):
        slowly(world, wire, write)

    assert f'"SweepsUnfinished":[{unfinished}.0]' in capsys.readouterr().out


def test_a_purge_that_is_broken_off_is_left_over_too(
    world: World, wire: Wire, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = Team.found(world, world.person("Bob"))
    crowd(gone, 120)
    gone.founder.delete(gone.path())

    with world.later(days=8):
        slowly(world, wire, 100_000)
        assert '"SweepsUnfinished":[1.0]' in capsys.readouterr().out
        slowly(world, wire, 100)
        assert '"SweepsUnfinished":[0.0]' in capsys.readouterr().out

    assert held(world, gone) == ["ORG"]
