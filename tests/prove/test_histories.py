"""Histories: a seed plays the same ones again, nothing is wrong in them, and what is planted is told by a short one."""

import os
import random
import subprocess
import sys
from typing import Any

import pytest

from local.sample import PACKS
from prove.control.planting import Planted
from prove.control.simulator import Simulator
from prove.histories.acts import Absent, Act, resolved
from prove.histories.drawing import DRAWS, draw
from prove.histories.playing import Play
from prove.histories.scene import Scene
from prove.histories.search import Search, masked
from prove.histories.shrinking import shrunk
from roster.policy.decisions import GRANTED, Policy

READ_ONLY = {"POST /organizations/{organization_id}/access"}


@pytest.mark.parametrize("pack", PACKS)
def test_nothing_is_wrong_in_a_history_of_some_hundred_acts(pack: str) -> None:
    done = Search(pack).drawn("1.0", 300)

    assert not done.wrong, str(done)
    assert len(done.acts) > 250


def test_the_same_seed_plays_the_same_history_in_another_process() -> None:
    program = "from prove.histories.search import Search; print(Search('teams').drawn('1.0', 100))"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert told == f"{Search('teams').drawn('1.0', 100)}\n"


@pytest.mark.parametrize(
    ("planted", "wrong"),
    [
        (Planted("members/leave", "Update ORG"), "it counts * members, and has *."),
        (Planted("invite/accept", "Delete INVITE"), "the invitations * are accepted and open at once."),
    ],
    ids=str,
)
def test_a_write_that_is_left_out_is_told_by_a_history_of_five_acts_at_most(planted: Planted, wrong: str) -> None:
    search = Search("credentials", planted)
    found = search.drawn("1.0", 150)
    shortest = search.shortest(found)

    assert f"Organization *: {wrong}" in found.about & shortest.about
    assert len(shortest.acts) <= 5 < len(found.acts)


def test_a_decision_that_grants_too_much_is_told_by_a_history_of_five_acts_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Policy, "may_customize", lambda *_, **__: GRANTED)
    search = Search("teams")
    found = search.drawn("1.1", 150)
    shortest = search.shortest(found)

    lacked = "the role holds a permission, or a reach over people, that its maker lacks."
    assert shortest.about == {f"role.created by * in *: {lacked}"}
    assert len(shortest.acts) <= 5 < len(found.acts)


@pytest.mark.parametrize("pack", PACKS)
def test_every_change_that_the_api_has_is_drawn(pack: str) -> None:
    simulator = Simulator(pack)
    chance = random.Random(3)  # noqa: S311 (it is to be repeatable)
    asked = set()
    with simulator.at_work():
        play = Play(simulator, simulator.keep())
        for number in range(1, 300):
            _done(play, draw(Scene(play, chance), number))
            asked |= {_route(simulator, play, one(Scene(play, chance))) for one in DRAWS}

    changing = {
        f"{route.method} {route.path}" for route in simulator.stack.routes if route.method not in {"GET", "OPTIONS"}
    }
    assert changing - asked == READ_ONLY
    assert {"cleanup/expire", "notify/send", "notify/publish", "notify/feedback"} < asked


def test_what_an_act_names_is_looked_up_wherever_it_stands() -> None:
    names = {"o3": "organization", "r5": "role"}

    assert resolved({"roles": ["{r5}"], "path": "/o/{o3}/x"}, names) == {"roles": ["role"], "path": "/o/organization/x"}
    with pytest.raises(Absent):
        resolved(["{o4}"], names)


def test_a_history_is_shrunk_to_the_acts_that_matter_and_an_act_to_what_matters_in_it() -> None:
    history = [Act(number, "", "wait", {"roles": ["a", "b"]}, (0, "LOST")) for number in range(40)]

    def fails(some: Any) -> bool:
        numbers = {act.number: act for act in some}
        return {7, 31} <= numbers.keys() and "b" in numbers[7].body["roles"]

    assert [(act.number, act.body, act.fault) for act in shrunk(history, history[:9], fails)] == [
        (7, {"roles": ["b"]}, None),
        (31, {"roles": ["b"]}, None),
    ]


def test_sentences_about_different_people_and_things_are_alike() -> None:
    first, second = (
        f"member.removed by {who} in {'0' * 31}{number}: they reach not all of ['{role}']: removes."
        for who, number, role in (("bob", 1, "admin"), ("eve-2", 2, "owner"))
    )

    assert masked(first) == masked(second)
    assert masked(first) != masked(first.replace("reach", "saw"))


def _done(play: Play, act: Act) -> None:
    try:
        assert not play.do(act)[1]
    except Absent:
        return


def _route(simulator: Simulator, play: Play, drawn: tuple[str, str, object] | None) -> str:
    """Return which route what was drawn asks, or which function it invokes."""
    if drawn is None or " " not in drawn[1]:
        return "" if drawn is None else drawn[1]
    try:
        method, path = resolved(drawn[1], play.names).split(" ")
    except Absent:
        return ""
    route, _ = simulator.router.find(method, path)
    return "" if route is None else f"{route.method} {route.path}"
