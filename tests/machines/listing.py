"""What the tests of all organizations share: a walk through them."""

from tests.routes import pages_of
from tests.world import Caller


def walk(reader: Caller, **query: object) -> list[str]:
    """The ids of all organizations, page by page."""
    return [str(one["id"]) for page in pages_of(reader, "/organizations", **query) for one in page]
