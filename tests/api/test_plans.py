"""Plans: what the product's billing says, and the limits and retention that hold from then on."""

from collections.abc import Callable

import pytest

from tests.world import Team, World

DAY = 86_400
# Pack, plan, its caps on owners and members, and for how many days activity is kept.
PLANS = [
    ("credentials", "free", 1, None, 90),
    ("credentials", "professional", 2, None, 365),
    ("credentials", "enterprise", None, None, None),
    ("teams", "standard", 1, None, 365),
    ("teams", "enterprise", 1, None, None),
    ("certificates", "free", None, 1, 30),
    ("certificates", "basic", None, 5, 90),
    ("certificates", "pro", None, None, 365),
    ("certificates", "enterprise", None, None, None),
]


@pytest.mark.parametrize("pack", ["credentials", "teams", "certificates"])
def test_each_plan_brings_its_caps_and_keeps_activity_for_its_time(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    before = team.organization()

    # The first plan last: it is what a new organization is on already.
    own = [(plan, owners, members, days) for of, plan, owners, members, days in PLANS if of == pack]
    for plan, owners, members, days in (*own[1:], own[0]):
        reply = world.machine("roster/billing").put(team.path("plan"), {"plan": plan})

        assert reply.status == 200
        assert reply.body == before | {
            "plan": plan,
            "plan_title": plan.title(),
            "upgrade_url": None if plan == "enterprise" else "https://example.com/upgrade",
            "limits": {"owners": owners, "members": members},
        }
        assert team.organization() == reply.body
        team.founder.patch(team.path(), {"name": f"Acme on {plan}"})
        team.founder.patch(team.path(), {"name": before["name"]})
        event = world.events(team.id)[-1]
        assert event.ttl == (None if days is None else int(event.at.timestamp()) + days * DAY)


def test_moving_to_a_plan_is_one_event_of_the_machine(team: Team, world: World) -> None:
    world.machine("roster/billing").put(team.path("plan"), {"plan": "professional"})

    event = team.founder.get(team.path("activity")).body["items"][0]

    assert event["type"] == "organization.plan_changed"
    assert event["actor"] == {"type": "machine", "id": "billing", "name": None, "email": None}
    assert event["via"] is None
    assert event["data"] == {"from": "free", "to": "professional"}
    assert event["sentence"] == "Billing moved Acme from the plan free to professional."


def test_the_plan_that_it_is_on_already_is_nothing_to_do(team: Team, world: World) -> None:
    before = world.items()

    reply = world.machine("roster/billing").put(team.path("plan"), {"plan": "free"})

    assert (reply.status, reply.body) == (200, team.organization())
    assert world.items() == before


@pytest.mark.parametrize("plan", ["gold", "Free", "", "basic"])
def test_a_plan_that_the_pack_does_not_have_is_refused(team: Team, world: World, plan: str) -> None:
    before = world.items()

    assert world.machine("roster/billing").put(team.path("plan"), {"plan": plan}).fields == ["plan"]
    assert world.items() == before


def test_no_member_puts_it_on_a_plan(team: Team, world: World) -> None:
    for person in (team.founder, world.person("Eve", scope="roster/billing")):
        reply = person.put(team.path("plan"), {"plan": "enterprise"})

        assert reply.refusal == (403, "forbidden")
        assert reply.body["reason"] == "scope_missing"
    assert team.organization()["plan"] == "free"


def test_a_smaller_plan_removes_nobody(deploy: Callable[[str], World]) -> None:
    world = deploy("certificates")
    team = Team.found(world, world.person("Ada"))
    team.plan("pro")
    people = team.staff("admin", "manager", "user")

    team.plan("free")

    assert team.organization()["limits"] == {"owners": None, "members": 1}
    assert team.organization()["member_count"] == 4
    assert all(person.get(team.path()).status == 200 for person in people.values())
    assert people["admin"].delete(team.path("members", people["user"].id)).status == 204


def test_a_larger_plan_keeps_the_organization_and_all_that_it_has(team: Team, world: World) -> None:
    team.join(world.person("Bob"), "admin")
    before, members = team.organization(), team.founder.get(team.path("members")).body["items"]

    team.plan("enterprise")

    assert team.organization() == before | {
        "plan": "enterprise",
        "plan_title": "Enterprise",
        "upgrade_url": None,
        "limits": {"owners": None, "members": None},
    }
    assert [member["user_id"] for member in team.founder.get(team.path("members")).body["items"]] == [
        member["user_id"] for member in members
    ]
