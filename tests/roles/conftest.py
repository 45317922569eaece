"""Fixtures of what is about roles."""

import pytest

from tests.world import Team


@pytest.fixture
def acme(team: Team) -> Team:
    """Acme, on a plan that has custom roles."""
    team.plan("enterprise")
    return team
