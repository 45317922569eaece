"""request_id: every refusal names the request, by the id under which the logs have it."""

import logging
from collections.abc import Iterator

import pytest

from roster.api import app
from tests.routes import USES, Use, path_of
from tests.world import Team, World


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """The ids of the requests that are logged as refused."""
    ids: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage() == "refused":
                ids.append(vars(record)["request_id"])

    kept, logger = Kept(), app.logger._logger
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(kept)
    yield ids
    logger.removeHandler(kept)
    logger.setLevel(level)


@pytest.mark.parametrize("use", USES, ids=str)
def test_a_refusal_names_its_request_as_the_log_does(world: World, logged: list[str], use: Use) -> None:
    wrong = {"query": {"king": "1"}} if use.route.method == "GET" else {"body": {"king": 1}}

    reply = world.call(use.route.method, path_of(use.route), caller=use.caller(world), **wrong)

    assert 400 <= reply.status < 500
    assert [reply.body["request_id"]] == logged


def test_a_token_that_is_refused_is_told_so_under_an_id_too(world: World, logged: list[str]) -> None:
    reply = world.person("Eve", sub="no user id").put("/me")

    assert reply.refusal == (403, "forbidden")
    assert [reply.body["request_id"]] == logged


def test_each_row_of_a_batch_names_the_request_that_they_share(team: Team, world: World) -> None:
    rows: list[object] = [{"email": "bob@example.com", "roles": [role]} for role in ("king", "viewer", "queen")]

    results = team.founder.post(team.path("invitations", "batch"), {"invitations": rows}).body["results"]

    (sent,) = [event for event in world.events(team.id) if event.type == "invitation.sent"]
    assert [row["status"] for row in results] == [422, 201, 422]
    assert {results[number]["problem"]["request_id"] for number in (0, 2)} == {sent.request_id}
