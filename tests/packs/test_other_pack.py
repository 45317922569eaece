"""Another pack over existing organizations: they are refused in words, and nothing of them changes."""

from datetime import timedelta

import pytest

from tests.deployment import PARAMETERS, client
from tests.notify.mailer import Mailer
from tests.packs.changing import Edit
from tests.rules.asking import accept, decline, preview
from tests.rules.products import USES, Product
from tests.wire import Wire
from tests.world import Reply, Team, World

LIFE = timedelta(days=8)


@pytest.fixture
def other(team: Team, product: Product, edit: Edit) -> Team:
    """A team over which a copy of its pack by another name is deployed, with an invitation under way."""
    team.plan("enterprise")
    team.invite("eve@example.com", product.least)
    edit(product.pack, named="guilds")
    return team


def assert_refused(reply: Reply, product: Product) -> None:
    assert reply.refusal == (503, "try_again")
    for words in (f"'{product.pack}'", "'guilds'", "make migrate", f"Pack={product.pack}"):
        assert words in reply.body["detail"]
    assert int(reply.headers["retry-after"]) >= 60


def test_every_route_refuses_its_members_and_changes_nothing(other: Team, world: World, product: Product) -> None:
    before = world.items()

    for use in USES:
        reply = world.call(use.method, other.path() + use.path, caller=other.founder, body=use.body)
        assert_refused(reply, product)
    for reply in (
        other.founder.get("/me/organizations"),
        other.founder.put("/me"),
        other.founder.put("/me/active-organization", {"organization_id": other.id}),
        other.founder.post(other.path("leave")),
    ):
        assert_refused(reply, product)
    assert world.items() == before


def test_machines_are_refused_and_change_nothing(other: Team, world: World, product: Product) -> None:
    before = world.items()
    founder = other.founder.id
    member = {"email": "zoe@example.com", "roles": [product.least]}

    for reply in (
        world.machine("roster/read").get("/organizations"),
        world.machine("roster/read").get(other.path()),
        world.machine("roster/billing").put(other.path("plan"), {"plan": product.plans[0]}),
        world.machine("roster/provision").put(other.path("members", "zoe"), member),
        world.machine("roster/provision").delete(other.path("members", founder)),
        world.machine("roster/activity").post(other.path("activity"), {"type": "badge.issued"}),
        world.machine("roster/users").delete(f"/users/{founder}"),
        world.machine("roster/move").post(f"/users/{founder}/move", {"to": "ada-2"}),
    ):
        assert_refused(reply, product)
    assert world.items() == before


def test_who_was_invited_is_told_so_and_a_stranger_that_there_is_nothing(
    team: Team, world: World, product: Product, edit: Edit
) -> None:
    team.plan("enterprise")
    eve, mallory = world.person("Eve"), world.person("Mallory")
    invitation = team.invite(eve.email, product.least)
    token = team.token(invitation["id"])
    edit(product.pack, named="guilds")
    before = world.items()

    for reply in (accept(team, eve, invitation), decline(team, eve, invitation), preview(team, token)):
        assert_refused(reply, product)
    assert_refused(eve.get("/me/invitations"), product)
    for reply in (mallory.get(team.path()), accept(team, mallory, invitation), decline(team, mallory, invitation)):
        assert reply.refusal == (404, "not_found")
    assert world.items() == before


def test_an_invitation_that_is_over_holds_up_no_list_and_tells_nobody_anything(
    team: Team, world: World, product: Product, edit: Edit
) -> None:
    team.plan("enterprise")
    eve = world.person("Eve")
    invitation = team.invite(eve.email, product.least)
    assert team.founder.delete(team.path("invitations", invitation["id"])).status == 204
    edit(product.pack, named="guilds")

    assert eve.get("/me/invitations").body["items"] == []
    claimed = world.person("Mallory", email=eve.email, email_verified=False)
    assert accept(team, claimed, invitation).refusal == (404, "not_found")


def test_the_sweep_leaves_it_and_fails_so_that_the_alarm_rings(
    other: Team, world: World, product: Product, edit: Edit
) -> None:
    before = world.items()

    with world.later(seconds=LIFE.total_seconds()):
        with pytest.raises(RuntimeError, match="1 could not be swept"):
            world.invoke("cleanup/expire", {"source": "aws.scheduler"})
        assert world.items() == before
        edit(product.pack)

        assert world.invoke("cleanup/expire", {"source": "aws.scheduler"})["expired"] == 1


def test_its_mails_come_again_until_they_are_sent(other: Team, world: World, product: Product, edit: Edit) -> None:
    client("sesv2").create_email_identity(EmailIdentity=PARAMETERS["MailFrom"])
    mailer = Mailer(world)
    event = {"Records": mailer.records()}
    assert world.invoke("notify/send", event)["batchItemFailures"]

    edit(product.pack)

    assert not world.invoke("notify/send", event)["batchItemFailures"]
    assert mailer.told_all().keys() == {"eve@example.com"}


def test_under_its_own_pack_again_all_is_as_it_was(other: Team, product: Product, edit: Edit) -> None:
    edit(product.pack)

    assert other.organization()["pack"] == product.pack


def test_what_is_deleted_is_mailed_and_purged_all_the_same(
    team: Team, world: World, product: Product, edit: Edit, wire: Wire
) -> None:
    assert team.founder.delete(team.path()).status == 204
    edit(product.pack, named="guilds")

    with world.later(hours=3):
        assert world.invoke("cleanup/expire", {"source": "aws.scheduler"})["purged"] > 0
