"""`make migrate`: all organizations come to a changed pack, each by events of its own, and no more than once."""

from collections.abc import Iterator

import pytest

from roster.table.commit import Change
from roster.table.items import Event
from tests.packs.changing import Edit, Migrate
from tests.rules.asking import accept, leave
from tests.rules.products import Product
from tests.world import Caller, Team, World
from tools import migration


def renames(product: Product) -> list[tuple[str, str]]:
    """What gives each role and each plan of a pack another id."""
    return [(f'"{name}"', f'"the_{name}"') for name in (*product.roles, *product.plans)]


def named(product: Product) -> Iterator[str]:
    """The options that name all of them."""
    for kind, names in (("role", product.roles), ("plan", product.plans)):
        for name in names:
            yield from (f"--{kind}", f"{name}=the_{name}")


def migrations(world: World, team: Team) -> list[Event]:
    return [event for event in world.events(team.id) if event.type == "organization.migrated"]


@pytest.fixture
def people(team: Team, world: World, product: Product) -> dict[str, Caller]:
    """Somebody of each role that one is invited to."""
    team.plan("enterprise")
    return team.staff(*(role for role in product.invited if role != product.owner))


def test_roles_and_plans_are_renamed_and_all_is_as_it_was(
    team: Team, people: dict[str, Caller], world: World, product: Product, edit: Edit, migrated: Migrate
) -> None:
    eve = world.person("Eve")
    invitation = team.invite(eve.email, product.least)
    before = {role: one.get(team.path("members", "me")).body for role, one in people.items()}
    counts = team.organization()
    edit(product.pack, *renames(product))

    assert migrated(*named(product), pack=product.pack) == 0

    for role, one in people.items():
        me = one.get(team.path("members", "me")).body
        assert (me["roles"], me["permissions"]) == ([f"the_{role}"], before[role]["permissions"])
    after = team.organization()
    assert after == counts | {"plan": "the_enterprise"}
    assert accept(team, eve, invitation).body["roles"] == [f"the_{product.least}"]
    assert leave(team, team.founder).refusal == (409, "last_owner")


def test_each_change_is_one_event_of_rosters_own(
    team: Team, people: dict[str, Caller], world: World, product: Product, edit: Edit, migrated: Migrate
) -> None:
    edit(product.pack, *renames(product))

    migrated(*named(product), pack=product.pack)

    (event,) = migrations(world, team)
    held = {product.owner, *people}
    assert event.data == {
        "plan": {"from": "enterprise", "to": "the_enterprise"},
        "roles": {role: f"the_{role}" for role in held},
        "members": len(held),
    }
    assert provisioned_by_nobody(event)
    (shown,) = team.founder.get(team.path("activity"), type="organization.migrated").body["items"]
    assert shown["sentence"] == "Roster moved Acme to a changed pack, where its plan is called the_enterprise."
    assert shown["actor"] == {"type": "system", "id": None, "name": None, "email": None}


def provisioned_by_nobody(event: Event) -> bool:
    return (event.actor_type, event.actor_id, event.via) == ("system", None, None)


def test_run_again_it_changes_nothing(
    team: Team, people: dict[str, Caller], world: World, product: Product, edit: Edit, migrated: Migrate
) -> None:
    edit(product.pack, *renames(product))
    migrated(*named(product), pack=product.pack)
    before = world.items()

    assert migrated(*named(product), pack=product.pack) == 0
    assert world.items() == before


def test_a_dry_run_shows_it_and_changes_nothing(
    team: Team,
    people: dict[str, Caller],
    world: World,
    product: Product,
    edit: Edit,
    migrated: Migrate,
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(product.pack, *renames(product))
    before = world.items()

    assert migrated(*named(product), "--dry-run", pack=product.pack) == 0

    shown = capsys.readouterr().out
    assert "enterprise -> the_enterprise" in shown
    assert f"{product.least} -> the_{product.least}" in shown
    assert "To do: 1 organization, in 1 transaction." in shown
    assert world.items() == before


def test_without_anybody_to_ask_it_changes_nothing(
    team: Team, world: World, product: Product, edit: Edit, migrated: Migrate, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(product.pack, *renames(product))
    before = world.items()

    assert migrated(*named(product), pack=product.pack, yes=False) == 1

    assert "--yes" in capsys.readouterr().out
    assert world.items() == before


def test_caps_move_onto_organizations_and_nobody_is_removed(
    team: Team, world: World, product: Product, edit: Edit, migrated: Migrate, capsys: pytest.CaptureFixture[str]
) -> None:
    team.plan("enterprise")
    team.join(world.person("Bob"), product.least)
    text = 'name = "enterprise"\ntitle = "Enterprise"\nowners = '
    owners = "1" if product.pack == "teams" else '"unlimited"'
    edit(product.pack, (f'{text}{owners}\nmembers = "unlimited"', f"{text}{owners}\nmembers = 1"))
    assert team.organization()["limits"]["members"] is None

    assert migrated(pack=product.pack) == 0

    assert "enterprise: members unlimited -> 1" in capsys.readouterr().out
    assert team.organization()["limits"]["members"] == 1
    assert team.organization()["member_count"] == 2
    refused = team.founder.post(team.path("invitations"), {"email": "eve@example.com", "roles": [product.least]})
    assert refused.refusal == (409, "plan_limit")
    (event,) = migrations(world, team)
    assert event.data["limits"]["to"]["members"] == 1


def test_what_nothing_names_stays_as_it_is_and_is_told(
    team: Team, world: World, product: Product, edit: Edit, migrated: Migrate, capsys: pytest.CaptureFixture[str]
) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), product.least)
    edit(product.pack, (f'"{product.least}"', '"newcomer"'), ('"enterprise"', '"business"'))
    before = world.items()

    assert migrated(pack=product.pack) == 1

    shown = capsys.readouterr().out
    for option in (f"--role {product.least}=...", "--plan enterprise=..."):
        assert f"it grants nothing. Name it with {option}" in shown
    assert world.items() == before
    assert team.member(bob)["roles"] == [product.least]


