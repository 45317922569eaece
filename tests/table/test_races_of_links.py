"""Races of copied links: what lands between a copy's read and its record, or between its use and the joining."""

from collections.abc import Callable

import pytest

from tests.roles.custom import made
from tests.table.moves import TRANSACTION, change_roles, leave, remove
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World

COPIED = "invitation.link_copied"


@pytest.fixture
def bea(team: Team, world: World) -> Caller:
    """An admin, who invites."""
    return team.join(world.person("Bea"), "admin")


@pytest.fixture
def path(team: Team, bea: Caller) -> str:
    """An open invitation that the admin sent."""
    return team.path("invitations", team.invite("eve@example.com", "viewer", by=bea)["id"])


def copied(reply: Reply) -> str:
    """The token of a copied link."""
    assert reply.status == 200, reply.text
    return str(reply.body["link"]).partition("#")[2]


def test_an_invitation_that_is_cancelled_while_its_link_is_copied_gives_none(team: Team, path: str, wire: Wire) -> None:
    def cancelled() -> None:
        assert team.founder.delete(path).status == 204

    wire.before(TRANSACTION, cancelled)
    refused = team.founder.post(f"{path}/link")

    assert (refused.refusal, refused.body["invitation_status"]) == ((409, "not_pending"), "canceled")
    assert COPIED not in team.event_types()


def test_a_link_that_is_copied_while_an_invitation_is_cancelled_is_dead(
    team: Team, path: str, world: World, wire: Wire
) -> None:
    tokens: list[str] = []
    wire.before(TRANSACTION, lambda: tokens.append(copied(team.founder.post(f"{path}/link"))))

    assert team.founder.delete(path).status == 204

    assert {*team.event_types()[-2:]} == {COPIED, "invitation.canceled"}
    assert world.person("Sam").post(f"{path}/accept", {"token": tokens[0]}).refusal == (409, "not_pending")


def test_a_link_that_is_copied_while_the_invitation_is_resent_is_the_new_one(
    team: Team, path: str, world: World, wire: Wire
) -> None:
    def resent() -> None:
        assert team.founder.post(f"{path}/resend").status == 200

    wire.before(TRANSACTION, resent)
    token = copied(team.founder.post(f"{path}/link"))

    assert team.event_types()[-2:] == ["invitation.resent", COPIED]
    assert world.person("Sam").post(f"{path}/accept", {"token": token}).status == 200


def test_a_link_that_is_used_while_the_invitation_is_resent_lets_nobody_in(
    team: Team, path: str, world: World, wire: Wire
) -> None:
    def resent() -> None:
        assert team.founder.post(f"{path}/resend").status == 200

    token = copied(team.founder.post(f"{path}/link"))
    wire.before(TRANSACTION, resent)

    assert world.person("Sam").post(f"{path}/accept", {"token": token}).refusal == (410, "link_replaced")


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [
        (lambda team, bea: change_roles(team.founder, bea, team, "viewer"), (403, "forbidden")),
        (remove, (404, "not_found")),
        (lambda team, bea: leave(bea, team), (404, "not_found")),
    ],
    ids=["demoted", "removed", "gone"],
)
def test_who_loses_the_right_while_they_copy_is_given_none(
    team: Team, bea: Caller, wire: Wire, meanwhile: Callable[[Team, Caller], None], refusal: tuple[int, str]
) -> None:
    link = team.path("invitations", team.invite("fay@example.com", "viewer")["id"], "link")
    wire.before(TRANSACTION, lambda: meanwhile(team, bea))

    assert bea.post(link).refusal == refusal
    assert COPIED not in team.event_types()


def test_an_invitation_that_becomes_void_while_its_link_is_copied_gives_none(
    team: Team, bea: Caller, path: str, wire: Wire
) -> None:
    wire.before(TRANSACTION, lambda: remove(team, bea))

    assert team.founder.post(f"{path}/link").body["invitation_status"] == "void"


def test_an_invitation_whose_role_goes_while_its_link_is_copied_gives_none(
    team: Team, world: World, wire: Wire
) -> None:
    team.plan("enterprise")
    role = made(team)
    link = team.path("invitations", team.invite("eve@example.com", role)["id"], "link")

    def role_goes() -> None:
        assert team.founder.delete(team.path("roles", role)).status == 204

    wire.before(TRANSACTION, role_goes)

    assert team.founder.post(link).body["invitation_status"] == "void"


def test_an_invitation_that_is_accepted_while_its_link_is_copied_gives_none(
    team: Team, path: str, world: World, wire: Wire
) -> None:
    def joins() -> None:
        assert world.person("Eve").post(f"{path}/accept").status == 200

    wire.before(TRANSACTION, joins)

    assert team.founder.post(f"{path}/link").body["invitation_status"] == "accepted"


def test_an_invitation_that_the_sweep_ends_while_its_link_is_copied_gives_none(
    team: Team, path: str, world: World, wire: Wire
) -> None:
    def swept() -> None:
        with world.later(days=8):
            assert world.invoke("cleanup/expire", {})["expired"] == 1

    wire.before(TRANSACTION, swept)

    assert team.founder.post(f"{path}/link").body["invitation_status"] == "expired"


def test_a_copied_link_serves_one_of_two_who_use_it_at_once(team: Team, path: str, world: World, wire: Wire) -> None:
    token = copied(team.founder.post(f"{path}/link"))

    def joins() -> None:
        assert world.person("Max").post(f"{path}/accept", {"token": token}).status == 200

    wire.before(TRANSACTION, joins)
    refused = world.person("Sam").post(f"{path}/accept", {"token": token})

    assert (refused.refusal, refused.body["invitation_status"]) == ((409, "not_pending"), "accepted")
    assert team.organization()["member_count"] == 3
