"""Properties are tried alike for everybody, and `make fuzz` finds them all."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.properties import assert_readable
from tools.fuzz import STATISTICS, examples

TESTS = Path(__file__).parent
SAID = """
=========================== Hypothesis Statistics ============================
tests/invite/test_addresses.py::test_one:

  - during generate phase (0.20 seconds):
    - Typical runtimes: < 1ms, of which < 1ms in data generation
    - 100 passing, 0 failing, and 14 invalid test cases

tests/invite/test_addresses.py::test_other:

  - during generate phase (0.20 seconds):
    - 7 passing, 1 failing, and 0 invalid test cases

  - during shrink phase (0.20 seconds):
    - 2 passing, 9 failing, and 0 invalid test cases

"""


def test_nothing_is_left_to_chance_or_to_what_was_tried_before() -> None:
    assert settings.get_current_profile_name() == "alike"
    assert settings().derandomize
    assert settings().database is None
    assert settings().deadline is None


def test_every_state_machine_is_marked_as_a_property() -> None:
    texts = [path.read_text() for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    machines = [text for text in texts if "run_state_machine_as_test(" in text]

    assert machines
    for text in machines:
        assert text.count("run_state_machine_as_test(") == text.count("@pytest.mark.hypothesis\n")


def test_what_would_drown_a_failure_is_given_to_no_property(request: pytest.FixtureRequest) -> None:
    item = request.node
    item.add_marker("hypothesis")
    item.funcargs["crowd"] = "x" * 300

    with pytest.raises(AssertionError, match="the repr of crowd"):
        assert_readable(item)


@pytest.mark.parametrize("end", ["====== short test summary info ======\nFAILED x\n", "2 passed in 1.00s\n"])
def test_examples_are_counted_without_those_of_shrinking_and_the_statistics_are_left_out(end: str) -> None:
    assert examples(SAID + end) == 108
    assert STATISTICS.sub("", SAID + end).strip() == end.strip()
