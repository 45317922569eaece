"""How much one person sends in a day (UTC), over all their organizations."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from roster import clock
from roster.table.items import User
from tests.counts import counted, today
from tests.notify.ses import ses_event
from tests.notify.test_feedback import tags, tell
from tests.wire import Wire
from tests.world import Caller, Reply, Team, World

ON_FREE = "sent on free"


@pytest.fixture
def other(team: Team) -> Team:
    """Another organization of Ada's."""
    return Team.found(team.world, team.founder, "Other")


def send(team: Team, email: str = "eve@example.com", by: Caller | None = None) -> Reply:
    return (by or team.founder).post(team.path("invitations"), {"email": email, "roles": ["viewer"]})


def resend(team: Team, invitation_id: str, by: Caller | None = None) -> Reply:
    return (by or team.founder).post(team.path("invitations", invitation_id, "resend"))


def refused(reply: Reply, limit: str) -> float:
    """Hold a reply to be a refusal by a day's limit; return its Retry-After."""
    assert reply.refusal == (429, "too_many_requests")
    assert reply.body["limit"] == limit
    return float(reply.headers["retry-after"])


def test_one_person_sends_fifty_a_day_through_ten_organizations_and_no_more(world: World) -> None:
    ada = world.person("Ada")
    teams = [Team.found(world, ada, f"Acme {number}") for number in range(10)]
    for number in range(50):
        assert send(teams[number % 10], f"stranger+{number}@example.com").status == 201
    before = world.items()

    wait = [refused(send(team, "one-more@example.com"), "invitations_per_person") for team in teams][-1]

    assert world.items() == before
    bob = teams[0].world.person("Bob")
    with world.later(seconds=wait):
        assert all(send(team, "one-more@example.com").status == 201 for team in teams)
        teams[0].join(bob, "admin")
        assert counted(ada, ON_FREE, "mailed") == (11, 11)


