"""The mailer, and SES ready for it; the publisher, and its bus."""

import pytest

from tests.deployment import PARAMETERS, client
from tests.notify.mailer import Mailer
from tests.notify.publisher import Publisher
from tests.packs.changing import edit, migrated  # noqa: F401 (fixtures)
from tests.wire import Wire
from tests.world import Caller, Team, World


@pytest.fixture
def mailer(world: World, wire: Wire) -> Mailer:
    """The mailer, with an address that SES has verified."""
    client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
    wire.clear()
    return Mailer(world)


@pytest.fixture
def publisher(world: World, wire: Wire) -> Publisher:
    """The publisher, with a bus that keeps what it is given."""
    publisher = Publisher(world)
    wire.clear()
    return publisher


@pytest.fixture
def people(team: Team, mailer: Mailer) -> dict[str, Caller]:
    """Acme with two owners, an admin and a viewer."""
    team.plan("enterprise")
    people = {"Ada": team.founder} | team.staff("owner", "admin", "viewer")
    mailer.forget()
    return people
