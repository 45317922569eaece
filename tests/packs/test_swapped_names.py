"""`make migrate` where a name is an old and a new one: each name is renamed exactly once, whatever comes between."""

from typing import Any

import boto3
import pytest

from tests.packs.changing import Edit, Migrate
from tests.packs.renaming import OTHER, Names, held, in_a_circle, interrupted, lost, nothing, renamed
from tests.rules.asking import TRANSACTION, accept, customize, leave, provision
from tests.rules.products import CREDENTIALS, USES, Product, of
from tests.wire import Wire
from tests.world import Caller, Team, World
from tools import migration


@pytest.fixture
def names(product: Product) -> Names:
    return Names(in_a_circle(product.roles), in_a_circle(product.plans))


@pytest.fixture
def people(acme: Team, product: Product) -> dict[str, Caller]:
    """Somebody of each role that one is invited to."""
    return acme.staff(*(role for role in product.invited if role != product.owner))


@pytest.fixture
def changed(acme: Team, people: dict[str, Caller], product: Product, names: Names, edit: Edit) -> None:
    """The changed pack, deployed under another name; the old one is still there."""
    edit(product.pack)
    edit(product.pack, *names.edits, named=OTHER)


@pytest.fixture
def go(product: Product, names: Names, migrated: Migrate) -> Migrate:
    """Migrate to the changed pack, by these names."""
    return lambda: migrated("--from-pack", product.pack, *names.options, pack=OTHER)


def permissions(team: Team, people: dict[str, Caller]) -> dict[str, list[str]]:
    return {one.id: one.get(team.path("members", "me")).body["permissions"] for one in [team.founder, *people.values()]}


def test_roles_and_plans_take_each_others_names_and_everybody_may_do_what_they_could(
    acme: Team,
    people: dict[str, Caller],
    world: World,
    product: Product,
    names: Names,
    edit: Edit,
    migrated: Migrate,
) -> None:
    eve = world.person("Eve")
    invitation = acme.invite(eve.email, product.least)
    made = customize(acme, "members:read", "members:remove", over={"removes": [product.least]}).body
    before, could, roles = acme.organization(), permissions(acme, people), held(acme)
    edit(product.pack, *names.edits, named=OTHER)

    assert migrated("--from-pack", product.pack, *names.options, pack=OTHER) == 0

    assert held(acme) == renamed(roles, names)
    assert permissions(acme, people) == could
    assert acme.organization() == before | {"pack": OTHER, "plan": names.plans["enterprise"]}
    (custom,) = (one for one in acme.founder.get(acme.path("roles")).body["items"] if one["custom"])
    assert (custom["id"], custom["removes"]) == (made["id"], [names.roles[product.least]])
    assert accept(acme, eve, invitation).body["roles"] == [names.roles[product.least]]
    assert leave(acme, acme.founder).refusal == (409, "last_owner")


@pytest.mark.usefixtures("changed")
def test_its_event_tells_each_name_once(
    acme: Team, people: dict[str, Caller], world: World, product: Product, names: Names, go: Migrate
) -> None:
    go()

    event = world.events(acme.id)[-1]
    had = {product.owner, *people}
    assert event.data == {
        "pack": {"from": product.pack, "to": OTHER},
        "plan": {"from": "enterprise", "to": names.plans["enterprise"]},
        "roles": {role: names.roles[role] for role in had},
        "members": len(had),
    } | ({"limits": event.data["limits"]} if "limits" in event.data else {})


@pytest.mark.usefixtures("changed")
def test_its_event_is_kept_as_long_as_its_own_plan_says_by_whatever_name(acme: Team, world: World, go: Migrate) -> None:
    assert world.events(acme.id)[-1].ttl is None

    go()

    assert world.events(acme.id)[-1].ttl is None


@pytest.mark.usefixtures("changed")
def test_run_again_it_changes_nothing(world: World, go: Migrate, capsys: pytest.CaptureFixture[str]) -> None:
    assert go() == 0
    assert "Nothing is left to migrate." in capsys.readouterr().out
    before = world.items()

    assert go() == 0
    assert world.items() == before