def test_what_somebody_else_sends_is_their_own(team: Team, other: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")
    today(team.founder, {ON_FREE: 50})

    refused(send(other), "invitations_per_person")
    refused(send(team), "invitations_per_person")
    assert send(team, by=bob).status == 201


@pytest.mark.parametrize(
    ("pack", "plans", "maximums", "role"),
    [
        ("credentials", ("free", "professional", "enterprise"), (50, 500, 5000), "viewer"),
        ("teams", ("standard", "enterprise"), (200, 5000), "billing"),
        ("certificates", ("basic", "pro", "enterprise"), (50, 500, 5000), "user"),
    ],
)
def test_it_is_counted_by_the_plan_that_the_organization_is_on(
    pack: str, plans: tuple[str, ...], maximums: tuple[int, ...], role: str, deploy: Callable[[str], World]
) -> None:
    world = deploy(pack)
    ada = world.person("Ada")
    one, two = Team.found(world, ada, "One"), Team.found(world, ada, "Two")
    today(ada, {f"sent on {plan}": maximum - 2 for plan, maximum in zip(plans, maximums, strict=True)})
    for plan in plans:
        one.plan(plan)
        two.plan(plan)
        address = one.path("invitations", one.invite(f"eve-{plan}@example.com", role)["id"])
        assert ada.post(f"{address}/resend").status == 200

        for reply in (
            ada.post(f"{address}/resend"),
            ada.post(two.path("invitations"), {"email": "fay@example.com", "roles": [role]}),
        ):
            refused(reply, "invitations_per_person")


def test_two_sendings_at_once_do_not_both_take_the_last_one(team: Team, other: Team, wire: Wire) -> None:
    today(team.founder, {ON_FREE: 49})
    meanwhile: list[int] = []
    wire.before("TransactWriteItems", lambda: meanwhile.append(send(other).status))

    refused(send(team), "invitations_per_person")

    assert meanwhile == [201]
    assert counted(team.founder, ON_FREE) == (50,)


def test_two_that_begin_a_days_count_at_once_are_both_counted(team: Team, other: Team, wire: Wire) -> None:
    meanwhile: list[int] = []
    wire.before("TransactWriteItems", lambda: meanwhile.append(send(other).status))

    assert [send(team).status, *meanwhile] == [201, 201]

    assert counted(team.founder, ON_FREE, "mailed") == (2, 2)


def test_a_batch_is_counted_row_by_row(team: Team) -> None:
    today(team.founder, {ON_FREE: 48})
    rows = [{"email": f"guest-{number}@example.com", "roles": ["viewer"]} for number in range(4)]

    results = team.founder.post(team.path("invitations", "batch"), {"invitations": rows}).body["results"]

    assert [row["status"] for row in results] == [201, 201, 429, 429]
    assert results[2]["problem"]["limit"] == "invitations_per_person"


def test_the_count_of_a_person_leaves_their_stamp(team: Team) -> None:
    before = User.get(*User.key(team.founder.id), consistent_read=True).stamp

    assert send(team).status == 201

    assert User.get(*User.key(team.founder.id), consistent_read=True).stamp == before


@pytest.mark.parametrize(("mailed", "bounces", "status"), [(19, 19, 201), (20, 1, 201), (20, 2, 429), (40, 2, 201)])
def test_over_five_percent_of_what_one_person_mailed_stops_them_on_the_first_plan(
    team: Team, other: Team, mailed: int, bounces: int, status: int
) -> None:
    other.plan("professional")
    today(team.founder, {"mailed": mailed, "bounces": bounces})

    reply = send(team)

    assert reply.status == status
    if status == 429:
        refused(reply, "bounces")
    assert send(other).status == 201


def test_two_complaints_in_two_organizations_stop_who_sent_them_in_all_on_the_first_plan(
    team: Team, other: Team, world: World
) -> None:
    third, paid = Team.found(world, team.founder, "Third"), Team.found(world, team.founder, "Paid")
    paid.plan("professional")
    bob = third.join(world.person("Bob"), "admin")
    open_one = third.invite("hedy@example.com", "viewer")
    assert tell(team, team.invite("grace@example.com", "viewer"), "complained") == "complained"
    assert send(third, "ida@example.com").status == 201
    assert tell(other, other.invite("grace@example.com", "viewer"), "complained") == "complained"

    for one in (team, other, third):
        wait = refused(send(one), "complaints")
    refused(resend(third, open_one["id"]), "complaints")
    assert counted(team, "complaints") == counted(other, "complaints") == (1,)
    assert send(third, by=bob).status == 201
    assert send(paid).status == 201
    with world.later(seconds=wait):
        assert send(team).status == 201


def test_what_came_back_in_an_organization_that_pays_counts_against_who_sent_it_too(team: Team, other: Team) -> None:
    other.plan("enterprise")
    for number in range(2):
        tell(other, other.invite(f"grace-{number}@example.com", "viewer"), "complained")

    refused(send(team), "complaints")


def test_who_sent_it_again_is_who_sent_it(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")
    invitation = team.invite("grace@example.com", "viewer")
    assert resend(team, invitation["id"], by=bob).status == 200

    tell(team, invitation, "bounced")

    assert counted(bob, "bounces") == (1,)
    assert counted(team.founder, "bounces") == (0,)


def test_a_bounce_of_what_somebody_erased_sent_counts_against_the_organization_alone(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "admin")
    invitation = team.invite("grace@example.com", "viewer", by=bob)
    assert world.machine("roster/users").delete(f"/users/{bob.id}").status == 204

    assert tell(team, invitation, "bounced") == "bounced"

    assert counted(team, "bounces") == (1,)
    assert all(item["pk"]["S"] != f"USER#{bob.id}" for item in world.items())


def test_a_bounce_that_lands_before_the_commit_stops_that_invitation(team: Team, other: Team, wire: Wire) -> None:
    today(team.founder, {"mailed": 30, "bounces": 1})
    invitation = other.invite("grace@example.com", "viewer")
    meanwhile: list[str] = []
    wire.before("TransactWriteItems", lambda: meanwhile.append(tell(other, invitation, "bounced")))

    refused(send(team), "bounces")
    assert meanwhile == ["bounced"]


def test_what_came_back_counts_whatever_has_become_of_the_invitation(world: World) -> None:
    ada = world.person("Ada")
    deleted, resent, left = (Team.found(world, ada, name) for name in ("One", "Two", "Three"))
    told = []
    for team in (deleted, resent, left):
        invitation = team.invite("grace@example.com", "viewer")
        told.append(ses_event("Email Complaint Received", tags(team, invitation)))
        if team is deleted:
            assert ada.delete(team.path()).status == 204
        if team is resent:
            assert resend(team, invitation["id"]).status == 200
        if team is left:
            grace = world.person("Grace")
            assert grace.post(team.path("invitations", invitation["id"], "accept")).status == 200
            assert grace.post(team.path("leave")).status == 204

    outcomes = [world.invoke("notify/feedback", event)["outcome"] for event in told]
    assert outcomes == ["gone", "not the current mail", "not the current mail"]
    assert counted(ada, "complaints") == (3,)
    assert counted(resent, "complaints") == counted(left, "complaints") == (1,)
    assert refused(send(resent, "zoe@example.com"), "complaints")
    assert [world.invoke("notify/feedback", event)["outcome"] for event in told] == ["known"] * 3
    assert counted(ada, "complaints") == (3,)


def test_a_sending_that_is_late_for_its_day_does_not_begin_the_next_one_anew(
    team: Team, world: World, wire: Wire
) -> None:
    midnight = datetime(2026, 2, 1, tzinfo=UTC)

    def meanwhile() -> None:
        clock.offset += timedelta(seconds=3)
        for number in range(50):
            assert send(team, f"zoe{number}@example.com").status == 201

    with world.at(midnight - timedelta(seconds=2)):
        wire.before("TransactWriteItems", meanwhile)
        assert refused(send(team, "late@example.com"), "invitations_per_day")
        assert counted(team, "sent") == counted(team.founder, ON_FREE) == (50,)
