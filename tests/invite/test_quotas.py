"""How much is sent and created in a day (UTC)."""

from collections.abc import Callable

import pytest

from tests.counts import counted, today
from tests.world import Caller, Reply, Team, World


def send(team: Team, email: str, by: Caller | None = None) -> Reply:
    return (by or team.founder).post(team.path("invitations"), {"email": email, "roles": ["viewer"]})


def refused(reply: Reply, limit: str) -> float:
    """Hold a reply to be a refusal by a day's limit; return its Retry-After."""
    assert reply.refusal == (429, "too_many_requests")
    assert reply.body["limit"] == limit
    return float(reply.headers["retry-after"])


def test_one_address_is_sent_five_invitations_a_day_whoever_sends_them(team: Team, world: World) -> None:
    bea = team.join(world.person("Bea"), "admin")
    other = Team.found(world, team.founder)
    address = team.path("invitations", team.invite("eve@example.com", "viewer")["id"])
    for sender in (bea, team.founder, bea, bea):
        assert sender.post(f"{address}/resend").status == 200
    before = world.items()

    refused(team.founder.post(f"{address}/resend"), "invitations_per_address")
    refused(bea.post(f"{address}/resend"), "invitations_per_address")

    assert world.items() == before
    assert send(team, "fay@example.com").status == 201
    assert send(other, "eve@example.com").status == 201
    with world.later(days=1):
        assert team.founder.post(f"{address}/resend").body["sends"] == 6


def test_cancelled_declined_and_repeated_ones_count_too(team: Team, world: World) -> None:
    eve = world.person("Eve")
    for number in range(5):
        address = team.path("invitations", team.invite(eve.email, "viewer")["id"])
        ended = team.founder.delete(address) if number % 2 else eve.post(f"{address}/decline")
        assert ended.status == 204

    refused(send(team, eve.email), "invitations_per_address")
    with world.later(days=1):
        assert send(team, eve.email).status == 201


def test_the_days_count_begins_anew_after_the_seconds_of_retry_after_and_not_before(team: Team, world: World) -> None:
    address = team.path("invitations", team.invite("eve@example.com", "viewer")["id"])
    for _ in range(4):
        assert team.founder.post(f"{address}/resend").status == 200

    wait = refused(team.founder.post(f"{address}/resend"), "invitations_per_address")

    with world.later(seconds=wait - 60):
        again = refused(team.founder.post(f"{address}/resend"), "invitations_per_address")
        assert 1 <= again <= 61
    with world.later(seconds=wait):
        for _ in range(5):
            assert team.founder.post(f"{address}/resend").status == 200
        refused(team.founder.post(f"{address}/resend"), "invitations_per_address")


@pytest.mark.parametrize(
    ("pack", "plan", "maximum", "role"),
    [
        ("credentials", "free", 50, "viewer"),
        ("credentials", "professional", 500, "viewer"),
        ("credentials", "enterprise", 5000, "viewer"),
        ("teams", "standard", 200, "billing"),
        ("teams", "enterprise", 5000, "billing"),
        ("certificates", "basic", 50, "user"),
        ("certificates", "pro", 500, "user"),
        ("certificates", "enterprise", 5000, "user"),
    ],
)
def test_an_organization_sends_as_many_a_day_as_its_plan_says(
    pack: str, plan: str, maximum: int, role: str, deploy: Callable[[str], World]
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan(plan)
    today(team, {"sent": maximum - 3})

    address = team.path("invitations", team.invite("eve@example.com", role)["id"])
    assert team.founder.post(f"{address}/resend").status == 200
    assert team.founder.delete(address).status == 204
    team.invite("eve@example.com", role)

    refused(team.founder.post(f"{address}/resend"), "invitations_per_day")
    one_more = {"email": "fay@example.com", "roles": [role]}
    wait = refused(team.founder.post(team.path("invitations"), one_more), "invitations_per_day")
    with world.later(seconds=wait):
        assert team.founder.post(team.path("invitations"), one_more).status == 201


def test_the_first_invitation_of_a_day_counts(team: Team) -> None:
    team.invite("eve@example.com", "viewer")

    assert counted(team, "sent", "mailed") == (1, 1)


def test_another_plan_is_another_number_on_the_same_day(team: Team) -> None:
    today(team, {"sent": 50})

    refused(send(team, "eve@example.com"), "invitations_per_day")
    team.plan("professional")
    assert send(team, "eve@example.com").status == 201
    team.plan("free")
    refused(send(team, "fay@example.com"), "invitations_per_day")


def test_a_success_given_again_counts_once(team: Team) -> None:
    today(team, {"sent": 49})
    wanted = {"email": "eve@example.com", "roles": ["viewer"]}
    first = team.founder.post(team.path("invitations"), wanted, Idempotency_Key="once")

    again = team.founder.post(team.path("invitations"), wanted, Idempotency_Key="once")

    assert (first.status, again.status, again.body) == (201, 201, first.body)
    refused(send(team, "fay@example.com"), "invitations_per_day")


def test_one_person_creates_ten_organizations_a_day_deleted_ones_included(world: World) -> None:
    ada, bob = world.person("Ada"), world.person("Bob")
    teams = [Team.found(world, ada) for _ in range(10)]
    assert ada.delete(teams[0].path()).status == 204

    wait = refused(ada.post("/organizations", {"name": "Eleventh"}), "organizations_per_day")

    assert Team.found(world, bob).id
    with world.later(seconds=wait):
        assert Team.found(world, ada).id
