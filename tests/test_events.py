"""The recorded events: one for each function, and each is still what it is called with."""

import json
from pathlib import Path

import pytest

from tests.deployment import PACKS, PARAMETERS, STACKS, client
from tests.world import World

EVENTS = {file.stem: json.loads(file.read_text()) for file in sorted((Path(__file__).parents[1] / "events").iterdir())}
WITHOUT_ROUTE = {"notify.send", "notify.publish", "notify.feedback", "cleanup.expire"}


def test_there_is_one_event_for_each_function() -> None:
    assert EVENTS.keys() == {name.replace("/", ".") for name in STACKS[PACKS[0]].functions}


@pytest.mark.parametrize("name", sorted(EVENTS.keys() - WITHOUT_ROUTE))
def test_a_function_answers_its_event(world: World, name: str) -> None:
    event = EVENTS[name]
    method, path = event["routeKey"].split(" ")
    (route,) = (route for route in STACKS[world.pack].routes if (route.method, route.path) == (method, path))
    assert route.function.name.replace("/", ".") == name

    reply = world.invoke(route.function.name, event)

    # The table is empty: what needs no organization is done, and to all else it does not exist.
    expected = {"organizations.create": 201, "organizations.me": 200, "users.erase": 204, "users.move": 204}
    assert reply["statusCode"] == expected.get(name, 404)


@pytest.mark.parametrize("name", sorted(EVENTS.keys() - WITHOUT_ROUTE - {"invite.preview"}))
@pytest.mark.parametrize("authorizer", [{}, {"authorizer": {"iam": {}}}, {"authorizer": {}}], ids=str)
def test_whoever_comes_past_the_authorizer_is_nobody(world: World, name: str, authorizer: dict[str, object]) -> None:
    context = {key: value for key, value in EVENTS[name]["requestContext"].items() if key != "authorizer"}

    reply = world.invoke(name.replace(".", "/"), EVENTS[name] | {"requestContext": context | authorizer})

    assert reply["statusCode"] == 401
    assert reply["headers"]["WWW-Authenticate"] == "Bearer"
    assert json.loads(reply["body"]).keys() == {"message"}
    assert world.items() == []


def test_the_mailer_passes_over_a_record_of_what_is_gone(world: World) -> None:
    assert world.invoke("notify/send", EVENTS["notify.send"]) == {"batchItemFailures": []}


def test_the_publisher_puts_its_record_on_the_bus(world: World) -> None:
    client("events").create_event_bus(Name=PARAMETERS["EventBus"])

    assert world.invoke("notify/publish", EVENTS["notify.publish"]) == {"batchItemFailures": []}


def test_a_bounce_of_what_is_gone_moves_nothing(world: World) -> None:
    assert world.invoke("notify/feedback", EVENTS["notify.feedback"]) == {"outcome": "gone"}


def test_the_sweep_finds_nothing_in_an_empty_table(world: World) -> None:
    assert world.invoke("cleanup/expire", EVENTS["cleanup.expire"]) == {"expired": 0, "purged": 0}
