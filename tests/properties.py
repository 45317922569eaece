"""How Hypothesis tries properties: alike for everybody in the tests, and by a seed in `make fuzz` (tools/fuzz.py)."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.constants_ast import Constants

ALIKE = settings(
    derandomize=True,
    deadline=None,
    print_blob=False,  # what failed is shown in words, to be pasted as an @example
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
SHRINKING = 30  # seconds
READABLE = 200  # characters


def register() -> None:
    """Make the profiles `alike`, which holds from now on, and `fuzz`; leave nothing to what happens to be loaded."""
    settings.register_profile("alike", ALIKE)
    settings.register_profile("fuzz", ALIKE, derandomize=False, database=None)
    settings.load_profile("alike")
    patch = pytest.MonkeyPatch()
    # Hypothesis draws constants of the modules that are loaded: with one file of tests, they would be others.
    patch.setattr("hypothesis.internal.conjecture.providers._get_local_constants", _no_constants)
    patch.setattr("hypothesis.internal.conjecture.engine.MAX_SHRINKING_SECONDS", SHRINKING)


def _no_constants() -> Constants:
    return Constants()


def assert_readable(item: pytest.Item) -> None:
    """Hold what a property is given besides its words to be short: Hypothesis shows all of it with what failed."""
    if item.get_closest_marker("hypothesis") and isinstance(item, pytest.Function):
        for name, value in item.funcargs.items():
            assert len(repr(value)) <= READABLE, f"{item.name}: the repr of {name} would drown what failed"
