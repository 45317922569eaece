"""The simulator answers here, and moto does not: it would be asked beside it."""

from collections.abc import Iterator

import pytest
from moto.core.models import botocore_stubber


@pytest.fixture(autouse=True)
def _no_moto() -> Iterator[None]:
    before, botocore_stubber.enabled = botocore_stubber.enabled, False
    yield
    botocore_stubber.enabled = before
