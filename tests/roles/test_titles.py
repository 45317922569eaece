"""Titles of roles: people tell roles by them, so no two in an organization read alike."""

from collections.abc import Callable

import pytest

from tests.roles.custom import edit, listed, made, make
from tests.table.moves import TRANSACTION, edit_role, make_role
from tests.wire import Wire
from tests.world import Team, World

# Other spellings of "Night Auditor": by case, by full width, by blanks, by what shows nothing.
SPELLINGS = [
    "Night Auditor",
    "night AUDITOR",
    "\uff2e\uff49\uff47\uff48\uff54 Auditor",
    "Night  Auditor",
    "Night\u00a0Auditor",
    "Night Audi\u200dtor",
]


@pytest.mark.parametrize("title", SPELLINGS)
def test_no_two_titles_read_alike(acme: Team, title: str) -> None:
    made(acme, title="Night Auditor")
    other = made(acme, title="Day Auditor")
    before = acme.world.items()

    for reply in (make(acme, title=title), edit(acme, other, title=title)):
        assert reply.refusal == (409, "conflict")
        assert reply.body["detail"] == 'There is a role called "Night Auditor" already. Choose another title.'
    assert acme.world.items() == before


def test_letters_composed_in_another_way_are_the_same(acme: Team) -> None:
    made(acme, title="Pr\u00fcfer")

    assert make(acme, title="PRU\u0308FER").refusal == (409, "conflict")
    assert make(acme, title="Prufer").status == 201


@pytest.mark.parametrize("pack", ["credentials", "teams", "certificates"])
def test_no_role_is_called_like_a_built_in_one(deploy: Callable[[str], World], pack: str) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan("enterprise")
    role = made(team, title="Auditor")

    for built_in in [one for one in team.founder.get(team.path("roles")).body["items"] if not one["custom"]]:
        for title in (built_in["title"], built_in["title"].upper()):
            assert make(team, title=title).refusal == (409, "conflict")
            assert edit(team, role, title=title).refusal == (409, "conflict")
    assert [one["title"] for one in listed(team)] == ["Auditor"]


def test_a_role_keeps_its_own_title_and_may_spell_it_otherwise(acme: Team) -> None:
    role = made(acme, title="Auditor")

    assert edit(acme, role, title="Auditor", permissions=["activity:read"]).status == 200
    assert edit(acme, role, title="AUDITOR").status == 200
    assert [one["title"] for one in listed(acme)] == ["AUDITOR"]


def test_a_title_is_free_again_when_its_role_is_deleted_or_renamed(acme: Team) -> None:
    first, second = made(acme, title="First"), made(acme, title="Second")
    edit(acme, first, title="Other")
    assert acme.founder.delete(acme.path("roles", second)).status == 204

    assert [make(acme, title=title).status for title in ("First", "Second")] == [201, 201]


def test_another_organization_has_titles_of_its_own(acme: Team, world: World) -> None:
    made(acme, title="Auditor")
    other = Team.found(world, world.person("Zoe"), "Other")
    other.plan("enterprise")

    assert make(other, title="Auditor").status == 201


def test_what_somebody_may_not_make_is_refused_for_that_and_not_for_its_title(acme: Team) -> None:
    made(acme, title="Auditor")

    assert make(acme, title="Auditor", permissions=["organization:delete"]).refusal == (403, "forbidden")
    acme.plan("professional")
    assert make(acme, title="Auditor").refusal == (409, "conflict")
    assert make(acme, title="Other").refusal == (409, "plan_limit")


@pytest.mark.parametrize("is_first", [True, False])
def test_two_who_make_a_role_of_one_title_at_once_make_one(acme: Team, wire: Wire, *, is_first: bool) -> None:
    if not is_first:
        made(acme, title="Other")

    wire.before(TRANSACTION, lambda: make_role(acme, "Auditor"))

    assert make(acme, title="auditor").refusal == (409, "conflict")
    assert [one["title"] for one in listed(acme)] == ["Auditor"] if is_first else ["Other", "Auditor"]


def test_two_who_rename_roles_alike_at_once_rename_one(acme: Team, wire: Wire) -> None:
    first, second = made(acme, title="First"), made(acme, title="Second")

    wire.before(TRANSACTION, lambda: edit_role(acme, first, title="Auditor"))

    assert edit(acme, second, title="AUDITOR").refusal == (409, "conflict")
    assert [one["title"] for one in listed(acme)] == ["Auditor", "Second"]
