"""A release is taken back: aliases of a stack's functions, as moto keeps them, go to the versions of the one before."""

import sys
from collections.abc import Iterator

import pytest

from tests.deployment import bare_aws
from tests.releases import STACK, Stack, cloudformation
from tests.wire import Wire, drop
from tools import rollback
from tools.rollback import Refused, roll_back


@pytest.fixture
def stack() -> Iterator[Stack]:
    with bare_aws(), cloudformation("UPDATE_COMPLETE", "create", "read", "update") as events:
        yield Stack("create", "read", "update", events=events)


def test_every_function_goes_back_to_the_release_before(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.deploy("one")
    stack.deploy("two")

    assert roll_back(STACK, None, dry_run=False) == 3

    assert stack.served() == {"create": "1", "read": "1", "update": "1"}
    said = capsys.readouterr().out
    assert "deployed was two, and it goes to one" in said
    assert "create: 2 -> 1" in said


def test_repeated_it_goes_back_no_further(stack: Stack) -> None:
    for name in ("one", "two", "three"):
        stack.deploy(name)
    roll_back(STACK, None, dry_run=False)

    assert roll_back(STACK, None, dry_run=False) == 0

    assert stack.served() == {"create": "2", "read": "2", "update": "2"}


def test_what_was_interrupted_is_completed(stack: Stack) -> None:
    stack.deploy("one")
    stack.deploy("two")
    stack.aws.update_alias(FunctionName="create", Name="live", FunctionVersion="1")

    assert roll_back(STACK, None, dry_run=False) == 2

    assert set(stack.served().values()) == {"1"}


def test_a_release_may_be_named_and_the_deployed_one_comes_back_by_its_name(stack: Stack) -> None:
    for name in ("one", "two", "three"):
        stack.deploy(name)

    roll_back(STACK, "one", dry_run=False)
    assert set(stack.served().values()) == {"1"}

    roll_back(STACK, "three", dry_run=False)
    assert set(stack.served().values()) == {"3"}


def test_the_next_release_takes_the_aliases_on(stack: Stack) -> None:
    stack.deploy("one")
    stack.deploy("two")
    roll_back(STACK, None, dry_run=False)

    stack.deploy("three")

    assert set(stack.served().values()) == {"3"}


def test_a_part_of_the_requests_goes_back_too(stack: Stack) -> None:
    stack.deploy("one")
    stack.deploy("two", shifted=0.1)

    assert roll_back(STACK, None, dry_run=False) == 3

    alias = stack.aws.get_alias(FunctionName="create", Name="live")
    assert alias["FunctionVersion"] == "1"
    assert not alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")


def test_a_dry_run_moves_nothing(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.deploy("one")
    stack.deploy("two")

    roll_back(STACK, None, dry_run=True)

    assert set(stack.served().values()) == {"2"}
    assert "3 of 3 functions moved (dry run: none was)" in capsys.readouterr().out


def test_a_function_that_is_newer_than_the_release_stays(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.deploy("one", "create", "read")
    stack.deploy("two")

    assert roll_back(STACK, None, dry_run=False) == 2

    assert stack.served() == {"create": "1", "read": "1", "update": "1"}  # update's first version is of the second
    assert "update: stays at 1, as it is newer than that release" in capsys.readouterr().out


def test_a_function_that_came_later_stays_where_a_much_earlier_release_is_named(stack: Stack) -> None:
    stack.deploy("one", "create", "read")
    stack.deploy("two")
    stack.deploy("three")

    assert roll_back(STACK, "one", dry_run=False) == 2

    assert stack.served() == {"create": "1", "read": "1", "update": "2"}


def test_a_release_that_failed_is_passed_over(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.deploy("one")
    stack.fail("bad")
    stack.deploy("three")

    assert roll_back(STACK, None, dry_run=False) == 3

    assert set(stack.served().values()) == {"1"}
    said = capsys.readouterr().out
    assert "passed over: bad, made 2026-11-27 12:06 UTC: its deployment failed\n" in said
    assert "deployed was three, and it goes to one" in said


def test_a_release_that_failed_half_way_is_passed_over(stack: Stack) -> None:
    stack.deploy("one")
    stack.fail("bad", "create")
    stack.deploy("three")

    roll_back(STACK, None, dry_run=False)

    assert stack.served() == {"create": "1", "read": "1", "update": "1"}


def test_a_release_that_failed_after_the_deployed_one_is_not_in_the_way(stack: Stack) -> None:
    stack.deploy("one")
    stack.deploy("two")
    stack.fail("bad")

    roll_back(STACK, None, dry_run=False)

    assert set(stack.served().values()) == {"1"}


def test_it_asks_where_cloudformation_does_not_tell_how_a_deployment_ended(stack: Stack) -> None:
    for name in ("one", "two", "three"):
        stack.deploy(name)
    del stack.events[-5:]  # all of the first, and how the second began

    with pytest.raises(Refused) as refused:
        roll_back(STACK, None, dry_run=False)

    assert str(refused.value) == (
        "Which release served before three is not sure. Name it with --to. There are:"
        "\n  two, made 2026-11-27 12:06 UTC: whether it served is not known"
        "\n  one, made 2026-11-27 12:02 UTC: whether it served is not known"
    )
    assert set(stack.served().values()) == {"3"}


def test_it_asks_where_versions_were_made_outside_of_a_deployment(stack: Stack) -> None:
    stack.deploy("one")
    told = list(stack.events)
    stack.deploy("by hand")
    stack.events[:] = told
    stack.deploy("three")

    with pytest.raises(Refused, match=r"by hand, .*: whether it served is not known\n  one, .*: it served"):
        roll_back(STACK, None, dry_run=False)


def test_where_all_before_failed_it_chooses_none(stack: Stack) -> None:
    stack.deploy("bad", ends=("UPDATE_FAILED",))
    stack.deploy("two")

    with pytest.raises(Refused, match=r"bad, made .*: its deployment failed"):
        roll_back(STACK, None, dry_run=False)

    assert roll_back(STACK, "bad", dry_run=False) == 3


def test_before_the_first_release_there_is_nothing(stack: Stack) -> None:
    stack.deploy("one")

    with pytest.raises(Refused, match="There is no release before one"):
        roll_back(STACK, None, dry_run=False)


def test_where_a_version_is_lost_no_function_moves(stack: Stack) -> None:
    for name in ("one", "two", "three"):
        stack.deploy(name)
    stack.aws.delete_function(FunctionName="read", Qualifier="2")

    with pytest.raises(Refused, match="no version of the release two: read"):
        roll_back(STACK, None, dry_run=False)

    assert set(stack.served().values()) == {"3"}


def test_a_release_that_never_was_is_refused(stack: Stack) -> None:
    stack.deploy("one")

    with pytest.raises(Refused, match="No function has a version of the release zero"):
        roll_back(STACK, "zero", dry_run=False)


def test_while_the_stack_is_changed_it_says_how_to_cancel_that() -> None:
    with (
        bare_aws(),
        cloudformation("UPDATE_IN_PROGRESS", "create"),
        pytest.raises(Refused, match="cancel-update-stack --stack-name roster"),
    ):
        roll_back(STACK, None, dry_run=False)


def test_without_aws_it_ends_with_a_sentence(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["rollback"])
    wire.before("DescribeStacks", drop)

    with pytest.raises(SystemExit, match="AWS did not do it: Read timeout"):
        rollback.main()
