"""What stays out of logs and table: people, their words, and the token of a link."""

import json
import logging
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from functions.notify import send
from tests.notify.mailer import Mailer
from tests.wire import Wire
from tests.world import Team, World

GRACE = "grace@example.com"
SEND = "SendEmail"


def paused() -> None:
    raise ClientError({"Error": {"Code": "SendingPausedException", "Message": f"Nothing goes to {GRACE}"}}, "SendEmail")


@pytest.fixture
def log() -> Iterator[list[str]]:
    """What the mailer logs, line by line."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(send.logger.registered_formatter.format(record))

    kept, level = Kept(), send.logger.log_level
    send.logger.setLevel("DEBUG")
    send.logger.addHandler(kept)
    yield lines
    send.logger._logger.removeHandler(kept)
    send.logger.setLevel(level)


def test_the_log_tells_what_became_of_a_mail_and_of_no_person(
    team: Team, mailer: Mailer, wire: Wire, log: list[str]
) -> None:
    team.invite(GRACE, "issuer", message="Welcome aboard")
    event = team.world.events(team.id)[-1]
    wire.before(SEND, paused)

    mailer.deliver()
    mailer.deliver()

    first, second = [entry for entry in map(json.loads, log) if entry.get("event_id") == event.id]
    assert (first["level"], first["error"], first["where"] != []) == ("WARNING", "ClientError", True)
    assert first["code"] == "SendingPausedException"
    assert (second["level"], second["outcomes"]) == ("INFO", ["sent"])
    assert second["organization_id"] == team.id
    for secret in (GRACE, "Ada", "Acme", "Welcome", mailer.only.token.rpartition(".")[2]):
        assert not any(secret in line for line in log)


def test_nothing_of_the_token_is_stored(team: Team, world: World, mailer: Mailer) -> None:
    team.invite(GRACE, "issuer")
    mailer.deliver()

    mac = mailer.only.token.rpartition(".")[2]

    assert mac not in json.dumps(world.items())
    assert mac not in json.dumps(mailer.records())


def test_the_log_tells_of_an_answer_and_of_a_deletion_without_a_name(
    team: Team, world: World, mailer: Mailer, log: list[str]
) -> None:
    team.plan("enterprise")
    invitation = team.invite(GRACE, "owner")
    assert world.person("Grace").post(team.path("invitations", invitation["id"], "accept")).status == 200
    mailer.deliver()
    assert team.founder.delete(team.path()).status == 204
    mailer.deliver()

    assert len(mailer.sent) == 2
    assert any("organization.deleted" in line for line in log)
    for secret in (GRACE, "Grace", "Ada", "Acme"):
        assert not any(secret in line for line in log)


def test_an_event_of_a_deletion_and_a_claim_on_its_mail_hold_no_name(team: Team, world: World, mailer: Mailer) -> None:
    team.plan("enterprise")
    team.join(world.person("Grace"), "owner")
    assert team.founder.delete(team.path()).status == 204
    mailer.deliver()

    kept = [item for item in world.items() if item["pk"]["S"].startswith(("LOG#", "MAIL#", "MAILS#"))]

    assert not any(word in json.dumps(kept) for word in ("Acme", "Grace", "Ada", "example.com"))
