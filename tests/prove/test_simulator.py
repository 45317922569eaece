"""The simulator: runs are repeated from their schedules alone, all schedules are run, and what is planted is found."""

import random
from functools import partial
from itertools import combinations, islice

import pytest

from local.sample import PACKS
from prove.control import schedules
from prove.control.errands import CLOCK
from prove.control.faults import Fault
from prove.control.memory import Memory
from prove.control.outcomes import Outcome, outcome_of
from prove.control.planting import Planted
from prove.control.runs import Run
from prove.control.simulator import NOW, Simulator
from prove.explore import Case, Share, explore, setting
from prove.judge import Judge
from prove.oracle import rules
from prove.oracle.model import read
from prove.planted import explore_planted


def begun(world: str, *names: str, planted: Planted | None = None) -> tuple[Simulator, "partial[Run]", Judge]:
    """What begins runs of these operations in a world of the default pack, and judges them."""
    simulator, worlds = setting("credentials")
    edge, known = worlds[world]
    errands = [known[name] for name in names]
    return simulator, partial(Run, simulator, edge.world, errands, planted=planted), Judge(simulator, edge, errands)


def test_a_run_is_repeated_from_its_schedule_alone() -> None:
    simulator, begin, _ = begun("two owners", "leave, as the owner", "invite two")
    with simulator.at_work():
        runs = []
        for _ in range(2):
            simulator.memory = Memory()
            run = begin()
            schedules.drawn(run, random.Random(4), changes=3)  # noqa: S311
            runs.append([(step.turn, step.call, step.records) for step in run.steps])

    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("world", "names"),
    [
        ("two owners", ("leave, as the owner", "leave, as the manager")),
        ("one owner", ("accept", "remove the manager")),
        ("a mail under way", ("mail", "mail")),
        ("a mail under way", ("sweep", "rename")),
    ],
    ids=str,
)
def test_what_is_remembered_of_functions_is_what_they_do(world: str, names: tuple[str, str]) -> None:
    simulator, begin, _ = begun(world, *names)

    def done(*, anew: bool) -> list[object]:
        def fresh() -> Run:
            if anew:
                simulator.memory = Memory()
            return begin()

        return [
            (run.steps, [actor.replies for actor in run.actors], simulator.chance.now)
            for run in islice(schedules.every(fresh), 30)
        ]

    with simulator.at_work():
        assert done(anew=True) == done(anew=False)


def test_schedules_that_are_left_out_have_the_outcome_of_one_that_is_run() -> None:
    simulator, begin, _ = begun("one owner", "remove the manager", "leave, as the manager")
    with simulator.at_work():
        explored = {outcome_of(run) for run in schedules.every(begin)}
        every: set[Outcome] = set()
        for places in combinations(range(8), 4):
            run = begin()
            schedules.follow(run, [int(step in places) for step in range(8)])
            every.add(outcome_of(run))

    assert explored == every
    assert len(explored) > 1


@pytest.mark.parametrize(
    ("planted", "world", "names"),
    [
        (
            Planted("members/remove", "ConditionCheck MEMBER", "stamp = ?"),
            "one owner",
            ("remove the plain one", "remove the manager"),
        ),
        (
            Planted("members/leave", "Update ORG", "owners > ?"),
            "two owners",
            ("leave, as the owner", "leave, as the manager"),
        ),
        (
            Planted("invite/accept", "Update ORG", "(attribute_not_exists (max_owners) OR owners < max_owners)"),
            "the last owner's seat",
            ("accept", "move an owner in"),
        ),
        (
            Planted("roles/change", "ConditionCheck MEMBER", "stamp = ?"),
            "one owner",
            ("promote the plain one", "transfer"),
        ),
    ],
    ids=str,
)
def test_a_condition_that_is_left_out_is_found(planted: Planted, world: str, names: tuple[str, str]) -> None:
    simulator, begin, judge = begun(world, *names)
    with simulator.at_work():
        right = [judge.wrong(run) for run in schedules.every(begin)]
    simulator, begin, judge = begun(world, *names, planted=planted)
    with simulator.at_work():
        wrong = [judge.wrong(run) for run in schedules.every(begin)]

    assert not any(right)
    assert any(wrong)


@pytest.mark.parametrize(
    ("share", "planted", "wrong"),
    [
        (
            Share("pairs", "credentials", "two owners", ("leave, as the owner", "leave, as the manager")),
            Planted("members/leave", "Update ORG", "owners > ?"),
            "nobody owns it.",
        ),
        (
            Share("faults", "credentials", "two owners", ("record",)),
            Planted("activity/record", "Put IDEM", "attribute_not_exists (pk)"),
            "“record” was done 2 times, under one Idempotency-Key.",
        ),
    ],
    ids=str,
)
def test_a_condition_is_left_out_where_it_alone_stood_in_the_way(share: Share, planted: Planted, wrong: str) -> None:
    tally = explore_planted([share])[share.kind]

    assert tally.findings == []
    assert tally.planted[planted].wrong.endswith(wrong)
    assert Planted(planted.function, "Put LOG", "attribute_not_exists (pk)") not in tally.planted


def test_every_route_and_every_function_is_asked_in_some_world() -> None:
    errands = [errand for pack in PACKS for _, known in setting(pack).worlds.values() for errand in known.values()]
    stack = setting(PACKS[0]).simulator.stack

    assert {f"{route.method} {route.path}" for route in stack.routes} == {
        errand.payload["routeKey"] for errand in errands if errand.is_request
    }
    assert {errand.function for errand in errands} - {CLOCK} == stack.functions.keys()


def test_all_that_is_read_asks_aws() -> None:
    simulator, worlds = setting("credentials")
    edge, known = worlds["one owner"]
    with simulator.at_work():
        calls = {}
        for errand in known.values():
            run = Run(simulator, edge.world, [errand])
            schedules.follow(run, ())
            calls[errand.name] = len(run.steps)

    assert [name for name, count in calls.items() if not count] == []


def test_who_waits_lets_time_pass_for_the_others_too() -> None:
    simulator, begin, _ = begun("one owner", "speak German", "move the plain one")
    waits = 0
    with simulator.at_work():
        for run in islice(schedules.every(begin), 60):
            assert all(step.footprint.reads >= NOW for step in run.steps)
            waits += sum(step.footprint.writes >= NOW for step in run.steps)

    assert waits


def test_every_single_fault_of_an_operation_is_tried_at_each_of_its_calls() -> None:
    tally = explore(Share("faults", "credentials", "one owner", ("accept",)))

    assert not tally.findings
    assert tally.faults == tally.runs - 1  # and once without
    assert tally.faults > 15


def test_a_case_is_written_so_that_it_can_be_run_again() -> None:
    case = Case("teams", "alone", ("sign in", "delete"), (0, 1, 1, 0), (((1, 2), Fault.LOST),))

    assert Case.of(str(case)) == case


def test_the_oracle_sees_an_organization_without_an_owner_and_a_count_that_drifted() -> None:
    simulator, worlds = setting("credentials")
    edge, _ = worlds["one owner"]
    with simulator.at_work():
        simulator.go_back(edge.world)
        items = dict(simulator.table.items)
    (owner,) = (
        key for key, item in items.items() if item["kind"]["S"] == "member" and item["roles"]["SS"] == ["owner"]
    )
    assert list(rules.broken(read(items.values()), "credentials")) == []

    del items[owner]

    told = " ".join(rules.broken(read(items.values()), "credentials"))
    assert "nobody owns it" in told
    assert "it counts 1 owners, and has 0" in told
