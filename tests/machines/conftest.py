"""Fixtures of what machines do."""

import pytest

from tests.world import Caller, World


@pytest.fixture
def machine(world: World) -> Caller:
    """A machine that moves an existing product in."""
    return world.machine("roster/provision")