def test_organizations_come_from_another_pack_by_name_alone(
    team: Team, world: World, product: Product, edit: Edit, migrated: Migrate, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(product.pack, named="guilds")
    assert migrated(pack="guilds") == 1
    assert f"--from-pack {product.pack}" in capsys.readouterr().out
    assert not migrations(world, team)

    assert migrated("--from-pack", product.pack, pack="guilds") == 0

    assert team.organization()["pack"] == "guilds"
    assert migrations(world, team)[0].data == {"pack": {"from": product.pack, "to": "guilds"}}


def test_names_of_another_pack_are_not_those_of_this_one_s_own_organizations(
    team: Team, world: World, product: Product, edit: Edit, migrated: Migrate
) -> None:
    team.plan("enterprise")
    bob = team.join(world.person("Bob"), product.least)
    edit(product.pack, named="guilds")
    own = Team.found(world, world.person("Zoe"), "Own")
    own.plan("enterprise")
    ann = own.join(world.person("Ann"), product.least)
    renaming = f"{product.least}={product.roles[1]}"

    assert migrated("--from-pack", product.pack, "--role", renaming, pack="guilds") == 0

    assert team.member(bob)["roles"] == [product.roles[1]]
    assert own.member(ann)["roles"] == [product.least]


def test_custom_roles_reach_the_same_people_as_before(
    team: Team, world: World, product: Product, edit: Edit, migrated: Migrate
) -> None:
    team.plan("enterprise")
    made = team.founder.post(
        team.path("roles"),
        {"title": "Steward", "permissions": ["members:read", "members:remove"], "removes": [product.least]},
    )
    edit(product.pack, *renames(product))

    migrated(*named(product), pack=product.pack)

    (role,) = (one for one in team.founder.get(team.path("roles")).body["items"] if one["custom"])
    assert (role["id"], role["removes"]) == (made.body["id"], [f"the_{product.least}"])


def test_an_organization_that_takes_several_transactions_has_an_event_for_each(
    team: Team,
    people: dict[str, Caller],
    world: World,
    product: Product,
    edit: Edit,
    migrated: Migrate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(migration, "TOGETHER", 1)
    edit(product.pack, *renames(product))

    assert migrated(*named(product), pack=product.pack) == 0

    events = migrations(world, team)
    assert [event.data.get("continues", False) for event in events] == [True] * len(people) + [False]
    assert all(event.data["members"] == 1 for event in events)
    assert [name for event in events for name in event.data if name == "plan"] == ["plan"]


def test_interrupted_it_goes_on_with_the_rest(
    team: Team,
    people: dict[str, Caller],
    world: World,
    product: Product,
    edit: Edit,
    migrated: Migrate,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(migration, "TOGETHER", 1)
    edit(product.pack, *renames(product))
    commit = Change.commit
    seen: list[Change] = []

    def interrupted(change: Change) -> None:
        seen.append(change)
        if len(seen) == 2:
            raise KeyboardInterrupt
        commit(change)

    monkeypatch.setattr(Change, "commit", interrupted)
    assert migrated(*named(product), pack=product.pack) == 130
    assert "run it again" in capsys.readouterr().out
    assert len(migrations(world, team)) == 1
    monkeypatch.setattr(Change, "commit", commit)

    assert migrated(*named(product), pack=product.pack) == 0
    assert len(migrations(world, team)) == len(people) + 1


def test_what_happens_meanwhile_is_not_overwritten(
    team: Team,
    people: dict[str, Caller],
    world: World,
    product: Product,
    edit: Edit,
    migrated: Migrate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit(product.pack, *renames(product))
    commit = Change.commit
    raced: list[Change] = []

    def overtaken(change: Change) -> None:
        if not raced:
            raced.append(change)
            machine = world.machine("roster/provision")
            assert machine.delete(team.path("members", people[product.least].id)).status == 204
        commit(change)

    monkeypatch.setattr(Change, "commit", overtaken)

    assert migrated(*named(product), pack=product.pack) == 0

    assert team.organization()["member_count"] == len(people)
    assert people[product.least].get(team.path()).status == 404


def test_no_organization_is_left_without_an_owner(
    team: Team,
    people: dict[str, Caller],
    world: World,
    product: Product,
    edit: Edit,
    migrated: Migrate,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = world.items()

    assert migrated("--role", f"{product.owner}={product.least}", pack=product.pack) == 1

    assert f"{team.id} stays as it is: it would have no owner" in capsys.readouterr().out
    assert world.items() == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--role", "owner=king"], "has no role 'king'. Its roles are"),
        (["--plan", "free=gold"], "has no plan 'gold'. Its plans are"),
    ],
)
def test_a_name_that_the_pack_does_not_know_is_refused(
    product: Product,
    world: World,
    migrated: Migrate,
    options: list[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert migrated(*options, pack=product.pack) == 1
    assert told in capsys.readouterr().out
