"""What a product and its plans bring, and how the tests of the rules see that they do."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta

from roster.clock import now
from roster.table.items import Event, Organization, ProductEvent
from roster.table.read import page
from tests.counts import today
from tests.rules.asking import assert_full, customize, invite, provision, set_roles
from tests.world import Caller, Team, World

DAY = 86_400
CROWD = 100_000


def assert_plans(team: Team, *plans: str) -> None:
    """Hold these to be the plans, the first that of a new organization, and no others."""
    billing = team.world.machine("roster/billing")
    assert team.organization()["plan"] == plans[0]
    for plan in (*plans[1:], plans[0]):
        assert billing.put(team.path("plan"), {"plan": plan}).body["plan"] == plan
    refused = billing.put(team.path("plan"), {"plan": "gold"})
    assert refused.fields == ["plan"]
    assert refused.body["errors"][0]["message"] == f"The plans are {', '.join(plans)}."


def assert_one_role_each(team: Team, person: Caller, *unfit: list[str]) -> None:
    """Hold a member to have exactly one role, whoever would give them several, or none."""
    before = team.member(person)["roles"]
    for roles in (*unfit, []):
        assert invite(team, "eve@example.com", *roles).fields == ["roles"]
        assert set_roles(team, person, *roles).fields == ["roles"]
        assert provision(team, person, *roles).fields == ["roles"]
    assert team.member(person)["roles"] == before
    assert len(before) == 1


def assert_members_uncapped(team: Team, role: str, *plans: str) -> None:
    """Hold these plans to have no cap on members, in an organization that is a crowd already."""
    for plan in plans:
        team.plan(plan)
        Organization.get(*Organization.key(team.id)).update([Organization.members.set(CROWD)])
        team.join(team.world.person(plan), role)
        assert team.organization()["limits"]["members"] is None
        assert team.organization()["member_count"] == CROWD + 1


def assert_organizations_uncapped(world: World) -> None:
    """Hold one person to own as many organizations as they like; ten are created in a day."""
    ada = world.person("Ada")
    with noon(world):
        for _ in range(10):
            Team.found(world, ada)
        with world.later(days=1):
            Team.found(world, ada)


def assert_no_home(world: World) -> None:
    """Hold a new user to have no organization by signing in."""
    ada = world.person("Ada")
    assert ada.put("/me").body["active_organization_id"] is None
    assert ada.get("/me/organizations").body["items"] == []


def assert_lives(team: Team, role: str, life: timedelta) -> None:
    """Hold an invitation to be open until this long after its sending, and dead from then on."""
    invitation = team.invite("eve@example.com", role)
    sent_at, expires_at = (datetime.fromisoformat(invitation[name]) for name in ("sent_at", "expires_at"))
    address = team.path("invitations", invitation["id"])

    assert expires_at - sent_at == life
    with team.world.at(expires_at - timedelta(seconds=10)):
        assert team.founder.get(address).body["status"] == "pending"
    with team.world.at(expires_at):
        assert team.founder.get(address).body["status"] == "expired"


def assert_sends(team: Team, role: str, maximum: int) -> None:
    """Hold an organization to send so many invitations in a day and no more; all but the last two are in the table."""
    with noon(team.world):
        today(team, {"sent": maximum - 2})
        for guest in ("eve", "fay"):
            team.invite(f"{guest}@example.com", role)
        refused = invite(team, "gus@example.com", role)

        assert refused.refusal == (429, "too_many_requests")
        assert refused.body["limit"] == "invitations_per_day"
        with team.world.later(seconds=float(refused.headers["retry-after"])):
            team.invite("gus@example.com", role)


def assert_custom_roles(team: Team, without: Iterable[str]) -> None:
    """Hold custom roles to be refused on these plans, and made on enterprise."""
    for plan in without:
        team.plan(plan)
        assert_full(customize(team, "members:read"), "custom_roles", 0, plan)
    team.plan("enterprise")
    assert customize(team, "members:read").status == 201


def days_kept(team: Team, plan: str) -> float | None:
    """For how many days an organization on this plan keeps what happens, to it and in the product; None: for good."""
    team.plan(plan)
    assert team.founder.patch(team.path(), {"name": f"Acme on {plan}"}).status == 200
    machine = team.world.machine("roster/activity")
    assert machine.post(team.path("activity"), {"type": "certificate.issued"}).status == 201

    products = page(ProductEvent, f"LOG#{team.id}#P", limit=1, cursor=None, newest_first=True).items
    own: Event = team.world.events(team.id)[-1]
    (days,) = {event.ttl and (event.ttl - int(event.at.timestamp())) / DAY for event in (own, *products)}
    return days


def noon(world: World) -> AbstractContextManager[None]:
    """Set the clock to the next noon (UTC), so that no midnight falls between two calls."""
    return world.at(datetime.combine(now().date() + timedelta(days=1), time(12), UTC))
