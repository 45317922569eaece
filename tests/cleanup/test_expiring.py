"""The sweep: pending invitations past their time become expired, each once, and nothing else is touched."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest

from roster import clock
from roster.table.base import Item
from roster.table.items import Event, Invitation
from roster.table.keys import due_index
from tests.notify.mailer import stored
from tests.wire import Wire, drop, refuse
from tests.world import Team, World

LIFE = timedelta(days=7)
ADDRESS = "grace@example.com"


def sweep(world: World) -> dict[str, int]:
    """Run the sweep once."""
    return cast("dict[str, int]", world.invoke("cleanup/expire", {"source": "aws.scheduler"}))


def crowd(team: Team, number: int) -> list[Invitation]:
    """Put invitations into the table that fall due in a second, and in the seconds before it."""
    model = stored(team, team.invite("model@example.com", "viewer"))
    found = []
    for place in range(number):
        one = Invitation(**model.attribute_values)
        one.pk, one.sk = Invitation.key(team.id, f"crowd-{place:03}")
        one.gsi2pk, one.gsi2sk = due_index(team.id, one.id, model.expires_at - timedelta(seconds=place)).values()
        one.save()
        found.append(one)
    return found


def test_an_invitation_expires_at_its_instant_with_one_event_of_the_systems(team: Team, world: World) -> None:
    invitation = team.invite(ADDRESS, "viewer")
    path = team.path("invitations", invitation["id"])
    etag = team.founder.get(path).headers["etag"]
    expires_at = stored(team, invitation).expires_at

    with world.at(expires_at - timedelta(seconds=1)):
        assert sweep(world) == {"expired": 0, "purged": 0}
    with world.at(expires_at):
        assert sweep(world) == {"expired": 1, "purged": 0}
        assert sweep(world) == {"expired": 0, "purged": 0}

        *_, event = world.events(team.id)
        assert (event.type, event.actor_type, event.actor_id) == ("invitation.expired", "system", None)
        assert (event.target_type, event.target_id) == ("invitation", invitation["id"])
        assert team.event_types() == ["organization.created", "invitation.sent", "invitation.expired"]
        assert event.ttl == int((event.at + timedelta(days=90)).timestamp())
        swept = stored(team, invitation)
        assert (swept.status, swept.gsi2pk, swept.gsi2sk) == ("expired", None, None)
        assert team.founder.get(path).headers["etag"] == etag
        assert team.founder.get(path).body["status"] == "expired"


def test_a_swept_invitation_can_be_sent_again_and_expires_again(team: Team, world: World) -> None:
    invitation = team.invite(ADDRESS, "viewer")
    with world.later(days=8):
        sweep(world)
        again = team.founder.post(team.path("invitations", invitation["id"], "resend"))
        assert again.body["status"] == "pending"
        assert sweep(world)["expired"] == 0
    with world.later(days=16):
        assert sweep(world)["expired"] == 1

    assert team.event_types().count("invitation.expired") == 2


def test_sixty_that_are_due_in_three_organizations_expire_each_once(world: World, wire: Wire) -> None:
    teams = [Team.found(world, world.person(name)) for name in ("Ada", "Bob", "Cyd")]
    for team in teams:
        crowd(team, 19)  # and the one that it is modelled on
    wire.clear()

    with world.later(days=8):
        assert sweep(world) == {"expired": 60, "purged": 0}
        assert wire.counts == {"Query": 4, "BatchGetItem": 2, "TransactWriteItems": 60}
        assert set(wire.items_written()) == {2}
        assert sweep(world) == {"expired": 0, "purged": 0}

    for team in teams:
        assert team.event_types().count("invitation.expired") == 20
    assert not [item for item in world.items() if str(item.get("gsi2pk", {}).get("S", "")).startswith("DUE#")]


def resend(team: Team, invitation: dict[str, Any]) -> None:
    assert team.founder.post(team.path("invitations", invitation["id"], "resend")).status == 200


def cancel(team: Team, invitation: dict[str, Any]) -> None:
    assert team.founder.delete(team.path("invitations", invitation["id"])).status == 204


def decline(team: Team, invitation: dict[str, Any]) -> None:
    with team.world.at(stored(team, invitation).sent_at):  # by a server whose clock is behind
        grace = team.world.person("Grace")
        assert grace.post(team.path("invitations", invitation["id"], "decline")).status == 204


def accept(team: Team, invitation: dict[str, Any]) -> None:
    with team.world.at(stored(team, invitation).sent_at):
        grace = team.world.person("Grace")
        assert grace.post(team.path("invitations", invitation["id"], "accept")).status == 200


@pytest.mark.parametrize("call", ["BatchGetItem", "TransactWriteItems"])
@pytest.mark.parametrize("act", [resend, cancel, decline, accept])
def test_what_happens_to_an_invitation_before_it_is_swept_is_left_alone(
    team: Team, world: World, wire: Wire, act: Callable[[Team, dict[str, Any]], None], call: str
) -> None:
    invitation = team.invite(ADDRESS, "viewer")
    after: list[Any] = []

    def meanwhile() -> None:
        act(team, invitation)
        after.extend(world.items())

    with world.later(days=8):
        wire.before(call, meanwhile)

        assert sweep(world) == {"expired": 0, "purged": 0}

        assert world.items() == after
        assert "invitation.expired" not in team.event_types()


@pytest.mark.parametrize(
    ("verb", "answer"), [("accept", (410, "invitation_expired")), ("decline", (410, "invitation_expired"))]
)
def test_who_answers_while_it_is_swept_is_too_late(
    team: Team, world: World, wire: Wire, verb: str, answer: tuple[int, str]
) -> None:
    grace = world.person("Grace")
    invitation = team.invite(grace.email, "viewer")
    expires_at = stored(team, invitation).expires_at

    def expire_first() -> None:
        clock.offset += timedelta(seconds=5)
        assert sweep(world)["expired"] == 1

    with world.at(expires_at - timedelta(seconds=2)):
        wire.before("TransactWriteItems", expire_first)
        assert grace.post(team.path("invitations", invitation["id"], verb)).refusal == answer

    assert team.event_types()[-1] == "invitation.expired"


def test_canceling_what_is_swept_meanwhile_cancels_it(team: Team, world: World, wire: Wire) -> None:
    invitation = team.invite(ADDRESS, "viewer")
    with world.later(days=8):
        wire.before("TransactWriteItems", lambda: sweep(world).clear())
        cancel(team, invitation)

    assert team.event_types()[-2:] == ["invitation.expired", "invitation.canceled"]
    assert stored(team, invitation).status == "canceled"


def test_two_sweeps_at_once_expire_it_once(team: Team, world: World, wire: Wire) -> None:
    team.invite(ADDRESS, "viewer")
    with world.later(days=8):
        wire.before("TransactWriteItems", lambda: sweep(world).clear())

        assert sweep(world) == {"expired": 0, "purged": 0}

    assert team.event_types().count("invitation.expired") == 1


def test_a_clock_that_goes_back_expires_nothing_early(team: Team, world: World, wire: Wire) -> None:
    invitation = team.invite(ADDRESS, "viewer")
    expires_at = stored(team, invitation).expires_at

    def back() -> None:
        clock.offset -= timedelta(seconds=30)

    with world.at(expires_at + timedelta(seconds=10)):
        wire.before("BatchGetItem", back)
        assert sweep(world) == {"expired": 0, "purged": 0}

    assert stored(team, invitation).status == "pending"


def test_an_index_that_lags_decides_nothing(team: Team, world: World) -> None:
    invitation = team.invite(ADDRESS, "viewer")
    cancel(team, invitation)
    late = stored(team, invitation)
    index = due_index(team.id, late.id, late.expires_at)
    late.update([Item.gsi2pk.set(index["gsi2pk"]), Item.gsi2sk.set(index["gsi2sk"])])

    with world.later(days=8):
        assert sweep(world) == {"expired": 0, "purged": 0}

    assert stored(team, invitation).status == "canceled"


def test_what_cannot_be_expired_holds_up_nothing_and_rings(team: Team, world: World, wire: Wire) -> None:
    crowd(team, 4)
    wire.before("TransactWriteItems", refuse("ValidationException"))

    with world.later(days=8):
        with pytest.raises(RuntimeError, match="1 could not be swept"):
            sweep(world)
        assert team.event_types().count("invitation.expired") == 4
        assert sweep(world) == {"expired": 1, "purged": 0}


def test_a_lost_reply_is_no_second_event(team: Team, world: World, wire: Wire) -> None:
    team.invite(ADDRESS, "viewer")
    wire.after("TransactWriteItems", drop)

    with world.later(days=8):
        assert sweep(world) == {"expired": 1, "purged": 0}

    assert team.event_types().count("invitation.expired") == 1


def test_every_plan_keeps_the_event_as_long_as_it_says(team: Team, world: World) -> None:
    team.plan("enterprise")
    team.invite(ADDRESS, "viewer")

    with world.later(days=8):
        sweep(world)

    *_, event = world.events(team.id)
    assert isinstance(event, Event)
    assert event.ttl is None


def test_how_many_and_how_late_is_counted(team: Team, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    invitation = team.invite(ADDRESS, "viewer")
    with world.at(stored(team, invitation).expires_at + timedelta(seconds=90)):
        capsys.readouterr()
        sweep(world)

    said = capsys.readouterr().out
    assert '"Expired":[1.0]' in said
    assert '"Purged":[0.0]' in said
    assert '"Lag":[9' in said
    assert ADDRESS not in said
