"""A deployment of each pack in turn, an organization with room for everybody, and the mailer."""

from collections.abc import Callable

import pytest

from tests.deployment import PARAMETERS, client
from tests.notify.mailer import Mailer
from tests.packs.changing import edit, migrated  # noqa: F401 (fixtures)
from tests.rules.products import PRODUCTS, Product
from tests.wire import Wire
from tests.world import Caller, Team, World


@pytest.fixture(params=PRODUCTS, ids=str)
def product(request: pytest.FixtureRequest) -> Product:
    """Each product in turn, unless a rule is of some of them."""
    found: Product = request.param
    return found


@pytest.fixture
def world(deploy: Callable[[str], World], product: Product) -> World:
    """A deployment of each pack in turn."""
    return deploy(product.pack)


@pytest.fixture
def acme(team: Team) -> Team:
    """Acme on enterprise, where there is room."""
    team.plan("enterprise")
    return team


@pytest.fixture
def people(acme: Team, product: Product) -> dict[str, Caller]:
    """Somebody in Acme of each role that one is invited to, none of them the founder."""
    return acme.staff(*product.invited)


@pytest.fixture
def mailer(world: World, wire: Wire) -> Mailer:
    """The mailer, with an address that SES has verified."""
    client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
    wire.clear()
    return Mailer(world)
