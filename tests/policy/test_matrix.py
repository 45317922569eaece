"""Every shipped pack, cell by cell, against golden/: written from the product's description, not from the TOML."""

from datetime import timedelta
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from roster.policy.decisions import Decision, Policy
from roster.policy.pack import Pack, Plan, load
from tests.deployment import PACKS

GOLDEN = Path(__file__).parent / "golden"
HOURS_UP_TO = 72  # longer times are written in days


def table(pack: str, heading: str) -> list[list[str]]:
    """Read the table under a heading, its header first."""
    section = (GOLDEN / f"{pack}.md").read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return [row for row in rows if set(row[0]) != {"-"}]


def cells(heading: str, keys: int = 1) -> list[ParameterSet]:
    """Make a case of every cell under a heading, in every pack; the first cells of a row are its keys."""
    return [
        pytest.param(pack, row[:keys], column, expected, id=f"{pack}: {' > '.join(row[:keys])} > {column}")
        for pack in PACKS
        for header, *rows in [table(pack, heading)]
        for row in rows
        for column, expected in zip(header[keys:], row[keys:], strict=True)
    ]


def roles(cell: str) -> list[str]:
    return [role for role in cell.split(", ") if role]


def answer(decision: Decision) -> str:
    return "yes" if decision else decision.reason.removeprefix("role_").removeprefix("permission_")


def written(value: object) -> str:
    """Write a value as the tables do."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case timedelta():
            hours = value // timedelta(hours=1)
            return f"{hours} hours" if hours <= HOURS_UP_TO else f"{hours // 24} days"
        case frozenset():
            return ", ".join(sorted(value))
        case _:
            return str(value)


@pytest.mark.parametrize(("pack", "row", "role", "expected"), cells("Who may do what"))
def test_each_role_may_do_what_the_table_says(pack: str, row: list[str], role: str, expected: str) -> None:
    policy = Policy(load(pack))

    decision = policy.may([role], row[0])
    access = policy.access([role], row[0])

    assert expected in {"yes", ""}
    assert decision.allowed == access.allowed == (expected == "yes")
    assert (row[0] in policy.permissions_of([role])) == (expected == "yes")
    if not expected:
        assert (decision.reason, decision.permission) == ("permission_missing", row[0])
        assert access.reason == "not_granted"


@pytest.mark.parametrize("name", PACKS)
def test_the_table_names_every_permission_and_role_of_the_pack(name: str) -> None:
    pack = load(name)
    header, *rows = table(name, "Who may do what")

    assert header[1:] == list(pack.roles)
    assert {row[0] for row in rows} == pack.permissions
    assert len(rows) == len(pack.permissions)


@pytest.mark.parametrize(("pack", "row", "target", "expected"), cells("Invites"))
def test_each_role_invites_whom_the_table_says(pack: str, row: list[str], target: str, expected: str) -> None:
    decision = Policy(load(pack)).may_invite(roles(row[0]), roles(target))

    assert answer(decision) == expected


@pytest.mark.parametrize(("pack", "row", "target", "expected"), cells("Removes"))
def test_each_role_removes_whom_the_table_says(pack: str, row: list[str], target: str, expected: str) -> None:
    decision = Policy(load(pack)).may_remove(roles(row[0]), roles(target))

    assert answer(decision) == expected


@pytest.mark.parametrize(("pack", "row", "new", "expected"), cells("Changes the role of somebody else", keys=2))
def test_each_role_changes_whom_the_table_says(pack: str, row: list[str], new: str, expected: str) -> None:
    policy = Policy(load(pack))
    actor, current = map(roles, row)

    decision = policy.may_assign(actor, current, roles(new))

    assert answer(decision) == expected
    if new in policy.roles:
        assert (new in policy.assignable_roles(actor, current)) == (expected == "yes")


@pytest.mark.parametrize("name", PACKS)
def test_who_is_not_in_that_table_changes_nobody(name: str) -> None:
    policy = Policy(load(name))
    actors = {row[0] for row in table(name, "Changes the role of somebody else")[1:]}

    for actor in policy.roles.keys() - actors:
        for current in policy.roles:
            assert policy.assignable_roles([actor], [current]) == []
            for new in policy.roles:
                assert policy.may_assign([actor], [current], [new]).reason == "permission_missing"


@pytest.mark.parametrize(("pack", "row", "new", "expected"), cells("Changes their own role"))
def test_each_role_steps_down_as_the_table_says(pack: str, row: list[str], new: str, expected: str) -> None:
    actor = roles(row[0])

    decision = Policy(load(pack)).may_assign(actor, actor, roles(new), own=True)

    assert answer(decision) == expected


@pytest.mark.parametrize("heading", ["Invites", "Removes", "Changes their own role"])
@pytest.mark.parametrize("name", PACKS)
def test_the_tables_leave_no_role_out(name: str, heading: str) -> None:
    header, *rows = table(name, heading)

    assert set(header) >= load(name).roles.keys()
    assert {row[0] for row in rows} >= load(name).roles.keys()


@pytest.mark.parametrize(("pack", "row", "_column", "expected"), cells("Invited by the verified address alone"))
def test_powerful_roles_are_guarded(pack: str, row: list[str], _column: str, expected: str) -> None:
    assert Policy(load(pack)).guarded(row) == (expected == "yes")


@pytest.mark.parametrize(("pack", "row", "_column", "expected"), cells("Held together"))
def test_roles_are_held_together_as_the_table_says(pack: str, row: list[str], _column: str, expected: str) -> None:
    assert (Policy(load(pack)).unfit(roles(row[0])) == []) == (expected == "yes")


@pytest.mark.parametrize(("pack", "row", "_column", "expected"), cells("The product"))
def test_each_product_has_the_rules_of_its_table(pack: str, row: list[str], _column: str, expected: str) -> None:
    assert written(getattr(load(pack), row[0])) == expected


@pytest.mark.parametrize(("pack", "row", "column", "expected"), cells("Plans"))
def test_each_plan_has_the_limits_of_its_table(pack: str, row: list[str], column: str, expected: str) -> None:
    plan: Plan = load(pack).plans[row[0]]

    assert written(getattr(plan, column)) == expected


@pytest.mark.parametrize("name", PACKS)
def test_the_plans_are_those_of_the_table_in_its_order(name: str) -> None:
    pack: Pack = load(name)

    assert [row[0] for row in table(name, "Plans")[1:]] == list(pack.plans)


def test_the_only_owner_of_a_team_can_set_no_role_on_themselves() -> None:
    policy = Policy(load("teams"))

    assert policy.assignable_roles(["owner"], ["owner"], own=True) == []
    assert policy.assignable_roles(["account_admin"], ["owner"]) == []


def test_an_owner_who_is_not_alone_by_rule_could_step_down_to_any_role() -> None:
    policy = Policy(load("credentials"))

    assert policy.assignable_roles(["owner"], ["owner"], own=True) == ["owner", "admin", "issuer", "viewer"]
    assert policy.assignable_roles(["owner"], ["owner"]) == []
