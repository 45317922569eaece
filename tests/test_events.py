"""The recorded events: one for each function, and each is still what it is called with."""

import json

import pytest

from tests.deployment import PACKS, PARAMETERS, STACKS, client
from tests.recorded import ANSWERS, EVENTS, WITHOUT_ROUTE
from tests.world import World


def test_there_is_one_event_for_each_function() -> None:
    assert EVENTS.keys() == STACKS[PACKS[0]].functions.keys()


@pytest.mark.parametrize("name", sorted(EVENTS.keys() - WITHOUT_ROUTE))
def test_a_function_answers_its_event(world: World, name: str) -> None:
    event = EVENTS[name]
    method, path = event["routeKey"].split(" ")
    (route,) = (route for route in STACKS[world.pack].routes if (route.method, route.path) == (method, path))
    assert route.function.name == name

    reply = world.invoke(route.function.name, event)

    assert reply["statusCode"] == ANSWERS[name]


@pytest.mark.parametrize("name", sorted(WITHOUT_ROUTE))
def test_a_function_without_a_route_answers_its_event(world: World, name: str) -> None:
    client("events").create_event_bus(Name=PARAMETERS["EventBus"])

    assert world.invoke(name, EVENTS[name]) == ANSWERS[name]


@pytest.mark.parametrize("name", sorted(EVENTS.keys() - WITHOUT_ROUTE - {"invite/preview"}))
@pytest.mark.parametrize("authorizer", [{}, {"authorizer": {"iam": {}}}, {"authorizer": {}}], ids=str)
def test_whoever_comes_past_the_authorizer_is_nobody(world: World, name: str, authorizer: dict[str, object]) -> None:
    context = {key: value for key, value in EVENTS[name]["requestContext"].items() if key != "authorizer"}

    reply = world.invoke(name, EVENTS[name] | {"requestContext": context | authorizer})

    assert reply["statusCode"] == 401
    assert reply["headers"]["WWW-Authenticate"] == "Bearer"
    assert json.loads(reply["body"]).keys() == {"message"}
    assert world.items() == []