@pytest.mark.usefixtures("changed")
def test_killed_between_any_two_transactions_it_goes_on_and_nothing_is_renamed_twice(
    acme: Team,
    people: dict[str, Caller],
    world: World,
    names: Names,
    go: Migrate,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(migration, "TOGETHER", 1)
    before = held(acme)

    for _ in people:
        wire.before(TRANSACTION, nothing, interrupted)
        assert go() == 130
    assert go() == 0

    assert held(acme) == renamed(before, names)
    events = [event.data for event in world.events(acme.id) if event.type == "organization.migrated"]
    assert [data.get("continues", False) for data in events] == [True] * len(people) + [False]
    assert ["pack" in data for data in events] == [False] * len(people) + [True]


@pytest.mark.usefixtures("people")
def test_what_an_old_function_writes_between_two_transactions_is_renamed_once_too(
    acme: Team,
    world: World,
    product: Product,
    names: Names,
    go: Migrate,
    edit: Edit,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit(product.pack)
    zoe, before = world.person("Zoe"), held(acme)
    after: list[dict[str, set[str]]] = []

    def meanwhile() -> None:
        operation, sent = wire.calls[-1]  # what adds Zoe, and has not arrived
        edit(product.pack, *names.edits, named=OTHER)
        monkeypatch.setattr(migration, "TOGETHER", 1)
        wire.before(TRANSACTION, nothing, lambda: arrives(sent))
        assert operation == TRANSACTION
        assert go() == 0
        after.append(held(acme))  # before the function tries again, which asks for a name of the new pack

    def arrives(sent: dict[str, Any]) -> None:
        boto3.client("dynamodb").transact_write_items(**sent)

    wire.before(TRANSACTION, meanwhile)
    provision(acme, zoe, product.least)

    assert after == [renamed(before | {zoe.id: {product.least}}, names)]


@pytest.fixture
def half(changed: None, go: Migrate, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Acme is half moved: it takes several transactions, and the first one was done."""
    monkeypatch.setattr(migration, "TOGETHER", 1)
    wire.before(TRANSACTION, nothing, interrupted)
    assert go() == 130


@pytest.mark.usefixtures("half")
@pytest.mark.parametrize("deployed", ["the old pack", "the new pack"])
def test_half_moved_it_is_refused_by_functions_of_either_pack_and_nothing_changes(
    acme: Team, world: World, product: Product, edit: Edit, names: Names, deployed: str
) -> None:
    if deployed == "the old pack":
        edit(product.pack)
    else:
        edit(product.pack, *names.edits, named=OTHER)
    before = world.items()

    for use in USES:
        reply = world.call(use.method, acme.path() + use.path, caller=acme.founder, body=use.body)
        assert reply.refusal == (503, "try_again")
        assert f"is being moved from the policy pack '{product.pack}' to another" in reply.body["detail"]
    assert provision(acme, world.person("Zoe"), product.least).status == 503
    assert acme.founder.get("/me/organizations").status == 503
    assert world.items() == before


@pytest.mark.usefixtures("half")
def test_half_moved_it_goes_on_by_the_same_names_alone(
    acme: Team,
    world: World,
    product: Product,
    names: Names,
    go: Migrate,
    migrated: Migrate,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = world.items()

    assert migrated("--from-pack", product.pack, pack=OTHER) == 1
    assert f"{acme.id} stays as it is: it is half moved, with " in capsys.readouterr().out
    assert migrated("--from-pack", OTHER, pack=product.pack) == 1
    assert f"--pack {OTHER} --from-pack {product.pack} --plan " in capsys.readouterr().out
    assert world.items() == before

    assert go() == 0
    assert acme.organization()["pack"] == OTHER


@of(CREDENTIALS)
def test_lost_races_are_counted_anew_after_each_transaction(
    acme: Team, changed: None, names: Names, go: Migrate, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "TOGETHER", 1)
    before = held(acme)
    for _ in before:
        wire.before(TRANSACTION, *[lost] * 4, nothing)

    assert go() == 0

    assert held(acme) == renamed(before, names)


def test_within_one_pack_a_name_that_is_old_and_new_is_refused_in_words(
    team: Team, world: World, product: Product, migrated: Migrate, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = product.roles[:3]
    before = world.items()

    for renaming, both in (
        (["--role", f"{first}={second}", "--role", f"{second}={third}"], [second]),
        (["--role", f"{first}={second}", "--role", f"{second}={first}", "--from-pack", product.pack], [first, second]),
    ):
        assert migrated(*renaming, pack=product.pack) == 1

        shown = capsys.readouterr().out
        assert f"--role: {', '.join(sorted(both))}: each old and new at once." in shown
        assert f"add --from-pack {product.pack}" in shown
    assert world.items() == before


def test_a_success_is_said_only_if_nothing_is_left(
    acme: Team,
    people: dict[str, Caller],
    world: World,
    product: Product,
    edit: Edit,
    migrated: Migrate,
    wire: Wire,
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(product.pack, (f'"{product.least}"', '"newcomer"'))
    zoe = world.person("Zoe")

    def an_old_function_writes(_: object) -> None:
        edit(product.pack)
        assert provision(acme, zoe, product.least).status == 201
        edit(product.pack, (f'"{product.least}"', '"newcomer"'))

    wire.after(TRANSACTION, an_old_function_writes)
    assert migrated("--role", f"{product.least}=newcomer", pack=product.pack) == 1
    assert "1 organization left to migrate. Run this again." in capsys.readouterr().out

    assert migrated("--role", f"{product.least}=newcomer", pack=product.pack) == 0
    assert "Nothing is left to migrate." in capsys.readouterr().out
    assert acme.member(zoe)["roles"] == ["newcomer"]
