"""Packs that change under living organizations: each product in turn."""

from tests.packs.changing import edit, migrated  # noqa: F401 (fixtures)
from tests.rules.conftest import acme, product, world  # noqa: F401 (fixtures)
